"""Archived pages read again, and topics added later, without a request."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from pipelines import reextract as module
from pipelines.progress import Progress
from pipelines.reextract import CHANGED, MISSING, READ, REFUSED, SAME, reextract, said
from pipelines.runs import judge_again
from tests.integration.little_site import LittleSite, follow, page
from tests.integration.test_revisions_replayed import FINES, PARAGRAPHS, TITLE
from tracker.errors import ExtractError
from tracker.extract.page import extract_page
from tracker.model import Completeness, MatchDecision
from tracker.store.decisions import append_decision

START = datetime(2026, 1, 5, 6, tzinfo=UTC)
QUIET = Progress(verbosity=-1)
NEWER = "2+test"
BAKE = ("Cakes were sold on Saturday in aid of the choir, which will sing in the capital if it can find a bus.",) * 3
LATER = 'topic = "cakes"\ntitle = "Cakes"\nquery = "cakes"\n'


@pytest.fixture(scope="module")
def nights(tmp_path_factory):
    """A storm in two versions and a bake sale, read; the site is closed by now."""
    with LittleSite() as site:
        followed = follow(tmp_path_factory.mktemp("reextract") / "home", site)
        site.list("/storm", TITLE)
        site.list("/bake", "Bake sale")
        site.pages |= {"/storm": page(TITLE, *PARAGRAPHS), "/bake": page("Bake sale", *BAKE)}
        followed.night(START)
        site.pages["/storm"] = page(TITLE, *PARAGRAPHS, FINES)
        followed.night(START + timedelta(days=1))
    return followed


@pytest.fixture
def followed(nights, tmp_path):
    shutil.copytree(nights.home, tmp_path / "home", symlinks=True)
    return replace(nights, home=tmp_path / "home")


@pytest.fixture
def newer(monkeypatch):
    """An extractor that reads headlines in capitals, since the old one got them wrong."""

    def read(given):
        return replace(
            extract_page(given), title=extract_page(given).title + "!!", section="Town", extractor_version=NEWER
        )

    monkeypatch.setattr(module, "EXTRACTOR_VERSION", NEWER)
    monkeypatch.setattr(module, "extract_page", read)


def _revisions(followed, columns):
    return followed.rows(f"SELECT {columns} FROM revisions ORDER BY article, revision")  # noqa: S608 - constants


def _counts(run):
    return {name: run.counts[name] for name in (READ, CHANGED, SAME, REFUSED, MISSING)}


def test_the_same_extractor_has_nothing_to_do(followed):
    before = _revisions(followed, "*")
    code, run = reextract(followed.home, QUIET)
    assert (code, run.counts[READ]) == (0, 0)
    assert _revisions(followed, "*") == before


def test_facts_are_replaced_under_their_own_numbers_and_judged_anew(followed, newer):
    stays = "article, revision, seen_at, change_kind, payload_digest"
    before = _revisions(followed, stays)
    requests = followed.rows("SELECT count(*) AS n FROM fetches")
    code, run = reextract(followed.home, QUIET)
    assert (code, _counts(run)) == (0, {READ: 3, CHANGED: 3, SAME: 0, REFUSED: 0, MISSING: 0})
    assert _revisions(followed, stays) == before
    assert {(row["section"], row["extractor_version"]) for row in _revisions(followed, "*")} == {("Town", NEWER)}
    assert all(row["title"].endswith("!!") for row in _revisions(followed, "title"))
    assert run.counts["n_scored"] == 2
    assert followed.rows("SELECT count(*) AS n FROM fetches") == requests
    assert "3 versions read by another extractor = 3 changed + 0 the same" in said(run)[0]
    code, run = reextract(followed.home, QUIET)
    assert (code, run.counts[READ], run.counts["n_scored"]) == (0, 0, 0)


def test_what_reads_the_same_is_not_judged_again(followed, monkeypatch):
    monkeypatch.setattr(module, "EXTRACTOR_VERSION", NEWER)
    monkeypatch.setattr(module, "extract_page", lambda given: replace(extract_page(given), extractor_version=NEWER))
    _, run = reextract(followed.home, QUIET)
    assert _counts(run) == {READ: 3, CHANGED: 0, SAME: 3, REFUSED: 0, MISSING: 0}
    assert run.counts["n_scored"] == 0
    assert {row["extractor_version"] for row in _revisions(followed, "extractor_version")} == {NEWER}


def test_changes_are_told_anew(followed, monkeypatch):
    """A better extractor leaves out the paragraph that had been taken for an update."""

    def read(given):
        article = extract_page(given)
        return replace(article, text=article.text.replace(FINES, "").strip(), extractor_version=NEWER)

    monkeypatch.setattr(module, "EXTRACTOR_VERSION", NEWER)
    monkeypatch.setattr(module, "extract_page", read)
    assert "update" in {row["change_kind"] for row in _revisions(followed, "change_kind")}
    _, run = reextract(followed.home, QUIET)
    assert (run.counts[CHANGED], run.counts[SAME]) == (1, 2)
    assert {row["change_kind"] for row in _revisions(followed, "change_kind")} == {"first", "trivial"}


def test_what_was_no_article_is_marked_and_kept(followed, monkeypatch):
    def refuse(given):
        raise ExtractError("challenge: a bot check")

    monkeypatch.setattr(module, "EXTRACTOR_VERSION", NEWER)
    monkeypatch.setattr(module, "extract_page", refuse)
    code, run = reextract(followed.home, QUIET)
    assert (code, run.counts[REFUSED]) == (0, 3)
    rows = followed.rows("SELECT completeness, completeness_reason, title FROM articles")
    assert {(row["completeness"], row["completeness_reason"]) for row in rows} == {(Completeness.BLOCKED, "challenge")}
    assert TITLE in {row["title"] for row in rows}


def test_pages_that_are_not_in_the_archive_keep_their_facts_and_are_said(followed, newer, capfd):
    before = _revisions(followed, "*")
    for file in (followed.home / "archive").rglob("*.warc.gz"):
        file.unlink()
    code, run = reextract(followed.home, QUIET)
    assert (code, run.counts[READ], run.counts[MISSING]) == (1, 3, 3)
    assert _revisions(followed, "*") == before
    assert "not to be had from the archive" in capfd.readouterr().err


def test_a_persons_word_outlives_it(followed, newer):
    article = followed.rows("SELECT article FROM articles WHERE title = 'Bake sale'")[0]["article"]
    append_decision(
        followed.home, MatchDecision(topic="storm", article=str(article), is_on_topic=True, by="Ana", at=START)
    )
    reextract(followed.home, QUIET)
    found = followed.rows("SELECT decided_by FROM matches WHERE article = $article", article=article)
    assert found == [{"decided_by": "Ana"}]


def test_a_topic_added_later_matches_the_archive_without_a_request(followed):
    requests = followed.rows("SELECT count(*) AS n FROM fetches")
    (followed.home / "topics" / "cakes.toml").write_text(LATER, encoding="utf-8")
    judge_again(followed.home, QUIET)
    found = followed.rows("SELECT topic, title FROM coverage ORDER BY topic")
    assert found == [{"topic": "cakes", "title": "Bake sale"}, {"topic": "storm", "title": TITLE}]
    assert followed.rows("SELECT count(*) AS n FROM fetches") == requests
    assert followed.rows("SELECT DISTINCT topic FROM sentiment ORDER BY topic") == [
        {"topic": "cakes"},
        {"topic": "storm"},
    ]
