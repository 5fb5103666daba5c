"""What the dashboard asks of a snapshot, on a small one whose answers are known."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from tests.snapshots import TOPIC, HomeBuilder, usual_pieces
from tracker.errors import StoreError
from tracker.report import changes, choices, overview, wording
from tracker.report.filters import Filters, Narrow
from tracker.report.snapshot_report import SnapshotReport

ALL = Filters(topic=TOPIC.topic)


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SnapshotReport]:
    with SnapshotReport(HomeBuilder(tmp_path_factory.mktemp("report")).build(usual_pieces())) as opened:
        yield opened


def test_summary_counts_a_view(report: SnapshotReport) -> None:
    found = overview.summary(report, ALL)

    assert (found.n_articles, found.n_own, found.n_wire, found.n_outlets, found.n_withheld) == (14, 13, 1, 3, 1)
    assert (found.first_date, found.last_date) == (date(2025, 5, 12), date(2025, 5, 17))
    assert (found.peak_date, found.n_peak) == (date(2025, 5, 12), 4)
    assert found.leaders == (("east-post", "The East Post", 7),)


def test_summary_of_nothing_is_zero(report: SnapshotReport) -> None:
    found = overview.summary(report, Filters(topic="no such topic"))

    assert (found.n_articles, found.leaders, found.first_date, found.peak_date) == (0, (), None, None)


def test_gap_days_count_the_outlets_followed(report: SnapshotReport) -> None:
    days = overview.gap_days(report, ALL)

    # from midnight UTC of the 14th to midnight of the 15th: 13 and 14 May in New York
    assert [day.date() for day in days["date"]] == [date(2025, 5, 13), date(2025, 5, 14)]
    assert days[["n_outlets", "n_followed", "names"]].to_numpy().tolist() == [[1, 3, "Hill Herald"]] * 2


def test_headlines_are_the_latest_of_each_outlet(report: SnapshotReport) -> None:
    rows = overview.headlines(report, ALL, each=1)

    assert rows["title"].tolist() == ["Post story 5", "Herald story 5", "Judge lets agency share data"]
    assert rows["n_articles"].tolist() == [7, 6, 1]


def test_choices_do_not_depend_on_the_view(report: SnapshotReport) -> None:
    found = choices.choices(report, TOPIC.topic)

    assert [one.outlet for one in found.outlets] == ["east-post", "hill-herald", "north-wire"]
    assert found.outlet_kinds == ("local", "national", "wire")
    assert found.camps == ("court", "government")
    assert (found.n_wire, found.n_partial) == (1, 1)


def test_voice_shares_sum_to_one_and_say_their_sample(report: SnapshotReport) -> None:
    rows = wording.voice_shares(report, ALL)

    assert rows.groupby("outlet")["share"].sum().round(9).tolist() == [1.0, 1.0, 1.0]
    post = rows[(rows["outlet"] == "east-post") & (rows["camp"] == "government")].iloc[0]
    assert (post.n_articles, post.n_with, bool(post.is_reportable)) == (6, 5, True)
    assert not rows[rows["outlet"] == "north-wire"]["is_reportable"].any()


def test_voice_summary_agrees_with_the_shares(report: SnapshotReport) -> None:
    found, rows = wording.voice_summary(report, ALL), wording.voice_shares(report, ALL)

    assert found.n_words == rows["n_words"].sum()
    assert found.n_others == rows[rows["voice"] != "outlet"]["n_words"].sum()
    assert [camp for camp, _, _ in found.camps] == ["court", "government"]


def test_frames_hold_zeros_and_name_who_is_led(report: SnapshotReport) -> None:
    cells = wording.frame_shares(report, ALL)
    assert len(cells) == 3 * 2
    herald = cells[cells["outlet"] == "hill-herald"].set_index("frame")
    assert (herald.loc["economic", "share"], herald.loc["legality", "share"]) == (1.0, 0.0)

    totals = wording.frame_totals(report, ALL).set_index("frame")
    assert totals["n_with"].to_dict() == {"legality": 8, "economic": 6}
    assert list(totals.loc["legality", "outlets_led"]) == ["The East Post"]  # the wire has too few articles


def test_term_totals_keep_own_and_others_words_apart(report: SnapshotReport) -> None:
    totals = wording.term_totals(report, ALL)

    assert totals[["term", "whose", "n_uses", "n_articles", "n_outlets"]].to_numpy().tolist() == [
        ["illegal alien", "own", 14, 14, 3]
    ]


def test_wire_clusters_put_the_original_first(report: SnapshotReport) -> None:
    (cluster,) = changes.wire_clusters(report, ALL)

    assert (cluster.agency, cluster.original_outlet, cluster.n_outlets) == ("North Wire", "North Wire", 2)
    assert [(one.outlet, one.is_original, one.is_retitled) for one in cluster.members] == [
        ("north-wire", True, False),
        ("east-post", False, True),
    ]


def test_headline_changes_are_told_word_by_word(report: SnapshotReport) -> None:
    (change,) = changes.headline_changes(report, ALL)

    assert change.is_retitled
    assert "".join(one.text for one in change.headline if one.kind != "added") == "Post story 0"
    assert "".join(one.text for one in change.headline if one.kind != "removed") == "Post story 0, corrected"
    assert changes.version_changes(report, TOPIC.topic, change.article)[0].revision == 2


@pytest.mark.parametrize(
    ("narrow", "n"),
    [
        (Narrow(), 14),
        (Narrow(frame="economic"), 6),
        (Narrow(primary_frame="economic"), 6),
        (Narrow(frame="morality"), 0),
        (Narrow(voice="quoted", camp="government"), 6),
        (Narrow(voice="others"), 14),
        (Narrow(voice="reported"), 0),
        (Narrow(term="illegal alien", voice="outlet"), 14),
        (Narrow(term="illegal alien", voice="others"), 0),
        (Narrow(term_group="people"), 14),
        (Narrow(cluster="c1", is_wire=True), 1),
        (Narrow(day=date(2025, 5, 12)), 4),
        (Narrow(has_changed_headline=True), 1),
    ],
)
def test_a_figure_can_be_narrowed_to_its_articles(report: SnapshotReport, narrow: Narrow, n: int) -> None:
    assert len(report.articles(ALL, narrow)) == n


def test_what_cannot_be_asked_is_a_store_error(report: SnapshotReport) -> None:
    with pytest.raises(StoreError, match="cannot read it"):
        report.frame("SELECT * FROM no_such_table")
