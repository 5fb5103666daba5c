"""Do the figures keep their word? ``python -m benchmarks.inference [--draws 10000]``, some minutes on one core.

Samples with a known truth, put to the functions that make the published figures: how often 95 % intervals of a mean
and of a difference hold it, how many of the differences called such are none, and what shrinking saves. Below five
stories no figure is published; the interval that would be is measured all the same.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tracker.report import contrasts
from tracker.report.contrasts import adjusted, compare
from tracker.report.intervals import MIN_SAMPLE, Estimate, mean_estimates, shrink, student_reach
from tracker.report.phrases import Quantity

SIZES = (3, 5, 10, 30, 100, 150)  # two groups of 150 have more events than are resampled
TRUTH, SPREAD = 0.1, 0.15  # of stories' valences
BETWEEN = 0.06  # share of tone's variance that lies between outlets, as measured (docs/methods.md)
QUANTITY = Quantity(name="tone", more="more", less="less")
Draw = Callable[[np.random.Generator, tuple[int, ...]], NDArray[np.float64]]
# Means of sentences' valences, as stories have them: near normal; and with a tail, as a few stories make it.
SHAPES: dict[str, Draw] = {
    "normal": lambda generator, size: generator.normal(0, SPREAD, size),
    "skewed": lambda generator, size: SPREAD * (generator.gamma(8, 1, size) - 8) / 8**0.5,
}


def mean_coverage(draw: Draw, n: int, draws: int) -> float:
    """Return how often the interval of a mean of ``n`` stories holds the truth."""
    samples = TRUTH + draw(np.random.default_rng(n), (draws, n))
    cells, clusters = np.repeat(np.arange(draws), n), np.tile(np.arange(n), draws)
    found = mean_estimates(cells, clusters, samples.reshape(-1))
    low, high = found.low, found.high
    if n < MIN_SAMPLE:
        half = student_reach(n - 1) * samples.std(axis=1, ddof=1) / n**0.5
        low, high = samples.mean(axis=1) - half, samples.mean(axis=1) + half
    return float(((low <= TRUTH) & (high >= TRUTH)).mean())


def difference_coverage(draw: Draw, n: int, draws: int) -> float:
    """Return how often the interval of a difference of two groups of ``n`` stories holds the truth."""
    generator = np.random.default_rng(1000 + n)
    rows = pd.DataFrame(
        {
            "lean": ["left"] * n + ["right"] * n,
            "outlet": [f"outlet {place % 4} {side}" for side in "ab" for place in range(n)],
            "event": [f"{place:03}" for place in range(2 * n)],
        }
    )
    held = 0
    for _ in range(draws):
        left, right = TRUTH + draw(generator, (n,)), draw(generator, (n,))
        one = compare(
            rows.assign(value=np.concatenate([left, right])), quantity=QUANTITY, group_by="lean", a="left", b="right"
        )
        if n < MIN_SAMPLE:
            one = contrasts._welch(one, left, right)  # noqa: SLF001 - what is withheld is measured too
        held += one.low <= TRUTH <= one.high
    return held / draws


def false_discoveries(rounds: int) -> tuple[float, float]:
    """Return the mean share of false ones among the differences called such, and the share of true ones found.

    A round is twenty comparisons of 25 stories a side, five of them of groups that differ.
    """
    generator = np.random.default_rng(11)
    rows = pd.DataFrame({"lean": ["a"] * 25 + ["b"] * 25, "outlet": "o", "event": [str(n) for n in range(50)]})
    shares, found_true = [], 0
    for _ in range(rounds):
        made = [
            compare(
                rows.assign(value=np.concatenate([generator.normal(effect, 0.1, 25), generator.normal(0, 0.1, 25)])),
                quantity=QUANTITY,
                group_by="lean",
                a="a",
                b="b",
            )
            for effect in [0.12] * 5 + [0.0] * 15
        ]
        called = [one.is_distinguishable for one in adjusted(made)]
        shares.append(sum(called[5:]) / max(sum(called), 1))
        found_true += sum(called[:5])
    return float(np.mean(shares)), found_true / (5 * rounds)


def shrinkage(n: int, rounds: int = 400, n_outlets: int = 30) -> float:
    """Return by which share shrinking cuts the root mean squared error of outlets' means of ``n`` stories."""
    generator = np.random.default_rng(n)
    raw, shrunk = [], []
    for _ in range(rounds):
        truths = generator.normal(0, BETWEEN**0.5, n_outlets)
        stories = generator.normal(truths[:, None], (1 - BETWEEN) ** 0.5, (n_outlets, n))
        blank = Estimate(n=n, estimate=None, low=None, high=None)
        found = [replace(blank, estimate=float(row.mean()), variance=float(row.var(ddof=1)) / n) for row in stories]
        for truth, one in zip(truths, shrink(found), strict=True):
            raw.append(one.estimate - truth)
            shrunk.append(one.shrunk - truth)
    return float(1 - np.sqrt(np.mean(np.square(shrunk)) / np.mean(np.square(raw))))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--draws", type=int, default=10_000, help="samples of each size")
    draws = parser.parse_args().draws
    print(f"95 % intervals, {draws:,} samples of each size (Monte Carlo error {(0.95 * 0.05 / draws) ** 0.5:.3f})")
    print("of              shape   " + "".join(f"n={n:<6}" for n in SIZES))
    for name, measure in (("a mean", mean_coverage), ("a difference", difference_coverage)):
        for shape, draw in SHAPES.items():
            print(f"{name:<16}{shape:<8}" + "".join(f"{measure(draw, n, draws):<8.3f}" for n in SIZES), flush=True)
    rounds = max(draws // 10, 1)
    false, found = false_discoveries(rounds)
    print(f"false discoveries, {rounds:,} rounds of 20 comparisons, 5 true: {false:.3f}; true ones found: {found:.2f}")
    print(f"shrinkage cuts the error at n=5 by {shrinkage(5):.0%}, at n=20 by {shrinkage(20):.0%}")


if __name__ == "__main__":
    main()
