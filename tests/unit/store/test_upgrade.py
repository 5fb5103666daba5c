"""A home of any earlier schema comes up to date by being opened: the same rows, and the schema of a new one.

The old database is made by running the migrations up to its own, as that tracker did, and copying real rows into what
tables and columns there were then.
"""

from __future__ import annotations

import duckdb
import pytest

from tests.snapshots import HomeBuilder, usual_pieces
from tracker.store import database as module
from tracker.store.database import migrations, open_master
from tracker.store.snapshot import open_snapshot

TABLES = (
    "SELECT schema_name || '.' || table_name, list('\"' || column_name || '\"' ORDER BY column_name) "
    "FROM duckdb_columns() WHERE NOT internal AND database_name = current_database() AND (schema_name, table_name) IN "
    "(SELECT (schema_name, table_name) FROM duckdb_tables() WHERE database_name = current_database()) GROUP BY ALL"
)
# What a migration is there to change: 0002 makes codings anew, 0016 has every article matched again.
CHANGED = {"main.codings": None, "main.matches": "topic_hash", "main.schema_version": None}
LATER = [number for number, _ in migrations()][:-1]


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """The master database of a home of today, with rows in most tables."""
    home = tmp_path_factory.mktemp("today")
    HomeBuilder(home).build(usual_pieces())
    return home / "state" / "master.duckdb"


def _as_of(version, path, filled, monkeypatch):
    """Make the database that a tracker of that schema would have left."""
    known = migrations()
    with monkeypatch.context() as patch:
        patch.setattr(module, "migrations", lambda: tuple(one for one in known if one[0] <= version))
        with open_master(path) as old:
            old.execute(f"ATTACH '{filled}' AS today (READ_ONLY)")
            today = {(schema, table, name) for schema, table, name in old.execute(
                "SELECT schema_name, table_name, column_name FROM duckdb_columns() WHERE database_name = 'today'"
            ).fetchall()}  # fmt: skip
            for table, columns in old.execute(TABLES).fetchall():
                schema, _, name = table.partition(".")
                common = [column for column in columns if (schema, name, column.strip('"')) in today]
                if common and table not in {"main.schema_version", "main.codings"}:
                    names = ", ".join(common)
                    old.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM today.{table}")  # noqa: S608
            return _rows(old, None)


def _rows(connection, columns_of):
    """Return every table's rows, in the columns it had before, but for what a migration changes."""
    found = {}
    for table, columns in connection.execute(TABLES).fetchall():
        kept = [one for one in (columns_of or {}).get(table, columns) if one.strip('"') != CHANGED.get(table)]
        if kept and table not in {"main.codings", "main.schema_version"}:
            query = f"SELECT {', '.join(kept)} FROM {table} ORDER BY ALL"  # noqa: S608 - names from the catalogue
            found[table] = (columns, connection.execute(query).fetchall())
    return found


def _schema(connection):
    return connection.execute(
        "SELECT schema_name, table_name, column_name, data_type, is_nullable, comment FROM duckdb_columns() "
        "WHERE NOT internal UNION ALL SELECT schema_name, table_name, constraint_text, '', false, '' "
        "FROM duckdb_constraints() "
        "UNION ALL SELECT schema_name, table_name, '', '', false, comment FROM duckdb_tables() ORDER BY ALL"
    ).fetchall()


@pytest.mark.parametrize("version", LATER)
def test_an_old_database_keeps_its_rows_and_gets_the_schema_of_a_new_one(version, tmp_path, filled, monkeypatch):
    path = tmp_path / "state" / "master.duckdb"
    before = _as_of(version, path, filled, monkeypatch)
    assert sum(len(rows) for _, rows in before.values()) > 200
    with open_master(path) as upgraded:
        after = _rows(upgraded, {table: columns for table, (columns, _) in before.items()})
        schema = _schema(upgraded)
    assert {table: rows for table, (_, rows) in before.items()} == {table: after[table][1] for table in before}
    with open_master(tmp_path / "new" / "master.duckdb") as new:
        assert schema == _schema(new)


def test_a_home_of_the_first_schema_publishes_and_goes_on(tmp_path, filled, monkeypatch):
    home = tmp_path / "home"
    _as_of(LATER[0], home / "state" / "master.duckdb", filled, monkeypatch)
    published = HomeBuilder(home, run="run-2").build(())
    with open_snapshot(published) as snapshot:
        (n,) = snapshot.execute("SELECT count(*) FROM coverage").fetchone()
    with duckdb.connect(str(filled), read_only=True) as today:
        assert n == today.execute("SELECT count(*) FROM internal.articles").fetchone()[0]
