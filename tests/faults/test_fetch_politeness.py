"""One at a time per host, robots.txt, and a clean end."""

from __future__ import annotations

import asyncio
import ssl
import subprocess

import pytest

from tests.faults.scripted import NOW, Names, http, scripted, settings
from tracker.fetch import Fetcher
from tracker.fetch import client as client_module
from tracker.fetch import politeness as politeness_module
from tracker.model import Outcome, Request

PAUSE = 0.1


@pytest.fixture(autouse=True)
def _short_backoff(monkeypatch):
    monkeypatch.setattr(client_module, "BACKOFF", (0.0, 0.01))


def pages(fetcher, urls, purpose="page"):
    return asyncio.gather(*(fetcher.fetch(Request(url=url, purpose=purpose)) for url in urls))


async def test_one_request_at_a_time_per_host_with_the_pause_after_each():
    async def answer(writer):
        await asyncio.sleep(0.02)
        writer.write(http(200, b"ok"))
        await writer.drain()

    async with (
        scripted(lambda path, writer: answer(writer)) as host,
        Fetcher(settings(per_host_delay=PAUSE), clock=lambda: NOW) as fetcher,
    ):
        responses = await pages(fetcher, [host.url(f"/{n}") for n in range(4)], "feed")
    assert [r.outcome for r in responses] == [Outcome.OK] * 4
    assert host.paths == ["/0", "/1", "/2", "/3"]  # first come, first served
    gaps = [after[0] - before[1] for before, after in zip(host.times, host.times[1:], strict=False)]
    assert min(gaps) >= PAUSE * 0.9
    waited = host.times[-1][0] - host.times[0][0]  # by the last, whose duration leaves that out
    assert responses[-1].duration_ms / 1000 < waited


async def test_hosts_do_not_wait_for_each_other_and_all_stay_under_the_bound():
    n_open, most = 0, 0

    async def answer(writer):
        nonlocal n_open, most
        n_open += 1
        most = max(most, n_open)
        await asyncio.sleep(0.03)
        n_open -= 1
        writer.write(http(200, b"ok"))
        await writer.drain()

    names = Names(**{f"h{n}_test": ["127.0.0.1"] for n in range(12)})
    hosts = tuple(f"h{n}.test" for n in range(12))
    async with scripted(lambda path, writer: answer(writer)) as host:
        changes = {"allow_private_hosts": hosts, "concurrency": 4, "per_host_delay": 5}
        async with Fetcher(settings(**changes), clock=lambda: NOW, resolver=names) as fetcher:
            responses = await pages(fetcher, [host.url(host=name) for name in hosts], "feed")
    assert all(r.outcome is Outcome.OK for r in responses)
    assert most == 4


async def test_those_who_wait_for_a_host_that_goes_down_are_told_at_once():
    async with (
        scripted(lambda path, writer: http(429, b"", "Retry-After: 60")) as host,
        Fetcher(settings(per_host_delay=30), clock=lambda: NOW) as fetcher,
    ):
        async with asyncio.timeout(8):
            responses = await pages(fetcher, [host.url(f"/{n}") for n in range(20)], "feed")
    assert [r.outcome for r in responses] == [Outcome.LIMITED] + [Outcome.HOST_DOWN] * 19
    assert len(host.requests) == 1


def robots_host(robots: bytes):
    return lambda path, writer: robots if path == "/robots.txt" else http(200, b"<p>page</p>")


RULES = b"User-agent: *\nDisallow: /\n\nUser-agent: coverage-tracker\nDisallow: /private/\nAllow: /private/open\n"


async def test_robots_rules_are_obeyed_for_pages_and_not_asked_for_feeds():
    async with scripted(robots_host(http(200, RULES))) as host, Fetcher(settings(), clock=lambda: NOW) as fetcher:
        urls = [host.url(path) for path in ("/story", "/private/x", "/private/open")]
        story, private, open_ = await pages(fetcher, urls)
        feed = await fetcher.fetch(Request(url=host.url("/private/feed"), purpose="feed"))
        side = fetcher.drain_side_fetches()
        assert fetcher.drain_side_fetches() == []
    assert [r.outcome for r in (story, private, open_, feed)] == [
        Outcome.OK,
        Outcome.ROBOTS,
        Outcome.OK,
        Outcome.OK,
    ]
    assert host.paths.count("/robots.txt") == 1
    assert [(r.request.purpose, r.outcome, r.final_url) for r in side] == [
        ("robots", Outcome.OK, host.url("/robots.txt"))
    ]


@pytest.mark.parametrize(
    ("robots", "outcome"),
    [
        (http(404), Outcome.OK),
        (http(403), Outcome.OK),
        (http(200), Outcome.OK),
        (http(500), Outcome.SERVER_ERROR),
        (http(503), Outcome.SERVER_ERROR),
        (b"", Outcome.UNREACHABLE),
        (http(429, b"", "Retry-After: 9"), Outcome.HOST_DOWN),
        (http(302, b"", "Location: /robots.txt"), Outcome.OK),  # a loop is as good as none (RFC 9309, 2.3.1.2)
        (http(200, b"\xef\xbb\xbfUser-agent: *\nDisallow: /"), Outcome.ROBOTS),
        (http(200, b"User-agent: *\nDisallow: /", length=999), Outcome.ROBOTS),  # cut: what came counts
        (http(200, b"User-agent: *\nDisallow: /\n" + b"# padding\n" * 60_000), Outcome.ROBOTS),  # above 500 KiB
        (http(200, b"<html>soft 404 with Disallow: / in it</html>"), Outcome.OK),
        (http(200, b"\xff\xfe\x00" * 100), Outcome.OK),
    ],
)
async def test_each_way_robots_txt_may_be_missing(robots, outcome):
    async with scripted(robots_host(robots)) as host, Fetcher(settings(), clock=lambda: NOW) as fetcher:
        one, two = await pages(fetcher, [host.url("/a"), host.url("/b")])
    assert one.outcome is two.outcome is outcome
    assert ("/a" in host.paths) == (outcome is Outcome.OK)


async def test_robots_may_be_switched_off():
    async with (
        scripted(robots_host(http(200, b"User-agent: *\nDisallow: /"))) as host,
        Fetcher(settings(respect_robots=False), clock=lambda: NOW) as fetcher,
    ):
        (page,) = await pages(fetcher, [host.url("/a")])
    assert page.outcome is Outcome.OK
    assert host.paths == ["/a"]


async def test_a_redirect_to_a_disallowed_page_is_not_followed():
    def answer(path, writer):
        if path == "/robots.txt":
            return http(200, b"User-agent: *\nDisallow: /private")
        return http(302, b"", "Location: /private")

    async with scripted(answer) as host, Fetcher(settings(), clock=lambda: NOW) as fetcher:
        (page,) = await pages(fetcher, [host.url("/a")])
    assert page.outcome is Outcome.ROBOTS
    assert "/private" not in host.paths


@pytest.mark.parametrize(("asked", "cap", "kept"), [("0.1", 60.0, 0.1), ("3600", 0.1, 0.1)])
async def test_crawl_delay_is_kept_up_to_a_cap(monkeypatch, asked, cap, kept):
    monkeypatch.setattr(politeness_module, "MAX_CRAWL_DELAY", cap)
    async with (
        scripted(robots_host(http(200, f"User-agent: *\nCrawl-delay: {asked}".encode()))) as host,
        Fetcher(settings(), clock=lambda: NOW) as fetcher,
    ):
        await pages(fetcher, [host.url("/a"), host.url("/b")])
    gap = host.times[2][0] - host.times[1][1]
    assert kept * 0.9 <= gap < kept + 0.5


async def test_cancelling_lets_the_next_one_through():
    async def answer(path, writer):
        if path == "/slow":
            await asyncio.sleep(10)
        writer.write(http(200, b"ok"))
        await writer.drain()

    async with scripted(answer) as host, Fetcher(settings(total_timeout=20), clock=lambda: NOW) as fetcher:
        slow = asyncio.create_task(fetcher.fetch(Request(url=host.url("/slow"), purpose="feed")))
        next_one = asyncio.create_task(fetcher.fetch(Request(url=host.url("/next"), purpose="feed")))
        await asyncio.sleep(0.05)
        slow.cancel()
        async with asyncio.timeout(8):
            assert (await next_one).outcome is Outcome.OK
        with pytest.raises(asyncio.CancelledError):
            await slow


@pytest.fixture
def certificate(tmp_path):
    key, cert = tmp_path / "key.pem", tmp_path / "cert.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=127.0.0.1"]
    try:
        subprocess.run([*command, "-keyout", key, "-out", cert], check=True, capture_output=True)
    except FileNotFoundError:
        pytest.skip("needs openssl to make a certificate")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    return context


async def test_certificates_are_verified_unless_the_feed_says_otherwise(certificate):
    async def serve(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(http(200, b"ok"))
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=certificate)
    url = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    async with server, Fetcher(settings(), clock=lambda: NOW) as fetcher:
        verified = await fetcher.fetch(Request(url=url, purpose="feed"))
        not_verified = await fetcher.fetch(Request(url=url, purpose="feed", verify_tls=False))
    assert (verified.outcome, verified.detail[:4]) == (Outcome.UNREACHABLE, "TLS:")
    assert not_verified.outcome is Outcome.OK
    assert "TLS not verified" in not_verified.detail
