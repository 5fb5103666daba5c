"""What people have opens a snapshot and answers the cookbook: DuckDB's shell and Python, pandas, polars, Ibis."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import duckdb
import ibis
import polars as pl
import pytest

from pipelines.cookbook import PAGE, queries
from tracker.store.snapshot import open_snapshot, snapshot_path

WHO, ATTENTION, *_ = queries(PAGE.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def link(demo_home):
    """The name under which the home's snapshot is published."""
    return demo_home / "coverage.duckdb"


@pytest.fixture(scope="module")
def rows(demo_home):
    with open_snapshot(snapshot_path(demo_home)) as snapshot:
        found = snapshot.execute(WHO)
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def test_the_duckdb_shell(link, rows):
    shell = Path(sys.executable).with_name("duckdb")  # of the package duckdb-cli, never another one on the path
    ended = subprocess.run([shell, "-readonly", "-json", link, WHO], capture_output=True, text=True, check=True)
    assert json.loads(ended.stdout) == rows


def test_duckdb_in_python_and_pandas(link, rows):
    with duckdb.connect(str(link), read_only=True) as snapshot:
        assert snapshot.sql(WHO).df().to_dict("records") == rows
        days = snapshot.sql(ATTENTION).df()
    assert days["date"].is_monotonic_increasing
    assert days["listed"].dtype.kind == "i"


def test_polars(link, rows):
    with duckdb.connect(str(link), read_only=True) as snapshot:
        assert pl.read_database(WHO, snapshot).to_dicts() == rows


def test_ibis(link, rows):
    snapshot = ibis.duckdb.connect(link, read_only=True)
    try:
        assert snapshot.sql(WHO).to_pandas().to_dict("records") == rows
        coverage = snapshot.table("coverage")
        counted = coverage.group_by("outlet_name").agg(articles=coverage.count()).to_pandas()
    finally:
        snapshot.disconnect()
    assert dict(counted.itertuples(index=False)) == {row["outlet_name"]: row["articles"] for row in rows}
