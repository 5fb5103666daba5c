"""What a second worker saves: the same WARC files taken in by one process that reads pages and by two, in turns.

    python -m benchmarks.workers SET FOLDER [--rounds N] [--json FILE]

SET is what ``warc_set.py`` wrote, of at least eight files, so that both workers end together; FOLDER gets a home a
run. No page is left out. It goes by the clock and so wants a machine with two idle cores: processor seconds are
printed beside, which the number of workers should not change. ``mapping`` is until the last file is read (extracted,
matched, fingerprinted and scored), ``whole`` includes what one process does afterwards: storing, copies, publication.
"""

from __future__ import annotations

import argparse
import json
import re
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path

from tracker.config import init_home

WORKERS = (1, 2)
MEASURES = ("mapping", "whole", "processor")


def take_in(files: Path, home: Path, workers: int) -> dict[str, float]:
    """Return seconds of the clock until all is mapped and until all is done, and of processors. Raises RuntimeError."""
    shutil.rmtree(home, ignore_errors=True)
    init_home(home, feeds=False)
    command = [sys.executable, "-m", "pipelines.cli", "--home", str(home), "backfill", "warc", str(files)]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begun = time.monotonic()
    mapped = 0.0
    with subprocess.Popen(
        [*command, "--workers", str(workers)], stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
    ) as process:
        for line in process.stderr or ():
            if re.match(r"\d+ of \d+ files read", line):
                mapped = time.monotonic() - begun
    whole = time.monotonic() - begun
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)}: ended with {process.returncode}")
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime
    return {"mapping": mapped, "whole": whole, "processor": processor}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("set", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    best: dict[int, dict[str, float]] = {}
    for number in range(options.rounds):
        for workers in WORKERS:
            found = take_in(options.set, options.folder / f"home-{workers}", workers)
            known = best.get(workers, found)
            best[workers] = {name: min(known[name], found[name]) for name in MEASURES}
            print(f"round {number + 1}, workers {workers}: {found}", flush=True)
    one, two = (best[workers] for workers in WORKERS)
    figures = {
        "rounds": options.rounds,
        "seconds": {f"workers_{workers}": {k: round(v, 1) for k, v in best[workers].items()} for workers in WORKERS},
        "speedup_of_mapping": round(one["mapping"] / two["mapping"], 3),
        "speedup_of_whole": round(one["whole"] / two["whole"], 3),
    }
    print(json.dumps(figures, indent=1))
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
