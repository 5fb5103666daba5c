"""Readers beside a writer: ``python -m benchmarks.readers [--minutes 10]``.

``tracker nightly`` runs night after night on the demo's site and publishes every few seconds, while four processes open
the snapshot, work out the hash of its rows anew, search it, and close it. A torn read would show as an error or as
a hash that is not the one that the snapshot says it has. Prints how often each did so.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from datetime import datetime
from multiprocessing.synchronize import Event
from pathlib import Path

import duckdb

from pipelines.demo_site import DemoSite, nights
from tests.integration.nights import make_home
from tracker.errors import TrackerError
from tracker.report.search import search
from tracker.report.snapshot_report import SnapshotReport
from tracker.store.publish import rows_hash
from tracker.store.snapshot import open_snapshot, snapshot_path

READERS = 4
EVERY = 3.0  # seconds between two publications of a run
PAUSE = 0.5  # seconds between two looks of a reader: four who never rest would leave the writer no processor
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


def start(home: Path, site: DemoSite, now: datetime) -> subprocess.Popen[bytes]:
    """Start one night's run through the site's proxy."""
    site.set_now(now)
    environment = {name: value for name, value in os.environ.items() if name.lower() not in {"no_proxy", "all_proxy"}}
    environment |= dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"), site.proxy_url)
    environment["TRACKER_PUBLISH__EVERY_MINUTES"] = str(EVERY / 60)
    program = "from pipelines.cli import main; main()"
    arguments = ["--home", str(home), "-q", "nightly", "--all-entries", "--now", now.isoformat()]
    return subprocess.Popen([sys.executable, "-c", program, *arguments], env=environment, stdout=subprocess.DEVNULL)


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
            assert start(home, site, times[0]).wait() in {0, 1}
            done, counts = multiprocessing.Event(), multiprocessing.Queue()
            readers = [multiprocessing.Process(target=read, args=(home, done, counts)) for _ in range(READERS)]
            for reader in readers:
                reader.start()
            until = time.monotonic() + minutes * 60
            while time.monotonic() < until:
                n_runs += 1
                run = start(home, site, times[n_runs % len(times)])
                while run.poll() is None:
                    published.add(snapshot_path(home).name)
                    time.sleep(0.2)
                assert run.returncode in {0, 1}
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
