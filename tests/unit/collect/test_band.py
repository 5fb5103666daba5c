"""A feed's own band: told when it goes quiet, silent about weekends, chance and the small."""

from __future__ import annotations

import random

import pytest

from tracker.collect.band import band

WEEK = [50, 52, 48, 51, 49, 20, 18]  # weekdays and a weekend


def is_told(counts: list[int]) -> bool:
    found = band(counts)
    assert found is not None
    return found.is_below


def test_the_rule_by_hand():
    found = band([8, 12] * 14 + [5] * 7)  # every weekday is 8 and 12 in turn: variance 28 x 4 / 21
    assert found is not None
    assert (found.recent, found.mean) == (5, 10)
    assert found.low == pytest.approx(10 - 1.5 * 10**0.5)  # chance alone, sqrt(10), is more than sqrt(5.3)
    assert found.is_below
    wide = band([0, 20] * 14 + [5] * 7)
    assert wide is not None
    assert wide.low == pytest.approx(10 - 1.5 * (28 * 100 / 21) ** 0.5)


@pytest.mark.parametrize("weekday", range(7))
def test_a_feed_that_falls_silent_is_told_within_three_days_and_for_twelve(weekday):
    days = (WEEK * 6)[weekday : weekday + 35]
    told = [n for n in range(30) if is_told((days + [0] * n)[-35:])]
    assert told[0] <= 3
    assert set(range(3, 13)) <= set(told)  # then it is two weeks since anything was new, which is said by itself


def test_a_weekly_rhythm_is_no_alarm_on_any_day_of_the_week():
    assert not any(is_told((WEEK * 6)[start : start + 35]) for start in range(7))


def test_a_fall_to_a_half_is_told_and_a_slow_week_is_not():
    assert is_told(WEEK * 4 + [count // 2 for count in WEEK])
    assert not is_told(WEEK * 4 + [count * 9 // 10 for count in WEEK])


def test_chance_is_no_alarm():
    draw = random.Random(1)  # noqa: S311
    days = [sum(draw.random() < 0.01 for _ in range(1_000)) for _ in range(1_000)]  # ten a day
    assert sum(is_told(days[start : start + 35]) for start in range(len(days) - 35)) <= 2


def test_what_lists_next_to_nothing_has_no_band_to_fall_below():
    assert not is_told([1, 0, 0, 1, 0, 0, 0] * 4 + [0] * 7)


def test_three_weeks_are_the_least_and_older_days_do_not_count():
    assert band([30] * 20) is None
    assert is_told([30] * 14 + [3] * 7)
    assert band([9_999] * 7 + [30] * 28 + [10] * 7) == band([30] * 28 + [10] * 7)
    assert band([9_999] * 6 + [30] * 14 + [10] * 7) == band([30] * 14 + [10] * 7)
