"""One shard from WARC to Parquet: stream, filter, read, write; nothing is there until it is whole."""

from __future__ import annotations

import json
import os
import tempfile
import uuid
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from fsspec import AbstractFileSystem
from fsspec.core import url_to_fs
from fsspec.implementations.local import LocalFileSystem

from pipelines.scaleout.job import Job, Shard
from pipelines.scaleout.messages import Answer
from pipelines.scaleout.pages import ROWS
from pipelines.scaleout.reader import ReaderProcess
from pipelines.scaleout.walk import N_PAGES
from tracker.archive import ArchiveWriter

ROWS_A_GROUP = 200  # rows held until they are written: some 10 MB of texts and scores
FILE, OFFSET = "warc_file", "warc_offset"  # where a page's record will stand in the archive, null where it has none
SCHEMA = pa.schema([*ROWS, (FILE, pa.string()), (OFFSET, pa.int64())])
COUNTS = b"tracker_counts"


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
        parquet, warc = Path(work) / "shard.parquet", Path(work) / "shard.warc.gz"
        with nullcontext(reader) if reader else ReaderProcess(job) as reads:
            name = f"warc/backfill/{job.id}/{shard.id}.warc.gz"
            counts = _write(reads.read(shard, should_stop), parquet, warc, name)
        if warc.exists():  # first: who sees the Parquet file finds the pages too
            _put(fs, warc, url_to_fs(job.file(shard, ".warc.gz"))[1])
        _put(fs, parquet, target)
    return dict(counts)


def _write(answers: Iterable[Answer], parquet: Path, warc: Path, name: str) -> Counter[str]:
    """Write rows and pages of a shard, which the archive will have as ``name``; return what was counted.

    Raises Stopped where the last answer is missing.
    """
    started = datetime.now(UTC)
    counts: Counter[str] = Counter()
    held: list[pa.RecordBatch] = []
    is_whole = False
    with (
        pq.ParquetWriter(parquet, SCHEMA, compression="zstd") as out,
        ArchiveWriter(warc.parent, lambda: started, name=warc.name) as archive,
    ):
        for answer in answers:
            offsets = [archive.append_records(one) if one else None for one in answer.records]
            held += [_placed(answer.unread, name, [None] * len(answer.unread)), _placed(answer.read, name, offsets)]
            if answer.is_last or sum(map(len, held)) >= ROWS_A_GROUP:
                out.write_table(pa.Table.from_batches(held, SCHEMA))
                held.clear()
            counts += answer.counts
            is_whole = answer.is_last
        if not is_whole:
            raise Stopped
        told = sum(n for what, n in counts.items() if what != N_PAGES)
        counts["n_not_ok"] = counts[N_PAGES] - told  # redirects and errors, which are no pages
        out.add_key_value_metadata({COUNTS: json.dumps(counts)})
    return counts


def _placed(rows: pa.RecordBatch, name: str, offsets: list[int | None]) -> pa.RecordBatch:
    """Return rows with where each page's record stands in the archive."""
    files = [None if offset is None else name for offset in offsets]
    columns = [*rows.columns, pa.array(files, pa.string()), pa.array(offsets, pa.int64())]
    return pa.RecordBatch.from_arrays(columns, schema=SCHEMA)


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
