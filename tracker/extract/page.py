"""A page to an article: every step of the reading, in order."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from trafilatura.meta import reset_caches

from tracker.errors import ExtractError
from tracker.extract.authors import find_authors, find_credit
from tracker.extract.body import Body, read_body
from tracker.extract.cleaning import clean, is_furniture, paragraphs
from tracker.extract.completeness import judge
from tracker.extract.dates import find_dates
from tracker.extract.decode import to_utf8
from tracker.extract.identity import declared_url, find_section, find_site_name
from tracker.extract.kind import find_kind
from tracker.extract.language import find_language
from tracker.extract.markup import Markup, parse, shown_text
from tracker.extract.refusal import refuse_notices
from tracker.extract.structured import own_statements, read_statements
from tracker.extract.titles import find_title
from tracker.extract.version import EXTRACTOR_VERSION
from tracker.model import Article, Page

EXTRACTOR = "page"

# trafilatura, htmldate and courlan report every odd page as a warning or error of theirs: what became of
# a page is said once, by the ExtractError or the article.
for _name in ("trafilatura", "htmldate", "courlan", "charset_normalizer"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)


def extract_page(page: Page) -> Article:
    """Return the article that a page holds.

    Raises ExtractError, its reason word first: ``not_html`` (binary, a feed, no markup), ``challenge``
    (a bot check or consent wall), ``soft404`` (says that there is nothing), ``empty`` (no
    text), ``too_large`` (beyond the limits in ``decode.py`` and ``markup.py``). Nothing else is raised,
    whatever the bytes. The page is parsed once.
    """
    url = page.final_url or page.url
    markup = parse(to_utf8(page), url)
    refuse_notices(markup, url)
    statements = own_statements(read_statements(markup.scripts), markup, url)
    site_name = find_site_name(markup, statements)
    title = find_title(markup, statements, site_name)
    authors = find_authors(markup, statements)
    credit = find_credit(markup, authors)
    dates = find_dates(markup, statements, url=url, fetched_at=page.fetched_at)
    body = read_body(markup, statements)
    section = find_section(markup, statements)
    text = _text(body, markup, title=title, authors=authors, section=section)
    if not text:
        raise ExtractError(f"empty: no text found: {url}")
    completeness, reason = judge(markup, statements, url=url, text=text, raw_blocks=body.blocks)
    return Article(
        url=page.url,
        title=title,
        text=text,
        authors=authors,
        published_at=dates.published.at if dates.published else None,
        modified_at=dates.modified.at if dates.modified else None,
        published_offset=dates.published.offset_minutes if dates.published else None,
        canonical_url=declared_url(markup, url),
        site_name=site_name,
        section=section,
        language=find_language(text, markup.language, markup.first("og:locale", "content-language")),
        kind=find_kind(markup, statements, url=url, section=section, authors=authors, text=text),
        completeness=completeness,
        completeness_reason=reason,
        word_count=len(text.split()),
        credit=credit,
        extractor=f"{EXTRACTOR}:{body.source}",
        extractor_version=EXTRACTOR_VERSION,
    )


def forget_pages() -> None:
    """Empty the caches of the libraries used; a long run does so every few thousand pages.

    They are bounded (trafilatura's hold some 20,000 short strings, courlan's and htmldate's some
    10,000), so that memory stays flat without it too; see ``docs/decisions/0009-extract.md``.
    """
    reset_caches()


def _text(body: Body, markup: Markup, *, title: str, authors: Sequence[str], section: str | None) -> str:
    kept = clean(body.blocks, title=title, authors=authors, section=section)
    if kept:
        return "\n\n".join(kept)
    # A page with a headline and a summary alone: the summary is all that it gives, be it the headline again.
    summary = paragraphs(markup.first("og:description", "description", "twitter:description") or "")
    rest = dict.fromkeys(block for block in summary or body.blocks if not is_furniture(block))
    others = [block for block in rest if block != title]
    is_repeated = any(shown_text(element) == title for element in markup.tree.iter("p"))
    return "\n\n".join(others or ([title] if is_repeated else []))
