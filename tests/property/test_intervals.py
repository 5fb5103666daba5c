"""What holds of every interval."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.report.intervals import MIN_SAMPLE, Estimate, mean_estimate, share_estimate, shrink

VALUES = st.lists(st.floats(-1, 1), min_size=MIN_SAMPLE, max_size=60)
KNOWN = st.tuples(st.floats(-1, 1), st.floats(1e-6, 10))


@given(VALUES, st.data())
def test_the_interval_holds_the_mean_and_the_mean_the_range(values, data):
    clusters = data.draw(st.lists(st.sampled_from("abcdefgh"), min_size=len(values), max_size=len(values)))
    one = mean_estimate(values, clusters)
    assert min(values) - 1e-9 <= one.estimate <= max(values) + 1e-9
    assert one.low <= one.high
    assert one.variance >= 0


@given(VALUES)
def test_the_mean_does_not_depend_on_the_order(values):
    clusters = [str(number) for number in range(len(values))]
    forward = mean_estimate(values, clusters)
    backward = mean_estimate(values[::-1], clusters[::-1])
    assert forward.estimate == pytest.approx(backward.estimate)


@given(st.integers(MIN_SAMPLE, 500), st.data())
def test_a_shares_interval_lies_in_0_to_1_and_holds_it(n, data):
    one = share_estimate(data.draw(st.integers(0, n)), n)
    assert -1e-12 <= one.low <= one.estimate + 1e-12
    assert one.estimate - 1e-12 <= one.high <= 1 + 1e-12


@given(st.lists(KNOWN, min_size=2, max_size=12))
def test_shrinking_stays_between_the_figure_and_the_others(known):
    estimates = [Estimate(n=9, estimate=value, low=None, high=None, variance=variance) for value, variance in known]
    shrunk = shrink(estimates)
    values = [value for value, _ in known]
    for before, after in zip(estimates, shrunk, strict=True):
        assert min(values) - 1e-9 <= after.shrunk <= max(values) + 1e-9
        assert (after.n, after.estimate, after.variance) == (before.n, before.estimate, before.variance)
