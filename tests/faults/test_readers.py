"""While a run works and publishes, readers never see an error."""

from __future__ import annotations

import subprocess
import sys
import threading
import time

import duckdb
import pytest

from pipelines.demo_site import DemoSite, nights
from tests.faults.nightly_runs import finish, start
from tests.integration.nights import make_home
from tests.snapshots import SCORERS, HomeBuilder, usual_pieces
from tracker.errors import TrackerError
from tracker.report.figures import published
from tracker.store.publish import Provenance, publish
from tracker.store.snapshot import open_snapshot, snapshot_path
from tracker.store.writer import Store

ONLY = ("docket-and-code", "newcomers-defense", "undertow")
QUERY = "SELECT count(*), max(rows_hash) FROM articles CROSS JOIN snapshot_info"


class _Readers:
    """Threads that open the snapshot, ask it and close it, again and again, as ``tracker sql`` does."""

    def __init__(self, home, n: int = 2) -> None:
        self.home = home
        self.n_read = 0
        self.seen: set[str] = set()
        self.errors: list[Exception] = []
        self._done = threading.Event()
        self._threads = [threading.Thread(target=self._loop) for _ in range(n)]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        for thread in self._threads:
            thread.join()

    def _loop(self) -> None:
        while not self._done.is_set():
            try:
                with open_snapshot(snapshot_path(self.home)) as snapshot:
                    rows = snapshot.execute(QUERY).fetchall()
            except (TrackerError, duckdb.Error, OSError) as error:
                self.errors.append(error)
                return
            self.n_read += 1
            self.seen.add(str(rows))
            time.sleep(0.1)  # leave the writer most of the machine


@pytest.mark.timeout(240)
def test_readers_see_no_error_while_a_night_runs_and_publishes(tmp_path, capfd):
    home = make_home(tmp_path / "home")
    first, second = nights()[4:6]
    tracker = [sys.executable, "-c", "from pipelines.cli import main; main()", "--home", str(home)]
    with DemoSite(first) as site:
        finish(start(home, site, first, only=ONLY))
        kept = open_snapshot(snapshot_path(home))
        before = kept.execute(QUERY).fetchall()
        n_asked = 0
        with _Readers(home) as readers:
            run = start(home, site, second, only=ONLY)
            while run.poll() is None:
                done = subprocess.run([*tracker, "sql", QUERY], capture_output=True, check=False)
                assert done.returncode == 0, done.stderr.decode()
                n_asked += 1
                time.sleep(0.3)
            finish(run)
            time.sleep(0.2)
        assert kept.execute(QUERY).fetchall() == before  # an open reader keeps its file
        kept.close()
    assert readers.errors == []
    assert readers.n_read > 10
    assert len(readers.seen) == 2  # before, and what was published meanwhile
    with capfd.disabled():
        print(f"\nreaders: {readers.n_read} opens and {n_asked} runs of 'tracker sql', no error")  # noqa: T201


@pytest.mark.timeout(120)
def test_readers_see_no_error_while_one_snapshot_after_another_is_published(tmp_path):
    home = tmp_path
    HomeBuilder(home).build(usual_pieces())
    with Store(home / "state" / "master.duckdb") as store, _Readers(home) as readers:
        for number in range(5):
            provenance = Provenance(
                as_of=nights()[0],
                run=f"run {number}",
                code_version="t",
                timezone="UTC",
                scorers=SCORERS,
                default_scorer="tone",
            )
            store.entries.db.set_state("number", str(number))
            publish(store.db.connection, store.path, home, provenance, published, keep=2)
            time.sleep(0.05)
    assert readers.errors == []
    assert readers.n_read > 10
