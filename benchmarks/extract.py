"""How long extract_page takes, as a multiple of trafilatura alone on the same pages in the same run.

    python benchmarks/extract.py PAGES.jsonl [--rounds N] [--json FILE]

PAGES.jsonl has a folder ``pages/`` beside it (see ``pipelines/evaluate/extraction.py``). Both read the
pages in turns, page by page, so that what else the machine does falls on both; CPU time is counted.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from pipelines.evaluate.extraction import read_labelled
from tracker.errors import ExtractError
from tracker.extract.page import extract_page
from tracker.extract.reference import trafilatura_alone
from tracker.model import Page


def seconds(read: Callable[[Page], object], page: Page) -> float:
    started = time.process_time()
    with suppress(ExtractError):
        read(page)
    return time.process_time() - started


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pages", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    pages = [labelled.page for labelled in read_labelled(options.pages)]
    for read in (extract_page, trafilatura_alone):  # models and patterns are loaded before the clock starts
        seconds(read, pages[0])
    own = alone = float("inf")
    for _ in range(options.rounds):
        pairs = [(seconds(extract_page, page), seconds(trafilatura_alone, page)) for page in pages]
        own = min(own, sum(pair[0] for pair in pairs))
        alone = min(alone, sum(pair[1] for pair in pairs))
    figures = {
        "pages": len(pages),
        "rounds": options.rounds,
        "extract_page_ms": round(1_000 * own / len(pages), 2),
        "trafilatura_ms": round(1_000 * alone / len(pages), 2),
        "ratio": round(own / alone, 3),
    }
    print("\n".join(f"{name:>16}  {value}" for name, value in figures.items()))
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
