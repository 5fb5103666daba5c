"""Figures that come of sums by day are those of the articles themselves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import duckdb
import numpy as np
import pytest

from tests.counted import STANCE, Counted, fill
from tracker.report import figures as figures_module
from tracker.report import intervals
from tracker.report.figures import figures
from tracker.report.intervals import Estimate, mean_estimate, shrink
from tracker.store.days import sum_days

Sample = list[tuple[str, float]]  # cluster and value of each article
CAMPS = (("outlet", None), ("quoted", "court"), ("quoted", None))


@pytest.fixture(scope="module")
def articles() -> list[Counted]:
    """Of three outlets over five days, a third in clusters that last some days and that an outlet may repeat."""
    random = np.random.default_rng(1)
    found = []
    for number in range(420):
        in_cluster = random.random() < 0.33
        found.append(
            Counted(
                f"article {number:03}",
                "abc"[random.integers(3)],
                int(random.integers(5)),
                f"cluster {random.integers(40):02}" if in_cluster else None,
                bool(in_cluster and random.random() < 0.7),
                bool(random.random() < 0.9),
                {part: float(random.normal(0.1, 0.4)) for part in ("headline", "body") if random.random() < 0.8},
                {camp: int(random.integers(200)) for camp in CAMPS if random.random() < 0.5},
                {term: int(random.integers(1, 4)) for term in STANCE if random.random() < 0.3},
            )
        )
    return found


def tone(one: Counted) -> dict[tuple[str | None, ...], float]:
    return {(part,): value for part, value in one.tones.items() if part == "headline" or one.is_whole}


def voices(one: Counted) -> dict[tuple[str | None, ...], float]:
    total = sum(one.words.values()) if one.is_whole else 0
    return {camp: n / total for camp, n in one.words.items()} if total else {}


def terms(one: Counted) -> dict[tuple[str | None, ...], float]:
    return {(term,): n / sum(one.names.values()) for term, n in one.names.items()}


def stances(one: Counted) -> dict[tuple[str | None, ...], float]:
    shares: dict[tuple[str | None, ...], float] = defaultdict(float)
    for (term,), share in terms(one).items():
        shares[STANCE[str(term)],] += share
    return dict(shares)


def samples(articles: list[Counted], table: str) -> Iterator[tuple[tuple[str | None, ...], Sample]]:
    """Yield key with outlet, and sample: what an article has none of is nought in it where others share its base."""
    of = {"sentiment": tone, "voices": voices, "terms": terms, "stances": stances}[table]
    known = sorted({kind for one in articles for kind in of(one)}, key=str)
    for outlet in sorted({one.outlet for one in articles}):
        theirs = [one for one in articles if one.outlet == outlet and of(one)]
        for kind in known:
            if table == "voices" and not any(kind in of(one) for one in theirs):
                continue
            meant = [one for one in theirs if table != "sentiment" or kind in of(one)]
            yield (*kind, outlet), [(one.cluster or one.article, of(one).get(kind, 0.0)) for one in meant]


def estimated(sample: Sample) -> Estimate:
    clusters, values = zip(*sorted(sample), strict=True)
    return mean_estimate(values, clusters)


KEYS = {
    "sentiment": ("part",),
    "voices": ("voice", "camp"),
    "terms": ("term",),
    "stances": ("stance",),
}


@pytest.mark.parametrize("most_resampled", [30, 1_000])  # clusters: below it most samples here are large, above it none
@pytest.mark.parametrize("table", KEYS)
@pytest.mark.parametrize("own", [False, True])
def test_figures_are_those_of_the_articles(
    articles: list[Counted], most_resampled: int, table: str, own: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (figures_module, intervals):
        monkeypatch.setattr(module, "MAX_RESAMPLED", most_resampled)
    intervals.drawn_weights.cache_clear()
    with duckdb.connect() as connection:
        fill(connection, articles)
        sum_days(connection)
        name = f"outlet_{'loaded_' if table in {'terms', 'stances'} else ''}{table}{'_own' if own else ''}"
        rows = figures(connection)[name].table.to_pylist()
    found = {(*(row[key] for key in KEYS[table]), row["outlet"]): row for row in rows}
    counted = [one for one in articles if not own or not one.is_copy]
    expected = dict(samples(counted, table))
    assert found.keys() == expected.keys()
    assert max(len({cluster for cluster, _ in sample}) for sample in expected.values()) > 30
    for kind in {key[:-1] for key in expected}:
        keys = [key for key in expected if key[:-1] == kind]
        for key, one in zip(keys, shrink([estimated(expected[key]) for key in keys]), strict=True):
            assert found[key]["n"] == one.n
            assert [found[key][name] for name in ("estimate", "low", "high", "shrunk")] == pytest.approx(
                [one.estimate, one.low, one.high, one.shrunk], abs=1e-10
            )
