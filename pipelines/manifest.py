"""What an export is: of which snapshot, by which queries and versions, so that it can be cited and rebuilt."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import duckdb

from tracker.store.pins import HeldSnapshot

NAME = "manifest.json"
CHUNK = 1 << 20  # bytes hashed at a time
CITED_DIGITS = 12  # of a rows' hash: no two snapshots of a newsroom share them


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedTable:
    """One table in an export: its file, or the folder of its files; what was asked, and how much came."""

    table: str
    file: str
    query: str
    n_rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Snapshot:
    name: str
    sha256: str
    rows_hash: str
    as_of_at: str
    run: str
    code_version: str
    timezone: str
    is_invented: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Manifest:
    cite_as: str
    snapshot: _Snapshot
    topics: list[dict[str, object]]
    scorers: list[dict[str, object]]
    tables: list[ExportedTable]
    columns: dict[str, dict[str, str]]
    files: dict[str, str]  # name → SHA-256


def write_manifest(
    connection: duckdb.DuckDBPyConnection,
    held: HeldSnapshot,
    directory: Path,
    tables: Sequence[ExportedTable],
    others: Sequence[Path] = (),
) -> Path:
    """Write ``manifest.json`` over the files of an export in ``directory``; ``others`` are files that hold no table."""
    paths = dict.fromkeys([*(directory / one.file for one in tables), *others])
    manifest = _Manifest(
        cite_as=cite_as(held),
        snapshot=_snapshot(connection, held),
        topics=_dicts(connection, "SELECT topic, title, topic_hash FROM topics ORDER BY topic"),
        scorers=_dicts(
            connection,
            "SELECT c.scorer, c.scorer_version, c.is_default, s.data_hash FROM snapshot_scorers c "
            "LEFT JOIN scorers s USING (scorer, scorer_version) ORDER BY ALL",
        ),
        tables=list(tables),
        columns=_columns(connection, [one.table for one in tables]),
        files={
            str(file.relative_to(directory)): sha256(file)
            for path in paths
            for file in (sorted(path.rglob("*.parquet")) if path.is_dir() else [path])
        },
    )
    target = directory / NAME
    target.write_text(json.dumps(asdict(manifest), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return target


def cite_as(held: HeldSnapshot) -> str:
    """Return how a snapshot is cited: its name, its time and the beginning of its rows' hash."""
    return f"Coverage snapshot {held.name} of {held.as_of:%Y-%m-%d %H:%M} UTC, rows {held.rows_hash[:CITED_DIGITS]}"


def sha256(path: Path) -> str:
    """Return the hex SHA-256 of a file."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _snapshot(connection: duckdb.DuckDBPyConnection, held: HeldSnapshot) -> _Snapshot:
    (row,) = connection.execute("SELECT run, code_version, timezone, is_invented FROM snapshot_info").fetchall()
    return _Snapshot(
        name=held.name,
        sha256=sha256(held.path),
        rows_hash=held.rows_hash,
        as_of_at=held.as_of.isoformat(sep=" "),
        run=row[0],
        code_version=row[1],
        timezone=row[2],
        is_invented=row[3],
    )


def _dicts(connection: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, object]]:
    cursor = connection.execute(query)
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _columns(connection: duckdb.DuckDBPyConnection, tables: Sequence[str]) -> dict[str, dict[str, str]]:
    """Return the data dictionary of the exported tables: table → column → what it holds."""
    found = connection.execute(
        "SELECT table_name, column_name, comment FROM duckdb_columns() WHERE schema_name = 'main' "
        "AND comment IS NOT NULL AND list_contains(?, table_name) ORDER BY table_name, column_index",
        [list(tables)],
    ).fetchall()
    columns: dict[str, dict[str, str]] = {}
    for table, column, comment in found:
        columns.setdefault(table, {})[column] = comment
    return columns
