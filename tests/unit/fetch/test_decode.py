from __future__ import annotations

import gzip
import zlib

import brotli
import pytest
from backports import zstd
from hypothesis import given
from hypothesis import strategies as st

from tracker.fetch.decode import STEP_BYTES, DecodeError, make_decoder

PACKERS = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstd.compress,
    "": bytes,
    "deflate, gzip": lambda body: gzip.compress(zlib.compress(body)),
    "br, identity": brotli.compress,
}


def decode(coding: str, data: bytes, step: int = 1_000_000) -> bytes:
    decoder = make_decoder(coding)
    pieces = [piece for at in range(0, len(data), step) for piece in decoder.feed(data[at : at + step])]
    assert max(map(len, pieces), default=0) <= max(STEP_BYTES, step)
    assert decoder.is_complete
    return b"".join(pieces)


@pytest.mark.parametrize("coding", PACKERS)
@given(body=st.binary(max_size=3_000), step=st.integers(1, 700))
def test_whatever_is_packed_comes_back_however_it_is_cut(coding, body, step):
    assert decode(coding, PACKERS[coding](body), step) == body


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
@pytest.mark.parametrize("size", [STEP_BYTES - 1, STEP_BYTES, STEP_BYTES + 1, 5 * STEP_BYTES])
def test_sizes_around_a_step_come_out_whole(coding, size):
    body = bytes(size)
    assert decode(coding, PACKERS[coding](body)) == body


def test_deflate_without_a_header_is_read_too():
    packer = zlib.compressobj(wbits=-15)
    assert decode("deflate", packer.compress(b"<rss/>") + packer.flush()) == b"<rss/>"


@pytest.mark.parametrize(("coding", "pack"), [("gzip", gzip.compress), ("zstd", zstd.compress)])
def test_members_follow_one_another(coding, pack):
    data = pack(b"one ") + pack(b"") + pack(b"two")
    assert decode(coding, data) == b"one two"
    assert decode(coding, data, 1) == b"one two"


def test_bytes_after_the_last_member_are_ignored():
    assert decode("gzip", gzip.compress(b"<rss/>") + b"\x00" * 700) == b"<rss/>"


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
def test_a_stream_that_breaks_off_is_not_complete(coding):
    decoder = make_decoder(coding)
    list(decoder.feed(PACKERS[coding](bytes(range(256)) * 9)[:-3]))
    assert not decoder.is_complete


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd", "deflate"])
def test_noise_is_an_error(coding):
    with pytest.raises(DecodeError):
        list(make_decoder(coding).feed(b"\xff<html>" * 50))


@pytest.mark.parametrize("coding", ["rot13", "gzip, rot13", "gzip, gzip, gzip, gzip"])
def test_codings_that_are_not_undone(coding):
    with pytest.raises(DecodeError):
        make_decoder(coding)


def test_a_zstd_window_larger_than_the_web_allows_is_an_error():
    options = {zstd.CompressionParameter.window_log: 27}
    packer = zstd.ZstdCompressor(options=options)
    data = packer.compress(bytes(200)) + packer.flush()
    assert data
    with pytest.raises(DecodeError):
        list(make_decoder("zstd").feed(data))
