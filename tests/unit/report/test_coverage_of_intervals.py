"""10,000 samples of each size with a known truth: how often intervals hold it, and what shrinking is worth."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from tracker.report.contrasts import expanded_tails
from tracker.report.intervals import Estimate, mean_estimate, resampled, shrink, student_reach

DRAWS = 10_000
TRUTH = 0.1
# Means of sentences' valences, as stories have them: near normal; and with a tail, as a few stories make it.
SHAPES = {
    "normal": lambda generator, size: generator.normal(TRUTH, 0.15, size),
    "skewed": lambda generator, size: TRUTH + 0.15 * (generator.gamma(8, 1, size) - 8) / 8**0.5,
}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("n", [3, 5, 10])
def test_students_intervals_hold_the_truth(n, shape):
    samples = SHAPES[shape](np.random.default_rng(n), (DRAWS, n))
    half = student_reach(n - 1) * samples.std(axis=1, ddof=1) / n**0.5
    held = np.abs(samples.mean(axis=1) - TRUTH) <= half
    assert 0.93 <= held.mean() <= 0.97
    if n >= 5:  # the function itself, on the first of them: below 5 it gives no figure
        one = mean_estimate(samples[0].tolist(), [str(number) for number in range(n)])
        assert (one.low, one.high) == pytest.approx((samples[0].mean() - half[0], samples[0].mean() + half[0]))


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("n", [30, 100])
def test_bootstrap_intervals_hold_the_truth(n, shape):
    samples = SHAPES[shape](np.random.default_rng(n), (DRAWS, n))
    lows, highs = _bootstrapped(samples)
    held = (lows <= TRUTH) & (highs >= TRUTH)
    assert 0.93 <= held.mean() <= 0.97
    one = mean_estimate(samples[0].tolist(), [f"{number:03}" for number in range(n)])
    assert (one.low, one.high) == pytest.approx((lows[0], highs[0]), abs=1e-6)


def _bootstrapped(samples: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The bootstrap of ``mean_estimate``, of all samples at once: its resamples are the same for all of one size."""
    n = samples.shape[1]
    weights = np.stack([np.bincount(draw, minlength=n) for draw in resampled(n)]).astype(np.float32) / n
    ends = [
        np.quantile(part.astype(np.float32) @ weights.T, expanded_tails(n), axis=1) for part in np.split(samples, 20)
    ]
    lows, highs = np.concatenate(ends, axis=1)
    return lows, highs


@pytest.mark.parametrize(("n_a", "n_b"), [(5, 5), (5, 25), (10, 20)])
def test_welchs_intervals_hold_the_difference(n_a, n_b):
    generator = np.random.default_rng(n_a * n_b)
    left, right = generator.normal(TRUTH, 0.2, (DRAWS, n_a)), generator.normal(0, 0.1, (DRAWS, n_b))
    interval = stats.ttest_ind(left, right, axis=1, equal_var=False).confidence_interval(0.95)
    held = (interval.low <= TRUTH) & (interval.high >= TRUTH)
    assert 0.93 <= held.mean() <= 0.97


def test_shrinking_cuts_the_error_of_five_stories_by_a_third_and_more():
    """Outlets as measured: .06 of tone's variance lies between them (docs/methods.md)."""
    generator = np.random.default_rng(5)
    n, n_outlets, between = 5, 30, 0.06
    raw, shrunk = [], []
    for _ in range(200):
        truths = generator.normal(0, between**0.5, n_outlets)
        stories = generator.normal(truths[:, None], (1 - between) ** 0.5, (n_outlets, n))
        found = [
            Estimate(n=n, estimate=float(row.mean()), low=None, high=None, variance=float(row.var(ddof=1)) / n)
            for row in stories
        ]
        for truth, one in zip(truths, shrink(found), strict=True):
            raw.append(one.estimate - truth)
            shrunk.append(one.shrunk - truth)
    cut = 1 - np.sqrt(np.mean(np.square(shrunk)) / np.mean(np.square(raw)))
    assert cut >= 0.35
