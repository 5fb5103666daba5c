"""From a page as fetched to an article: the only importer of trafilatura."""
