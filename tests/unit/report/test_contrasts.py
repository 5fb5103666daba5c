"""Differences between groups: against SciPy, against samples whose truth is known, and in words."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from tracker.report.contrasts import (
    BOOTSTRAP,
    LINEARISED,
    PAIRED_T,
    WELCH,
    adjusted,
    benjamini_hochberg,
    compare,
    compare_groups,
    compare_paired,
    smallest_visible,
)
from tracker.report.phrases import tone_of

TONE = tone_of("body", "vader")


def rows_of(values_by_group, event=None):
    """One story an event unless ``event`` (number of the story in its group → event) says otherwise."""
    rows = [
        {
            "article": f"{group}{number}",
            "outlet": f"{group}{number % 3}",
            "lean": group,
            "event": event(number) if event else f"{group}{number}",
            "value": float(value),
        }
        for group, values in values_by_group.items()
        for number, value in enumerate(values)
    ]
    return pd.DataFrame(rows)


def compared(values_by_group, event=None, a="left", b="right"):
    return compare(rows_of(values_by_group, event), quantity=TONE, group_by="lean", a=a, b=b)


def draws(seed, mean, n):
    return np.random.default_rng(seed).normal(mean, 0.1, n)


def test_below_thirty_it_is_welchs_t():
    left, right = draws(1, 0.1, 12), 3 * draws(2, 0.0, 20)
    one = compared({"left": left, "right": right})
    test = stats.ttest_ind(left, right, equal_var=False)
    interval = test.confidence_interval(0.95)
    assert one.method == WELCH
    assert (one.n_a, one.n_b, one.n_outlets_a) == (12, 20, 3)
    assert one.estimate == pytest.approx(left.mean() - right.mean())
    assert (one.low, one.high, one.p_value) == pytest.approx((interval.low, interval.high, test.pvalue))


def test_below_five_nothing_is_said():
    one = compared({"left": draws(1, 0.0, 4), "right": draws(2, 0.0, 40)})
    assert (one.estimate, one.low, one.p_value, one.is_reportable) == (None, None, None, False)
    assert "Too few stories" in one.sentence()


def test_from_thirty_events_are_drawn_whole():
    left, right = draws(1, 0.0, 60), draws(2, 0.0, 60)
    alone = compared({"left": left, "right": right})
    assert alone.method == BOOTSTRAP
    # every story three times over teaches nothing new where the copies share their event
    tripled = compared({"left": np.tile(left, 3), "right": np.tile(right, 3)}, lambda number: f"e{number % 60}")
    assert tripled.high - tripled.low == pytest.approx(alone.high - alone.low, rel=0.2)
    as_if_independent = compared({"left": np.tile(left, 3), "right": np.tile(right, 3)})
    assert as_if_independent.high - as_if_independent.low < 0.7 * (tripled.high - tripled.low)


def test_beyond_the_largest_bootstrap_it_is_the_bootstraps_answer():
    rng = np.random.default_rng(6)
    n_events, n = 250, 600
    mood, where = rng.normal(0, 0.1, n_events), rng.integers(0, n_events, n)
    left, right = mood[where] + draws(7, 0.02, n), mood[where] + draws(8, 0.0, n)
    one = compared({"left": left, "right": right}, lambda number: f"e{where[number]}")
    assert one.method == LINEARISED
    n_met = len(set(where))
    weights = rng.multinomial(n_met, [1 / n_met] * n_met, size=4_000)
    _, index = np.unique(where, return_inverse=True)
    sizes = weights @ np.bincount(index)
    drawn = weights @ np.bincount(index, left - right) / sizes
    assert (one.low, one.high) == pytest.approx(np.quantile(drawn, (0.025, 0.975)), abs=0.002)


def test_what_an_event_does_to_both_sides_cancels():
    mood = np.repeat(np.random.default_rng(3).normal(0, 0.5, 20), 3)
    left, right = mood + draws(4, 0.05, 60), mood + draws(5, 0.0, 60)
    shared = compared({"left": left, "right": right}, lambda number: f"e{number // 3}")
    apart = compared({"left": left, "right": right})
    assert shared.high - shared.low < 0.5 * (apart.high - apart.low)


def test_few_events_are_no_ground_for_a_bootstrap():
    one = compared({"left": draws(1, 0.0, 40), "right": draws(2, 0.0, 40)}, lambda number: f"e{number % 4}")
    assert one.method == WELCH
    assert "Only 4 events" in one.sentence()


def test_values_that_do_not_vary_have_no_interval():
    one = compared({"left": [0.1] * 6, "right": [0.1] * 6})
    assert (one.estimate, one.is_reportable) == (pytest.approx(0), False)
    assert "do not vary" in " ".join(one.caveats)


def test_a_clear_difference_is_said_with_a_comparative_word():
    one = compared({"left": draws(1, 0.2, 40), "right": draws(2, 0.0, 50)})
    assert one.is_distinguishable
    text = one.sentence()
    assert text.startswith("Stories of outlets rated left are worded more pleasantly than those of outlets rated right")
    assert "40 and 50 stories" in text
    assert "95 % interval" in text


def test_below_thirty_there_is_no_comparative_word():
    one = compared({"left": draws(1, 0.3, 20), "right": draws(2, 0.0, 20)})
    assert one.is_distinguishable
    assert one.sentence().startswith("A hint, no finding")


def test_no_difference_comes_with_the_smallest_that_would_have_been_seen():
    one = compared({"left": draws(1, 0.0, 25), "right": draws(2, 0.0, 25)})
    assert "not distinguishable" in one.sentence()
    assert f"A difference of {one.smallest_visible:.3f} would have been seen" in one.sentence()


def test_the_smallest_visible_difference_is_seen_four_times_out_of_five():
    n, error = 25, 0.1 * (2 / 25) ** 0.5
    size = smallest_visible(error, 2 * n - 2)
    generator = np.random.default_rng(9)
    left, right = generator.normal(size, 0.1, (4000, n)), generator.normal(0, 0.1, (4000, n))
    seen = stats.ttest_ind(left, right, axis=1, equal_var=False).pvalue < 0.05
    assert seen.mean() == pytest.approx(0.80, abs=0.03)


def test_pairs_need_fewer_stories():
    mood = np.random.default_rng(3).normal(0, 0.5, 16)
    rows = rows_of({"left": mood + draws(4, 0.12, 16), "right": mood + draws(5, 0.0, 16)}, lambda number: f"e{number}")
    paired = compare_paired(rows, quantity=TONE, group_by="lean", a="left", b="right")
    plain = compare(rows, quantity=TONE, group_by="lean", a="left", b="right")
    assert (paired.method, paired.n_pairs) == (PAIRED_T, 16)
    assert paired.estimate == pytest.approx(plain.estimate)
    assert paired.is_distinguishable
    assert not plain.is_distinguishable
    assert paired.sentence().startswith("Stories of outlets rated left are worded more pleasantly")
    assert "paired over 16 events" in paired.sentence()


def test_events_that_only_one_side_covered_make_no_pair():
    rows = rows_of({"left": draws(1, 0.0, 8), "right": draws(2, 0.0, 3)}, lambda number: f"e{number}")
    paired = compare_paired(rows, quantity=TONE, group_by="lean", a="left", b="right")
    assert (paired.n_pairs, paired.n_a, paired.n_b, paired.estimate) == (3, 3, 3, None)


def test_pairs_of_groups_are_adjusted_to_each_other():
    rows = rows_of({name: draws(seed, 0.02 * seed, 20) for seed, name in enumerate("abcd")})
    found = compare_groups(rows, quantity=TONE, group_by="lean")
    assert len(found) == 6
    assert {one.n_compared for one in found} == {6}
    expected = stats.false_discovery_control([one.p_value for one in found], method="bh")
    assert [one.p_adjusted for one in found] == pytest.approx(expected)


def test_what_chance_gives_among_many_is_said_to_be_that():
    one = compared({"left": [0.0, 0.1, 0.05, 0.02, 0.07, 0.04], "right": [0.1, 0.11, 0.03, 0.14, 0.09, 0.12]})
    assert one.is_distinguishable
    (among, *_) = adjusted([one, *(replace(one, p_value=0.9) for _ in range(9))])
    assert not among.is_distinguishable
    assert among.is_lost_among_many
    assert "one of 10 comparisons" in among.sentence()
    assert not compared({"left": draws(1, 0.0, 25), "right": draws(2, 0.0, 25)}).is_lost_among_many


def test_adjusting_nothing_is_nothing():
    assert adjusted([]) == ()
    one = compared({"left": [0.1] * 3, "right": [0.2] * 3})
    assert adjusted([one]) == (one,)


def test_many_comparisons_hold_their_false_discoveries():
    """200 rounds of 20 comparisons, five of them true: of those called different, at most 10 % are not."""
    generator = np.random.default_rng(11)
    rounds, shares = 1000, []
    effects = np.array([0.12] * 5 + [0.0] * 15)
    left = generator.normal(effects[:, None], 0.1, (rounds, 20, 25))
    right = generator.normal(0, 0.1, (rounds, 20, 25))
    p_values = stats.ttest_ind(left, right, axis=2, equal_var=False).pvalue
    found_true = 0
    for p in p_values:
        called = np.array(benjamini_hochberg(p)) <= 0.10
        shares.append(called[5:].sum() / max(called.sum(), 1))
        found_true += called[:5].sum()
    assert np.mean(shares) <= 0.10
    assert found_true / (5 * rounds) > 0.8
    assert (p_values[:, 5:] <= 0.05).any(axis=1).mean() > 0.4  # unadjusted, half of the rounds report a falsehood
