"""Do checks by people give back what is true? ``python -m benchmarks.coding [--home DIR] [--runs 1000]``, two minutes.

Archives are drawn with replacement from the bundled corpus, with what the machine says of each text (``--home``: a
home that ``tracker demo`` filled; without it one is made in a temporary folder). What is true of a text is drawn with
known error rates of the machine, a sample is drawn as for ``tracker coding export``, two coders read it with known
error rates of their own, a third settles what they differ on, and all of it goes to the function that makes the
published figures. Printed is how often its 95 % intervals hold the truth, by variable.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from collections import Counter
from contextlib import redirect_stdout
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from sys import stderr
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipelines.demo import run_demo
from pipelines.progress import Progress
from tracker.config import bundled_topic
from tracker.report.coding.checked import scheme
from tracker.report.coding.draw import draw
from tracker.report.coding.scheme import FRAME, NO, RELEVANCE, YES, Variable
from tracker.report.coding.texts import CODES, frame_of_samples, texts
from tracker.report.coding.validity import Validity, check, machine_says
from tracker.report.intervals import Estimate
from tracker.report.snapshot_report import SnapshotReport
from tracker.store.snapshot import snapshot_path

TOPIC = bundled_topic().topic
ARCHIVE, SAMPLE = 1_000, 200  # texts: the corpus has 144 that are no copies, too few to draw 200 from
START = datetime(2025, 6, 1, tzinfo=UTC)
CODERS: Final = {"ana": 0.03, "bo": 0.06}  # how often each gives the wrong one of yes and no
FIGURES = ("alpha", "precision", "recall", "f1", "corrected", "naive")

Truth = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Error:
    """How the machine errs: how often its yes is right (precision), and how often yes is true where it says no."""

    precision: float
    omitted: float

    def chance(self, said: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the chance that yes is true, by what the machine says."""
        return np.where(said > 0, self.precision, self.omitted)


ERRORS: Final = {
    RELEVANCE: Error(precision=0.85, omitted=0.03),
    f"{FRAME}crime": Error(precision=0.70, omitted=0.10),
    f"{FRAME}economic": Error(precision=0.60, omitted=0.05),
    f"{FRAME}political": Error(precision=0.80, omitted=0.20),
}


def known(corpus: pd.DataFrame, archive: pd.DataFrame) -> dict[str, dict[str, float]]:
    """Return what is true of each variable: of the archive how well the machine does, of the corpus the share."""
    found = {}
    for name, error in ERRORS.items():
        said, everywhere = (float(machine_says(_domain(texts, name), name, YES).mean()) for texts in (archive, corpus))
        true, share = (one * error.precision + (1 - one) * error.omitted for one in (said, everywhere))
        right = said * error.precision
        found[name] = {"precision": error.precision, "recall": right / true, "f1": 2 * right / (said + true)}
        found[name] |= {"corrected": share, "naive": share}
    return found


def _domain(texts: pd.DataFrame, name: str) -> pd.DataFrame:
    return texts if name == RELEVANCE else texts[texts["is_on_topic"] & texts["is_scored"]]


def coded(sampled: pd.DataFrame, generator: np.random.Generator) -> tuple[pd.DataFrame, dict[str, tuple[float, int]]]:
    """Return what two coders and a third say of sampled texts, and the share and number behind each alpha.

    A coder who takes a text to be off the topic leaves the rest out, and so does the third where that is settled. The
    share is that of codes that say yes where two coded, as the errors let expect.
    """
    rows: list[tuple[object, ...]] = []
    expected = {}
    everything = np.ones(len(sampled), dtype=bool)
    read, is_on = dict.fromkeys(CODERS, everything), everything
    for name, error in ERRORS.items():
        chance = error.chance(machine_says(sampled, name, YES))
        truth = generator.random(len(sampled)) < chance
        said = {who: truth ^ (generator.random(len(sampled)) < rate) for who, rate in CODERS.items()}
        both = np.logical_and.reduce([*read.values()])
        means = [chance[both] * (1 - rate) + (1 - chance[both]) * rate for rate in CODERS.values()]
        expected[name] = (float(np.mean(means)), int(both.sum()))
        first, second = said.values()
        settles = is_on & (~both | (first ^ second))
        for who, values, chosen in (*((who, said[who], read[who]) for who in CODERS), ("cy", truth, settles)):
            rows += [
                (article, 1, who, who == "cy", name, YES if value else NO)
                for article, value in zip(sampled["article"][chosen], values[chosen], strict=True)
            ]
        if name == RELEVANCE:
            read, is_on = said, np.where(first ^ second, truth, first)
    return pd.DataFrame.from_records(rows, columns=list(CODES)), expected


def simulate(corpus: pd.DataFrame, variables: tuple[Variable, ...], runs: int) -> dict[str, Counter[str]]:
    """Return by variable and figure in how many of ``runs`` archives the interval holds the truth."""
    asked = tuple(one for one in variables if one.variable in ERRORS)
    held = {name: Counter[str]() for name in ERRORS}
    alphas: dict[str, list[Estimate]] = {name: [] for name in ERRORS}
    shares: dict[str, list[tuple[float, int]]] = {name: [] for name in ERRORS}
    for run in range(runs):
        generator = np.random.default_rng(run)
        archive = corpus.iloc[generator.integers(0, len(corpus), ARCHIVE)].reset_index(drop=True)
        archive = archive.assign(article=[f"a{place:05}" for place in range(ARCHIVE)], revision=1)
        samples = frame_of_samples(draw(archive, TOPIC, SAMPLE, START + timedelta(seconds=run)), TOPIC)
        codes, expected = coded(archive[archive["article"].isin(samples["article"])], generator)
        found = check(TOPIC, archive, codes, samples, asked)
        for name, truths in known(corpus, archive).items():
            one, agreed = found.of(name), found.agreement(name)
            if one is None or agreed is None:
                raise RuntimeError(f"{name}: nothing was coded in run {run}")
            held[name].update(figure for figure, value in truths.items() if _holds(_figure(one, figure), value))
            alphas[name].append(agreed.alpha)
            shares[name].append(expected[name])
    for name, found_alphas in alphas.items():
        alpha = _alpha(shares[name])
        held[name]["alpha"] = sum(_holds(one, alpha) for one in found_alphas)
    return held


def _figure(one: Validity, name: str) -> Estimate:
    figures = {"precision": one.precision, "recall": one.recall, "f1": one.f1, "corrected": one.corrected}
    return figures.get(name, one.share)


def _holds(one: Estimate, value: float) -> bool:
    return one.low is not None and one.high is not None and one.low <= value <= one.high


def _alpha(shares: list[tuple[float, int]]) -> float:
    """Return the alpha that coders' errors come to where so large a share of the codes is yes."""
    yes = np.average([share for share, _ in shares], weights=[n for _, n in shares])
    a, b = CODERS.values()
    return float(1 - (a * (1 - b) + b * (1 - a)) / (2 * yes * (1 - yes)))


def corpus_of(home: Path) -> tuple[pd.DataFrame, tuple[Variable, ...]]:
    """Return the latest version of each text of a home that is no copy, and what is coded of the topic."""
    with SnapshotReport(snapshot_path(home)) as report:
        found = texts(report.frame, TOPIC)
        return found[found["is_latest"]].reset_index(drop=True), scheme(report.frame, TOPIC)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path, help="filled by 'tracker demo'")
    parser.add_argument("--runs", type=int, default=1_000, help="archives")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if given.home is None:
            with redirect_stdout(stderr):
                asyncio.run(run_demo(Path(folder) / "demo", Progress()))
        corpus, variables = corpus_of(given.home or Path(folder) / "demo")
    truths, held = known(corpus, corpus), simulate(corpus, variables, given.runs)
    print(
        f"{given.runs:,} archives of {ARCHIVE:,} texts, drawn with replacement from {len(corpus)} of the demo; "
        f"of each {SAMPLE} coded by two who err in {' and '.join(f'{rate:.0%}' for rate in CODERS.values())}"
    )
    print(f"share of 95 % intervals that hold the truth (Monte Carlo error {(0.95 * 0.05 / given.runs) ** 0.5:.3f})")
    print(f"{'variable':<18}{'precision':>10}{'recall':>8}{'share':>7}   " + "".join(f"{name:>11}" for name in FIGURES))
    for name, one in truths.items():
        rates = "".join(f"{held[name][figure] / given.runs:>11.3f}" for figure in FIGURES)
        print(f"{name:<18}{one['precision']:>10.2f}{one['recall']:>8.2f}{one['corrected']:>7.2f}   {rates}")


if __name__ == "__main__":
    main()
