"""The demo's feeds: RSS 2.0, Atom (RFC 4287) and JSON Feed 1.1, from what an outlet lists at one moment."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from email.utils import format_datetime
from xml.sax.saxutils import escape, quoteattr

from pipelines.demo_pages import NOTICE, summary
from pipelines.demo_publications import Publication, Version
from tracker.model import Outlet

CUT_AT = 0.6  # share of a cut feed's bytes that arrives: some items whole, then half of one

Listed = Sequence[tuple[Publication, Version]]


def rss(outlet: Outlet, home: str, listed: Listed) -> str:
    """Return an RSS 2.0 document with authors as ``dc:creator``."""
    items = "\n".join(_rss_item(item, version) for item, version in listed)
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel>
<title>{escape(outlet.name)}</title>
<link>{home}</link>
<description>{NOTICE}</description>
<language>{outlet.language or "en"}</language>
{items}
</channel>
</rss>
"""


def _rss_item(item: Publication, version: Version) -> str:
    creator = f"<dc:creator>{escape(item.byline)}</dc:creator>\n" if item.byline else ""
    return f"""<item>
<title>{escape(version.headline)}</title>
<link>{escape(item.url)}</link>
<guid isPermaLink="true">{escape(item.url)}</guid>
{creator}<category>{escape(item.section)}</category>
<description>{escape(summary(version))}</description>
<pubDate>{format_datetime(item.published_at, usegmt=True)}</pubDate>
</item>"""


def atom(outlet: Outlet, home: str, listed: Listed) -> str:
    """Return an Atom document; entries carry both dates."""
    entries = "\n".join(_atom_entry(item, version) for item, version in listed)
    newest = max((version.at for _, version in listed), default=None)
    updated = f"<updated>{_stamp(newest)}</updated>" if newest else ""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
<title>{escape(outlet.name)}</title>
<id>{home}</id>
<link href={quoteattr(home)}/>
<subtitle>{NOTICE}</subtitle>
{updated}
{entries}
</feed>
"""


def _atom_entry(item: Publication, version: Version) -> str:
    author = item.byline or item.outlet.name
    return f"""<entry>
<title>{escape(version.headline)}</title>
<id>{escape(item.url)}</id>
<link rel="alternate" href={quoteattr(item.url)}/>
<author><name>{escape(author)}</name></author>
<published>{_stamp(item.published_at)}</published>
<updated>{_stamp(version.at)}</updated>
<summary>{escape(summary(version))}</summary>
</entry>"""


def json_feed(outlet: Outlet, home: str, listed: Listed) -> str:
    """Return a JSON Feed 1.1 document."""
    items = [
        {
            "id": item.url,
            "url": item.url,
            "title": version.headline,
            "summary": summary(version),
            "content_text": summary(version),
            "authors": [{"name": item.byline or item.outlet.name}],
            "date_published": _stamp(item.published_at),
            "tags": [item.section],
        }
        for item, version in listed
    ]
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": outlet.name,
        "home_page_url": home,
        "description": NOTICE,
        "items": items,
    }
    return json.dumps(feed, ensure_ascii=False, indent=1)


WRITERS: Mapping[str, Callable[[Outlet, str, Listed], str]] = {"rss": rss, "atom": atom, "json": json_feed}
MEDIA_TYPES = {
    "rss": "application/rss+xml; charset=utf-8",
    "atom": "application/atom+xml; charset=utf-8",
    "json": "application/feed+json; charset=utf-8",
}


def _stamp(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"
