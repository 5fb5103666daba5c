"""A home over loopback, polled as of any time, for tests of what a run remembers and stores."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape
from pathlib import Path

from pipelines.nightly import fetcher_of
from pipelines.progress import Progress
from pipelines.runs import Options, begun, feeds_of
from pipelines.steps.gaps import note_quiet
from pipelines.steps.poll import poll
from pipelines.steps.run import Run
from tracker.config import init_home
from tracker.model import Feed, FeedState, stable_id

NOW = datetime(2026, 1, 7, 12, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
QUIET = Progress(verbosity=-1)
SETTINGS = """\
[fetch]
per_host_delay = 0.0
connect_timeout = 2.0
total_timeout = {total_timeout}
max_feed_bytes = {max_feed_bytes}
allow_private_hosts = ["127.0.0.1"]
[collect]
jitter = {jitter}
[report]
timezone = "{timezone}"
"""


def make_home(path: Path, feeds: dict[str, Iterable[str]], **settings: object) -> Path:
    """Write a home whose outlets list the given addresses."""
    init_home(path, feeds=False)
    values = {"total_timeout": 3.0, "max_feed_bytes": 10_000_000, "jitter": 0.1, "timezone": "UTC"} | settings
    (path / "tracker.toml").write_text(SETTINGS.format(**values))
    (path / "outlets.toml").write_text(
        "\n".join(
            f'[[outlets]]\noutlet = "{slug}"\nname = "{slug}"\nfeeds = {list(urls)}\n' for slug, urls in feeds.items()
        )
    )
    return path


@dataclass
class Polling:
    """One open home: ``at(moment)`` polls it as of then."""

    run: Run

    @property
    def feeds(self) -> list[Feed]:
        return list(feeds_of(self.run.home))

    async def at(self, moment: datetime, **options: bool) -> None:
        """Poll as of a moment, as a run of its own would: waiting hosts are read from the store."""
        self.run.now = moment
        self.run.gaps.clear()
        self.run.counts.clear()
        async with fetcher_of(self.run) as fetcher:
            await poll(self.run, fetcher, self.feeds, **options)
        note_quiet(self.run, self.feeds)

    def state(self, url: str) -> FeedState:
        return self.run.store.feeds.states()[stable_id(url)]

    def wait(self, url: str) -> timedelta:
        """How long a feed is left alone from now on."""
        due = self.state(url).next_poll_at
        assert due is not None
        return due - self.run.now

    def rows(self, query: str) -> list[tuple[object, ...]]:
        return self.run.store.db.connection.execute(query).fetchall()

    def outcomes(self) -> list[object]:
        """The outcomes of the feeds' requests, in the order in which they were made."""
        return [row[0] for row in self.rows("SELECT outcome FROM fetches WHERE purpose = 'feed' ORDER BY rowid")]

    def gaps(self) -> list[tuple[object, ...]]:
        return self.rows("SELECT reason, from_at, until_at FROM gaps ORDER BY from_at, reason")


@asynccontextmanager
async def polling(home: Path) -> AsyncIterator[Polling]:
    with begun(home, "poll", Options(now=NOW), QUIET) as run:
        yield Polling(run=run)


def naive(moment: datetime) -> datetime:
    """The moment as a TIMESTAMP column gives it."""
    return moment.replace(tzinfo=None)


def rss(*paths: str, at: datetime = NOW, gap: timedelta = HOUR) -> bytes:
    """Write a feed of these items, newest first, ``gap`` apart."""
    items = "".join(
        f"<item><title>{escape(path)}</title><link>http://news.example{path}</link>"
        f"<pubDate>{format_datetime(at - n * gap)}</pubDate></item>"
        for n, path in enumerate(paths)
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>t</title>{items}</channel></rss>'.encode()
