"""The demo's eleven nights, held to what a person would say of each of its addresses."""

from __future__ import annotations

from collections import defaultdict
from itertools import groupby

import pytest

from pipelines.demo_truth import load_truth
from tracker.report.snapshot_report import SnapshotReport
from tracker.store.snapshot import snapshot_path
from tracker.store.writer import Store

LISTED = {str(row["url"]): row for row in load_truth()}
TRUTH = {url: row for url, row in LISTED.items() if not row["notice"]}
LEAST_CENTRAL = 0.9  # of on-topic articles as central as their writer meant: a judgement, where people differ too


@pytest.fixture(scope="module")
def articles(demo_home):
    with SnapshotReport(snapshot_path(demo_home)) as report:
        rows = report.rows(
            """
            SELECT a.*, m.is_on_topic, m.centrality,
                (SELECT list(r.change_kind ORDER BY r.revision) FROM revisions r WHERE r.article = a.article) AS kinds,
                (SELECT list(r.title ORDER BY r.revision) FROM revisions r WHERE r.article = a.article) AS titles
            FROM articles a JOIN matches m USING (article) WHERE m.topic = 'irs-dhs-ruling'
            """
        )
    return {row["url"]: row for row in rows}


def _wrong(articles, found, wanted):
    """Return the addresses at which what was found is not what is true."""
    return {
        url: (found(articles[url]), wanted(row)) for url, row in TRUTH.items() if found(articles[url]) != wanted(row)
    }


def test_every_address_is_an_article_of_its_own(articles):
    assert set(articles) == set(TRUTH)


def test_what_is_on_topic_and_which_are_near_misses(articles):
    assert _wrong(articles, lambda a: a["is_on_topic"], lambda t: None if t["is_unsure"] else t["is_on_topic"]) == {}
    assert sum(row["is_unsure"] for row in TRUTH.values()) == 1
    assert sum(bool(row["is_near_miss"]) for row in TRUTH.values()) > 10
    assert not any(row["is_near_miss"] and articles[url]["is_on_topic"] for url, row in TRUTH.items())


@pytest.mark.parametrize("fact", ["kind", "completeness", "language", "wire_agency", "n_revisions"])
def test_facts(articles, fact):
    assert _wrong(articles, lambda a: a[fact], lambda t: t[fact]) == {}


def test_revisions_are_those_that_a_person_would_list(articles):
    assert _wrong(articles, lambda a: a["kinds"][1:], lambda t: t["changes"]) == {}
    assert _wrong(articles, lambda a: [title for title, _ in groupby(a["titles"])], lambda t: t["headlines"]) == {}
    assert _wrong(articles, lambda a: a["gone_at"] is not None, lambda t: t["is_gone"]) == {}
    assert {kind for row in TRUTH.values() for kind in row["changes"]} >= {
        "trivial",
        "headline",
        "update",
        "correction",
        "retraction",
    }


def test_copies_and_their_originals(articles):
    families = defaultdict(set)
    for url, row in TRUTH.items():
        families[row["copy_of"] or url].add(url)
    clusters = defaultdict(set)
    for url, article in articles.items():
        clusters[article["wire_cluster"] or url].add(url)
    assert sorted(map(sorted, clusters.values())) == sorted(map(sorted, families.values()))
    assert {url for url, article in articles.items() if article["is_original"]} == set(families)
    assert _wrong(articles, lambda a: a["is_wire_copy"], lambda t: t["copy_of"] is not None) == {}


def test_what_was_listed_and_is_no_story_failed_with_its_reason(demo_home):
    with Store(demo_home / "state" / "master.duckdb") as store:
        rows = store.db.connection.execute(
            "SELECT url, status, status_reason FROM entries WHERE status <> 'stored'"
        ).fetchall()
    found = {LISTED[url]["notice"]: (status, reason) for url, status, reason in rows}
    assert {notice: status for notice, (status, _) in found.items()} == {"soft404": "failed", "challenge": "failed"}
    assert all(notice in reason for notice, (_, reason) in found.items())


def test_a_story_at_a_new_address_is_the_article_that_it_was(demo_home):
    with Store(demo_home / "state" / "master.duckdb") as store:
        rows = store.db.connection.execute(
            "SELECT a.url, e.url FROM entries e JOIN internal.articles a USING (article) WHERE e.url <> a.url"
        ).fetchall()
    assert rows
    assert sorted(rows) == sorted((url, later) for url, row in TRUTH.items() for later in row["moved_to"])


def test_how_central_the_topic_is(articles):
    meant = {url: row["centrality"] for url, row in TRUTH.items() if row["centrality"]}
    right = sum(articles[url]["centrality"] == wanted for url, wanted in meant.items())
    assert right / len(meant) >= LEAST_CENTRAL, f"{right} of {len(meant)}"
