"""A feed's body to items: RSS, Atom and RDF by feedparser, JSON Feed and sitemaps by their own readers.

feedparser is handed a stream of bytes, never an address or a file name, with its sanitiser and its URL
resolver off (28 against 19 feeds a second): titles and summaries become plain text here anyway.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from time import struct_time
from urllib.parse import urljoin

import feedparser

from tracker.collect.dates import worded_date
from tracker.collect.decode import decode_body, first_items, whole_items
from tracker.collect.jsonfeed import read_json_feed
from tracker.collect.plain import plain_line, plain_paragraphs
from tracker.collect.sitemap import read_sitemap
from tracker.errors import FeedError
from tracker.model import FeedItem, FeedKind, ParsedFeed
from tracker.urls import canonical_url, is_http

MAX_ITEMS = 2_000  # Media Cloud's limit; the longest real feeds hold a few hundred
MAX_URL_CHARS = 2_048  # Media Cloud's limit; longer addresses are refused by many servers
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)  # before the web there were no addresses to list
MAX_AHEAD = timedelta(days=2)  # time zones account for 14 hours, scheduled items for a day
MAX_TAGS = 250_000  # 15 µs each; real feeds of 2,000 items have a fifth of it
MAX_TITLE_CHARS = 1_000  # longer is an attack or a body in the wrong place
MAX_SUMMARY_CHARS = 20_000
MINUTES_A_WEEK = 7 * 24 * 60  # a longer ttl is a mistake

_SNIFFED_CHARS = 4_096
_LEADING = re.compile(r"^(?:\s+|<\?.*?\?>|<!--.*?-->)+", re.DOTALL)
_HTML = re.compile(r"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_FEED_ROOT = re.compile(r"<(?:[A-Za-z_][\w.-]*:)?(?:rss|feed|rdf|channel|item|entry)[\s>/]", re.IGNORECASE)
_SITEMAP_ROOT = re.compile(r"<(?:[A-Za-z_][\w.-]*:)?(?:urlset|sitemapindex)[\s>/]", re.IGNORECASE)
_BOZO_NOISE = (feedparser.CharacterEncodingOverride, feedparser.NonXMLContentType)
# What feedparser's loose parser has been seen to raise on damaged markup, where it means to raise nothing
_FEEDPARSER_STUMBLES = (
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    AssertionError,
    ArithmeticError,
    RecursionError,
)
_DATE_FIELDS = ("published", "updated", "created")


def parse_feed(
    body: bytes,
    *,
    url: str,
    content_type: str | None,
    kind: FeedKind,
    max_items: int = MAX_ITEMS,
    now: datetime,
    max_url_chars: int = MAX_URL_CHARS,
) -> ParsedFeed:
    """Return what a feed's body lists; the format is told from the body, ``kind`` only breaks ties.

    ``url`` is the address that the body came from, which relative links are resolved against (``xml:base``
    goes first, RFC 4287 section 2). ``dropped`` counts items left out (``too_many``, ``cut_off``), addresses of
    no use (``no_link``, ``bad_link``, ``long_link``: the item stays, without an address) and dates not believed
    (``impossible_date``, ``unreadable_date``: the item stays, without a date). Raises ``FeedError``, whose message
    begins with ``empty:``, ``html:`` or ``not_feed:``, where there is no feed in the body.
    """
    text = decode_body(body, content_type)
    if not text.strip():
        raise FeedError(f"empty: {url} sent no feed, but an empty body; it may be back later")
    parsed = _read(text, url=url, kind=kind, max_items=max_items)
    return _checked(parsed, now=now, max_items=max_items, max_url_chars=max_url_chars)


def _read(text: str, *, url: str, kind: FeedKind, max_items: int) -> ParsedFeed:
    head = _LEADING.sub("", text[:_SNIFFED_CHARS], count=1)
    if head.startswith(("{", "[")):
        return read_json_feed(text, url)
    if _HTML.match(head):
        raise FeedError(f"html: {url} is a web page, not a feed; `tracker feeds discover` looks for its feeds")
    if _SITEMAP_ROOT.search(head) or (kind is FeedKind.SITEMAP and _SITEMAP_ROOT.search(text)):
        return read_sitemap(text, url)
    if _FEED_ROOT.search(text):
        return _read_xml(text, url, max_items)
    raise FeedError(f"not_feed: {url} is neither RSS, Atom, JSON Feed nor a sitemap; check the address")


# ---------------------------------------------------------------- RSS, Atom, RDF


def _read_xml(text: str, url: str, max_items: int) -> ParsedFeed:
    text, n_cut = whole_items(text)
    text, n_many = first_items(text, max_items)
    if text.count("<") > MAX_TAGS:
        raise FeedError(f"not_feed: {url} has more than {MAX_TAGS:,} tags, which no feed has; check the address")
    result = _parsed(text, url)
    dropped = Counter({"cut_off": n_cut, "too_many": n_many})
    items = tuple(_item(entry, url, dropped) for entry in result.entries)
    return ParsedFeed(
        title=plain_line(_text(result.feed, "title"))[:MAX_TITLE_CHARS],
        items=items,
        dropped=dropped,
        ttl_minutes=_ttl(result.feed),
        problem="cut off before its end" if n_cut else _problem(result),
    )


def _parsed(text: str, url: str) -> feedparser.FeedParserDict:
    try:
        return feedparser.parse(
            io.BytesIO(text.encode("utf-8", errors="replace")),
            response_headers={"content-type": "application/xml; charset=utf-8", "content-location": url},
            resolve_relative_uris=False,
            sanitize_html=False,
        )
    except _FEEDPARSER_STUMBLES as error:
        raise FeedError(f"not_feed: {url} is too damaged to read ({error!r}); it may be mended later") from error


def _item(entry: feedparser.FeedParserDict, url: str, dropped: Counter[str]) -> FeedItem:
    source = entry.get("source") if isinstance(entry.get("source"), dict) else {}
    content = max((plain_paragraphs(part.get("value")) for part in entry.get("content", ())), key=len, default="")
    return FeedItem(
        url=_link(entry, url),
        guid=_text(entry, "id") or None,
        title=plain_line(_text(entry, "title"))[:MAX_TITLE_CHARS],
        summary=plain_line(_text(entry, "summary"))[:MAX_SUMMARY_CHARS],
        content=content or None,
        authors=_authors(entry),
        published_at=_date(entry, dropped),
        source_name=plain_line(_text(source, "title") or _text(entry, "news_source")) or None,
        source_url=_source_url(source),
    )


def _link(entry: feedparser.FeedParserDict, url: str) -> str:
    """Return the item's address: its link, else its guid where that is one, else any link to a page.

    An episode may have no page: then its recording is what the outlet published.
    """
    links = [(link.get("rel"), link.get("href")) for link in entry.get("links", ())]
    pages = [href for rel, href in links if rel in {"alternate", "via", "related"}]
    recordings = [href for rel, href in links if rel == "enclosure"]
    guid = _text(entry, "id") if is_http(_text(entry, "id")) else ""
    for candidate in (_text(entry, "link"), *pages, guid, _text(entry, "content_src"), *recordings):
        if candidate and candidate.strip():
            return _absolute(candidate, url)
    return ""


def _absolute(link: str, url: str) -> str:
    """Resolve against the feed's address by hand where feedparser could not, leaving the rest as listed."""
    try:
        return urljoin(url, link.strip())
    except ValueError:
        return link.strip()


def _authors(entry: feedparser.FeedParserDict) -> tuple[str, ...]:
    named = (plain_line(author.get("name")) for author in entry.get("authors", ()) if isinstance(author, dict))
    return tuple(dict.fromkeys(name for name in named if name))


def _source_url(source: dict[str, object]) -> str | None:
    href = source.get("href") or source.get("link") or source.get("url")
    return href if isinstance(href, str) and is_http(href) else None


def _date(entry: feedparser.FeedParserDict, dropped: Counter[str]) -> datetime | None:
    has_text = False
    for name in _DATE_FIELDS:
        # asked for by "in" first: feedparser answers a missing "updated" with "published" and a warning
        if f"{name}_parsed" in entry and (found := _instant(entry[f"{name}_parsed"])):
            return found
        written = _text(entry, name).strip()
        if found := worded_date(written):
            return found
        has_text = has_text or bool(written)
    dropped["unreadable_date"] += has_text
    return None


def _instant(parts: struct_time | None) -> datetime | None:
    if parts is None:
        return None
    year, month, day, hour, minute, second = parts[:6]
    try:
        return datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC)  # 60 is a leap second
    except ValueError:
        return None


def _ttl(feed: feedparser.FeedParserDict) -> int | None:
    """Return how long the feed asks to be left alone, in minutes: RSS ``ttl`` or the syndication module.

    https://web.resource.org/rss/1.0/modules/syndication/
    """
    ttl = _text(feed, "ttl").strip()
    if ttl.isdecimal() and 0 < int(ttl[:6]) <= MINUTES_A_WEEK:
        return int(ttl[:6])
    periods = {"hourly": 60, "daily": 24 * 60, "weekly": MINUTES_A_WEEK}
    period = periods.get(_text(feed, "sy_updateperiod").strip().lower())
    frequency = _text(feed, "sy_updatefrequency").strip()
    times = int(frequency[:6]) if frequency.isdecimal() and int(frequency[:6]) > 0 else 1
    return max(1, period // times) if period else None


def _problem(result: feedparser.FeedParserDict) -> str | None:
    trouble = result.get("bozo_exception")
    if not result.get("bozo") or trouble is None or isinstance(trouble, _BOZO_NOISE):
        return None
    return f"malformed, read as far as it went: {trouble}"[:200]


def _text(holder: object, name: str) -> str:
    value = holder[name] if isinstance(holder, dict) and name in holder else None
    return value if isinstance(value, str) else ""


# ---------------------------------------------------------------- what is believed


def _checked(parsed: ParsedFeed, *, now: datetime, max_items: int, max_url_chars: int) -> ParsedFeed:
    dropped = Counter(parsed.dropped)
    dropped["too_many"] += max(0, len(parsed.items) - max_items)
    items = tuple(_kept(parsed.items[:max_items], now=now, max_url_chars=max_url_chars, dropped=dropped))
    return replace(parsed, items=items, dropped={reason: n for reason, n in sorted(dropped.items()) if n})


def _kept(
    items: tuple[FeedItem, ...], *, now: datetime, max_url_chars: int, dropped: Counter[str]
) -> Iterator[FeedItem]:
    for item in items:
        trouble = _link_trouble(item.url, max_url_chars)
        if trouble:
            dropped[trouble] += 1
        possible = item.published_at is None or EARLIEST <= item.published_at <= now + MAX_AHEAD
        dropped["impossible_date"] += not possible
        yield replace(item, url="" if trouble else item.url, published_at=item.published_at if possible else None)


def _link_trouble(link: str, max_url_chars: int) -> str | None:
    if not link:
        return "no_link"
    if len(link) > max_url_chars:
        return "long_link"
    return None if is_http(link) and is_http(canonical_url(link)) else "bad_link"
