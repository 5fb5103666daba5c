"""Coders' sheets: a sample as xlsx or CSV to be filled in, and filled ones read back."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import python_calamine
import xlsxwriter

from pipelines.spreadsheet import quoted, safe_cell
from tracker.errors import DataError
from tracker.model import Coding
from tracker.report.coding.scheme import RELEVANCE, UNSURE, Variable
from tracker.report.coding.workplace import Task

ARTICLE, REVISION, HEADLINE, TEXT = "article", "revision", "headline", "text"
FIXED = (ARTICLE, REVISION, HEADLINE, TEXT)
SHEET, CODEBOOK = "coding", "codebook"
WIDTHS = (18, 8, 40, 90)  # of the fixed columns, in characters


def write_sheet(path: Path, tasks: Sequence[Task], variables: Sequence[Variable]) -> None:
    """Write a sheet to be filled in: one row a text, one empty column a variable. xlsx has lists and the codebook.

    Raises DataError where the file cannot be written or its ending is none of ``.xlsx`` and ``.csv``.
    """
    names = [*FIXED, *(one.variable for one in variables)]
    rows = [(one.article, one.revision, safe_cell(one.title), safe_cell(one.text)) for one in tasks]
    try:
        if path.suffix == ".xlsx":
            _write_workbook(path, names, rows, variables)
        elif path.suffix == ".csv":
            with path.open("w", encoding="utf-8-sig", newline="") as file:
                writer = csv.writer(file)
                writer.writerow(names)
                writer.writerows([[quoted(cell) for cell in row] + [""] * len(variables) for row in rows])
        else:
            raise DataError(f"{path}: a sheet ends in .xlsx or .csv")
    except OSError as error:
        raise DataError(f"{path}: cannot be written: {error}") from error


def _write_workbook(
    path: Path, names: Sequence[str], rows: Sequence[Sequence[object]], variables: Sequence[Variable]
) -> None:
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet, bold = book.add_worksheet(SHEET), book.add_format({"bold": True})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        sheet.write_row(0, 0, names, bold)
        sheet.freeze_panes(1, 3)
        for column, width in enumerate(WIDTHS):
            sheet.set_column(column, column, width, wrapped)
        for number, row in enumerate(rows, start=1):
            sheet.write_row(number, 0, row)
        for column, one in enumerate(variables, start=len(FIXED)):
            options = {"validate": "list", "source": [*one.options, UNSURE], "input_message": one.question[:255]}
            sheet.data_validation(1, column, max(len(rows), 1), column, options)
        pages = book.add_worksheet(CODEBOOK)
        pages.write_row(0, 0, ["variable", "question", "codes", "rule", "examples"], bold)
        pages.set_column(1, 4, 60, wrapped)
        for number, one in enumerate(variables, start=1):
            codes = ", ".join([*one.options, UNSURE])
            pages.write_row(number, 0, [one.variable, one.question, codes, one.rule, ", ".join(one.examples)])


def read_sheet(
    path: Path, *, topic: str, coder: str, at: datetime, variables: Sequence[Variable], is_final: bool
) -> tuple[Coding, ...]:
    """Read a filled sheet (xlsx or CSV); empty cells are not coded, rows without any code are left out.

    Raises DataError, with the row, for a code that is none of its variable's and for a sheet of another kind.
    """
    known = {one.variable: {*one.options, UNSURE} for one in variables}
    codings = []
    for number, row in enumerate(_rows(path), start=2):
        where = f"{path}: row {number}"
        codes = _codes(row, known, where)
        if not codes:
            continue
        try:
            revision = int(float(row.get(REVISION) or 1))
        except ValueError as error:
            raise DataError(f"{where}: 'revision' must be a number, not {row[REVISION]!r}") from error
        if not row.get(ARTICLE):
            raise DataError(f"{where}: codes without an article")
        codings.append(
            Coding(
                topic=topic, article=row[ARTICLE], revision=revision, coder=coder, at=at, codes=codes, is_final=is_final
            )
        )
    return tuple(codings)


def _codes(row: Mapping[str, str], known: Mapping[str, set[str]], where: str) -> tuple[tuple[str, str], ...]:
    codes = []
    for variable, allowed in known.items():
        value = row.get(variable, "").removesuffix(".0")  # a spreadsheet's 1 is 1.0
        if not value:
            continue
        if value.lower() not in allowed:
            raise DataError(f"{where}: {variable!r} is {value!r}: it takes {', '.join(sorted(allowed))}")
        codes.append((variable, value.lower()))
    if (RELEVANCE, "no") in codes:  # the rest is left out where the article is on something else
        return ((RELEVANCE, "no"),)
    return tuple(codes)


def _rows(path: Path) -> Iterator[dict[str, str]]:
    table: list[list[Any]]
    try:
        if path.suffix == ".xlsx":
            table = python_calamine.CalamineWorkbook.from_path(path).get_sheet_by_name(SHEET).to_python()
        else:
            with path.open(encoding="utf-8-sig", newline="") as file:
                table = list(csv.reader(file))
    except (OSError, UnicodeDecodeError, csv.Error, python_calamine.CalamineError) as error:
        raise DataError(f"{path}: cannot be read as a coder's sheet: {error}") from error
    if not table or ARTICLE not in table[0]:
        raise DataError(f"{path}: has no column 'article': give a sheet that 'tracker coding export' wrote")
    heads = [str(cell).strip() for cell in table[0]]
    for row in table[1:]:
        yield dict(zip(heads, (str(cell).lstrip("'").strip() for cell in row), strict=False))
