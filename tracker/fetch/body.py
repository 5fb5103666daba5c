"""A response's body, read with two limits: on the bytes that come and on the bytes that they unfold to."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

import aiohttp

from tracker.fetch.decode import DecodeError, make_decoder

# What a body may weigh on the wire beyond its decoded limit: incompressible data grows a little when coded
# (RFC 1951 stored blocks: 5 bytes in 65,535), and an endless run of empty blocks must end.
WIRE_OVERHEAD: Final = 65_536


class BodyEnd(Enum):
    """How reading a body ended."""

    WHOLE = auto()
    CUT = auto()  # the connection or the coded stream broke off
    TOO_LARGE = auto()
    BROKEN = auto()  # not what its coding says: nothing could be read


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """Decoded bytes (as many as came, at most the limit), how many came before reading stopped, and why it did."""

    data: bytes
    n_decoded: int
    end: BodyEnd
    detail: str = ""


def body_hash(body: bytes) -> str:
    """Return the hex SHA-256 of a decoded body, to tell whether a feed changed though its validators lie."""
    return hashlib.sha256(body).hexdigest()


class _Collector:
    """Decodes what comes and stops at the limit."""

    def __init__(self, coding: str, limit: int) -> None:
        self.decoder = make_decoder(coding)
        self.limit = limit
        self.pieces: list[bytes] = []
        self.size = 0
        self.n_wire = 0

    def take(self, data: bytes) -> bool:
        """Add bytes off the wire; return False when a limit is passed."""
        self.n_wire += len(data)
        for piece in self.decoder.feed(data):
            self.pieces.append(piece[: self.limit - self.size])
            self.size += len(piece)
            if self.size > self.limit:
                return False
        return self.n_wire <= self.limit + WIRE_OVERHEAD

    def body(self, end: BodyEnd, detail: str = "") -> Body:
        return Body(data=b"".join(self.pieces), n_decoded=self.size, end=end, detail=detail)


async def read_body(response: aiohttp.ClientResponse, limit: int, *, wants_prefix: bool = False) -> Body:
    """Read and decode a body of at most ``limit`` decoded bytes. Never raises for a bad body: ``end`` says.

    One that is declared to be longer is not begun, unless its first part is of use (``wants_prefix``).
    """
    declared = response.content_length
    if declared is not None and declared > limit + WIRE_OVERHEAD and not wants_prefix:
        detail = f"more than {limit:,} bytes (says {declared:,})"
        return Body(data=b"", n_decoded=0, end=BodyEnd.TOO_LARGE, detail=detail)
    try:
        collector = _Collector(response.headers.get("Content-Encoding", ""), limit)
    except DecodeError as error:
        return Body(data=b"", n_decoded=0, end=BodyEnd.BROKEN, detail=str(error))
    return await _collect(response.content, collector)


async def _collect(stream: aiohttp.StreamReader, collector: _Collector) -> Body:
    try:
        is_within = await _pump(stream, collector)
    except DecodeError as error:
        return collector.body(BodyEnd.CUT if collector.size else BodyEnd.BROKEN, str(error))
    except aiohttp.ClientError as error:
        return collector.body(BodyEnd.CUT, f"the body ended early ({type(error).__name__})")
    if not is_within:
        return collector.body(BodyEnd.TOO_LARGE, f"more than {collector.limit:,} bytes")
    if not collector.decoder.is_complete:
        return collector.body(BodyEnd.CUT, "the coded stream ended early")
    return collector.body(BodyEnd.WHOLE)


async def _pump(stream: aiohttp.StreamReader, collector: _Collector) -> bool:
    try:
        while data := await stream.readany():
            if not collector.take(data):
                return False
    except aiohttp.ClientError:
        # aiohttp raises before it hands out what had already arrived; those bytes are wanted (issue 3026)
        stream.set_exception(None)  # type: ignore[arg-type]
        collector.take(stream.read_nowait())
        raise
    return True
