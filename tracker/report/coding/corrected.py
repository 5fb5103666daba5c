"""Shares corrected for what the classifier gets wrong, from a sample that people coded.

A classifier that errs gives biased shares however many articles it reads (TeBlunthuis, Hase and Chan 2024).
Two corrections, each where its assumption holds:

- the design-based one for what the sample was drawn from: the machine's share plus the weighted mean of what
  it missed, unbiased whatever the errors depend on (Egami, Hinck, Stewart and Wei 2023), its weight on the
  machine's answer tuned as in prediction-powered inference (Angelopoulos, Duchi and Zrnic 2023);
- the misclassification matrix for single outlets, of which a sample holds few texts: it takes the machine to
  err as often there as elsewhere (Rogan and Gladen 1978).
"""

from __future__ import annotations

import numpy as np

from tracker.report.coding.weighted import Design, Moments, Values, bounded, kish, linearised, ratio
from tracker.report.intervals import MIN_SAMPLE, Estimate

MIN_CODED = 10  # texts coded: below, a correction is wider than what it corrects
MIN_INFORMED = 0.2  # sensitivity + specificity − 1: below, the machine says too little to be put right


def design_share(everywhere: Values, machine: Values, truth: Values, design: Design) -> Estimate:
    """Return the corrected share of a population.

    ``everywhere`` is the machine's 0 or 1 of each text of the population; ``machine`` and ``truth`` are the
    machine's and people's of the coded ones, drawn by ``design``.
    """
    n, size = len(truth), len(everywhere)
    if n < MIN_CODED or size < MIN_SAMPLE:
        return Estimate(n=n, estimate=None, low=None, high=None)
    tuned = _tuning(machine, truth, design)
    ones = np.ones(n)
    missed = ratio(truth - tuned * machine, ones, design)
    drawn, degrees = linearised(truth - tuned * machine - missed.value, ones, design, is_finite=True)
    share = min(max(float(tuned * everywhere.mean()) + missed.value, 0.0), 1.0)
    # the texts there are, as a sample of what the outlets write
    variance = drawn + share * (1 - share) / size
    low, high = bounded(share, variance, degrees, kish(design.weights))
    return Estimate(n=n, estimate=share, low=low, high=high, variance=variance)


def _tuning(machine: Values, truth: Values, design: Design) -> float:
    """Return how far the machine's answer is to be leant on: the slope of people's answer on it, 0 to 1."""
    weights = design.weights / design.weights.sum()
    centred = machine - float((weights * machine).sum())
    spread = float((weights * centred**2).sum())
    return min(max(float((weights * centred * truth).sum()) / spread, 0.0), 1.0) if spread else 0.0


def matrix_share(n_with: int, n: int, sensitivity: Moments, specificity: Moments) -> Estimate:
    """Return an outlet's corrected share from how many of its ``n`` articles the machine tagged.

    ``sensitivity`` and ``specificity`` are those of all outlets together. Withheld where n is below the
    minimum sample or the machine tells too little apart.
    """
    informed = sensitivity.value + specificity.value - 1
    if n < MIN_SAMPLE or informed < MIN_INFORMED:
        return Estimate(n=n, estimate=None, low=None, high=None)
    seen = n_with / n
    share = min(max((seen + specificity.value - 1) / informed, 0.0), 1.0)
    centre = (n_with + 2) / (n + 4)  # Agresti and Coull: 0 of n and n of n vary too
    variance = centre * (1 - centre) / n
    variance += share**2 * sensitivity.variance + (1 - share) ** 2 * specificity.variance
    variance /= informed**2
    degrees = min(sensitivity.degrees, specificity.degrees)
    low, high = bounded(share, variance, degrees, n * informed**2)
    return Estimate(n=n, estimate=share, low=low, high=high, variance=variance)
