"""Intervals, minimum samples and shrinkage. The unit is the article; wire clusters are resampled whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import overload

import numpy as np
from numpy.typing import NDArray
from scipy import special
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
CELLS_AT_ONCE = 500  # whose resampled means are in memory together: 8 MB
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimates:
    """Figures of many cells at once, one place a cell: what is None in an ``Estimate`` is nan here."""

    n: NDArray[np.int64]
    estimate: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    variance: NDArray[np.float64]

    def one(self, cell: int) -> Estimate:
        """Return one cell's figure."""
        n = int(self.n[cell])
        if n < MIN_SAMPLE:
            return Estimate(n=n, estimate=None, low=None, high=None)
        estimate, low, high, variance = (
            float(column[cell]) for column in (self.estimate, self.low, self.high, self.variance)
        )
        return Estimate(n=n, estimate=estimate, low=low, high=high, variance=variance)


def mean_estimate(values: Sequence[float], clusters: Sequence[str]) -> Estimate:
    """Return the mean of one value an article with its 95 % interval, as ``mean_estimates`` does for many samples."""
    if len(values) < MIN_SAMPLE:
        return Estimate(n=len(values), estimate=None, low=None, high=None)
    _, index = np.unique(np.asarray(clusters), return_inverse=True)
    order = np.argsort(index, kind="stable")
    cells = np.zeros(len(order), dtype=np.int64)
    return mean_estimates(cells, index[order], np.asarray(values, dtype=float)[order]).one(0)


def mean_estimates(cells: NDArray[np.integer], clusters: NDArray[np.integer], values: NDArray[np.float64]) -> Estimates:
    """Return the mean of each cell's values with its 95 % interval; a row is an article, in the order of cell, cluster.

    Cells are numbered from 0 and each has a row. Student's t below 30 articles; above, an expanded percentile
    bootstrap that resamples whole clusters, since copies of one text are one observation (Davison and Hinkley 1997,
    3.8; Hesterberg 2015). Beyond 200 clusters Student's t on the linearised variance of a ratio of cluster totals
    (Cochran 1977, 6.3).
    """
    if not len(values):
        nothing = np.empty(0)
        return Estimates(n=np.empty(0, np.int64), estimate=nothing, low=nothing, high=nothing, variance=nothing)
    firsts = np.flatnonzero(np.diff(cells, prepend=-1))
    n = np.diff(firsts, append=len(values))
    mean = np.add.reduceat(values, firsts) / n
    squares = np.add.reduceat((values - np.repeat(mean, n)) ** 2, firsts)
    variance = squares / n / np.maximum(n - 1, 1)
    reach = student_reach(np.maximum(n - 1, 1)) * variance**0.5
    totals = _totals(cells, clusters, values)
    large = np.flatnonzero((n >= MIN_BOOTSTRAP) & (totals.n > MAX_RESAMPLED))
    reach[large] = _ratio_reach(mean[large], n[large], totals.added(large))
    low, high = mean - reach, mean + reach
    _bootstrap(totals, low, high, np.flatnonzero((n >= MIN_BOOTSTRAP) & (totals.n <= MAX_RESAMPLED)))
    for column in (mean, low, high, variance):
        column[n < MIN_SAMPLE] = np.nan
    return Estimates(n=n, estimate=mean, low=low, high=high, variance=variance)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterSums:
    """Sums over the clusters of samples, one place a cell: a cluster is n articles, whose values have the sum s."""

    n_clusters: NDArray[np.int64]
    n_squared: NDArray[np.float64]  # of n^2
    total_squared: NDArray[np.float64]  # of s^2
    total_by_n: NDArray[np.float64]  # of s n


def sum_estimates(
    n: NDArray[np.int64], total: NDArray[np.float64], squared: NDArray[np.float64], clusters: ClusterSums
) -> Estimates:
    """Return the means of samples of more than 200 clusters, as ``mean_estimates`` does, from their sums alone.

    ``total`` is the sum of a sample's ``n`` values and ``squared`` that of their squares.
    """
    mean = total / n
    reach = _ratio_reach(mean, n, clusters)
    variance = np.maximum(squared - n * mean**2, 0) / n / (n - 1)  # rounding may take nought below it
    return Estimates(n=n, estimate=mean, low=mean - reach, high=mean + reach, variance=variance)


def _ratio_reach(mean: NDArray[np.float64], n: NDArray[np.integer], clusters: ClusterSums) -> NDArray[np.float64]:
    """Return Student's reach on the linearised variance of a ratio of totals, from the sum of (s - mean n)^2."""
    residuals = clusters.total_squared - 2 * mean * clusters.total_by_n + mean**2 * clusters.n_squared
    variance = np.maximum(residuals, 0) * clusters.n_clusters / (clusters.n_clusters - 1)
    return student_reach(clusters.n_clusters - 1) * variance**0.5 / n


@dataclass(frozen=True, slots=True, kw_only=True)
class _Totals:
    """Sum and size of each cluster, cell by cell; where each cell's begin, and how many it has."""

    sums: NDArray[np.float64]
    sizes: NDArray[np.int64]
    firsts: NDArray[np.intp]
    n: NDArray[np.int64]

    def added(self, which: NDArray[np.intp]) -> ClusterSums:
        """Return what the clusters of some cells add up to."""
        sizes = self.sizes.astype(float)
        n_squared, total_squared, total_by_n = (
            np.add.reduceat(column, self.firsts)[which] for column in (sizes**2, self.sums**2, self.sums * sizes)
        )
        return ClusterSums(
            n_clusters=self.n[which], n_squared=n_squared, total_squared=total_squared, total_by_n=total_by_n
        )


def _totals(cells: NDArray[np.integer], clusters: NDArray[np.integer], values: NDArray[np.float64]) -> _Totals:
    starts = np.flatnonzero((np.diff(cells, prepend=-1) != 0) | (np.diff(clusters, prepend=-1) != 0))
    firsts = np.flatnonzero(np.diff(cells[starts], prepend=-1))
    return _Totals(
        sums=np.add.reduceat(values, starts),
        sizes=np.diff(starts, append=len(values)),
        firsts=firsts,
        n=np.diff(firsts, append=len(starts)),
    )


def _bootstrap(totals: _Totals, low: NDArray[np.float64], high: NDArray[np.float64], which: NDArray[np.intp]) -> None:
    """Put the bootstrap's interval where ``which`` says: cells of as many clusters share their draws."""
    both = np.stack([totals.sums, totals.sizes])
    for n in np.unique(totals.n[which]).tolist():
        weights, tails = drawn_weights(n).T.astype(float), expanded_tails(n)
        alike = which[totals.n[which] == n]
        for some in np.split(alike, range(CELLS_AT_ONCE, len(alike), CELLS_AT_ONCE)):
            places = totals.firsts[some][:, None] + np.arange(n)
            sums, sizes = (both[:, places].reshape(-1, n) @ weights).reshape(2, len(some), RESAMPLES)
            low[some], high[some] = np.quantile(sums / sizes, tails, axis=1)


@overload
def student_reach(degrees: float) -> float: ...
@overload
def student_reach(degrees: NDArray[np.int64]) -> NDArray[np.float64]: ...
def student_reach(degrees: float | NDArray[np.int64]) -> float | NDArray[np.float64]:
    """Return how many standard errors a 95 % interval reaches to either side of a mean (Student 1908)."""
    reach = special.stdtrit(degrees, (1 + CONFIDENCE) / 2)
    return reach if isinstance(degrees, np.ndarray) else float(reach)


def resampled(n_clusters: int) -> NDArray[np.intp]:
    """Return ``RESAMPLES`` rows of cluster numbers drawn with replacement, always the same ones."""
    return np.random.default_rng(SEED).integers(0, n_clusters, size=(RESAMPLES, n_clusters))


def expanded_tails(n: int) -> tuple[float, float]:
    """Return the quantiles that a percentile bootstrap of ``n`` units takes for its 95 % interval.

    A plain percentile interval is too narrow in small samples: it has the normal's reach, not Student's, and
    the variance with n, not n - 1. Both are mended by wider quantiles (Hesterberg 2015, American Statistician
    69, "expanded percentile interval").
    """
    low = float(special.ndtr(-np.sqrt(n / (n - 1)) * student_reach(n - 1))) if n > 1 else 0.0
    return low, 1 - low


@lru_cache(maxsize=MAX_RESAMPLED)
def drawn_weights(n_clusters: int) -> NDArray[np.uint8]:
    """Return how often each resample (a row) holds each cluster (a column): kept, since many outlets have as many."""
    draws = resampled(n_clusters) + np.arange(RESAMPLES)[:, None] * n_clusters
    counts = np.bincount(draws.ravel(), minlength=draws.size)
    return counts.reshape(draws.shape).astype(np.uint8)  # 200 fit


def share_estimate(n_with: int, n: int) -> Estimate:
    """Return a share with its Wilson interval, as ``share_estimates`` does for many."""
    return share_estimates(np.array([n_with]), np.array([n])).one(0)


def share_estimates(n_with: NDArray[np.integer], n: NDArray[np.integer]) -> Estimates:
    """Return shares with their Wilson intervals (Wilson 1927), which hold for small and extreme shares."""
    of = np.maximum(n, 1)  # none of none is withheld like any small sample
    low, high = proportion_confint(n_with, of, alpha=1 - CONFIDENCE, method="wilson")
    # Agresti and Coull's centre keeps the variance of 0 % and 100 % above nothing
    centre = (n_with + 2) / (n + 4)
    columns = n_with / of, low, high, centre * (1 - centre) / (n + 4)
    estimate, low, high, variance = (np.where(n < MIN_SAMPLE, np.nan, column) for column in columns)
    return Estimates(n=n.astype(np.int64), estimate=estimate, low=low, high=high, variance=variance)


def shrink(estimates: Sequence[Estimate]) -> list[Estimate]:
    """Return the estimates with ``shrunk``: each drawn toward the pool of all, see ``shrunken``."""
    means = np.array([np.nan if one.estimate is None else one.estimate for one in estimates], dtype=float)
    variances = np.array([one.variance or np.nan for one in estimates], dtype=float)
    drawn = shrunken(means, variances)
    return [
        replace(one, shrunk=None if one.estimate is None else float(value))
        for one, value in zip(estimates, drawn, strict=True)
    ]


def shrunken(means: NDArray[np.float64], variances: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the means, each drawn toward the pool by tau^2 / (tau^2 + s^2/n).

    Empirical Bayes with the method-of-moments variance between groups of DerSimonian and Laird (1986).
    Groups without a figure (nan) stay without; those without a variance, and a group alone, stay as they are.
    """
    known = ~np.isnan(means) & (variances > 0)
    if known.sum() < 2:  # noqa: PLR2004 - a pool takes two
        return means
    values, within = means[known], variances[known]
    weights = 1 / within
    fixed = (weights * values).sum() / weights.sum()
    q = (weights * (values - fixed) ** 2).sum()
    scale = weights.sum() - (weights**2).sum() / weights.sum()
    between = max(0.0, (q - (len(values) - 1)) / scale) if scale else 0.0
    pooled_weights = 1 / (within + between)
    pool = (pooled_weights * values).sum() / pooled_weights.sum()
    trust = between / (between + within)
    drawn = means.copy()
    drawn[known] = trust * values + (1 - trust) * pool
    return drawn
