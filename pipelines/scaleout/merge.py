"""Rows of many shards in the order in which they are stored: an external sort, in bounded memory.

DuckDB orders the rows by their keys, which are small. The rows themselves, of some 24 kB where a page was scored, are
sorted some at a time into runs (Knuth, The Art of Computer Programming 3, 5.4), each cut where sections of the whole
begin, so that a section is read from all runs and nothing else is. DuckDB's own sort of them took more memory than any
limit it was given: it holds 2,048 rows wherever it holds one.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

# Pages a transaction: each asks all that is stored for what it knows of them, so that many at a time cost as few. Of
# those read some 24 kB are in memory.
BATCH = 1_000
RUN_BYTES = 32_000_000  # of rows sorted at once, of which a copy is made
SECTION_BYTES = 16_000_000  # as Parquet has them, uncompressed: about half of what they are in memory
KEYS_MEMORY = "200MB"  # of DuckDB's while it sorts keys; the rest goes to disk
CAPTURE, POSITION = "capture", "position"  # of a row: the how manieth of its entry; where it stands among all
N_ROWS, SECTION = b"tracker_rows", b"tracker_section"  # of all runs together, and of a section of them


class Merged:
    """The rows of all shards, below ``folder``: by entry, all earliest captures before all second ones, and so on."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "merged"

    def exists(self) -> bool:
        """Whether all rows are there."""
        return self._folder.exists()

    def n_rows(self) -> int:
        """Return how many rows there are."""
        return self._sizes()[0]

    def write(self, shards: Sequence[Path]) -> None:
        """Sort the rows of Parquet files, of one schema and in the order of their names, into runs."""
        draft = self._folder.with_suffix(".part")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(parents=True)
        captures, positions = _order(shards, draft / "spill")
        sizes = len(positions), _section(shards, len(positions))
        first = 0
        for number, rows in enumerate(_runs(shards)):
            end = first + len(rows)
            placed = rows.append_column(CAPTURE, captures[first:end]).append_column(POSITION, positions[first:end])
            _write_run(draft / f"{number:06}.arrow", placed, *sizes)
            first = end
        draft.replace(self._folder)

    def batches(self, n_done: int) -> Iterator[pa.RecordBatch]:
        """Yield the rows after the first ``n_done``, an entry at most once in a batch."""
        n_rows, section = self._sizes()
        runs = self._runs()
        for number in range(n_done // section, -(-n_rows // section)):
            rows = pa.Table.from_batches([_part(run, number) for run in runs]).combine_chunks().to_batches()[0]
            rows = rows.take(pc.array_sort_indices(rows[POSITION])).drop_columns(POSITION)
            left = rows.slice(max(n_done - number * section, 0))
            while len(left):
                some = left.slice(0, BATCH)
                n_alike = pc.sum(pc.equal(some[CAPTURE], some[CAPTURE][0])).as_py()  # they come in this order
                yield some.slice(0, n_alike)
                left = left.slice(n_alike)

    def _runs(self) -> list[Path]:
        return sorted(self._folder.glob("*.arrow"))

    def _sizes(self) -> tuple[int, int]:
        """Return how many rows there are, and in a section of them."""
        runs = self._runs()
        if not runs:
            return 0, 1
        with _opened(runs[0]) as parts:
            return int(parts.schema.metadata[N_ROWS]), int(parts.schema.metadata[SECTION])


def _order(shards: Sequence[Path], spill: Path) -> tuple[pa.Array, pa.Array]:
    """Return the captures and positions of the rows of the files, one file after the other."""
    with duckdb.connect(config={"memory_limit": KEYS_MEMORY, "temp_directory": str(spill)}) as connection:
        files = [str(shard) for shard in shards]
        connection.read_parquet(files, filename=True, file_row_number=True).create_view("pages")
        found = connection.sql(
            """
            WITH places AS (
                SELECT filename, file_row_number, entry, row_number() OVER (
                    PARTITION BY entry ORDER BY fetched_at, url, filename, file_row_number
                ) AS capture FROM pages
            )
            SELECT capture, row_number() OVER (ORDER BY capture, entry) - 1 AS position
            FROM places ORDER BY filename, file_row_number
            """
        ).to_arrow_table()
    shutil.rmtree(spill, ignore_errors=True)
    return found[CAPTURE].combine_chunks(), found[POSITION].combine_chunks()


def _runs(shards: Sequence[Path]) -> Iterator[pa.Table]:
    """Yield the rows of files, as many at a time as may be in memory together."""
    held: list[pa.RecordBatch] = []
    for shard in shards:
        with pq.ParquetFile(shard) as file:
            for group in range(file.num_row_groups):  # some hundred rows each
                held += file.read_row_group(group).to_batches()
                if sum(rows.nbytes for rows in held) >= RUN_BYTES:
                    yield pa.Table.from_batches(held)
                    held.clear()
    if held:
        yield pa.Table.from_batches(held)


def _section(shards: Sequence[Path], n_rows: int) -> int:
    """Return how many rows may be in memory together."""
    parts = [pq.read_metadata(shard) for shard in shards]
    n_bytes: int = sum(one.row_group(group).total_byte_size for one in parts for group in range(one.num_row_groups))
    return max(BATCH, n_rows * SECTION_BYTES // max(n_bytes, 1))


def _write_run(path: Path, rows: pa.Table, n_rows: int, section: int) -> None:
    """Write rows in order, a batch of the file for each section of all ``n_rows``, empty or not."""
    whole = rows.combine_chunks().to_batches()[0]
    positions = whole[POSITION].to_numpy()
    order = np.argsort(positions)
    cuts = np.searchsorted(positions, np.arange(0, n_rows + section, section), sorter=order)
    schema = rows.schema.with_metadata({N_ROWS: str(n_rows), SECTION: str(section)})
    with pa.ipc.new_file(str(path), schema, options=pa.ipc.IpcWriteOptions(compression="zstd")) as out:
        for first, end in pairwise(cuts.tolist()):
            # taken, not sorted and sliced: of a slice nested lists are written whole
            out.write_batch(whole.take(pa.array(order[first:end])))


def _part(run: Path, number: int) -> pa.RecordBatch:
    with _opened(run) as parts:
        return parts.get_batch(number)


@contextmanager
def _opened(run: Path) -> Iterator[pa.ipc.RecordBatchFileReader]:
    with pa.OSFile(str(run)) as file, pa.ipc.open_file(file) as parts:
        yield parts
