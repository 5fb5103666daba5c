"""One whole run, from feeds to snapshot; and its lighter sister that only polls.

Asked to end by SIGTERM or SIGINT, a run stores what it has read, publishes and leaves; the next one goes on.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from pipelines.notices.tell import tell
from pipelines.progress import Progress
from pipelines.runs import Options, begun, finish, followed, opened
from pipelines.steps.choose import choose
from pipelines.steps.gaps import note_quiet
from pipelines.steps.judge import judge
from pipelines.steps.keep import Wanted
from pipelines.steps.poll import poll
from pipelines.steps.publish import publish
from pipelines.steps.read import read
from pipelines.steps.run import Run
from pipelines.stopping import until_stopped
from tracker.fetch.client import Fetcher
from tracker.model import Feed

LOOK_BUDGET = 500  # pages looked at again in one run: at 5 s a page and 30 hosts, a minute or two


@asynccontextmanager
async def fetcher_of(run: Run) -> AsyncIterator[Fetcher]:
    """Open the HTTP client with what is remembered of hosts that asked us to wait."""
    settings = run.home.settings.fetch
    async with Fetcher(settings, clock=run.clock, host_waits=run.store.feeds.host_waits(run.now)) as fetcher:
        yield fetcher


async def nightly(path: Path, options: Options, progress: Progress) -> tuple[int, Run]:
    """Poll, choose, read, look again, judge, publish and tell; return the exit code and the run."""
    with begun(path, "nightly", options, progress) as run:
        feeds = followed(run.home, options)
        await until_stopped(run.stop, _collect(run, feeds, options))
        judge(run)
        note_quiet(run, feeds)
        code = finish(run)
        await tell(run, with_digest=True)
        return code, run


async def _collect(run: Run, feeds: Sequence[Feed], options: Options) -> None:
    async with fetcher_of(run) as fetcher:
        await poll(run, fetcher, feeds)
        wanted = choose(run, all_entries=options.all_entries, only=options.only)
        await look_again(run, fetcher)  # first: an old address that now leads to a new one says whose story that is
        await read(run, fetcher, wanted, "Reading pages", between=_now_and_then(run))


def _now_and_then(run: Run) -> Callable[[], None]:
    """Return what publishes on the way of a long run, every so many minutes as configured."""
    published_at = time.monotonic()

    def publish_if_due() -> None:
        nonlocal published_at
        if time.monotonic() - published_at >= run.home.settings.publish.every_minutes * 60:
            judge(run)
            run.progress.say(f"Published {publish(run).name} on the way")
            published_at = time.monotonic()

    return publish_if_due


async def look_again(run: Run, fetcher: Fetcher, budget: int = LOOK_BUDGET) -> None:
    """Read the pages of on-topic articles that are due for another look, ``budget`` of them at most."""
    looks = run.store.articles.to_look_at(run.now, budget)
    run.count("n_looks", n=len(looks))
    await read(run, fetcher, [Wanted(article=one) for one in looks], "Looking again")


async def poll_only(path: Path, options: Options, progress: Progress) -> tuple[int, Run]:
    """Store what feeds list, fetch no page; publish."""
    with begun(path, "poll", options, progress) as run:
        feeds = followed(run.home, options)
        await until_stopped(run.stop, _poll(run, feeds))
        note_quiet(run, feeds)
        code = finish(run)
        await tell(run)
        return code, run


async def _poll(run: Run, feeds: Sequence[Feed]) -> None:
    async with fetcher_of(run) as fetcher:
        await poll(run, fetcher, feeds)


def dry(path: Path, options: Options) -> list[str]:
    """Say what a nightly run would ask, without asking."""
    home = opened(path, options)
    feeds = followed(home, options)
    fetch = home.settings.fetch
    manners = f"one request a host, {fetch.per_host_delay:g} s apart, {fetch.concurrency} at once"
    return [
        f"would poll {len(feeds)} feeds, {manners}, as {fetch.user_agent_line}",
        *(f"{feed.outlet}\t{feed.kind}\t{feed.url}" for feed in feeds),
    ]
