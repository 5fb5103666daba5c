"""One shard from WARC to Parquet: stream, filter, read, write; nothing is there until it is whole."""

from __future__ import annotations

import json
import os
import re
import tempfile
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, cast

import fsspec
import pyarrow as pa
import pyarrow.parquet as pq
from fsspec import AbstractFileSystem
from fsspec.core import url_to_fs
from fsspec.implementations.local import LocalFileSystem

from pipelines.scaleout.job import Job, Shard, outlet_of
from pipelines.scaleout.pages import READOUTS, SHARD_PAGE, Given, Readout, ReadPage, ShardPage, answer
from pipelines.scaleout.reader import ReaderProcess
from tracker import urls
from tracker.archive import ArchiveWriter, pages_in
from tracker.errors import DataError
from tracker.model import Outcome, Outlet, Page, stable_id

ROWS_A_GROUP = 200  # rows held until they are written: some 10 MB of texts and scores
PAGES_SCHEMA = pa.schema(
    [
        ("entry", pa.string()),
        ("fetched_at", pa.timestamp("us")),
        ("url", pa.string()),
        ("outlet", pa.string()),
        ("page", pa.string()),  # the whole ``ShardPage`` as JSON
    ]
)
SCHEMA = pa.schema([*PAGES_SCHEMA, *READOUTS])  # what was read is null where a page was not worth reading
COUNTS = b"tracker_counts"
PAGES, READ, UNLIKELY = "n_pages", "n_read", "n_unlikely"


class Stopped(Exception):  # noqa: N818 - not an error: the run was asked to end
    """The run was asked to end in the middle of a shard."""


def never() -> bool:
    """Say that nobody asked to stop."""
    return False


def map_shard(
    job: Job, shard: Shard, should_stop: Callable[[], bool] = never, reader: ReaderProcess | None = None
) -> dict[str, int]:
    """Leave a shard's Parquet and WARC file in the job's store, unless they are there; return what was counted.

    Without a ``reader``, which stays as it is for the next shard, pages are read by a process of this shard's own.
    Raises DataError where the shard cannot be read, Stopped where ``should_stop`` said so.
    """
    fs, target = url_to_fs(job.file(shard, ".parquet"))
    if fs.exists(target):
        return _counts_in(fs, target)
    folder = fs._parent(target)  # noqa: SLF001 - fsspec has no public name for it
    fs.makedirs(folder, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".work-", dir=folder if isinstance(fs, LocalFileSystem) else None) as work:
        mapping = _Mapping(job, shard, should_stop, Path(work))
        if reader:
            mapping.run(reader)
        else:
            with ReaderProcess(job.reading) as own:
                mapping.run(own)
        if mapping.warc.exists():  # first: who sees the Parquet file finds the pages too
            _put(fs, mapping.warc, url_to_fs(job.file(shard, ".warc.gz"))[1])
        _put(fs, mapping.parquet, target)
    return dict(mapping.counts)


@dataclass(slots=True)
class _Mapping:
    """One shard under way; ``work`` is a directory of its own."""

    job: Job
    shard: Shard
    should_stop: Callable[[], bool]
    work: Path
    counts: Counter[str] = field(default_factory=Counter)
    _outlets: dict[str, tuple[Outlet, bool]] = field(default_factory=dict)
    _shared_hosts: tuple[str, ...] = field(init=False)  # those of which outlets hold a path

    def __post_init__(self) -> None:
        scopes = {scope for one in self.job.outlets for scope in one.scopes if "/" in scope}
        self._shared_hosts = tuple(scope.partition("/")[0] for scope in scopes)

    @property
    def parquet(self) -> Path:
        return self.work / "shard.parquet"

    @property
    def warc(self) -> Path:
        return self.work / "shard.warc.gz"

    def run(self, reader: ReaderProcess) -> None:
        """Write both files."""
        started = datetime.now(UTC)
        with (
            pq.ParquetWriter(self.parquet, SCHEMA, compression="zstd") as out,
            ArchiveWriter(self.work, lambda: started, name=self.warc.name) as archive,
        ):
            rows = _Rows(out)
            for pages, found in reader.read(self._to_read(rows)):
                offsets = [archive.append_records(one) for one in found.records]
                read = [self._shard_page(page, offset) for page, offset in zip(pages, offsets, strict=True)]
                rows.add(read, found.rows)
            rows.write()
            told = sum(n for name, n in self.counts.items() if name != PAGES)
            self.counts["n_not_ok"] = self.counts[PAGES] - told  # redirects and errors, which are no pages
            out.add_key_value_metadata({COUNTS: json.dumps(self.counts)})

    def _to_read(self, rows: _Rows) -> Iterator[Given]:
        """Yield the pages that pass all filters; add those that only lack the words, or are too long."""
        mentions = words_test(self.job.filters.words)
        try:
            with fsspec.open(self.shard.address, "rb") as file:
                pages = pages_in(
                    cast("BinaryIO", file), self.shard.address, wants=self._wants, on_damage=self._note_damage
                )
                for page in pages:
                    if self.should_stop():
                        raise Stopped
                    if page.content_type not in {None, "text/html", "application/xhtml+xml"}:
                        self.counts["n_other_type"] += 1
                    elif not mentions(page.body):
                        self.counts[UNLIKELY] += 1
                        rows.add_unread(self._shard_page(page))
                    elif len(page.body) > self.job.max_page_bytes:
                        self.counts[READ] += 1
                        rows.add([self._shard_page(page)], answer([self._too_large(page)]).rows)
                    else:
                        self.counts[READ] += 1
                        yield page, self._outlet(page.url)[0].language
        except (OSError, ImportError) as error:
            raise DataError(f"{self.shard.address}: cannot be read: {error}") from error

    def _wants(self, url: str, at: datetime, _length: int) -> bool:
        """Tell by a record's header whether its page is asked for."""
        self.counts[PAGES] += 1
        filters = self.job.filters
        if not urls.is_http(url):
            self.counts["n_other_address"] += 1
        elif not filters.is_in_dates(at):
            self.counts["n_other_date"] += 1
        else:
            outlet, is_known = self._outlet(url)
            if filters.takes_outlet(outlet, is_known=is_known):
                return True
            self.counts["n_other_outlet"] += 1
        return False

    def _outlet(self, url: str) -> tuple[Outlet, bool]:
        """Return an address's outlet, looked up once a host where no outlet's scope is a path of it."""
        host = urls.host(url)
        if host not in self._outlets:
            found = outlet_of(url, self.job.outlets)
            if host.endswith(self._shared_hosts):
                return found
            self._outlets[host] = found
        return self._outlets[host]

    def _note_damage(self, _what: str) -> None:
        self.counts["n_damaged"] += 1

    def _too_large(self, page: Page) -> ReadPage:
        detail = f"{len(page.body)} bytes, at most {self.job.max_page_bytes} are read"
        return ReadPage(Readout(outcome=Outcome.TOO_LARGE, detail=detail), {}, b"")

    def _shard_page(self, page: Page, offset: int | None = None) -> ShardPage:
        outlet, _ = self._outlet(page.url)
        canonical_url = urls.canonical_url(page.url)
        return ShardPage(
            entry=stable_id(outlet.outlet, canonical_url),
            outlet=outlet,
            url=page.url,
            canonical_url=canonical_url,
            final_url=page.final_url,
            fetched_at=page.fetched_at,
            n_bytes=len(page.body),
            payload_digest=page.payload_digest,
            warc_file=None if offset is None else f"warc/backfill/{self.job.id}/{self.shard.id}.warc.gz",
            warc_offset=offset,
        )


@dataclass(slots=True)
class _Rows:
    """Rows on their way into a Parquet file, written some hundred at a time."""

    out: pq.ParquetWriter
    _unread: list[ShardPage] = field(default_factory=list)
    _read: list[pa.RecordBatch] = field(default_factory=list)
    _n: int = 0

    def add(self, pages: Sequence[ShardPage], readouts: pa.RecordBatch) -> None:
        """Add pages with what was read out of each."""
        self._read.append(pa.RecordBatch.from_arrays([*_columns(pages), *readouts.columns], schema=SCHEMA))
        self._note(len(pages))

    def add_unread(self, page: ShardPage) -> None:
        """Add a page that is not worth reading."""
        self._unread.append(page)
        self._note(1)

    def write(self) -> None:
        """Write what is held."""
        nothing = [pa.nulls(len(self._unread), column.type) for column in READOUTS]
        unread = pa.RecordBatch.from_arrays([*_columns(self._unread), *nothing], schema=SCHEMA)
        self.out.write_table(pa.Table.from_batches([*self._read, unread], SCHEMA))
        self._read.clear()
        self._unread.clear()
        self._n = 0

    def _note(self, n: int) -> None:
        self._n += n
        if self._n >= ROWS_A_GROUP:
            self.write()


def _columns(pages: Sequence[ShardPage]) -> list[pa.Array]:
    values = [
        [one.entry for one in pages],
        [one.fetched_at.astimezone(UTC).replace(tzinfo=None) for one in pages],
        [one.url for one in pages],
        [one.outlet.outlet for one in pages],
        [SHARD_PAGE.dump_json(one).decode() for one in pages],
    ]
    return [pa.array(column, field.type) for column, field in zip(values, PAGES_SCHEMA, strict=True)]


def words_test(words: tuple[str, ...]) -> Callable[[bytes], bool]:
    """Return what tells whether one of the words stands in a page's bytes, whole and in whatever case.

    A cheap test, before anything is parsed: entities and markup within a word hide it. Without words all pass.
    """
    wanted = [" ".join(word.split()).lower().encode() for word in words]
    if not wanted:
        return lambda _: True
    alone = [re.compile(rb"(?<![a-z0-9])" + re.escape(word) + rb"(?![a-z0-9])") for word in wanted]

    def mentions(body: bytes) -> bool:
        text = body.lower()
        return any(word in text and whole.search(text) for word, whole in zip(wanted, alone, strict=True))

    return mentions


def _counts_in(fs: AbstractFileSystem, path: str) -> dict[str, int]:
    with fs.open(path, "rb") as file:
        metadata = pq.read_metadata(file).metadata or {}
    return dict(json.loads(metadata[COUNTS]))


def _put(fs: AbstractFileSystem, source: Path, target: str) -> None:
    """Move a finished file to its place, where it appears whole or not at all."""
    with source.open("rb+") as file:
        os.fsync(file.fileno())
    if isinstance(fs, LocalFileSystem):
        source.replace(target)
        return
    draft = f"{target}.{uuid.uuid4().hex}.tmp"
    fs.put_file(str(source), draft)
    fs.mv(draft, target)
