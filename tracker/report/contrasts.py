"""Whether two groups of stories differ, how sure that is, and what difference could have been seen at all.

Welch's t below 30 stories a side, a bootstrap of whole events above (``intervals.py``), the linearised variance
beyond 200 events. Stories of one event are taken together on both sides, so that what the event does to all outlets
cancels. Several comparisons at once are held to a false discovery rate of 10 % (Benjamini & Hochberg 1995).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.weightstats import CompareMeans, DescrStatsW

from tracker.report.intervals import (
    CONFIDENCE,
    MAX_RESAMPLED,
    MIN_BOOTSTRAP,
    MIN_CLUSTERS,
    MIN_COMPARISON,
    MIN_INTERVAL,
    MIN_SAMPLE,
    drawn_weights,
    expanded_tails,
    resampled,
    student_reach,
)
from tracker.report.phrases import Quantity, group_label, interval, listed, signed, validity_said
from tracker.report.word_guard import WordGuard

FALSE_DISCOVERIES = 0.10  # share of false ones among the differences that are called such
POWER = 0.80  # chance with which a difference of the smallest visible size is seen (Cohen 1988)
WELCH, BOOTSTRAP, PAIRED_T, PAIRED_BOOTSTRAP = "Welch's t", "bootstrap of events", "paired t", "bootstrap of pairs"
LINEARISED = "t over events"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Group ``a`` minus group ``b``. Figures are None where a side is below the minimum sample."""

    quantity: Quantity
    group_by: str
    a: str
    b: str
    n_a: int  # stories, each text once
    n_b: int
    n_outlets_a: int
    n_outlets_b: int
    mean_a: float | None = None
    mean_b: float | None = None
    estimate: float | None = None
    low: float | None = None
    high: float | None = None
    p_value: float | None = None
    p_adjusted: float | None = None  # among the comparisons made together
    n_compared: int = 1  # comparisons made together
    smallest_visible: float | None = None
    n_pairs: int | None = None  # events that both sides covered, where stories were paired by event
    method: str
    caveats: tuple[str, ...] = ()
    driver: WordGuard | None = None
    validity: str | None = None  # what is known of the error in the figures themselves

    @property
    def is_reportable(self) -> bool:
        """Whether the sample allows a figure at all."""
        return self.low is not None

    @property
    def is_provisional(self) -> bool:
        """Whether the sample is too small for more than a hint."""
        return (min(self.n_a, self.n_b) if self.n_pairs is None else self.n_pairs) < MIN_INTERVAL

    @property
    def may_compare(self) -> bool:
        """Whether the sample allows a comparative word: 30 stories a side, or stories paired by event."""
        return self.n_pairs is not None or min(self.n_a, self.n_b) >= MIN_COMPARISON

    @property
    def is_distinguishable(self) -> bool:
        """Whether zero lies outside the interval and the difference outlasts the count of comparisons."""
        if self.low is None or self.high is None:
            return False
        p = self.p_value if self.p_adjusted is None else self.p_adjusted
        return not self.low <= 0 <= self.high and (p is None or p <= FALSE_DISCOVERIES)

    @property
    def is_lost_among_many(self) -> bool:
        """Whether it would stand alone, but not among the comparisons made together with it."""
        return (
            self.low is not None
            and self.high is not None
            and not (self.low <= 0 <= self.high or self.is_distinguishable)
        )

    @property
    def is_driven_by_a_word(self) -> bool:
        """Whether more than half of it hangs on one word."""
        return self.driver is not None and self.driver.is_driver

    def guarded(self, guard: WordGuard) -> Difference:
        """Return the difference with what leaving one word out showed."""
        return replace(self, driver=guard)

    def sentence(self, names: Mapping[str, str] | None = None, *, with_validity: bool = True) -> str:
        """Return what may be said of it, with its sample, interval, method, caveats and the figures' own error.

        Groups are called by ``names``. ``with_validity`` False leaves the error to whoever says it once for many.
        """
        guard = [self.driver.sentence()] if self.driver and self.is_distinguishable else []
        error = validity_said(self.validity, with_validity=with_validity)
        return " ".join([self._finding(names or {}), *guard, *self.caveats, *error])

    def _finding(self, names: Mapping[str, str]) -> str:
        a, b = (group_label(self.group_by, names.get(one, one)) for one in (self.a, self.b))
        n = f"{self.n_a} and {self.n_b} stories"
        if self.estimate is None or self.low is None or self.high is None:
            return f"Too few stories to compare {self.quantity.name} of {a} and {b} ({n}): read them instead."
        pairs = "" if self.n_pairs is None else f"paired over {listed(self.n_pairs, 'event')}, "
        basis = f"{interval(self.low, self.high)}, {pairs}{n}, {self.method}"
        if not self.is_distinguishable:
            return self._no_difference(a, b, basis)
        if not self.may_compare or self.is_provisional:
            return (
                f"A hint, no finding: {self.quantity.name} of {a} and {b} differ by {signed(self.estimate)} ({basis})."
            )
        word = self.quantity.more if self.estimate > 0 else self.quantity.less
        return f"Stories of {a} are {word} than those of {b}: {self.quantity.name} {signed(self.estimate)} ({basis})."

    def _no_difference(self, a: str, b: str, basis: str) -> str:
        text = f"{a[0].upper()}{a[1:]} and {b} are not distinguishable in {self.quantity.name}: {signed(self.estimate)}"
        if self.is_lost_among_many:
            basis += f"; one of {self.n_compared} comparisons, among which chance alone gives such ones"
        if self.smallest_visible is None:
            return f"{text} ({basis})."
        seen = f"A difference of {self.smallest_visible:.3f} would have been seen four times out of five."
        return f"{text} ({basis}). {seen}"


def compare(rows: pd.DataFrame, *, quantity: Quantity, group_by: str, a: str, b: str) -> Difference:
    """Return the difference of two groups' means, each row of ``rows`` (value, event, outlet, group) one text."""
    groups, outlets = rows[group_by].to_numpy(dtype=object), rows["outlet"].to_numpy(dtype=object)
    is_a = groups == a
    within = is_a | (groups == b)
    is_a, outlets = is_a[within], outlets[within]
    values = rows["value"].to_numpy(dtype=float)[within]
    left, right = values[is_a], values[~is_a]
    sides = Difference(
        quantity=quantity,
        group_by=group_by,
        a=a,
        b=b,
        n_a=len(left),
        n_b=len(right),
        n_outlets_a=len(set(outlets[is_a])),
        n_outlets_b=len(set(outlets[~is_a])),
        method=WELCH,
    )
    if min(len(left), len(right)) < MIN_SAMPLE:
        return sides
    sides = replace(
        sides,
        mean_a=float(left.mean()),
        mean_b=float(right.mean()),
        estimate=float(left.mean() - right.mean()),
        caveats=_outlet_caveats(sides),
    )
    if min(len(left), len(right)) < MIN_BOOTSTRAP:
        return _welch(sides, left, right)
    index, events = pd.factorize(rows["event"].to_numpy(dtype=object)[within], sort=True)
    if len(events) < MIN_CLUSTERS:
        few = f"Only {listed(len(events), 'event')}: stories are taken as independent, which they are not."
        return _welch(replace(sides, caveats=(*sides.caveats, few)), left, right)
    return _by_event(sides, values, is_a, index, len(events))


def compare_groups(rows: pd.DataFrame, *, quantity: Quantity, group_by: str) -> tuple[Difference, ...]:
    """Return every pair of groups compared, largest groups first, false discoveries held to 10 % among them."""
    sizes = rows[group_by].dropna().value_counts()
    groups = sorted((str(name) for name in sizes.index), key=lambda name: (-sizes[name], name))
    return adjusted([compare(rows, quantity=quantity, group_by=group_by, a=a, b=b) for a, b in combinations(groups, 2)])


def compare_paired(rows: pd.DataFrame, *, quantity: Quantity, group_by: str, a: str, b: str) -> Difference:
    """Return the mean difference between two groups within the same events: one pair of means an event.

    What happened is the same on both sides, so that fewer stories suffice for a comparative word.
    """
    rows = rows[rows[group_by].isin([a, b])]
    index, events = pd.factorize(rows["event"].to_numpy(dtype=object), sort=True)
    values, is_a = rows["value"].to_numpy(dtype=float), (rows[group_by] == a).to_numpy()
    sizes = np.stack([np.bincount(index[side], minlength=len(events)) for side in (is_a, ~is_a)])
    sums = np.stack([np.bincount(index[side], values[side], minlength=len(events)) for side in (is_a, ~is_a)])
    is_shared = sizes.min(axis=0) > 0
    means = sums[:, is_shared] / sizes[:, is_shared]
    within, is_a = rows[is_shared[index]], is_a[is_shared[index]]
    pairs = means[0] - means[1]
    sides = Difference(
        quantity=quantity,
        group_by=group_by,
        a=a,
        b=b,
        n_a=int(is_a.sum()),
        n_b=int((~is_a).sum()),
        n_outlets_a=int(within["outlet"][is_a].nunique()),
        n_outlets_b=int(within["outlet"][~is_a].nunique()),
        n_pairs=len(pairs),
        method=PAIRED_T,
    )
    if len(pairs) < MIN_SAMPLE:
        return sides
    sides = replace(
        sides,
        mean_a=float(means[0].mean()),
        mean_b=float(means[1].mean()),
        estimate=float(pairs.mean()),
        caveats=_outlet_caveats(sides),
    )
    if len(pairs) < MIN_BOOTSTRAP:
        return _paired_t(sides, pairs)
    return _from_draws(replace(sides, method=PAIRED_BOOTSTRAP), pairs[resampled(len(pairs))].mean(axis=1), len(pairs))


def adjusted(differences: Sequence[Difference]) -> tuple[Difference, ...]:
    """Return the differences with p values adjusted to each other (Benjamini & Hochberg 1995)."""
    known = [one.p_value for one in differences if one.p_value is not None]
    if not known:
        return tuple(differences)
    corrected = iter(benjamini_hochberg(known))
    return tuple(
        replace(one, p_adjusted=next(corrected), n_compared=len(known)) if one.p_value is not None else one
        for one in differences
    )


def benjamini_hochberg(p_values: Sequence[float]) -> list[float]:
    """Return adjusted p values: those at or below a rate hold it among them (statsmodels' ``fdr_bh``)."""
    return [float(one) for one in multipletests(p_values, method="fdr_bh")[1]]


def _outlet_caveats(sides: Difference) -> tuple[str, ...]:
    """Say that a group of one outlet is that outlet."""
    if sides.group_by == "outlet":
        return ()
    alone = [name for name, n in ((sides.a, sides.n_outlets_a), (sides.b, sides.n_outlets_b)) if n == 1]
    return tuple(f"“{name}” is a single outlet here." for name in alone)


def _welch(sides: Difference, left: NDArray[np.float64], right: NDArray[np.float64]) -> Difference:
    if not np.ptp(left) and not np.ptp(right):
        return _unvaried(sides)
    test = CompareMeans(DescrStatsW(left), DescrStatsW(right))
    low, high = test.tconfint_diff(alpha=1 - CONFIDENCE, usevar="unequal")
    _, p_value, degrees = test.ttest_ind(usevar="unequal")
    return _tested(sides, low, high, p_value, smallest_visible(float(test.std_meandiff_separatevar), degrees))


def _paired_t(sides: Difference, pairs: NDArray[np.float64]) -> Difference:
    if not np.ptp(pairs):
        return _unvaried(sides)
    test = DescrStatsW(pairs)
    low, high = test.tconfint_mean(alpha=1 - CONFIDENCE)
    _, p_value, degrees = test.ttest_mean(0)
    return _tested(sides, low, high, p_value, smallest_visible(float(test.std_mean), degrees))


def _unvaried(sides: Difference) -> Difference:
    return replace(sides, caveats=(*sides.caveats, "Values do not vary, so that no interval can be given."))


def _tested(sides: Difference, low: float, high: float, p_value: float, visible: float) -> Difference:
    return replace(sides, low=float(low), high=float(high), p_value=float(p_value), smallest_visible=visible)


def _by_event(
    sides: Difference, values: NDArray[np.float64], is_a: NDArray[np.bool_], index: NDArray[np.intp], n_events: int
) -> Difference:
    """Take the stories of an event together, whose number among ``n_events`` ``index`` has for each value.

    Up to 200 events they are drawn with replacement; a draw in which a side has no story says nothing and is left out.
    """
    sides_of = (is_a, ~is_a)
    sums = np.array([np.bincount(index[side], values[side], minlength=n_events) for side in sides_of], dtype=float)
    sizes = np.array([np.bincount(index[side], minlength=n_events) for side in sides_of], dtype=float)
    if n_events > MAX_RESAMPLED:
        return _linearised(sides, sums, sizes)
    weights = drawn_weights(n_events).T.astype(float)
    drawn_sums, drawn_sizes = sums @ weights, sizes @ weights
    has_both = (drawn_sizes > 0).all(axis=0)
    means = drawn_sums[:, has_both] / drawn_sizes[:, has_both]
    return _from_draws(replace(sides, method=BOOTSTRAP), means[0] - means[1], n_events)


def _linearised(sides: Difference, sums: NDArray[np.float64], sizes: NDArray[np.float64]) -> Difference:
    """Test the difference of two ratios of event totals by its linearised variance (Cochran 1977, 6.3 and 6.6).

    With so many events that is the bootstrap's answer but for its Monte Carlo error.
    """
    n, estimate = sums.shape[1], sides.estimate or 0.0
    totals = sizes.sum(axis=1, keepdims=True)
    residuals = (sums - sums.sum(axis=1, keepdims=True) / totals * sizes) / totals
    error = float(((residuals[0] - residuals[1]) ** 2).sum() * n / (n - 1)) ** 0.5
    if not error:
        return _unvaried(sides)
    reach = student_reach(n - 1) * error
    p_value = 2 * float(special.stdtr(n - 1, -abs(estimate) / error))
    visible = smallest_visible(error, n - 1)
    return _tested(replace(sides, method=LINEARISED), estimate - reach, estimate + reach, p_value, visible)


def _from_draws(sides: Difference, draws: NDArray[np.float64], n_units: int) -> Difference:
    low, high = np.quantile(draws, expanded_tails(n_units))
    # the smaller tail beyond zero, twice; one is added so that no p value is nought (Davison & Hinkley 1997, 4.2)
    tail = min(int((draws <= 0).sum()), int((draws >= 0).sum()))
    p_value = min(1.0, 2 * (tail + 1) / (len(draws) + 1))
    return _tested(sides, low, high, p_value, smallest_visible(float(draws.std(ddof=1)), n_units - 1))


def smallest_visible(error: float, degrees: float) -> float:
    """Return the smallest true difference that a test with this standard error sees with 80 % power.

    Bloom (1995), "Minimum Detectable Effects", Evaluation Review 19: the two quantiles' sum times the error.
    """
    return (student_reach(degrees) + float(special.stdtrit(degrees, POWER))) * error
