"""feedparser's own well-formed feeds yield their entries through our parser, too.

They come with its source distribution: ``pip download --no-deps --no-binary :all: feedparser==6.0.14``, unpacked;
FEEDPARSER_TESTS names the folder ``tests/wellformed`` in it.
"""

from __future__ import annotations

import io
import os
from datetime import UTC, datetime
from pathlib import Path

import feedparser
import pytest

from tracker.collect.parse import parse_feed
from tracker.model import FeedKind

FOLDER = Path(os.environ.get("FEEDPARSER_TESTS", "nowhere"))
URL = "http://example.com/"
NOW = datetime(2026, 11, 24, tzinfo=UTC)
HEADERS = {"content-type": "application/xml", "content-location": URL}


@pytest.mark.shared
@pytest.mark.filterwarnings("ignore")
def test_every_well_formed_feed_that_holds_entries_yields_them():
    if not FOLDER.is_dir():
        pytest.skip("no feedparser test feeds: set FEEDPARSER_TESTS to the folder tests/wellformed of its source")
    n_feeds = n_entries = n_addresses = 0
    for path in sorted(FOLDER.rglob("*.xml")):
        body = path.read_bytes()
        entries = feedparser.parse(io.BytesIO(body), response_headers=HEADERS).entries
        if not entries:
            continue
        parsed = parse_feed(body, url=URL, content_type=None, kind=FeedKind.FEED, now=NOW)
        titles = [
            (bool(entry.get("title")), bool(item.title)) for entry, item in zip(entries, parsed.items, strict=True)
        ]
        assert all(theirs or not ours for theirs, ours in titles), path
        linked = [entry.get("link", "") for entry in entries]
        assert sum(link.startswith("http") for link in linked) <= sum(bool(item.url) for item in parsed.items), path
        n_feeds += 1
        n_entries += len(entries)
        n_addresses += sum(bool(item.url) for item in parsed.items)
    assert (n_feeds, n_entries, n_addresses) == (1_158, 1_177, 104)
