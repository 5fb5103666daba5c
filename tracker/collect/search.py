"""Search feeds of aggregators, and what their links hide."""

from __future__ import annotations

import base64
import binascii
import re
from urllib.parse import urlencode, urlsplit

from tracker.model import Topic
from tracker.urls import canonical_url, is_http

_GOOGLE = "https://news.google.com/rss/search"
_BING = "https://www.bing.com/news/search"
_GOOGLE_HOST = "news.google.com"
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


def resolved_link(url: str) -> str:
    """Return the address behind an aggregator's link where it can be read off the link, else the link.

    Bing carries it as a parameter (``tracker.urls`` unwraps that); Google News carried it in base64 until
    2024. Its newer links are opaque: they come back as they are, and an entry's ``via`` says ``search``.
    """
    parts = urlsplit(url)
    found = _GOOGLE_LINK.search(parts.path) if parts.hostname == _GOOGLE_HOST else None
    return canonical_url(_decoded(found.group(1)) or url) if found else canonical_url(url)


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
