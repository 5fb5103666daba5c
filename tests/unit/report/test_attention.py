"""Attention: on-topic articles among everything an outlet listed, by the day it was first seen."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from tests.unit.store.values import entry, listing, match, revision
from tracker.model import EntryStatus, Feed, FeedKind, FeedState, Outlet, Topic
from tracker.report.figures import published
from tracker.report.filters import Filters
from tracker.report.snapshot_report import SnapshotReport
from tracker.store.entries import EntryOutcome
from tracker.store.publish import Provenance, publish
from tracker.store.runs import Gap
from tracker.store.writer import Store

NIGHT = datetime(2025, 5, 13, 2, tzinfo=UTC)  # still the 12th in New York
NEXT = datetime(2025, 5, 14, 2, tzinfo=UTC)
DAY, NEXT_DAY = date(2025, 5, 12), date(2025, 5, 13)


class _Home:
    """An outlet with a feed, an aggregator's search, and what they list."""

    def __init__(self, path) -> None:
        self.path = path
        self.store = Store(path / "state" / "master.duckdb")
        feeds = [
            Feed(feed="own", outlet="post", url="https://post.example/feed"),
            Feed(feed="search", outlet="news", url="https://news.example/s", kind=FeedKind.SEARCH),
        ]
        outlets = [Outlet(outlet="post", name="The Post"), Outlet(outlet="news", name="News search")]
        topics = [Topic(topic=name, title=name, hash="h1", query="q") for name in ("t", "u")]
        self.store.feeds.save_configuration(outlets, feeds, topics, {})
        for feed in feeds:
            self.store.feeds.save(feed, FeedState(feed=feed.feed))

    def list(self, name, at=NIGHT, feeds=("own",), article=None, *, is_on_topic=True):
        self.store.entries.save([entry(name, first_seen_at=at)], [listing(name, feed) for feed in feeds])
        if article:
            self.store.articles.save_revisions([revision(article)])
            self.store.articles.save_matches([(article, 1, match(is_on_topic=is_on_topic))])
            self.store.entries.save_outcomes([EntryOutcome(entry=name, status=EntryStatus.STORED, article=article)])

    def attention(self):
        """Return (topic, outlet, date, n_matching, n_entries, share, is_gap)."""
        provenance = Provenance(
            as_of=NEXT, run="r", code_version="t", timezone="America/New_York", scorers=(), default_scorer="tone"
        )
        path = publish(self.store.db.connection, self.store.path, self.path, provenance, published, keep=2)
        with SnapshotReport(path) as report:
            frame = report.attention(Filters(topic="t"))
            for other in report.attention(Filters(topic="u")).itertuples():
                assert (other.n_matching, other.share) == (0, 0.0)  # no topic sees another's articles
        return [
            (row.outlet, row.date.date(), row.n_matching, row.n_entries, row.share, row.is_gap)
            for row in frame.itertuples()
        ]


@pytest.fixture
def home(tmp_path):
    built = _Home(tmp_path)
    yield built
    built.store.db.connection.close()


def test_a_share_is_of_all_that_was_listed_that_day_in_the_reports_zone(home):
    home.list("e1", article="a1")
    home.list("e2", article="a2", is_on_topic=False)
    home.list("e3")  # never fetched
    home.list("e4", article="a4", is_on_topic=None)  # unsure is not on topic
    home.list("e5", at=NEXT, article="a5")
    assert home.attention() == [
        ("post", DAY, 1, 4, 0.25, False),
        ("post", NEXT_DAY, 1, 1, 1.0, False),
    ]


def test_several_addresses_of_one_article_count_once_on_its_first_day(home):
    home.list("e1", article="a1")
    home.list("e2", article="a1")
    home.list("e3", at=NEXT, article="a1")
    home.list("e4", at=NEXT)
    assert home.attention() == [("post", DAY, 1, 2, 0.5, False), ("post", NEXT_DAY, 0, 2, 0.0, False)]


def test_an_entry_in_two_feeds_is_one_entry(home):
    home.list("e1", feeds=("own", "search"), article="a1")
    assert home.attention() == [("post", DAY, 1, 1, 1.0, False)]


def test_what_only_a_search_lists_would_flatter_and_is_left_out(home):
    home.list("e1", feeds=("search",), article="a1")
    home.list("e2", article="a2")
    home.list("e3")
    assert home.attention() == [("post", DAY, 1, 2, 0.5, False)]


def test_an_article_without_any_entry_does_not_count(home):
    home.list("e1")
    home.store.articles.save_revisions([revision("a9", entry=None, via="jsonl")])
    home.store.articles.save_matches([("a9", 1, match())])
    assert home.attention() == [("post", DAY, 0, 1, 0.0, False)]


def test_days_in_a_gap_are_flagged_first_and_last_included(home):
    home.list("e1")
    home.list("e2", at=NEXT)
    late = datetime(2025, 5, 15, 2, tzinfo=UTC)
    home.list("e3", at=late)
    gap = Gap(outlet="post", feed="own", from_at=NIGHT, until_at=NEXT, reason="failed", detail="timeout")
    other = Gap(outlet="news", feed="search", from_at=late, until_at=late, reason="failed", detail="timeout")
    home.store.runs.save_gaps([gap, other])
    assert [is_gap for *_, is_gap in home.attention()] == [True, True, False]


def test_a_share_is_never_above_one(home):
    for number in range(6):
        home.list(f"e{number}", at=NIGHT if number % 2 else NEXT, article=f"a{number % 4}")
    assert all(0 <= share <= 1 for *_, share, _ in home.attention())
