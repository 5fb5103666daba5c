"""Real feeds and sitemaps parse with no loss. Third-party material, kept outside the project."""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tracker.collect.parse import parse_feed
from tracker.model import FeedKind

pytestmark = pytest.mark.shared

FEEDS = Path(os.environ.get("TRACKER_SHARED", Path(__file__).parents[3] / "shared")) / "feeds"
NOW = datetime(2026, 11, 24, tzinfo=UTC)


def test_every_item_of_every_captured_feed_is_read():
    if not FEEDS.is_dir():
        pytest.skip("no captured feeds: set TRACKER_SHARED to the folder that holds feeds/")
    losses, n_items, n_undated = {}, 0, 0
    for path in sorted(FEEDS.iterdir()):
        body = path.read_bytes()
        n_listed = len(re.findall(rb"<(?:item|entry)[\s>]", body)) or len(re.findall(rb"<url>", body))
        parsed = parse_feed(body, url="https://example.org/f.xml", content_type=None, kind=FeedKind.FEED, now=NOW)
        if len(parsed.items) != n_listed or parsed.dropped:
            losses[path.name] = (n_listed, len(parsed.items), dict(parsed.dropped))
        n_items += len(parsed.items)
        n_undated += sum(item.published_at is None for item in parsed.items)
        assert all(item.title and "<" not in item.title for item in parsed.items), path.name
    assert losses == {}
    assert (n_items, n_undated) == (1_270, 2)  # the two are a version 0.92 feed's, which has no dates
