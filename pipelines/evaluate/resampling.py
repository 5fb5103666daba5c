"""Intervals of measured figures: percentile bootstrap over clusters (Efron & Tibshirani 1993)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

N_RESAMPLES = 500  # enough for two digits of a 95 % interval
_SEED = 20_140_601  # the same data give the same interval
_TAILS = (2.5, 97.5)
_MIN_CLUSTERS = 10  # with fewer, resampling them says little

Indices = NDArray[np.intp]


def bootstrap_interval(
    clusters: Sequence[str], statistic: Callable[[Indices], float]
) -> tuple[float | None, float | None]:
    """Return the 95 % interval of ``statistic`` (of row numbers), resampling whole clusters of rows.

    Both ends are None where there are too few clusters.
    """
    rows: dict[str, list[int]] = {}
    for row, cluster in enumerate(clusters):
        rows.setdefault(cluster, []).append(row)
    if len(rows) < _MIN_CLUSTERS:
        return None, None
    groups = [np.array(found) for found in rows.values()]
    generator = np.random.default_rng(_SEED)
    draws = (generator.integers(len(groups), size=len(groups)) for _ in range(N_RESAMPLES))
    values = [statistic(np.concatenate([groups[index] for index in draw])) for draw in draws]
    low, high = np.nanpercentile(values, _TAILS)
    return float(low), float(high)
