"""Comparisons on a published snapshot: copies once, groups, sensitivity, the guard."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.snapshots import BODY, HERALD, POST, RULING, TOPIC, WIRE, HomeBuilder, Piece, usual_pieces
from tracker.model import ArticleKind, Completeness
from tracker.report.filters import Filters
from tracker.report.findings import attention_changes, guarded, tone_changes, tone_findings
from tracker.report.samples import event_of, once_per_text, scorers, tone_sample
from tracker.report.sensitivity import tone_sensitivity
from tracker.report.snapshot_report import SnapshotReport

HERE = Filters(topic=TOPIC.topic)
LEANING = (replace(WIRE), replace(POST, lean="left", owner="Post Co"), replace(HERALD, lean="right", country="US"))


@pytest.fixture
def opened(tmp_path):
    """Return a function that builds a home of pieces and opens its snapshot."""
    reports = []

    def build(pieces):
        report = SnapshotReport(HomeBuilder(tmp_path, outlets=LEANING).build(pieces))
        reports.append(report)
        return report

    yield build
    for report in reports:
        report.close()


@pytest.fixture(scope="module")
def twenty_days(tmp_path_factory):
    """A story a day of a left and a right outlet, apart in tone, from eleven days before the ruling."""
    pieces = [*many(20), Piece(outlet=POST, title="Part", completeness=Completeness.PARTIAL)]
    with SnapshotReport(HomeBuilder(tmp_path_factory.mktemp("home"), outlets=LEANING).build(pieces)) as report:
        yield report


def many(n, *, apart=0.2, kind=ArticleKind.NEWS, at=datetime(2025, 5, 1, 12, tzinfo=UTC)):
    """n stories each of two outlets, a pair a day, ``apart`` in tone, with some spread."""
    return [
        Piece(
            outlet=outlet,
            title=f"{outlet.name} {kind} {number}",
            at=at + timedelta(days=number),
            tone=side + 0.01 * (number * (7 if outlet is POST else 3) % 5),
            kind=kind,
        )
        for number in range(n)
        for outlet, side in ((POST, apart), (HERALD, 0.0))
    ]


def test_stories_carry_their_groups_and_events(opened):
    rows = tone_sample(opened(usual_pieces()), HERE, "headline").rows
    assert len(rows) == 14
    herald = rows[rows.outlet == "hill-herald"].iloc[0]
    assert (herald.lean, herald.country, herald.outlet_kind) == ("right", "US", "local")
    assert set(rows.event) == {f"event {RULING}", "day 2025-05-16", "day 2025-05-17"}


def test_partial_texts_have_no_body(opened):
    report = opened(usual_pieces())
    assert len(tone_sample(report, HERE, "headline").rows) - len(tone_sample(report, HERE, "body").rows) == 1


def test_an_event_reaches_three_days():
    days = [date(2025, 5, 12), date(2025, 5, 14)]
    assert event_of(date(2025, 5, 11), days) == "day 2025-05-11"
    assert event_of(date(2025, 5, 13), days) == "event 2025-05-12"
    assert event_of(date(2025, 5, 17), days) == "event 2025-05-14"
    assert event_of(date(2025, 5, 18), days) == "day 2025-05-18"


def test_a_copy_counts_once_for_the_agency(opened):
    rows = tone_sample(opened(usual_pieces()), HERE, "headline").rows
    once = once_per_text(rows)
    assert len(rows) - len(once) == 1  # the Post's copy of the wire's story
    assert not once.is_wire_copy.any()


def test_a_copy_whose_original_is_not_followed_stands_for_the_agency(opened):
    copies = [
        Piece(
            outlet=outlet, title="Judge rules", cluster="c9", is_original=outlet is POST, agency="Far Wire", tone=tone
        )
        for outlet, tone in ((POST, 0.3), (HERALD, -0.3))
    ]
    once = once_per_text(tone_sample(opened(copies), HERE, "headline").rows)
    assert len(once) == 1
    assert once.iloc[0][["outlet", "outlet_kind"]].tolist() == ["Far Wire", "wire"]
    assert once.iloc[0][["lean", "owner", "country"]].isna().all()


def test_groups_too_small_to_be_compared_are_paired_by_event(twenty_days):
    (one,) = tone_findings(twenty_days, HERE, group_by="lean")
    assert {one.a, one.b} == {"left", "right"}
    assert one.n_pairs == 17  # the ruling's four days are one event
    assert abs(one.estimate) == pytest.approx(0.2, abs=0.01)
    assert one.is_distinguishable
    assert one.driver is not None
    assert one.sentence().startswith("Stories of outlets rated")


def test_groups_below_the_minimum_are_not_compared(opened):
    assert tone_findings(opened(many(4)), HERE, group_by="lean") == ()


def test_one_group_alone_is_not_compared(twenty_days):
    assert tone_findings(twenty_days, HERE, group_by="country") == ()


def test_a_finding_that_hangs_on_opinion_says_so(opened):
    pieces = many(8, apart=0.0) + many(8, apart=0.4, kind=ArticleKind.OPINION, at=datetime(2025, 5, 1, 15, tzinfo=UTC))
    found = tone_sensitivity(opened(pieces), HERE, group_by="lean", a="left", b="right")
    assert found.published.is_distinguishable
    assert found.flips == ("without opinion pieces",)
    assert found.sentence().startswith("Not so without opinion pieces: there they cannot be told apart.")


def test_a_finding_that_stands_says_so(twenty_days):
    found = tone_sensitivity(twenty_days, HERE, group_by="lean", a="left", b="right", part="headline")
    assert found.flips == ()
    assert found.sentence() == "It stands under all 5 other choices tested."
    by_name = {one.name: one.difference for one in found.variants}
    assert by_name["without partial texts"].n_a == found.published.n_a - 1


def test_nothing_published_is_nothing_to_test(opened):
    found = tone_sensitivity(opened(many(2)), HERE, group_by="lean", a="left", b="right")
    assert found.sentence() == "There is no finding to be tested."


def test_the_guard_keeps_silent_where_it_cannot_ask(twenty_days):
    sample = tone_sample(twenty_days, HERE)
    found = [replace(one, driver=None) for one in tone_findings(twenty_days, HERE, group_by="lean")]
    assert scorers(twenty_days) == ("tone",)
    assert guarded(twenty_days, replace(sample, scorer="unknown"), found) == tuple(found)
    assert guarded(twenty_days, sample, found)[0].driver is not None


def test_changes_at_the_docket_are_of_this_case_alone(twenty_days):
    (tone,) = tone_changes(twenty_days, HERE)
    assert (tone.event, tone.on, tone.n_before, tone.n_after) == ("Injunction denied", RULING, 22, 18)
    assert not tone.is_distinguishable
    (attention,) = attention_changes(twenty_days, HERE)
    assert attention.on == RULING


def test_what_is_said_says_that_nobody_checked_it(twenty_days):
    (difference,) = tone_findings(twenty_days, HERE, group_by="lean")
    (tone,) = tone_changes(twenty_days, HERE)
    (attention,) = attention_changes(twenty_days, HERE)
    for one, variable in ((difference, "tone"), (tone, "tone"), (attention, "relevance")):
        assert f"Nobody has checked {variable} on this topic" in one.sentence()
        assert "Nobody has checked" not in one.sentence(with_validity=False)


def test_a_change_is_asked_on_which_word_it_hangs(opened):
    at = datetime(2025, 4, 28, 12, tzinfo=UTC)  # two weeks before the ruling
    pieces = [
        Piece(
            outlet=outlet,
            title=f"{outlet.name} {day}",
            text="A terrible order, the agency was told.\n\nThe judge ruled." if day < 14 else BODY,
            at=at + timedelta(days=day),
            tone=0.3 * (day >= 14) + 0.01 * (day % 3),
        )
        for day in range(28)
        for outlet in (POST, HERALD)
    ]
    (change,) = tone_changes(opened(pieces), HERE)
    assert change.is_distinguishable
    assert change.driver is not None
    assert change.driver.word == "terrible"  # the only one of the lexicon in the sentences that were scored
    assert change.driver.estimate == pytest.approx(change.estimate)
    assert change.driver.without < change.estimate
    assert change.sentence().count("“terrible”") == 1
