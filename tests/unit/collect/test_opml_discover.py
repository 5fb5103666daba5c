"""Lists of feeds in and out, and finding a site's feeds."""

from __future__ import annotations

import pytest

from tracker.collect.discover import find_feeds
from tracker.collect.opml import OpmlFeed, read_opml, write_opml
from tracker.errors import DataError
from tracker.model import Feed, Outlet


def test_round_trip_keeps_names_and_addresses():
    outlets = [Outlet(outlet="a", name='Café “A” & <B> "q"'), Outlet(outlet="b", name="日本")]
    feeds = [
        Feed(feed="1", outlet="a", url="https://a.example/feed?x=1&y=2"),
        Feed(feed="2", outlet="b", url="http://b.example/ü.xml"),
        Feed(feed="3", outlet="unlisted", url="https://c.example/"),
    ]
    names = {"a": 'Café “A” & <B> "q"', "b": "日本", "unlisted": "unlisted"}
    assert read_opml(write_opml(outlets, feeds)) == tuple(OpmlFeed(name=names[f.outlet], url=f.url) for f in feeds)


def test_folders_duplicates_and_feed_scheme():
    text = """<?xml version="1.0" encoding="ISO-8859-1"?><opml version="2.0"><body><outline text="News">
      <outline type="rss" text="One" xmlUrl="feed://one.example/rss"/><outline text="Two" xmlUrl="feed:https://two.example/"/>
      <outline type="rss" text="Again" xmlUrl="https://two.example/"/><outline type="rss" text="F" xmlUrl="file:///etc/passwd"/>
      </outline></body></opml>"""
    assert read_opml(text) == (
        OpmlFeed(name="One", url="http://one.example/rss"),
        OpmlFeed(name="Two", url="https://two.example/"),
    )


@pytest.mark.parametrize("text", ["", "http://127.0.0.1:9/list.opml", "<opml><body/></opml>", "<html></html>", "\x00"])
def test_no_subscription_is_an_error_and_addresses_are_not_opened(text):
    with pytest.raises(DataError, match="no feed in this OPML"):
        read_opml(text)


PAGE = b"""<html><head><base href="/site/"><link rel="alternate" type="application/rss+xml" title="Top &amp; all"
 href="rss">
<link rel="alternate" hreflang="es" href="/es">
<link rel="ALTERNATE" type="application/atom+xml; charset=utf-8"
 href="//x.example/atom">
<link rel="alternate" type="application/json" href="/wp-json/1"></head><body><a href="/feeds/politics.xml">Politics</a>
<a href="/story/feedback">Tell us</a>
<a href="/comments/feed/">Comments</a><a href="javascript:feed()">no</a></body></html>"""


def test_discovery_in_order_of_trust():
    found = find_feeds(PAGE, "https://news.example.org/home")
    assert found[:3] == (
        ("Top & all", "https://news.example.org/site/rss"),
        ("", "https://x.example/atom"),
        ("Politics", "https://news.example.org/feeds/politics.xml"),
    )
    rest = [url for _, url in found[3:]]
    assert "https://news.example.org/feed/" in rest
    assert "https://news.example.org/news-sitemap.xml" in rest
    assert not any("comments" in url or "feedback" in url or "wp-json" in url for _, url in found)


def test_discovery_survives_what_is_no_page():
    for body in (b"", b"\x00\xff", b"<" * 10_000):
        assert ("", "https://news.example.org/rss") in find_feeds(body, "https://news.example.org/")
