"""A snapshot without texts: the same figures, none of the words, and what needs them says so."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace

import duckdb
import pytest

from tests.snapshots import TOPIC, HomeBuilder, usual_pieces
from tracker.errors import TextsLeftOutError
from tracker.report.changes import text_changes
from tracker.report.filters import Filters
from tracker.report.search import search
from tracker.report.snapshot_report import SnapshotReport
from tracker.report.word_groups import TextGroup, words_between
from tracker.store.search import index_of

HERE = Filters(topic=TOPIC.topic)


@pytest.fixture(scope="module")
def snapshots(tmp_path_factory):
    """The same pieces published with their texts and without."""
    folder = tmp_path_factory.mktemp("texts")
    return HomeBuilder(folder / "with").build(usual_pieces()), HomeBuilder(folder / "without", has_text=False).build(
        usual_pieces()
    )


@pytest.fixture(scope="module")
def reports(snapshots):
    with SnapshotReport(snapshots[0]) as whole, SnapshotReport(snapshots[1]) as bare:
        yield whole, bare


def test_no_text_is_in_the_files_nor_in_room_that_was_freed(snapshots, reports):
    texts = (
        "SELECT count(*) AS n FROM (SELECT text FROM revisions UNION ALL SELECT text FROM articles) WHERE text <> ''"
    )
    free = "SELECT free_blocks AS n FROM pragma_database_size()"
    assert [report.rows(texts)[0]["n"] > 0 for report in reports] == [True, False]
    assert reports[1].rows(free) == [{"n": 0}]
    assert reports[1].rows("SELECT DISTINCT summary, content FROM entries") == [{"summary": "", "content": None}]
    for path, is_whole in zip(snapshots, (True, False), strict=True):
        with closing(sqlite3.connect(index_of(path))) as index:
            assert bool(index.execute("SELECT count(*) FROM texts WHERE texts MATCH 'judge'").fetchone()[0]) is is_whole


def test_articles_are_all_there_where_rows_were_deleted_before_the_file_was_written_anew(tmp_path):
    home = HomeBuilder(tmp_path, has_text=False)
    home.build(usual_pieces())
    with duckdb.connect(str(tmp_path / "state" / "master.duckdb")) as master:
        (gone,) = master.execute("SELECT article FROM revisions WHERE rowid = 0").fetchone()
        master.execute("DELETE FROM revisions WHERE article = $gone", {"gone": gone})
    with SnapshotReport(replace(home, run="run-2").build()) as report:
        read = "SELECT count(*) AS n FROM articles JOIN revisions USING (article, title) WHERE revision = n_revisions"
        assert report.rows(read) == report.rows("SELECT count(DISTINCT article) AS n FROM revisions")
        assert report.rows("SELECT count(*) AS n FROM articles") == report.rows(
            "SELECT count(*) AS n FROM internal.newest"
        )


def test_every_other_column_of_every_table_is_the_same(reports):
    columns = reports[0].rows(
        "SELECT table_name, list(column_name ORDER BY column_index) AS names FROM duckdb_columns() "
        "WHERE schema_name = 'main' AND NOT internal GROUP BY ALL"
    )
    left_out = {"text", "summary", "content", "has_text", "applied_at"}
    for row in columns:
        kept = ", ".join(
            f'"{name}"' for name in row["names"] if name not in left_out or row["table_name"] == "loaded_terms"
        )
        query = f"SELECT {kept} FROM {row['table_name']} ORDER BY ALL"  # noqa: S608 - names from the catalogue
        assert reports[0].rows(query) == reports[1].rows(query), row["table_name"]
    assert [report.info().has_text for report in reports] == [True, False]
    assert [one.outlet_tone for one in reports[0].outlets(HERE)] == [
        one.outlet_tone for one in reports[1].outlets(HERE)
    ]


@pytest.mark.parametrize(
    "ask",
    [
        lambda report: search(report, "judge"),
        lambda report: text_changes(report, HERE, 5),
        lambda report: words_between(report, TextGroup(filters=HERE), TextGroup(filters=HERE, lean="x")),
    ],
)
def test_what_needs_texts_says_that_they_are_left_out(reports, ask):
    ask(reports[0])
    with pytest.raises(TextsLeftOutError, match=r"left out of this snapshot: set \[publish\] text = true"):
        ask(reports[1])
