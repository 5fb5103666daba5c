"""What finding copies costs, as the archive grows: ``python benchmarks/copies.py [SIZE…]``.

Articles are synthetic: 400 words drawn by Zipf's law from 50,000, a fifth of them reprints (whole, cut to half, a
paragraph dropped, a local one added) of something that ran up to 1,000 articles before. Each size runs in a process of
its own, so that peak memory is its own. Times are CPU time without that of making the texts.

``--store`` measures a night instead: 4,000 new articles beside an archive of SIZE, through the store.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from pipelines.home import Home
from pipelines.progress import Progress
from pipelines.steps.judge import CLUSTER_BATCH, cluster
from pipelines.steps.run import Run
from tracker.config import Settings
from tracker.copies import ClusterRow, cluster_texts
from tracker.model import Article, stable_id
from tracker.store.articles import NewRevision
from tracker.store.writer import Store

SIZES = (10_000, 100_000, 1_000_000)
VOCABULARY, N_WORDS, N_PARAGRAPHS = 50_000, 400, 10
MEMORY = "1GB"  # what DuckDB may keep of the file at hand
SHARE_REPRINTED, REACH = 0.2, 1_000
START = datetime(2026, 1, 1, tzinfo=UTC)


class Texts:
    """Makes texts, and keeps the time that this takes."""

    def __init__(self, seed: int) -> None:
        self._draw = np.random.default_rng(seed)
        weights = 1 / np.arange(1, VOCABULARY + 1)
        self._cumulative = np.cumsum(weights) / weights.sum()
        self._words = np.array([stable_id("word", str(n))[: 3 + n % 8] for n in range(VOCABULARY)], dtype=object)
        self.family_of: list[int] = []  # by article: the first of its family
        self.seconds = 0.0

    def make(self, n: int) -> Iterator[tuple[int, list[str]]]:
        """Yield a number and paragraphs, ``n`` times."""
        recent: list[tuple[int, list[str]]] = []
        for number in range(n):
            began = time.process_time()
            if recent and self._draw.random() < SHARE_REPRINTED:
                family, source = recent[int(self._draw.integers(len(recent)))]
                paragraphs = self._reprinted(source, number % 4)
            else:
                family, paragraphs = number, self._paragraphs(N_PARAGRAPHS)
                recent.append((family, paragraphs))
                recent = recent[-REACH:]
            self.family_of.append(family)
            self.seconds += time.process_time() - began
            yield number, paragraphs

    def _paragraphs(self, n: int) -> list[str]:
        places = np.searchsorted(self._cumulative, self._draw.random(n * N_WORDS // N_PARAGRAPHS))
        words = self._words[places].reshape(n, -1)
        return [" ".join(row) for row in words.tolist()]

    def _reprinted(self, source: list[str], kind: int) -> list[str]:
        changed = (
            source,
            source[: len(source) // 2],
            source[:3] + source[4:],
            [*source[:2], *self._paragraphs(1), *source[2:]],
        )
        return list(changed[kind])


def measure_texts(size: int) -> None:
    """Cluster ``size`` texts as ``tracker cluster`` does."""
    texts = Texts(seed=1)
    rows = (
        ClusterRow(id=str(number), text="\n\n".join(paragraphs), published_at=START + timedelta(minutes=number))
        for number, paragraphs in texts.make(size)
    )
    began, wall = time.process_time(), time.monotonic()
    n_right = n_wrong = n_true = 0
    for number, one in enumerate(cluster_texts(rows)):
        is_copy = texts.family_of[number] != number
        n_true += is_copy
        if one.cluster is not None and not one.is_original:
            is_right = one.cluster == str(texts.family_of[number])
            n_right, n_wrong = n_right + is_right, n_wrong + (not is_right)
    cpu = time.process_time() - began - texts.seconds
    _say("cluster_texts", size, cpu / size, time.monotonic() - wall)
    print(f"    reprints {n_true}, joined to their original {n_right / n_true:.4f}, to another {n_wrong}")


def measure_store(size: int) -> None:
    """Cluster one night's articles beside an archive of ``size`` in the store, which another process has filled."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "state" / "master.duckdb"
        subprocess.run([sys.executable, __file__, str(size), "--here", "--fill", str(path)], check=True)
        with Store(path) as store:
            store.db.connection.execute(f"SET memory_limit = '{MEMORY}'")
            _measure_night(store, Path(name), size)


def _measure_night(store: Store, path: Path, size: int) -> None:
    home = Home(path=path, settings=Settings(), outlets=(), feeds=(), topics=())
    run = Run(home=home, store=store, now=START, is_replay=True, progress=Progress(verbosity=-1))
    texts = Texts(seed=2)
    made = list(texts.make(CLUSTER_BATCH))
    with store.transaction():
        store.articles.save_revisions([_revision(number, "\n\n".join(text)) for number, text in made])
    began, wall = time.process_time(), time.monotonic()
    cluster(run)
    _say("store", size, (time.process_time() - began) / CLUSTER_BATCH, time.monotonic() - wall)
    found = store.db.connection.execute("SELECT count(*) FROM internal.wire_members WHERE NOT is_original").fetchone()
    wanted = sum(family != number for number, family in enumerate(texts.family_of))
    print(f"    reprints {wanted}, found {found}")


def fill_store(size: int, path: Path) -> None:
    """Make a store of ``size`` articles that share nothing, but for copies of a fifth of them."""
    with Store(path) as store:
        run = store.db.connection.execute
        run("CREATE TEMP TABLE ids AS SELECT printf('%016x', hash(i)) AS article, i FROM range(?) t(i)", [size])
        run("CREATE TEMP MACRO band(i, j) AS (hash(i * 64 + j) >> 16)::UBIGINT")
        run("INSERT INTO internal.bands SELECT band(i, j), article FROM ids, range(52) b(j) ORDER BY i, j")
        run(
            "INSERT INTO internal.fingerprints SELECT article, 1, 'o', NULL, 400, 396, [], "
            "list_transform(range(52), lambda x: band(i, x)), "
            "list_transform(range(256), lambda x: (hash(i * 256 + x) >> 32)::UBIGINT), NULL FROM ids"
        )
        run(
            "INSERT INTO internal.copy_edges SELECT least(a.article, b.article), greatest(a.article, b.article), .9, 1 "
            "FROM ids a JOIN ids b ON b.i = a.i + 1 WHERE a.i % 5 = 0"
        )
        run(
            "INSERT INTO internal.articles BY NAME SELECT article, 'o' AS outlet, article AS url, "
            "article AS canonical_url, now()::TIMESTAMP AS first_seen_at, 'feed' AS via FROM ids"
        )
        run(
            "INSERT INTO revisions BY NAME SELECT article, 1 AS revision, article AS revision_hash, "
            "now()::TIMESTAMP AS seen_at, 'first' AS change_kind, 'Title ' || i AS title, "
            "repeat(article || ' ', 150) AS text, []::VARCHAR[] AS authors, 'news' AS kind, "
            "'whole' AS completeness, 150 AS word_count, 'x' AS extractor, 'x' AS extractor_version FROM ids"
        )


def _revision(number: int, text: str) -> NewRevision:
    name = stable_id("new", str(number))
    return NewRevision(
        article=name,
        outlet="o",
        url=name,
        canonical_url=name,
        entry=None,
        first_seen_at=START,
        via="feed",
        revision=1,
        revision_hash=name,
        seen_at=START,
        change_kind="first",
        change_note=None,
        content=Article(url=name, title=f"Title {number}", text=text),
        payload_digest=None,
    )


def _say(what: str, size: int, seconds: float, wall: float) -> None:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{what} {size:>9,}: {seconds * 1000:.3f} ms CPU an article, {wall:.0f} s in all, peak {peak:.0f} MiB",
        flush=True,
    )


def main() -> None:
    """Measure each size in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=list(SIZES))
    parser.add_argument("--store", action="store_true", help="one night beside an archive of that size")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--fill", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    for size in given.sizes:
        if given.fill:
            fill_store(size, given.fill)
        elif given.here:
            (measure_store if given.store else measure_texts)(size)
        else:
            options = ["--here", *(["--store"] if given.store else [])]
            subprocess.run([sys.executable, __file__, str(size), *options], check=True)


if __name__ == "__main__":
    main()
