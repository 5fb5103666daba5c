"""Bytes of a feed to text, whatever their label says, and only as much as is whole."""

from __future__ import annotations

import codecs
import re
import sys

_DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']""")
_CHARSET = re.compile(r"""charset\s*=\s*["']?([A-Za-z0-9._:-]{1,40})""", re.IGNORECASE)
_BOMS = (  # UTF-32 before UTF-16: its mark begins with UTF-16's
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# XML 1.0 appendix F: "<?xm" in encodings without a byte order mark
_SIGNS = (
    (b"<\x00?\x00", "utf-16-le"),
    (b"\x00<\x00?", "utf-16-be"),
    (b"<\x00\x00\x00", "utf-32-le"),
    (b"\x00\x00\x00<", "utf-32-be"),
    (b"Lo\xa7\x94", "cp037"),
)
# WHATWG Encoding: labels whose bytes are in practice a superset's
_REALLY = {
    "iso-8859-1": "cp1252",
    "latin-1": "cp1252",
    "latin1": "cp1252",
    "us-ascii": "utf-8",
    "ascii": "utf-8",
    "gb2312": "gb18030",
    "gbk": "gb18030",
}
_NOT_ASCII = ("utf-16", "utf-32", "cp037")  # the label was read as ASCII, so it cannot be these
_STATEFUL = ("iso2022", "hz", "utf-7")  # say other than ASCII with ASCII bytes, so that they pass for UTF-8
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>\s*")
_ITEM = re.compile(r"<(?:[A-Za-z_][\w.-]*:)?(?:item|entry)(?=[\s>])")
_ITEM_END = re.compile(r"</(?:[A-Za-z_][\w.-]*:)?(?:item|entry)\s*>")
# XML 1.0 section 2.2: what a strict parser stops at
_REFERENCE = re.compile(r"&#([xX][0-9a-fA-F]+|[0-9]+);?")
MAX_REFERENCE_CHARS = 12  # more digits name no character; leading zeros are odd enough
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def _as_windows_1252(error: UnicodeError) -> tuple[str, int]:
    """Read bytes that are no UTF-8 as the Windows-1252 they mostly are, and go on behind them."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    wrong = error.object[error.start : error.end]
    return wrong.decode("cp1252", errors="replace"), error.end


codecs.register_error("tracker.windows-1252", _as_windows_1252)


def decode_body(body: bytes, content_type: str | None) -> str:
    """Return a feed's text without its XML declaration.

    Byte order mark, then UTF-8 where the bytes are UTF-8, then the declared encoding, then the HTTP
    charset (RFC 7303 puts it first; in practice it is the web server's default and wrong more often).
    UTF-8 with stray bytes is read as UTF-8 with those bytes as Windows-1252, so that one bad byte does not
    spoil a feed. Never raises: what cannot be decoded becomes U+FFFD, as do references to characters that
    there are not (feedparser stumbles over them).
    """
    encoding = _encoding(body, content_type)
    if encoding == "utf-8":
        text = body.decode("utf-8", errors="tracker.windows-1252")
    else:
        text = body.decode(encoding, errors="replace")
    clean = _FORBIDDEN.sub("", _DECLARATION.sub("", text.lstrip("\ufeff"), count=1))
    return _REFERENCE.sub(_believable, clean)


def _believable(reference: re.Match[str]) -> str:
    """Return a character reference as it is, or U+FFFD for one to what XML 1.0 has no character for."""
    digits = reference.group(1).lower()
    is_hex = digits.startswith("x")
    number = int(digits.removeprefix("x"), 16 if is_hex else 10) if len(digits) <= MAX_REFERENCE_CHARS else 0
    is_character = number <= sys.maxunicode and not _FORBIDDEN.match(chr(number))
    return reference.group() if is_character else "\ufffd"


def whole_items(text: str) -> tuple[str, int]:
    """Return the text up to its last whole ``item`` or ``entry``, and how many were cut off (0 or 1)."""
    starts = [match.start() for match in _ITEM.finditer(text)]
    if not starts:
        return text, 0
    last_end = max((match.end() for match in _ITEM_END.finditer(text)), default=0)
    cut = next((start for start in starts if start >= last_end), None)
    return (text, 0) if cut is None else (text[:cut], 1)


def first_items(text: str, max_items: int) -> tuple[str, int]:
    """Return the text with no more than ``max_items`` items, and how many were taken out.

    Done before parsing, so that a feed of a million items costs no more than one of ``max_items``.
    """
    starts = [match.start() for match in _ITEM.finditer(text)]
    if len(starts) <= max_items:
        return text, 0
    last_end = max((match.end() for match in _ITEM_END.finditer(text)), default=len(text))
    return text[: starts[max_items]] + text[last_end:], len(starts) - max_items


def _encoding(body: bytes, content_type: str | None) -> str:
    for mark, name in _BOMS:
        if body.startswith(mark):
            return name
    for sign, encoding in _SIGNS:
        if body.startswith(sign):
            return encoding
    declared = _DECLARED.match(body)
    charset = _CHARSET.search(content_type or "")
    labels = [declared.group(1).decode("ascii")] if declared else []
    labels += [charset.group(1)] if charset else []
    names = [codec for codec in map(_known, labels) if codec and not codec.startswith(_NOT_ASCII)]
    if _is_utf8(body) and not (names and names[0].startswith(_STATEFUL)):
        return "utf-8"
    return names[0] if names else "utf-8"


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _known(label: str) -> str | None:
    name = _REALLY.get(label.lower(), label.lower())
    try:
        info = codecs.lookup(name)
        "".encode(name)  # refuses codecs that are no text encodings (rot13, hex)
    except LookupError:
        return None
    return info.name
