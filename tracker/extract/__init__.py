"""From a page as fetched to an article: the only importer of trafilatura."""

from tracker.extract.page import EXTRACTOR_VERSION, extract_page, forget_pages

__all__ = ["EXTRACTOR_VERSION", "extract_page", "forget_pages"]
