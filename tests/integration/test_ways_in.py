"""More ways in, by the command line: discovery, outlets, lists of feeds, searches whose links hide the publisher."""

from __future__ import annotations

import asyncio
from base64 import urlsafe_b64encode
from collections.abc import Callable
from html import escape
from pathlib import Path

from tests.faults.command import PATIENCE, snapshot, tracker
from tests.faults.homes import make_home, rss
from tests.faults.scripted import Host, http, scripted
from tracker.config import load_outlets

SITE = "http://daily.example"
STORY = "<p>A federal judge ruled that the agencies may go on sharing the records.</p>" * 12


def page(head: str = "", body: str = "") -> bytes:
    return http(200, f"<!doctype html><html><head>{head}</head><body>{body}</body></html>".encode())


def serving(pages: dict[str, bytes]) -> Callable[[str, object], bytes]:
    return lambda url, _: pages.get(url.removeprefix(SITE) or "/", http(404))


async def run(home: Path, host: Host, *arguments: str) -> tuple[int | None, str, str]:
    async with tracker(home, host, *arguments) as process:
        out, err = await asyncio.wait_for(process.communicate(), PATIENCE)
        return process.returncode, out.decode(), err.decode()


async def test_discover_asks_what_a_site_names_and_keeps_what_answers(tmp_path):
    pages = {
        "/": page(
            '<link rel="alternate" type="application/rss+xml" title="Top &amp; latest" href="/rss">'
            '<link rel="alternate" type="application/rss+xml" href="/comments/feed">'
            '<link rel="alternate" type="application/atom+xml" href="/dead.atom">',
            '<a href="/same/feed/">RSS</a><a href="/about">About</a>',
        ),
        "/rss": http(200, rss("/a", "/b")),
        "/same/feed/": http(200, rss("/a", "/b")),
        "/robots.txt": http(200, f"User-agent: *\nAllow: /\nSitemap: {SITE}/news.xml\nSitemap: /all.xml".encode()),
        "/news.xml": http(200, b"<urlset><url><loc>http://daily.example/n</loc></url></urlset>"),
    }
    async with scripted(serving(pages)) as host:
        code, out, err = await run(tmp_path, host, "feeds", "discover", f"{SITE}/")
        assert (code, err.count("Add them with --add")) == (0, 1)
        lines = [line.split("\t") for line in out.splitlines()]
        assert [line[:2] for line in lines] == [[f"{SITE}/rss", "2 items"], [f"{SITE}/news.xml", "1 items"]]
        assert lines[0][2] == "2026-01-07 12:00 UTC"
        asked = [path.removeprefix(SITE) for path in host.paths]
        assert asked.count("/robots.txt") == 2  # obeyed for the page, then read for its sitemaps
        assert "/comments/feed" not in asked
        assert "/feed.xml" not in asked  # no guesses where the site names feeds


async def test_discover_guesses_where_a_site_names_none_and_adds_under_its_outlet(tmp_path):
    pages = {"/": page(body="Welcome"), "/feed/": http(200, rss("/a")), "/news-sitemap.xml": page()}
    async with scripted(serving(pages)) as host:
        home = make_home(tmp_path / "home", {"other": []})
        code, out, _ = await run(home, host, "feeds", "discover", SITE, "--add", "--name", "The Daily")
        assert code == 0
        assert [line.split("\t")[0] for line in out.splitlines()] == [f"{SITE}/feed/"]
        outlets, feeds = load_outlets(home / "outlets.toml")
        assert [(feed.outlet, feed.url) for feed in feeds] == [("the-daily", f"{SITE}/feed/")]
        assert outlets[-1].scopes == ("daily.example",)


async def test_discover_takes_a_feed_for_itself_and_says_what_is_wrong_with_a_site(tmp_path):
    async with scripted(serving({"/top.xml": http(200, rss("/a")), "/bare": page()})) as host:
        code, out, _ = await run(tmp_path, host, "feeds", "discover", f"{SITE}/top.xml")
        assert (code, out.split("\t")[0]) == (0, f"{SITE}/top.xml")
        code, out, _ = await run(tmp_path, host, "feeds", "discover", f"{SITE}/bare")
        assert (code, out) == (1, "")
        code, out, err = await run(tmp_path, host, "feeds", "discover", f"{SITE}/gone")
        assert (code, out) == (1, "")
        assert f"{SITE}/gone: not_found; check the address" in err


async def test_outlets_are_added_with_scopes_that_feeds_fall_into(tmp_path):
    async with scripted(serving({})) as host:
        home = make_home(tmp_path / "home", {"daily": []})
        (home / "outlets.toml").write_text("# mine\n" + (home / "outlets.toml").read_text())
        arguments = ["--scope", "abc.example/en", "--kind", "public", "--country", "US", "--own"]
        code, out, _ = await run(home, host, "outlets", "add", "ABC in English", *arguments)
        assert (code, out) == (0, "abc-in-english\tpublic\tABC in English\tabc.example/en\n")
        code, out, _ = await run(home, host, "feeds", "add", "https://abc.example/en/rss")
        assert (code, out) == (0, "abc-in-english\thttps://abc.example/en/rss\n")
        code, out, _ = await run(home, host, "outlets", "list")
        assert out.splitlines()[-1] == "abc-in-english\tpublic\t1\tABC in English\tabc.example/en"
        before = (home / "outlets.toml").read_text()
        assert before.startswith("# mine\n")
        assert "is_own = true" in before
        for wrong in (["ABC in English", "--scope", "x.example"], ["Y", "--scope", "abc.example/en"]):
            code, _, err = await run(home, host, "outlets", "add", *wrong)
            assert code == 2
            assert "is used twice" in err
        assert (home / "outlets.toml").read_text() == before


def google(address: bytes | None) -> str:
    inner = bytes([len(address)]) + address + b"\xd2\x01\x00" if address else b"\x20" + b"AU_yqLNopaque" * 3
    return "https://news.google.com/rss/articles/" + urlsafe_b64encode(b'\x08\x13"' + inner).decode().rstrip("=")


async def test_a_search_is_read_at_the_publishers_where_the_link_tells_it_and_marked_where_not(tmp_path):
    search = "http://news.google.com/rss/search?q=x"
    bing = "http://www.bing.com/news/apiclick.aspx?url=http%3a%2f%2fpost.example%2fbing&c=1"
    links = {"told": google(b"http://daily.example/told"), "hidden": google(None), "bing": bing}
    items = "".join(
        f"<item><title>{name} - The Daily</title><link>{escape(link)}</link>"
        f'<source url="{SITE}">The Daily</source></item>'
        for name, link in links.items()
    )
    pages = {
        search: http(200, f'<rss version="2.0"><channel><title>t</title>{items}</channel></rss>'.encode()),
        "/told": page("<title>Told</title>", STORY),
        "http://post.example/bing": page("<title>Bing</title>", STORY),
    }
    async with scripted(serving(pages)) as host:
        home = make_home(tmp_path / "home", {"daily": []})
        await run(home, host, "feeds", "add", search, "--name", "Google News")
        assert 'kind = "search"' in (home / "outlets.toml").read_text()
        code, out, err = await run(home, host, "nightly")
        assert code == 0, err
        assert not any(url.startswith("http://news.google.com/rss/articles") for url in host.paths)
        assert "1 left unread because an aggregator's link hides the publisher's address" in out
        entries = snapshot(home, "SELECT title, url, outlet, via, status, status_reason FROM entries ORDER BY title")
        assert [(row[0], row[3], row[4]) for row in entries] == [
            ("bing", "search", "stored"),
            ("hidden", "search", "skipped"),
            ("told", "search", "stored"),
        ]
        assert {row[0]: row[1] for row in entries} == links  # as listed
        assert str(entries[1][5]).startswith("hidden: the aggregator's link")
        assert snapshot(home, "SELECT outlet, url FROM articles ORDER BY url") == [
            ("daily", "http://daily.example/told"),
            ("daily", "http://post.example/bing"),
        ]
