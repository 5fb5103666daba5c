"""One whole run, from feeds to snapshot; and its lighter sister that only polls.

Asked to end by SIGTERM or SIGINT, a run stores what it has read, publishes and leaves; the next one goes on.
"""

from __future__ import annotations

import gc
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path

from pipelines.home import Home, lock, open_home
from pipelines.notices.tell import tell
from pipelines.progress import Progress
from pipelines.steps.choose import choose
from pipelines.steps.gaps import note_quiet
from pipelines.steps.judge import judge
from pipelines.steps.keep import Wanted
from pipelines.steps.poll import poll
from pipelines.steps.publish import publish
from pipelines.steps.read import read
from pipelines.steps.run import CODE_VERSION, Run
from pipelines.stopping import heed_signals, until_stopped
from tracker.collect.search import search_feeds
from tracker.errors import ConfigError
from tracker.fetch.client import Fetcher
from tracker.model import Feed
from tracker.score.frames import load_packs
from tracker.store.writer import Store

ALL_WELL, SOME_FAILED, NOTHING_COLLECTED = 0, 1, 4  # exit codes of the contract
FAILED_PAGES_SHARE = 0.1  # of chosen pages: below, single pages failing is a night like any other
YOUNG_OBJECTS = 20_000  # between two collections, a few megabytes; Python's 700 are for programs that make little
LOOK_BUDGET = 500  # pages looked at again in one run: at 5 s a page and 30 hosts, a minute or two


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How a run is told to behave."""

    now: datetime | None = None
    only: frozenset[str] = frozenset()
    all_entries: bool = False
    waits: bool = False  # for another run to end, where one is under way


@contextmanager
def begun(path: Path, command: str, options: Options, progress: Progress) -> Iterator[Run]:
    """Hold the lock, open the store, take over the configuration, and record that a run began."""
    home = opened(path, options)
    started = datetime.now(UTC)
    with lock(path, waits=options.waits), Store(home.master) as store:
        run = Run(
            home=home, store=store, now=options.now or started, is_replay=options.now is not None, progress=progress
        )
        with store.transaction():
            store.runs.begin(run.id, command, run.now, started, CODE_VERSION)
            frames = {topic.topic: (*load_packs(topic.packs), *topic.frames) for topic in home.topics}
            store.feeds.save_configuration(home.outlets, feeds_of(home), home.topics, frames)
        with heed_signals(run.stop), _few_collections():
            yield run


@contextmanager
def _few_collections() -> Iterator[None]:
    """Keep Python's collector off what is loaded by now, and let it run seldom: it took a third of a quiet poll."""
    gc.freeze()
    often = gc.get_threshold()
    gc.set_threshold(YOUNG_OBJECTS, *often[1:])
    try:
        yield
    finally:
        gc.set_threshold(*often)
        gc.unfreeze()


def opened(path: Path, options: Options) -> Home:
    """Open a home; raises ConfigError where ``--only`` names an outlet that it does not know."""
    home = open_home(path)
    known = [outlet.outlet for outlet in home.outlets]
    for name in sorted(options.only - set(known)):
        close = get_close_matches(name, known, n=1)
        raise ConfigError(f"--only {name}: no such outlet in outlets.toml" + (f": {close[0]}?" if close else ""))
    return home


def feeds_of(home: Home) -> tuple[Feed, ...]:
    """Return the configured feeds; a search for a topic's phrase is told whose it is."""
    topics = {url: topic.topic for topic in home.topics for _, url in search_feeds(topic)}
    return tuple(replace(feed, topic=topics.get(feed.url)) for feed in home.feeds)


def followed(home: Home, options: Options) -> list[Feed]:
    """Return the configured feeds of the outlets that a run is for."""
    return [feed for feed in feeds_of(home) if not options.only or feed.outlet in options.only]


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


def finish(run: Run, *, code: int | None = None) -> int:
    """Close a run: record its counts and exit code (worked out from them by default), publish, return the code."""
    code = exit_code(run) if code is None else code
    notes = [] if run.reconciles() else ["counts do not reconcile: please report this"]
    if run.stop:
        notes.append(f"stopped by {run.stop.signal}: the next run goes on from here")
    for note in notes:
        run.progress.warn(note)
    run.store.runs.end(run.id, datetime.now(UTC), code, run.totals(), "; ".join(notes) or None)
    run.on_topic = run.store.articles.on_topic()
    begun_at = time.monotonic()
    run.snapshot = publish(run)
    run.progress.say(f"Published {run.snapshot.name} in {time.monotonic() - begun_at:.1f} s")
    return code


def exit_code(run: Run) -> int:
    """Return 4 where feeds were asked and none answered, 1 where something is worth a look or was left, else 0."""
    counts = run.counts
    if counts["n_feeds"] and not counts["n_feeds_ok"]:
        return NOTHING_COLLECTED
    many_failed = counts["n_failed"] > FAILED_PAGES_SHARE * counts["n_chosen"]
    is_short = run.stop or not run.reconciles()
    return SOME_FAILED if counts["n_feeds_failed"] or counts["n_gaps"] or many_failed or is_short else ALL_WELL


def judge_again(path: Path, progress: Progress) -> tuple[int, Run]:
    """Match, cluster and score what changed topics or scorers make stale, and publish. No network."""
    with begun(path, "rescore", Options(), progress) as run:
        judge(run)
        return finish(run), run


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
