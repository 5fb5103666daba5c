"""Shares among sampled texts, weighted back to the population, with intervals that hold for few and extreme ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from tracker.report.intervals import MIN_SAMPLE, Estimate, student_reach

Values: TypeAlias = NDArray[np.float64]

FEW = 2  # of a stratum: with fewer it has no spread of its own, and such strata are taken together
ALONE = ""  # stratum of what is left alone


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """How texts came into a sample: one weight and one stratum a text."""

    weights: Values
    strata: NDArray[np.str_]

    def part(self, chosen: NDArray[np.bool_]) -> Design:
        """Return the design of the chosen texts."""
        return Design(weights=self.weights[chosen], strata=self.strata[chosen])


@dataclass(frozen=True, slots=True, kw_only=True)
class Moments:
    """A weighted ratio with its variance under the design and the degrees of freedom of that."""

    value: float
    variance: float
    degrees: float


def ratio(above: Values, below: Values, design: Design) -> Moments:
    """Return Σ w·above ÷ Σ w·below with its linearised variance within strata (Cochran 1977, 6.2 and 6.11)."""
    value = float((design.weights * above).sum()) / float((design.weights * below).sum())
    variance, degrees = linearised(above - value * below, below, design)
    return Moments(value=value, variance=variance, degrees=degrees)


def linearised(residuals: Values, below: Values, design: Design, *, is_finite: bool = False) -> tuple[float, float]:
    """Return variance and degrees of freedom of a ratio whose residuals are given.

    ``is_finite`` asks about the very texts that there are, so that coding all of them leaves no doubt; without
    it what is asked is how the classifier errs, not how it erred here.
    """
    scaled = design.weights * residuals / float((design.weights * below).sum())
    if is_finite:
        scaled = scaled * np.sqrt(np.clip(1 - 1 / design.weights, 0, 1))
    return _stratified(scaled, design.strata)


def _stratified(residuals: Values, strata: NDArray[np.str_]) -> tuple[float, float]:
    names, index, sizes = np.unique(strata, return_inverse=True, return_counts=True)
    alone = sizes[index] < FEW
    if alone.any():
        named = np.where(alone, ALONE, strata)
        names, index, sizes = np.unique(named, return_inverse=True, return_counts=True)
    sums = np.bincount(index, weights=residuals)
    squares = np.bincount(index, weights=residuals**2)
    spread = np.clip(squares - sums**2 / sizes, 0, None)
    shares = np.where(sizes > 1, sizes / np.clip(sizes - 1, 1, None), 1.0)
    return float((shares * spread).sum()), float(max(len(residuals) - len(names), 1))


def bounded(value: float, variance: float, degrees: float, n: float) -> tuple[float, float]:
    """Return the 95 % interval of a share: Wilson's, with the sample that its variance is worth.

    Korn and Graubard (1998) for the effective sample and Student's reach in place of the normal's; Wilson's
    rather than Clopper and Pearson's interval as in Dean and Pagano (2015). Without any spread the weights
    alone say what the sample is worth (``n``, Kish 1965).
    """
    share = min(max(value, 0.0), 1.0)
    worth = share * (1 - share) / variance if variance > 0 and 0 < share < 1 else n
    reach = student_reach(degrees)
    square = reach**2 / worth
    centre = (share + square / 2) / (1 + square)
    half = reach * np.sqrt(share * (1 - share) / worth + square / (4 * worth)) / (1 + square)
    return float(max(centre - half, 0.0)), float(min(centre + half, 1.0))


def weighted_share(above: Values, below: Values, design: Design) -> Estimate:
    """Return a share of those in ``below`` with its interval; withheld where they are fewer than five texts."""
    n = int((below > 0).sum())
    if n < MIN_SAMPLE:
        return Estimate(n=n, estimate=None, low=None, high=None)
    found = ratio(above, below, design)
    low, high = bounded(found.value, found.variance, found.degrees, kish(design.weights[below > 0]))
    return Estimate(n=n, estimate=found.value, low=low, high=high, variance=found.variance)


def kish(weights: Values) -> float:
    """Return how many texts of equal weight a weighted sample is worth (Kish 1965)."""
    return float(weights.sum() ** 2 / (weights**2).sum())
