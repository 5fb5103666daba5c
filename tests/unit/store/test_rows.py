"""What goes into the store comes out of it as it was."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from tests.unit.store.values import AT, OUTLET, entry, fingerprint, match, revision, whole_article
from tracker.model import (
    Feed,
    FeedKind,
    FeedState,
    Outcome,
    Outlet,
    OutletKind,
    Part,
    Reason,
    Request,
    Response,
    Span,
    WireMember,
)
from tracker.store.rows import aware, naive


def test_times_go_in_as_utc_and_come_out_aware():
    paris = datetime(2025, 5, 12, 12, 30, tzinfo=timezone(timedelta(hours=2)))
    assert naive(paris) == datetime(2025, 5, 12, 10, 30)  # noqa: DTZ001 - a TIMESTAMP column's
    assert aware(naive(paris)) == paris
    assert aware(naive(paris)).tzinfo is UTC
    assert naive(None) is None
    assert aware(None) is None


@pytest.mark.parametrize(
    "given",
    [
        entry(),
        entry(guid="g", summary="S", content="C", authors=("A", "B"), published_at=AT, via="search"),
        entry(title="“Ünïcode” \x1b[31m 👩‍⚖️", summary="two\n\nlines", authors=("O'Neil",)),
    ],
)
def test_entries(store, given):
    store.entries.save([given], [])
    assert store.entries.to_choose_from(reconsider_skipped=False) == [(given, 0, False)]


def test_articles(store):
    content = whole_article()
    given = revision(content=content, change_note="A note")
    store.articles.save_revisions([given])
    found = store.articles.stored(["a1", "unknown"])
    assert list(found) == ["a1"]
    stored = found["a1"]
    assert stored.latest == content
    assert stored.first_seen_at == AT
    assert (stored.revision, [one.revision_hash for one in stored.versions]) == (1, ["hash 1"])


def test_fingerprints_keep_unsigned_numbers(store):
    one = replace(fingerprint("a1", 0, 2**60, 2**64 - 1), wire_agency="North Wire")
    store.copies.save_fingerprints([(one, 1)], [])
    assert store.copies.fingerprints_sharing([2**64 - 1]) == [one]
    assert store.copies.fingerprints_sharing([7]) == []


def test_feed_states(store):
    feed = Feed(feed="f1", outlet="post", url="https://post.example/feed", kind=FeedKind.SEARCH, topic="t")
    state = FeedState(
        feed="f1",
        etag='W/"x"',
        last_modified="Mon, 12 May 2025 10:00:00 GMT",
        body_hash="h",
        last_polled_at=AT,
        last_ok_at=AT,
        last_new_at=AT,
        next_poll_at=AT + timedelta(hours=1),
        n_failures=1.5,
        last_outcome="ok",
        last_status=200,
        moved_to="https://post.example/new",
        moved_since_at=AT,
        unconditional_at=AT,
    )
    assert store.feeds.states() == {}
    store.feeds.save(feed, state)
    assert store.feeds.states() == {"f1": state}
    shown = store.db.dicts("SELECT * FROM feeds")[0]
    assert (shown["kind"], shown["topic"], shown["is_active"], shown["n_failures"]) == ("search", "t", True, 1.5)


def test_outlets(store):
    outlet = Outlet(
        outlet="post",
        name="The Post",
        kind=OutletKind.LOCAL,
        country="US",
        region="Ohio",
        language="en",
        owner="Somebody",
        lean="center",
        lean_source="A study",
        is_own=True,
        scopes=("post.example", "news.example/post"),
    )
    store.feeds.save_outlets([outlet])
    row = store.db.dicts("SELECT * FROM outlets")[0]
    assert row == {name: getattr(outlet, name) for name in row} | {"scopes": list(outlet.scopes), "kind": "local"}
    store.feeds.save_outlets([replace(outlet, name="Another name")])
    assert store.db.dicts("SELECT name FROM outlets") == [{"name": "The Post"}]  # the configured one stays


def test_fetches(store):
    response = Response(
        fetch="r1",
        request=Request(url="http://post.example/a", feed="f1", entry="e1", article="a1"),
        final_url="https://post.example/a",
        status=None,
        outcome=Outcome.TIMEOUT,
        detail="30 s",
        at=AT,
        duration_ms=30_000,
        n_bytes=5_000_000_000,
        redirects=((301, "https://post.example/a"),),
        payload_digest="sha1:x",
        warc_file="w.warc.gz",
        warc_offset=2**40,
    )
    store.runs.save_fetches("run", [response])
    row = store.db.dicts("SELECT * FROM fetches")[0]
    assert row["url"] == "http://post.example/a"
    assert row["status"] is None
    assert (row["outcome"], row["n_redirects"], row["n_bytes"], row["warc_offset"]) == ("timeout", 1, 5 * 10**9, 2**40)
    assert (row["feed"], row["entry"], row["article"]) == ("f1", "e1", "a1")


def test_revision_texts_fall_back_to_the_outlets_language(store):
    store.feeds.save_outlets([OUTLET])
    store.articles.save_revisions([revision("a1"), revision("a2", content=whole_article())])
    assert [one.language for one in store.articles.without_fingerprint(9)] == ["es", "en"]


def test_reasons_with_a_place_become_evidence_once(store):
    store.articles.save_revisions([revision()])
    placed = Reason(rule="query", term="ruling", span=Span(part=Part.HEADLINE, start=2, end=8))
    decision = replace(match(), reasons=(placed, Reason(rule="facts", term="May 12")))
    for _ in range(2):
        store.articles.save_matches([("a1", 1, decision)])
    assert store.db.dicts("SELECT tag, part, start_offset, end_offset FROM evidence") == [
        {"tag": "match:query", "part": "headline", "start_offset": 2, "end_offset": 8}
    ]
    assert store.db.dicts("SELECT reasons FROM matches") == [{"reasons": ["query: ruling", "facts: May 12"]}]


def test_places_among_copies(store):
    member = WireMember(article="a1", wire_cluster="a0", is_original=False, similarity=0.875, wire_agency="North Wire")
    store.copies.save_members([member])
    store.copies.save_members([replace(member, wire_cluster=None, is_original=True, similarity=None)])
    assert store.db.dicts("SELECT * FROM internal.wire_members") == [
        {
            "article": "a1",
            "wire_cluster": None,
            "is_original": True,
            "similarity": None,
            "wire_agency": "North Wire",
        }
    ]
