"""A coder's sheet goes out and comes back, as CSV and as xlsx alike."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.train.relevance import relevance_of_home
from tests.snapshots import HomeBuilder, usual_pieces
from tracker.config import init_home, load_topics
from tracker.report.decisions import read_decisions

CODES = {"relevance": "yes", "leading_frame": "legality", "frame:legality": "Yes", "tone": "-1"}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sheets")
    init_home(path, feeds=False)
    HomeBuilder(path, topic=load_topics(path)[0]).build(usual_pieces())
    return path


def told(home: Path, *words: object) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["-q", "--home", str(home), "coding", *map(str, words)])
    return done.exit_code, f"{done.output} {done.exception or ''}"


def rows_of(sheet: Path) -> list[list[str]]:
    if sheet.suffix == ".xlsx":
        return [
            [str(cell) for cell in row]
            for row in CalamineWorkbook.from_path(sheet).get_sheet_by_name("coding").to_python()
        ]
    with sheet.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def write(sheet: Path, rows: list[list[str]]) -> Path:
    if sheet.suffix == ".xlsx":
        with xlsxwriter.Workbook(str(sheet)) as book:
            page = book.add_worksheet("coding")
            for number, row in enumerate(rows):
                page.write_row(number, 0, row)
    else:
        with sheet.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)
    return sheet


def filled(rows: list[list[str]], codes: dict[str, str]) -> list[list[str]]:
    head, *texts = rows
    return [head, *([codes.get(name, cell) for name, cell in zip(head, row, strict=True)] for row in texts)]


def test_csv_and_xlsx_bring_back_the_same_codes(home: Path, tmp_path: Path) -> None:
    assert told(home, "export", tmp_path / "sheet.csv", "--n", 12)[0] == 0
    assert told(home, "export", tmp_path / "sheet.xlsx", "--again")[0] == 0
    for suffix, coder in ((".csv", "ana"), (".xlsx", "bo")):
        rows = rows_of(tmp_path / f"sheet{suffix}")
        code, said = told(home, "import", write(tmp_path / f"back{suffix}", filled(rows, CODES)), "--coder", coder)
        assert code == 0, said
    kept = {who: {} for who in ("ana", "bo")}
    for one in read_decisions(home).codings:
        kept[one.coder][one.article, one.revision] = dict(one.codes)
    assert kept["ana"] == kept["bo"]
    assert len(kept["ana"]) >= 10
    assert all(codes == CODES | {"frame:legality": "yes"} for codes in kept["ana"].values())
    learned_from = relevance_of_home(home, load_topics(home)[0])
    assert len(learned_from) == len(kept["ana"])
    assert all(one.is_on_topic and one.published_at for one in learned_from)


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_a_code_that_is_none_is_named_with_its_row(home: Path, tmp_path: Path, suffix: str) -> None:
    assert told(home, "export", tmp_path / f"sheet{suffix}", "--n", 12)[0] == 0
    rows = filled(rows_of(tmp_path / f"sheet{suffix}"), {"tone": "5"})
    code, said = told(home, "import", write(tmp_path / f"back{suffix}", rows), "--coder", "cy")
    assert code != 0
    assert "row 2: 'tone' is '5'" in said
    assert not [one for one in read_decisions(home).codings if one.coder == "cy"]
