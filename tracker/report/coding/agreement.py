"""How far coders agree: Krippendorff's alpha with a bootstrap interval, and what they take for what."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import Literal, TypeAlias

import krippendorff
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tracker.report.coding.scheme import UNSURE, Variable, is_ordered
from tracker.report.intervals import MIN_SAMPLE, SEED, Estimate, student_reach

RELIABLE, TENTATIVE = 0.80, 0.667  # Krippendorff (2019), Content Analysis, 4th ed., 12.1
RESAMPLES = 1000  # of texts; the error of a standard error is then about 2 %
TWO = 2  # coders: below there is nothing to agree on
EDGE = 0.999  # Fisher's z of 1 is infinite

Counts: TypeAlias = NDArray[np.float64]  # one row a text, one column a value: how many coders gave it


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Coders' agreement on one variable. ``alpha.n`` are texts that two or more coded."""

    variable: str
    alpha: Estimate
    coders: tuple[str, ...]
    share_same: float | None  # of pairs of codes

    @property
    def reading(self) -> str:
        """What alpha allows: reliable, tentative, experimental, or unknown."""
        return reading_of(self.alpha.estimate)

    def sentence(self) -> str:
        """Return the agreement in words that can be quoted."""
        name = self.variable.replace("_", " ").replace(":", " ")
        alpha = self.alpha
        if alpha.estimate is None or alpha.low is None or alpha.high is None:
            return f"{name}: {alpha.n} texts coded by two or more are too few, or too alike, to say how far they agree."
        return (
            f"{name}: Krippendorff's alpha {alpha.estimate:.2f} (95 % interval {alpha.low:.2f} to {alpha.high:.2f}, "
            f"{alpha.n} texts, {len(self.coders)} coders), {self.reading}."
        )


def reading_of(alpha: float | None) -> str:
    """Return how Krippendorff reads an alpha."""
    if alpha is None:
        return "unknown"
    return "reliable" if alpha >= RELIABLE else "tentative" if alpha >= TENTATIVE else "experimental"


def agreement(codes: pd.DataFrame, variable: Variable) -> Agreement:
    """Return how far coders agree on a variable.

    ``codes`` has article, coder, is_final, variable, value; what settles is no coder's first reading and stays out,
    and so does "unsure".
    """
    rows = _first_readings(codes, variable.variable)
    counts = _counts(rows, variable)
    coders = tuple(sorted(rows["coder"].unique()))
    alpha = alpha_of(counts, is_ordered=is_ordered(variable))
    return Agreement(variable=variable.variable, alpha=alpha, coders=coders, share_same=_share_same(counts))


def alpha_of(counts: Counts, *, is_ordered: bool = False) -> Estimate:
    """Return alpha of texts (rows) by values (columns); withheld below five texts and where all codes are the same."""
    if len(counts) < MIN_SAMPLE or (counts.sum(axis=0) > 0).sum() < TWO:
        return Estimate(n=len(counts), estimate=None, low=None, high=None)
    level: Literal["ordinal", "nominal"] = "ordinal" if is_ordered else "nominal"
    value = float(krippendorff.alpha(value_counts=counts, level_of_measurement=level))
    low, high = _interval(counts, value, is_ordered=is_ordered)
    return Estimate(n=len(counts), estimate=value, low=low, high=high)


def confusion(codes: pd.DataFrame, variable: str) -> pd.DataFrame:
    """Return coder_a, coder_b, value_a, value_b, n: what one coder took for what, "unsure" included."""
    rows = codes[(codes["variable"] == variable) & ~codes["is_final"].astype(bool)]
    found = []
    for a, b in combinations(sorted(rows["coder"].unique()), 2):
        both = rows[rows["coder"] == a].merge(rows[rows["coder"] == b], on="article", suffixes=("_a", "_b"))
        n = both.groupby(["coder_a", "coder_b", "value_a", "value_b"]).size().rename("n").reset_index()
        found.append(n)
    columns = ["coder_a", "coder_b", "value_a", "value_b", "n"]
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=columns)


def _first_readings(codes: pd.DataFrame, variable: str) -> pd.DataFrame:
    is_meant = (codes["variable"] == variable) & ~codes["is_final"].astype(bool) & (codes["value"] != UNSURE)
    return codes[is_meant]


def _counts(rows: pd.DataFrame, variable: Variable) -> Counts:
    """Return how many coders gave each value to each text that at least two coded."""
    places, names = pd.factorize(rows["article"], sort=True)
    values = pd.Index(variable.options).get_indexer(pd.Index(rows["value"]))
    counts: Counts = np.zeros((len(names), len(variable.options)))
    np.add.at(counts, (places[values >= 0], values[values >= 0]), 1)
    counts = counts[counts.sum(axis=1) >= TWO]
    return counts[:, counts.any(axis=0)]


def _share_same(counts: Counts) -> float | None:
    coders = counts.sum(axis=1)
    pairs = float((coders * (coders - 1)).sum())
    return float((counts * (counts - 1)).sum()) / pairs if pairs else None


def _interval(counts: Counts, value: float, *, is_ordered: bool) -> tuple[float, float]:
    """Return an interval symmetric on Fisher's z scale, its standard error from resampled texts.

    Plain percentiles cover .93 where a class is rare (docs/methods.md).
    """
    z = np.arctanh(np.clip(resampled_alphas(counts, is_ordered=is_ordered), -EDGE, EDGE))
    centre, half = float(np.arctanh(np.clip(value, -EDGE, EDGE))), student_reach(len(counts) - 1) * float(z.std())
    return float(np.tanh(centre - half)), min(float(np.tanh(centre + half)), 1.0)


def resampled_alphas(counts: Counts, *, is_ordered: bool = False) -> Counts:
    """Return alpha of ``RESAMPLES`` draws of texts, all at once: the library takes them one by one.

    Alpha is 1 − observed ÷ expected disagreement; of a resample the former is a sum of texts' own, the latter
    a sum over pairs of values (Krippendorff 2019, 12.2). A test holds this to the library.
    """
    n = len(counts)
    counts, times = np.unique(
        counts, axis=0, return_counts=True
    )  # texts coded alike are drawn together: it is the same
    draws = np.random.default_rng(SEED).multinomial(n, times / n, size=RESAMPLES).astype(float)
    totals = draws @ counts
    size = totals.sum(axis=1)
    coders = counts.sum(axis=1, keepdims=True)
    within = np.einsum("ui,uj->uij", counts, counts) / (coders - 1)[:, :, None]
    coincidences = np.tensordot(draws, within, axes=1)
    expected = np.einsum("ri,rj->rij", totals, totals) / (size - 1)[:, None, None]
    distances = _ordinal(totals) if is_ordered else 1 - np.eye(counts.shape[1])[None]
    observed, by_chance = (coincidences * distances).sum(axis=(1, 2)), (expected * distances).sum(axis=(1, 2))
    return np.where(by_chance > 0, 1 - observed / np.where(by_chance > 0, by_chance, 1), 1.0)


def _ordinal(totals: Counts) -> Counts:
    """Return the squared ordinal distances between values: the ranks that lie between them."""
    middle = np.cumsum(totals, axis=1) - totals / 2
    return np.square(middle[:, :, None] - middle[:, None, :])
