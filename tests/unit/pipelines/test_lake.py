"""Parquet for a lake: every row once, under its day, and the manifest knows every file."""

from __future__ import annotations

import hashlib
import json

import duckdb
import pytest

from pipelines.lake import DAYS
from tests.snapshots import HomeBuilder, usual_pieces
from tracker.store.snapshot import open_snapshot, snapshot_path


@pytest.fixture
def lake(tracker, home, tmp_path):
    ended = tracker("--home", home, "export", "lake", tmp_path / "lake")
    assert ended.code == 0, ended.err
    return tmp_path / "lake"


def _read(folder):
    return f"read_parquet('{folder}/**/*.parquet', hive_partitioning = true)"


def test_every_row_of_every_table_is_there_once(lake, home):
    manifest = json.loads((lake / "manifest.json").read_text())
    with open_snapshot(snapshot_path(home)) as snapshot:
        for table in manifest["tables"]:
            (expected,) = snapshot.execute(f"SELECT count(*) FROM {table['table']}").fetchone()  # noqa: S608
            assert table["n_rows"] == expected, table["table"]
            if any((lake / table["file"]).rglob("*.parquet")):
                (n,) = duckdb.sql(f"SELECT count(*) FROM {_read(lake / table['file'])}").fetchone()  # noqa: S608
                assert n == expected, table["table"]
        ours = duckdb.sql(f"SELECT article, date FROM {_read(lake / 'articles')} ORDER BY ALL").fetchall()  # noqa: S608
        days = "SELECT article, coalesce(published_date, first_seen_date) FROM articles ORDER BY ALL"
        assert ours == snapshot.execute(days).fetchall()
    assert {table["table"] for table in manifest["tables"]} > {*DAYS, "outlets", "outlet_sentiment"}


def test_scores_lie_under_the_day_of_their_article(lake):
    query = (
        f"SELECT count(*), count(*) FILTER (s.date = a.date) FROM {_read(lake / 'sentiment')} s "  # noqa: S608
        f"JOIN {_read(lake / 'articles')} a USING (article)"
    )
    n, n_same = duckdb.sql(query).fetchone()
    assert n == n_same > 20


def test_the_manifest_has_every_file_with_its_hash_and_no_text_is_written(lake):
    files = json.loads((lake / "manifest.json").read_text())["files"]
    assert {str(path.relative_to(lake)) for path in lake.rglob("*.parquet")} == set(files)
    name, digest = next(iter(files.items()))
    assert hashlib.sha256((lake / name).read_bytes()).hexdigest() == digest
    assert "text" not in duckdb.sql(f"FROM {_read(lake / 'articles')}").columns


def test_again_by_month_and_with_texts_it_replaces_what_was_there(tracker, tmp_path, lake):
    other = tmp_path / "other"
    HomeBuilder(other).build(usual_pieces()[:3])
    ended = tracker("--home", other, "export", "lake", lake, "--by", "month", "--with-text")
    assert ended.code == 0, ended.err
    found = duckdb.sql(f"SELECT DISTINCT month, count(*), max(text) <> '' FROM {_read(lake / 'articles')} GROUP BY 1")  # noqa: S608
    assert [(str(month), n, has_text) for month, n, has_text in found.fetchall()] == [("2025-05", 3, True)]
    assert [path.name for path in lake.iterdir() if path.name.startswith(".")] == []
