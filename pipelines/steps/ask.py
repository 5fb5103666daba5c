"""Ask one feed and read what it answers: entries, and what to remember of the feed. Nothing is stored here."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import TracebackType
from typing import Self, TypeVar

from pipelines.home import Home
from tracker.collect.items import listed_outlets, make_entries
from tracker.collect.parse import parse_feed
from tracker.collect.schedule import feed_request, is_unchanged, next_state
from tracker.errors import FeedError
from tracker.fetch.client import Fetcher
from tracker.model import Entry, Feed, FeedItem, FeedState, Listing, Outcome, Outlet, ParsedFeed, Request, Response

ANSWERED = frozenset({Outcome.OK, Outcome.MOVED, Outcome.CUT})
WELL = frozenset({*ANSWERED, Outcome.NOT_MODIFIED, Outcome.UNCHANGED})
MAX_SITEMAPS = 3  # of an index, newest first: news sitemaps hold two days, and a day is rarely more than one

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True, kw_only=True)
class Polled:
    """What became of one feed's poll. Responses have given up their bodies, so that many may wait."""

    feed: Feed
    before: FeedState
    after: FeedState
    response: Response
    others: tuple[Response, ...] = ()  # of a sitemap index: its sitemaps
    dropped: Mapping[str, int] = field(default_factory=dict)  # what became no entry, or lost its date, by reason
    entries: tuple[Entry, ...] = ()
    listings: tuple[Listing, ...] = ()
    outlets: tuple[Outlet, ...] = ()  # named by an aggregator and not configured

    @property
    def is_well(self) -> bool:
        """Whether the feed was there: all of it, or as much as came."""
        return self.response.outcome in WELL


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """A response under the name that it has once its body is read, and what was in it."""

    response: Response
    parsed: ParsedFeed | None = None
    others: tuple[Response, ...] = ()


class Asker:
    """Polls single feeds as of ``now``; an async context manager.

    Bodies are read on a thread of their own: a large one takes a second, in which sockets would go unserved
    while other hosts' wall clocks run.
    """

    def __init__(self, home: Home, fetcher: Fetcher, now: datetime) -> None:
        self._outlets = home.outlets
        self._settings = home.settings.collect
        self._fetcher = fetcher
        self._now = now
        self._reader = ThreadPoolExecutor(1, thread_name_prefix="feeds")

    async def __aenter__(self) -> Self:
        """Return itself."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let the feed being read be read, and drop those that wait for it."""
        self._reader.shutdown(wait=False, cancel_futures=True)

    async def ask(self, feed: Feed, state: FeedState) -> Polled:
        """Fetch a feed, read it where it changed, and work out when to ask again."""
        response = await self._fetcher.fetch(feed_request(feed, state, self._settings, self._now))
        if response.outcome not in ANSWERED:
            return self._polled(feed, state, _Found(response=response))
        if is_unchanged(state, response):
            return self._polled(feed, state, _Found(response=replace(response, outcome=Outcome.UNCHANGED)))
        found = await self._aside(lambda: self._parsed(feed, response))
        if found.parsed is not None and found.parsed.sitemaps:
            found = await self._follow(feed, found.response, found.parsed)
        return await self._aside(lambda: self._polled(feed, state, found))

    async def _aside(self, work: Callable[[], Result]) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._reader, work)

    def _parsed(self, feed: Feed, response: Response) -> _Found:
        try:
            parsed = parse_feed(
                response.body,
                url=response.final_url,
                content_type=response.headers.get("content-type"),
                kind=feed.kind,
                max_items=self._settings.max_items,
                max_url_chars=self._settings.max_url_chars,
                now=self._now,
            )
        except FeedError as error:
            return _Found(response=replace(response, outcome=Outcome.UNPARSABLE, detail=str(error)))
        is_cut = "cut_off" in parsed.dropped
        outcome = Outcome.CUT if is_cut else response.outcome
        notes = (response.detail or parsed.problem, *(f"{n} {reason}" for reason, n in parsed.dropped.items()))
        detail = "; ".join(note for note in notes if note)
        return _Found(response=replace(response, outcome=outcome, detail=detail), parsed=parsed)

    async def _follow(self, feed: Feed, index: Response, listed: ParsedFeed) -> _Found:
        """Read a sitemap index's newest sitemaps as if they were one."""
        found = [await self._sitemap(feed, url) for url in listed.sitemaps[:MAX_SITEMAPS]]
        others = tuple(replace(one.response, body=b"") for one in found)
        failed = [one.response for one in found if one.parsed is None]
        if not failed:
            return _Found(response=index, parsed=_joined(listed, found, self._settings.max_items), others=others)
        detail = f"{len(failed)} of {len(found)} sitemaps: {failed[0].outcome} at {failed[0].request.url}"
        if len(failed) == len(found):
            return _Found(response=replace(index, outcome=failed[0].outcome, detail=detail), others=others)
        return _Found(
            response=replace(index, outcome=Outcome.CUT, detail=detail),
            parsed=_joined(listed, found, self._settings.max_items),
            others=others,
        )

    async def _sitemap(self, feed: Feed, url: str) -> _Found:
        request = Request(url=url, purpose="feed", feed=feed.feed, verify_tls=feed.verify_tls)
        response = await self._fetcher.fetch(request)
        if response.outcome not in ANSWERED:
            return _Found(response=response)
        return await self._aside(lambda: self._parsed(feed, response))

    def _polled(self, feed: Feed, state: FeedState, found: _Found) -> Polled:
        response, parsed = found.response, found.parsed
        jitter = random.random()  # noqa: S311 - jitter, not a secret
        after = next_state(state, feed, response, parsed, self._settings, self._now, jitter)
        if found.others:  # an index may stay as it is while its sitemaps change
            after = replace(after, etag=None, last_modified=None, body_hash=None)
        light = replace(response, body=b"") if response.body else response
        if parsed is None:
            return Polled(feed=feed, before=state, after=after, response=light, others=found.others)
        entries, listings = make_entries(feed, self._outlets, parsed, self._now)
        return Polled(
            feed=feed,
            before=state,
            after=after,
            response=light,
            others=found.others,
            dropped=parsed.dropped,
            entries=entries,
            listings=listings,
            outlets=listed_outlets(feed, self._outlets, parsed),
        )


def _joined(index: ParsedFeed, found: Sequence[_Found], max_items: int) -> ParsedFeed:
    dropped = Counter(index.dropped)
    items: list[FeedItem] = []
    for one in found:
        if one.parsed is not None:
            items.extend(one.parsed.items)
            dropped.update(one.parsed.dropped)
    dropped["too_many"] += max(0, len(items) - max_items)
    return replace(index, items=tuple(items[:max_items]), dropped={reason: n for reason, n in dropped.items() if n})
