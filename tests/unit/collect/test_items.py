"""Items to entries: once per outlet and story, under the right outlet."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from datetime import UTC, datetime

from tracker.collect.items import listed_outlets, make_entries
from tracker.collect.search import resolved_link, search_feeds
from tracker.model import Feed, FeedItem, FeedKind, Outlet, OutletKind, ParsedFeed, Topic, stable_id

NOW = datetime(2026, 1, 7, tzinfo=UTC)
DAILY = Outlet(outlet="daily", name="The Daily", scopes=("daily.example.org",))
POST = Outlet(outlet="post", name="The Post", scopes=("post.example.com",))
GOOGLE = Outlet(outlet="google-news", name="Google News", kind=OutletKind.AGGREGATOR, scopes=("news.google.com",))
OUTLETS = (DAILY, POST, GOOGLE)
OWN = Feed(feed="f1", outlet="daily", url="https://daily.example.org/feed")
SEARCH = Feed(feed="f2", outlet="google-news", url="https://news.google.com/rss/search?q=x", kind=FeedKind.SEARCH)


def parsed(*items: FeedItem) -> ParsedFeed:
    return ParsedFeed(items=items)


def test_each_story_once_at_its_first_place_with_the_address_as_listed():
    entries, listings = make_entries(
        OWN,
        OUTLETS,
        parsed(
            FeedItem(url="http://www.daily.example.org/a?utm_source=rss", title="A", guid="1"),
            FeedItem(url="https://daily.example.org/b", title="B"),
            FeedItem(url="https://daily.example.org/a", title="A again", guid="2"),
        ),
        NOW,
    )
    assert [(one.title, one.url) for one in entries] == [
        ("A", "http://www.daily.example.org/a?utm_source=rss"),
        ("B", "https://daily.example.org/b"),
    ]
    assert entries[0].canonical_url == "https://daily.example.org/a"
    assert entries[0].entry == stable_id("daily", "https://daily.example.org/a")
    assert [(one.entry, one.position) for one in listings] == [(entries[0].entry, 0), (entries[1].entry, 1)]
    assert {one.via for one in entries} == {"feed"}


def test_an_item_without_an_address_is_no_entry():
    items = parsed(
        FeedItem(url="", title="nowhere", source_name="Unheard Of"), FeedItem(url="https://daily.example.org/b")
    )
    for feed in (OWN, SEARCH):
        entries, (listing,) = make_entries(feed, OUTLETS, items, NOW)
        assert ([one.url for one in entries], listing.position) == (["https://daily.example.org/b"], 0)
        assert listed_outlets(feed, OUTLETS, items) == ()


def test_an_outlets_own_feed_speaks_for_it_wherever_it_links():
    (entry,), _ = make_entries(OWN, OUTLETS, parsed(FeedItem(url="https://post.example.com/x")), NOW)
    assert entry.outlet == "daily"
    assert listed_outlets(OWN, OUTLETS, parsed(FeedItem(url="https://post.example.com/x"))) == ()


def test_search_items_belong_to_the_outlet_that_source_names():
    found = parsed(
        FeedItem(
            url="https://news.google.com/rss/articles/CBMiAAAA?oc=5",
            title="Judge rules - The Post",
            source_name="The Post",
            source_url="https://www.post.example.com",
        ),
        FeedItem(
            url="https://news.google.com/rss/articles/CBMiBBBB?oc=5",
            title="Judge rules - Hill Courier",
            source_name="Hill Courier",
            source_url="https://courier.example.net",
        ),
        FeedItem(url="https://news.google.com/rss/articles/CBMiCCCC", title="No source"),
    )
    entries, _ = make_entries(SEARCH, OUTLETS, found, NOW)
    assert [(one.outlet, one.title) for one in entries] == [
        ("post", "Judge rules"),
        ("hill-courier", "Judge rules"),
        ("google-news", "No source"),
    ]
    assert {one.via for one in entries} == {"search"}
    assert entries[0].url == "https://news.google.com/rss/articles/CBMiAAAA?oc=5"
    (new,) = listed_outlets(SEARCH, OUTLETS, found)
    assert (new.outlet, new.scopes) == ("hill-courier", ("courier.example.net",))


def test_aggregators_are_told_by_outlet_kind_too_and_bing_links_are_unwrapped():
    feed = Feed(feed="f3", outlet="bing", url="https://www.bing.com/news/search?q=x&format=rss")
    bing = Outlet(outlet="bing", name="Bing News", kind=OutletKind.AGGREGATOR, scopes=("bing.com",))
    link = "http://www.bing.com/news/apiclick.aspx?ref=x&url=https%3a%2f%2fpost.example.com%2fstory&c=1"
    (entry,), _ = make_entries(feed, (*OUTLETS, bing), parsed(FeedItem(url=link, source_name="Post on Somewhere")), NOW)
    assert (entry.outlet, entry.url, entry.canonical_url) == ("post", link, "https://post.example.com/story")


def test_old_google_links_carry_their_address_and_new_ones_stay():
    address = b"https://post.example.com/old-story"
    token = urlsafe_b64encode(b'\x08\x13"' + bytes([len(address)]) + address + b"\xd2\x01\x00").decode().rstrip("=")
    assert resolved_link(f"https://news.google.com/rss/articles/{token}?oc=5") == "https://post.example.com/old-story"
    opaque = urlsafe_b64encode(b'\x08\x13"\x20' + b"AU_yqLNopaque" * 3).decode().rstrip("=")
    assert resolved_link(f"https://news.google.com/rss/articles/{opaque}?oc=5").startswith(
        "https://news.google.com/rss/articles/"
    )


def test_search_feeds_are_https_for_each_search():
    topic = Topic(topic="t", title="T", hash="0", query="x", searches=("IRS ICE data", '"memorandum"'))
    feeds = search_feeds(topic)
    assert len(feeds) == 4
    assert all(url.startswith("https://") for _, url in feeds)
    assert "q=IRS+ICE+data" in feeds[0][1]
    assert "%22memorandum%22" in feeds[2][1]
