"""Collection under any input: feeds never raise but FeedError, schedules stay within their bounds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.collect.discover import find_feeds
from tracker.collect.opml import read_opml, write_opml
from tracker.collect.parse import parse_feed
from tracker.collect.plain import plain_line, plain_paragraphs
from tracker.collect.schedule import next_state
from tracker.config import CollectSettings
from tracker.errors import FeedError
from tracker.model import Feed, FeedItem, FeedKind, FeedState, Outcome, Outlet, ParsedFeed, Request, Response

NOW = datetime(2026, 1, 7, tzinfo=UTC)
URL = "https://news.example.org/feed"
FEED = Feed(feed="f", outlet="o", url=URL)
PIECES = st.sampled_from(
    [
        *["<rss>", "<channel>", "<item>", "</item>", "<link>", "/a</link>", "<title>", "</title>", "<entry>", "<id>"],
        *["<link href='b'/>", "<pubDate>Wed, 31 Feb 2025</pubDate>", "<ttl>1</ttl>", "<urlset>", "<url>", "<loc>"],
        *[
            "<![CDATA[",
            "]]>",
            "<!--",
            "-->",
            "<!DOCTYPE a [<!ENTITY x 'y'>]>",
            "<?xml version='1.0' encoding='utf-16'?>",
        ],
        *[
            "&amp;",
            "&#0;",
            "&#x110000;",
            "&#xd800",
            "&#" + "9" * 5000 + ";",
            "&x;",
            "<",
            ">",
            " ",
            "{",
            '"items":[',
            "\x00",
            "é",
            "\ud7ff",
            "x" * 50,
        ],
    ]
)


@settings(max_examples=300)
@given(
    st.lists(PIECES, max_size=25).map("".join).map(str.encode) | st.binary(max_size=200),
    st.sampled_from(FeedKind),
    st.sampled_from([None, "text/xml; charset=iso-2022-jp", "charset=nonsense"]),
)
def test_any_body_is_a_feed_or_a_feed_error(body, kind, content_type):
    try:
        parsed = parse_feed(body, url=URL, content_type=content_type, kind=kind, max_items=5, now=NOW)
    except FeedError as error:
        assert str(error).partition(":")[0] in {"empty", "html", "not_feed"}  # noqa: PT017 - either is right
        return
    assert len(parsed.items) <= 5
    for item in parsed.items:
        assert item.url == "" or item.url.startswith(("http://", "https://"))
        assert item.published_at is None or item.published_at.tzinfo is UTC
    assert all(n > 0 for n in parsed.dropped.values())


@settings(max_examples=200)
@given(st.lists(PIECES | st.text(max_size=10), max_size=20).map("".join))
def test_plain_text_has_no_tags_and_is_tidy(markup):
    line = plain_line(markup)
    assert "<script" not in line
    assert line == " ".join(line.split())
    assert "\n\n\n" not in plain_paragraphs(markup)


@settings(max_examples=100)
@given(st.binary(max_size=300))
def test_discovery_never_raises(body):
    assert all(url.startswith("http") for _, url in find_feeds(body, URL))


NAMES = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20)


@settings(max_examples=100)
@given(st.lists(st.tuples(NAMES, st.integers(0, 10**6)), min_size=1, max_size=5, unique_by=lambda pair: pair[1]))
def test_opml_round_trip(listed):
    outlets = [Outlet(outlet=str(number), name=name) for name, number in listed]
    feeds = [
        Feed(feed=o.outlet, outlet=o.outlet, url=f"https://x.example/{o.outlet}?a=1&b={n}")
        for n, o in enumerate(outlets)
    ]
    back = read_opml(write_opml(outlets, feeds))
    assert [one.url for one in back] == [feed.url for feed in feeds]
    for one, outlet in zip(back, outlets, strict=True):
        if outlet.name.isascii() and outlet.name.isprintable():
            assert one.name == " ".join(outlet.name.split())


@settings(max_examples=300)
@given(
    outcome=st.sampled_from(Outcome),
    before=st.sampled_from([None, *Outcome]),
    n_failures=st.floats(0, 1e6),
    last_ok=st.none() | st.integers(0, 400),
    retry=st.none() | st.integers(-10, 10**6),
    gaps=st.lists(st.integers(-100, 10**6), max_size=8),
    ttl=st.none() | st.integers(1, 10_080),
    jitter=st.floats(0, 1),
)
def test_the_next_poll_lies_within_bounds(  # noqa: PLR0917 - drawn by name
    outcome, before, n_failures, last_ok, retry, gaps, ttl, jitter
):
    state = FeedState(
        feed="f",
        n_failures=n_failures,
        last_outcome=before,
        last_ok_at=None if last_ok is None else NOW - timedelta(days=last_ok),
        last_polled_at=NOW - timedelta(hours=1),
        next_poll_at=NOW,
    )
    response = Response(
        fetch="x",
        request=Request(url=URL, purpose="feed"),
        final_url=URL,
        status=None,
        outcome=outcome,
        at=NOW,
        body=b"<rss/>",
        retry_at=None if retry is None else NOW + timedelta(minutes=retry),
    )
    items = tuple(FeedItem(url=URL, published_at=NOW - timedelta(minutes=gap)) for gap in gaps)
    parsed = ParsedFeed(items=items, ttl_minutes=ttl) if outcome in {Outcome.OK, Outcome.MOVED} else None
    after = next_state(state, FEED, response, parsed, CollectSettings(), NOW, jitter)
    assert after.next_poll_at is not None
    wait = after.next_poll_at - NOW
    assert timedelta(minutes=15) <= wait <= timedelta(days=33)
    if after.n_failures == 0 and outcome is not Outcome.HOST_DOWN and retry is None:
        assert wait <= timedelta(hours=24)
