"""``tracker sql`` and ``export``: four formats, a locked room, and a clock."""

from __future__ import annotations

import csv
import io
import json
import sys
import time
from pathlib import Path

import duckdb
import pytest

from pipelines.sql import prompt

KINDS = """
SELECT 1 AS n, 1 AS n, 'a "b", c' AS text, NULL AS nothing, [1, 2] AS list, {'k': DATE '2025-05-12'} AS struct,
    true AS yes, 'nan'::DOUBLE AS nan, 1.50::DECIMAL(9, 2) AS price, TIMESTAMP '2025-05-12 10:00:00' AS moment,
    MAP {1: 'x'} AS map
"""


def test_a_table_is_for_people(tracker, home):
    ended = tracker("--home", home, "sql", "SELECT outlet, kind FROM outlets ORDER BY outlet")
    assert ended.code == 0
    assert "east-post" in ended.out
    assert "national" in ended.out
    assert ended.err == ""


def test_a_table_stops_at_a_thousand_rows_and_says_so(tracker, home):
    ended = tracker("--home", home, "sql", "SELECT range AS r FROM range(2000)")
    assert " 999 " in ended.out
    assert "│ 1000" not in ended.out
    assert "more than 1000 rows; --format csv gives them all" in ended.out


def test_csv_has_a_header_and_lf_line_ends(tracker, home):
    ended = tracker("--home", home, "sql", KINDS, "--format", "csv")
    assert ended.code == 0, ended.err
    assert "\r" not in ended.out
    header, row = csv.reader(io.StringIO(ended.out))
    assert header == ["n", "n_1", "text", "nothing", "list", "struct", "yes", "nan", "price", "moment", "map"]
    assert row[:3] == ["1", "1", 'a "b", c']
    assert (row[3], row[4], row[6], row[8], row[9]) == ("", "[1, 2]", "true", "1.50", "2025-05-12 10:00:00")
    assert json.loads(row[5]) == {"k": "2025-05-12"}


def test_csv_has_no_row_limit(tracker, home):
    ended = tracker("--home", home, "sql", "SELECT range FROM range(25000)", "--format", "csv")
    assert ended.out.count("\n") == 25_001


def test_json_is_one_array_that_parses(tracker, home):
    ended = tracker("--home", home, "sql", KINDS, "--format", "json")
    assert ended.code == 0, ended.err
    (row,) = json.loads(ended.out, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))
    assert row == {
        "n": 1, "n_1": 1, "text": 'a "b", c', "nothing": None, "list": [1, 2], "struct": {"k": "2025-05-12"},
        "yes": True, "nan": None, "price": 1.5, "moment": "2025-05-12T10:00:00", "map": {"1": "x"},
    }  # fmt: skip
    several = tracker("--home", home, "sql", "SELECT range AS r FROM range(3)", "--format", "json")
    assert json.loads(several.out) == [{"r": 0}, {"r": 1}, {"r": 2}]
    none = tracker("--home", home, "sql", "SELECT * FROM articles WHERE false", "--format", "json")
    assert (none.out, none.code) == ("[]\n", 0)


@pytest.mark.parametrize("output_format", ["table", "csv", "json", "parquet"])
def test_a_result_can_go_to_a_file(tracker, home, tmp_path, output_format):
    path = tmp_path / "out"
    query = "SELECT outlet, scopes FROM outlets ORDER BY outlet"
    ended = tracker("--home", home, "sql", query, "--format", output_format, "--output", path)
    assert (ended.code, ended.out) == (0, "")
    assert [one.name for one in tmp_path.iterdir()] == ["out"]
    if output_format == "parquet":
        assert duckdb.read_parquet(str(path)).fetchall()[0] == ("east-post", ["post.example"])
    else:
        assert "east-post" in path.read_text()


def test_parquet_goes_to_stdout_too(tracker, home, tmp_path):
    path = tmp_path / "x.parquet"
    tracker("--home", home, "sql", "SELECT 1 AS a, 2 AS a", "--format", "parquet", "--output", path)
    assert duckdb.read_parquet(str(path)).fetchall() == [(1, 2)]


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("DELETE FROM outlets", "refused: the snapshot is read-only"),
        ("SELECT * FROM read_text('/etc/passwd')", "refused: queries reach no files"),
        ("SET memory_limit = '100GB'", "refused: queries reach no files, network, settings"),
        ("COPY outlets TO 'x.csv'", "refused"),
        ("SELEC 1", "syntax error"),
        ("SELECT * FROM no_such_table", "no_such_table"),
        ("SELECT 1; SELECT 2", "one statement at a time, please: this is 2"),
        ("", "one statement at a time, please: this is 0"),
        ("SELECT error('boom')", "boom"),
    ],
)
@pytest.mark.parametrize("output_format", ["table", "csv", "json", "parquet"])
def test_what_is_refused_or_wrong_says_why_and_leaves_no_file(tracker, home, query, message, output_format):
    ended = tracker("--home", home, "sql", query, "--format", output_format, "--output", "out")
    assert ended.code == 1
    assert ended.err.startswith("tracker: ")
    assert message in ended.err
    assert "Traceback" not in ended.err
    assert list(Path.cwd().iterdir()) == []


def test_a_file_that_was_there_outlives_a_query_that_fails(tracker, home, tmp_path):
    path = tmp_path / "out.csv"
    path.write_text("before")
    query = "SELECT CASE WHEN range < 20000 THEN range ELSE error('late') END FROM range(20001)"
    assert tracker("--home", home, "sql", query, "--format", "csv", "--output", path).code == 1
    assert path.read_text() == "before"


def test_where_nothing_can_be_written_says_so(tracker, home, tmp_path):
    ended = tracker("--home", home, "sql", "SELECT 1", "--output", tmp_path / "no" / "out")
    assert ended.code == 1
    assert "cannot be written" in ended.err


def test_types_that_parquet_lacks_are_named(tracker, home, tmp_path):
    query = "SELECT INTERVAL 1 DAY AS i"
    ended = tracker("--home", home, "sql", query, "--format", "parquet", "--output", tmp_path / "out")
    assert ended.code == 1
    assert "cast it to VARCHAR" in ended.err


@pytest.mark.parametrize("output_format", ["table", "json", "csv"])
def test_a_query_is_stopped_at_its_time(tracker, home, output_format):
    begun = time.monotonic()
    query = "SELECT count(*) FROM range(10000000) a, range(10000000) b"
    ended = tracker("--home", home, "sql", "--timeout", "0.3", "--format", output_format, query)
    assert time.monotonic() - begun < 30  # the whole takes days
    assert ended.code == 1
    assert "stopped after 0.3 s: ask for less, or pass --timeout" in ended.err


def test_others_words_do_not_steer_the_terminal(tracker, home):
    query = "SELECT chr(27) || '[2J' || chr(7) || chr(8238) || '[bold]red[/bold]' AS \"[red]x\""
    ended = tracker("--home", home, "sql", query)
    assert ended.code == 0
    assert r"\u001b[2J\u0007\u202e[bold]red[/bold]" in ended.out
    assert "[red]x" in ended.out
    assert not set("\x1b\x07\u202e") & set(ended.out)


def test_a_query_may_come_from_stdin(tracker, home):
    ended = tracker("--home", home, "sql", "--format", "csv", stdin=b"SELECT 41 + 1 AS answer\n;")
    assert (ended.code, ended.out) == (0, "answer\n42\n")


def test_catalogue_functions_are_allowed(tracker, home):
    query = "SELECT comment FROM duckdb_columns() WHERE table_name = 'articles' AND column_name = 'title'"
    assert tracker("--home", home, "sql", query, "--format", "csv").out == "comment\nHeadline\n"


def test_without_a_snapshot_there_is_advice(tracker, tmp_path):
    ended = tracker("sql", "SELECT 1")
    assert ended.code == 1
    assert "run 'tracker nightly' first" in ended.err


# ---------------------------------------------------------------- the prompt


def test_the_prompt_takes_queries_over_lines_and_survives_errors(tracker, home, monkeypatch, capfd):
    given = iter(["SELECT", "  7 AS seven;", "SELEC;", "SELECT 8; SELECT 9;", "SELECT 10 AS ten;"])

    def answer(_prompt: str) -> str:
        try:
            return next(given)
        except StopIteration:
            raise EOFError from None

    monkeypatch.setattr("builtins.input", answer)
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    prompt(home, time_limit=5)
    out, err = capfd.readouterr()
    assert "seven" in out
    assert "ten" in out
    assert "syntax error" in err
    assert "one statement at a time" in err


# ---------------------------------------------------------------- export


def _export(tracker, home, *arguments):
    ended = tracker("--home", home, "export", "out", *arguments)
    assert ended.code == 0, ended.err
    return ended.out.splitlines()


def test_export_writes_every_table_and_view_without_the_texts(tracker, home, tmp_path):
    files = _export(tracker, home)
    names = {path.split("/")[-1] for path in files}
    assert names >= {"articles.parquet", "attention.parquet", "outlet_sentiment.parquet", "snapshot_info.parquet"}
    assert {path.name for path in (tmp_path / "out").iterdir()} == names
    articles = duckdb.read_parquet(str(tmp_path / "out" / "articles.parquet"))
    assert len(articles.fetchall()) == 14
    assert "title" in articles.columns
    assert "text" not in articles.columns


@pytest.mark.parametrize("output_format", ["csv", "jsonl"])
def test_export_with_texts_in_text_formats(tracker, home, tmp_path, output_format):
    _export(tracker, home, "--format", output_format, "--with-text")
    text = (tmp_path / "out" / f"revisions.{output_format}").read_text()
    rows = (
        list(csv.DictReader(io.StringIO(text))) if output_format == "csv" else list(map(json.loads, text.splitlines()))
    )
    assert len(rows) == 15
    assert "The judge ruled on Monday" in rows[0]["text"]
    assert not list((tmp_path / "out").glob("*.part"))
