"""History from WARC files, such as those of Common Crawl's CC-NEWS: by shards, on one machine or many."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from pipelines.home import Home, lock, open_home
from pipelines.progress import Progress
from pipelines.runs import SOME_FAILED, Options, begun, finish
from pipelines.scaleout.engines import Done, Engine, map_dask, map_local
from pipelines.scaleout.job import Filters, Job, Shard, find_shards, make_job
from pipelines.scaleout.load import load
from pipelines.scaleout.walk import N_PAGES, READ
from pipelines.steps.judge import judge
from pipelines.steps.run import Run
from pipelines.stopping import Stop, heed_signals
from tracker.errors import ConfigError
from tracker.store.writer import Store

SAY_EVERY = 10.0  # seconds between two lines that say how far it is


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """Who does the work: ``workers`` here, or those of a dask scheduler; ``store`` is what all of them reach."""

    workers: int = 1
    engine: Engine = "local"
    scheduler: str | None = None
    store: str | None = None


@dataclass(slots=True, kw_only=True)
class Mapped:
    """What the mapping did: ``shards`` that can be loaded, and why others cannot."""

    shards: list[Shard] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


def backfill_warc(
    path: Path, addresses: Sequence[str], filters: Filters, means: Means, progress: Progress, *, via: str = "warc"
) -> tuple[int, Run, Mapped]:
    """Read the WARC files at ``addresses``, store what passes ``filters``, judge and publish.

    Return the exit code, the run and what was mapped. Mapping holds no lock: nightly runs go on meanwhile; loading
    waits for one that is under way. Killed at any moment and run again, it goes on where it was; a file that was
    taken in before is left out. Raises DataError where an address names nothing, ConfigError where ``filters`` name
    no known outlet or dask cannot be used.
    """
    home = open_home(path)
    _check(home, filters)
    job = make_job(home, filters, means.store, via)
    shards = find_shards(addresses)
    with ExitStack() as held:
        held.enter_context(lock(path, name="backfill.lock"))
        with lock(path, waits=True), Store(home.master) as store:
            loaded = store.runs.loaded_shards(job.id)
        fresh = [one for one in shards if one.id not in loaded]
        if len(fresh) < len(shards):
            progress.say(f"{len(shards) - len(fresh)} of {len(shards)} files were taken in before")
        stop = Stop()
        with heed_signals(stop):
            mapped = _map(job, fresh, means, stop, progress)
        with begun(path, f"backfill {via}", Options(waits=True), progress) as run:
            run.stop.signal = stop.signal
            if mapped.shards and not stop:
                load(run, job, mapped.shards)
            judge(run)
            code = finish(run)
            return (code or SOME_FAILED if mapped.problems else code), run, mapped


def _check(home: Home, filters: Filters) -> None:
    unknown = sorted(filters.outlets - {outlet.outlet for outlet in home.outlets})
    if unknown:
        raise ConfigError(f"--only {unknown[0]}: no such outlet in outlets.toml")


def _map(job: Job, shards: Sequence[Shard], means: Means, stop: Stop, progress: Progress) -> Mapped:
    mapped = Mapped()
    left = sorted(shards, key=lambda shard: -shard.size)  # the longest first: the last to end are short
    if means.engine == "dask":
        done = map_dask(job, left, stop, means.workers, means.scheduler)
    else:
        done = map_local(job, left, stop, means.workers)
    how_far = _HowFar(sum(shard.size for shard in shards), len(shards), progress)
    for one in done if left else ():
        _note(mapped, one, progress)
        how_far.note(one[0], mapped)
    mapped.shards.sort(key=lambda shard: shard.id)
    return mapped


def _note(mapped: Mapped, done: Done, progress: Progress) -> None:
    shard, counts = done
    if isinstance(counts, str):
        mapped.problems.append(counts)
        progress.warn(f"{shard.address}: left out: {counts}")
        return
    mapped.shards.append(shard)
    for name, n in counts.items():
        mapped.counts[name] = mapped.counts.get(name, 0) + n


@dataclass(slots=True)
class _HowFar:
    """Says now and then how much is done and how long the rest will take, by the bytes of the files."""

    n_bytes: int
    n_shards: int
    progress: Progress
    begun_at: float = field(default_factory=time.monotonic)
    said_at: float = field(default_factory=time.monotonic)
    bytes_done: int = 0

    def note(self, shard: Shard, mapped: Mapped) -> None:
        self.bytes_done += shard.size
        now = time.monotonic()
        n_done = len(mapped.shards) + len(mapped.problems)
        if now - self.said_at < SAY_EVERY and n_done < self.n_shards:
            return
        self.said_at = now
        seconds = now - self.begun_at
        left = seconds * (self.n_bytes - self.bytes_done) / max(self.bytes_done, 1)
        self.progress.say(
            f"{n_done} of {self.n_shards} files read, {mapped.counts.get(N_PAGES, 0)} pages, "
            f"{mapped.counts.get(READ, 0)} worth reading, {mapped.counts.get(N_PAGES, 0) / seconds:.0f} pages/s, "
            f"about {left / 60:.0f} min left"
        )


def said(mapped: Mapped) -> str:
    """Return what became of the pages of the files, in words whose numbers add up."""
    counts = mapped.counts
    words = {
        READ: "read",
        "n_unlikely": "without the words",
        "n_other_outlet": "of other outlets",
        "n_other_date": "of other days",
        "n_other_type": "no HTML",
        "n_other_address": "without a web address",
        "n_damaged": "damaged",
        "n_not_ok": "that were no answer of success",
    }
    parts = [f"{counts[name]} {text}" for name, text in words.items() if counts.get(name)]
    return f"{counts.get(N_PAGES, 0)} responses in {len(mapped.shards)} files = {' + '.join(parts) or 'none'}."
