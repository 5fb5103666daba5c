"""A snapshot as Parquet files for a lake: a folder a table, large tables parted by day or month as Hive does."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Literal, TypeAlias

import duckdb

from pipelines.export import TEXTS, make_directory, public_columns
from pipelines.manifest import ExportedTable, write_manifest
from tracker.errors import DataError
from tracker.store.database import CONFIG
from tracker.store.pins import find_snapshot

Period: TypeAlias = Literal["day", "month"]

# The day by which a table is parted, in the report's time zone; every other table is one file.
OF_ARTICLE = "(SELECT d.day FROM days d WHERE d.article = t.article)"
DAYS = {
    "articles": "coalesce(t.published_date, t.first_seen_date)",
    "entries": "report_day(t.first_seen_at)",
    "fetches": 'report_day(t."at")',
    **dict.fromkeys(
        ("revisions", "matches", "scored", "passages", "sentiment", "sentence_sentiment", "target_sentiment", "frames",
         "evidence", "loaded_terms"), OF_ARTICLE
    ),
}  # fmt: skip
FORMAT = "FORMAT parquet, COMPRESSION zstd"


def export_lake(
    home: Path, directory: Path, *, by: Period = "day", with_text: bool = False, snapshot: str | None = None
) -> list[Path]:
    """Write a snapshot (the current one for None) into ``directory`` and return a path for each table and the manifest.

    ``TABLE/date=2026-01-07/*.parquet`` (or ``month=2026-01``) where a table grows with the days, ``TABLE/*.parquet``
    where not. Rows of an article lie under its day of publication, entries under the day they were first seen,
    requests under their own. A table that is there is replaced as a whole. Raises StoreError where there is no such
    snapshot, DataError where files cannot be written.
    """
    held = find_snapshot(home, snapshot)
    make_directory(directory)
    # not the sandbox of readers, which writes no files
    with duckdb.connect(str(held.path), read_only=True, config=CONFIG) as connection:
        connection.execute(
            "CREATE TEMP TABLE days AS SELECT article, coalesce(published_date, first_seen_date) AS day FROM articles"
        )
        tables = [
            _write(connection, directory, table, columns, by)
            for table, columns in public_columns(connection, () if with_text else TEXTS)
            if table != "days"
        ]
        manifest = write_manifest(connection, held, directory, tables)
    return [*(directory / one.file for one in tables), manifest]


def _write(
    connection: duckdb.DuckDBPyConnection, directory: Path, table: str, columns: list[str], by: Period
) -> ExportedTable:
    names = ", ".join(f't."{column}"' for column in columns)
    query, layout = f'SELECT {names} FROM "{table}" t', FORMAT  # noqa: S608 - names from the catalogue
    draft = directory / f".{table}.part"
    shutil.rmtree(draft, ignore_errors=True)
    target = draft / f"{table}.parquet"
    if table in DAYS:
        name = "date" if by == "day" else "month"
        day = DAYS[table] if by == "day" else f"strftime({DAYS[table]}, '%Y-%m')"
        query = f'SELECT {names}, {day} AS "{name}" FROM "{table}" t'  # noqa: S608 - constants
        layout, target = f"{FORMAT}, PARTITION_BY ({name}), FILENAME_PATTERN '{table}-{{i}}'", draft
    try:
        draft.mkdir()
        quoted = str(target).replace("'", "''")  # COPY takes no parameters
        (written,) = connection.execute(f"COPY ({query}) TO '{quoted}' ({layout})").fetchall()
        shutil.rmtree(directory / table, ignore_errors=True)
        draft.rename(directory / table)
    except (duckdb.IOException, OSError) as error:
        raise DataError(f"{directory / table}: cannot be written: {error}") from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return ExportedTable(table=table, file=table, query=query, n_rows=written[0])
