"""What each answer is called, and what is asked again."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from tests.faults.scripted import NOW, Names, fetch, http, scripted, settings
from tracker.fetch import Fetcher
from tracker.fetch import client as client_module
from tracker.model import Outcome, Request


@pytest.fixture(autouse=True)
def _short_backoff(monkeypatch):
    monkeypatch.setattr(client_module, "BACKOFF", (0.0, 0.01))


@pytest.mark.parametrize(
    ("status", "outcome", "n_asked"),
    [
        (200, Outcome.OK, 1),
        (204, Outcome.EMPTY, 1),
        (304, Outcome.NOT_MODIFIED, 1),
        (300, Outcome.SERVER_ERROR, 1),
        (302, Outcome.SERVER_ERROR, 1),  # without Location
        (400, Outcome.CLIENT_ERROR, 1),
        (403, Outcome.CLIENT_ERROR, 1),
        (404, Outcome.NOT_FOUND, 1),
        (410, Outcome.GONE, 1),
        (429, Outcome.LIMITED, 1),
        (500, Outcome.SERVER_ERROR, 2),
        (501, Outcome.SERVER_ERROR, 1),
        (502, Outcome.SERVER_ERROR, 2),
        (503, Outcome.SERVER_ERROR, 2),
    ],
)
async def test_statuses(status, outcome, n_asked):
    body = b"" if status in {204, 304} else b"<p>words</p>"
    async with scripted(lambda path, writer: http(status, body)) as host:
        response = await fetch(host.url())
    assert (response.outcome, response.status) == (outcome, status)
    assert len(host.requests) == n_asked


async def test_a_second_try_that_works_is_the_answer_and_the_first_leaves_a_row_too():
    answers = iter([http(500), http(200, b"<rss/>")])
    async with (
        scripted(lambda path, writer: next(answers)) as host,
        Fetcher(settings(), clock=lambda: NOW) as fetcher,
    ):
        response = await fetcher.fetch(Request(url=host.url(), purpose="feed"))
        (first,) = fetcher.drain_side_fetches()
    assert (response.outcome, response.body) == (Outcome.OK, b"<rss/>")
    assert (first.outcome, first.status, first.request) == (Outcome.SERVER_ERROR, 500, response.request)
    assert first.fetch != response.fetch


async def test_a_dropped_connection_is_tried_once_more_and_does_not_put_the_host_down():
    async with scripted(lambda path, writer: b"") as host, Fetcher(settings(), clock=lambda: NOW) as fetcher:
        response = await fetcher.fetch(Request(url=host.url(), purpose="feed"))
        assert fetcher.host_waits == {}
    assert response.outcome is Outcome.UNREACHABLE
    assert len(host.requests) == 2


async def test_tries_share_one_wall_clock(monkeypatch):
    async def slow_error(writer):
        await asyncio.sleep(0.2)
        writer.write(http(500))
        await writer.drain()

    async with scripted(lambda path, writer: slow_error(writer)) as host:
        response = await fetch(host.url(), total_timeout=0.3)
    assert response.outcome is Outcome.TIMEOUT  # each try by itself is in time


async def test_hops_share_one_wall_clock():
    async def slow_hop(path, writer):
        await asyncio.sleep(0.3)
        writer.write(http(302, b"", f"Location: {path}x"))
        await writer.drain()

    async with scripted(slow_hop) as host:
        response = await fetch(host.url("/"), total_timeout=1.0)
    assert response.outcome is Outcome.TIMEOUT  # each hop by itself is in time
    assert 1 <= len(response.redirects) <= 3


async def test_a_permanent_move_is_told_from_a_temporary_one():
    def answer(path, writer):
        if path == "/new":
            return http(200, b"<rss/>")
        return http(308 if path == "/permanent" else 307, b"", "Location: new")

    async with scripted(answer) as host:
        permanent, temporary = await fetch(host.url("/permanent")), await fetch(host.url("/temporary"))
    assert (permanent.outcome, temporary.outcome) == (Outcome.MOVED, Outcome.OK)
    assert permanent.redirects == ((308, host.url("/new")),)
    assert temporary.redirects == ((307, host.url("/new")),)
    assert permanent.final_url == temporary.final_url == host.url("/new")


async def test_loops_and_long_ways_are_loops():
    def answer(path, writer):
        if path.startswith("/long"):
            return http(302, b"", f"Location: {path}x")
        return http(302, b"", "Location: " + {"/0": "/a", "/a": "/b", "/b": "/a"}[path])

    async with scripted(answer) as host:
        loop = await fetch(host.url("/0"))
        n_loop = len(host.requests)
        long = await fetch(host.url("/long"))
    assert loop.outcome is long.outcome is Outcome.LOOP
    assert n_loop == 3  # not asked a second time
    assert len(host.requests) - n_loop == 6  # the first address and five redirects


async def test_conditional_requests_send_what_is_remembered():
    def answer(path, writer):
        return http(304, b"", 'ETag: "v2"')

    async with scripted(answer) as host, Fetcher(settings(), clock=lambda: NOW) as fetcher:
        request = Request(url=host.url(), purpose="feed", etag='"v1"', last_modified="Wed, 07 Jan 2026 10:00:00 GMT")
        response = await fetcher.fetch(request)
    assert response.outcome is Outcome.NOT_MODIFIED
    assert 'If-None-Match: "v1"' in host.requests[0]
    assert "If-Modified-Since: Wed, 07 Jan 2026 10:00:00 GMT" in host.requests[0]
    assert response.headers["etag"] == '"v2"'


@pytest.mark.parametrize(
    ("status", "fields", "body"),
    [
        (403, ["cf-mitigated: challenge"], b"<title>Just a moment...</title>"),
        (200, ["cf-mitigated: challenge"], b"<p>anything</p>"),
        (503, [], b"<html><title>Just a moment...</title>"),
        (403, [], b"<title>Attention Required! | Cloudflare</title>"),
        (403, ["X-DataDome: protected"], b"<p>blocked</p>"),
        (403, [], b'<script src="https://ct.captcha-delivery.com/c.js"></script>'),
        (403, [], b"<div id='px-captcha'></div>"),
        (403, ["Server: AkamaiGHost"], b"Access Denied <a href=https://errors.edgesuite.net/18.1>"),
        (202, ["x-amzn-waf-action: challenge"], b"<p></p>"),
    ],
)
async def test_challenges_are_told_from_pages(status, fields, body):
    async with scripted(lambda path, writer: http(status, body, *fields)) as host:
        response = await fetch(host.url())
    assert (response.outcome, response.status) == (Outcome.CHALLENGE, status)
    assert response.body == b""
    assert len(host.requests) == 1


async def test_an_article_that_speaks_of_a_moment_is_no_challenge():
    async with scripted(lambda path, writer: http(200, b"<title>Just a moment...</title>")) as host:
        assert (await fetch(host.url())).outcome is Outcome.OK


@pytest.mark.parametrize(
    ("status", "fields", "wait"),
    [
        (429, ["Retry-After: 120"], timedelta(seconds=120)),
        (503, ["Retry-After: 120"], timedelta(seconds=120)),
        (
            429,
            ["Retry-After: Wed, 07 Jan 2026 14:00:00 GMT", "Date: Wed, 07 Jan 2026 13:00:00 GMT"],
            timedelta(hours=1),
        ),
        (429, ["Retry-After: Wed, 07 Jan 2026 14:00:00 GMT"], timedelta(hours=2)),
        (429, ["Retry-After: 99999999999999999999"], timedelta(hours=24)),
        (429, ["Retry-After: soon"], timedelta(minutes=15)),
        (429, [], timedelta(minutes=15)),
    ],
)
async def test_retry_after_holds_for_the_whole_host(status, fields, wait):
    async with (
        scripted(lambda path, writer: http(status, b"", *fields)) as host,
        Fetcher(settings(), clock=lambda: NOW) as fetcher,
    ):
        limited = await fetcher.fetch(Request(url=host.url("/a"), purpose="feed"))
        later = await fetcher.fetch(Request(url=host.url("/b"), purpose="feed"))
        waits = fetcher.host_waits
    assert limited.outcome is Outcome.LIMITED
    assert limited.retry_at == later.retry_at == NOW + wait
    assert later.outcome is Outcome.HOST_DOWN
    assert later.status is None
    assert len(host.requests) == 1
    assert waits == {"127.0.0.1": NOW + wait}


async def test_waits_of_an_earlier_run_are_kept_until_they_are_over():
    async with scripted(lambda path, writer: http(200, b"ok")) as host:
        for until, outcome in ((NOW + timedelta(hours=1), Outcome.HOST_DOWN), (NOW, Outcome.OK)):
            async with Fetcher(settings(), clock=lambda: NOW, host_waits={"127.0.0.1": until}) as fetcher:
                assert (await fetcher.fetch(Request(url=host.url(), purpose="feed"))).outcome is outcome
    assert len(host.requests) == 1


async def test_a_host_that_cannot_be_reached_twice_is_down_for_the_run():
    names = Names()
    async with Fetcher(settings(), clock=lambda: NOW, resolver=names) as fetcher:
        outcomes = [
            (await fetcher.fetch(Request(url=f"http://dead.test/{n}", purpose="feed"))).outcome for n in range(4)
        ]
        assert list(fetcher.host_waits) == ["dead.test"]
    assert outcomes == [Outcome.UNREACHABLE, Outcome.UNREACHABLE, Outcome.HOST_DOWN, Outcome.HOST_DOWN]
    assert names.asked == ["dead.test"] * 2


async def test_a_name_that_dns_cannot_even_ask_for_is_unreachable():
    response = await fetch(f"http://{'a' * 70}.test/")
    assert response.outcome is Outcome.UNREACHABLE
    assert response.detail.startswith("DNS")


async def test_a_refused_connection_is_unreachable():
    response = await fetch("http://127.0.0.1:9/")
    assert (response.outcome, response.status) == (Outcome.UNREACHABLE, None)
    assert response.detail.startswith("connect")


class HangingNames(Names):
    async def resolve(self, host, port=0, family=0):
        self.asked.append(host)
        await asyncio.sleep(10)


async def test_a_connection_that_does_not_come_about_is_unreachable_and_counts():
    names = HangingNames()
    async with Fetcher(settings(connect_timeout=0.1), clock=lambda: NOW, resolver=names) as fetcher:
        requests = [Request(url=f"http://dead.test/{n}", purpose="feed") for n in range(3)]
        one, two, three = [await fetcher.fetch(request) for request in requests]
    assert one.outcome is two.outcome is Outcome.UNREACHABLE
    assert "within 0.1 s" in one.detail
    assert three.outcome is Outcome.HOST_DOWN
    assert 90 <= one.duration_ms < 9_000


async def test_a_host_that_never_answers_in_time_holds_up_no_more_than_two_pages():
    async def silent(writer):
        await asyncio.sleep(10)

    async with (
        scripted(lambda path, writer: silent(writer)) as host,
        Fetcher(settings(total_timeout=0.5), clock=lambda: NOW) as fetcher,
    ):
        responses = [await fetcher.fetch(Request(url=host.url(f"/{n}"), purpose="feed")) for n in range(4)]
    assert [r.outcome for r in responses] == [Outcome.TIMEOUT] * 2 + [Outcome.HOST_DOWN] * 2
    assert len(host.requests) == 2
