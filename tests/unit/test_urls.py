from itertools import combinations

import pytest

from tracker.model import Outlet
from tracker.urls import canonical_url, find_outlet, host, is_http, outlet_from, registrable_domain

ONE_STORY = (
    "https://example.com/news/story",
    "http://example.com/news/story",
    "https://www.example.com/news/story/",
    "https://EXAMPLE.com:443/news/story?utm_source=rss&utm_medium=feed",
    "https://m.example.com/news/story?fbclid=abc#comments",
    "https://mobile.example.com/news/story?amp=1",
    "https://amp.example.com/news/story",
    "https://example.com/news/story/amp/",
    "https://example.com/amp/news/story",
    "https://example.com/news/story.amp",
    "https://example.com/news/story?outputType=amp",
    "https://example.com/news/./x/../story?at_medium=RSS&at_campaign=rss&ocid=1&cmpid=2&mc_cid=3&gclid=4",
    "https://example.com/news/story?ref=home",
    "https://www.google.com/amp/s/www.example.com/news/story",
    "https://www.google.com/url?q=https%3A%2F%2Fexample.com%2Fnews%2Fstory&sa=U",
    "https://www.bing.com/news/apiclick.aspx?ref=FexRss&url=https%3a%2f%2fwww.example.com%2fnews%2fstory&c=9",
    "https://www-example-com.cdn.ampproject.org/c/s/www.example.com/news/story?amp=1",
    "  https://user:secret@example.com/news/story\n",
)

TWO_STORIES = (
    "https://example.com/?p=1",
    "https://example.com/?p=2",
    "https://example.com/story?id=1",
    "https://example.com/story?id=2",
    "https://example.com/story?id=1&page=2",
    "https://example.com/Story?id=1",
    "https://example.com/gallery?gallery=7",
    "https://example.com/gallery?gallery=8",
    "https://example.com/gallery?ref=8812",
    "https://example.com/gallery?source_id=5",
    "https://example.com/#!/story/1",
    "https://example.com/#!/story/2",
    "https://example.com:8080/",
    "https://news.example.com/",
    "https://example.com/amp",
    "https://example.com/a%2Fb",
    "https://example.com/a/b",
    "https://example.org/a/b",
)


@pytest.mark.parametrize("url", ONE_STORY)
def test_variants_of_one_story_have_one_address(url):
    assert canonical_url(url) == "https://example.com/news/story"


def test_different_stories_never_merge():
    for one, other in combinations(TWO_STORIES, 2):
        assert canonical_url(one) != canonical_url(other), (one, other)


def test_query_is_sorted_and_relative_addresses_are_resolved():
    assert canonical_url("https://a.com/x?b=2&a=1") == canonical_url("https://a.com/x?a=1&b=2")
    assert canonical_url("../y?id=3", "https://a.com/x/z/") == "https://a.com/x/y?id=3"


@pytest.mark.parametrize("url", ["", "javascript:alert(1)", "mailto:a@b.c", "http://a:b:c/", "http://[::1", "x y"])
def test_what_is_no_web_address_is_left_alone(url):
    assert canonical_url(url) == url
    assert not is_http(url)


def test_registrable_domains():
    assert registrable_domain("https://feeds.bbci.co.uk/news/rss.xml") == "bbci.co.uk"
    assert registrable_domain("https://abcnews.go.com/US") == "go.com"
    assert registrable_domain("https://paper.blogspot.com/") == "paper.blogspot.com"
    assert registrable_domain("http://slow.chaos.test/feed") == "chaos.test"
    assert registrable_domain("http://127.0.0.1:8000/") == "127.0.0.1"
    assert registrable_domain("nonsense") == ""
    assert host("HTTPS://WWW.Example.COM.:8443/x") == "www.example.com"


def test_the_longest_scope_wins():
    cnn = Outlet(outlet="cnn", name="CNN", scopes=("cnn.com",))
    espanol = Outlet(outlet="cnn-espanol", name="CNN en Español", scopes=("cnnespanol.cnn.com",))
    section = Outlet(outlet="cnn-style", name="CNN Style", scopes=("cnn.com/style",))
    outlets = (cnn, espanol, section)
    assert find_outlet("https://cnnespanol.cnn.com/2025/x", outlets) == espanol
    assert find_outlet("https://edition.cnn.com/style/article/x", outlets) == section
    assert find_outlet("https://www.cnn.com/stylebook", outlets) == cnn
    assert find_outlet("https://notcnn.com/", outlets) is None
    assert find_outlet("https://www.google.com/amp/s/amp.cnn.com/x", outlets) == cnn


def test_outlets_made_from_addresses():
    named = outlet_from("https://feeds.example.org/x.xml", "The Exámple  Times")
    assert (named.outlet, named.name, named.scopes) == (
        "the-example-times",
        "The Exámple Times",
        ("example.org",),
    )
    unnamed = outlet_from("https://www.paper.co.uk/rss", None)
    assert (unnamed.outlet, unnamed.scopes) == ("paper-co-uk", ("paper.co.uk",))
    assert outlet_from("https://feeds.feedburner.com/abc", "ABC").scopes == ()
    assert outlet_from("https://o.canada.com/rss", "o.canada.com").scopes == ("o.canada.com",)
