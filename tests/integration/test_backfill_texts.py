"""Texts that one already holds, by the command line: what becomes of them, and of the same ones again."""

from __future__ import annotations

import json

import pytest

from pipelines.backfill_texts import backfill_texts
from pipelines.progress import Progress
from tracker.config import init_home
from tracker.report.snapshot_report import SnapshotReport
from tracker.store.snapshot import snapshot_path

QUIET = Progress(log_format="text", verbosity=-1)
OUTLETS = """
[[outlets]]
outlet = "east-post"
name = "The East Post"
lean = "left"
lean_source = "a test"
scopes = ["post.example"]
"""
STORY = (
    "A federal judge ruled on Monday that the IRS may share taxpayer data with ICE.\n\n"
    "The ruling lets immigration officials ask the tax agency for addresses, lawyers for the plaintiffs said. "
    "Advocates called the decision a terrible mistake and promised to appeal the order within days."
)


@pytest.fixture
def home(tmp_path):
    init_home(tmp_path, feeds=False)
    settings = tmp_path / "tracker.toml"
    lines = ['[report]\ntimezone = "America/New_York"', '[fetch]\ncontact = "a@example.org"']
    settings.write_text("\n".join(lines), encoding="utf-8")
    (tmp_path / "outlets.toml").write_text(OUTLETS, encoding="utf-8")
    return tmp_path


def line(**fields):
    return json.dumps({"outlet": "The East Post", "title": "Judge lets IRS share data", "text": STORY} | fields)


def bring(home, *lines, name="texts.jsonl"):
    file = home / name
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return backfill_texts(home, file, QUIET)


def ask(home, query):
    with SnapshotReport(snapshot_path(home)) as report:
        return report.rows(query)


def test_a_text_becomes_an_article_that_is_judged_and_published(home):
    code, run = bring(home, line(id=7, date="2025-05-12", url="https://post.example/a?utm_source=x"))
    assert code == 0
    assert run.reconciles()
    (row,) = ask(home, "SELECT * FROM coverage")
    assert (row["outlet"], row["lean"], row["via"], row["kind"]) == ("east-post", "left", "jsonl", "unknown")
    assert row["canonical_url"] == "https://post.example/a"
    assert row["published_at"].isoformat() == "2025-05-12T16:00:00"  # noon in New York
    assert row["published_date"].isoformat() == "2025-05-12"
    assert row["text"] == STORY
    assert (row["language"], row["completeness"]) == ("en", "whole")
    (revision,) = ask(home, "SELECT extractor, extractor_version, payload_digest FROM revisions")
    assert tuple(revision.values()) == ("jsonl", "given", None)
    assert ask(home, "SELECT count(*) AS n FROM sentiment")[0]["n"] > 0
    assert ask(home, "SELECT status, n_attempts FROM entries") == [{"status": "stored", "n_attempts": 0}]
    assert ask(home, "SELECT count(*) AS n FROM fetches") == [{"n": 0}]


def test_the_same_file_again_adds_nothing(home):
    lines = [line(id=7), line(title="Another headline", text=STORY.replace("Monday", "Friday") + " It ends here.")]
    bring(home, *lines)
    before = ask(home, "SELECT rows_hash FROM snapshot_info")
    code, run = bring(home, *lines)
    assert (code, run.counts["n_entries_new"], run.counts["n_stored"]) == (0, 0, 0)
    assert ask(home, "SELECT rows_hash FROM snapshot_info") == before


def test_another_text_under_the_same_id_is_another_version(home):
    bring(home, line(id=7))
    _, run = bring(home, line(id=7, title="Judge lets IRS hand over addresses"))
    assert run.counts["n_revisions_new"] == 1
    found = ask(home, "SELECT revision, change_kind FROM revisions ORDER BY revision")
    assert [tuple(row.values()) for row in found] == [(1, "first"), (2, "headline")]
    assert ask(home, "SELECT n_revisions FROM articles") == [{"n_revisions": 2}]


def test_outlets_are_found_by_slug_name_or_address_or_made(home):
    stories = [
        ("east-post", None),
        ("the  EAST post", None),
        ("EP", "https://www.post.example/b"),
        ("Far Gazette", None),
    ]
    lines = [
        line(id=n, outlet=outlet, url=url, title=f"Story {n}", text=f"Number {n}. {STORY}")
        for n, (outlet, url) in enumerate(stories)
    ]
    bring(home, *lines)
    found = ask(home, "SELECT outlet, count(*) AS n FROM articles GROUP BY ALL ORDER BY n DESC")
    assert [tuple(row.values()) for row in found] == [("east-post", 3), ("far-gazette", 1)]
    assert ask(home, "SELECT lean FROM outlets WHERE outlet = 'far-gazette'") == [{"lean": None}]


def test_lines_that_cannot_be_read_are_said_and_left_out(home, capsys):
    code, run = bring(home, line(id=1), "{", json.dumps({"id": 2, "text": "x"}), line(id=3, date="yesterday"))
    assert code == 1
    assert run.counts["n_stored"] == 1
    said = capsys.readouterr().err
    for where in ("texts.jsonl:2", "texts.jsonl:3: outlet", "texts.jsonl:4"):
        assert where in said


def test_hostile_lines_are_stored_as_text(home):
    code, run = bring(
        home,
        line(id="../../etc", title="<script>alert(1)</script>", url="javascript:alert(1)"),
        line(id=2, text="", title=None, date=""),
    )
    assert (code, run.counts["n_stored"]) == (0, 2)
    found = ask(home, "SELECT url, title, completeness, published_at FROM articles ORDER BY url DESC")
    assert {row["completeness"] for row in found} == {"whole", "empty"}
    assert all(row["url"].startswith("urn:given:east-post:") for row in found)


def test_a_file_that_is_not_there(home, capsys):
    code, run = backfill_texts(home, home / "nothing.jsonl", QUIET)
    assert (code, run.counts["n_stored"]) == (1, 0)
    assert "cannot be read" in capsys.readouterr().err
