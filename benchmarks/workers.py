"""What a second worker saves, and a second core: the same WARC files taken in by one reading process and by two.

    python -m benchmarks.workers SET FOLDER [--rounds N] [--json FILE]

SET is what ``warc_set.py`` wrote, of at least eight files, so that both workers end together; FOLDER gets a home a
run. No page is left out. It goes by the clock and so wants a machine with two idle cores: processor seconds are
printed beside, which the number of workers should not change. ``mapping`` is until the last file is read (extracted,
matched, fingerprinted and scored), ``steps`` until all is stored among its copies, ``whole`` until it is published.

A worker is a process that goes through files; the command beside it writes what that answers, a fiftieth of the work,
and loads and publishes at the end, where DuckDB uses what cores there are. So one worker is timed both ways: held to
one core, with which two workers on two cores tell how the work scales, and on two, which tells what ``--workers 2``
saves.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path

from tracker.config import init_home

WAYS = {"one_core_one_worker": (1, 1), "two_cores_one_worker": (2, 1), "two_cores_two_workers": (2, 2)}
SPEEDUPS = ("mapping", "steps", "whole")
MEASURES = (*SPEEDUPS, "processor")


def take_in(files: Path, home: Path, cores: int, workers: int) -> dict[str, float]:
    """Return seconds of the clock until all is mapped, stored and published, and of processors. Raises RuntimeError."""
    allowed = os.sched_getaffinity(0)
    if len(allowed) < cores:
        raise RuntimeError(f"{cores} cores are wanted, {len(allowed)} may be used")
    shutil.rmtree(home, ignore_errors=True)
    init_home(home, feeds=False)
    command = [sys.executable, "-m", "pipelines.cli", "--home", str(home), "backfill", "warc", str(files)]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begun = time.monotonic()
    mapped = stored = 0.0
    os.sched_setaffinity(0, set(sorted(allowed)[:cores]))  # what is started from here inherits it
    with subprocess.Popen(
        [*command, "--workers", str(workers)], stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
    ) as process:
        for line in process.stderr or ():
            if re.match(r"\d+ of \d+ files read", line):
                mapped = time.monotonic() - begun
            elif publication := re.match(r"Published .* in ([\d.]+) s", line):
                stored = time.monotonic() - begun - float(publication[1])
    whole = time.monotonic() - begun
    os.sched_setaffinity(0, allowed)
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)}: ended with {process.returncode}")
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime
    return {"mapping": mapped, "steps": stored, "whole": whole, "processor": processor}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("set", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    best: dict[str, dict[str, float]] = {}
    for number in range(options.rounds):
        for name, (cores, workers) in WAYS.items():
            found = take_in(options.set, options.folder / name, cores, workers)
            known = best.get(name, found)
            best[name] = {measure: min(known[measure], found[measure]) for measure in MEASURES}
            print(f"round {number + 1}, {name}: {found}", flush=True)
    pinned, one, two = best.values()
    figures = {
        "rounds": options.rounds,
        "seconds": {name: {measure: round(seconds, 1) for measure, seconds in best[name].items()} for name in WAYS},
        "speedup": {
            measure: {
                "by_a_core_and_a_worker": round(pinned[measure] / two[measure], 3),
                "by_a_worker": round(one[measure] / two[measure], 3),
            }
            for measure in SPEEDUPS
        },
    }
    print(json.dumps(figures, indent=1))
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
