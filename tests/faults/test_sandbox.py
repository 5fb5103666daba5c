"""Two thousand hostile statements through ``tracker sql``'s own way in: nothing on disk changes, nothing leaks."""

from __future__ import annotations

import hashlib
import os
import random
import tempfile
from collections import Counter
from pathlib import Path

import pytest

from pipelines.sql import write_result
from tests.snapshots import HomeBuilder, usual_pieces
from tracker.errors import QueryError
from tracker.store.snapshot import open_snapshot, snapshot_path

N, SEED = 2_000, 20250512
SECRET = "a secret that no query may read"
STATEMENTS = (
    "COPY outlets TO '{path}'",
    "COPY (SELECT * FROM {table}) TO '{path}' (FORMAT {format})",
    "COPY outlets FROM '{path}'",
    "EXPORT DATABASE '{path}'",
    "IMPORT DATABASE '{path}'",
    "ATTACH '{path}' AS other",
    "ATTACH IF NOT EXISTS '{path}' (READ_ONLY)",
    "SELECT * FROM read_{reader}('{path}')",
    "SELECT * FROM '{path}'",
    "SELECT * FROM {table} UNION ALL BY NAME SELECT * FROM read_text('{path}')",
    "SELECT * FROM query('COPY outlets TO ''{path}''')",
    "SELECT * FROM glob('{path}*')",
    "SELECT * FROM parquet_metadata('{path}')",
    "SELECT getenv('{variable}')",
    "SET {setting} = '{value}'",
    "SET GLOBAL {setting} = '{value}'",
    "PRAGMA {setting}='{value}'",
    "RESET {setting}",
    "INSTALL {extension}",
    "FORCE INSTALL {extension} FROM '{path}'",
    "LOAD {extension}",
    "LOAD '{path}'",
    "CREATE {replace} TABLE {table} AS SELECT 1 AS i",
    "CREATE {replace} VIEW {table} AS SELECT 1 AS i",
    "CREATE {replace} MACRO report_day(d) AS 1",
    "CREATE PERSISTENT SECRET s (TYPE s3)",
    "DROP TABLE {table}",
    "DELETE FROM {table}",
    "TRUNCATE {table}",
    "INSERT INTO {table} SELECT * FROM {table}",
    "UPDATE {table} SET outlet = 'x'",
    "ALTER TABLE {table} ADD COLUMN x INTEGER",
    "COMMENT ON TABLE {table} IS 'x'",
    "CHECKPOINT",
    "VACUUM {table}",
    "BEGIN; DELETE FROM {table}; COMMIT",
    "SELECT count(*) FROM {table} CROSS JOIN {table} b",
    "WITH RECURSIVE r(i) AS (SELECT 1 UNION ALL SELECT i FROM r) SELECT count(*) FROM r",
    "SELECT * FROM {table} LIMIT 3",
)
PARTS = {
    "table": ("outlets", "articles", "revisions", "internal.articles", "snapshot_info"),
    "format": ("csv", "parquet", "json"),
    "reader": ("csv", "text", "blob", "json", "parquet", "csv_auto"),
    "variable": ("HOME", "PATH", "TRACKER_HOME"),
    "setting": (
        "enable_external_access", "lock_configuration", "memory_limit", "temp_directory", "profiling_output",
        "log_query_path", "autoload_known_extensions", "allowed_directories", "home_directory", "threads",
    ),
    "value": ("true", "false", "100GB", "/tmp/out", "json", "16"),
    "extension": ("httpfs", "sqlite", "fts", "spatial"),
    "replace": ("", "OR REPLACE", "TEMP"),
}  # fmt: skip
MARKS = ("'", '"', ";", "--", "/*", ")", "(", "\x00", "$$", "é", "SELECT")


def _statement(rng: random.Random, paths: list[Path]) -> str:
    parts = {name: rng.choice(values) for name, values in PARTS.items()}
    text = rng.choice(STATEMENTS).format(**parts, path=rng.choice(paths))
    if rng.random() < 0.3:  # and some that are broken
        place = rng.randrange(len(text))
        text = text[:place] + rng.choice(MARKS) + text[place + rng.randrange(3) :]
    return text


def _disk(*folders: Path) -> dict[str, str]:
    """Return what stands on disk: every file with its hash and mode."""
    return {
        str(path): f"{path.stat().st_mode} {hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ''}"
        for folder in folders
        for path in sorted(folder.rglob("*"))
    }


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    path = tmp_path_factory.mktemp("home")
    HomeBuilder(path).build(usual_pieces()[:2])
    return path


def test_nothing_on_disk_changes_and_no_secret_is_read(home, tmp_path, monkeypatch, capfd):
    bait = tmp_path / "bait"
    bait.mkdir()
    for name in ("secret.csv", "secret.json", "secret.txt"):
        (bait / name).write_text(SECRET)
    monkeypatch.setenv("TRACKER_HOME", SECRET)
    monkeypatch.setenv("TMPDIR", str(bait))
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.chdir(bait)
    targets = [*bait.iterdir(), bait / "new.csv", bait / "new", home / "state" / "master.duckdb", Path("new.parquet")]
    before = _disk(home, bait)
    rng = random.Random(SEED)  # noqa: S311 - the same statements each time
    ended: Counter[str] = Counter()
    with open_snapshot(snapshot_path(home)) as connection:
        for _ in range(N):
            statement = _statement(rng, targets)
            try:
                write_result(connection, statement, output_format="csv", output=None, time_limit=0.05)
            except QueryError as error:
                ended["refused" if str(error).startswith("refused") else "wrong"] += 1
            else:
                ended["answered"] += 1
        assert connection.execute("SELECT count(*) FROM outlets").fetchone() == (3,)
    out, err = capfd.readouterr()
    assert _disk(home, bait) == before
    assert SECRET not in out
    assert err == ""
    assert sum(ended.values()) == N
    assert ended["refused"] > N / 3, ended
    assert os.environ["TRACKER_HOME"] == SECRET


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("COPY outlets TO 'x.csv'", "refused: queries reach no files"),
        ("DELETE FROM outlets", "refused: the snapshot is read-only"),
        ("CREATE TEMP TABLE t AS SELECT 1 AS i", "refused: the snapshot is read-only"),
        ("SELECT * FROM read_text('/etc/hostname')", "refused: queries reach no files"),
        ("SELECT getenv('HOME')", "getenv"),
        ("SET threads = 1", "refused: queries reach no files, network, settings"),
        ("INSTALL httpfs", "refused"),
        ("LOAD httpfs", "refused"),
        ("ATTACH ':memory:' AS other", "refused"),
        ("SELECT * FROM bait", "bait"),
        ("SELECT count(*) FROM range(100000000) a, range(100000000) b", "stopped after 0.2 s"),
        ("WITH RECURSIVE r(i) AS (SELECT 1 UNION ALL SELECT i FROM r) SELECT count(*) FROM r", "stopped after 0.2 s"),
    ],
)
def test_each_forbidden_thing_is_refused_with_its_reason(home, statement, said):
    bait = {"i": [1]}  # a query must not see what Python's variables hold
    with open_snapshot(snapshot_path(home)) as connection, pytest.raises(QueryError) as refused:
        write_result(connection, statement, output_format="table", output=None, time_limit=0.2 if "0.2" in said else 20)
    assert said in str(refused.value)
    assert bait
