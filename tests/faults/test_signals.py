"""Asked to end by a signal, a run stores what it has read, publishes and leaves; the next one goes on."""

from __future__ import annotations

import asyncio
import signal
import time
from pathlib import Path

import pytest

from tests.faults.command import PATIENCE, asked, snapshot, tracker
from tests.faults.homes import NOW, make_home, rss
from tests.faults.scripted import Host, http, scripted

N_FEEDS = 40
SLOW = 0.15  # seconds an answer; the feeds share a host, so they come one by one
STORY = (
    "<article>" + "<p>A federal judge ruled that the agencies may go on sharing the records.</p>" * 12 + "</article>"
)
LIKELY = "/irs-may-share-taxpayer-data-with-ice"
LEAVING = 20.0  # seconds to publish and go, on a machine that is busy


def slow(bodies: dict[str, bytes]):
    async def answer(url: str, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(SLOW)
        writer.write(bodies.get(url.removeprefix("http://news.example"), http(404)))
        await writer.drain()

    return answer


def page(title: str) -> bytes:
    return http(200, f"<html><head><title>{title}</title></head><body>{STORY}</body></html>".encode())


async def stopped(home: Path, host: Host, name: signal.Signals, n: int, *arguments: str) -> tuple[int | None, str, str]:
    """Start a run, send it a signal once ``n`` requests were made, and return how it ended."""
    async with tracker(home, host, *arguments) as process:
        await asked(host, process, n)
        begun = time.monotonic()
        process.send_signal(name)
        out, err = await asyncio.wait_for(process.communicate(), PATIENCE)
        assert time.monotonic() - begun < LEAVING
        return process.returncode, out.decode(), err.decode()


@pytest.mark.parametrize("name", [signal.SIGTERM, signal.SIGINT])
async def test_a_run_that_is_asked_to_end_while_polling_publishes_and_the_next_goes_on(tmp_path, name):
    bodies = {f"/feed{n}": http(200, rss(f"/{n}a", f"/{n}b")) for n in range(N_FEEDS)}
    async with scripted(slow(bodies)) as host:
        home = make_home(tmp_path / "home", {"daily": [f"http://news.example{path}" for path in bodies]})
        code, out, err = await stopped(home, host, name, 10, "nightly")
        assert code == 1
        assert f"Stopped by {name.name}: the next run goes on" in out
        assert "Traceback" not in err
        (row,) = snapshot(home, "SELECT exit_code, note, ended_at IS NOT NULL, n_feeds FROM runs")
        assert row[:3] == (1, f"stopped by {name.name}: the next run goes on from here", True)
        (found,) = snapshot(home, "SELECT count(*) FROM entries")
        assert found[0] == 2 * row[3] > 0  # what was read is stored, and published
        assert len(host.requests) < N_FEEDS
        async with tracker(home, host, "poll") as process:
            await process.communicate()
        assert snapshot(home, "SELECT count(*), count(DISTINCT entry) FROM entries") == [(2 * N_FEEDS, 2 * N_FEEDS)]


async def test_asked_to_end_while_reading_pages_the_counts_reconcile_and_no_page_is_read_twice(tmp_path):
    paths = [f"/story{n}" for n in range(30)]
    bodies = {"/feed": http(200, rss(*paths))} | {path: page(f"Judge rules {path}") for path in paths}
    async with scripted(slow(bodies)) as host:
        home = make_home(tmp_path / "home", {"daily": ["http://news.example/feed"]})
        code, out, _ = await stopped(home, host, signal.SIGTERM, 12, "nightly", "--all-entries")
        assert code == 1
        assert "counts do not reconcile" not in out
        (first,) = snapshot(home, "SELECT n_chosen, n_stored, n_pending FROM runs")
        assert first[0] == 30 == first[1] + first[2]
        assert 0 < first[1] < 30
        assert snapshot(home, "SELECT count(*) FROM articles") == [(first[1],)]
        async with tracker(home, host, "nightly", "--all-entries") as process:
            await process.communicate()
        assert snapshot(home, "SELECT count(*) FROM articles") == [(30,)]
        asked_twice = [path for path in paths if sum(f"{path} " in head for head in host.requests) > 1]
        assert len(asked_twice) <= 2  # one that was being fetched and one that was being read


async def test_a_watch_follows_the_feeds_own_schedule_publishes_on_the_way_and_ends_well(tmp_path):
    listed = ["/a", "/b", "/c"]

    def answer(url: str, _: object) -> bytes:
        path = url.removeprefix("http://news.example")
        if path == "/feed":
            return http(200, rss(*listed, at=NOW))
        return page("Judge rules that the IRS may share taxpayer data with ICE") if path == LIKELY else http(404)

    async with scripted(answer) as host:
        home = make_home(tmp_path / "home", {"daily": ["http://news.example/feed"]})
        often = {"TRACKER_COLLECT__MIN_INTERVAL_MINUTES": "0.02", "TRACKER_PUBLISH__EVERY_MINUTES": "0.02"}
        often["TRACKER_COLLECT__MAX_INTERVAL_HOURS"] = "0.0003"  # a second
        async with tracker(home, host, "watch", **often) as process:
            await asked(host, process, 2)
            listed.insert(0, LIKELY)
            async with asyncio.timeout(PATIENCE):
                while not _has_article(home):
                    assert process.returncode is None, (
                        await process.communicate()
                    )  # published on the way, not at the end
                    await asyncio.sleep(0.2)
            n_asked = sum("/feed " in head for head in host.requests)
            process.send_signal(signal.SIGTERM)
            out, err = await asyncio.wait_for(process.communicate(), PATIENCE)
        assert process.returncode == 0, (out, err)
        assert n_asked >= 3
        assert [head.split(" ")[1] for head in host.requests].count(f"http://news.example{LIKELY}") == 1
        # unlikely to be on a topic: never asked for
        assert not any("news.example/a " in head for head in host.requests)
        assert snapshot(home, "SELECT command, exit_code, ended_at IS NOT NULL FROM runs") == [("watch", 0, True)]


def _has_article(home: Path) -> bool:
    return (home / "coverage.duckdb").exists() and bool(snapshot(home, "SELECT 1 FROM articles"))


async def test_a_watch_that_starts_again_asks_nothing_before_it_is_due(tmp_path):
    async with scripted(lambda *_: http(200, rss("/a", "/b", "/c"))) as host:
        home = make_home(tmp_path / "home", {"daily": ["http://news.example/feed"]})
        async with tracker(home, host, "watch") as process:
            await _said(process, b"Polling feeds: 1 of 1")
            process.send_signal(signal.SIGTERM)
            await process.communicate()
        assert process.returncode == 0
        assert snapshot(home, "SELECT count(*) FROM entries") == [(3,)]
        async with tracker(home, host, "watch") as process:
            await _said(process, b"Watching 1 feeds")
            await asyncio.sleep(1.5)  # rounds are a second apart
            process.send_signal(signal.SIGTERM)
            await process.communicate()
        assert len(host.requests) == 1


async def _said(process: asyncio.subprocess.Process, words: bytes) -> None:
    """Wait until the process has said something on stderr."""
    assert process.stderr is not None
    async with asyncio.timeout(PATIENCE):
        while words not in (line := await process.stderr.readline()):
            assert line, f"it ended without saying {words!r}"


async def test_a_watch_of_nothing_says_what_to_do(tmp_path):
    async with (
        scripted(lambda *_: http(404)) as host,
        tracker(make_home(tmp_path / "home", {"a": []}), host, "watch") as p,
    ):
        _, err = await asyncio.wait_for(p.communicate(), PATIENCE)
    assert p.returncode == 2
    assert b"no feed to watch: add some with 'tracker feeds add'" in err
