"""The rules of the best fetchers, each over loopback through the whole poll: asked, answered, remembered."""

from __future__ import annotations

from email.utils import format_datetime

import pytest

from tests.faults.homes import DAY, HOUR, MINUTE, NOW, make_home, polling, rss
from tests.faults.scripted import http, scripted

FEED = "/feed"


@pytest.mark.parametrize(
    ("body", "shortest"),
    [
        (rss("/a", "/b", "/c", gap=MINUTE), 15 * MINUTE),  # floor
        (rss("/a", "/b", "/c", "/d", gap=3 * HOUR), 3 * HOUR),  # its own rhythm
        (rss("/a", "/b", "/c", gap=9 * DAY), DAY * 0.9),  # cap
        (rss("/a"), HOUR),  # nothing to learn from
    ],
)
async def test_the_next_poll_follows_the_feeds_own_rhythm_with_a_tenth_of_jitter(tmp_path, body, shortest):
    async with (
        scripted(lambda *_: http(200, body)) as host,
        polling(make_home(tmp_path / "home", {"daily": [host.url(FEED)]})) as home,
    ):
        await home.at(NOW)
        assert (
            shortest <= home.wait(host.url(FEED)) <= min(shortest * 1.1, DAY) + (DAY * 0.1 if shortest < DAY else HOUR)
        )
        assert home.wait(host.url(FEED)) <= DAY


async def test_cache_headers_ask_for_more_time_and_get_it(tmp_path):
    body = rss(*[f"/{n}" for n in range(40)])
    async with (
        scripted(lambda *_: http(200, body, "Cache-Control: public, max-age=10800")) as host,
        polling(make_home(tmp_path / "home", {"daily": [host.url(FEED)]}, jitter=0.0)) as home,
    ):
        await home.at(NOW)
        assert home.wait(host.url(FEED)) == 3 * HOUR


async def test_nightly_and_poll_ask_whatever_the_rhythm_but_for_back_off(tmp_path):
    answers = {"/well": http(200, rss("/a", "/b", "/c", gap=9 * DAY)), "/ill": http(404)}
    async with scripted(lambda path, _: answers[path]) as host:
        home_path = make_home(tmp_path / "home", {"daily": [host.url("/well"), host.url("/ill")]}, jitter=0.0)
        async with polling(home_path) as home:
            for moment in (NOW, NOW + 2 * HOUR, NOW + 3 * HOUR):
                await home.at(moment)
            # /ill: asked at 0, in back-off for an hour; asked at 2, in back-off for four
            assert host.paths.count("/well") == 3
            assert host.paths.count("/ill") == 2


async def test_a_failing_feed_is_never_given_up(tmp_path):
    async with (
        scripted(lambda *_: http(404)) as host,
        polling(make_home(tmp_path / "home", {"daily": [host.url(FEED)]}, jitter=0.0)) as home,
    ):
        waits, moment = [], NOW
        for _ in range(12):
            await home.at(moment)
            waits.append(home.wait(host.url(FEED)))
            moment += waits[-1]
        assert waits[:3] == [HOUR, 4 * HOUR, 16 * HOUR]
        assert set(waits[3:]) == {DAY}
        assert len(host.requests) == 12
        assert home.outcomes() == ["not_found"] * 12


async def test_what_has_not_answered_for_a_month_is_asked_weekly_and_one_answer_forgives(tmp_path):
    answer = [http(200, rss("/a", "/b", "/c"))]
    async with (
        scripted(lambda *_: answer[0]) as host,
        polling(make_home(tmp_path / "home", {"daily": [host.url(FEED)]}, jitter=0.0)) as home,
    ):
        await home.at(NOW)
        answer[0] = http(404)
        moment = NOW + DAY
        while moment < NOW + 45 * DAY:
            await home.at(moment)
            moment += home.wait(host.url(FEED))
        assert home.wait(host.url(FEED)) == 7 * DAY
        answer[0] = http(200, rss("/d", "/e", "/f", at=moment))
        await home.at(moment)
        assert home.state(host.url(FEED)).n_failures == 0
        assert home.wait(host.url(FEED)) == HOUR


async def test_410_is_muted_after_two_and_probed_monthly(tmp_path):
    async with (
        scripted(lambda *_: http(410)) as host,
        polling(make_home(tmp_path / "home", {"daily": [host.url(FEED)]}, jitter=0.0)) as home,
    ):
        await home.at(NOW)
        await home.at(NOW + DAY)
        assert home.wait(host.url(FEED)) == 30 * DAY
        for day in range(2, 30):
            await home.at(NOW + day * DAY)
        assert len(host.requests) == 2
        assert home.run.counts["n_feeds_waiting"] == 1
        await home.at(NOW + 31 * DAY)
        assert len(host.requests) == 3
        assert home.outcomes() == ["gone"] * 3


# ---------------------------------------------------------------- moves

NEW = "/new"


def moving(status: int, old: dict[str, bytes]):
    def answer(path: str, _: object) -> bytes:
        if path == FEED:
            return old.get("answer", http(status, b"", f"Location: {NEW}"))
        return http(200, rss("/a", "/b", "/c"))

    return answer


@pytest.mark.parametrize("status", [301, 308])
async def test_a_permanent_move_is_adopted_after_seven_days(tmp_path, status):
    async with (
        scripted(moving(status, {})) as host,
        polling(make_home(tmp_path / "home", {"daily": [host.url(FEED)]})) as home,
    ):
        for day in range(9):
            await home.at(NOW + day * DAY)
        assert home.outcomes()[:7] == ["moved"] + ["unchanged"] * 6
        assert host.paths == [FEED, NEW] * 7 + [NEW] * 2
        assert home.state(host.url(FEED)).moved_to == host.url(NEW)
        # the feed is the one that was configured, wherever it is asked
        assert home.rows("SELECT DISTINCT feed FROM entry_feeds") == [(home.feeds[0].feed,)]


async def test_a_permanent_move_is_adopted_at_once_when_the_old_address_fails(tmp_path):
    old: dict[str, bytes] = {}
    async with (
        scripted(moving(301, old)) as host,
        polling(make_home(tmp_path / "home", {"daily": [host.url(FEED)]})) as home,
    ):
        await home.at(NOW)
        old["answer"] = http(404)
        await home.at(NOW + DAY)
        await home.at(NOW + 2 * DAY)
        assert host.paths == [FEED, NEW, FEED, NEW]


@pytest.mark.parametrize("status", [302, 303, 307])
async def test_a_temporary_move_is_never_adopted(tmp_path, status):
    old: dict[str, bytes] = {}
    async with (
        scripted(moving(status, old)) as host,
        polling(make_home(tmp_path / "home", {"daily": [host.url(FEED)]})) as home,
    ):
        for day in range(10):
            await home.at(NOW + day * DAY)
        assert host.paths == [FEED, NEW] * 10
        old["answer"] = http(404)
        await home.at(NOW + 11 * DAY)
        await home.at(NOW + 13 * DAY)
        assert host.paths[20:] == [FEED, FEED]


# ---------------------------------------------------------------- validators


def fields(head: str) -> dict[str, str]:
    return {line.split(": ", 1)[0].lower(): line.split(": ", 1)[1] for line in head.split("\r\n")[1:] if ": " in line}


async def test_validators_are_sent_and_left_out_once_a_week(tmp_path):
    def answer(_: str, __: object) -> bytes:
        if "if-none-match" in fields(host.requests[-1]):
            return http(304)
        return http(200, rss("/a", "/b", "/c"), 'ETag: "1"', "Last-Modified: Wed, 07 Jan 2026 11:00:00 GMT")

    async with (
        scripted(answer) as host,
        polling(make_home(tmp_path / "home", {"daily": [host.url(FEED)]})) as home,
    ):
        for day in range(9):
            await home.at(NOW + day * DAY)
        asked = [fields(head) for head in host.requests]
        assert [("if-none-match" in one) for one in asked] == [False, *[True] * 6, False, True]
        assert asked[1]["if-none-match"] == '"1"'
        assert asked[1]["if-modified-since"] == "Wed, 07 Jan 2026 11:00:00 GMT"
        assert home.outcomes() == ["ok", *["not_modified"] * 6, "unchanged", "not_modified"]


async def test_validators_that_lie_are_seen_through_by_the_body(tmp_path):
    bodies = [rss("/a", "/b", "/c"), rss("/a", "/b", "/c"), rss("/d", "/a", "/b", "/c")]
    async with (
        scripted(lambda *_: http(200, bodies[min(len(host.requests), 3) - 1], f'ETag: "{len(host.requests)}"')) as host,
        polling(make_home(tmp_path / "home", {"daily": [host.url(FEED)]})) as home,
    ):
        for day in range(3):
            await home.at(NOW + day * DAY)
        assert home.outcomes() == ["ok", "unchanged", "ok"]
        assert home.rows("SELECT count(*) FROM entries") == [(4,)]


# ---------------------------------------------------------------- waits


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("is_date", [False, True])
async def test_retry_after_holds_for_the_whole_host_and_across_runs(tmp_path, status, is_date):
    date = f"Date: {format_datetime(NOW, usegmt=True)}"
    wait = format_datetime(NOW + 2 * HOUR, usegmt=True) if is_date else "7200"
    limited = {"/1": http(status, b"", date, f"Retry-After: {wait}")}
    well = http(200, rss("/a", "/b", "/c"))
    async with scripted(lambda path, _: limited.get(path, well)) as host:
        urls = [host.url(f"/{n}") for n in (1, 2, 3)]
        home_path = make_home(tmp_path / "home", {"daily": urls}, jitter=0.0)
        async with polling(home_path) as home:
            order = [feed.url for feed in sorted(home.feeds, key=lambda feed: feed.feed)]
            limited["/" + order[0].rsplit("/", 1)[1]] = limited.pop("/1")
            await home.at(NOW)
            assert len(host.requests) == 1
            assert home.outcomes() == ["limited", "host_down", "host_down"]
        async with polling(home_path) as home:  # another run
            await home.at(NOW + 119 * MINUTE)
            assert len(host.requests) == 1
            limited.clear()
            await home.at(NOW + 121 * MINUTE)
            assert home.outcomes()[-3:] == ["ok"] * 3
            assert len(host.requests) == 4


async def test_a_wait_of_a_year_is_a_day(tmp_path):
    async with (
        scripted(lambda *_: http(429, b"", "Retry-After: 31536000")) as host,
        polling(make_home(tmp_path / "home", {"daily": [host.url(FEED)]}, jitter=0.0)) as home,
    ):
        await home.at(NOW)
        assert home.wait(host.url(FEED)) == DAY


async def test_state_survives_a_restart(tmp_path):
    async with scripted(lambda *_: http(200, rss("/a", "/b", "/c"), 'ETag: "1"')) as host:
        home_path = make_home(tmp_path / "home", {"daily": [host.url(FEED)]})
        async with polling(home_path) as home:
            await home.at(NOW)
            before = home.state(host.url(FEED))
        async with polling(home_path) as home:
            assert home.state(host.url(FEED)) == before
            await home.at(NOW + HOUR)
            assert fields(host.requests[-1])["if-none-match"] == '"1"'
