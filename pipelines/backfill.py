"""History, through the same steps as the nightly run: here, a list of addresses."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pipelines.nightly import Options, begun, fetcher_of, finish
from pipelines.progress import Progress
from pipelines.steps.choose import choose
from pipelines.steps.judge import judge
from pipelines.steps.read import read
from pipelines.steps.run import Run
from tracker import urls
from tracker.errors import DataError
from tracker.model import Entry, stable_id


async def backfill_urls(path: Path, file: Path, progress: Progress) -> tuple[int, Run]:
    """Store the addresses of ``file`` as entries, fetch their pages, judge and publish."""
    with begun(path, f"backfill urls {file.name}", Options(), progress) as run:
        entries = list(_entries(run, file))
        with run.store.transaction():
            n_new = run.store.entries.save(entries, ())
        run.count("n_entries_listed", n=len(entries))
        run.count("n_entries_new", n=n_new)
        wanted = choose(run, all_entries=True, among=frozenset(entry.entry for entry in entries))
        async with fetcher_of(run) as fetcher:
            await read(run, fetcher, wanted, "Reading pages")
        judge(run)
        return finish(run), run


def _entries(run: Run, file: Path) -> Iterator[Entry]:
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{file}: cannot be read: {error}") from error
    for number, line in enumerate(lines, start=1):
        address = line.split("#", 1)[0].strip() if line.lstrip().startswith("#") else line.strip()
        if not address:
            continue
        if not urls.is_http(address):
            raise DataError(f"{file}:{number}: {address!r} is no http or https address")
        outlet = urls.find_outlet(address, run.home.outlets) or urls.outlet_from(address, None)
        canonical = urls.canonical_url(address)
        yield Entry(
            entry=stable_id(outlet.outlet, canonical),
            outlet=outlet.outlet,
            url=address,
            canonical_url=canonical,
            first_seen_at=run.now,
            via="urls",
        )
