"""A site's feeds, from its own page: what it declares, what it links to, and where feeds usually are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

from lxml import etree
from lxml import html as lxml_html

from tracker.collect.plain import plain_line
from tracker.urls import is_http

# RFC 4287, the RSS advisory board's autodiscovery, and JSON Feed 1.1
_TYPES = frozenset({"application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json"})
_LOOSE_TYPES = frozenset({"application/xml", "text/xml", "application/json"})
_FEED_LINK = re.compile(
    r"(?:^|[/.=_-])(?:rss|atom|feed|feeds|rdf|feedburner|news-?sitemap|sitemap[-_]?news)(?:[/.?_=-]|$)", re.IGNORECASE
)
_NOT_NEWS = re.compile(r"comments?/feed|/oembed|wp-json|\.(?:css|js|png|jpe?g|svg|ico|pdf|mp3)(?:\?|$)", re.IGNORECASE)
# Where publishing systems put feeds: WordPress, Drupal, Arc, Ghost, Jekyll, and news sitemaps' usual names
_USUAL = [
    "/feed/",
    "/rss",
    "/rss.xml",
    "/feed.xml",
    "/atom.xml",
    "/index.xml",
    "/feeds/all.atom.xml",
    "/arc/outboundfeeds/rss/?outputType=xml",
    "/feed.json",
    "/news-sitemap.xml",
    "/sitemap-news.xml",
    "/sitemap_news.xml",
]
_SITEMAP_LINE = re.compile(r"^[ \t]*sitemap[ \t]*:[ \t]*(\S+)", re.IGNORECASE | re.MULTILINE)
MAX_ROBOTS_CHARS = 512_000  # RFC 9309 section 2.5: what a crawler must read at least
MAX_FEEDS = 200  # a page that links to more is a directory; asking them all would be rude


def find_feeds(html: bytes, base_url: str) -> tuple[tuple[str, str], ...]:
    """Return (title, address) of the feeds a page may have, surest first, each once, at most ``MAX_FEEDS``.

    First those that it names (``named_feeds``), then the usual places on its site, with an empty title. None is
    fetched here: the caller asks each and keeps those that ``parse_feed`` can read.
    """
    found = {url: title for title, url in named_feeds(html, base_url)}
    for url in usual_places(base_url):
        found.setdefault(url, "")
    return tuple((title, url) for url, title in list(found.items())[:MAX_FEEDS])


def named_feeds(html: bytes, base_url: str) -> tuple[tuple[str, str], ...]:
    """Return (title, address) of what a page declares as feeds (``<link rel="alternate">``) or links to as such.

    Comment feeds are left out.
    """
    root = _root(html)
    if root is None:
        return ()
    base = next((_joined(base_url, node.get("href", "")) for node in root.iter("base")), "") or base_url
    found: dict[str, str] = {}
    for title, href in (*_declared(root), *_linked(root)):
        url = _joined(base, href)
        if is_http(url) and not _NOT_NEWS.search(url):
            found.setdefault(url, title)
    return tuple((title, url) for url, title in list(found.items())[:MAX_FEEDS])


def usual_places(base_url: str) -> tuple[str, ...]:
    """Return where publishing systems put a site's feeds, best asked only where the site names none itself."""
    return tuple(url for path in _USUAL if is_http(url := _joined(base_url, path)))


def news_sitemaps(robots: str, base_url: str) -> tuple[str, ...]:
    """Return the news sitemaps that a robots.txt names (https://www.sitemaps.org/protocol.html), each once."""
    named = (_joined(base_url, match.group(1)) for match in _SITEMAP_LINE.finditer(robots[:MAX_ROBOTS_CHARS]))
    return tuple(dict.fromkeys(url for url in named if is_http(url) and "news" in urlsplit(url).path.lower()))


def _root(html: bytes) -> etree._Element | None:
    try:
        return lxml_html.document_fromstring(html, parser=lxml_html.HTMLParser(no_network=True))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None  # no page: only the usual places are left


def _declared(root: etree._Element) -> Iterator[tuple[str, str]]:
    for link in root.iter("link"):
        relations = (link.get("rel") or "").lower().split()
        kind = (link.get("type") or "").partition(";")[0].strip().lower()
        href = link.get("href") or ""
        is_feed = kind in _TYPES or (kind in _LOOSE_TYPES and _FEED_LINK.search(href))
        if href and ("feed" in relations or ("alternate" in relations and is_feed)):
            yield plain_line(link.get("title")), href


def _linked(root: etree._Element) -> Iterator[tuple[str, str]]:
    for anchor in root.iter("a"):
        href = anchor.get("href") or ""
        if _FEED_LINK.search(href) or href.lower().startswith("feed:"):
            yield plain_line("".join(map(str, anchor.itertext()))), href.removeprefix("feed:")


def _joined(base: str, href: str) -> str:
    try:
        return urljoin(base, href.strip()).partition("#")[0]
    except ValueError:
        return ""
