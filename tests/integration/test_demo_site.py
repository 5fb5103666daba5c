"""The demo's hosts serve what the corpus says, when it says so, over loopback alone."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime, timedelta

import aiohttp
import feedparser
import pytest
import trafilatura

from pipelines.demo_corpus import load_corpus, nights
from pipelines.demo_pages import NOTICE, plain_text
from pipelines.demo_publications import Publication, publications
from pipelines.demo_site import FEED_ITEMS, DemoSite, site_at
from tracker.urls import host

CORPUS = load_corpus()
ALL = publications(CORPUS)
RULING_NIGHT = datetime(2025, 5, 13, 4, tzinfo=UTC)
WORKING = nights()[7]  # 16 May: every feed works


def _own(source: str) -> Publication:
    return next(item for item in ALL if item.source_id == source and item.copy_of is None)


def _page(item: Publication, now: datetime) -> str:
    name = host(item.url)
    return site_at(now)[name][item.url.removeprefix(f"http://{name}")].body.decode()


def _feed_urls(slug: str, now: datetime) -> list[str]:
    url = CORPUS.feed_urls[slug]
    name = host(url)
    body = site_at(now)[name][url.removeprefix(f"http://{name}")].body
    if CORPUS.sites[slug].feed == "json":
        return [item["url"] for item in json.loads(body)["items"]]
    parsed = feedparser.parse(body)
    assert not parsed.bozo
    return [entry.link for entry in parsed.entries]


@pytest.mark.parametrize("slug", sorted(CORPUS.outlets))
def test_feeds_list_the_latest_items_published_by_then(slug: str) -> None:
    published = [i.url for i in reversed(ALL) if i.outlet.outlet == slug and i.published_at <= WORKING]
    assert _feed_urls(slug, WORKING) == published[:FEED_ITEMS]


def test_everything_is_listed_on_some_night() -> None:
    listed = {
        url
        for now in nights()
        for slug in CORPUS.outlets
        if not any(o.outlet == slug and o.starts <= now < o.ends for o in CORPUS.outages)
        for url in _feed_urls(slug, now)
    }
    addresses = {item.url for item in ALL} | {url for item in ALL for _, url in item.moves}
    assert addresses - listed == set()


def test_a_story_that_moved_redirects_and_is_listed_at_its_new_address_alone() -> None:
    item = _own("courier-phone-scam")
    ((at, new),) = item.moves
    root = "http://saltcreekcourier.example"
    before, after = (site_at(at + timedelta(seconds=s))["saltcreekcourier.example"] for s in (-1, 0))
    assert (before[item.url.removeprefix(root)].status, new.removeprefix(root) in before) == (200, False)
    assert (after[item.url.removeprefix(root)].status, after[item.url.removeprefix(root)].location) == (301, new)
    assert f'rel="canonical" href="{new}"' in after[new.removeprefix(root)].body.decode()
    assert {item.url, new} & set(_feed_urls("salt-creek-courier", at)) == {new}


def test_a_story_that_was_taken_down_is_gone_from_page_and_feed() -> None:
    item = _own("paragon-callers")
    assert item.gone_at is not None
    path = item.url.removeprefix("http://paragonnews.example")
    assert site_at(item.gone_at - timedelta(seconds=1))["paragonnews.example"][path].status == 200
    assert site_at(item.gone_at)["paragonnews.example"][path].status == 410
    assert item.url not in _feed_urls("paragon-news", item.gone_at)


@pytest.mark.parametrize(
    ("notice", "status", "title"), [("soft404", 200, "Page not found"), ("challenge", 403, "Just a moment...")]
)
def test_some_listed_addresses_show_a_notice_instead_of_a_story(notice: str, status: int, title: str) -> None:
    item = next(item for item in ALL if item.notice == notice)
    assert item.url in _feed_urls(item.outlet.outlet, item.published_at)
    name = host(item.url)
    resource = site_at(item.published_at)[name][item.url.removeprefix(f"http://{name}")]
    assert resource.status == status
    assert f"<title>{title}" in resource.body.decode()
    assert item.versions[0].body not in resource.body.decode()


def test_the_broken_feed_fails_then_is_cut_then_recovers() -> None:
    def feed(night: datetime) -> tuple[int, bool, int]:
        resource = site_at(night)["theundertow.example"]["/feed.xml"]
        parsed = feedparser.parse(resource.body)
        return resource.status, bool(parsed.bozo), len(parsed.entries)

    assert feed(RULING_NIGHT)[0] == 500
    status, bozo, some = feed(RULING_NIGHT + timedelta(days=1))
    assert (status, bozo) == (200, True)
    status, bozo, all_items = feed(WORKING)
    assert (status, bozo) == (200, False)
    assert 0 < some < all_items


def test_every_page_says_that_it_is_invented() -> None:
    for host_name, paths in site_at(nights()[-1]).items():
        for path, resource in paths.items():
            if resource.media_type.startswith("text/html"):
                assert NOTICE in resource.body.decode(), host_name + path


def test_nothing_is_served_before_it_is_published() -> None:
    item = _own("wire-ruling")
    path = item.url.removeprefix("http://meridianwire.example")
    assert path not in site_at(item.published_at - timedelta(seconds=1))["meridianwire.example"]
    assert path in site_at(item.published_at)["meridianwire.example"]


def test_an_edit_shows_in_page_and_feed() -> None:
    item = _own("beacon-ruling")
    before, after = (version.headline for version in item.versions)
    later = RULING_NIGHT + timedelta(days=1)
    assert before in _page(item, RULING_NIGHT)
    assert after not in _page(item, RULING_NIGHT)
    assert after in _page(item, later)
    assert after in site_at(later)["morningbeacon.example"]["/feed.xml"].body.decode()


def test_a_paywalled_page_shows_its_lead_alone_and_says_so() -> None:
    item = _own("standard-ruling")
    page = _page(item, WORKING)
    paragraphs = item.versions[0].body.split("\n\n")
    assert paragraphs[0] in page
    assert paragraphs[-1] not in page
    assert '"isAccessibleForFree": false' in page
    assert "Subscribe to continue reading" in page


def test_pages_can_be_read_by_an_extractor_and_not_their_clutter() -> None:
    """One piece of each outlet, in each markup; trafilatura is what the tracker reads pages with."""
    for slug in CORPUS.outlets:
        item = next(i for i in ALL if i.outlet.outlet == slug and i.piece is not None and not i.is_paywalled)
        version = item.version_at(WORKING)
        assert version is not None
        text = trafilatura.extract(_page(item, WORKING)) or ""
        wanted = plain_text(version).split()
        found = sum(word in text for word in wanted) / len(wanted)
        assert found > 0.97, slug
        assert "Sign up for our newsletter" not in text, slug


async def test_the_proxy_answers_for_invented_hosts_alone() -> None:
    with DemoSite(RULING_NIGHT) as site:
        async with aiohttp.ClientSession() as session:
            async with session.get("http://meridianwire.example/feed.xml", proxy=site.proxy_url) as answer:
                assert answer.status == 200
                etag = answer.headers["ETag"]
                assert b"Judge refuses to block IRS" in await answer.read()
            again = {"If-None-Match": etag}
            async with session.get(
                "http://meridianwire.example/feed.xml", proxy=site.proxy_url, headers=again
            ) as answer:
                assert answer.status == 304
            async with session.get("http://theundertow.example/feed.xml", proxy=site.proxy_url) as answer:
                assert answer.status == 500
            async with session.get("http://meridianwire.example/none", proxy=site.proxy_url) as answer:
                assert answer.status == 404
            async with session.get("http://example.com/", proxy=site.proxy_url) as answer:
                assert answer.status == 502
        assert site.n_requests == 5


async def test_moving_the_clock_changes_what_is_served() -> None:
    feed = "http://meridianwire.example/feed.xml"
    with DemoSite(nights()[0]) as site:
        async with aiohttp.ClientSession() as session:
            async with session.get(feed, proxy=site.proxy_url) as answer:
                early = await answer.text()
            site.set_now(WORKING)
            async with session.get(feed, proxy=site.proxy_url) as answer:
                late = await answer.text()
    assert "Judge lets IRS share" not in early
    assert "Judge lets IRS share" in late


async def test_https_is_refused() -> None:
    with DemoSite(WORKING) as site:
        async with aiohttp.ClientSession() as session:
            with pytest.raises(aiohttp.ClientHttpProxyError):
                await session.get("https://meridianwire.example/", proxy=site.proxy_url)


def test_leaving_the_block_ends_the_server() -> None:
    with DemoSite(WORKING) as site:
        assert site.proxy_url.startswith("http://127.0.0.1:")
    assert "demo-site" not in {thread.name for thread in threading.enumerate()}
