"""``tracker watch``: polling on the feeds' own schedule, reading and publishing on the way, until told to end."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pipelines.nightly import fetcher_of, look_again
from pipelines.notices.tell import tell
from pipelines.progress import Progress
from pipelines.runs import ALL_WELL, SOME_FAILED, Options, begun, finish, followed
from pipelines.steps.choose import choose
from pipelines.steps.gaps import note_quiet, note_waiting
from pipelines.steps.judge import judge
from pipelines.steps.poll import poll
from pipelines.steps.publish import publish
from pipelines.steps.read import read
from pipelines.steps.run import Run
from pipelines.stopping import until_stopped
from tracker.collect.schedule import in_backoff, is_due
from tracker.errors import ConfigError
from tracker.fetch.client import Fetcher
from tracker.model import Feed, FeedState

NAPS = (1.0, 60.0)  # seconds between two rounds: no busy loop, and a clock that was set is noticed within a minute
PAGES_A_HOST = 12  # a round: a minute at 5 s a page, so that feeds are not kept waiting for long
LOOKS = 50  # a round, for the same reason
PAGE_REST = timedelta(hours=1)  # before a page that could not be read is asked for again; a nightly run waits a day


async def watch(path: Path, options: Options, progress: Progress) -> tuple[int, Run]:
    """Poll feeds as they fall due, until SIGTERM or SIGINT; then publish and return the exit code and the run.

    The code is 1 where feeds are failing at the end. Raises ConfigError where there is no feed to watch.
    """
    with begun(path, "watch", options, progress) as run:
        feeds = followed(run.home, options)
        if not feeds:
            raise ConfigError(f"{path / 'outlets.toml'}: no feed to watch: add some with 'tracker feeds add'")
        watched = Watch(run, feeds, options)
        await until_stopped(run.stop, watched.go_on())
        code = SOME_FAILED if watched.note_gaps() else ALL_WELL
        return finish(run, code=code), run


class Watch:
    """One watch: its feeds, and what it remembers between rounds that a restart may forget."""

    def __init__(self, run: Run, feeds: Sequence[Feed], options: Options) -> None:
        self.run = run
        self.feeds = feeds
        self.options = options
        self.resting: dict[str, datetime] = {}  # entries whose pages were asked for, and when
        self.published_at = time.monotonic()
        self.published: Counter[str] = Counter()  # the run's counts then

    async def go_on(self) -> None:
        """Go round after round, until cancelled."""
        every = self.run.home.settings.publish.every_minutes
        self.run.progress.say(f"Watching {len(self.feeds)} feeds; publishing every {every:g} minutes")
        async with fetcher_of(self.run) as fetcher:
            while True:
                self.run.now = datetime.now(UTC)
                await self._round(fetcher)
                if time.monotonic() - self.published_at >= every * 60 and self.run.counts != self.published:
                    await self._publish()
                await asyncio.sleep(self._nap())

    async def _round(self, fetcher: Fetcher) -> None:
        """Poll what is due, and read a bounded number of the pages that this brought."""
        run, states = self.run, self._states()
        due = [feed for feed in self.feeds if is_due(states[feed.feed], run.now)]
        if due:
            await poll(run, fetcher, due, heed_backoff=False)
        self.resting = {entry: at for entry, at in self.resting.items() if run.now - at < PAGE_REST}
        wanted = choose(
            run,
            all_entries=self.options.all_entries,
            only=self.options.only,
            resting=frozenset(self.resting),
            per_host=PAGES_A_HOST,
        )
        self.resting |= {one.entry.entry: run.now for one in wanted if one.entry}
        await read(run, fetcher, wanted, "Reading pages")
        await look_again(run, fetcher, LOOKS)

    async def _publish(self) -> None:
        run, before = self.run, self.published
        judge(run)
        self.note_gaps()
        run.snapshot = publish(run)
        news = run.counts - before
        told = f"{news['n_feeds']} polls, {news['n_entries_new']} new entries, {news['n_articles_new']} articles"
        run.progress.say(f"{run.now:%Y-%m-%d %H:%M} UTC: {told}; published {run.snapshot.name}")
        self.published_at, self.published = time.monotonic(), Counter(run.counts)
        await tell(run)

    def note_gaps(self) -> int:
        """Record what is not being collected, and return how many feeds are failing."""
        states = self._states()
        waiting = [feed for feed in self.feeds if in_backoff(states[feed.feed], self.run.now)]
        note_waiting(self.run, waiting, states)
        note_quiet(self.run, self.feeds)
        return len(waiting)

    def _nap(self) -> float:
        """Return the seconds until the next feed is due, within ``NAPS``."""
        due_at = min((state.next_poll_at or self.run.now for state in self._states().values()), default=self.run.now)
        return min(max((due_at - datetime.now(UTC)).total_seconds(), NAPS[0]), NAPS[1])

    def _states(self) -> dict[str, FeedState]:
        known = self.run.store.feeds.states()
        return {feed.feed: known.get(feed.feed, FeedState(feed=feed.feed)) for feed in self.feeds}
