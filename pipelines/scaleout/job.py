"""What is to be done, as it travels to whoever does it: shards, filters, and how pages are read."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from glob import has_magic
from pathlib import Path

import fsspec
from fsspec.core import url_to_fs
from pydantic import TypeAdapter

from pipelines.home import Home
from pipelines.scaleout.pages import Reading
from tracker import urls
from tracker.errors import DataError
from tracker.extract.version import EXTRACTOR_VERSION
from tracker.model import Outlet, OutletKind, stable_id
from tracker.score.scoring import Scoring
from tracker.topic import compile_topic

FORMAT = "5"  # of the Parquet files; to be raised when what is in them changes


@dataclass(frozen=True, slots=True, kw_only=True)
class Shard:
    """One WARC file by its address (a path, or anything fsspec opens) and its size in bytes."""

    address: str
    size: int

    @property
    def id(self) -> str:
        """What names it: another size is another file."""
        return stable_id(self.address, str(self.size))


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which pages are of interest, by what can be told without reading them. Days are UTC, both included."""

    outlets: frozenset[str] = frozenset()  # slugs; empty: whatever outlet
    only_known: bool = False  # only outlets of outlets.toml
    since: date | None = None
    until: date | None = None
    words: tuple[str, ...] = ()  # one of them must stand in the page, whole, in whatever case

    def is_in_dates(self, at: datetime) -> bool:
        """Whether a page was captured in the days asked for."""
        return (self.since is None or at.date() >= self.since) and (self.until is None or at.date() <= self.until)

    def takes_outlet(self, outlet: Outlet, *, is_known: bool) -> bool:
        """Whether an outlet's pages are asked for."""
        return (is_known or not self.only_known) and (not self.outlets or outlet.outlet in self.outlets)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A backfill: the same ``id`` gives the same rows."""

    id: str
    store: str  # where the shards' Parquet files go: a directory, or an address that fsspec writes to
    outlets: tuple[Outlet, ...]
    filters: Filters
    reading: Reading
    max_page_bytes: int
    via: str = "warc"  # where its pages come from, as every row says

    def file(self, shard: Shard, suffix: str) -> str:
        """Return the address of what a shard leaves."""
        return f"{self.store}/{self.id}/{shard.id}{suffix}"


def make_job(home: Home, filters: Filters, store: str | None, via: str = "warc") -> Job:
    """Return the job that a home and filters ask for; what changes its rows changes its id."""
    settings = home.settings
    hashes = [Scoring(topic, settings.score.embeddings).hash for topic in home.topics]
    parts = (
        FORMAT,
        EXTRACTOR_VERSION,
        *(compile_topic(topic).hash for topic in home.topics),
        *hashes,
        TypeAdapter(tuple[Outlet, ...]).dump_json(home.outlets).decode(),
        repr((sorted(filters.outlets), filters.only_known, filters.since, filters.until, filters.words)),
        str(settings.fetch.max_page_bytes),
        via,
    )
    return Job(
        id=hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16],
        store=(store or str((home.path / "state" / "backfill").resolve())).rstrip("/"),
        outlets=home.outlets,
        filters=filters,
        reading=Reading(
            topics=home.topics,
            embeddings=settings.score.embeddings,
            page_seconds=settings.backfill.page_seconds,
            page_megabytes=settings.backfill.page_megabytes,
            wires=tuple(one for one in home.outlets if one.kind is OutletKind.WIRE),
        ),
        max_page_bytes=settings.fetch.max_page_bytes,
        via=via,
    )


def find_shards(addresses: Sequence[str]) -> list[Shard]:
    """Return the WARC files that paths, globs, directories and fsspec addresses name, each once, in order.

    A file that lists addresses, as Common Crawl's ``warc.paths`` does, may be given as ``@FILE``.
    Raises DataError where one names nothing.
    """
    found: dict[str, Shard] = {}
    for address in _listed(addresses):
        for shard in _shards_at(address):
            found.setdefault(shard.address, shard)
    return list(found.values())


def _listed(addresses: Iterable[str]) -> Iterable[str]:
    for address in addresses:
        if not address.startswith("@"):
            yield address
            continue
        try:
            with fsspec.open(address[1:], "rt", encoding="utf-8", compression="infer") as lines:
                yield from (line.strip() for line in lines if line.strip() and not line.startswith("#"))
        except (OSError, UnicodeDecodeError, ValueError) as error:
            raise DataError(f"{address[1:]}: cannot be read as a list of WARC files: {error}") from error


def _shards_at(address: str) -> list[Shard]:
    try:
        fs, path = url_to_fs(address)
        if fs.isdir(path):
            names = [name for name in fs.find(path) if ".warc" in Path(name).name]
        else:
            names = fs.glob(path) if has_magic(path) else [path]
        shards = [Shard(address=fs.unstrip_protocol(name), size=int(fs.size(name) or 0)) for name in sorted(names)]
    except (OSError, ValueError, ImportError) as error:
        raise DataError(f"{address}: no WARC file can be found there: {error}") from error
    if not shards:
        raise DataError(f"{address}: no WARC file is there; give a file, a directory, a glob or an fsspec address")
    return shards


def outlet_of(url: str, outlets: Sequence[Outlet]) -> tuple[Outlet, bool]:
    """Return the outlet that an address is of, and whether it is a known one."""
    known = urls.find_outlet(url, outlets)
    return (known, True) if known else (urls.outlet_from(url, None), False)
