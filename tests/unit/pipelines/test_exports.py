"""Exports: what a spreadsheet makes of them, what they say of themselves, and what others can check with them."""

from __future__ import annotations

import csv
import hashlib
import json
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime

import duckdb
import pytest

from pipelines.spreadsheet import MAX_CELL, safe_cell, write_csv, write_workbook
from tests.snapshots import BODY, HERALD, POST, SCORERS, HomeBuilder, Piece, usual_pieces
from tracker.errors import DataError

HOSTILE = ["=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\t=1+1", "＝1+1", " = 1"]


@pytest.fixture
def table():
    with duckdb.connect() as connection:
        yield connection


def read(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


@pytest.mark.parametrize("text", HOSTILE)
def test_no_headline_is_a_formula(table, tmp_path, text):
    table.execute("CREATE TABLE t AS SELECT ? AS title, -1.5 AS tone", [text])
    write_csv(table, "FROM t", tmp_path / "t.csv")
    ((_, *_), (title, tone)) = read(tmp_path / "t.csv")
    assert title[0] == "'"
    assert text.strip() in title
    assert tone == "-1.5"  # a number is no formula


def test_cells_have_one_line_and_letters_stay_letters(table, tmp_path):
    table.execute(
        "CREATE TABLE t AS SELECT 'El juez dijo\r\n«sí»\n\nayer\u2028' AS text, [1, 2] AS list, true AS yes, "
        "'nan'::DOUBLE AS no"
    )
    assert write_csv(table, "FROM t", tmp_path / "t.csv") == 1
    raw = (tmp_path / "t.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    assert raw.count(b"\r\n") == raw.count(b"\n") == 2
    assert read(tmp_path / "t.csv")[1] == ["El juez dijo «sí» ayer", "[1, 2]", "true", ""]


def test_a_text_is_cut_to_what_a_cell_holds():
    assert len(safe_cell("x" * (MAX_CELL + 9))) == MAX_CELL
    assert safe_cell("x" * MAX_CELL) == "x" * MAX_CELL
    assert safe_cell(date(2025, 5, 12)) == date(2025, 5, 12)


def test_a_workbook_holds_texts_as_texts_and_times_as_times(table, tmp_path):
    table.execute(
        "CREATE TABLE t AS SELECT '=1+1' AS title, 'https://a.example/' AS url, 0.5 AS tone, NULL AS nothing, "
        "TIMESTAMP '2025-05-12 12:00:00' AS at, DATE '2025-05-12' AS day, false AS flag"
    )
    at = datetime(2025, 5, 20, 4, tzinfo=UTC)
    counts = write_workbook(table, [("t", "FROM t"), ("u" * 40, "SELECT 1 AS one")], tmp_path / "t.xlsx", at)
    assert counts == {"t": 1, "u" * 40: 1}
    with zipfile.ZipFile(tmp_path / "t.xlsx") as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        assert b"2025-05-20T04:00:00Z" in book.read("docProps/core.xml")
        assert b"u" * 32 not in book.read("xl/workbook.xml")
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet
    assert "=1+1" in sheet  # as an inline string
    assert "<v>45789.5</v>" in sheet  # days since 1899-12-30, as Excel counts
    assert '<c r="G2" t="b"><v>0</v></c>' in sheet


def test_more_rows_than_a_sheet_holds_are_refused(table, tmp_path, monkeypatch):
    monkeypatch.setattr("pipelines.spreadsheet.MAX_ROWS", 10)
    assert write_workbook(table, [("t", "FROM range(9)")], tmp_path / "t.xlsx", datetime(2025, 5, 20, tzinfo=UTC)) == {
        "t": 9
    }
    with pytest.raises(DataError, match="more than the 9 rows"):
        write_workbook(table, [("t", "FROM range(10)")], tmp_path / "u.xlsx", datetime(2025, 5, 20, tzinfo=UTC))
    assert [path.name for path in tmp_path.iterdir()] == ["t.xlsx"]


# ---------------------------------------------------------------- through the command line


def exported(tracker, home, *arguments):
    ended = tracker("--home", home, "export", *arguments)
    assert ended.code == 0, ended.err
    return ended.out.splitlines()


def test_a_manifest_says_where_an_export_comes_from(tracker, home, tmp_path):
    files = exported(tracker, home, "out", "--format", "csv")
    assert files[-1] == "out/manifest.json"
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    snapshot = (home / "coverage.duckdb").resolve()
    assert manifest["snapshot"]["name"] == snapshot.stem
    assert manifest["snapshot"]["sha256"] == hashlib.sha256(snapshot.read_bytes()).hexdigest()
    assert manifest["snapshot"]["rows_hash"][:12] in manifest["cite_as"]
    assert {one["scorer"] for one in manifest["scorers"]} == {info.scorer for info in SCORERS}
    assert manifest["topics"] == [{"topic": "test-ruling", "title": "A test ruling on taxes", "topic_hash": "f" * 64}]
    by_table = {one["table"]: one for one in manifest["tables"]}
    assert by_table["articles"]["n_rows"] == 14
    with duckdb.connect(str(snapshot), read_only=True) as connection:  # the figure can be asked for again
        assert len(connection.execute(by_table["articles"]["query"]).fetchall()) == 14
    assert manifest["columns"]["articles"]["outlet"] == "Outlet that published it"
    for name, digest in manifest["files"].items():
        assert hashlib.sha256((tmp_path / "out" / name).read_bytes()).hexdigest() == digest
    assert len(manifest["files"]) == len(files) - 1


def test_export_takes_its_directory_with_and_without_the_word_tables(tracker, home, tmp_path):
    for arguments in (["a"], ["tables", "a"], ["--format", "parquet", "a"]):
        assert "a/articles.parquet" in exported(tracker, home, *arguments)
    assert "export/articles.parquet" in exported(tracker, home)


def test_a_workbook_by_the_command_line(tracker, home, tmp_path):
    assert exported(tracker, home, "out", "--format", "xlsx") == ["out/coverage.xlsx", "out/manifest.json"]
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert {one["file"] for one in manifest["tables"]} == {"coverage.xlsx"}


def test_a_directory_that_cannot_be_made(tracker, home, tmp_path):
    (tmp_path / "out").write_text("a file")
    ended = tracker("--home", home, "export", "out")
    assert (ended.code, "cannot be made" in ended.err) == (1, True)


# ---------------------------------------------------------------- replication


def test_a_replication_package_holds_hashes_and_scores_and_no_text(tracker, tmp_path):
    home = tmp_path / "home"
    topic = b'topic = "test-ruling"\n'
    builder = HomeBuilder(home)
    builder.topic = replace(builder.topic, hash=hashlib.sha256(topic).hexdigest())
    builder.build([*usual_pieces(), Piece(outlet=HERALD, title="Hidden headline", text=BODY + " Sentinel words here.")])
    (home / "topics").mkdir()
    (home / "topics" / "test-ruling.toml").write_bytes(topic)
    (home / "topics" / "changed.toml").write_text("topic = 1")
    names = {path.split("/")[-1] for path in exported(tracker, home, "replication", "out")}
    out = tmp_path / "out"
    assert names == {path.name for path in out.iterdir()}
    assert names >= {"addresses.csv", "sentiment.csv", "codings.csv", "topic-test-ruling.toml", "CITATION.cff"}
    assert "topic-changed.toml" not in names
    addresses = read(out / "addresses.csv")
    assert len(addresses) == 1 + 16
    column = addresses[0].index("text_sha256")
    assert hashlib.sha256(BODY.encode()).hexdigest() in {row[column] for row in addresses[1:]}
    everything = "".join(path.read_text(encoding="utf-8-sig") for path in out.iterdir())
    for words in ("Sentinel words", "The judge ruled", "terrible mistake", "Hidden headline", "Post story"):
        assert words not in everything
    methods = (out / "methods.md").read_text()
    assert "15 articles of 3 outlets" in methods
    assert "tone 1 (default)" in methods
    assert "Student's t" in methods
    citation = (out / "CITATION.cff").read_text()
    assert citation.startswith("cff-version: 1.2.0\n")
    assert json.loads((out / "manifest.json").read_text())["snapshot"]["rows_hash"] in citation


# ---------------------------------------------------------------- snapshots that stay


def test_a_pinned_snapshot_outlives_those_that_follow(tracker, tmp_path):
    def publish(number):
        builder = HomeBuilder(tmp_path / "home", run=f"run-{number}")
        at = datetime(2025, 5, 12 + number, 12, tzinfo=UTC)
        return builder.build([Piece(outlet=POST, title=f"Story {number}", at=at)], now=at)

    first = publish(0)
    ended = tracker("--home", "home", "snapshot", "pin")
    assert ended.code == 0
    assert first.stem in ended.out
    assert "To cite it: Coverage snapshot" in ended.err
    for number in range(1, 5):
        publish(number)
    assert not first.exists()
    listed = [line.split("\t") for line in tracker("--home", "home", "snapshot", "list").out.splitlines()]
    assert [line[3] for line in listed] == ["pinned", "", "", ""]
    assert listed[0][0] == first.stem
    files = exported(tracker, "home", "out", "--format", "csv", "--snapshot", listed[0][2][:8])
    assert "out/articles.csv" in files
    assert [
        row[read(tmp_path / "out" / "articles.csv")[0].index("title")]
        for row in read(tmp_path / "out" / "articles.csv")[1:]
    ] == ["Story 0"]
    assert tracker("--home", "home", "snapshot", "pin", first.stem).code == 0  # again: nothing changes
    assert tracker("--home", "home", "snapshot", "unpin", first.name).code == 0
    gone = tracker("--home", "home", "snapshot", "pin", first.stem)
    assert (gone.code, "no such snapshot" in gone.err) == (1, True)
    assert "not pinned" in tracker("--home", "home", "snapshot", "unpin", listed[-1][0]).err
