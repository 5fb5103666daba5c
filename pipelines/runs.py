"""How every run begins and ends: lock, store and record before its steps, exit code and snapshot after them."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path

from pipelines.home import Home, lock, open_home
from pipelines.progress import Progress
from pipelines.steps.judge import judge
from pipelines.steps.publish import publish
from pipelines.steps.run import CODE_VERSION, Run
from pipelines.stopping import heed_signals
from tracker.collect.search import search_feeds
from tracker.errors import ConfigError
from tracker.model import Feed
from tracker.score.frames import load_packs
from tracker.store.writer import Store

ALL_WELL, SOME_FAILED, NOTHING_COLLECTED = 0, 1, 4  # exit codes of the contract
FAILED_PAGES_SHARE = 0.1  # of chosen pages: below, single pages failing is a night like any other


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
        with heed_signals(run.stop), _frozen():
            yield run


@contextmanager
def _frozen() -> Iterator[None]:
    """Keep Python's collector off what is loaded by now: it took a third of a quiet poll."""
    gc.freeze()
    try:
        yield
    finally:
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
