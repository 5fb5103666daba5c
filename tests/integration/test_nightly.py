"""The nightly job from feeds to snapshot, over loopback, held to what the demo's corpus says is true."""

from __future__ import annotations

import asyncio
import json
import sys
from collections import Counter
from datetime import timedelta

import pytest
from filelock import FileLock

from pipelines.backfill import backfill_urls
from pipelines.cli import main
from pipelines.demo import _through
from pipelines.demo_corpus import load_corpus
from pipelines.demo_site import DemoSite
from pipelines.demo_truth import truth
from pipelines.nightly import poll_only
from pipelines.runs import Options, judge_again
from tests.integration.nights import BROKEN, NIGHTS, QUIET, Followed, listed, make_home
from tracker.archive import payload_digest, read_page
from tracker.errors import DataError, LockedError
from tracker.report.snapshot_report import SnapshotReport
from tracker.store.snapshot import open_snapshot, snapshot_path

TRUTH = {row.url: row for row in truth(load_corpus(), NIGHTS)}
SOME = frozenset({"docket-and-code", "salt-creek-courier", "newcomers-defense"})  # few, for speed
LATER_TOPIC = """
topic = "later"
title = "Ladybugs, added later"
query = "ladybugs OR library"
"""


@pytest.fixture(scope="module")
def three(tmp_path_factory):
    """Three nights, played once."""
    home = make_home(tmp_path_factory.mktemp("nightly") / "home")
    with DemoSite(NIGHTS[0]) as site:
        followed = Followed(home, site)
        for now in NIGHTS:
            followed.play(now)
        yield followed


@pytest.fixture
def fresh(tmp_path):
    with DemoSite(NIGHTS[0]) as site:
        yield Followed(make_home(tmp_path / "home"), site)


def _articles(followed):
    with open_snapshot(snapshot_path(followed.home)) as snapshot:
        cursor = snapshot.execute(
            "SELECT a.url, a.kind, a.completeness, a.language, a.title, a.n_revisions, a.wire_agency, "
            "a.is_wire_copy, a.outlet, m.is_on_topic FROM articles a JOIN matches m USING (article)"
        )
        names = [column[0] for column in cursor.description]
        return {row[0]: dict(zip(names, row, strict=True)) for row in cursor.fetchall()}


# ---------------------------------------------------------------- what is collected


def test_entries_are_exactly_what_the_feeds_listed_each_once(three):
    found = three.rows("SELECT url, count(*) FROM entries WHERE outlet <> ? GROUP BY url", BROKEN)
    assert {url for url, _ in found} == set().union(*(listed(now) for now in NIGHTS))
    assert {n for _, n in found} == {1}


def test_entry_feeds_says_where_each_was_listed_and_when_first(three):
    assert three.rows(
        "SELECT count(*) FROM entries e WHERE NOT EXISTS (FROM entry_feeds l WHERE l.entry = e.entry)"
    ) == [(0,)]
    rows = three.rows(
        "SELECT e.url, l.first_seen_at FROM entries e JOIN entry_feeds l USING (entry) JOIN feeds USING (feed)"
    )
    for url, first_seen_at in rows:
        if TRUTH[url].outlet != BROKEN:
            first = next(now for now in NIGHTS if url in listed(now))
            assert first_seen_at == first.replace(tzinfo=None), url
    assert three.rows("SELECT min(position) FROM entry_feeds") == [(0,)]


def test_counts_reconcile_night_by_night(three):
    for night in three.nights:
        counts = night.run.totals()
        assert night.run.reconciles()
        assert counts.n_chosen == counts.n_stored + counts.n_skipped + counts.n_failed + counts.n_pending
        row = three.rows(
            "SELECT exit_code, n_chosen, n_stored, n_articles_new, note FROM runs WHERE run = ?", night.run.id
        )
        assert row == [(night.code, counts.n_chosen, counts.n_stored, counts.n_articles_new, None)]
    totals = [night.run.totals() for night in three.nights]
    assert sum(one.n_entries_new for one in totals) == three.count("entries")
    assert sum(one.n_articles_new for one in totals) == three.count("internal.articles")
    assert sum(one.n_articles_new + one.n_revisions_new for one in totals) == three.count("revisions")
    assert three.rows("SELECT DISTINCT status FROM entries") == [("stored",)]


def test_every_request_leaves_a_row(three):
    for night in three.nights:
        recorded = "SELECT count(*) FROM fetches WHERE run = ?"
        assert three.rows(recorded, night.run.id) == [(night.n_requests,)]
    outcomes = Counter(dict(three.rows("SELECT outcome, count(*) FROM fetches GROUP BY outcome")))
    assert outcomes["ok"] > 200
    assert outcomes["server_error"] == 2  # a feed that answers with 500 is asked a second time at once
    assert three.rows("SELECT count(*) FROM fetches WHERE purpose = 'page' AND article IS NULL") == [(0,)]


def test_a_broken_feed_is_a_gap_and_exit_1(three):
    first, second, third = three.nights
    assert (first.code, first.run.counts["n_feeds_failed"]) == (1, 1)
    assert first.run.counts["n_feeds_ok"] == 12
    (gap,) = [row for row in three.rows("SELECT outlet, reason, from_at, until_at FROM gaps") if row[1] == "failed"]
    assert gap[0] == BROKEN
    assert gap[2] <= NIGHTS[0].replace(tzinfo=None) <= gap[3]
    assert third.code in {0, 1}  # 1 where another gap was noted; the feed itself answers again
    assert third.run.counts["n_feeds_failed"] == 0
    assert second.run.counts["n_feeds"] == 13


# ---------------------------------------------------------------- what is made of it


def test_articles_are_what_the_corpus_says(three):
    articles = _articles(three)
    wrong = [
        (name, found[name], getattr(TRUTH[url], name), url)
        for url, found in articles.items()
        for name in ("kind", "completeness", "language", "is_on_topic", "outlet")
        if found[name] != getattr(TRUTH[url], name)
    ]
    assert wrong == []
    assert len(articles) > 200


def test_near_misses_are_seen_as_such(three):
    articles = _articles(three)
    misses = [url for url in articles if TRUTH[url].is_near_miss]
    assert len(misses) > 5
    assert not any(articles[url]["is_on_topic"] for url in misses)


def test_edits_of_on_topic_articles_are_revisions_with_their_kind(three):
    articles = _articles(three)
    followed = {url for url, one in articles.items() if one["is_on_topic"] and one["outlet"] != BROKEN}
    expected = {url: TRUTH[url].changes for url in followed if TRUTH[url].changes}
    assert len(expected) >= 8
    found: dict[str, tuple[str, ...]] = {}
    for url, kind in three.rows(
        "SELECT a.url, r.change_kind FROM revisions r JOIN internal.articles a USING (article) "
        "WHERE r.revision > 1 ORDER BY a.url, r.revision"
    ):
        found[url] = (*found.get(url, ()), kind)
    assert found == expected
    for url in expected:
        assert articles[url]["title"] == TRUTH[url].headlines[-1]


def test_wire_copies_are_the_agencys(three):
    for url, found in _articles(three).items():
        true = TRUTH[url]
        is_copy = true.copy_of is not None and true.origin != true.outlet
        if true.wire_agency and is_copy and true.completeness == "whole":
            assert found["wire_agency"] == true.wire_agency, url
            assert found["is_wire_copy"], url
        if found["is_wire_copy"]:
            assert is_copy, url


def test_every_english_article_on_topic_is_scored_and_spans_lie_in_it(three):
    unscored = three.rows(
        "SELECT DISTINCT r.language, s.unscored_reason FROM scored s JOIN revisions r USING (article, revision) "
        "WHERE s.unscored_reason IS NOT NULL"
    )
    assert {language for language, _ in unscored} <= {"es"}
    on_topic = "SELECT count(*) FROM revisions r JOIN matches m USING (article) WHERE m.is_on_topic"
    assert three.rows(on_topic) == three.rows("SELECT count(*) FROM scored")
    for table in ("passages", "sentence_sentiment", "target_sentiment", "evidence", "loaded_terms"):
        outside = three.rows(
            f"SELECT count(*) FROM {table} t JOIN revisions r USING (article, revision) WHERE start_offset < 0 "  # noqa: S608
            "OR end_offset > length(CASE part WHEN 'headline' THEN r.title ELSE r.text END)"
        )
        assert outside == [(0,)], table
    terms = three.rows(
        "SELECT l.text, substr(CASE part WHEN 'headline' THEN r.title ELSE r.text END, start_offset + 1, "
        "end_offset - start_offset) FROM loaded_terms l JOIN revisions r USING (article, revision)"
    )
    assert terms
    assert all(written == there for written, there in terms)


def test_every_revision_can_be_read_back_from_the_archive(three):
    rows = three.rows(
        "SELECT DISTINCT r.payload_digest, f.warc_file, f.warc_offset, a.url FROM revisions r "
        "JOIN internal.articles a USING (article) LEFT JOIN fetches f "
        "ON f.payload_digest = r.payload_digest AND f.url = a.url"
    )
    assert len(rows) >= three.count("revisions")
    for digest, file, offset, url in rows:
        page = read_page(three.home / "archive", file, offset)
        assert payload_digest(page.body) == page.payload_digest == digest
        assert page.url == url


def test_attention_is_a_share_of_all_that_was_listed(three):
    with open_snapshot(snapshot_path(three.home)) as snapshot:
        rows = snapshot.execute("SELECT outlet, date, n_matching, n_entries, share FROM attention").fetchall()
    true = Counter(one.outlet for url, one in _by_entry(three).items() if TRUTH[url].is_on_topic)
    for outlet in {row[0] for row in rows} - {BROKEN}:
        assert sum(row[2] for row in rows if row[0] == outlet) == true[outlet]
    assert all(0 <= row[4] <= 1 for row in rows)
    assert sum(row[3] for row in rows) == three.count("entries")


def _by_entry(followed):
    return {url: TRUTH[url] for (url,) in followed.rows("SELECT url FROM entries")}


# ---------------------------------------------------------------- again, and otherwise


def test_the_same_night_again_adds_nothing(fresh):
    fresh.play(NIGHTS[0], only=SOME)
    tables = ("entries", "entry_feeds", "internal.articles", "revisions", "matches", "sentiment", "frames", "evidence")
    before = {table: fresh.rows(f"SELECT * FROM {table} ORDER BY ALL") for table in tables}  # noqa: S608
    again = fresh.play(NIGHTS[0], only=SOME)
    assert {table: fresh.rows(f"SELECT * FROM {table} ORDER BY ALL") for table in tables} == before  # noqa: S608
    counts = again.run.counts
    assert (counts["n_entries_new"], counts["n_articles_new"], counts["n_revisions_new"]) == (0, 0, 0)
    assert fresh.rows("SELECT outcome, count(*) FROM fetches WHERE run = ? GROUP BY ALL", again.run.id) == [
        ("not_modified", len(SOME))
    ]
    hashes = set()
    for path in (fresh.home / "snapshots").glob("*.duckdb"):
        with open_snapshot(path) as snapshot:
            hashes |= set(snapshot.execute("SELECT rows_hash FROM snapshot_info").fetchall())
    assert len(hashes) == 1


def test_a_feed_that_is_cut_short_says_the_same_however_often_the_night_is_run(fresh):
    only = frozenset({BROKEN})
    gaps = "SELECT outlet, feed, reason, from_at, until_at FROM gaps ORDER BY ALL"
    fresh.play(NIGHTS[0], only=only)
    fresh.play(NIGHTS[1], only=only)
    before = fresh.rows(gaps)
    for _ in range(3):  # enough for the feed to be in back-off
        fresh.play(NIGHTS[1], only=only)
    assert fresh.nights[-1].run.counts["n_feeds_waiting"] == 1
    assert fresh.rows(gaps) == before


def test_only_likely_entries_are_fetched_unless_all_are_asked_for(fresh):
    likely = fresh.play(NIGHTS[0], all_entries=False)
    counts = likely.run.totals()
    assert 0 < counts.n_chosen < likely.run.counts["n_unlikely"]
    on_topic = {url for url in _by_entry(fresh) if TRUTH[url].is_on_topic}
    fetched = {url for (url,) in fresh.rows("SELECT url FROM entries WHERE status = 'stored'")}
    assert len(on_topic - fetched) <= 0.05 * len(on_topic)  # a title and a line of summary do not always tell
    rest = fresh.play(NIGHTS[0], only=SOME)
    skipped = "SELECT count(*) FROM entries WHERE status = 'skipped' AND list_contains(?, outlet)"
    assert fresh.rows(skipped, list(SOME)) == [(0,)]
    assert rest.run.totals().n_stored > 0


def test_a_topic_added_later_matches_the_archive_without_a_request(three):
    before = three.site.n_requests
    topic = three.home / "topics" / "later.toml"
    topic.write_text(LATER_TOPIC)
    try:
        code, run = judge_again(three.home, QUIET)
    finally:
        topic.unlink()
    assert code == 0
    assert three.site.n_requests == before
    with SnapshotReport(three.home / "coverage.duckdb") as report:
        assert report.info().is_invented  # whichever command publishes a demonstration
    matched = three.rows("SELECT count(*) FROM matches WHERE topic = 'later'")
    assert matched == [(three.count("internal.articles"),)]
    assert 0 < run.on_topic["Ladybugs, added later"] < 20
    found = three.rows(
        "SELECT r.title, r.text FROM matches m JOIN revisions r ON r.article = m.article AND r.revision = m.revision "
        "WHERE m.topic = 'later' AND m.is_on_topic"
    )
    assert all("ladybugs" in (title + text).lower() or "library" in (title + text).lower() for title, text in found)


def test_polling_alone_fetches_no_page(fresh):
    with _through(fresh.site.proxy_url):
        code, run = asyncio.run(poll_only(fresh.home, Options(now=NIGHTS[0]), QUIET))
    assert code == 1  # the broken feed
    assert run.counts["n_entries_new"] == fresh.count("entries") > 100
    assert fresh.count("internal.articles") == 0
    assert fresh.rows("SELECT DISTINCT purpose FROM fetches") == [("feed",)]
    night = fresh.play(NIGHTS[0], only=SOME)
    assert night.run.counts["n_entries_new"] == 0
    assert night.run.totals().n_stored > 0


def test_one_outlet_only(fresh):
    night = fresh.play(NIGHTS[0], only=frozenset({"morning-beacon"}))
    assert night.code == 0
    assert fresh.rows("SELECT DISTINCT outlet FROM entries") == [("morning-beacon",)]
    assert night.run.counts["n_feeds"] == 1


def test_another_runs_lock_is_heeded_at_once(fresh):
    fresh.play(NIGHTS[0], only=frozenset({"morning-beacon"}))
    before = fresh.count("runs")
    with FileLock(fresh.home / "state" / "lock"), pytest.raises(LockedError):
        fresh.play(NIGHTS[0])
    assert fresh.count("runs") == before
    assert fresh.site.n_requests > 0


def test_nights_in_which_nothing_happened_add_nothing(fresh):
    fresh.play(NIGHTS[2], only=SOME)
    before = [fresh.count(table) for table in ("entries", "internal.articles", "revisions")]
    night = fresh.play(NIGHTS[2] + timedelta(hours=1), only=SOME)
    assert night.run.counts["n_feeds_failed"] == 0
    assert [fresh.count(table) for table in ("entries", "internal.articles", "revisions")] == before


# ---------------------------------------------------------------- backfill, and the command line


def test_backfilled_addresses_become_articles_of_their_outlets(fresh, tmp_path):
    urls = [url for url, row in TRUTH.items() if row.is_on_topic and row.n_revisions and row.outlet != BROKEN][:4]
    file = tmp_path / "urls.txt"
    file.write_text("\ufeff# found by hand\n\n" + "\n".join([*urls, urls[0]]) + "\nhttp://unknown.example/a\n")
    fresh.site.set_now(NIGHTS[-1])
    with _through(fresh.site.proxy_url):
        code, run = asyncio.run(backfill_urls(fresh.home, file, QUIET))
    assert code == 0
    # the site answers 502 for a host that it does not know, robots.txt included
    assert (run.counts["n_stored"], run.counts["n_entries_new"]) == (4, 5)
    assert run.reconciles()
    assert dict(fresh.rows("SELECT url, outlet FROM internal.articles")) == {url: TRUTH[url].outlet for url in urls}
    assert fresh.rows("SELECT DISTINCT via FROM internal.articles") == [("urls",)]
    assert fresh.rows("SELECT count(*) FROM entries e LEFT JOIN outlets o USING (outlet) WHERE o.name IS NULL") == [
        (0,)
    ]
    with open_snapshot(snapshot_path(fresh.home)) as snapshot:  # what no feed listed is no part of attention
        assert snapshot.execute("SELECT count(*) FROM attention").fetchone() == (0,)


@pytest.mark.parametrize(
    ("content", "message"), [(b"ftp://x.example/", "urls.txt:1: "), (b"\xff\xfe", "cannot be read")]
)
def test_a_bad_list_of_addresses_starts_no_run(fresh, tmp_path, content, message):
    file = tmp_path / "urls.txt"
    file.write_bytes(content)
    with pytest.raises(DataError, match=message):
        asyncio.run(backfill_urls(fresh.home, file, QUIET))
    assert not (fresh.home / "state" / "master.duckdb").exists()


def test_the_command_line_prints_a_row_an_outlet_and_ends_with_the_code(fresh, monkeypatch, capfd):
    fresh.site.set_now(NIGHTS[0])
    arguments = ["--home", str(fresh.home), "--log-format", "json", "nightly", "--now", NIGHTS[0].isoformat()]
    monkeypatch.setattr(sys, "argv", ["tracker", *arguments])
    with _through(fresh.site.proxy_url), pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 1
    out, err = capfd.readouterr()
    assert "As of 2025-05-13 04:00 UTC" in out
    for name in ("Meridian Wire", "The Morning Beacon", "The Undertow"):
        assert name in out
    assert "12/13" in out
    assert "left unread as unlikely to be on a topic" in out
    logged = [json.loads(line) for line in err.splitlines()]
    assert any("theundertow.example" in line["message"] and line["level"] == "warning" for line in logged)
