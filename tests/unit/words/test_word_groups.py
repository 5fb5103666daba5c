from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.snapshots import HERALD, POST, TOPIC, HomeBuilder, Piece
from tracker.model import Voice
from tracker.report import word_groups
from tracker.report.filters import Filters
from tracker.report.snapshot_report import SnapshotReport
from tracker.report.word_groups import TextGroup, stories_of, words_between

DAY = datetime(2025, 5, 12, 12, tzinfo=UTC)
TOWNS = "ABCDEFGH"


def pieces() -> list[Piece]:
    found = []
    for n, town in enumerate(TOWNS):
        at = DAY + timedelta(days=n)
        found.append(
            Piece(
                outlet=POST,
                title=f"Town {town} waits",
                at=at,
                camp="court",
                text=f"Raids frighten people in {town}ford. “Statutes bind {town}ham.” The Hill Herald was there.",
            )
        )
        found.append(
            Piece(
                outlet=HERALD,
                title=f"Agents go to {town}",
                at=at,
                camp="government",
                text=f"Agents seek fugitives in {town}wick. “Safety counts in {town}bury.” They left.",
            )
        )
    copy = Piece(outlet=HERALD, title="Copy", at=DAY, text="Copied words stand here. “So.” Yes.", agency="North Wire")
    return [*found, copy]


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SnapshotReport]:
    with SnapshotReport(HomeBuilder(tmp_path_factory.mktemp("home")).build(pieces())) as opened:
        yield opened


def group(*outlets: str, **options: object) -> TextGroup:
    return TextGroup(filters=Filters(topic=TOPIC.topic, outlets=outlets), **options)  # type: ignore[arg-type]


def texts(report: SnapshotReport, one: TextGroup) -> str:
    return "\n".join(story.text for story in stories_of(report, one))


def test_outlets_differ_in_their_own_words_alone(report: SnapshotReport) -> None:
    found = words_between(report, group("east-post"), group("hill-herald"))
    assert {"raids", "frighten", "raids frighten"} <= {word.word for word in found.of("first")}
    assert {"fugitives", "seek fugitives"} <= {word.word for word in found.of("second")}
    tested = {word.word for word in found.words}
    assert not {"statutes", "safety", "herald", "hill"} & tested
    assert (found.first.stories, found.first.days) == (8, 8)


def test_camps_differ_in_what_they_are_quoted_as_saying(report: SnapshotReport) -> None:
    found = words_between(report, group(camp="court"), group(camp="government"))
    assert "statutes" in {word.word for word in found.of("first")}
    assert "safety" in {word.word for word in found.of("second")}
    assert not {"raids", "fugitives"} & {word.word for word in found.words}


def test_periods_hold_their_own_days(report: SnapshotReport) -> None:
    early = TextGroup(filters=Filters(topic=TOPIC.topic, until=DAY.date() + timedelta(days=3)))
    late = TextGroup(filters=Filters(topic=TOPIC.topic, since=DAY.date() + timedelta(days=4)))
    assert len(list(stories_of(report, early))) == len(list(stories_of(report, late))) == 8


def test_another_organisations_text_counts_only_where_asked_for(report: SnapshotReport) -> None:
    assert "Copied" not in texts(report, group("hill-herald"))
    assert "Copied" in texts(report, group("hill-herald", with_copies=True))


def test_all_voices_can_be_asked_for_and_leans_narrow(report: SnapshotReport) -> None:
    assert "Statutes" in texts(report, group("east-post", voices=frozenset(Voice)))
    assert texts(report, group("east-post", lean="left")) == ""


def test_batches_change_nothing(report: SnapshotReport, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = list(stories_of(report, group()))
    monkeypatch.setattr(word_groups, "BATCH", 3)
    assert list(stories_of(report, group())) == whole


def test_stories_come_by_day(report: SnapshotReport) -> None:
    days = [story.day for story in stories_of(report, group()) if story.day]
    assert days == sorted(days)


def test_a_snapshot_without_lines_in_common_is_no_error(tmp_path: Path) -> None:
    with SnapshotReport(HomeBuilder(tmp_path).build([])) as empty:
        assert words_between(empty, group("east-post"), group("hill-herald")).words == ()
