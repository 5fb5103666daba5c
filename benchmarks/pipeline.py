"""The whole path of a page, extract → match → copies → score → store, beside trafilatura alone on the same pages.

    python -m benchmarks.pipeline PAGES.jsonl [--pages N] [--json FILE]

PAGES.jsonl has a folder ``pages/`` beside it (see ``pipelines/evaluate/extraction.py``). Pages are repeated, each time
for other outlets, until there are N. They go through the steps of a nightly run in its batches, but for fetching and
archiving; trafilatura (``bare_extraction``, fast, with metadata) reads each batch just before. It is done twice: for
the bundled topic, so that few pages are scored, and with a query that lets every page be scored. CPU time of one
process is counted, DuckDB's threads included, so that what else the machine does changes little.
"""

from __future__ import annotations

import argparse
import json
import re
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from pipelines.evaluate.extraction import read_labelled
from pipelines.progress import Progress
from pipelines.runs import Options, begun
from pipelines.steps.judge import cluster, match, score
from pipelines.steps.keep import Wanted, batch_of
from pipelines.steps.read import BATCH, read_response
from pipelines.steps.run import Run
from tracker import urls
from tracker.config import init_home
from tracker.extract.reference import trafilatura_alone
from tracker.model import Entry, Outcome, Outlet, Page, Request, Response, stable_id
from tracker.store.decisions import read_decisions

NOW = datetime(2026, 11, 1, tzinfo=UTC)
ALONE = "trafilatura"
STAGES = ("extract", "store", "match", "copies", "score")
EVERYTHING = {
    r"query = '''(.*?)'''": r"query = '''(\1) OR NOT zxqv'''",  # asked as ever, and every page passes
    r"starts_on = \S+": "starts_on = 1990-01-01",
}


class Clock:
    """CPU seconds by what they went to."""

    def __init__(self) -> None:
        self.seconds: Counter[str] = Counter()

    @contextmanager
    def of(self, name: str) -> Iterator[None]:
        """Count what happens inside under a name."""
        started = time.process_time()
        yield
        self.seconds[name] += time.process_time() - started


def wanted_of(pages: Sequence[Page], n: int) -> Iterator[tuple[Wanted, Response, Outlet]]:
    """Yield ``n`` pages as they would come from the web, the same page again for another outlet."""
    for number in range(n):
        page = pages[number % len(pages)]
        outlet = urls.outlet_from(page.url, f"{urls.registrable_domain(page.url)} {number // len(pages)}")
        canonical = urls.canonical_url(page.url)
        entry = Entry(
            entry=stable_id(outlet.outlet, canonical),
            outlet=outlet.outlet,
            url=page.url,
            canonical_url=canonical,
            first_seen_at=NOW,
            via="urls",
        )
        response = Response(
            fetch=f"{number:016x}",
            request=Request(url=page.url, entry=entry.entry),
            final_url=page.url,
            status=200,
            outcome=Outcome.OK,
            at=NOW,
            headers={"content-type": "text/html"},
            body=page.body,
            payload_digest=f"{number % len(pages)}",
        )
        yield Wanted(entry=entry), response, outlet


def make_home(home: Path, *, is_everything_on_topic: bool) -> None:
    """Make a home without feeds, on the bundled topic or on one that lets every page pass."""
    for file in init_home(home, feeds=False):
        if is_everything_on_topic and file.parent.name == "topics":
            text = file.read_text(encoding="utf-8")
            for pattern, other in EVERYTHING.items():
                text = re.sub(pattern, other, text, count=1, flags=re.DOTALL)
            file.write_text(text, encoding="utf-8")


def measure(pages: Sequence[Page], n: int, *, is_everything_on_topic: bool) -> dict[str, float]:
    """Return CPU milliseconds a page of each stage and of trafilatura, their ratio, and how many were scored."""
    clock = Clock()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        make_home(home, is_everything_on_topic=is_everything_on_topic)
        with begun(home, "benchmark", Options(now=NOW), Progress(log_format="text", verbosity=-1)) as run:
            rows = wanted_of(pages, n)
            while batch := list(islice(rows, BATCH)):  # one transaction each, as in a night
                _read(run, batch, clock)
            with clock.of("match"):
                match(run, read_decisions(home))
            with clock.of("copies"):
                cluster(run)
            with clock.of("score"):
                score(run)
            with clock.of("store"):
                run.store.db.connection.execute("CHECKPOINT")  # what publication begins with: all is written through
            scored = run.counts["n_scored"]
    stages = {f"{name}_ms": round(1_000 * clock.seconds[name] / n, 2) for name in (ALONE, *STAGES)}
    own = sum(clock.seconds[name] for name in STAGES)
    return {"pages": n, "scored": scored, **stages, "speed": round(clock.seconds[ALONE] / own, 3)}


def _read(run: Run, batch: Sequence[tuple[Wanted, Response, Outlet]], clock: Clock) -> None:
    for _, response, _ in batch:
        page = Page(
            url=response.final_url, final_url=response.final_url, body=response.body, fetched_at=NOW, payload_digest=""
        )
        with clock.of(ALONE):
            trafilatura_alone(page)
    with clock.of("store"), run.store.transaction():
        run.store.feeds.save_outlets([outlet for _, _, outlet in batch])
        run.store.entries.save([one.entry for one, _, _ in batch if one.entry], ())
    with clock.of("extract"):
        read = [read_response(one, response) for one, response, _ in batch]
    with clock.of("store"):
        placed = batch_of(run, read)
        with run.store.transaction():
            placed.save()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("labelled", type=Path, metavar="PAGES.jsonl")
    parser.add_argument("--pages", type=int, default=1_000)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    pages = [labelled.page for labelled in read_labelled(options.labelled)]
    measure(pages, BATCH, is_everything_on_topic=True)  # models and patterns are loaded before the clock starts
    figures = {
        "topic": measure(pages, options.pages, is_everything_on_topic=False),
        "all_scored": measure(pages, options.pages, is_everything_on_topic=True),
    }
    print(f"{'':>16}  {'topic':>10}  {'all scored':>10}")
    for name, value in figures["topic"].items():
        print(f"{name:>16}  {value:>10}  {figures['all_scored'][name]:>10}")
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
