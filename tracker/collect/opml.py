"""Lists of feeds as OPML (http://opml.org/spec2.opml): in by listparser, out by the standard library."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET  # writes only; what others wrote is read by listparser
from collections.abc import Iterable
from dataclasses import dataclass

from tracker.errors import DataError
from tracker.model import Feed, Outlet
from tracker.urls import is_http

# XML 1.0 section 2.2: characters that no document may hold
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_FEED_SCHEME = re.compile(r"^feed:(?://(?!https?:))?(?=\S)", re.IGNORECASE)
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class OpmlFeed:
    """One subscription: what the list calls it, and its address."""

    name: str
    url: str


def read_opml(text: str) -> tuple[OpmlFeed, ...]:
    """Return the feeds of an OPML list in order, each address once; folders are walked through.

    ``feed:`` addresses become http ones; addresses that are not http(s) are left out. Raises ``DataError``
    where the text holds no subscription at all. The text is never taken for an address to open.
    """
    import listparser  # noqa: PLC0415 - brings requests along, which nothing else here needs

    # Bytes, since listparser opens a text that begins like an address. It reads by lxml's HTML parser,
    # which guesses at encodings: ASCII with character references leaves nothing to guess.
    harvest = listparser.parse(_FORBIDDEN.sub("", text).encode("ascii", "xmlcharrefreplace"))
    found: dict[str, OpmlFeed] = {}
    for feed in [*harvest.feeds, *harvest.lists, *harvest.opportunities] if harvest.feeds else []:
        url = _address(feed.get("url") or "")
        if is_http(url):
            found.setdefault(url, OpmlFeed(name=_SPACE.sub(" ", feed.get("title") or "").strip(), url=url))
    if not found:
        raise DataError('no feed in this OPML: expected <outline xmlUrl="https://…"> elements; check the file')
    return tuple(found.values())


def write_opml(outlets: Iterable[Outlet], feeds: Iterable[Feed]) -> str:
    """Return feeds as OPML 2.0 under their outlets' names; ``read_opml`` gives back name and address."""
    names = {outlet.outlet: outlet.name for outlet in outlets}
    root = ET.Element("opml", version="2.0")
    ET.SubElement(ET.SubElement(root, "head"), "title").text = "Feeds"
    body = ET.SubElement(root, "body")
    for feed in feeds:
        name = _FORBIDDEN.sub("", names.get(feed.outlet, feed.outlet))
        ET.SubElement(body, "outline", type="rss", text=name, title=name, xmlUrl=_FORBIDDEN.sub("", feed.url))
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _address(url: str) -> str:
    """Undo ``feed://host/…`` and ``feed:https://…`` (the unregistered ``feed`` scheme)."""
    stripped = url.strip()
    rest = _FEED_SCHEME.sub("", stripped)
    if rest == stripped or is_http(rest):
        return rest
    return f"http://{rest}"
