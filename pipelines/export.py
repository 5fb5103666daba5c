"""Write the public tables and views of the snapshot to files."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pipelines.sql import write_result
from tracker.store.snapshot import open_snapshot, snapshot_path

NO_TIME_LIMIT = 3_600.0  # seconds: an export of a million articles takes minutes, not an hour
TEXTS = ("text", "content", "summary")  # the outlets' words, left out unless asked for


def export_tables(
    home: Path, directory: Path, output_format: Literal["parquet", "csv", "jsonl"], *, with_text: bool
) -> list[Path]:
    """Write one file for each table and view; return the files."""
    directory.mkdir(parents=True, exist_ok=True)
    written = []
    with open_snapshot(snapshot_path(home)) as connection:  # one for all: another may be published meanwhile
        found = connection.execute(
            "SELECT table_name, list(column_name ORDER BY column_index) FROM duckdb_columns() "
            "WHERE schema_name = 'main' AND NOT internal GROUP BY table_name ORDER BY table_name"
        ).fetchall()
        for table, columns in found:
            kept = [column for column in columns if with_text or column not in TEXTS]
            names = ", ".join(f'"{column}"' for column in kept)
            path = directory / f"{table}.{output_format}"
            query = f'SELECT {names} FROM "{table}"'  # noqa: S608 - names come from the catalogue
            write_result(connection, query, output_format=output_format, output=path, time_limit=NO_TIME_LIMIT)
            written.append(path)
    return written
