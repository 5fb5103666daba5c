"""Intervals against values worked out by hand or by other programs."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from tracker.report.intervals import (
    MAX_RESAMPLED,
    MIN_BOOTSTRAP,
    MIN_SAMPLE,
    RESAMPLES,
    Estimate,
    mean_estimate,
    share_estimate,
    shrink,
)


def _alone(n: int) -> list[str]:
    return [str(number) for number in range(n)]


def test_a_mean_of_five_has_students_interval():
    one = mean_estimate([1, 2, 3, 4, 5], _alone(5))
    # mean 3, s^2 = 2.5, t(.975, 4) = 2.776445: 3 -+ 2.776445 * sqrt(2.5 / 5)
    assert one.n == 5
    assert one.estimate == pytest.approx(3)
    assert (one.low, one.high) == pytest.approx((1.036757, 4.963243), abs=1e-6)
    assert one.variance == pytest.approx(0.5)


def test_students_interval_is_scipys():
    values = np.random.default_rng(1).normal(size=MIN_BOOTSTRAP - 1)
    one = mean_estimate(values.tolist(), _alone(len(values)))
    interval = stats.ttest_1samp(values, 0).confidence_interval(0.95)
    assert (one.low, one.high) == pytest.approx((interval.low, interval.high))


@pytest.mark.parametrize("n", range(MIN_SAMPLE))
def test_below_the_minimum_nothing_is_said(n):
    for one in (mean_estimate([0.5] * n, _alone(n)), share_estimate(n, n)):
        assert (one.n, one.estimate, one.low, one.high, one.is_reportable) == (n, None, None, None, False)


def test_beyond_the_largest_bootstrap_copies_still_count_once():
    rng = np.random.default_rng(4)
    sizes = rng.integers(1, 6, MAX_RESAMPLED + 1)
    values, clusters = np.repeat(rng.exponential(size=len(sizes)), sizes), np.repeat(np.arange(len(sizes)), sizes)
    one = mean_estimate(values.tolist(), [str(cluster) for cluster in clusters])
    draws = rng.integers(0, len(sizes), (RESAMPLES, len(sizes)))
    sums = np.bincount(clusters, weights=values)
    low, high = np.quantile(sums[draws].sum(axis=1) / sizes[draws].sum(axis=1), (0.025, 0.975))
    assert (one.low, one.high) == pytest.approx((low, high), rel=0.03)


def test_the_bootstrap_of_single_articles_is_scipys():
    values = np.random.default_rng(2).exponential(size=120)
    one = mean_estimate(values.tolist(), _alone(120))
    other = stats.bootstrap((values,), np.mean, n_resamples=9999, method="percentile", random_state=3)
    assert one.estimate == pytest.approx(values.mean())
    assert one.low == pytest.approx(other.confidence_interval.low, abs=0.03)
    assert one.high == pytest.approx(other.confidence_interval.high, abs=0.03)


def test_copies_of_one_text_are_one_observation():
    originals = np.random.default_rng(4).normal(size=40)
    single = mean_estimate(originals.tolist(), _alone(40))
    copied = mean_estimate(np.repeat(originals, 5).tolist(), [str(n) for n in range(40) for _ in range(5)])
    assert copied.n == 200
    assert copied.estimate == pytest.approx(single.estimate)
    # the very intervals of the originals: five copies of each teach nothing
    assert (copied.low, copied.high) == pytest.approx((single.low, single.high))
    as_if_independent = mean_estimate(np.repeat(originals, 5).tolist(), _alone(200))
    assert as_if_independent.high - as_if_independent.low < 0.6 * (copied.high - copied.low)


def test_one_cluster_alone_has_no_spread_to_resample():
    one = mean_estimate([0.1, 0.5] * 20, ["same"] * 40)
    assert (one.low, one.high) == pytest.approx((0.3, 0.3))


def test_the_bootstrap_repeats_to_the_digit():
    values = np.random.default_rng(5).normal(size=60).tolist()
    assert mean_estimate(values, _alone(60)) == mean_estimate(values, _alone(60))


@pytest.mark.parametrize(
    ("n_with", "n", "low", "high"),
    [(0, 10, 0.0, 0.2775), (5, 10, 0.2366, 0.7634), (10, 10, 0.7225, 1.0), (81, 263, 0.2553, 0.3662)],
)
def test_wilsons_interval(n_with, n, low, high):
    """The last is the example of Newcombe (1998), table I, method 3."""
    one = share_estimate(n_with, n)
    assert one.estimate == n_with / n
    assert (one.low, one.high) == pytest.approx((low, high), abs=5e-5)
    assert one.variance > 0  # at 0 % and 100 % too, or shrinkage would trust them wholly


def _estimate(value: float | None, variance: float | None) -> Estimate:
    return Estimate(n=9, estimate=value, low=None, high=None, variance=variance)


def test_shrinkage_by_hand():
    # weights 10 and 10, Q = 10 * .25 * 2 = 5, tau^2 = (5 - 1) / (20 - 200 / 20) = .4, trust = .4 / .5 = .8
    shrunk = [one.shrunk for one in shrink([_estimate(0.0, 0.1), _estimate(1.0, 0.1)])]
    assert shrunk == pytest.approx([0.1, 0.9])


def test_outlets_that_differ_by_chance_alone_share_one_value():
    shrunk = [one.shrunk for one in shrink([_estimate(0.0, 1.0), _estimate(0.1, 1.0), _estimate(0.2, 1.0)])]
    assert shrunk == pytest.approx([0.1, 0.1, 0.1])


def test_the_smaller_sample_is_drawn_further():
    large, small, other = shrink([_estimate(1.0, 0.01), _estimate(1.0, 0.5), _estimate(0.0, 0.01)])
    assert large.shrunk > small.shrunk > other.shrunk


def test_what_is_withheld_stays_withheld_and_one_alone_stays_as_it_is():
    withheld, known = shrink([_estimate(None, None), _estimate(0.4, 0.1)])
    assert (withheld.shrunk, known.shrunk) == (None, 0.4)
    assert shrink([]) == []


def test_no_spread_at_all_is_taken_at_its_word():
    certain, *_ = shrink([_estimate(0.5, 0.0), _estimate(0.1, 0.1), _estimate(0.9, 0.1)])
    assert certain.shrunk == 0.5
