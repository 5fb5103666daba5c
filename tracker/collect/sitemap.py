"""News sitemaps (https://www.sitemaps.org/protocol.html, with Google's news extension) by lxml.

Entities, DTDs and the network are off in the parser. Gzipped sitemaps are unpacked by ``tracker.fetch``.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime
from urllib.parse import urljoin

from lxml import etree

from tracker.collect.plain import plain_line
from tracker.errors import FeedError
from tracker.model import FeedItem, ParsedFeed

_DOCTYPE = re.compile(r"<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>", re.DOTALL | re.IGNORECASE)
_MONTH = re.compile(r"\d{4}(?:-\d{2})?")  # W3C date-times may stop at the year or month
_YEAR_CHARS = 4
_LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)  # sitemaps without a date stay behind the dated, in their order


def read_sitemap(text: str, url: str) -> ParsedFeed:
    """Return a sitemap's addresses as items, unchecked; an index's sitemaps are in ``sitemaps``, newest first.

    Without the news extension an item has no title, and ``lastmod`` for a date. A sitemap that was cut off
    gives its whole ``url`` elements. Raises ``FeedError`` where no element can be read.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, recover=True, huge_tree=False, remove_comments=True
    )
    try:
        root = etree.fromstring(_DOCTYPE.sub("", text, count=1).strip().encode(), parser)
    except etree.XMLSyntaxError as error:
        raise FeedError(f"not_feed: {url} cannot be read as a sitemap ({error}); check the address") from error
    if root is None:
        raise FeedError(f"not_feed: {url} holds no XML element, so no sitemap; check the address")
    text_end = text.rstrip()
    is_cut = not text_end.endswith(">") or not text_end.endswith(("urlset>", "sitemapindex>"))
    dropped: Counter[str] = Counter()
    items, sitemaps = _listed(root, url, dropped, is_cut=is_cut)
    return ParsedFeed(
        items=items, dropped=dropped, sitemaps=sitemaps, problem="cut off before its end" if is_cut else None
    )


def _listed(
    root: etree._Element, url: str, dropped: Counter[str], *, is_cut: bool
) -> tuple[tuple[FeedItem, ...], tuple[str, ...]]:
    pages = list(root.iterchildren("{*}url"))
    indexed = list(root.iterchildren("{*}sitemap"))
    if is_cut and (pages or indexed):  # the parser closes what was left open: the last may lack its end
        (pages or indexed).pop()
        dropped["cut_off"] += 1
    items = tuple(_item(page, url, dropped) for page in pages)
    indexed.sort(key=lambda sitemap: _w3c_date(_text(sitemap, "lastmod")) or _LONG_AGO, reverse=True)
    return items, tuple(link for sitemap in indexed if (link := _resolved(_text(sitemap, "loc"), url)))


def _item(page: etree._Element, url: str, dropped: Counter[str]) -> FeedItem:
    name = plain_line(_text(page, "news", "publication", "name"))
    return FeedItem(
        url=_resolved(_text(page, "loc"), url),
        title=plain_line(_text(page, "news", "title")),
        published_at=_date((_text(page, "news", "publication_date"), _text(page, "lastmod")), dropped),
        source_name=name or None,
    )


def _text(element: etree._Element, *path: str) -> str:
    found = element.find("/".join(f"{{*}}{step}" for step in path))
    return "" if found is None else "".join(map(str, found.itertext(with_tail=False))).strip()


def _resolved(link: str, url: str) -> str:
    if not link:
        return ""
    try:
        return urljoin(url, link)
    except ValueError:
        return link


def _date(written: tuple[str, ...], dropped: Counter[str]) -> datetime | None:
    for value in written:
        if found := _w3c_date(value):
            return found
    dropped["unreadable_date"] += any(written)
    return None


def _w3c_date(value: str) -> datetime | None:
    """Read https://www.w3.org/TR/NOTE-datetime; without an offset it is UTC."""
    if _MONTH.fullmatch(value):
        value += "-01-01" if len(value) == _YEAR_CHARS else "-01"
    try:
        moment = datetime.fromisoformat(value)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
