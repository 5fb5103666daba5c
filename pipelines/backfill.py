"""History, through the same steps as the nightly run: addresses from a list, a news sitemap, or GDELT."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pipelines.nightly import fetcher_of
from pipelines.progress import Progress
from pipelines.runs import SOME_FAILED, Options, begun, finish
from pipelines.steps.ask import ANSWERED
from pipelines.steps.choose import choose
from pipelines.steps.judge import judge
from pipelines.steps.read import read
from pipelines.steps.run import Run
from pipelines.stopping import until_stopped
from tracker import urls
from tracker.collect.gdelt import MAX_RECORDS, gdelt_address, read_gdelt, read_gdelt_file
from tracker.collect.parse import parse_feed
from tracker.errors import DataError, FeedError
from tracker.fetch.client import Fetcher
from tracker.model import Entry, FeedKind, Outlet, Request, stable_id

MAX_SITEMAPS = 50_000  # in one index: the protocol's own limit
MAX_ITEMS = 100_000  # of one sitemap: twice the protocol's limit


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """An address, and what the one that listed it says of it."""

    url: str
    title: str = ""
    published_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What GDELT is asked: a search phrase, and from when to when."""

    query: str
    since: datetime
    until: datetime


async def backfill_urls(path: Path, file: Path, progress: Progress) -> tuple[int, Run]:
    """Store the addresses of ``file`` as entries, fetch their pages, judge and publish."""
    addresses = [Address(url=url) for url in _read_addresses(file)]
    with begun(path, f"backfill urls {file.name}", Options(), progress) as run:
        await until_stopped(run.stop, _take_in(run, addresses, "urls", all_entries=True))
        judge(run)
        return finish(run), run


async def backfill_sitemap(path: Path, url: str, progress: Progress, *, all_entries: bool = False) -> tuple[int, Run]:
    """Take in what a sitemap lists, and the sitemaps of an index: pages likely to be on a topic, or all.

    What was read in before is not fetched again. The code is 1 where a sitemap could not be read.
    """
    with begun(path, f"backfill sitemap {url}", Options(), progress) as run:

        async def work() -> None:
            async with fetcher_of(run) as fetcher:
                async for addresses in _sitemaps(run, fetcher, url):
                    await _take_in(run, addresses, "sitemap", all_entries=all_entries, fetcher=fetcher)

        await until_stopped(run.stop, work())
        judge(run)
        code = finish(run)
        return (code or SOME_FAILED if run.counts["n_lists_failed"] else code), run


async def backfill_gdelt(
    path: Path, files: Sequence[Path], asked: Asked | None, progress: Progress, *, all_entries: bool = False
) -> tuple[int, Run]:
    """Take in addresses that GDELT saw: from ``files`` (see ``read_gdelt_file``), or by asking it.

    What a search found is fetched; of files, which list all news, what is likely to be on a topic, or all.
    """
    with begun(path, "backfill gdelt", Options(), progress) as run:

        async def work() -> None:
            async with fetcher_of(run) as fetcher:
                for file in files:
                    addresses = _seen_in(file)
                    await _take_in(run, addresses, "gdelt", all_entries=all_entries, fetcher=fetcher)
                if asked:
                    async for addresses in _answers(run, fetcher, asked):
                        await _take_in(run, addresses, "gdelt", all_entries=True, fetcher=fetcher)

        await until_stopped(run.stop, work())
        judge(run)
        code = finish(run)
        return (code or SOME_FAILED if run.counts["n_lists_failed"] else code), run


def _seen_in(file: Path) -> list[Address]:
    try:
        data = file.read_bytes()
    except OSError as error:
        raise DataError(f"{file}: cannot be read: {error}") from error
    return [Address(url=one.url, title=one.title) for one in read_gdelt_file(file.name, data)]


async def _take_in(
    run: Run, addresses: Sequence[Address], via: str, *, all_entries: bool, fetcher: Fetcher | None = None
) -> None:
    """Store addresses as entries and read the pages of those that are wanted."""
    outlets = [urls.find_outlet(one.url, run.home.outlets) or urls.outlet_from(one.url, None) for one in addresses]
    entries = [_entry(run, one, outlet, via) for one, outlet in zip(addresses, outlets, strict=True)]
    with run.store.transaction():
        run.store.feeds.save_outlets(list({outlet.outlet: outlet for outlet in outlets}.values()))
        n_new = len(run.store.entries.save(entries, ()).entries)
    run.count("n_entries_listed", n=len(entries))
    run.count("n_entries_new", n=n_new)
    wanted = choose(run, all_entries=all_entries, among=frozenset(entry.entry for entry in entries))
    if fetcher:
        await read(run, fetcher, wanted, "Reading pages")
        return
    async with fetcher_of(run) as own:
        await read(run, own, wanted, "Reading pages")


async def _sitemaps(run: Run, fetcher: Fetcher, url: str) -> AsyncIterator[list[Address]]:
    """Yield the addresses of a sitemap, or of each one of an index."""
    waiting = [url]
    for one in waiting:  # grows where an index is met
        response = await fetcher.fetch(Request(url=one, purpose="feed"))
        if response.outcome not in ANSWERED:
            _note(run, f"{one}: {response.outcome}: {response.detail}")
            continue
        try:
            found = parse_feed(
                response.body,
                url=response.final_url,
                content_type=response.headers.get("content-type"),
                kind=FeedKind.SITEMAP,
                max_items=MAX_ITEMS,
                max_url_chars=run.home.settings.collect.max_url_chars,
                now=run.now,
            )
        except FeedError as error:
            _note(run, str(error))
            continue
        waiting += [other for other in found.sitemaps if other not in waiting][:MAX_SITEMAPS]
        yield [Address(url=item.url, title=item.title, published_at=item.published_at) for item in found.items]


async def _answers(run: Run, fetcher: Fetcher, asked: Asked) -> AsyncIterator[list[Address]]:
    """Ask GDELT span by span; one that gives as many as it ever gives is asked again in halves."""
    waiting = [(asked.since, asked.until)]
    while waiting:
        since, until = waiting.pop(0)
        response = await fetcher.fetch(Request(url=gdelt_address(asked.query, since, until), purpose="feed"))
        if response.outcome not in ANSWERED:
            _note(
                run, f"GDELT, {since:%Y-%m-%d %H:%M} to {until:%Y-%m-%d %H:%M}: {response.outcome}: {response.detail}"
            )
            continue
        try:
            found = read_gdelt(response.body)
        except DataError as error:
            _note(run, str(error))
            continue
        middle = (since + (until - since) / 2).replace(microsecond=0)
        if len(found) >= MAX_RECORDS and since < middle < until:
            waiting[:0] = [(since, middle), (middle, until)]
        else:
            yield [Address(url=one.url, title=one.title) for one in found]


def _note(run: Run, problem: str) -> None:
    run.count("n_lists_failed")
    run.progress.warn(problem)


def _read_addresses(file: Path) -> Iterator[str]:
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{file}: cannot be read: {error}") from error
    for number, line in enumerate(lines, start=1):
        address = line.strip()
        if not address or address.startswith("#"):
            continue
        if not urls.is_http(address):
            raise DataError(f"{file}:{number}: {address!r} is no http or https address")
        yield address


def _entry(run: Run, address: Address, outlet: Outlet, via: str) -> Entry:
    canonical = urls.canonical_url(address.url)
    return Entry(
        entry=stable_id(outlet.outlet, canonical),
        outlet=outlet.outlet,
        url=address.url,
        canonical_url=canonical,
        title=address.title,
        published_at=address.published_at,
        first_seen_at=run.now,
        via=via,
    )
