"""From a page's bytes to text: which character encoding, and is it text at all.

The order follows the HTML standard's encoding sniffing (https://html.spec.whatwg.org/#encoding-sniffing-algorithm)
with one change that hostile and careless servers make necessary: bytes that are valid UTF-8 are UTF-8
whatever the labels say, since text in another encoding is practically never valid UTF-8 by accident.
"""

from __future__ import annotations

import codecs
import re

from trafilatura.utils import detect_encoding

from tracker.errors import ExtractError
from tracker.model import Page

# Bytes of markup that are looked at. Pages of the measured set reach 2.9 MB, most of it scripts; the
# fetcher's own limit is 3 MB. Beyond this nothing that is read is worth the time.
MAX_PAGE_BYTES = 10_000_000
SNIFF_BYTES = 4_096  # where a <meta charset> may stand; the standard says 1,024, real pages stray further
SAMPLE_BYTES = 20_000  # given to the statistical detector, whose cost grows with its input
# Share of bytes that are no text. Pages have no control characters, or a handful; one in nine random bytes
# is one. U+FFFD is what a wrong label makes of accents: below one in fifty in Western languages.
MAX_CONTROL_SHARE = 0.02
MAX_REPLACED_SHARE = 0.1

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_BINARY = (b"%PDF", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"PK\x03\x04", b"\x1f\x8b", b"RIFF", b"\x00\x00\x00")
_META_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE)
# The standard reads the labels of Latin-1 and ASCII as Windows-1252 (https://encoding.spec.whatwg.org/).
_WESTERN = frozenset({"iso8859-1", "ascii", "latin-1"})
# Where statistics leave a choice: what unlabelled pages mostly are.
_WEB_FIRST = frozenset({"cp1252", "cp1251"})
# Encodings whose text is valid ASCII, so that validity as UTF-8 says nothing.
_SEVEN_BIT = frozenset({"iso2022_jp", "iso2022_kr", "hz", "utf-7"})
# Control characters that are no white space. In UTF-8 these bytes stand for nothing else.
_CONTROLS = bytes(code for code in range(0x20) if code not in b"\t\n\f\r") + b"\x7f"
_REPLACEMENT = "\ufffd".encode()


def to_utf8(page: Page) -> bytes:
    """Return the page as UTF-8 without control characters, whatever encoding it came in.

    Raises ExtractError: ``too_large``, ``empty`` for nothing but white space, ``not_html`` for binary.
    """
    body = page.body
    if len(body) > MAX_PAGE_BYTES:
        raise ExtractError(f"too_large: {len(body)} bytes, at most {MAX_PAGE_BYTES} are read: {page.url}")
    if not body.strip():
        raise ExtractError(f"empty: the page has no bytes: {page.url}")
    if body.startswith(_BINARY):
        raise ExtractError(f"not_html: the page starts like a binary file: {page.url}")
    source = _recoded(body, page.charset)
    clean = source.translate(None, _CONTROLS)
    n_controls, n_replaced = len(source) - len(clean), _n_replaced(clean)
    if n_controls > MAX_CONTROL_SHARE * len(source) or n_replaced > MAX_REPLACED_SHARE * len(source):
        raise ExtractError(
            f"not_html: {n_controls} control and {n_replaced} unreadable characters in {len(source)} bytes: {page.url}"
        )
    return clean


def _n_replaced(source: bytes) -> int:
    # One byte is found many times as fast as three, and six real pages in seven do not have it.
    return source.count(_REPLACEMENT) if _REPLACEMENT[:1] in source else 0


def _recoded(body: bytes, declared: str | None) -> bytes:
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, errors="replace").encode()
    labels = [_codec(declared), _codec(_meta_charset(body))]
    names = [name for name in labels if name is not None]
    if not _SEVEN_BIT.intersection(names):
        names.insert(0, "utf-8")
    for name in names:
        text = _strictly(body, name)
        if text is not None:
            return body if name == "utf-8" else text.encode("utf-8", errors="replace")
    return _guessed(body).encode("utf-8", errors="replace")


def _guessed(body: bytes) -> str:
    """Decode what no label fits: UTF-8 with a few broken bytes, or by statistics, or Windows-1252."""
    as_utf8 = body.decode("utf-8", errors="replace")
    n_beyond_ascii = sum(map(len, re.findall("[^\x00-\x7f]+", as_utf8)))
    if as_utf8.count("\ufffd") * 4 < n_beyond_ascii:  # three in four sequences are right: it is UTF-8, damaged
        return as_utf8
    sample = re.sub(rb"<[^<>]*>", b" ", body[: 4 * SAMPLE_BYTES])[:SAMPLE_BYTES]
    guesses = detect_encoding(sample)
    for name in sorted(guesses, key=lambda guess: guess not in _WEB_FIRST):
        text = _strictly(body, _codec(name) or name)
        if text is not None:
            return text
    return body.decode("cp1252", errors="replace")


def _strictly(body: bytes, name: str) -> str | None:
    try:
        return body.decode(name)
    except (UnicodeError, LookupError):
        return None


def _meta_charset(body: bytes) -> str | None:
    found = _META_CHARSET.search(body[:SNIFF_BYTES])
    return found[1].decode("ascii", errors="ignore") if found else None


def _codec(label: str | None) -> str | None:
    """Return Python's name for a text encoding's label, or None where there is none."""
    if not label:
        return None
    try:
        info = codecs.lookup(label.strip().strip("\"'"))
    except (LookupError, ValueError):  # ValueError: a label with a null character
        return None
    if not info._is_text_encoding:  # noqa: SLF001  # base64, zip, rot13: the flag has no public name
        return None
    return "cp1252" if info.name in _WESTERN else info.name
