"""Polling 2,000 feeds on 200 hosts over loopback and fetching as many pages, beside a bare aiohttp loop.

    python benchmarks/collect.py [--feeds N] [--hosts N] [--items N] [--rounds N] [--json FILE]

The server is a process of its own and answers from memory. Each measurement is a process of its own, too, so that
its peak memory is its own. The bare loop downloads the same bytes and forgets them, or reads each with feedparser
first; the tracker keeps its manners (one request at a time per host, no pause), reads every feed, and stores every
entry and request. Feeds are polled cold and then unchanged. Pages come compressed; the bare loop unpacks and forgets
them, the tracker asks each host for its robots.txt and keeps every page in its archive, on disk before the next
hundred. What it then reads out of them is ``pipeline.py``'s.
Rounds alternate, and the quickest of each counts: what else the machine does can only slow them down.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import json
import random
import resource
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import aclosing, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import chain
from pathlib import Path

import aiohttp
import feedparser
from aiohttp.abc import AbstractResolver, ResolveResult

CONCURRENCY = 64  # requests under way, the tracker's default
SHORT_ROUNDS = 4  # of a poll that lasts a second, to each of one that lasts a minute: chance weighs more there
PUBLISHED = datetime(2026, 1, 7, tzinfo=UTC)
SUMMARY = (
    "A federal judge ruled on Monday that the agencies may go on sharing the records while the case is heard. " * 2
)
PAGE = "page-"  # what a page's path begins with
PAGE_PARAGRAPHS = 1_200  # of some 300 bytes: 350 kB, as captured news pages have in the mean
PAGE_KINDS = 20  # that are served in turns
RULES = b"User-agent: *\nDisallow: /private/\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """How much is polled, and fetched: a page for each feed."""

    feeds: int
    hosts: int
    items: int

    def address(self, number: int, port: int, path: str = "") -> str:
        """Return where a feed is, or a page."""
        return f"http://{self.name(number % self.hosts)}:{port}/{path}{number}"

    @staticmethod
    def name(host: int) -> str:
        """Name a host."""
        return f"host-{host}.bench.example"


def feed_body(number: int, items: int) -> bytes:
    """Write a feed as publishing systems do; 30 items make 19 kB, a usual size."""
    listed = "".join(
        f"<item><title><![CDATA[Judge rules on records, part {item} of {number}]]></title>"
        f"<link>https://news-{number}.example/2026/01/07/judge-rules-on-records-{item}?utm_source=rss</link>"
        f'<guid isPermaLink="false">{number}-{item}</guid><dc:creator>Ann Writer</dc:creator>'
        f"<pubDate>{format_datetime(PUBLISHED - timedelta(hours=item))}</pubDate>"
        f"<description>&lt;p&gt;{SUMMARY}&lt;/p&gt;</description></item>"
        for item in range(items)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<channel><title>News {number}</title><link>https://news-{number}.example/</link>{listed}</channel></rss>"
    ).encode()


def page_body(kind: int) -> bytes:
    """Write a page that packs to a quarter, as those of news sites nearly do."""
    words = random.Random(kind)  # noqa: S311 - a text, no secret
    known = ["".join(words.choices("aeinorstl", k=words.randint(2, 9))) for _ in range(150)]
    paragraphs = "".join(
        f'<p class="paragraph" data-part="{part}">{" ".join(words.choices(known, k=40))}</p>'
        for part in range(PAGE_PARAGRAPHS)
    )
    return f"<!doctype html><html lang=en><head><title>Page {kind}</title></head><body>{paragraphs}</body>".encode()


# ---------------------------------------------------------------- the server


class Site(asyncio.Protocol):
    """Answers ``GET /NUMBER``, with 304 where the request has a validator, and ``/page-NUMBER``, and ``/robots.txt``.

    Keeps connections open.
    """

    feeds: tuple[bytes, ...] = ()
    pages: tuple[bytes, ...] = ()
    robots = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n" % len(RULES) + RULES

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember where to answer."""
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer a request; the small ones that are made here come whole."""
        head = data.split(b"\r\n\r\n", 1)[0]
        if b"\r\nIf-None-Match: " in head:
            answer = b'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\n\r\n'
        else:
            answer = self._answer(head.split(b" ", 2)[1].decode().removeprefix("/"))
        self.transport.write(answer)  # type: ignore[attr-defined]

    def _answer(self, path: str) -> bytes:
        if path == "robots.txt":
            return self.robots
        if path.startswith(PAGE):
            return self.pages[int(path.removeprefix(PAGE)) % PAGE_KINDS]
        return self.feeds[int(path)]


def serve(scale: Scale, port: int) -> None:
    bodies = (feed_body(number, scale.items) for number in range(scale.feeds))
    Site.feeds = tuple(
        b'HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nETag: "1"\r\nContent-Length: %d\r\n\r\n' % len(body)
        + body
        for body in bodies
    )
    packed = (gzip.compress(page_body(kind)) for kind in range(PAGE_KINDS))
    Site.pages = tuple(
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Encoding: gzip\r\n"
        b"Content-Length: %d\r\n\r\n" % len(body) + body
        for body in packed
    )

    async def run() -> None:
        server = await asyncio.get_running_loop().create_server(Site, "127.0.0.1", port, backlog=1_024)
        print("serving", flush=True)
        await server.serve_forever()

    asyncio.run(run())


# ---------------------------------------------------------------- what is measured


class Loopback(AbstractResolver):
    """Every name is this machine."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Return this machine."""
        return [ResolveResult(hostname=host, host="127.0.0.1", port=port, family=family, proto=0, flags=0)]

    async def close(self) -> None:
        """Hold nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """One measurement: seconds by the clock and of CPU, for what is asked and for the whole run, and peak memory."""

    seconds: float
    cpu: float
    whole_seconds: float
    memory_mb: float
    n_bytes: int


@contextmanager
def stopwatch() -> Iterator[list[float]]:
    """Yield a list that holds, when the block is left, the seconds by the clock and of CPU that it took."""
    begun_at, cpu = time.perf_counter(), time.process_time()
    taken: list[float] = []
    yield taken
    taken += [time.perf_counter() - begun_at, time.process_time() - cpu]


def memory_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


async def bare(
    scale: Scale,
    port: int,
    *,
    path: str = "",
    is_known: bool = False,
    read: Callable[[bytes], object] = lambda body: body,
) -> Cost:
    """Download every feed, or page, as fast as aiohttp can, and read it."""
    headers = {"If-None-Match": '"1"'} if is_known else {}
    slots = asyncio.Semaphore(CONCURRENCY)
    connector = aiohttp.TCPConnector(limit=CONCURRENCY, resolver=Loopback())

    async def get(session: aiohttp.ClientSession, number: int) -> int:
        async with slots, session.get(scale.address(number, port, path), headers=headers) as response:
            body = await response.read()
        read(body)
        return len(body)

    with stopwatch() as taken:
        async with aiohttp.ClientSession(connector=connector) as session:
            sizes = await asyncio.gather(*(get(session, number) for number in range(scale.feeds)))
    seconds, cpu = taken
    return Cost(seconds=seconds, cpu=cpu, whole_seconds=seconds, memory_mb=memory_mb(), n_bytes=sum(sizes))


async def whole_poll(scale: Scale, home: Path) -> Cost:
    """Do what ``tracker poll`` does; the time for opening the home and for publishing is told apart."""
    from pipelines.progress import Progress  # noqa: PLC0415
    from pipelines.runs import Options, begun, feeds_of, finish  # noqa: PLC0415 - the bare loop's memory is without
    from pipelines.steps.poll import poll  # noqa: PLC0415
    from tracker.fetch import Fetcher  # noqa: PLC0415

    outcome = "SELECT count(*), sum(n_bytes) FROM fetches WHERE run = ? AND outcome IN ('ok', 'not_modified')"
    with stopwatch() as whole, begun(home, "poll", Options(), Progress(verbosity=-1)) as run:
        async with Fetcher(run.home.settings.fetch, clock=run.clock, resolver=Loopback()) as fetcher:
            with stopwatch() as taken:
                await poll(run, fetcher, feeds_of(run.home))
        n_well, n_bytes = run.store.db.connection.execute(outcome, [run.id]).fetchall()[0]
        n_entries = run.store.db.connection.execute("SELECT count(*) FROM entries").fetchall()[0][0]
        assert (n_well, n_entries) == (scale.feeds, scale.feeds * scale.items), (n_well, n_entries)
        finish(run)
    return Cost(seconds=taken[0], cpu=taken[1], whole_seconds=whole[0], memory_mb=memory_mb(), n_bytes=n_bytes)


async def whole_fetch(scale: Scale, port: int, home: Path) -> Cost:
    """Fetch and archive every page, as ``pipelines.steps.read`` does; the time for opening the home is told apart."""
    from pipelines.progress import Progress  # noqa: PLC0415
    from pipelines.runs import Options, begun  # noqa: PLC0415
    from pipelines.steps.in_order import in_order  # noqa: PLC0415
    from pipelines.steps.read import BATCH, WINDOW  # noqa: PLC0415
    from tracker.archive import ArchiveWriter  # noqa: PLC0415
    from tracker.fetch import Fetcher  # noqa: PLC0415
    from tracker.model import Outcome, Request  # noqa: PLC0415

    asked = [Request(url=scale.address(number, port, PAGE)) for number in range(scale.feeds)]
    n_well = n_bytes = 0
    with stopwatch() as whole, begun(home, "fetch", Options(), Progress(verbosity=-1)) as run:
        async with Fetcher(run.home.settings.fetch, clock=run.clock, resolver=Loopback()) as fetcher:
            with stopwatch() as taken, ArchiveWriter(run.home.archive, run.clock) as archive:
                async with aclosing(in_order(asked, fetcher.fetch, window=WINDOW)) as responses:
                    async for _, response in responses:
                        n_well += archive.append(response).outcome is Outcome.OK
                        n_bytes += len(response.body)
                        if n_well % BATCH == 0:
                            archive.flush()
            n_robots = sum(one.outcome is Outcome.OK for one in fetcher.drain_side_fetches())
        assert (n_well, n_robots) == (scale.feeds, scale.hosts), (n_well, n_robots)
    return Cost(seconds=taken[0], cpu=taken[1], whole_seconds=whole[0], memory_mb=memory_mb(), n_bytes=n_bytes)


def make_home(scale: Scale, home: Path, port: int) -> None:
    from tracker.config import init_home  # noqa: PLC0415

    init_home(home, feeds=False)
    names = [scale.name(host) for host in range(scale.hosts)]
    settings = (
        f"[fetch]\nper_host_delay = 0.0\nconcurrency = {CONCURRENCY}\nallow_private_hosts = {json.dumps(names)}\n"
    )
    (home / "tracker.toml").write_text(settings)
    outlets = "".join(
        f'[[outlets]]\noutlet = "o{host}"\nname = "Outlet {host}"\nscopes = ["{name}"]\n'
        f"feeds = {json.dumps([scale.address(number, port) for number in range(host, scale.feeds, scale.hosts)])}\n"
        for host, name in enumerate(names)
    )
    (home / "outlets.toml").write_text(outlets)


# ---------------------------------------------------------------- rounds


def measured(what: str, scale: Scale, port: int, home: Path) -> Cost:
    """Measure in a process of its own."""
    scaling = [str(value) for value in asdict(scale).values()]
    command = [sys.executable, __file__, "--one", what, *scaling, str(port), str(home)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    if ended.returncode:
        raise SystemExit(f"{what}: {ended.stderr}")
    return Cost(**json.loads(ended.stdout.splitlines()[-1]))


def one(arguments: list[str]) -> None:
    """Be the server, or take one measurement and print it."""
    what, feeds, hosts, items, port, home = arguments
    scale = Scale(feeds=int(feeds), hosts=int(hosts), items=int(items))
    runs: dict[str, Callable[[], Cost]] = {
        "bare cold": lambda: asyncio.run(bare(scale, int(port))),
        "bare read": lambda: asyncio.run(bare(scale, int(port), read=feedparser.parse)),
        "bare 304": lambda: asyncio.run(bare(scale, int(port), is_known=True)),
        "cold": lambda: asyncio.run(whole_poll(scale, Path(home))),
        "304": lambda: asyncio.run(whole_poll(scale, Path(home))),
        "bare pages": lambda: asyncio.run(bare(scale, int(port), path=PAGE)),
        "pages": lambda: asyncio.run(whole_fetch(scale, int(port), Path(home))),
    }
    if what == "serve":
        serve(scale, int(port))
        return
    print(json.dumps(asdict(runs[what]())))


@contextmanager
def served(scale: Scale) -> Iterator[int]:
    """Serve the feeds and pages; yield the port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    scaling = [str(value) for value in asdict(scale).values()]
    command = [sys.executable, __file__, "--one", "serve", *scaling, str(port), "-"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        assert "serving" in server.stdout.readline()
        try:
            yield port
        finally:
            server.kill()


def compare(scale: Scale, rounds: int) -> dict[str, dict[str, object]]:
    """Return the scale, what each measurement cost at best, and what ours cost in terms of the bare loop's."""
    compared = (("cold", "bare cold"), ("cold", "bare read"), ("304", "bare 304"), ("pages", "bare pages"))
    costs: dict[str, list[Cost]] = {name: [] for name in dict.fromkeys(name for pair in compared for name in pair)}
    with served(scale) as port, tempfile.TemporaryDirectory() as folder:
        for number in range(rounds):
            home = Path(folder) / str(number)
            make_home(scale, home, port)
            for what in ("bare cold", "bare read", "cold", *("bare 304", "304", "bare pages", "pages") * SHORT_ROUNDS):
                costs[what].append(measured(what, scale, port, home))
    best = {what: min(taken, key=lambda cost: cost.cpu) for what, taken in costs.items()}
    costs_of = {
        what: {
            "a_second": round(scale.feeds / cost.seconds),
            "cpu_us_each": round(1e6 * cost.cpu / scale.feeds),
            "peak_memory_mb": round(cost.memory_mb),
            "whole_run_s": round(cost.whole_seconds, 2),
        }
        for what, cost in best.items()
    }
    ratios = {
        f"{what} / {other}": {
            "seconds": round(best[what].seconds / best[other].seconds, 2),
            "cpu": round(best[what].cpu / best[other].cpu, 2),
            "memory": round(best[what].memory_mb / best[other].memory_mb, 2),
        }
        for what, other in compared
    }
    size = asdict(scale) | {"rounds": rounds, "mb_of_feeds": round(best["cold"].n_bytes / 1e6, 1)}
    return {"scale": {"": size}, "costs": {**costs_of}, "ratios": {**ratios}}


def main() -> None:
    if sys.argv[1:2] == ["--one"]:
        one(sys.argv[2:])
        return
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--feeds", type=int, default=2_000)
    parser.add_argument("--hosts", type=int, default=200)
    parser.add_argument("--items", type=int, default=30)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    figures = compare(Scale(feeds=options.feeds, hosts=options.hosts, items=options.items), options.rounds)
    for name, row in chain.from_iterable(rows.items() for rows in figures.values()):
        print(f"{name:>18}  " + "  ".join(f"{key} {value}" for key, value in row.items()))  # type: ignore[attr-defined]
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
