"""Take in a set of WARC files and watch it: memory of all its processes, and the rate from the first to the last tenth.

    python benchmarks/stream.py SET HOME [--workers N] [--text WORDS] [--json FILE]

SET is what ``warc_set.py`` wrote; HOME is made anew by ``tracker init``. Each file of the set is a tenth of the work
where there are ten, and one worker: what more workers have half done is counted with a later tenth, so that the first
comes out low and the last high. The rate of a tenth is its pages by the processor time that all processes used
meanwhile: what else the machine does slows the clock, not that. Memory is proportional (PSS): what processes share,
such as the code of libraries, counts once.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil

from tracker.config import init_home

EVERY = 0.5  # seconds between two looks


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("set", type=Path)
    parser.add_argument("home", type=Path)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--text", default="Internal Revenue Service")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    shutil.rmtree(options.home, ignore_errors=True)
    init_home(options.home, feeds=False)
    arguments = ["backfill", "warc", str(options.set), "--text", options.text, "--workers", str(options.workers)]
    process = subprocess.Popen(
        [sys.executable, "-m", "pipelines.cli", "--home", str(options.home), *arguments],
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    watched = psutil.Process(process.pid)
    peaks: list[tuple[float, int, float]] = []  # seconds, bytes held by all processes, their processor seconds
    told: list[tuple[float, int, int, float]] = []  # seconds, files done, pages, processor seconds
    begun = time.monotonic()
    used: dict[int, float] = {}

    def watch() -> None:
        while process.poll() is None:
            held = 0
            for one in [watched, *watched.children(recursive=True)]:
                try:
                    held += one.memory_full_info().pss
                    used[one.pid] = sum(one.cpu_times()[:2])
                except psutil.Error:  # it ended meanwhile
                    continue
            peaks.append((time.monotonic() - begun, held, sum(used.values())))
            time.sleep(EVERY)

    watcher = threading.Thread(target=watch)
    watcher.start()
    for line in process.stderr or ():
        print(line.rstrip(), flush=True)
        if found := re.match(r"(\d+) of \d+ files read, (\d+) pages", line):
            told.append((time.monotonic() - begun, int(found[1]), int(found[2]), sum(used.values())))
    print("".join(list(process.stdout or ())[-4:]))
    watcher.join()
    rates = [
        round((later[2] - earlier[2]) / (later[3] - earlier[3]))
        for earlier, later in zip([(0.0, 0, 0, 0.0), *told], told, strict=False)
    ]
    figures = {
        "exit_code": process.returncode,
        "seconds": round(time.monotonic() - begun),
        "processor_seconds": round(sum(used.values())),
        "peak_mb": round(max(held for _, held, _ in peaks) / 1e6),
        "peak_mb_of_each_tenth_of_the_time": [
            round(max(held for _, held, _ in part) / 1e6)
            for part in (peaks[len(peaks) * n // 10 : len(peaks) * (n + 1) // 10] for n in range(10))
        ],
        "files_done": [done for _, done, _, _ in told],
        "pages_per_processor_second": rates,
    }
    print("\n".join(f"{name:>36}  {value}" for name, value in figures.items()))
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
