"""Write the public tables and views of a snapshot to files, with a manifest that says what they are."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, TypeAlias

import duckdb

from pipelines.manifest import ExportedTable, write_manifest
from pipelines.spreadsheet import write_csv, write_workbook
from pipelines.sql import write_result
from tracker.errors import DataError
from tracker.store.pins import find_snapshot
from tracker.store.snapshot import open_snapshot

ExportFormat: TypeAlias = Literal["parquet", "csv", "jsonl", "xlsx"]

NO_TIME_LIMIT = 3_600.0  # seconds: an export of a million articles takes minutes, not an hour
TEXTS = ("text", "content", "summary")  # the outlets' words, left out unless asked for
WORKBOOK = "coverage.xlsx"


def export_tables(
    home: Path, directory: Path, output_format: ExportFormat, *, with_text: bool, snapshot: str | None = None
) -> list[Path]:
    """Write every table and view of a snapshot (the current one for None), and ``manifest.json``; return the files.

    A file a table, but for xlsx, which is one workbook. Raises StoreError where there is no such snapshot.
    """
    held = find_snapshot(home, snapshot)
    make_directory(directory)
    left_out = () if with_text else TEXTS
    with open_snapshot(held.path) as connection:  # one for all: another may be published meanwhile
        queries = [(table, select(table, columns)) for table, columns in public_columns(connection, left_out)]
        if output_format == "xlsx":
            counts = write_workbook(connection, queries, directory / WORKBOOK, held.as_of)
            tables = [
                ExportedTable(table=table, file=WORKBOOK, query=query, n_rows=counts[table]) for table, query in queries
            ]
        else:
            tables = [_write(connection, directory, table, query, output_format) for table, query in queries]
        manifest = write_manifest(connection, held, directory, tables)
    return [*dict.fromkeys(directory / one.file for one in tables), manifest]


def make_directory(directory: Path) -> None:
    """Make a directory to write into. Raises DataError where that cannot be."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DataError(f"{directory}: cannot be made: {error}") from error


def public_columns(
    connection: duckdb.DuckDBPyConnection, left_out: tuple[str, ...] = TEXTS
) -> list[tuple[str, list[str]]]:
    """Return every public table and view with its columns, but those whose names are ``left_out``."""
    found = connection.execute(
        "SELECT table_name, list(column_name ORDER BY column_index) FROM duckdb_columns() "
        "WHERE schema_name = 'main' AND NOT internal GROUP BY table_name ORDER BY table_name"
    ).fetchall()
    return [(table, [column for column in columns if column not in left_out]) for table, columns in found]


def select(table: str, columns: list[str]) -> str:
    """Return the query for some columns of a table, whose names come from the catalogue."""
    names = ", ".join(f'"{column}"' for column in columns)
    return f'SELECT {names} FROM "{table}"'  # noqa: S608 - see above


def _write(
    connection: duckdb.DuckDBPyConnection,
    directory: Path,
    table: str,
    query: str,
    output_format: Literal["parquet", "csv", "jsonl"],
) -> ExportedTable:
    path = directory / f"{table}.{output_format}"
    if output_format == "csv":
        n_rows = write_csv(connection, query, path)
    else:
        write_result(connection, query, output_format=output_format, output=path, time_limit=NO_TIME_LIMIT)
        (counted,) = connection.execute(f"SELECT count(*) FROM ({query})").fetchall()  # noqa: S608 - as above
        n_rows = counted[0]
    return ExportedTable(table=table, file=path.name, query=query, n_rows=n_rows)
