"""What is worth telling: not what is usual, not twice, and a second silence anew."""

from __future__ import annotations

import shutil
from datetime import timedelta

import duckdb
import pytest

from tests.snapshots import NOW, POST, HomeBuilder, Piece
from tracker.model import Entry, Listing, stable_id
from tracker.report.alerts import KINDS, alerts
from tracker.report.snapshot_report import SnapshotReport
from tracker.store.writer import Store

DAYS = 20


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """Twenty days of an outlet that lists 20 entries a day, one in two days on topic; on the last day eight."""
    path = tmp_path_factory.mktemp("home")
    pieces = [Piece(outlet=POST, title=f"Story {day}", at=NOW - timedelta(days=day)) for day in range(2, DAYS, 2)]
    pieces += [Piece(outlet=POST, title=f"Today {number}", at=NOW - timedelta(hours=1)) for number in range(8)]
    changed = Piece(outlet=POST, title="Before", retitled="After", at=NOW - timedelta(days=6))
    old = Piece(outlet=POST, title="Long before", retitled="Long after", at=NOW - timedelta(days=9))
    with Store(path / "state" / "master.duckdb") as store:
        entries = [
            Entry(
                entry=f"{day}-{number}",
                outlet=POST.outlet,
                url=f"https://post.example/{day}/{number}",
                canonical_url=f"https://post.example/{day}/{number}",
                title="Something else",
                first_seen_at=NOW - timedelta(days=day, hours=1),
            )
            for day in range(DAYS)
            for number in range(20)
        ]
        feed = stable_id(POST.outlet)
        store.entries.save(
            entries, [Listing(entry=e.entry, feed=feed, first_seen_at=e.first_seen_at, position=0) for e in entries]
        )
    return HomeBuilder(path, outlets=(POST,)).build([*pieces, changed, old])


@pytest.fixture
def told(published, tmp_path):
    """Return the alerts of some kinds after a statement changed a copy of the snapshot."""

    def ask(statement, parameters=(), kinds=KINDS):
        path = tmp_path / f"snap-{len(list(tmp_path.iterdir()))}.duckdb"
        shutil.copyfile(published, path)
        with duckdb.connect(str(path)) as copy:
            copy.execute("DELETE FROM gaps")
            copy.execute(statement, list(parameters))
        with SnapshotReport(path) as report:
            return alerts(report, kinds)

    return ask


@pytest.mark.parametrize(("n_less", "n_told"), [(5, 0), (0, 1)])
def test_only_unusual_attention_is_told(told, n_less, n_told):
    quieter = "UPDATE attention SET n_matching = n_matching - ? WHERE date = DATE '2025-05-19'"
    found = told(quieter, [n_less], ["attention"])
    assert len(found) == n_told
    for one in found:
        assert one.id == "attention:test-ruling:2025-05-19"
        assert "8 of 28 entries on 19 May 2025, where 2." in one.text


@pytest.fixture
def feed(told):
    """Return what is told of a feed that listed something new, and answered well, so many days ago."""

    def ask(new_days, ok_days=0, failures=0):
        days = [(NOW - timedelta(days=days)).replace(tzinfo=None) for days in (new_days, ok_days)]
        changed = "UPDATE feeds SET n_failures = ?, last_outcome = 'timeout', last_new_at = ?, last_ok_at = ?"
        return told(changed, [failures, *days], ["feed"])

    return ask


def test_a_feed_that_fell_silent_is_told_and_again_after_new_entries(feed):
    (one,) = feed(15)
    assert (one.kind, one.subject) == ("feed", "The East Post")
    assert "has listed nothing new since 2025-05-05" in one.text
    assert feed(13) == ()
    assert feed(20)[0].id != one.id


def test_a_feed_that_fails_for_days_is_told(feed):
    (one,) = feed(5, ok_days=4, failures=3)
    assert "has not answered well (timeout) since 2025-05-16" in one.text
    assert feed(5, ok_days=1, failures=3) == ()


def test_a_change_of_a_headline_is_news_for_a_week(told):
    (one,) = told("SELECT 1", kinds=["headline"])
    assert one.text == "The East Post changed a headline: “Before” now reads “After”."
    assert one.id.startswith("headline:test-ruling:")
    assert one.id.endswith(":2")
