"""Tables that open well in a spreadsheet: nothing runs, nothing breaks a line, letters stay letters."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TypeAlias

import duckdb
import xlsxwriter

from tracker.errors import DataError

Cell: TypeAlias = str | float | bool | date | None

BATCH = 10_000  # rows read at a time
# OWASP, "CSV Injection": what a spreadsheet takes for the beginning of a formula, full-width forms included.
FORMULA_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
# Excel's limits ("Excel specifications and limits"): characters of a cell, rows and letters of a sheet's name.
MAX_CELL, MAX_ROWS, MAX_SHEET_NAME = 32_767, 1_048_576, 31
CUT = "…"
DATE_FORMAT, TIME_FORMAT = "yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss"


def write_csv(connection: duckdb.DuckDBPyConnection, query: str, path: Path) -> int:
    """Write a query's rows as CSV (RFC 4180, UTF-8 with the mark that Excel asks for); return how many."""
    n = 0
    with _draft(path) as draft, draft.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        names, batches = _rows(connection, query)
        writer.writerow(names)
        for rows in batches:
            writer.writerows([quoted(safe_cell(cell)) for cell in row] for row in rows)
            n += len(rows)
    return n


def write_workbook(
    connection: duckdb.DuckDBPyConnection, queries: Sequence[tuple[str, str]], path: Path, as_of: datetime
) -> dict[str, int]:
    """Write named queries as sheets of one xlsx file; return how many rows each has.

    ``as_of`` is the file's time, so that the same snapshot gives the same file. Raises DataError where a
    query has more rows than a sheet holds.
    """
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "default_date_format": TIME_FORMAT,
    }
    with _draft(path) as draft, xlsxwriter.Workbook(str(draft), options) as book:
        book.set_properties({"created": as_of})
        return {name: _sheet(connection, book, name, query) for name, query in queries}


def safe_cell(cell: object) -> Cell:
    """Return a value as a cell holds it: lists as JSON, texts on one line and no longer than a cell, no NaN."""
    if cell is None or isinstance(cell, bool | int | date):
        return cell
    if isinstance(cell, float | Decimal):
        return float(cell) if math.isfinite(cell) else None
    if isinstance(cell, list | tuple | dict):
        cell = json.dumps(cell, ensure_ascii=False, default=str)
    line = " ".join(str(cell).replace("\0", "").split())
    return line if len(line) <= MAX_CELL else line[: MAX_CELL - 1] + CUT


@contextmanager
def _draft(path: Path) -> Iterator[Path]:
    """Give a name to write under; the file takes its own when it is whole."""
    draft = path.with_name(f".{path.name}.part")
    try:
        yield draft
        draft.replace(path)
    except OSError as error:
        raise DataError(f"{path}: cannot be written: {error}") from error
    finally:
        draft.unlink(missing_ok=True)


def _sheet(connection: duckdb.DuckDBPyConnection, book: xlsxwriter.Workbook, name: str, query: str) -> int:
    sheet = book.add_worksheet(name[:MAX_SHEET_NAME])
    day = book.add_format({"num_format": DATE_FORMAT})
    names, batches = _rows(connection, query)
    sheet.write_row(0, 0, names, book.add_format({"bold": True}))
    sheet.freeze_panes(1, 0)
    n = 0
    for rows in batches:
        if n + len(rows) >= MAX_ROWS:
            raise DataError(f"{name}: has more than the {MAX_ROWS - 1:,} rows that a sheet holds: use --format csv")
        for row in rows:
            n += 1
            for column, cell in enumerate(map(safe_cell, row)):
                if isinstance(cell, str):
                    sheet.write_string(n, column, cell)
                elif cell is not None:
                    is_day = isinstance(cell, date) and not isinstance(cell, datetime)
                    sheet.write(n, column, cell, *([day] if is_day else []))
    return n


def quoted(cell: Cell) -> Cell:
    """Put an apostrophe before a text that a spreadsheet would run; write truth values as SQL does."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, str) and cell.startswith(FORMULA_STARTS):
        return f"'{cell}"
    return cell


def _rows(connection: duckdb.DuckDBPyConnection, query: str) -> tuple[list[str], Iterator[list[tuple[object, ...]]]]:
    connection.execute(query)
    names = [str(column[0]) for column in connection.description or ()]
    return names, iter(lambda: connection.fetchmany(BATCH), [])
