"""Killed at any moment while polling, nothing is lost and nothing doubled.

TRACKER_POLL_KILLS=100 kills a hundred times, which takes some minutes; TRACKER_POLL_KILL_SEED repeats a sequence.
"""

from __future__ import annotations

import asyncio
import os
import random
from pathlib import Path

import duckdb
import pytest

from tests.faults.command import asked, snapshot, tracker
from tests.faults.homes import make_home, rss
from tests.faults.scripted import http, scripted

N_KILLS = int(os.environ.get("TRACKER_POLL_KILLS", "4"))
SEED = int(os.environ.get("TRACKER_POLL_KILL_SEED", "0")) or random.SystemRandom().randrange(1, 10**6)
N_FEEDS = 600  # their entries fill several transactions
N_ITEMS = 20
N_HOSTS = 30
ANSWER_SECONDS = 0.03  # of a host: 600 answers at 16 at once take a second, in which most kills fall
LATEST_KILL = 0.5  # seconds after the last answer waited for: some fall into storing, some into publishing


def address(number: int) -> str:
    return f"http://h{number % N_HOSTS}.example/feed{number}"


@pytest.mark.slow
@pytest.mark.timeout(120 + 20 * N_KILLS)
async def test_killed_while_polling_nothing_is_lost_or_doubled(tmp_path, capfd):
    draw = random.Random(SEED)  # noqa: S311
    bodies = {address(n): rss(*[f"/{n}-{item}" for item in range(N_ITEMS)]) for n in range(N_FEEDS)}

    async def answer(url: str, writer: asyncio.StreamWriter) -> None:
        # an ETag that was stored without its entries would lose them for good
        is_known = 'If-None-Match: "1"' in next(head for head in reversed(host.requests) if f" {url} " in head)
        await asyncio.sleep(ANSWER_SECONDS)
        writer.write(http(304) if is_known else http(200, bodies[url], 'ETag: "1"'))
        await writer.drain()

    hosts = {f"o{n}": [url for url in bodies if f"//h{n}." in url] for n in range(N_HOSTS)}
    home = make_home(tmp_path / "home", hosts)
    steps = [0]
    async with scripted(answer) as host:
        for _ in range(N_KILLS):
            async with tracker(home, host, "-q", "poll") as process:
                await asked(host, process, len(host.requests) + draw.randint(1, N_FEEDS))
                await asyncio.sleep(draw.uniform(0, LATEST_KILL))
            steps.append(stored(home))
            assert steps[-1] >= steps[-2]  # what was committed stays
            assert steps[-1] % N_ITEMS == 0  # a feed's items come together
        async with tracker(home, host, "-q", "poll") as process:
            out, err = await process.communicate()
        assert process.returncode == 0, (out, err)
    with capfd.disabled():
        print(f"\nseed {SEED}: {N_KILLS} kills, {len(host.requests)} requests; entries after each: {steps[1:]}")  # noqa: T201
    n = N_FEEDS * N_ITEMS
    assert snapshot(home, "SELECT count(*), count(DISTINCT canonical_url) FROM entries") == [(n, n)]
    assert snapshot(home, "SELECT count(*) FROM entry_feeds") == [(n,)]
    # each body was taken once: a request is recorded together with what it brought, or not at all
    assert snapshot(home, "SELECT count(*), count(DISTINCT feed) FROM fetches WHERE outcome = 'ok'") == [(N_FEEDS,) * 2]
    assert snapshot(home, "SELECT count(*) FROM gaps") == [(0,)]


def stored(home: Path) -> int:
    """Return how many entries a killed run left; opening the database plays back the log that the kill left."""
    path = home / "state" / "master.duckdb"
    if not path.exists():
        return 0
    with duckdb.connect(str(path)) as connection:
        is_there = connection.execute("SELECT true FROM duckdb_tables() WHERE table_name = 'entries'").fetchall()
        return connection.execute("SELECT count(*) FROM entries").fetchall()[0][0] if is_there else 0
