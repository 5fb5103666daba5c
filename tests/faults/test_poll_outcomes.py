"""What is stored when feeds and hosts misbehave: outcomes, entries, gaps, and nothing twice."""

from __future__ import annotations

import asyncio
import gzip

import pytest

from pipelines.feed_health import feed_health
from pipelines.home import lock
from pipelines.nightly import poll_only
from pipelines.runs import NOTHING_COLLECTED, SOME_FAILED, Options, exit_code, finish
from pipelines.steps.gaps import note_quiet
from pipelines.summary import remarks
from tests.faults.homes import DAY, HOUR, MINUTE, NOW, QUIET, make_home, naive, polling, rss
from tests.faults.scripted import http, scripted
from tracker.errors import LockedError
from tracker.model import stable_id

FEED = "/feed"
WELL = rss("/a", "/b", "/c")
CUT_ITEM = rss("/a", "/b", "/c")[:-60]
BOMB = gzip.compress(b"\0" * 2_000_000)


def page(text: str) -> bytes:
    return f"<!doctype html><html><head><title>{text}</title></head><body>{text}</body></html>".encode()


@pytest.mark.parametrize(
    ("answer", "outcome", "n_entries"),
    [
        (http(200, WELL), "ok", 3),
        (http(200, WELL, length=2 * len(WELL)), "cut", 3),
        (http(200, CUT_ITEM), "cut", 2),
        (http(200, WELL.replace(b"</channel>", b"<oops>")), "ok", 3),
        (http(200, page("News")), "unparsable", 0),
        (http(200, b"\x8f\x00\xff" * 99), "unparsable", 0),
        (http(200), "empty", 0),
        (http(403, page("Just a moment..."), "cf-mitigated: challenge"), "challenge", 0),
        (http(403, page("Just a moment...")), "challenge", 0),
        (http(404, WELL), "not_found", 0),
        (http(410), "gone", 0),
        (http(500), "server_error", 0),
        (http(429), "limited", 0),
        (http(302, b"", "Location: /feed"), "loop", 0),
        (http(302, b"", "Location: http://169.254.169.254/latest/"), "refused", 0),
        (http(301, b"", "Location: file:///etc/passwd"), "refused", 0),
        (http(200, BOMB, "Content-Encoding: gzip"), "too_large", 0),
        (b"SSH-2.0-OpenSSH_9.6\r\n", "server_error", 0),
    ],
)
async def test_each_outcome_is_named_and_what_is_whole_is_kept(tmp_path, answer, outcome, n_entries):
    async with scripted(lambda *_: answer) as host:
        home_path = make_home(tmp_path / "home", {"daily": [host.url(FEED)]}, max_feed_bytes=1_000_000)
        async with polling(home_path) as home:
            await home.at(NOW)
            assert set(home.outcomes()) == {outcome}  # a try that was followed by another has a row of its own
            assert home.rows("SELECT count(*) FROM entries") == [(n_entries,)]
            is_gap = not n_entries
            assert home.gaps() == [("failed", naive(NOW), naive(NOW))] * is_gap
            assert home.run.counts["n_gaps"] == is_gap
            assert exit_code(home.run) == (NOTHING_COLLECTED if is_gap else 0)
            (row,) = home.rows(
                "SELECT DISTINCT url, feed, detail IS NULL OR detail = '' FROM fetches WHERE purpose = 'feed'"
            )
            assert row[:2] == (host.url(FEED), home.feeds[0].feed)


async def test_a_feed_that_drips_holds_up_no_other(tmp_path):
    async def drip(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\n\r\n")
        while not writer.is_closing():
            writer.write(b"<")
            await writer.drain()
            await asyncio.sleep(0.05)

    async with (
        scripted(lambda _, writer: drip(writer)) as slow,
        scripted(lambda *_: http(200, WELL)) as well,
    ):
        feeds = {"slow": [slow.url(FEED)], "well": [well.url(f"/{n}") for n in range(5)]}
        async with polling(make_home(tmp_path / "home", feeds, total_timeout=0.8)) as home:
            # both servers share a host name, so they are asked in turn: the drip costs its wall clock and no more
            begun = asyncio.get_running_loop().time()
            await home.at(NOW)
            assert asyncio.get_running_loop().time() - begun < 20
            assert sorted(map(str, home.outcomes())) == ["ok"] * 5 + ["timeout"]
            assert exit_code(home.run) == SOME_FAILED


async def test_a_feed_of_too_many_items_and_too_long_links_is_cut_down_and_counted(tmp_path):
    body = rss(*[f"/{n}" for n in range(2_100)], "/" + "x" * 3_000, gap=MINUTE)
    long = rss("/" + "x" * 3_000, "/a")
    async with (
        scripted(lambda path, _: http(200, body if path == FEED else long)) as host,
        polling(make_home(tmp_path / "home", {"daily": [host.url(FEED), host.url("/long")]})) as home,
    ):
        await home.at(NOW)
        assert home.rows("SELECT count(*) FROM entries") == [(2_001,)]
        assert (home.run.counts["dropped too_many"], home.run.counts["dropped long_link"]) == (101, 1)
        assert home.rows("SELECT detail FROM fetches ORDER BY detail") == [("1 long_link",), ("101 too_many",)]
        assert "101 beyond the most of one feed" in "".join(remarks(home.run))


async def test_one_story_in_five_feeds_is_one_entry_and_each_listing_is_kept(tmp_path):
    variants = ["/a", "/a?utm_source=rss", "/a/", "/a#top", "/a?fbclid=1"]
    async with (
        scripted(lambda path, _: http(200, rss(variants[int(path[1:])]))) as host,
        polling(make_home(tmp_path / "home", {"daily": [host.url(f"/{n}") for n in range(5)]})) as home,
    ):
        await home.at(NOW)
        await home.at(NOW + DAY)
        assert home.rows("SELECT count(*), min(canonical_url) FROM entries") == [(1, "https://news.example/a")]
        assert home.rows("SELECT count(*) FROM entry_feeds") == [(5,)]
        assert home.rows("SELECT min(url) FROM entries WHERE url LIKE 'http://news.example/a%'") != [(None,)]


async def test_two_runs_at_once_are_one(tmp_path):
    async with scripted(lambda *_: http(200, WELL)) as host:
        home_path = make_home(tmp_path / "home", {"daily": [host.url(FEED)]})
        with lock(home_path), pytest.raises(LockedError):
            await poll_only(home_path, Options(now=NOW), QUIET)
        assert host.requests == []


# ---------------------------------------------------------------- sitemap indexes

INDEX = """<?xml version="1.0"?><sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<sitemap><loc>/old.xml</loc><lastmod>2025-01-01</lastmod></sitemap>
<sitemap><loc>/new.xml</loc><lastmod>2026-01-07</lastmod></sitemap></sitemapindex>"""


def sitemap(*paths: str) -> bytes:
    urls = "".join(f"<url><loc>http://news.example{path}</loc></url>" for path in paths)
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'.encode()


async def test_the_sitemaps_of_an_index_are_read_newest_first_every_time(tmp_path):
    sitemaps = {"/index.xml": INDEX.encode(), "/new.xml": sitemap("/n1", "/n2"), "/old.xml": sitemap("/o1")}
    async with (
        scripted(lambda path, _: http(200, sitemaps[path], 'ETag: "1"')) as host,
        polling(make_home(tmp_path / "home", {"daily": [host.url("/index.xml")]})) as home,
    ):
        await home.at(NOW)
        assert host.paths == ["/index.xml", "/new.xml", "/old.xml"]
        assert home.rows("SELECT count(*) FROM entries") == [(3,)]
        sitemaps["/new.xml"] = sitemap("/n3", "/n1", "/n2")  # the index itself has not changed
        await home.at(NOW + DAY)
        assert home.rows("SELECT count(*) FROM entries") == [(4,)]
        del sitemaps["/old.xml"]
        sitemaps["/old.xml"] = b"<html></html>"
        await home.at(NOW + 2 * DAY)
        assert home.outcomes()[-3:] == ["cut", "ok", "unparsable"]
        assert home.rows("SELECT detail LIKE '1 of 2 sitemaps: unparsable%' FROM fetches WHERE outcome = 'cut'") == [
            (True,)
        ]


# ---------------------------------------------------------------- gaps


async def test_a_failure_is_one_gap_from_the_last_answer_to_the_next(tmp_path):
    answer = [http(200, WELL)]
    async with (
        scripted(lambda *_: answer[0]) as host,
        polling(make_home(tmp_path / "home", {"daily": [host.url(FEED)]}, jitter=0.0)) as home,
    ):
        await home.at(NOW)
        assert home.gaps() == []
        answer[0] = http(404)
        for day in (1, 2, 3):
            await home.at(NOW + day * DAY)
            assert home.gaps() == [("failed", naive(NOW), naive(NOW + day * DAY))]
        await home.at(NOW + 3 * DAY + HOUR)  # in back-off: still not collected
        assert home.gaps() == [("failed", naive(NOW), naive(NOW + 3 * DAY + HOUR))]
        assert (home.run.counts["n_gaps"], home.run.counts["n_feeds_waiting"]) == (1, 1)
        answer[0] = http(200, rss("/d", *["/a", "/b"], at=NOW + 5 * DAY))
        await home.at(NOW + 5 * DAY)
        assert home.gaps() == [("failed", naive(NOW), naive(NOW + 5 * DAY))]
        await home.at(NOW + 6 * DAY)
        assert home.run.counts["n_gaps"] == 0
        assert exit_code(home.run) == 0


async def test_a_feed_that_never_answered_has_one_gap_too(tmp_path):
    async with (
        scripted(lambda *_: http(404)) as host,
        polling(make_home(tmp_path / "home", {"daily": [host.url(FEED)]})) as home,
    ):
        for day in range(3):
            await home.at(NOW + day * DAY)
        assert home.gaps() == [("failed", naive(NOW), naive(NOW + 2 * DAY))]


async def test_overflow_is_told_by_the_feed_and_not_for_searches(tmp_path):
    bodies = {"/feed": rss("/a", "/b"), "/other": rss("/a", "/b", "/c", "/d"), "/search?q=x": rss("/a", "/b")}
    async with scripted(lambda path, _: http(200, bodies[path])) as host:
        urls = {path: host.url(path) for path in bodies}
        home_path = make_home(tmp_path / "home", {"daily": [urls["/feed"], urls["/other"]], "search": []})
        outlets = home_path / "outlets.toml"
        outlets.write_text(
            outlets.read_text().replace("feeds = []", f'feeds = [{{url = "{urls["/search?q=x"]}", kind = "search"}}]')
        )
        async with polling(home_path) as home:
            await home.at(NOW)
            # "/c" and "/d" are known from the other feed, but what this one listed between may be in neither
            bodies |= {"/feed": rss("/d", "/c"), "/search?q=x": rss("/e", "/f")}
            await home.at(NOW + DAY)
            assert home.gaps() == [("overflow", naive(NOW), naive(NOW + DAY))]
            assert home.rows("SELECT feed FROM gaps") == [(stable_id(urls["/feed"]),)]
            assert exit_code(home.run) == SOME_FAILED
            bodies["/feed"] = rss("/g", "/d")  # overlaps
            await home.at(NOW + 2 * DAY)
            assert len(home.gaps()) == 1
            assert exit_code(home.run) == 0


async def test_a_cut_feed_loses_nothing_while_it_overlaps_and_keeps_its_rhythm(tmp_path):
    bodies = [rss("/a", "/b", "/c"), rss("/d", "/a", "/b", "/c")[:-60], rss("/x", "/y", "/z")[:-60]]
    async with (
        scripted(lambda *_: http(200, bodies[len(host.requests) - 1])) as host,
        polling(make_home(tmp_path / "home", {"daily": [host.url(FEED)]}, jitter=0.0)) as home,
    ):
        await home.at(NOW)
        await home.at(NOW + DAY)
        assert home.gaps() == []
        assert home.wait(host.url(FEED)) <= HOUR
        await home.at(NOW + 2 * DAY)
        assert [gap[0] for gap in home.gaps()] == ["overflow"]
        assert home.outcomes() == ["ok", "cut", "cut"]


async def test_an_outlet_that_goes_quiet_is_a_gap_though_every_request_is_answered(tmp_path):
    stories: list[str] = []
    async with scripted(lambda *_: http(200, rss(*stories[:30], at=NOW))) as host:
        feeds = {"daily": [host.url(FEED)], "weekly": [host.url("/same")]}
        async with polling(make_home(tmp_path / "home", feeds, timezone="America/New_York")) as home:
            for day in range(30):
                stories[:0] = [f"/{day}-{n}" for n in range(20)]
                await home.at(NOW + day * DAY)
                assert home.gaps() == [], day
            for day in range(30, 36):
                stories[:0] = [f"/{day}-{n}" for n in range(2)]
                await home.at(NOW + day * DAY)
            reasons = home.rows("SELECT DISTINCT outlet, feed, reason FROM gaps ORDER BY ALL")
            assert reasons == [("daily", None, "below_band"), ("weekly", None, "below_band")]
            assert len(home.gaps()) == 2  # one each, longer every day
            assert home.gaps()[0][2] == naive(NOW + 35 * DAY)
            assert exit_code(home.run) == SOME_FAILED
            finish(home.run)
            told = {feed.url: feed for feed in feed_health(home.run.home.path) if not feed.is_well}
            assert set(told) == {"all its feeds"}
            assert "new items a day in the last 7 days" in told["all its feeds"].text


async def test_a_feed_that_goes_quiet_beside_a_busy_one_is_told_by_itself(tmp_path):
    quiet: list[str] = []
    busy: list[str] = []
    async with scripted(
        lambda path, _: http(200, rss(*(quiet if path == "/quiet" else busy)[:50], gap=MINUTE))
    ) as host:
        feeds = {"daily": [host.url("/quiet"), host.url("/busy")]}
        async with polling(make_home(tmp_path / "home", feeds)) as home:
            for day in range(36):
                busy[:0] = [f"/b{day}-{n}" for n in range(40)]
                quiet[:0] = [f"/q{day}-{n}" for n in range(10)] if day < 29 else []
                await home.at(NOW + day * DAY)
            note_quiet(home.run, home.feeds)
            assert home.rows("SELECT DISTINCT feed, reason FROM gaps") == [
                (stable_id(host.url("/quiet")), "below_band")
            ]


async def test_the_check_says_what_is_wrong_with_each_feed(tmp_path):
    answers = {
        "/well": http(200, WELL),
        "/gone": http(410),
        "/empty": http(200, rss()),
        "/over": http(200, rss("/1")),
        "/silent": http(200, rss("/old")),
    }
    async with scripted(lambda path, _: answers[path]) as host:
        home_path = make_home(tmp_path / "home", {"daily": [host.url(path) for path in answers]}, jitter=0.0)
        async with polling(home_path) as home:
            await home.at(NOW)
            answers |= {"/over": http(200, rss("/2")), "/well": http(200, rss("/d", "/a"))}
            await home.at(NOW + 16 * DAY)
            finish(home.run)
        found = {feed.url.removeprefix(host.url("/")): feed for feed in feed_health(home_path)}
        assert {path: feed.is_well for path, feed in found.items()} == {
            "well": True,
            "gone": False,
            "empty": False,
            "over": False,
            "silent": False,
        }
        assert "gone; never answered well; muted, asked again 2026-02-22" in found["gone"].text
        assert "has listed nothing yet" in found["empty"].text
        assert "overflow: none of 1 items was known" in found["over"].text
        assert "nothing new for 16 days" in found["silent"].text
