"""What a home takes of the disk, by what is in it, and so what a month of thirty outlets takes.

    python -m benchmarks.disk ENTRIES.jsonl.gz PAGES.jsonl FOLDER [--pages N] [--json FILE]

ENTRIES are feed items of some days (outlet, url, title, summary, published), stored as a poll stores them; PAGES.jsonl
has a folder ``pages/`` beside it (see ``pipelines/evaluate/extraction.py``), whose pages, for other outlets each time
until there are N, are archived, read and stored as in a night: once on no topic and once all on one, and so scored.
Each is published. A month is thirty outlets that list as much as those of ENTRIES do, of which a share is chosen and
looked at again on every night on which it is due: at most, since a site that says that nothing has changed sends no
page. The snapshot is one, with its index of words.
"""

from __future__ import annotations

import argparse
import gzip
import json
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

from benchmarks.pipeline import NOW, make_home, wanted_of
from pipelines.evaluate.extraction import read_labelled
from pipelines.home import open_home
from pipelines.progress import Progress
from pipelines.runs import Options, begun, finish
from pipelines.steps.judge import judge
from pipelines.steps.keep import batch_of
from pipelines.steps.read import BATCH, read_response
from pipelines.steps.run import Run
from tracker import urls
from tracker.archive import ArchiveWriter
from tracker.model import Entry, Page, stable_id
from tracker.revisions import next_look

OUTLETS, DAYS = 30, 30
SHARES = (0.01, 0.1)  # of what is listed that is chosen: a narrow topic, and a wide one
ROWS = 5_000  # entries stored at a time


def stored_entries(run: Run, file: Path) -> tuple[int, float]:
    """Store all entries; return how many, and how many an outlet lists a day."""
    days: set[str] = set()
    outlets: set[str] = set()
    n = 0
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        while batch := list(islice(map(json.loads, lines), ROWS)):
            rows = [(urls.outlet_from(row["url"], row["outlet"]), row) for row in batch]
            with run.store.transaction():
                run.store.feeds.save_outlets(list({one.outlet: one for one, _ in rows}.values()))
                entries = [_entry(outlet.outlet, row) for outlet, row in rows]
                n += len(run.store.entries.save(entries, ()).entries)
            days |= {row["published"][:10] for row in batch}
            outlets |= {row["outlet"] for row in batch}
    return n, n / len(outlets) / len(days)


def _entry(outlet: str, row: dict[str, str]) -> Entry:
    canonical = urls.canonical_url(row["url"])
    return Entry(
        entry=stable_id(outlet, canonical),
        outlet=outlet,
        url=row["url"],
        canonical_url=canonical,
        title=row["title"],
        summary=row["summary"],
        published_at=datetime.fromisoformat(row["published"]).astimezone(UTC),
        first_seen_at=NOW,
        via="feed",
    )


def stored_pages(run: Run, pages: Sequence[Page], n: int) -> None:
    """Archive, read, store and judge ``n`` pages."""
    rows = wanted_of(pages, n)
    with ArchiveWriter(run.home.archive, run.clock) as archive:
        while batch := list(islice(rows, BATCH)):
            with run.store.transaction():
                run.store.feeds.save_outlets([outlet for _, _, outlet in batch])
                run.store.entries.save([one.entry for one, _, _ in batch if one.entry], ())
            read = [read_response(one, archive.append(response)) for one, response, _ in batch]
            placed = batch_of(run, read)
            with run.store.transaction():
                placed.save()
    judge(run)


def sizes(home: Path) -> dict[str, int]:
    """Return bytes of the database, the archive of pages, and a snapshot with its index of words."""
    return {
        "database": open_home(home).master.stat().st_size,
        "archive": _bytes(home / "archive"),
        "snapshot": _bytes(home / "snapshots"),
    }


def _bytes(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def nights_looked() -> int:
    """Return how often a nightly run looks at an article again until it is too old."""
    seen = looked = NOW
    n = 0
    for night in range(1, DAYS + 1):
        now = seen + timedelta(days=night)
        due = next_look(seen, looked, now)
        if due is not None and due <= now:
            n, looked = n + 1, now
    return n


@contextmanager
def filled(home: Path, *, is_everything_on_topic: bool = False) -> Iterator[Run]:
    """Yield a run in a new home, and publish what was stored in it."""
    shutil.rmtree(home, ignore_errors=True)
    make_home(home, is_everything_on_topic=is_everything_on_topic)
    with begun(home, "benchmark", Options(now=NOW), Progress(log_format="text", verbosity=-1)) as run:
        yield run
        finish(run)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("entries", type=Path, metavar="ENTRIES.jsonl.gz")
    parser.add_argument("labelled", type=Path, metavar="PAGES.jsonl")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pages", type=int, default=1_000)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    pages = [labelled.page for labelled in read_labelled(options.labelled)]
    found: dict[str, dict[str, int]] = {}
    with filled(options.folder / "empty"):
        pass
    found["empty"] = sizes(options.folder / "empty")
    with filled(options.folder / "entries") as run:
        n_entries, a_day = stored_entries(run, options.entries)
    found["entries"] = sizes(options.folder / "entries")
    for name in ("off_topic", "on_topic"):
        with filled(options.folder / name, is_everything_on_topic=name == "on_topic") as run:
            stored_pages(run, pages, options.pages)
        found[name] = sizes(options.folder / name)
    many = {"entries": n_entries, "off_topic": options.pages, "on_topic": options.pages}
    each = {
        name: {what: round((found[name][what] - found["empty"][what]) / n / 1_000, 2) for what in found[name]}
        for name, n in many.items()
    }
    listed, looks = a_day * OUTLETS * DAYS, nights_looked()
    figures = {
        "listed a day and outlet": round(a_day, 1),
        "nights that look again": looks,
        "kb each": each,
        "mb a month of 30 outlets": {f"{share:.0%} chosen": _month(each, listed, share, looks) for share in SHARES},
    }
    print(json.dumps(figures, indent=1))
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


def _month(each: dict[str, dict[str, float]], listed: float, share: float, looks: int) -> dict[str, int]:
    """Return megabytes of a month, where what is chosen is on a topic; a look archives a page as a first one does."""
    chosen = listed * share
    kilobytes = {what: listed * each["entries"][what] + chosen * each["on_topic"][what] for what in each["entries"]}
    kilobytes["archive"] = chosen * each["on_topic"]["archive"] * (1 + looks)
    return {"listed": round(listed), "chosen": round(chosen)} | {k: round(v / 1_000) for k, v in kilobytes.items()}


if __name__ == "__main__":
    main()
