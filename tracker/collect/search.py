"""Search feeds of aggregators, and what their links hide."""

from __future__ import annotations

import base64
import binascii
import re
from urllib.parse import urlencode, urlsplit

from tracker.model import Topic
from tracker.urls import canonical_url, is_http, unwrapped_url

_GOOGLE = "https://news.google.com/rss/search"
_BING = "https://www.bing.com/news/search"
_GOOGLE_HOST = "news.google.com"
_BING_HOSTS = frozenset({"bing.com", "www.bing.com"})
_BING_CLICK = "/news/apiclick.aspx"
_GOOGLE_LINK = re.compile(r"/(?:rss/)?(?:articles|read)/(CBM[A-Za-z0-9_-]{8,2000})={0,2}$")
_ADDRESS = re.compile(rb"https?://[\x21-\x7e]+")
# Edition by language; Google News wants all three. Languages not listed get the US edition in their language.
_COUNTRY = {"en": "US", "es": "US", "fr": "FR", "de": "DE", "it": "IT", "pt": "BR", "nl": "NL"}


def search_feeds(topic: Topic) -> tuple[tuple[str, str], ...]:
    """Return (name, https address) of the Google News and Bing News feeds for each of a topic's searches."""
    language = topic.language.lower()
    country = _COUNTRY.get(language, "US")
    feeds: list[tuple[str, str]] = []
    for phrase in topic.searches:
        google = {"q": phrase, "hl": f"{language}-{country}", "gl": country, "ceid": f"{country}:{language}"}
        bing = {"q": phrase, "format": "rss", "setlang": language, "cc": country}
        feeds.append((f"Google News: {phrase}", f"{_GOOGLE}?{urlencode(google)}"))
        feeds.append((f"Bing News: {phrase}", f"{_BING}?{urlencode(bing)}"))
    return tuple(feeds)


def publisher_link(url: str) -> str | None:
    """Return the publisher's address behind an aggregator's link, as it stands there, or None where it is hidden.

    Bing carries it as a parameter; Google News carried it in base64 until 2024, its newer links are opaque
    (GNews issue 101). What is no aggregator's link comes back as it is.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    if parts.hostname == _GOOGLE_HOST:
        found = _GOOGLE_LINK.search(parts.path)
        return _decoded(found.group(1)) if found else None
    target = unwrapped_url(url)
    is_hidden = target == url and parts.hostname in _BING_HOSTS and parts.path == _BING_CLICK
    return None if is_hidden else target


def resolved_link(url: str) -> str:
    """Return the canonical address behind an aggregator's link; a link that hides it comes back as it is."""
    return canonical_url(publisher_link(url) or url)


def _decoded(token: str) -> str | None:
    """Read the address out of the token's protocol buffer: a length-delimited field in plain ASCII."""
    try:
        message = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except (binascii.Error, ValueError):
        return None
    for match in _ADDRESS.finditer(message):
        length = message[match.start() - 1] if match.start() else 0
        if length & 0x80:  # a varint's continuation bit: not a one-byte length
            length = 0
        address = match.group()[: length or None].decode("ascii")
        if is_http(address):
            return address
    return None
