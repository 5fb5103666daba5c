"""History from the Wayback Machine: pages as they were then, through the one fetcher into WARC, and on from there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from pipelines.backfill_warc import Mapped, Means, backfill_warc
from pipelines.home import Home, lock, open_home
from pipelines.progress import Progress
from pipelines.scaleout.job import Filters
from pipelines.steps.ask import ANSWERED
from pipelines.steps.run import Run
from pipelines.stopping import Stop, heed_signals, until_stopped
from tracker.archive import ArchiveWriter, iter_pages
from tracker.collect.wayback import Capture, index_address, read_index
from tracker.errors import DataError
from tracker.fetch.client import Fetcher
from tracker.model import Request, Response, stable_id

FLUSH_EVERY = 20  # captures: what a kill can cost to fetch again


def backfill_wayback(
    path: Path, url: str, since: date | None, until: date | None, progress: Progress
) -> tuple[int, Run, Mapped]:
    """Fetch the captures of ``url`` (a page, or ``example.org/news/*``) and take them in; return as ``backfill_warc``.

    Captures go into a WARC file of the home under their own addresses and times. Killed and run again, those that are
    there are not fetched again. Raises DataError where the index does not answer.
    """
    home = open_home(path)
    name = f"warc/wayback/{stable_id(url, str(since), str(until))}.warc.gz"
    stop = Stop()
    with lock(path, name="wayback.lock"), heed_signals(stop):
        asyncio.run(until_stopped(stop, _collect(home, name, index_of=(url, since, until), progress=progress)))
    addresses = [str(home.archive / name)] if (home.archive / name).exists() and not stop else []
    return backfill_warc(path, addresses, Filters(), Means(), progress, via="wayback")


async def _collect(
    home: Home, name: str, *, index_of: tuple[str, date | None, date | None], progress: Progress
) -> None:
    file = home.archive / name
    known = {(page.url, page.fetched_at) for page in iter_pages([file])} if file.exists() else set()
    agent = home.settings.fetch.user_agent_line
    n_failed = n_new = 0
    async with Fetcher(home.settings.fetch, clock=_now) as fetcher:
        with ArchiveWriter(home.archive, _now, user_agent=agent, name=name) as archive:
            async for capture in _captures(fetcher, *index_of):
                if (capture.url, capture.at) in known:
                    continue
                response = await fetcher.fetch(Request(url=capture.address))
                if response.outcome not in ANSWERED or not response.body:
                    n_failed += 1
                    progress.warn(f"{capture.address}: {response.outcome}: {response.detail}")
                    continue
                archive.append(_as_it_was(capture, response))
                n_new += 1
                if n_new % FLUSH_EVERY == 0:
                    archive.flush()
    progress.say(f"{n_new} captures fetched, {len(known)} were there, {n_failed} could not be had")


def _now() -> datetime:
    return datetime.now(UTC)


async def _captures(fetcher: Fetcher, url: str, since: date | None, until: date | None) -> AsyncIterator[Capture]:
    key: str | None = None
    while True:
        response = await fetcher.fetch(Request(url=index_address(url, since, until, key), purpose="feed"))
        if response.outcome not in ANSWERED:
            raise DataError(
                f"the Wayback Machine's index: {response.outcome}: {response.detail}; run the command again later"
            )
        page = read_index(response.body)
        for capture in page.captures:
            yield capture
        key = page.resume_key
        if key is None:
            return


def _as_it_was(capture: Capture, response: Response) -> Response:
    """Return an archive's answer as the site's own at the time of the capture."""
    return replace(
        response,
        request=replace(response.request, url=capture.url),
        final_url=capture.url,
        at=capture.at,
        redirects=(),
    )
