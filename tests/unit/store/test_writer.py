"""Everything can be stored twice, and what fails in a transaction leaves nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pyarrow as pa
import pytest

from tests.snapshots import BODY, SCORERS, _scores, usual_pieces
from tests.unit.store.values import AT, OUTLET, article, edge, entry, fingerprint, listing, look, match, revision
from tracker.model import ArticleScores, EntryStatus, Feed, FeedKind, FeedState, FrameDefinition, Topic
from tracker.store.articles import RevisionText
from tracker.store.entries import EntryOutcome
from tracker.store.runs import Gap, RunCounts
from tracker.store.score_rows import SCORE_COLUMNS, score_column, score_rows
from tracker.store.scores import SCORE_TABLES, Scored
from tracker.store.writer import Store


def _all_rows(store):
    names = store.db.connection.execute(
        "SELECT schema_name || '.' || table_name FROM duckdb_tables() ORDER BY ALL"
    ).fetchall()
    return {name: store.db.connection.execute(f"SELECT * FROM {name} ORDER BY ALL").fetchall() for (name,) in names}  # noqa: S608


def _save_everything(store):
    store.feeds.save_outlets([OUTLET])
    store.feeds.save(Feed(feed="f1", outlet="post", url="https://post.example/f"), FeedState(feed="f1", etag="x"))
    store.feeds.save_host_waits({"post.example": AT})
    store.entries.save([entry("e1"), entry("e2")], [listing("e1"), listing("e2", position=1), listing("e1", "f2")])
    store.articles.save_revisions([revision("a1"), revision("a1", 2), revision("a2")])
    store.articles.save_matches([("a1", 2, match()), ("a2", 1, match(is_on_topic=None))])
    prints = [(fingerprint("a1", 1, 2), 2), (fingerprint("a2", 2, 3), 1)]
    store.copies.save_fingerprints(prints, [edge("a1", "a2")])
    store.scores.save("t", [(_text("a1"), _scores(usual_pieces()[0], "A ruling"))], "scoring")


def _text(name: str) -> RevisionText:
    content = article(text=BODY)
    return RevisionText(article=name, revision=1, outlet="post", language="en", content=content)


def test_everything_stored_twice_leaves_the_same_rows(store):
    _save_everything(store)
    once = _all_rows(store)
    for table in ("outlets", "feeds", "entries", "entry_feeds", "revisions", "matches", *SCORE_TABLES):
        assert once[f"main.{table}"] or table == "target_sentiment", table
    for table in ("fingerprints", "bands", "copy_edges", "articles", "feed_state", "host_waits"):
        assert once[f"internal.{table}"], table
    _save_everything(store)
    assert _all_rows(store) == once


def test_a_transaction_that_fails_leaves_nothing(store):
    before = _all_rows(store)

    def save_half() -> None:
        with store.transaction():
            _save_everything(store)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        save_half()
    assert _all_rows(store) == before
    with store.transaction():
        _save_everything(store)
    assert _all_rows(store) != before


def test_what_is_committed_is_there_when_the_database_is_opened_again(store):
    _save_everything(store)
    before = _all_rows(store)
    store.db.connection.close()
    with Store(store.path) as again:
        assert _all_rows(again) == before


def test_an_entry_keeps_what_was_first_seen(store):
    store.entries.save([entry("e1")], [listing("e1")])
    store.entries.save([entry("e1", title="Changed", first_seen_at=AT + timedelta(days=1))], [listing("e1", "f2")])
    assert store.db.dicts("SELECT title, first_seen_at FROM entries") == [
        {"title": "Title of e1", "first_seen_at": AT.replace(tzinfo=None)}
    ]
    assert store.db.dicts("SELECT feed FROM entry_feeds ORDER BY ALL") == [{"feed": "f1"}, {"feed": "f2"}]


def test_where_entries_end_and_which_are_offered_again(store):
    store.entries.save([entry(f"e{n}") for n in range(5)], [])
    store.entries.save_outcomes(
        [
            EntryOutcome(entry="e0", status=EntryStatus.STORED, article="a"),
            EntryOutcome(entry="e1", status=EntryStatus.SKIPPED, reason="unlikely to be on a topic", is_attempt=False),
            EntryOutcome(entry="e2", status=EntryStatus.SKIPPED, reason="robots"),
            EntryOutcome(entry="e3", status=EntryStatus.PENDING, reason="timeout"),
        ]
    )

    def offered(*, reconsider_skipped: bool) -> list[tuple[str, int]]:
        found = store.entries.to_choose_from(reconsider_skipped=reconsider_skipped)
        return [(one.entry, n_attempts) for one, n_attempts, _ in found]

    assert offered(reconsider_skipped=False) == [("e3", 1), ("e4", 0)]
    assert offered(reconsider_skipped=True) == [("e1", 0), ("e3", 1), ("e4", 0)]


def test_an_entry_that_a_search_lists_counts_as_found(store):
    feeds = [
        Feed(feed="f1", outlet="post", url="https://post.example/f"),
        Feed(feed="f2", outlet="agg", url="https://agg.example/s", kind=FeedKind.SEARCH),
    ]
    for feed in feeds:
        store.feeds.save(feed, FeedState(feed=feed.feed))
    store.entries.save([entry("e1"), entry("e2")], [listing("e1", "f1"), listing("e2", "f1"), listing("e2", "f2")])
    assert [is_found for _, _, is_found in store.entries.to_choose_from(reconsider_skipped=False)] == [False, True]


def test_configuration_replaces_topics_and_keeps_the_health_of_feeds(store):
    old = Feed(feed="old", outlet="post", url="https://post.example/old")
    new = Feed(feed="new", outlet="post", url="https://post.example/new")
    frame = FrameDefinition(id="economic", pack="policy", definition="D", citation="C", seeds=("tax",))
    topic = Topic(topic="t", title="T", hash="h", query="q")
    store.feeds.save_configuration([OUTLET], [old, new], [topic], {"t": [frame]})
    store.feeds.save(new, FeedState(feed="new", n_failures=2, last_outcome="timeout"))
    other = replace(topic, topic="u", title="U")
    store.feeds.save_configuration([replace(OUTLET, name="Renamed")], [new], [other], {"u": [frame]})
    assert store.db.dicts("SELECT feed, is_active, n_failures FROM feeds ORDER BY feed") == [
        {"feed": "new", "is_active": True, "n_failures": 2.0},
        {"feed": "old", "is_active": False, "n_failures": 0.0},
    ]
    assert store.db.dicts("SELECT name FROM outlets") == [{"name": "Renamed"}]
    assert store.db.dicts("SELECT topic FROM topics UNION ALL SELECT topic FROM frame_definitions") == [
        {"topic": "u"},
        {"topic": "u"},
    ]


def test_hosts_that_asked_us_to_wait_are_remembered_until_then(store):
    store.feeds.save_host_waits({"a.example": AT, "b.example": AT + timedelta(hours=2)})
    store.feeds.save_host_waits({"a.example": AT + timedelta(hours=1)})
    assert store.feeds.host_waits(AT) == {
        "a.example": AT + timedelta(hours=1),
        "b.example": AT + timedelta(hours=2),
    }
    assert list(store.feeds.host_waits(AT + timedelta(hours=1))) == ["b.example"]


def test_the_latest_revision_is_the_one_to_match_and_fingerprint_and_each_is_scored(store):
    store.articles.save_revisions([revision("a1"), revision("a1", 2, article("Second"))])
    assert [one.content.title for one in store.articles.not_matched("t", "h1", 9)] == ["Second"]
    assert [one.revision for one in store.articles.without_fingerprint(9)] == [2]
    assert store.articles.not_scored("t", "s1", 9) == []  # not on the topic so far
    store.articles.save_matches([("a1", 2, match())])
    assert store.articles.not_matched("t", "h1", 9) == []
    assert [one.revision for one in store.articles.not_matched("t", "h2", 9)] == [2]  # the topic has changed
    assert [one.revision for one in store.articles.not_scored("t", "s1", 9)] == [1, 2]
    assert [one.revision for one in store.articles.not_scored("t", "s1", 1)] == [1]
    store.scores.save("t", [(_text("a1"), ArticleScores(unscored_reason="language: Spanish"))], "s1")
    assert [one.revision for one in store.articles.not_scored("t", "s1", 9)] == [2]
    assert [one.revision for one in store.articles.not_scored("t", "s2", 9)] == [1, 2]  # a scorer has changed


def test_stored_articles_know_every_hash_and_the_latest_text(store):
    store.articles.save_revisions([revision("a1"), revision("a1", 2, article("Second"))])
    found = store.articles.stored(["a1"])["a1"]
    assert (found.revision, found.standing, found.latest.title) == (2, 2, "Second")
    assert [(one.revision, one.revision_hash) for one in found.versions] == [(1, "hash 1"), (2, "hash 2")]


def test_the_version_that_an_outlet_went_back_to_is_the_one_that_stands(store):
    store.articles.save_revisions([revision("a1"), revision("a1", 2, article("Second"))])
    store.articles.save_looks([look("a1", standing_revision=1)])
    found = store.articles.stored(["a1"])["a1"]
    assert (found.revision, found.standing, found.latest.title) == (2, 1, "A ruling")
    store.articles.save_looks([look("a1", standing_revision=None)])  # a look that showed nothing
    assert store.articles.stored(["a1"])["a1"].standing == 1


def test_looks_fall_due_on_topic_those_that_are_gone_last(store):
    store.articles.save_revisions([revision(f"a{n}") for n in range(5)])
    store.articles.save_matches(
        [
            ("a0", 1, match()),
            ("a1", 1, match(is_on_topic=False)),
            ("a2", 1, match(is_on_topic=None)),
            ("a3", 1, match()),
        ]
    )
    due = AT + timedelta(hours=1)
    store.articles.save_looks([look(f"a{n}", look_again_at=due - timedelta(minutes=n)) for n in range(3)])
    gone_at = due - timedelta(minutes=9)
    store.articles.save_looks([look("a3", look_again_at=gone_at, is_gone=True), look("a4", look_again_at=None)])
    assert [one.article for one in store.articles.to_look_at(due, 9)] == ["a2", "a0", "a3"]
    assert [one.article for one in store.articles.to_look_at(due, 1)] == ["a2"]
    assert store.articles.to_look_at(due - timedelta(hours=1), 9) == []


def test_a_page_is_gone_since_the_first_look_that_said_so_until_it_is_read_again(store):
    store.articles.save_revisions([revision("a1")])

    def gone_at(is_gone: bool | None, hours: int) -> object:
        store.articles.save_looks([look("a1", looked_at=AT + timedelta(hours=hours), is_gone=is_gone)])
        return store.db.dicts("SELECT gone_at FROM internal.articles")[0]["gone_at"]

    first = (AT + timedelta(hours=1)).replace(tzinfo=None)
    assert [gone_at(is_gone, hours) for hours, is_gone in enumerate((False, True, None, True, False, None))] == [
        None,
        first,
        first,  # a timeout says nothing
        first,
        None,
        None,
    ]


def test_an_address_stays_with_its_first_article(store):
    store.addresses.save([("post", "u1", "a1"), ("post", "u2", "a1"), ("post", "u1", "a2"), ("mail", "u1", "a3")])
    assert store.addresses.articles_at([("post", "u1"), ("post", "u2"), ("post", "u3"), ("mail", "u1")]) == {
        ("post", "u1"): "a1",
        ("post", "u2"): "a1",
        ("mail", "u1"): "a3",
    }
    assert store.addresses.articles_at([]) == {}


def test_a_new_version_replaces_the_bands_and_edges_of_the_old_one(store):
    store.copies.save_fingerprints([(fingerprint("a", 1), 1), (fingerprint("b", 1), 1)], [edge("a", "b")])
    store.copies.save_fingerprints([(fingerprint("a", 9), 2)], [])
    assert store.copies.fingerprints_sharing([1]) == [fingerprint("b", 1)]
    fingerprints, edges = store.copies.neighbourhood(["a"])
    assert (fingerprints, edges) == ([fingerprint("a", 9)], [])


def test_a_neighbourhood_is_all_that_copies_connect(store):
    names = ["a", "b", "c", "d", "e", "f"]
    edges = [edge("a", "b"), edge("b", "c"), edge("d", "e")]
    store.copies.save_fingerprints([(fingerprint(name, 1), 1) for name in names], edges)
    fingerprints, found = store.copies.neighbourhood(["c"])
    assert [one.article for one in fingerprints] == ["a", "b", "c"]
    assert found == edges[:2]
    assert [one.article for one in store.copies.neighbourhood(["f"])[0]] == ["f"]
    assert store.copies.connected(["f", "c"]) == ["a", "b", "c", "f"]
    assert store.copies.connected(["new"]) == ["new"]


def test_a_neighbourhood_reads_no_fingerprint_that_is_given(store, monkeypatch):
    store.copies.save_fingerprints([(fingerprint(name, 1), 1) for name in "abc"], [edge("a", "b"), edge("b", "c")])
    given = [fingerprint("b", 1)]
    wanted = store.copies.neighbourhood(["a"])
    read, asked = store.copies._fingerprints, []
    monkeypatch.setattr(store.copies, "_fingerprints", lambda ids: asked.extend(ids) or read(ids))
    assert store.copies.neighbourhood(["a"], given) == wanted
    assert asked == ["a", "c"]


def test_scores_of_another_version_stand_beside_the_old_ones(store):
    scores = _scores(usual_pieces()[0], "A ruling")
    store.scores.save("t", [(_text("a1"), scores)], "s1")
    newer = replace(scores, scorers=tuple(replace(info, version="2") for info in SCORERS))
    store.scores.save("t", [(_text("a1"), newer)], "s2")
    found = store.db.dicts("SELECT scorer_version, count(*) AS n FROM passages GROUP BY ALL ORDER BY ALL")
    assert [row["scorer_version"] for row in found] == ["1", "2"]
    assert found[0]["n"] == found[1]["n"]
    assert store.db.dicts("SELECT scoring_hash FROM scored") == [{"scoring_hash": "s2"}]


def _columns(texts):
    """Return score columns as a reading process leaves them, a row a text: its entry and its rows of each table."""
    columns = {"entry": [entry for entry, _ in texts]}
    for table in SCORE_TABLES:
        columns[table] = score_column(table, [rows.get(table, []) for _, rows in texts])
    return pa.RecordBatch.from_pydict(columns)


def test_scores_that_come_in_columns_are_stored_as_those_of_a_night(store, tmp_path):
    scores = _scores(usual_pieces()[0], "A ruling")
    store.scores.save(
        "t", [(_text("a1"), scores), (_text("a2"), ArticleScores(unscored_reason="language: Spanish"))], "s"
    )
    parts = {"headline": _text("a1").content.title, "body": BODY}
    mine, others = score_rows("t", scores, parts), score_rows("another topic", scores, parts)
    both = {table: mine[table] + others[table] for table in SCORE_TABLES}
    texts = _columns([("not asked for", mine), ("e1", both), ("e2", {}), ("e3", {})])
    with Store(tmp_path / "columns" / "master.duckdb") as other:
        scored = [("e1", Scored("a1", 1)), ("e2", Scored("a2", 1, "language: Spanish"))]
        for _ in range(2):  # again: in place of what was there
            other.scores.save_columns("t", scored, texts.slice(1), scores.scorers, "s")
            other.scores.save_columns("t", scored[:1], texts, scores.scorers, "s")
        assert _all_rows(other) | {"main.schema_version": []} == _all_rows(store) | {"main.schema_version": []}


@pytest.mark.parametrize("table", SCORE_TABLES)
def test_a_score_column_has_the_types_of_its_table(store, table):
    stored = store.db.connection.table(table).to_arrow_table().schema
    types = {name: stored.field(name).type for name in stored.names}
    assert types == {"article": pa.string(), "revision": pa.int32(), **SCORE_COLUMNS[table]}


def test_a_run_is_recorded_from_begin_to_end(store):
    store.runs.begin("r", "nightly", AT, AT, "0.1")
    assert store.db.dicts("SELECT ended_at, exit_code FROM runs") == [{"ended_at": None, "exit_code": None}]
    store.runs.end("r", AT + timedelta(minutes=5), 1, RunCounts(n_feeds=3, n_scored=7), "odd")
    row = store.db.dicts("SELECT * FROM runs")[0]
    assert (row["exit_code"], row["n_feeds"], row["n_scored"], row["note"]) == (1, 3, 7, "odd")
    assert row["ended_at"] - row["started_at"] == timedelta(minutes=5)


def test_topics_without_articles_are_counted_too(store):
    topics = [Topic(topic=name, title=name.upper(), hash="h", query="q") for name in ("t", "u")]
    store.feeds.save_configuration([], [], topics, {})
    store.articles.save_matches([("a1", 1, match()), ("a2", 1, match(is_on_topic=False))])
    assert store.articles.on_topic() == {"T": 1, "U": 0}


def _gap(start: int, end: int, *, reason: str = "failed", feed: str | None = "f1") -> Gap:
    at = [AT + timedelta(hours=hours) for hours in (start, end)]
    return Gap(outlet="post", feed=feed, from_at=at[0], until_at=at[1], reason=reason, detail=f"until {end}")


def test_gaps_that_touch_become_one(store):
    def hours() -> list[tuple[int, int, str]]:
        rows = store.db.dicts("SELECT * FROM gaps ORDER BY feed NULLS FIRST, reason, from_at")
        start = AT.replace(tzinfo=None)
        return [
            (*(int((row[name] - start).total_seconds() / 3600) for name in ("from_at", "until_at")), row["detail"])
            for row in rows
        ]

    store.runs.save_gaps([])
    store.runs.save_gaps([_gap(0, 1)])
    store.runs.save_gaps([_gap(0, 1)])
    assert hours() == [(0, 1, "until 1")]
    store.runs.save_gaps([_gap(1, 3)])
    assert hours() == [(0, 3, "until 3")]
    store.runs.save_gaps([_gap(5, 6)])
    assert hours() == [(0, 3, "until 3"), (5, 6, "until 6")]
    store.runs.save_gaps([_gap(2, 5)])
    assert [row[:2] for row in hours()] == [(0, 6)]
    store.runs.save_gaps([_gap(0, 9, reason="overflow"), _gap(0, 9, feed=None), _gap(0, 9, feed="f2")])
    assert [row[:2] for row in hours()] == [(0, 9), (0, 6), (0, 9), (0, 9)]
