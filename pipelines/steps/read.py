"""Fetch the pages of chosen entries, archive them, read articles out of them, and store those."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import aclosing
from dataclasses import replace

from pipelines.steps.in_order import in_order
from pipelines.steps.keep import Batch, Read, Wanted, batch_of
from pipelines.steps.run import Run
from tracker.archive import ArchiveWriter, page_of
from tracker.errors import ExtractError
from tracker.extract.page import extract_page
from tracker.fetch.client import Fetcher
from tracker.model import Outcome, Request, Response
from tracker.revisions import hashes

BATCH = 100  # pages a transaction: what a kill can cost to fetch again; a statement costs as much as 500 rows
WINDOW = 96  # pages under way or waiting their turn; at 3 MB a page at most, 300 MB at the very worst
READABLE = frozenset({Outcome.OK, Outcome.MOVED, Outcome.CUT})


def _nothing() -> None:
    """Do nothing between batches."""


async def read(
    run: Run, fetcher: Fetcher, wanted: Sequence[Wanted], title: str, *, between: Callable[[], None] = _nothing
) -> None:
    """Fetch, archive, extract and store, in the order given, one transaction a batch.

    ``between`` is called after each full batch, when all that was read so far is stored.
    """
    if not wanted:
        return
    agent = run.home.settings.fetch.user_agent_line
    with (
        ArchiveWriter(run.home.archive, run.clock, user_agent=agent) as archive,
        run.progress.bar(title, len(wanted)) as advance,
    ):
        batch: list[Read] = []

        async def fetch(one: Wanted) -> Response:
            entry, article = one.entry, one.article
            return await fetcher.fetch(
                Request(url=one.url, entry=entry.entry if entry else None, article=article.article if article else None)
            )

        n_saved = 0
        try:
            async with aclosing(in_order(wanted, fetch, window=WINDOW)) as responses:
                async for one, response in responses:
                    kept = archive.append(response) if response.body else response
                    batch.append(await asyncio.to_thread(read_response, one, kept))
                    advance()
                    if len(batch) >= BATCH:
                        _save(run, fetcher, archive, batch)
                        n_saved, batch = n_saved + len(batch), []
                        between()
        except asyncio.CancelledError:
            _save(run, fetcher, archive, batch)
            _leave(run, wanted[n_saved + len(batch) :])
            raise
        _save(run, fetcher, archive, batch)


def _leave(run: Run, wanted: Sequence[Wanted]) -> None:
    """Count what a run that was asked to end did not come to: its entries stay pending."""
    for one in wanted:
        if one.entry:
            run.count("n_pending", one.entry.outlet)


def read_response(wanted: Wanted, response: Response) -> Read:
    """Return what one answer became: an article, or the outcome that says why not; its bytes are let go."""
    if response.outcome not in READABLE:
        return Read(wanted=wanted, response=response)
    try:
        article = extract_page(page_of(response))
    except ExtractError as error:
        outcome = Outcome.CHALLENGE if str(error).startswith("challenge") else Outcome.UNPARSABLE
        failed = replace(response, outcome=outcome, detail=str(error), body=b"")
        return Read(wanted=wanted, response=failed)
    found = hashes(article.title, article.text)
    return Read(wanted=wanted, response=replace(response, body=b""), article=article, hashes=found)


def _save(run: Run, fetcher: Fetcher, archive: ArchiveWriter, pages: Sequence[Read]) -> None:
    if not pages:
        return
    archive.flush()  # before the commit: the database never points at a page that a crash could take
    batch = batch_of(run, pages)
    with run.store.transaction():
        batch.save()
        run.store.runs.save_fetches(run.id, fetcher.drain_side_fetches())
        run.store.feeds.save_host_waits(fetcher.host_waits)
    _count(run, pages, batch)


def _count(run: Run, pages: Sequence[Read], batch: Batch) -> None:
    outlets = {one.wanted.entry.entry: one.wanted.entry.outlet for one in pages if one.wanted.entry}
    for outcome in batch.outcomes:
        run.count(f"n_{outcome.status.value}", outlets[outcome.entry])
    for revision in batch.revisions:
        run.count("n_articles_new" if revision.revision == 1 else "n_revisions_new", revision.outlet)
