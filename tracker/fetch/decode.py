"""Content codings undone step by step, so that a bomb is stopped long before it has unfolded.

Each ``feed`` yields pieces of at most ``STEP_BYTES``: whoever counts them can stop at any time, and no more than
one piece is ever held here (RFC 9110, 8.4; RFC 1950-1952, 7932, 8878).
"""

from __future__ import annotations

import sys
import zlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from typing import Final, Protocol

import brotli

from tracker.errors import FetchError

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

ACCEPT_ENCODING: Final = "gzip, deflate, br, zstd"

STEP_BYTES: Final = 65_536  # output of one step; small beside any limit, large beside the cost of a step
MAX_MEMBERS: Final = 1_000  # gzip members or zstd frames; real bodies have one, a flood of empty ones costs time
MAX_CODINGS: Final = 3  # codings over one another; more is an attack
_ZLIB_METHOD: Final = 8  # the low half of a zlib header's first byte (RFC 1950, 2.2)
ZSTD_WINDOW_LOG_MAX: Final = 23  # 8 MiB, the most that a sender may ask for (RFC 9659, 3)


class DecodeError(FetchError):
    """A body that is not what its Content-Encoding says, or is broken."""


class Decoder(Protocol):
    """Undoes one coding incrementally."""

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield what the next bytes decode to, in bounded pieces; raise DecodeError on broken input."""

    @property
    def is_complete(self) -> bool:
        """Whether the coded stream has come to its proper end."""


class PlainDecoder:
    """No coding at all."""

    is_complete = True

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield the bytes as they are."""
        yield data


class _Member(Protocol):
    """What zlib's and zstd's decompressors have in common."""

    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...


class _MemberDecoder(ABC):
    """A coding whose streams may follow one another (gzip members, zstd frames)."""

    def __init__(self) -> None:
        self._n_members = 0
        self._is_fresh = True
        self._inner: _Member | None = None

    @property
    def is_complete(self) -> bool:
        return self._inner is None or self._inner.eof

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield decoded pieces; bytes after the last member that start no other one are ignored, as in gzip(1)."""
        while data:
            if self._inner is None or self._inner.eof:
                self._start(data)
            try:
                for piece in self._steps(data):
                    self._is_fresh = False
                    yield piece
            except (zlib.error, zstd.ZstdError) as error:
                if self._is_fresh and self._n_members > 1:
                    self._inner = None
                    return
                raise DecodeError(str(error)) from error
            data = self._inner.unused_data if self._inner is not None and self._inner.eof else b""

    def _start(self, data: bytes) -> None:
        self._n_members += 1
        if self._n_members > MAX_MEMBERS:
            raise DecodeError(f"more than {MAX_MEMBERS} members in one body")
        self._is_fresh = True
        self._inner = self._open(data)

    @abstractmethod
    def _open(self, data: bytes) -> _Member:
        """Begin a member that starts with ``data``."""

    @abstractmethod
    def _steps(self, data: bytes) -> Iterator[bytes]:
        """Decode ``data`` in bounded pieces."""


class ZlibDecoder(_MemberDecoder):
    """``gzip``, and ``deflate`` in both forms that servers send (RFC 9110, 8.4.1.2: with or without a header)."""

    def __init__(self, *, is_gzip: bool) -> None:
        super().__init__()
        self._is_gzip = is_gzip

    def _open(self, data: bytes) -> _Member:
        has_header = data[0] & 0x0F == _ZLIB_METHOD
        wbits = zlib.MAX_WBITS if has_header else -zlib.MAX_WBITS
        if self._is_gzip:
            wbits = 16 + zlib.MAX_WBITS
        self._zlib = zlib.decompressobj(wbits=wbits)
        return self._zlib

    def _steps(self, data: bytes) -> Iterator[bytes]:
        while True:
            piece = self._zlib.decompress(data, STEP_BYTES)
            data = self._zlib.unconsumed_tail
            if piece:
                yield piece
            # a full piece may leave output behind in zlib even where all input is taken
            if self._zlib.eof or (not data and len(piece) < STEP_BYTES):
                return


class ZstdDecoder(_MemberDecoder):
    """``zstd`` (RFC 8878) with the window that RFC 9659 allows on the web."""

    def _open(self, data: bytes) -> _Member:
        del data
        options = {int(zstd.DecompressionParameter.window_log_max): ZSTD_WINDOW_LOG_MAX}
        self._zstd = zstd.ZstdDecompressor(options=options)
        return self._zstd

    def _steps(self, data: bytes) -> Iterator[bytes]:
        while True:
            piece = self._zstd.decompress(data, STEP_BYTES)
            data = b""
            if piece:
                yield piece
            if self._zstd.eof or self._zstd.needs_input:
                return


class BrotliDecoder:
    """``br`` (RFC 7932)."""

    def __init__(self) -> None:
        self._brotli = brotli.Decompressor()
        self._has_begun = False

    @property
    def is_complete(self) -> bool:
        """Whether the stream has come to its end, or never began."""
        return not self._has_begun or bool(self._brotli.is_finished())

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield decoded pieces; what comes after the end of the stream in a later piece is ignored."""
        self._has_begun = True
        while not self._brotli.is_finished():
            try:
                piece: bytes = self._brotli.process(data, output_buffer_limit=STEP_BYTES)
            except brotli.error as error:
                raise DecodeError(f"broken brotli stream: {error}") from error
            data = b""
            if piece:
                yield piece
            # after a full piece the end of the stream may still be inside, though it would take more
            if self._brotli.can_accept_more_data() and len(piece) < STEP_BYTES:
                return


class ChainDecoder:
    """Codings applied over one another, undone from the last to the first."""

    def __init__(self, outer: Decoder, inner: Decoder) -> None:
        self._outer, self._inner = outer, inner

    @property
    def is_complete(self) -> bool:
        """Whether both have come to their end."""
        return self._outer.is_complete and self._inner.is_complete

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield what is left when both codings are undone."""
        for piece in self._outer.feed(data):
            yield from self._inner.feed(piece)


_DECODERS: Final[dict[str, Callable[[], Decoder]]] = {
    "gzip": lambda: ZlibDecoder(is_gzip=True),
    "x-gzip": lambda: ZlibDecoder(is_gzip=True),
    "deflate": lambda: ZlibDecoder(is_gzip=False),
    "br": BrotliDecoder,
    "zstd": ZstdDecoder,
    "identity": PlainDecoder,
}


def make_decoder(content_encoding: str) -> Decoder:
    """Return a decoder for a Content-Encoding field ("" for none); raise DecodeError for an unknown coding."""
    names = [name.strip().lower() for name in content_encoding.split(",") if name.strip()]
    if len(names) > MAX_CODINGS:
        raise DecodeError(f"{len(names)} codings over one another")
    decoder: Decoder = PlainDecoder()
    for name in names:
        if name not in _DECODERS:
            raise DecodeError(f"unknown content coding: {name[:40]}")
        decoder = ChainDecoder(_DECODERS[name](), decoder)
    return decoder
