"""Answers that were published: the ones that would be worked out, and only of a whole topic."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import duckdb
import pandas as pd
import pytest

from tests.snapshots import HERALD, POST, TOPIC, WIRE, HomeBuilder, Piece
from tracker.report.answers import (
    DIFFERENCE,
    FINDINGS,
    FIRST_PART,
    MOST_SPEAKERS,
    SENSITIVITY,
    SPEAKERS,
    WHOLE,
)
from tracker.report.filters import Filters
from tracker.report.snapshot_report import SnapshotReport

HERE = Filters(topic=TOPIC.topic)
PAIR = (POST.outlet, HERALD.outlet, FIRST_PART)
WHOLE_ASKED = ((FINDINGS, ("outlet", FIRST_PART, 1)), (SPEAKERS, (MOST_SPEAKERS,)), *((one, ()) for one in WHOLE))
ASKED = (*WHOLE_ASKED, (DIFFERENCE, PAIR), (SENSITIVITY, PAIR))


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory):
    """Two outlets that differ in tone, a story a day."""
    pieces = [
        Piece(
            outlet=outlet,
            title=f"{outlet.name} {number}",
            at=datetime(2025, 5, 1, 12, tzinfo=UTC) + timedelta(days=number),
            tone=side + 0.01 * (number % 5),
        )
        for number in range(20)
        for outlet, side in ((POST, 0.2), (HERALD, 0.0))
    ]
    return HomeBuilder(tmp_path_factory.mktemp("home"), outlets=(WIRE, POST, HERALD)).build(pieces)


def keys(snapshot):
    with duckdb.connect(str(snapshot), read_only=True) as connection:
        return [key for (key,) in connection.execute("SELECT question FROM internal.answers").fetchall()]


def test_every_question_of_the_whole_topic_is_published(snapshot):
    for question, arguments in WHOLE_ASKED:
        assert question._key(TOPIC.topic, arguments) in keys(snapshot)
    assert sum(key.startswith(('["tone_difference"', '["tone_sensitivity"')) for key in keys(snapshot)) == 2


@pytest.mark.parametrize(("question", "arguments"), ASKED, ids=lambda one: getattr(one, "name", ""))
def test_what_was_published_is_what_would_be_worked_out(snapshot, question, arguments):
    with SnapshotReport(snapshot) as report:
        asked, worked_out = question.ask(report, HERE, *arguments), question.work_out(report, HERE, *arguments)
    if isinstance(worked_out, pd.DataFrame):
        pd.testing.assert_frame_equal(asked, worked_out)
    else:
        assert asked == worked_out


def test_of_a_whole_topic_the_published_answer_is_given_of_a_view_it_is_worked_out(snapshot):
    asked = []
    spied = replace(FINDINGS, work_out=lambda report, filters, *arguments: asked.append(filters) or ())
    with SnapshotReport(snapshot) as report:
        assert spied.ask(report, HERE, "outlet", FIRST_PART, 1)
        assert asked == []
        view = replace(HERE, until=date(2025, 5, 10))
        assert spied.ask(report, view, "outlet", FIRST_PART, 1) == ()
        assert asked == [view]
