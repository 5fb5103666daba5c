"""What publishing and asking cost as a home grows from a thousand articles to a million.

    python -m benchmarks.growth FOLDER [--sizes N …] [--json FILE]

Homes are those of ``synthetic.py``, by size in FOLDER; one that is there is taken as it is, for a million takes its
time. Each is published twice in a process of its own, the index of words being up to date as each night's run leaves
it: first without a snapshot to take sums by day over from, then with that one. Seconds by the clock and of the
processor, peak memory of the whole process, sizes of files. Then the cookbook's queries (``cookbook.py``): the median
of five each, by the clock.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from typing import ParamSpec, TypeVar

from benchmarks.cookbook import timed
from benchmarks.synthetic import Size, make
from pipelines.progress import Progress
from pipelines.runs import Options, begun
from pipelines.steps.publish import publish
from tracker.store.publish import LINK
from tracker.store.search import index_of
from tracker.store.snapshot import snapshot_path

P = ParamSpec("P")
T = TypeVar("T")
SIZES = (1_000, 10_000, 100_000, 1_000_000)
OUTLETS = {1_000: 30, 10_000: 100, 100_000: 200}  # as many as a home of so many articles may follow
MOST_OUTLETS = 300
KB_PER_MB = 1_000  # what Linux counts memory in
LIMIT_MS = 1_000.0  # in which a query of the cookbook is to answer


def measured(home: Path, n: int) -> dict[str, float]:
    """Publish a home twice, ask its snapshot, and return what that cost."""
    (home / LINK).unlink(missing_ok=True)  # nothing to take sums over from
    with begun(home, "growth", Options(now=datetime.now(UTC)), Progress(log_format="text", verbosity=0)) as run:
        (wall, processor), (wall_again, processor_again) = (_seconds(lambda: publish(run)) for _ in range(2))
    snapshot = snapshot_path(home)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KB_PER_MB
    medians = [statistics.median(taken) for _, taken, _ in timed(home)]
    return {
        "seconds_to_publish": round(wall, 1),
        "seconds_to_publish_again": round(wall_again, 1),
        "processor_seconds_to_publish": round(processor, 1),
        "processor_seconds_to_publish_again": round(processor_again, 1),
        "processor_ms_per_article": round(processor / n * 1_000, 3),
        "peak_mb": round(peak),
        "snapshot_mb": round(snapshot.stat().st_size / 1e6),
        "index_of_words_mb": round(index_of(snapshot).stat().st_size / 1e6),
        "query_ms_median": round(statistics.median(medians), 1),
        "query_ms_slowest": round(max(medians), 1),
        "queries_above_a_second": sum(median > LIMIT_MS for median in medians),
    }


def _alone(work: Callable[P, T], *given: P.args, **named: P.kwargs) -> T:
    """Do it in a process of its own. Linux tells it as its peak what we hold when it starts, so we must hold little."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return process.submit(work, *given, **named).result()


def _seconds(work: Callable[[], object]) -> tuple[float, float]:
    """Do it, and return seconds by the clock and of the processor."""
    wall, processor = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - processor


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    figures = dict[str, dict[str, float]]()
    for n in given.sizes:
        home = given.folder / str(n)
        if not home.exists():
            size = Size(articles=n, outlets=OUTLETS.get(n, MOST_OUTLETS))
            _alone(make, home, size, Progress(log_format="text", verbosity=0))
        figures[f"{n:,}"] = _alone(measured, home, n)
        print(f"{n:,}: {figures[f'{n:,}']}", flush=True)
    if given.json:
        given.json.write_text(json.dumps({"articles": figures}, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
