"""Readers beside a writer: ``python -m benchmarks.readers [--minutes 10]``.

What ``tracker nightly`` does runs night after night on the demo's site, in one process, so that each night publishes
after seconds. Meanwhile four processes open the snapshot, work out the hash of its rows anew, search it and close it. A
torn read would show as an error or as a hash that is not the one that the snapshot says it has. Prints how often each
did so.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from multiprocessing.synchronize import Event
from pathlib import Path

import duckdb

from pipelines.demo_site import DemoSite, nights
from tests.integration.nights import Followed, make_home
from tracker.errors import TrackerError
from tracker.report.search import search
from tracker.report.snapshot_report import SnapshotReport
from tracker.store.publish import rows_hash
from tracker.store.snapshot import open_snapshot, snapshot_path

READERS = 4
PAUSE = 2.0  # seconds between two looks of a reader: four who never rest would leave the writer no processor
QUERY = "judge"


def read(home: Path, done: Event, counts: multiprocessing.Queue[Counter[str]]) -> None:
    """Read until told to end, then say how often, how many snapshots were met, and what went wrong."""
    counted: Counter[str] = Counter()
    seen: set[Path] = set()
    while not done.is_set():
        try:
            path = snapshot_path(home)
            with open_snapshot(path) as snapshot:
                said = snapshot.execute("SELECT rows_hash FROM snapshot_info").fetchall()
                counted["torn"] += said != [(rows_hash(snapshot),)]
            with SnapshotReport(path) as report:
                counted["found"] += search(report, QUERY, limit=1).n_found > 0
            seen.add(path)
        except (TrackerError, duckdb.Error, sqlite3.Error, OSError) as error:
            counted[f"error: {error}"] += 1
        counted["reads"] += 1
        time.sleep(PAUSE)
    counted["snapshots met"] = len(seen)
    counts.put(counted)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0)
    minutes = parser.parse_args().minutes
    published: set[str] = set()
    n_runs = 0
    with tempfile.TemporaryDirectory() as folder:
        home = make_home(Path(folder) / "home")
        times = nights()
        with DemoSite(times[0]) as site:
            followed = Followed(home, site)
            assert followed.play(times[0]).code in {0, 1}
            done, counts = multiprocessing.Event(), multiprocessing.Queue()
            readers = [multiprocessing.Process(target=read, args=(home, done, counts)) for _ in range(READERS)]
            for reader in readers:
                reader.start()
            until = time.monotonic() + minutes * 60
            while time.monotonic() < until:
                n_runs += 1
                assert followed.play(times[n_runs % len(times)]).code in {0, 1}
                published.add(snapshot_path(home).name)
            done.set()
            total = sum((counts.get() for _ in readers), Counter[str]())
            for reader in readers:
                reader.join()
    every = minutes * 60 / len(published)
    print(f"{minutes:g} minutes: {n_runs} runs published {len(published)} snapshots, one in {every:.1f} s")
    errors = {name: n for name, n in total.items() if name.startswith("error")}
    print(
        f"{READERS} readers: {total['reads']} reads and as many searches ({total['found']} with results), of "
        f"{total['snapshots met']} snapshots in all; torn: {total['torn']}; errors: {sum(errors.values())}"
        f"{'' if not errors else f' {errors}'}"
    )
    return int(bool(errors or total["torn"]))


if __name__ == "__main__":
    sys.exit(main())
