"""Open the private master database and bring its schema up to date."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from tracker.errors import StoreError
from tracker.store.rows import Cell, Row

CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",  # the tracker never downloads code
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
}
# Of the write-ahead log before the master is written through. At DuckDB's 16 MB a night of many small batches packs the
# ends of its tables over and over, a third of what storing costs; a kill leaves at most this much to be read again.
CHECKPOINT_THRESHOLD = "64MB"


def open_master(path: Path) -> duckdb.DuckDBPyConnection:
    """Open, create where needed, and migrate the master database at ``path``.

    Raises StoreError where the file is damaged, locked or written by a newer tracker.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    connection: duckdb.DuckDBPyConnection | None = None
    try:
        if not path.exists():
            _create(path)
        connection = duckdb.connect(str(path), config=CONFIG | {"checkpoint_threshold": CHECKPOINT_THRESHOLD})
        _migrate(connection, path)
    except (duckdb.Error, StoreError) as error:
        if connection:
            connection.close()
        if isinstance(error, StoreError):
            raise
        raise StoreError(f"{path}: the master database cannot be opened: {error}") from error
    return connection


def _create(path: Path) -> None:
    """Make an empty database; under another name first, since a kill on the way leaves what is no database."""
    draft = path.with_name(f".{path.name}.new")
    draft.unlink(missing_ok=True)
    duckdb.connect(str(draft), config=CONFIG).close()
    draft.replace(path)


def write_anew(connection: duckdb.DuckDBPyConnection, path: Path) -> Path:
    """Copy the database at ``path``, open as ``connection``, into a new file beside it, synced; return that file.

    Raises StoreError where it cannot be written.
    """
    draft = path.with_name(f".{path.name}.new")
    draft.unlink(missing_ok=True)
    quoted = str(draft).replace("'", "''")  # ATTACH takes no parameters
    try:
        (name,) = connection.execute("SELECT current_database()").fetchall()[0]
        connection.execute(f"ATTACH '{quoted}' AS rewritten")
        try:
            connection.execute(f'COPY FROM DATABASE "{name}" TO rewritten')
        finally:
            connection.execute("DETACH rewritten")
        with draft.open("rb") as written:
            os.fsync(written.fileno())
    except (duckdb.Error, OSError) as error:
        draft.unlink(missing_ok=True)
        raise StoreError(f"{path}: cannot be written anew: {error}; it needs room for a second copy") from error
    return draft


def migrations() -> tuple[tuple[int, str], ...]:
    """Return the schema's migrations as (number, SQL), in order."""
    folder = files("tracker.store") / "migrations"
    scripts = sorted((item for item in folder.iterdir() if item.name.endswith(".sql")), key=lambda i: i.name)
    return tuple((int(item.name.split("_")[0]), item.read_text(encoding="utf-8")) for item in scripts)


def _migrate(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    connection.execute(
        "CREATE TABLE IF NOT EXISTS schema_version (version INTEGER PRIMARY KEY, applied_at TIMESTAMP NOT NULL)"
    )
    applied = {row[0] for row in connection.execute("SELECT version FROM schema_version").fetchall()}
    known = migrations()
    if newer := max(applied - {version for version, _ in known}, default=None):
        raise StoreError(
            f"{path}: the database has schema {newer}, this tracker knows {known[-1][0]}: "
            "install the newer tracker that wrote it, or restore a backup"
        )
    for version, script in known:  # not only those above the last: two branches may land in either order
        if version not in applied:
            connection.execute("BEGIN")
            connection.execute(script)
            connection.execute(
                "INSERT INTO schema_version VALUES (?, CAST(timezone('UTC', now()) AS TIMESTAMP))", [version]
            )
            connection.execute("COMMIT")


class Database:
    """A connection with the few ways in which rows go in and come out."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection
        self._schemas: dict[str, pa.Schema] = {}  # by table; a connection's schema stays as it was opened

    def insert(self, table: str, values: Sequence[Row], mode: str = "INSERT") -> int:
        """Insert rows by Arrow and return how many went in. ``table`` and ``mode`` are constants of callers."""
        found = self._insert(table, values, mode, "")
        return int(found[0][0]) if found else 0

    def insert_tuples(self, table: str, names: Sequence[str], values: Sequence[tuple[Cell, ...]]) -> None:
        """Insert rows given as tuples in the order of ``names``, half the work of ``insert`` where there are many."""
        if not values:
            return
        columns = dict(zip(names, map(list, zip(*values, strict=True)), strict=True))
        with self._registered(pa.Table.from_pydict(columns, schema=self._schema(table))):
            self.connection.execute(f"INSERT INTO {table} BY NAME FROM incoming")

    def insert_new(self, table: str, values: Sequence[Row], keys: str) -> set[tuple[str, ...]]:
        """Insert the rows that are not there yet and return their ``keys``: columns, parted by commas."""
        return set(self._insert(table, values, "INSERT OR IGNORE", f"RETURNING {keys}"))

    def upsert(self, table: str, values: Sequence[Row], key: str) -> None:
        """Insert rows, or change those whose ``key`` is there, in place: four times as quick as INSERT OR REPLACE."""
        if not values:
            return
        changes = ", ".join(f"{name} = i.{name}" for name in self._schema(table).names if name != key)
        update = f"UPDATE {table} SET {changes} FROM incoming i WHERE {table}.{key} = i.{key}"  # noqa: S608 - constants
        with self._incoming(table, values):
            found = self.connection.execute(update).fetchall()
            if found[0][0] < len(values):
                self.connection.execute(f"INSERT OR IGNORE INTO {table} BY NAME FROM incoming")

    def _insert(self, table: str, values: Sequence[Row], mode: str, returning: str) -> list[tuple[Any, ...]]:
        if not values:
            return []
        with self._incoming(table, values):
            statement = f"{mode} INTO {table} BY NAME SELECT * FROM incoming {returning}"  # noqa: S608 - constants
            return self.connection.execute(statement).fetchall()

    def _incoming(self, table: str, values: Sequence[Row]) -> AbstractContextManager[None]:
        return self._registered(pa.Table.from_pylist(list(values), schema=self._schema(table)))

    @contextmanager
    def _registered(self, rows: pa.Table) -> Iterator[None]:
        """Show rows to a statement as the table ``incoming``."""
        self.connection.register("incoming", rows)
        try:
            yield
        finally:
            self.connection.unregister("incoming")

    def _schema(self, table: str) -> pa.Schema:
        if table not in self._schemas:
            empty = self.connection.sql(f"SELECT * FROM {table} LIMIT 0")  # noqa: S608 - constant
            self._schemas[table] = empty.to_arrow_table().schema
        return self._schemas[table]

    def dicts(self, query: str, parameters: Sequence[object] = ()) -> list[dict[str, object]]:
        """Return a query's rows as dictionaries."""
        cursor = self.connection.execute(query, list(parameters))
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def state(self, key: str) -> str | None:
        """Return a remembered value, or None."""
        row = self.connection.execute("SELECT value FROM internal.state WHERE key = ?", [key]).fetchone()
        return str(row[0]) if row else None

    def set_state(self, key: str, value: str) -> None:
        """Remember a value between runs."""
        self.connection.execute("INSERT OR REPLACE INTO internal.state VALUES (?, ?)", [key, value])

    def forget_state(self, key: str) -> None:
        """Forget a remembered value."""
        self.connection.execute("DELETE FROM internal.state WHERE key = ?", [key])
