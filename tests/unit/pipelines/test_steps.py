"""Steps over a store: copies that part ways, counts, and what a summary says of a run."""

from __future__ import annotations

from collections import Counter

import pytest

from pipelines.home import open_home
from pipelines.progress import Progress
from pipelines.runs import exit_code
from pipelines.steps.judge import cluster
from pipelines.steps.run import Run
from pipelines.summary import print_summary, remarks
from tests.unit.store.values import AT, article, revision
from tracker.config import init_home
from tracker.store.writer import Store

STORY = " ".join(f"Sentence {n} tells of the ruling, the agency and the people of district {n * 7}." for n in range(40))
OTHER = " ".join(f"Line {n} is about the weather over lake {n * 3}, its fishermen and their boats." for n in range(40))


@pytest.fixture
def run(tmp_path):
    init_home(tmp_path, feeds=False)
    with Store(tmp_path / "state" / "master.duckdb") as store:
        yield Run(home=open_home(tmp_path), store=store, now=AT, is_replay=True, progress=Progress(verbosity=-1))


def _places(run):
    rows = run.store.db.dicts("SELECT article, wire_cluster, is_original FROM internal.wire_members ORDER BY article")
    return {row["article"]: (row["wire_cluster"], row["is_original"]) for row in rows}


def test_copies_are_found_across_nights_and_part_when_a_text_is_rewritten(run):
    first = [revision("a", content=article(text=STORY, published_at=AT)), revision("b", content=article(text=OTHER))]
    run.store.articles.save_revisions(first)
    cluster(run)
    assert _places(run) == {"a": (None, True), "b": (None, True)}
    run.store.articles.save_revisions([revision("c", outlet="herald", content=article(text=STORY))])
    cluster(run)
    assert _places(run) == {"a": ("a", True), "b": (None, True), "c": ("a", False)}
    run.store.articles.save_revisions([revision("c", 2, outlet="herald", content=article(text=OTHER))])
    cluster(run)
    places = _places(run)
    assert places["a"] == (None, True)  # the one that is left alone is told so
    assert places["b"][0] == places["c"][0] is not None
    run.store.articles.save_revisions([revision("b", 2, content=article(text=STORY))])
    cluster(run)
    places = _places(run)
    assert places["a"][0] == places["b"][0] is not None
    assert places["c"] == (None, True)


def test_clustering_again_changes_nothing(run):
    texts = {"a": STORY, "b": STORY + " A local paragraph.", "c": OTHER}
    run.store.articles.save_revisions([revision(name, content=article(text=text)) for name, text in texts.items()])
    cluster(run)
    before = _places(run)
    cluster(run)
    assert _places(run) == before
    assert before["a"][0] == before["b"][0] is not None


def test_counts_reconcile_only_when_every_chosen_entry_ended(run):
    run.count("n_chosen", "post", 4)
    assert not run.reconciles()
    for name in ("n_stored", "n_skipped", "n_failed", "n_pending"):
        run.count(name, "post")
    assert run.reconciles()
    assert run.by_outlet["post"]["n_chosen"] == 4
    assert run.totals().n_chosen == 4


@pytest.mark.parametrize(
    ("counts", "code"),
    [
        ({}, 0),
        ({"n_feeds": 3, "n_feeds_ok": 3, "n_chosen": 10, "n_failed": 1, "n_stored": 9}, 0),
        ({"n_feeds": 3, "n_feeds_ok": 3, "n_chosen": 10, "n_failed": 2, "n_stored": 8}, 1),
        ({"n_feeds": 3, "n_feeds_ok": 2, "n_feeds_failed": 1}, 1),
        ({"n_feeds": 3, "n_feeds_ok": 3, "n_gaps": 1}, 1),
        ({"n_feeds": 3, "n_feeds_failed": 3}, 4),
        ({"n_feeds": 3, "n_feeds_ok": 3, "n_chosen": 1}, 1),  # an entry that ended nowhere
    ],
)
def test_exit_codes(run, counts, code):
    run.counts = Counter(counts)
    assert exit_code(run) == code


def test_the_summary_names_outlets_hides_empty_columns_and_says_what_to_do(run, capsys):
    run.count("n_feeds", "fox-news")
    run.count("n_feeds_ok", "fox-news")
    run.count("n_entries_listed", "fox-news", 7)
    run.count("unscored language: Spanish", "fox-news", 2)
    run.on_topic = {"The ruling": 0, "Another": 3}
    print_summary(run)
    out = capsys.readouterr().out
    assert "As of 2025-05-12 10:30 UTC" in out
    assert "Fox News" in out
    assert "1/1" in out
    assert "listed" in out
    assert "revised" not in out
    assert "2 revisions not scored: language: Spanish." in remarks(run)
    (hint,) = [line for line in remarks(run) if "Nothing on" in line]
    assert "'The ruling'" in hint
    assert "tracker backfill urls FILE" in hint
