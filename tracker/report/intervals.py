"""Intervals, minimum samples and shrinkage. The unit is the article; wire clusters are resampled whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

CONFIDENCE = 0.95  # two-sided
MIN_SAMPLE = 5  # articles: below, the stories are listed and no figure is given
MIN_INTERVAL = 15  # articles: below, a figure is provisional
MIN_BOOTSTRAP = 30  # articles: below, the percentile bootstrap covers too little (.834 at 5, .895 at 10)
MIN_COMPARISON = 30  # articles on either side: below, no comparative word is used, unless pairs share the event
MIN_CLUSTERS = 10  # with fewer to resample, a bootstrap says little: Student's t stands in, and says so
# Clusters: with more, the mean is normal to within the bootstrap's own Monte Carlo error, and 2,000 resamples of each
# would take a snapshot of a million articles minutes: Taylor's variance and Student's t give the same interval at once.
MAX_RESAMPLED = 200
RESAMPLES = 2000  # of clusters; the Monte Carlo error of a 2.5 % quantile is then about .35 percentage points
SEED = 20250512  # so that a snapshot can be rebuilt to the digit


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A figure with its sample: ``estimate``, ``low`` and ``high`` are None below the minimum sample."""

    n: int
    estimate: float | None
    low: float | None
    high: float | None
    shrunk: float | None = None
    variance: float | None = None  # of the estimate, for shrinkage

    @property
    def is_reportable(self) -> bool:
        """Whether the sample allows a figure at all."""
        return self.estimate is not None


def mean_estimate(values: Sequence[float], clusters: Sequence[str]) -> Estimate:
    """Return the mean of one value an article with its 95 % interval.

    Student's t below 30 articles; above, an expanded percentile bootstrap that resamples whole clusters, since
    copies of one text are one observation (Davison and Hinkley 1997, 3.8; Hesterberg 2015). Beyond 200 clusters
    Student's t on the linearised variance of a ratio of cluster totals (Cochran 1977, 6.3).
    """
    sample = np.asarray(values, dtype=float)
    n = len(sample)
    if n < MIN_SAMPLE:
        return Estimate(n=n, estimate=None, low=None, high=None)
    mean, variance = float(sample.mean()), float(sample.var(ddof=1)) / n
    if n < MIN_BOOTSTRAP:
        half = student_reach(n - 1) * variance**0.5
        return Estimate(n=n, estimate=mean, low=mean - half, high=mean + half, variance=variance)
    low, high = _cluster_bootstrap(sample, clusters)
    return Estimate(n=n, estimate=mean, low=low, high=high, variance=variance)


def student_reach(degrees: float) -> float:
    """Return how many standard errors a 95 % interval reaches to either side of a mean (Student 1908)."""
    return float(stats.t.ppf((1 + CONFIDENCE) / 2, degrees))


def resampled(n_clusters: int) -> NDArray[np.intp]:
    """Return ``RESAMPLES`` rows of cluster numbers drawn with replacement, always the same ones."""
    return np.random.default_rng(SEED).integers(0, n_clusters, size=(RESAMPLES, n_clusters))


def expanded_tails(n: int) -> tuple[float, float]:
    """Return the quantiles that a percentile bootstrap of ``n`` units takes for its 95 % interval.

    A plain percentile interval is too narrow in small samples: it has the normal's reach, not Student's, and
    the variance with n, not n - 1. Both are mended by wider quantiles (Hesterberg 2015, American Statistician
    69, "expanded percentile interval").
    """
    low = float(stats.norm.cdf(-np.sqrt(n / (n - 1)) * student_reach(n - 1))) if n > 1 else 0.0
    return low, 1 - low


def _cluster_bootstrap(sample: NDArray[np.float64], clusters: Sequence[str]) -> tuple[float, float]:
    _, index = np.unique(np.asarray(clusters), return_inverse=True)
    sums, sizes = np.bincount(index, weights=sample).astype(np.float64), np.bincount(index)
    if len(sums) > MAX_RESAMPLED:
        return _linearised(sums, sizes)
    weights = _weights(len(sums)).astype(float)
    means = (weights @ sums) / (weights @ sizes)
    low, high = np.quantile(means, expanded_tails(len(sums)))
    return float(low), float(high)


@lru_cache(maxsize=MAX_RESAMPLED)
def _weights(n_clusters: int) -> NDArray[np.int16]:
    """Return how often each resample holds each cluster: kept, since many outlets have as many."""
    return np.stack([np.bincount(draw, minlength=n_clusters) for draw in resampled(n_clusters)]).astype(np.int16)


def _linearised(sums: NDArray[np.float64], sizes: NDArray[np.intp]) -> tuple[float, float]:
    n = len(sums)
    mean = sums.sum() / sizes.sum()
    variance = ((sums - mean * sizes) ** 2).sum() * n / (n - 1) / sizes.sum() ** 2
    reach = student_reach(n - 1) * variance**0.5
    return float(mean - reach), float(mean + reach)


def share_estimate(n_with: int, n: int) -> Estimate:
    """Return a share with its Wilson interval (Wilson 1927), which holds for small and extreme shares."""
    if n < MIN_SAMPLE:
        return Estimate(n=n, estimate=None, low=None, high=None)
    low, high = proportion_confint(n_with, n, alpha=1 - CONFIDENCE, method="wilson")
    # Agresti and Coull's centre keeps the variance of 0 % and 100 % above nothing
    centre = (n_with + 2) / (n + 4)
    variance = centre * (1 - centre) / (n + 4)
    return Estimate(n=n, estimate=n_with / n, low=float(low), high=float(high), variance=variance)


def shrink(estimates: Sequence[Estimate]) -> list[Estimate]:
    """Return the estimates with ``shrunk``: each drawn toward the pool by tau^2 / (tau^2 + s^2/n).

    Empirical Bayes with the method-of-moments variance between groups of DerSimonian and Laird (1986).
    Groups below the minimum sample stay without a figure; a group alone stays as it is.
    """
    known = [one for one in estimates if one.estimate is not None and one.variance]
    if len(known) < 2:  # noqa: PLR2004 - a pool takes two
        return [replace(one, shrunk=one.estimate) for one in estimates]
    means = np.array([one.estimate for one in known], dtype=float)
    variances = np.array([one.variance for one in known], dtype=float)
    weights = 1 / variances
    fixed = float((weights * means).sum() / weights.sum())
    q = float((weights * (means - fixed) ** 2).sum())
    scale = float(weights.sum() - (weights**2).sum() / weights.sum())
    between = max(0.0, (q - (len(known) - 1)) / scale) if scale else 0.0
    pooled_weights = 1 / (variances + between)
    pool = float((pooled_weights * means).sum() / pooled_weights.sum())

    def drawn(one: Estimate) -> float | None:
        if one.estimate is None or not one.variance:
            return one.estimate
        trust = between / (between + one.variance)
        return trust * one.estimate + (1 - trust) * pool

    return [replace(one, shrunk=drawn(one)) for one in estimates]
