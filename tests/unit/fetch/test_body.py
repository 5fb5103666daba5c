from __future__ import annotations

import asyncio
import gzip
from types import SimpleNamespace
from unittest.mock import Mock

import aiohttp
import pytest

from tracker.fetch.body import WIRE_OVERHEAD, BodyEnd, body_hash, read_body


def answer(data: bytes, *, coding: str = "", declared: int | None = None, error: Exception | None = None):
    """A response whose bytes have all arrived, and with them, perhaps, the news that there should be more."""
    stream = aiohttp.StreamReader(Mock(_reading_paused=False), 2**16, loop=asyncio.get_running_loop())
    stream.feed_data(data)
    if error is None:
        stream.feed_eof()
    else:
        stream.set_exception(error)
    return SimpleNamespace(content=stream, content_length=declared, headers={"Content-Encoding": coding})


async def test_what_had_arrived_before_the_break_is_kept_even_if_both_come_at_once():
    error = aiohttp.ClientPayloadError("not enough data")
    body = await read_body(answer(b"<rss><item/>", error=error), 1_000)
    assert (body.end, body.data) == (BodyEnd.CUT, b"<rss><item/>")


async def test_a_body_of_exactly_the_limit_is_whole_and_one_byte_more_is_too_large():
    whole, more = await read_body(answer(bytes(500)), 500), await read_body(answer(bytes(501)), 500)
    assert (whole.end, whole.n_decoded) == (BodyEnd.WHOLE, 500)
    assert (more.end, len(more.data)) == (BodyEnd.TOO_LARGE, 500)


@pytest.mark.parametrize(("wants_prefix", "n_kept"), [(False, 0), (True, 500)])
async def test_a_body_declared_too_large_is_begun_only_for_its_first_part(wants_prefix, n_kept):
    response = answer(bytes(900), declared=500 + WIRE_OVERHEAD + 1)
    body = await read_body(response, 500, wants_prefix=wants_prefix)
    assert (body.end, len(body.data)) == (BodyEnd.TOO_LARGE, n_kept)


async def test_broken_coding_after_some_text_is_cut_and_without_any_is_broken():
    packed = gzip.compress(bytes(range(256)) * 500)
    spoilt = packed[:-20] + bytes(20)
    assert (await read_body(answer(spoilt, coding="gzip"), 10**6)).end is BodyEnd.CUT
    assert (await read_body(answer(b"<rss/>", coding="gzip"), 10**6)).end is BodyEnd.BROKEN


def test_the_hash_is_of_the_bytes():
    assert body_hash(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
