"""Readers: read-only, locked in, and stopped when their time is up."""

from __future__ import annotations

import time

import duckdb
import pytest

from tests.snapshots import HomeBuilder, usual_pieces
from tracker.errors import StoreError
from tracker.store.snapshot import open_snapshot, snapshot_path, time_limit


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    HomeBuilder(home).build(usual_pieces()[:2])
    return home


@pytest.fixture
def connection(home):
    with open_snapshot(snapshot_path(home)) as opened:
        yield opened


def test_a_home_without_a_snapshot_says_what_to_do(tmp_path):
    with pytest.raises(StoreError, match="no snapshot yet: run 'tracker nightly' first"):
        snapshot_path(tmp_path)


def test_a_link_to_nothing_is_no_snapshot(tmp_path):
    (tmp_path / "coverage.duckdb").symlink_to("snapshots/snap-1.duckdb")
    with pytest.raises(StoreError, match="no snapshot yet"):
        snapshot_path(tmp_path)


@pytest.mark.parametrize("content", [b"", b"not a database"])
def test_a_damaged_snapshot_is_an_error_that_names_it(tmp_path, content):
    path = tmp_path / "snap.duckdb"
    path.write_bytes(content)
    with pytest.raises(StoreError, match=r"snap\.duckdb: not a snapshot that can be read"):
        open_snapshot(path)


def test_a_database_that_is_no_snapshot_is_refused_and_let_go(tmp_path):
    path = tmp_path / "other.duckdb"
    with duckdb.connect(str(path)) as other:
        other.execute("CREATE TABLE t (i INTEGER)")
    with pytest.raises(StoreError, match="not a snapshot"):
        open_snapshot(path)
    with duckdb.connect(str(path)) as other:  # for writing: refused while a reader holds it
        other.execute("INSERT INTO t VALUES (1)")


@pytest.mark.parametrize(
    "query",
    [
        "INSERT INTO outlets SELECT * FROM outlets",
        "UPDATE articles SET title = 'x'",
        "DROP TABLE entries",
        "CREATE TABLE t (i INTEGER)",
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM '/etc/passwd'",
        "SELECT * FROM read_text('/etc/passwd')",
        "SELECT * FROM glob('/*')",
        "COPY outlets TO '/tmp/stolen.csv'",
        "EXPORT DATABASE '/tmp/stolen'",
        "ATTACH '/tmp/other.duckdb'",
        "ATTACH ':memory:' AS other",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET enable_external_access = true",
        "SET lock_configuration = false",
        "SET memory_limit = '100GB'",
        "PRAGMA enable_profiling = 'json'",
        "SET profiling_output = '/tmp/stolen.json'",
        "CREATE SECRET s (TYPE s3)",
    ],
)
def test_what_a_reader_may_not_do(connection, query):
    with pytest.raises(duckdb.Error):
        connection.execute(query)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT count(*) FROM articles",
        "FROM duckdb_columns()",
        "DESCRIBE articles",
        "SHOW TABLES",
        "SELECT * FROM information_schema.tables",
        "EXPLAIN SELECT * FROM attention",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5) SELECT max(i) FROM n",
    ],
)
def test_what_a_reader_may_do(connection, query):
    assert connection.execute(query).fetchall()


@pytest.mark.parametrize(
    "query",
    [
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n",
        "SELECT count(*) FROM range(10000000) a, range(10000000) b",
        "SELECT sum(hash(a.range || b.range)) FROM range(1000000) a, range(1000000) b",
    ],
)
def test_an_endless_query_is_stopped(connection, query):
    begun = time.monotonic()
    with pytest.raises(duckdb.InterruptException), time_limit(connection, 0.3):
        connection.execute(query).fetchall()
    assert time.monotonic() - begun < 20  # the whole takes days
    assert connection.execute("SELECT 1").fetchone() == (1,)  # the connection lives on


def test_a_query_within_its_time_is_left_alone(connection):
    with time_limit(connection, 30):
        assert connection.execute("SELECT count(*) FROM outlets").fetchone() == (3,)
    assert connection.execute("SELECT count(*) FROM outlets").fetchone() == (3,)


def test_many_readers_at_once(home):
    readers = [open_snapshot(snapshot_path(home)) for _ in range(8)]
    assert [reader.execute("SELECT count(*) FROM articles").fetchone() for reader in readers] == [(2,)] * 8
    for reader in readers:
        reader.close()
