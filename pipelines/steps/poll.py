"""Poll feeds: ask them, store every entry, remember each feed's health, and record what was missed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import replace

from pipelines.steps.ask import Asker, Polled
from pipelines.steps.gaps import note_waiting
from pipelines.steps.in_order import in_order
from pipelines.steps.run import Run
from tracker.collect.schedule import in_backoff
from tracker.fetch.client import Fetcher
from tracker.model import Feed, FeedKind, FeedState, Response
from tracker.store.entries import Listed
from tracker.store.runs import Gap

WINDOW = 256  # feeds under way or waiting their turn: four times the requests at once, so that none of those idles
BATCH = 2_000  # feeds a transaction, and what a kill costs to ask again; a statement costs as much as 500 rows
BATCH_ENTRIES = 5_000  # a transaction at most, about 10 MB


async def poll(run: Run, fetcher: Fetcher, feeds: Sequence[Feed], *, heed_backoff: bool = True) -> None:
    """Poll ``feeds`` concurrently; store in the order of their ids, one transaction a batch.

    Cancelled, it stores what it has read and ends.
    """
    states = run.store.feeds.states()
    waiting = [f for f in feeds if heed_backoff and f.feed in states and in_backoff(states[f.feed], run.now)]
    note_waiting(run, waiting, states)
    due = sorted(set(feeds) - set(waiting), key=lambda feed: feed.feed)
    batch: list[Polled] = []
    n_entries = 0
    async with Asker(run.home, fetcher, run.now) as asker:

        async def ask(feed: Feed) -> Polled:
            return await asker.ask(feed, states.get(feed.feed, FeedState(feed=feed.feed)))

        with run.progress.bar("Polling feeds", len(due)) as advance:
            try:
                async with aclosing(in_order(due, ask, window=WINDOW)) as answers:
                    async for _, polled in answers:
                        batch.append(polled)
                        n_entries += len(polled.entries)
                        advance()
                        if len(batch) >= BATCH or n_entries >= BATCH_ENTRIES:
                            _save(run, fetcher, batch)
                            batch, n_entries = [], 0
            finally:
                _save(run, fetcher, batch)
                run.store.feeds.show_states()


def _save(run: Run, fetcher: Fetcher, batch: Sequence[Polled]) -> None:
    if not batch:
        return
    store = run.store
    responses: list[Response] = [response for one in batch for response in (one.response, *one.others)]
    with store.transaction():
        listed = store.entries.save(
            [entry for one in batch for entry in one.entries], [listing for one in batch for listing in one.listings]
        )
        news = _news(batch, listed)
        store.feeds.save_states(
            [replace(one.after, last_new_at=run.now) if news[one.feed.feed] else one.after for one in batch]
        )
        store.feeds.save_outlets([outlet for one in batch for outlet in one.outlets])
        store.feeds.save_host_waits(fetcher.host_waits)
        store.runs.save_fetches(run.id, [*fetcher.drain_side_fetches(), *responses])
        gaps = [gap for one in batch if (gap := _gap(run, one, listed))]
        store.runs.save_gaps(gaps)
    for gap in gaps:
        run.count_gap(gap)
    for one in batch:
        _count(run, one, news[one.feed.feed])


def _news(batch: Sequence[Polled], listed: Listed) -> Counter[str]:
    """Count the new entries of each feed; one that two feeds list counts for the first."""
    unclaimed = set(listed.entries)
    news: Counter[str] = Counter()
    for one in batch:
        found = {entry.entry for entry in one.entries} & unclaimed
        unclaimed -= found
        news[one.feed.feed] += len(found)
    return news


def _gap(run: Run, one: Polled, listed: Listed) -> Gap | None:
    """Return a failure, the end of one, or an overflow: no item of this poll was known from the last."""
    before, response, feed = one.before, one.response, one.feed
    since = before.last_ok_at
    n_known = sum((feed.feed, entry.entry) not in listed.listings for entry in one.entries)
    if not one.is_well:
        since, reason = since or before.last_polled_at or run.now, "failed"
        detail = f"{response.outcome}: {response.detail}".rstrip(": ")
    elif since and before.n_failures and before.last_outcome != "cut":
        reason, detail = "failed", f"answered again after {before.last_outcome}"
    elif since and one.entries and not n_known and feed.kind is not FeedKind.SEARCH:
        reason, detail = "overflow", f"none of {len(one.entries)} items was known from the last poll"
    else:
        return None
    return Gap(outlet=feed.outlet, feed=feed.feed, from_at=since, until_at=run.now, reason=reason, detail=detail)


def _count(run: Run, one: Polled, n_new: int) -> None:
    outlet, response = one.feed.outlet, one.response
    run.count("n_feeds", outlet)
    run.count("n_entries_listed", outlet, len(one.entries))
    run.count("n_entries_new", outlet, n_new)
    for reason, n in one.dropped.items():
        run.count(f"dropped {reason}", outlet, n)
    run.count("n_feeds_ok" if one.is_well else "n_feeds_failed", outlet)
    if one.is_well and not response.detail:
        return
    tell = run.progress.detail if one.is_well else run.progress.warn
    tell(f"feed {one.feed.url}: {response.outcome}", outlet=outlet, detail=response.detail or None)
