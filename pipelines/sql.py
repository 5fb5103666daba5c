"""Ad-hoc SQL over the published snapshot: sandboxed, timed, in four formats."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import BinaryIO, Literal, TextIO

import duckdb
import pyarrow.parquet
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from tracker.errors import QueryError, TrackerError
from tracker.store.snapshot import open_snapshot, snapshot_path, time_limit

TABLE_ROWS = 1_000  # a table longer than that is not read, only scrolled past; files have no limit
BATCH = 10_000  # rows at a time, so that an export of millions streams


def ask(
    home: Path,
    query: str,
    *,
    output_format: Literal["table", "csv", "json", "parquet"],
    output: Path | None,
    time_limit: float,
) -> None:
    """Run a query and write its result. Raises QueryError where it is refused, wrong or stopped."""
    connection = open_snapshot(snapshot_path(home))
    with connection:
        _check(connection, query)
        if output_format == "table":
            _write_text(_table(connection, query, time_limit), output)
        elif output_format == "json":
            _write_text(_json(connection, query, time_limit), output)
        elif output_format == "csv":
            with _text_sink(output) as sink:
                _csv(connection, query, time_limit, sink)
        else:
            with _binary_sink(output) as sink:
                _parquet(connection, query, time_limit, sink)


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
                    sys.stdout.write(_table(connection, "\n".join(lines), time_limit))
                except TrackerError as error:
                    sys.stderr.write(f"{error}\n")
                lines = []


@contextmanager
def _running(connection: duckdb.DuckDBPyConnection, seconds: float) -> Iterator[None]:
    """Stop what runs inside after ``seconds``; turn the engine's errors into ours."""
    with time_limit(connection, seconds):
        try:
            yield
        except duckdb.InterruptException as error:
            raise QueryError(f"stopped after {seconds:g} s: ask for less, or pass --timeout") from error
        except duckdb.Error as error:
            raise QueryError(_explain(error)) from error


def _check(connection: duckdb.DuckDBPyConnection, query: str) -> None:
    try:
        statements = connection.extract_statements(query)
    except duckdb.Error as error:
        raise QueryError(str(error)) from error
    if len(statements) != 1:
        raise QueryError(f"one statement at a time, please: this is {len(statements)}")


def _explain(error: duckdb.Error) -> str:
    text = str(error)
    if "read-only" in text:
        return f"refused: the snapshot is read-only ({text})"
    if isinstance(error, duckdb.PermissionException) or "locked" in text or "disabled" in text:
        return f"refused: queries reach no files, network, settings or extensions ({text})"
    return text


def _table(connection: duckdb.DuckDBPyConnection, query: str, seconds: float) -> str:
    _check(connection, query)
    with _running(connection, seconds):
        connection.execute(query)
        names = [str(column[0]) for column in connection.description or ()]
        rows = connection.fetchmany(TABLE_ROWS + 1)
    table = Table(*(escape(name) for name in names))
    for row in rows[:TABLE_ROWS]:
        table.add_row(*(Text("" if cell is None else str(cell)) for cell in row))
    console = Console(width=None if sys.stdout.isatty() else 200, color_system=None)
    with console.capture() as capture:
        console.print(table)
        if len(rows) > TABLE_ROWS:
            console.print(f"… more than {TABLE_ROWS} rows; --format csv gives them all", markup=False)
    return capture.get()


def _json(connection: duckdb.DuckDBPyConnection, query: str, seconds: float) -> str:
    with _running(connection, seconds):
        connection.execute(query)
        names = [str(column[0]) for column in connection.description or ()]
        rows = [dict(zip(names, row, strict=True)) for row in connection.fetchall()]
    return json.dumps(rows, ensure_ascii=False, default=_plain) + "\n"


def _plain(value: object) -> str | float | list[object]:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, set | tuple):
        return list(value)
    return str(value)


def _write_text(text: str, output: Path | None) -> None:
    with _text_sink(output) as sink:
        sink.write(text)


@contextmanager
def _text_sink(output: Path | None) -> Iterator[TextIO]:
    if output is None:
        yield sys.stdout
    else:
        with output.open("w", encoding="utf-8", newline="") as sink:
            yield sink


@contextmanager
def _binary_sink(output: Path | None) -> Iterator[BinaryIO]:
    if output is None:
        yield sys.stdout.buffer
    else:
        with output.open("wb") as sink:
            yield sink


def _csv(connection: duckdb.DuckDBPyConnection, query: str, seconds: float, sink: TextIO) -> None:
    """Write a header and rows with LF line ends; lists as JSON."""
    with _running(connection, seconds):
        connection.execute(query)
        writer = csv.writer(sink, lineterminator="\n")
        writer.writerow(str(column[0]) for column in connection.description or ())
        while rows := connection.fetchmany(BATCH):
            writer.writerows(
                [
                    json.dumps(cell, ensure_ascii=False, default=_plain) if isinstance(cell, list | dict) else cell
                    for cell in row
                ]
                for row in rows
            )


def _parquet(connection: duckdb.DuckDBPyConnection, query: str, seconds: float, sink: BinaryIO) -> None:
    with _running(connection, seconds):
        reader = connection.sql(query).to_arrow_reader(BATCH)
        with pyarrow.parquet.ParquetWriter(sink, reader.schema) as writer:
            for batch in reader:
                writer.write_batch(batch)
