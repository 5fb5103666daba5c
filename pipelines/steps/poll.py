"""Poll feeds: ask, parse, store every entry, remember the feed's health, and record what was missed."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from pipelines.steps.in_order import in_order
from pipelines.steps.run import Run
from tracker.collect.items import listed_outlets, make_entries
from tracker.collect.parse import parse_feed
from tracker.collect.schedule import feed_request, in_backoff, is_unchanged, next_state
from tracker.errors import FeedError
from tracker.fetch.client import Fetcher
from tracker.model import Entry, Feed, FeedKind, FeedState, Listing, Outcome, Outlet, ParsedFeed, Response

WINDOW = 256  # feeds under way or read and waiting; at 10 MB a body at most, most are under 200 kB
ANSWERED = frozenset({Outcome.OK, Outcome.MOVED, Outcome.CUT})
WELL = frozenset({Outcome.OK, Outcome.MOVED, Outcome.CUT, Outcome.NOT_MODIFIED, Outcome.UNCHANGED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Polled:
    """What became of one feed's poll."""

    response: Response
    parsed: ParsedFeed | None
    entries: tuple[Entry, ...] = ()
    listings: tuple[Listing, ...] = ()
    outlets: tuple[Outlet, ...] = ()  # named by an aggregator and not configured


async def poll(run: Run, fetcher: Fetcher, feeds: Sequence[Feed], *, heed_backoff: bool = True) -> None:
    """Poll ``feeds`` concurrently; store in the order of their ids, one transaction a feed."""
    states = run.store.feeds.states()
    due = [
        feed
        for feed in sorted(feeds, key=lambda feed: feed.feed)
        if not (heed_backoff and in_backoff(states.get(feed.feed, FeedState(feed=feed.feed)), run.now))
    ]
    run.count("n_feeds_waiting", n=len(feeds) - len(due))

    async def ask(feed: Feed) -> Polled:
        state = states.get(feed.feed, FeedState(feed=feed.feed))
        return _read(
            run, feed, state, await fetcher.fetch(feed_request(feed, state, run.home.settings.collect, run.now))
        )

    with run.progress.bar("Polling feeds", len(due)) as advance:
        async for feed, polled in in_order(due, ask, window=WINDOW):
            _save(run, fetcher, feed, states.get(feed.feed, FeedState(feed=feed.feed)), polled)
            advance()


def _read(run: Run, feed: Feed, state: FeedState, response: Response) -> Polled:
    if response.outcome not in ANSWERED:
        return Polled(response=response, parsed=None)
    if is_unchanged(state, response):
        return Polled(response=replace(response, outcome=Outcome.UNCHANGED), parsed=None)
    settings = run.home.settings.collect
    try:
        parsed = parse_feed(
            response.body,
            url=response.final_url,
            content_type=response.headers.get("content-type"),
            kind=feed.kind,
            max_items=settings.max_items,
            max_url_chars=settings.max_url_chars,
            now=run.now,
        )
    except FeedError as error:
        failed = replace(response, outcome=Outcome.UNPARSABLE, detail=str(error))
        return Polled(response=failed, parsed=None)
    entries, listings = make_entries(feed, run.home.outlets, parsed, run.now)
    outlets = listed_outlets(feed, run.home.outlets, parsed)
    return Polled(response=response, parsed=parsed, entries=entries, listings=listings, outlets=outlets)


def _save(run: Run, fetcher: Fetcher, feed: Feed, before: FeedState, polled: Polled) -> None:
    response, store = polled.response, run.store
    after = next_state(
        before,
        feed,
        response,
        polled.parsed,
        run.home.settings.collect,
        run.now,
        random.random(),  # noqa: S311 - jitter, not a secret
    )
    with store.transaction():
        known = store.entries.known([entry.entry for entry in polled.entries])
        n_new = store.entries.save(polled.entries, polled.listings)
        if n_new:
            after = replace(after, last_new_at=run.now)
        store.feeds.save(feed, after)
        store.feeds.save_outlets(polled.outlets)
        store.feeds.save_host_waits(fetcher.host_waits)
        store.runs.save_fetches(run.id, [*fetcher.drain_side_fetches(), response])
        _save_gap(run, feed, before, polled, n_known=len(known))
    _count(run, feed, polled, n_new)


def _save_gap(run: Run, feed: Feed, before: FeedState, polled: Polled, *, n_known: int) -> None:
    """Record a failure, the end of one, or an overflow: no item of this poll was known from the last."""
    since = before.last_ok_at
    if polled.response.outcome not in WELL:
        reason, detail = "failed", f"{polled.response.outcome}: {polled.response.detail}".rstrip(": ")
        _gap(run, feed, since or run.now, reason, detail)
    elif since and before.n_failures:
        _gap(run, feed, since, "failed", f"answered again after {before.last_outcome}")
    elif since and polled.entries and not n_known and feed.kind is not FeedKind.SEARCH:
        _gap(run, feed, since, "overflow", f"none of {len(polled.entries)} items was known from the last poll")


def _gap(run: Run, feed: Feed, since: datetime, reason: str, detail: str) -> None:
    run.store.runs.save_gap(
        outlet=feed.outlet, feed=feed.feed, from_at=since, until_at=run.now, reason=reason, detail=detail
    )
    run.count("n_gaps", feed.outlet)


def _count(run: Run, feed: Feed, polled: Polled, n_new: int) -> None:
    run.count("n_feeds", feed.outlet)
    run.count("n_entries_listed", feed.outlet, len(polled.entries))
    run.count("n_entries_new", feed.outlet, n_new)
    if polled.parsed:
        run.count("n_items_dropped", feed.outlet, sum(polled.parsed.dropped.values()))
    if polled.response.outcome in WELL:
        run.count("n_feeds_ok")
        return
    run.count("n_feeds_failed", feed.outlet)
    run.progress.warn(
        f"feed {feed.url}: {polled.response.outcome}", outlet=feed.outlet, detail=polled.response.detail or None
    )
