"""Kill -9 of a worker, of the scheduler and of the driver at random moments: afterwards every row is there, once.

    python benchmarks/kills.py FOLDER [--kills N] [--records N] [--files N] [--pages PAGES.jsonl] [--json FILE]

One home takes in a small set undisturbed. Then, N times for each victim, another one does so by a dask scheduler and
two workers, each a process, and the victim is killed at a moment drawn from the length of an undisturbed run. A worker
is the process of dask that maps shards or the one that reads pages for it, by turns; nobody starts anything anew for
that. After the scheduler's or the driver's death what died is started again, and the same command. Every table is then
compared.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).parent))
from same_rows import differences, make_home
from warc_set import Maker, write

VICTIMS = ("worker", "scheduler", "driver")
PATIENCE = 1_200  # seconds


class Cluster:
    """A scheduler and two workers, each started as people start them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.start()

    def start(self) -> None:
        """Start all three; those of before are gone."""
        file = self._folder / "scheduler.json"
        file.unlink(missing_ok=True)
        log = (self._folder / "cluster.log").open("ab")
        names = ("--scheduler-file", str(file), "--no-dashboard")
        self.scheduler = _dask(["scheduler", "--host", "127.0.0.1", "--port", "0", *names], log)
        while not file.exists():
            time.sleep(0.1)
        place = ("--local-directory", str(self._folder / "dask"), "--nthreads", "1")
        self.workers = [_dask(["worker", *names, *place], log) for _ in range(2)]
        self.address = json.loads(file.read_text())["address"]

    def stop(self) -> None:
        """End all three and what they started."""
        for one in (*self.workers, self.scheduler):
            _kill_tree(one)

    def worker_parts(self, kind: str) -> list[psutil.Process]:
        """Return the processes that map shards (``mapping``), or those that read pages for them (``reading``)."""
        found = [part for worker in self.workers for part in _children(worker)]
        return [one for one in found if _is_reader(one) == (kind == "reading") and "resource_tracker" not in _said(one)]


def _dask(arguments: Sequence[str], log: object) -> psutil.Process:
    command = [sys.executable, "-m", "dask", *arguments]
    return psutil.Process(subprocess.Popen(command, stdout=log, stderr=log).pid)  # type: ignore[arg-type]


def _children(process: psutil.Process) -> list[psutil.Process]:
    try:
        return list(process.children(recursive=True))
    except psutil.NoSuchProcess:
        return []


def _said(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""


def _is_reader(process: psutil.Process) -> bool:
    return "pipelines.scaleout.reader" in _said(process)


def _kill_tree(process: psutil.Process) -> None:
    for one in (process, *_children(process)):
        try:
            one.kill()
        except psutil.NoSuchProcess:
            continue


def command(home: Path, warcs: Path, *rest: str) -> subprocess.Popen[bytes]:
    """Start a backfill of the set."""
    arguments = ["--home", str(home), "-q", "backfill", "warc", str(warcs), *rest]
    return subprocess.Popen(
        [sys.executable, "-m", "pipelines.cli", *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )


def finish(process: subprocess.Popen[bytes]) -> tuple[int, str]:
    """Wait for a run to end; return its exit code and what it said."""
    _, said = process.communicate(timeout=PATIENCE)
    return process.returncode, said.decode()


@contextmanager
def cluster(folder: Path) -> Iterator[Cluster]:
    """Start a cluster; it is gone when the block is left."""
    one = Cluster(folder)
    try:
        yield one
    finally:
        one.stop()


def disturbed(victim: str, dask: Cluster, home: Path, warcs: Path, *, moment: float, kind: str) -> str:
    """Run to the end with one kill on the way; return what was killed, or nothing where the run had ended."""
    driver = command(home, warcs, "--engine", "dask", "--scheduler", dask.address)
    time.sleep(moment)
    if driver.poll() is not None:
        return ""
    if victim == "worker":
        parts = dask.worker_parts(kind) or dask.worker_parts("mapping")
        parts[0].kill()
        code, said = finish(driver)
        assert code == 0, said
        return kind
    if victim == "driver":
        driver.kill()
        driver.communicate(timeout=PATIENCE)
    else:
        dask.scheduler.kill()
        code, said = finish(driver)
        assert "Traceback" not in said, said
        dask.stop()
        dask.start()
    code, said = finish(command(home, warcs, "--engine", "dask", "--scheduler", dask.address))
    assert code == 0, said
    return victim


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--records", type=int, default=24)
    parser.add_argument("--files", type=int, default=3)
    parser.add_argument("--pages", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--victims", nargs="+", default=list(VICTIMS), choices=VICTIMS)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    chance = random.Random(options.seed)  # noqa: S311 - moments to kill at
    shutil.rmtree(options.folder, ignore_errors=True)
    warcs, reference = options.folder / "set", options.folder / "undisturbed"
    maker = Maker(options.pages, 0.3, 3, step=0)
    write(warcs, maker, options.records, options.files)
    make_home(reference, maker, options.records)
    with cluster(options.folder) as dask:
        begun = time.monotonic()
        code, said = finish(command(reference, warcs, "--engine", "dask", "--scheduler", dask.address))
        assert code == 0, said
        length = time.monotonic() - begun
        print(f"undisturbed: {length:.0f} s", flush=True)
        figures: dict[str, dict[str, int]] = {}
        for victim in options.victims:
            counts = figures[victim] = {"kills": 0, "rows_that_differ": 0}
            while counts["kills"] < options.kills:
                home = options.folder / "home"
                shutil.rmtree(home, ignore_errors=True)
                make_home(home, maker, options.records)
                moment = chance.uniform(0, length)
                kind = ("mapping", "reading")[counts["kills"] % 2]
                killed = disturbed(victim, dask, home, warcs, moment=moment, kind=kind)
                if killed:
                    rows = differences(reference, home)
                    differ = sum(alone for _, _, alone, _ in rows.values())
                    counts["kills"] += 1
                    counts["rows_that_differ"] += differ
                    print(f"{victim}: {killed} killed after {moment:.1f} s, {differ} rows differ", flush=True)
                    assert sum(n for n, *_ in rows.values()) > options.records
                    if options.json:  # each time: what was seen stands, whatever comes
                        options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
