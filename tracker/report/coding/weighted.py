"""Shares among sampled texts, weighted back to the population, with intervals that hold for few and extreme ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
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
    found, (low, high) = _with_interval(above, below, design)
    return Estimate(n=n, estimate=found.value, low=low, high=high, variance=found.variance)


def _with_interval(above: Values, below: Values, design: Design) -> tuple[Moments, tuple[float, float]]:
    found = ratio(above, below, design)
    return found, bounded(found.value, found.variance, found.degrees, kish(design.weights[below > 0]))


def recall_and_f1(machine: Values, truth: Values, design: Design) -> tuple[Estimate, Estimate]:
    """Return recall and F1 of what the machine says (0 or 1) with intervals; withheld below five texts.

    Both follow from how often the machine says yes, how often that is true, and how often yes is true where it says
    no. What it misses is rare and of large weight, so that a sample with hardly a miss says little of how many there
    are: each of the three shares has an interval of its own, and what they do to recall and F1 is squared and added
    (Newcombe 1998; Zou and Donner 2008).
    """
    recall = weighted_share(machine * truth, truth, design)
    f1 = weighted_share(2 * machine * truth, machine + truth, design)
    if recall.estimate is None or machine.all() or not machine.any():
        return recall, f1
    said = ratio(machine, np.ones(len(machine)), design)
    right, right_ends = _with_interval(machine * truth, machine, design)
    missed, _ = _with_interval((1 - machine) * truth, 1 - machine, design)
    # A few misses say too little of their own spread: the sample is worth no more than its weights alone leave of it.
    no = kish(design.weights[machine == 0])
    spread = max(missed.variance, missed.value * (1 - missed.value) / no)
    missed_ends = bounded(missed.value, spread, missed.degrees, no)
    half = student_reach(said.degrees) * np.sqrt(said.variance)
    said_ends = max(said.value - half, 0.0), min(said.value + half, 1.0)
    at = np.array([said.value, right.value, missed.value])
    lows = np.array([said_ends[0], right_ends[0], missed_ends[1]])  # missing more makes both figures smaller
    highs = np.array([said_ends[1], right_ends[1], missed_ends[0]])

    def with_ends(one: Estimate, function: Callable[[Values], float]) -> Estimate:
        value = function(at)
        low, high = (
            float(np.linalg.norm([function(np.where(axis, ends, at)) - value for axis in np.eye(len(at))]))
            for ends in (lows, highs)
        )
        return replace(one, low=max(value - low, 0.0), high=min(value + high, 1.0))

    return with_ends(recall, _recall), with_ends(f1, _f1)


def _recall(shares: Values) -> float:
    """Return recall from the share of yes, how often it is right, and how often yes is true without it."""
    said, right, missed = shares
    true = said * right + (1 - said) * missed
    return float(said * right / true) if true else 0.0


def _f1(shares: Values) -> float:
    said, right, missed = shares
    return float(2 * said * right / (said + said * right + (1 - said) * missed))


def kish(weights: Values) -> float:
    """Return how many texts of equal weight a weighted sample is worth (Kish 1965)."""
    return float(weights.sum() ** 2 / (weights**2).sum())
