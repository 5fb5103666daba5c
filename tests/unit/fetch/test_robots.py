from __future__ import annotations

from datetime import UTC, datetime

import pytest
from yarl import URL

from tracker.fetch import robots as robots_module
from tracker.fetch.robots import KEEP_SECONDS, UNREACHABLE_SECONDS, Robots
from tracker.model import Outcome, Request, Response

PAGE = URL("https://example.org/a/story")


class Site:
    """Answers robots.txt as told, on a clock of its own."""

    def __init__(self, body: bytes = b"", status: int | None = 200, outcome: Outcome = Outcome.OK) -> None:
        self.body, self.status, self.outcome = body, status, outcome
        self.asked: list[str] = []
        self.delays: dict[str, float] = {}
        self.now = 0.0
        self.robots = Robots(self.ask, "coverage-tracker", slow_down=self.delays.__setitem__, now=lambda: self.now)

    async def ask(self, url: URL) -> Response:
        self.asked.append(str(url))
        return Response(
            fetch="f",
            request=Request(url=str(url), purpose="robots"),
            final_url=str(url),
            status=self.status,
            outcome=self.outcome,
            at=datetime(2026, 1, 7, tzinfo=UTC),
            body=self.body,
        )


@pytest.mark.parametrize(
    ("site", "seconds"),
    [
        (Site(b"User-agent: *\nDisallow: /"), KEEP_SECONDS),
        (Site(status=404, outcome=Outcome.NOT_FOUND), KEEP_SECONDS),
        (Site(status=500, outcome=Outcome.SERVER_ERROR), UNREACHABLE_SECONDS),
        (Site(status=None, outcome=Outcome.TIMEOUT), UNREACHABLE_SECONDS),
    ],
)
async def test_rules_are_kept_for_their_time_and_then_asked_for_again(site, seconds):
    for site.now in (0.0, seconds - 1, seconds, seconds + 1):
        await site.robots.denial(PAGE)
    assert site.asked == ["https://example.org/robots.txt"] * 2


async def test_each_origin_has_its_own_rules():
    site = Site(b"User-agent: *\nDisallow: /private")
    for url in ("https://example.org/a", "http://example.org/a", "https://example.org:8443/a", "https://example.org/b"):
        assert await site.robots.denial(URL(url)) is None
    assert site.asked == [
        "https://example.org/robots.txt",
        "http://example.org/robots.txt",
        "https://example.org:8443/robots.txt",
    ]


async def test_the_longest_match_and_wildcards_decide():
    site = Site(b"User-agent: *\nDisallow: /a/\nAllow: /a/*.html$\nDisallow: /*?print=")
    denials = [
        await site.robots.denial(URL("https://example.org" + path))
        for path in ("/a/x", "/a/x.html", "/b?print=1", "/b")
    ]
    assert [denial is None for denial in denials] == [False, True, False, True]


async def test_the_host_is_slowed_down_as_asked():
    site = Site(b"User-agent: other\nCrawl-delay: 50\n\nUser-agent: Coverage-Tracker\nCrawl-delay: 7.5")
    await site.robots.denial(PAGE)
    assert site.delays == {"example.org": 7.5}


@pytest.mark.parametrize("asked", ["-5", "nan", "soon", "inf", "1e400"])
async def test_odd_crawl_delays_do_no_harm(asked):
    site = Site(f"User-agent: *\nCrawl-delay: {asked}".encode())
    assert await site.robots.denial(PAGE) is None
    assert all(delay > 0 for delay in site.delays.values())


async def test_rules_of_many_origins_stay_bounded(monkeypatch):
    monkeypatch.setattr(robots_module, "MAX_ORIGINS", 10)
    site = Site(b"User-agent: *\nDisallow: /private")
    for n in range(50):
        await site.robots.denial(URL(f"https://h{n}.example.org/"))
    assert len(site.robots._origins) <= 10
    assert await site.robots.denial(URL("https://h49.example.org/private")) is not None
    assert len(site.asked) == 50


async def test_a_hostile_file_costs_little_time():
    site = Site((b"User-agent: *\n" + b"Disallow: /" + b"*a" * 200 + b"b\n") + b"Disallow: /" + b"*a" * 40 + b"$\n")
    assert await site.robots.denial(URL("https://example.org/" + "a" * 2_000)) is not None
