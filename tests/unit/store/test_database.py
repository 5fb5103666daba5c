"""The master database: made, opened again, refused where this version must not touch it."""

from __future__ import annotations

import duckdb
import pytest

from tracker.errors import StoreError
from tracker.store import database as module
from tracker.store.database import Database, migrations, open_master
from tracker.store.writer import Store


@pytest.fixture
def path(tmp_path):
    return tmp_path / "state" / "master.duckdb"


def _versions(path):
    with open_master(path) as connection:
        return [row[0] for row in connection.execute("SELECT version FROM schema_version ORDER BY 1").fetchall()]


def test_a_new_database_has_every_migration_once_however_often_it_is_opened(path):
    expected = [number for number, _ in migrations()]
    assert _versions(path) == expected
    assert _versions(path) == expected


def test_migrations_are_numbered_from_one_each_number_once():
    numbers = [number for number, _ in migrations()]
    assert numbers[0] == 1
    assert len(set(numbers)) == len(numbers)


def test_a_migration_that_landed_after_a_later_one_is_still_applied(path, monkeypatch):
    known = migrations()
    monkeypatch.setattr(module, "migrations", lambda: (known[0], (9000, "CREATE TABLE later (a INTEGER)")))
    open_master(path).close()
    monkeypatch.setattr(module, "migrations", lambda: (*known, (9000, "CREATE TABLE later (a INTEGER)")))
    assert _versions(path) == [number for number, _ in known] + [9000]


def test_shells_of_every_duckdb_since_1_0_open_a_database(path):
    with open_master(path) as connection:
        found = connection.execute("SELECT tags['storage_version'] FROM duckdb_databases() WHERE NOT internal")
        assert found.fetchall()[0][0].startswith("v1.0")


def test_a_database_of_a_newer_tracker_is_refused_and_let_go(path):
    with open_master(path) as connection:
        connection.execute("INSERT INTO schema_version VALUES (9999, TIMESTAMP '2030-01-01')")
    with pytest.raises(StoreError, match=r"schema 9999.*install the newer tracker"):
        open_master(path)
    with duckdb.connect(str(path)) as connection:  # another configuration: refused while the first is open
        assert connection.execute("SELECT max(version) FROM schema_version").fetchone() == (9999,)


def test_a_database_written_anew_keeps_rows_comments_and_constraints_and_loses_its_holes(tmp_path):
    schema = (
        "SELECT table_name, comment FROM duckdb_tables() UNION ALL SELECT view_name, sql FROM duckdb_views() "
        "UNION ALL SELECT table_name || column_name, comment FROM duckdb_columns() "
        "UNION ALL SELECT table_name, constraint_text FROM duckdb_constraints() ORDER BY ALL"
    )
    with Store(tmp_path / "it's" / "master.duckdb") as store:
        store.db.connection.execute(
            "INSERT INTO internal.state SELECT i, repeat(md5(i::VARCHAR), 20) FROM range(9999) t(i)"
        )
        store.db.connection.execute("DELETE FROM internal.state WHERE key <> '7'")
        store.db.connection.execute("CHECKPOINT")
        size, before = store.path.stat().st_size, store.db.connection.execute(schema).fetchall()
        store.rewrite()
        assert store.path.stat().st_size < size
        assert store.db.connection.execute(schema).fetchall() == before
        assert store.db.dicts("SELECT key FROM internal.state") == [{"key": "7"}]
        store.db.set_state("8", "written afterwards")
    with Store(tmp_path / "it's" / "master.duckdb") as store:
        assert store.db.state("8") == "written afterwards"


@pytest.mark.parametrize("content", [b"", b"not a database", b"\0" * 20_000])
def test_a_file_that_is_no_database_is_an_error_that_names_it(path, content):
    path.parent.mkdir()
    path.write_bytes(content)
    with pytest.raises(StoreError, match=r"master\.duckdb: the master database cannot be opened"):
        open_master(path)
    assert path.read_bytes() == content


def test_a_damaged_database_is_an_error(path):
    open_master(path).close()
    data = bytearray(path.read_bytes())
    data[4096 : 4096 + 4096] = b"\xff" * 4096  # both copies of the header lie here
    data[8192 : 8192 + 4096] = b"\xff" * 4096
    path.write_bytes(data)
    with pytest.raises(StoreError, match="cannot be opened"):
        open_master(path)


def test_what_a_kill_left_while_the_database_was_made_is_no_obstacle(path):
    path.parent.mkdir()
    (path.parent / ".master.duckdb.new").write_bytes(b"half a datab")
    assert _versions(path)
    assert not (path.parent / ".master.duckdb.new").exists()


def test_the_path_may_hold_quotes(tmp_path):
    path = tmp_path / "it's" / "master.duckdb"
    assert _versions(path)


@pytest.fixture
def database(path):
    with open_master(path) as connection:
        yield Database(connection)


def test_insert_counts_what_went_in(database):
    rows = [{"key": "a", "value": "1"}, {"key": "b", "value": "2"}]
    assert database.insert("internal.state", rows) == 2
    assert database.insert("internal.state", [*rows, {"key": "c", "value": "3"}], "INSERT OR IGNORE") == 1
    assert database.insert("internal.state", []) == 0


def test_the_first_of_two_equal_keys_in_one_insert_stays(database):
    rows = [{"key": "a", "value": "first"}, {"key": "a", "value": "second"}]
    assert database.insert("internal.state", rows, "INSERT OR IGNORE") == 1
    assert database.state("a") == "first"


def test_state_is_remembered_and_replaced(database):
    assert database.state("topics") is None
    database.set_state("topics", "one")
    database.set_state("topics", "two")
    assert database.state("topics") == "two"


def test_texts_go_in_and_out_unchanged(database):
    text = "“quoted” 'single' \"double\" \n\t€ 👩‍⚖️ \u202e; DROP TABLE outlets; --"
    database.set_state("text", text)
    assert database.state("text") == text
