"""Hosts that drip, never end, unfold without end, or break off."""

from __future__ import annotations

import asyncio
import gzip
import time
import tracemalloc
import zlib

import brotli
import pytest
from backports import zstd

from tests.faults.scripted import fetch, http, scripted
from tracker.model import Outcome

LIMIT = 100_000
MIB = 1 << 20


async def test_a_host_that_drips_a_byte_at_a_time_ends_at_the_wall_clock():
    async def drip(writer):
        writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
        while True:
            writer.write(b"<")
            await writer.drain()
            await asyncio.sleep(0.02)

    async with scripted(lambda path, writer: drip(writer)) as host:
        begun = time.monotonic()
        response = await fetch(host.url(), total_timeout=0.3)
    assert response.outcome is Outcome.TIMEOUT
    assert time.monotonic() - begun < 10  # not at its end, which never comes
    assert 290 <= response.duration_ms < 10_000


async def test_headers_that_drip_end_at_the_wall_clock_too():
    async def drip(writer):
        writer.write(b"HTTP/1.1 200 OK\r\nX: ")
        while True:
            writer.write(b"y")
            await writer.drain()
            await asyncio.sleep(0.02)

    async with scripted(lambda path, writer: drip(writer)) as host:
        assert (await fetch(host.url(), total_timeout=0.2)).outcome is Outcome.TIMEOUT


async def test_a_body_without_end_stops_at_the_limit():
    async def endless(writer):
        writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
        while True:
            writer.write(b"<!-- news -->" * 500)
            await writer.drain()

    async with scripted(lambda path, writer: endless(writer)) as host:
        response = await fetch(host.url(), max_feed_bytes=LIMIT)
    assert response.outcome is Outcome.TOO_LARGE
    assert response.body == b""
    assert LIMIT < response.n_bytes < LIMIT * 4


async def test_a_declared_length_above_the_limit_is_not_read():
    async with scripted(lambda path, writer: http(200, b"x", length=10**12)) as host:
        response = await fetch(host.url(), max_feed_bytes=LIMIT)
    assert response.outcome is Outcome.TOO_LARGE
    assert response.n_bytes == 0


def gzip_bomb(size: int) -> bytes:
    packer = zlib.compressobj(9, wbits=31)
    return b"".join(packer.compress(bytes(MIB)) for _ in range(size // MIB)) + packer.flush()


BOMBS = {
    "gzip": lambda: gzip_bomb(256 * MIB),
    "deflate": lambda: zlib.compress(bytes(64 * MIB), 9),
    "br": lambda: brotli.compress(bytes(64 * MIB), quality=3),
    "zstd": lambda: zstd.compress(bytes(64 * MIB)),
    "gzip, gzip": lambda: gzip.compress(gzip_bomb(64 * MIB)),
}


@pytest.mark.parametrize("coding", BOMBS)
async def test_bombs_stop_early_in_little_memory(coding):
    bomb = BOMBS[coding]()
    async with scripted(lambda path, writer: http(200, bomb, f"Content-Encoding: {coding}")) as host:
        tracemalloc.start()
        response = await fetch(host.url(), max_feed_bytes=LIMIT)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert response.outcome is Outcome.TOO_LARGE
    assert response.n_bytes < LIMIT + 100_000
    assert peak < 4 * MIB


async def test_empty_gzip_blocks_without_end_stop_at_the_wire_limit():
    """They unfold to nothing, so a limit on the decoded size alone would never be reached."""

    async def endless(writer):
        packer = zlib.compressobj(wbits=31)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n")
        while True:
            writer.write(packer.flush(zlib.Z_FULL_FLUSH) * 1 + packer.compress(b"") + b"\x00\x00\x00\xff\xff" * 500)
            await writer.drain()

    async with scripted(lambda path, writer: endless(writer)) as host:
        response = await fetch(host.url(), max_feed_bytes=LIMIT)
    assert response.outcome is Outcome.TOO_LARGE
    assert response.n_bytes == 0


async def test_a_flood_of_tiny_gzip_members_is_given_up():
    flood = gzip.compress(b"") * 2_000
    async with scripted(lambda path, writer: http(200, flood, "Content-Encoding: gzip")) as host:
        response = await fetch(host.url(), max_feed_bytes=LIMIT)
    assert response.outcome is Outcome.UNPARSABLE
    assert "members" in response.detail


@pytest.mark.parametrize(
    ("coding", "pack"),
    [
        ("gzip", gzip.compress),
        ("deflate", zlib.compress),
        ("br", brotli.compress),
        ("zstd", zstd.compress),
        ("identity", bytes),
        ("", bytes),
    ],
)
async def test_each_coding_is_undone(coding, pack):
    body = b"<rss>" + bytes(range(256)) * 300 + b"</rss>"
    field = [f"Content-Encoding: {coding}"] if coding else []
    async with scripted(lambda path, writer: http(200, pack(body), *field)) as host:
        response = await fetch(host.url())
    assert (response.outcome, response.body) == (Outcome.OK, body)
    assert response.n_bytes == len(body)


async def test_a_body_shorter_than_declared_is_cut_and_what_came_is_kept():
    body = b"<rss><item/>" * 5_000
    async with scripted(lambda path, writer: http(200, body, length=len(body) * 2)) as host:
        response = await fetch(host.url())
    assert response.outcome is Outcome.CUT
    assert response.body == body


async def test_a_chunked_body_that_breaks_off_is_cut():
    answer = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n5\r\n<rss>\r\n"
    async with scripted(lambda path, writer: answer) as host:
        response = await fetch(host.url())
    assert (response.outcome, response.body) == (Outcome.CUT, b"<rss>")


async def test_a_gzip_stream_that_breaks_off_is_cut():
    body = bytes(range(256)) * 300
    half = gzip.compress(body)[:-200]
    async with scripted(lambda path, writer: http(200, half, "Content-Encoding: gzip")) as host:
        response = await fetch(host.url())
    assert response.outcome is Outcome.CUT
    assert body.startswith(response.body)


async def test_a_body_that_is_not_what_its_coding_says_is_unparsable():
    async with scripted(lambda path, writer: http(200, b"<rss/>", "Content-Encoding: gzip")) as host:
        assert (await fetch(host.url())).outcome is Outcome.UNPARSABLE
    async with scripted(lambda path, writer: http(200, b"<rss/>", "Content-Encoding: rot13")) as host:
        response = await fetch(host.url())
    assert response.outcome is Outcome.UNPARSABLE
    assert "rot13" in response.detail


async def test_nothing_at_all_is_empty():
    async with scripted(lambda path, writer: http(200)) as host:
        assert (await fetch(host.url())).outcome is Outcome.EMPTY


async def test_what_is_no_http_is_said_to_be_none():
    async with scripted(lambda path, writer: b"220 ftp.example.org ready\r\n") as host:
        response = await fetch(host.url())
    assert response.outcome is Outcome.SERVER_ERROR
    assert response.detail.startswith("not HTTP")
