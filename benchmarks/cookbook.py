"""How long the cookbook's questions take: ``python -m benchmarks.cookbook HOME [--limit-ms 1000]``.

Every query of docs/sql-cookbook.md on the home's snapshot, opened as ``tracker sql`` opens it: the best and the median
of five, by the clock. Ends with 1 where a median is above the limit. ``benchmarks.synthetic`` makes homes of any size.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from pipelines.cookbook import PAGE, queries
from tracker.store.snapshot import open_snapshot, snapshot_path

TIMES = 5


def timed(home: Path) -> Iterator[tuple[str, list[float], int]]:
    """Yield each query's title, the milliseconds that it took each time, and how many rows it gives."""
    page = PAGE.read_text(encoding="utf-8")
    titles = [part.partition("\n")[0] for part in page.split("\n## ")[1:]]
    with open_snapshot(snapshot_path(home)) as snapshot:
        for title, query in zip(titles, queries(page), strict=True):
            taken, n_rows = [], 0
            for _ in range(TIMES):
                begun = time.perf_counter()
                n_rows = len(snapshot.execute(query).fetchall())
                taken.append((time.perf_counter() - begun) * 1_000)
            yield title, taken, n_rows


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("home", type=Path)
    parser.add_argument("--limit-ms", type=float, default=1_000.0)
    given = parser.parse_args()
    medians = []
    for title, taken, n_rows in timed(given.home):
        medians.append(statistics.median(taken))
        print(f"{medians[-1]:8.1f} ms  best {min(taken):8.1f}  {n_rows:6} rows  {title}", flush=True)
    print(f"{len(medians)} queries, slowest {max(medians):.0f} ms, limit {given.limit_ms:g} ms")
    return int(max(medians) > given.limit_ms)


if __name__ == "__main__":
    sys.exit(main())
