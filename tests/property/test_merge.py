"""Merging shards: whatever rows, runs and batches, each row once and in order."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.scaleout import merge
from pipelines.scaleout.merge import Merged
from pipelines.scaleout.shard import SCHEMA

AT = datetime(2026, 1, 5)  # noqa: DTZ001 - as shards have it: UTC without saying so
Row = tuple[str, int, int]  # entry, hour, and a number by which the test knows it
ROWS = st.lists(st.tuples(st.sampled_from("abcdefgh"), st.integers(0, 3)), max_size=40)
SHARDS = st.lists(ROWS, min_size=1, max_size=4)


def numbered(shards: list[list[tuple[str, int]]]) -> list[list[Row]]:
    numbers = iter(range(1_000))
    return [[(entry, hour, next(numbers)) for entry, hour in rows] for rows in shards]


def write(path: Path, rows: list[Row], group: int) -> Path:
    columns = {
        "entry": [entry for entry, _, _ in rows],
        "fetched_at": [AT + timedelta(hours=hour) for _, hour, _ in rows],
        "url": [f"https://news.example/{number:04}" for _, _, number in rows],
        "page": [f"{number}" for _, _, number in rows],
        "readout": [f"read {number}" if number % 3 else None for _, _, number in rows],
    }
    whole = [columns.get(field.name) or [None] * len(rows) for field in SCHEMA]
    pq.write_table(pa.table([pa.array(*one) for one in zip(whole, SCHEMA.types, strict=True)], SCHEMA), path, group)
    return path


def in_order(shards: list[list[Row]]) -> list[tuple[int, str, str]]:
    """What is to come out: the capture, the entry and the page of each row."""
    rows = sorted((row for rows in shards for row in rows), key=lambda row: (row[0], row[1], row[2]))
    seen: dict[str, int] = {}
    found = []
    for entry, _, number in rows:
        seen[entry] = seen.get(entry, 0) + 1
        found.append((seen[entry], entry, str(number)))
    return sorted(found)


@given(
    SHARDS,
    st.integers(1, 9),
    st.sampled_from([1, 5_000, 32_000_000]),
    st.sampled_from([1, 3_000, 32_000_000]),
    st.integers(1, 12),
)
@settings(max_examples=30)
def test_each_row_comes_once_and_in_order(shards, batch, run_bytes, section_bytes, group):
    given_rows = numbered(shards)
    with (
        TemporaryDirectory() as folder,
        patch.object(merge, "BATCH", batch),
        patch.object(merge, "RUN_BYTES", run_bytes),
        patch.object(merge, "SECTION_BYTES", section_bytes),
    ):
        files = [write(Path(folder) / f"{number}.parquet", rows, group) for number, rows in enumerate(given_rows)]
        merged = Merged(Path(folder) / "load")
        merged.write(files)
        wanted = in_order(given_rows)
        assert merged.exists()
        assert merged.n_rows() == len(wanted)
        for n_done in {0, 1, batch, len(wanted) // 2, len(wanted)}:
            batches = list(merged.batches(n_done))
            rows = [row for one in batches for row in one.select(["capture", "entry", "page"]).to_pylist()]
            assert [(row["capture"], row["entry"], row["page"]) for row in rows] == wanted[n_done:]
            assert all(len(set(one["entry"].to_pylist())) == len(one) <= batch for one in batches)
            read = [row for one in batches for row in one.select(["page", "readout"]).to_pylist()]
            assert all(row["readout"] == (f"read {row['page']}" if int(row["page"]) % 3 else None) for row in read)


def test_a_merge_that_was_cut_off_begins_anew(tmp_path, monkeypatch):
    files = [write(tmp_path / "0.parquet", [("a", 0, 0), ("b", 0, 1)], 1)]
    merged = Merged(tmp_path / "load")
    write_run = merge._write_run
    monkeypatch.setattr(merge, "RUN_BYTES", 1)

    def cut_off(path, *rest):
        if path.name.startswith("000001"):
            raise KeyboardInterrupt
        write_run(path, *rest)

    monkeypatch.setattr(merge, "_write_run", cut_off)
    with pytest.raises(KeyboardInterrupt):
        merged.write(files)
    assert not merged.exists()
    monkeypatch.setattr(merge, "_write_run", write_run)
    merged.write(files)
    assert [one["page"].to_pylist() for one in merged.batches(0)] == [["0", "1"]]
