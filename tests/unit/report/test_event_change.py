"""Before and after an event: what blocks of days are for, and what is said."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from tracker.report.event_change import change_at
from tracker.report.phrases import tone_of

ON = date(2025, 5, 12)
TONE = tone_of("headline", "vader")


def series(daily, each=3, first=ON - timedelta(days=28)):
    rows = [
        {"day": first + timedelta(days=number), "value": float(value)}
        for number, value in enumerate(daily)
        for _ in range(each)
    ]
    return pd.DataFrame(rows, columns=["day", "value"])


def changed(rows, **options):
    return change_at(rows, on=ON, event="Injunction denied", quantity=TONE, **options)


def test_a_step_at_the_event_is_seen():
    noise = np.random.default_rng(1).normal(0, 0.05, 56)
    one = changed(series(noise - 0.2 * (np.arange(56) >= 28)))
    assert one.estimate == pytest.approx(-0.2, abs=0.03)
    assert one.low < -0.2 < one.high
    assert one.is_distinguishable
    assert (one.n_before, one.n_after) == (84, 84)
    assert one.sentence().startswith("Stories after “Injunction denied” (12 May 2025) are worded less pleasantly")


def test_the_day_of_the_event_counts_as_after_and_no_block_straddles_it():
    one = changed(series([0.0] * 28 + [1.0] * 28))
    assert one.estimate == pytest.approx(1.0)
    assert (one.n_blocks_before, one.n_blocks_after) == (10, 10)


def test_what_lies_outside_the_window_is_left_out():
    rows = pd.concat([series([0.0] * 28 + [1.0] * 28), series([9.0] * 10, first=date(2025, 1, 1))])
    assert changed(rows).estimate == pytest.approx(1.0)


def test_stories_of_one_day_are_no_independent_witnesses():
    """A mood that lasts for days, no change at the event: blocks call it a change at about their rate, days more."""
    generator = np.random.default_rng(2)
    false_alarms = {1: 0, 6: 0}
    rounds = 150
    for _ in range(rounds):
        mood = np.zeros(56)
        for day in range(1, 56):
            mood[day] = 0.7 * mood[day - 1] + generator.normal(0, 0.1)
        for block in false_alarms:
            false_alarms[block] += changed(series(mood, each=1), block=block).is_distinguishable
    assert false_alarms[6] < 0.6 * false_alarms[1]
    assert false_alarms[6] / rounds < 0.2


def test_too_few_stories_give_no_figure():
    one = changed(series([0.1] * 2, each=2, first=ON - timedelta(days=1)))
    assert (one.estimate, one.p_value, one.is_reportable) == (None, None, False)
    assert "Too little" in one.sentence()


def test_few_arrangements_are_a_caveat():
    one = changed(series([0.0, 0.1, 0.0, 0.15, 0.3, 0.2], first=ON - timedelta(days=3)), block=1)
    assert one.n_arrangements == 20
    assert one.p_value == pytest.approx(2 / 20)
    shorter = changed(series([0.0, 0.1, 0.3, 0.2], each=5, first=ON - timedelta(days=2)), block=1)
    assert "Only 6 arrangements" in shorter.sentence()
    assert not shorter.is_distinguishable


def test_two_blocks_have_no_interval():
    one = changed(series([0.0] * 3 + [0.2] * 3, first=ON - timedelta(days=3)))
    assert (one.low, one.p_value) == (None, None)
    assert "Too few blocks" in one.sentence()


def test_no_change_names_the_smallest_that_would_have_been_seen():
    one = changed(series(np.random.default_rng(3).normal(0, 0.05, 56)))
    assert not one.is_distinguishable
    assert f"A change of {one.smallest_visible:.3f} would have been seen" in one.sentence()
