"""History, through the same steps as the nightly run: here, a list of addresses."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pipelines.nightly import Options, begun, fetcher_of, finish
from pipelines.progress import Progress
from pipelines.steps.choose import choose
from pipelines.steps.judge import judge
from pipelines.steps.keep import Wanted
from pipelines.steps.read import read
from pipelines.steps.run import Run
from pipelines.stopping import until_stopped
from tracker import urls
from tracker.errors import DataError
from tracker.model import Entry, Outlet, stable_id


async def backfill_urls(path: Path, file: Path, progress: Progress) -> tuple[int, Run]:
    """Store the addresses of ``file`` as entries, fetch their pages, judge and publish."""
    addresses = _read_addresses(file)
    with begun(path, f"backfill urls {file.name}", Options(), progress) as run:
        outlets = [_outlet(run, address) for address in addresses]
        entries = [_entry(run, address, outlet) for address, outlet in zip(addresses, outlets, strict=True)]
        with run.store.transaction():
            run.store.feeds.save_outlets(list({outlet.outlet: outlet for outlet in outlets}.values()))
            n_new = len(run.store.entries.save(entries, ()).entries)
        run.count("n_entries_listed", n=len(entries))
        run.count("n_entries_new", n=n_new)
        wanted = choose(run, all_entries=True, among=frozenset(entry.entry for entry in entries))
        await until_stopped(run.stop, _read_pages(run, wanted))
        judge(run)
        return finish(run), run


async def _read_pages(run: Run, wanted: Sequence[Wanted]) -> None:
    async with fetcher_of(run) as fetcher:
        await read(run, fetcher, wanted, "Reading pages")


def _read_addresses(file: Path) -> list[str]:
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{file}: cannot be read: {error}") from error
    addresses = []
    for number, line in enumerate(lines, start=1):
        address = line.strip()
        if not address or address.startswith("#"):
            continue
        if not urls.is_http(address):
            raise DataError(f"{file}:{number}: {address!r} is no http or https address")
        addresses.append(address)
    return addresses


def _outlet(run: Run, address: str) -> Outlet:
    return urls.find_outlet(address, run.home.outlets) or urls.outlet_from(address, None)


def _entry(run: Run, address: str, outlet: Outlet) -> Entry:
    canonical = urls.canonical_url(address)
    return Entry(
        entry=stable_id(outlet.outlet, canonical),
        outlet=outlet.outlet,
        url=address,
        canonical_url=canonical,
        first_seen_at=run.now,
        via="urls",
    )
