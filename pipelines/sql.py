"""Ad-hoc SQL over the published snapshot: sandboxed, timed, in four formats."""

from __future__ import annotations

import csv
import io
import json
import math
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import BinaryIO, Literal, TextIO, TypeAlias

import duckdb
import pyarrow as pa
import pyarrow.parquet
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipelines.progress import visible
from tracker.errors import DataError, QueryError, TrackerError
from tracker.report.ad_hoc import check_query, column_names, stopped_after
from tracker.store.snapshot import open_snapshot, snapshot_path

Format: TypeAlias = Literal["table", "csv", "json", "jsonl", "parquet"]
JsonValue: TypeAlias = str | float | bool | list["JsonValue"] | dict[str, "JsonValue"] | None

TABLE_ROWS = 1_000  # a table longer than that is not read, only scrolled past; files have no limit
BATCH = 10_000  # rows at a time, so that an export of millions streams


def ask(home: Path, query: str, *, output_format: Format, output: Path | None, time_limit: float) -> None:
    """Run a query and write its result. Raises QueryError where it is refused, wrong or stopped."""
    with open_snapshot(snapshot_path(home)) as connection:
        write_result(connection, query, output_format=output_format, output=output, time_limit=time_limit)


def write_result(
    connection: duckdb.DuckDBPyConnection, query: str, *, output_format: Format, output: Path | None, time_limit: float
) -> None:
    """Run a query on an open snapshot and write its result; a file is whole or not there."""
    check_query(connection, query)
    with _sink(output) as sink:
        if output_format == "parquet":
            _parquet(connection, query, time_limit, sink)
            return
        text = io.TextIOWrapper(sink, encoding="utf-8", newline="", write_through=True)
        try:
            _WRITERS[output_format](connection, query, time_limit, text)
        finally:
            text.detach()  # or it would close what it wraps


def prompt(home: Path, *, time_limit: float) -> None:
    """Read queries until end of file; each may span lines and ends with a semicolon."""
    connection = open_snapshot(snapshot_path(home))
    lines: list[str] = []
    with connection:
        while True:
            try:
                lines.append(input("...> " if lines else "sql> "))
            except (EOFError, KeyboardInterrupt):
                sys.stdout.write("\n")
                return
            if lines[-1].rstrip().endswith(";"):
                try:
                    check_query(connection, "\n".join(lines))
                    _table(connection, "\n".join(lines), time_limit, sys.stdout)
                except TrackerError as error:
                    sys.stderr.write(f"{error}\n")
                lines = []


def _rows(
    connection: duckdb.DuckDBPyConnection, query: str, n: int
) -> tuple[list[str], Iterator[list[tuple[object, ...]]]]:
    """Run a query; return its columns' names, told apart where they repeat, and its rows, ``n`` at a time."""
    connection.execute(query)
    names = column_names(connection)
    return names, iter(lambda: connection.fetchmany(n), [])


def _table(connection: duckdb.DuckDBPyConnection, query: str, seconds: float, sink: TextIO) -> None:
    with stopped_after(connection, seconds):
        names, batches = _rows(connection, query, TABLE_ROWS + 1)
        rows = next(batches, [])
    table = Table()
    for name in names:
        table.add_column(Text(visible(name)))
    for row in rows[:TABLE_ROWS]:
        table.add_row(*(Text("" if cell is None else visible(str(cell))) for cell in row))
    console = Console(file=sink, width=None if sink.isatty() else 200, color_system=None)
    console.print(table)
    if len(rows) > TABLE_ROWS:
        console.print(f"… more than {TABLE_ROWS} rows; --format csv gives them all", markup=False)


def _json(connection: duckdb.DuckDBPyConnection, query: str, seconds: float, sink: TextIO) -> None:
    """Write one array, an object a line."""
    before = "["
    with stopped_after(connection, seconds):
        for line in _objects(connection, query):
            sink.write(before + line)
            before = ",\n"
    sink.write("]\n" if before != "[" else "[]\n")


def _json_lines(connection: duckdb.DuckDBPyConnection, query: str, seconds: float, sink: TextIO) -> None:
    with stopped_after(connection, seconds):
        sink.writelines(line + "\n" for line in _objects(connection, query))


def _objects(connection: duckdb.DuckDBPyConnection, query: str) -> Iterator[str]:
    names, batches = _rows(connection, query, BATCH)
    for rows in batches:
        for row in rows:
            yield json.dumps(dict(zip(names, map(_plain, row), strict=True)), ensure_ascii=False, allow_nan=False)


def _plain(value: object) -> JsonValue:
    """Return a cell as JSON can hold it: NaN and infinity are null there (RFC 8259, 6)."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float | Decimal):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, list | tuple | set):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    return str(value)


@contextmanager
def _sink(output: Path | None) -> Iterator[BinaryIO]:
    """Open what a result is written to: stdout, or a file that takes its name when it is whole."""
    if output is None:
        sys.stdout.flush()
        yield sys.stdout.buffer
        return
    draft = output.with_name(f".{output.name}.part")
    try:
        file = draft.open("wb")
    except OSError as error:
        raise DataError(f"{output}: cannot be written: {error}") from error
    try:
        with file:
            yield file
        draft.replace(output)
    finally:
        draft.unlink(missing_ok=True)


def _csv(connection: duckdb.DuckDBPyConnection, query: str, seconds: float, sink: TextIO) -> None:
    """Write a header and rows with LF line ends; lists as JSON, truth values as SQL writes them."""
    with stopped_after(connection, seconds):
        names, batches = _rows(connection, query, BATCH)
        writer = csv.writer(sink, lineterminator="\n")
        writer.writerow(names)
        for rows in batches:
            writer.writerows([_csv_cell(cell) for cell in row] for row in rows)


def _csv_cell(cell: object) -> object:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, list | tuple | set | dict):
        return json.dumps(_plain(cell), ensure_ascii=False)
    return cell


def _parquet(connection: duckdb.DuckDBPyConnection, query: str, seconds: float, sink: BinaryIO) -> None:
    with stopped_after(connection, seconds):
        relation = connection.sql(query)
        if relation is None:
            raise QueryError("this returns no rows to write: Parquet takes a SELECT")
        reader = relation.to_arrow_reader(BATCH)
        try:
            with pyarrow.parquet.ParquetWriter(sink, reader.schema) as writer:
                for batch in reader:
                    writer.write_batch(batch)
        except pa.ArrowNotImplementedError as error:
            raise QueryError(f"Parquet has no type for a column of this: {error}; cast it to VARCHAR") from error


_WRITERS: Mapping[str, Callable[[duckdb.DuckDBPyConnection, str, float, TextIO], None]] = {
    "table": _table,
    "csv": _csv,
    "json": _json,
    "jsonl": _json_lines,
}
