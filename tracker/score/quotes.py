"""Quotation marks: where quotations begin and end, and which of them are speech.

English news style: double marks, curly, straight or doubled apostrophes, hold quotations and single marks
hold quotations within them or, in headlines and British papers, stand for the double ones. A quotation that
nobody closes runs to the end of its paragraph; a next paragraph that opens with a mark carries it on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

MAX_SCARE_WORDS = 2  # “so-called”, “sanctuary city”: a distancing mark, not speech
MAX_SINGLE_CHARS = 600  # a quotation in single marks is a phrase or a sentence; an apostrophe never closes
TITLE_LOOK_BACK = 20  # code points before a mark in which a word may announce a title
MAX_TITLE_WORDS = 7  # names of programmes, books and bills in quotation marks

_MARK = re.compile(r"""["“”„‟«»]|''|``|[‘’']""")
_MARK_START = re.compile(r"""["“”„‟«»‘’'`]""")  # by itself: to search for one set of characters is quick
_DOUBLE = re.compile(r"""["“”„‟«»]|''|``""")
_DOUBLE_OPENERS = frozenset("“„‟«") | {"``"}
_DOUBLE_CLOSERS = frozenset("”»")
_NOT_OPENING = re.compile(r"(?:\d|em\b|til\b|tis\b|twas\b|cause\b|bout\b|round\b|n\b|s\b|t\b)", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+(?:[’'.-][^\W_]+)*")
_MINOR = frozenset(
    {"a", "an", "and", "as", "at", "but", "by", "for", "from", "in", "is", "of", "on", "or", "the", "to"}
)
_TITLE_BEFORE = re.compile(
    r"(?:\b(?:on|in|of|to|book|novel|film|movie|memoir|song|show|series|album|essay|called|titled|entitled|dubbed"
    r"|watch|watched|watching|read|reading|sang|named|programme|program|documentary|podcast|act|bill|host|hosting)|[’']s)\s*,?\s*$",
    re.IGNORECASE,
)


class Quote(NamedTuple):
    """A quotation with its marks. ``is_open`` when no closing mark was found."""

    start: int
    end: int
    is_speech: bool
    is_open: bool
    continues: bool  # opens a paragraph after one that left a quotation open


def find_quotes(text: str, paragraphs: Sequence[tuple[int, int]]) -> tuple[Quote, ...]:
    """Return the quotations of a text in order; they never overlap and never cross a paragraph."""
    found: list[Quote] = []
    was_open = False
    for start, end in paragraphs:
        is_first = True
        last_open = False
        for first, last, is_open in _paragraph_quotes(text, start, end):
            continues = is_first and was_open and first == start
            found.append(_quote(text, first, last, is_open=is_open, continues=continues))
            is_first = False
            last_open = is_open
        was_open = last_open
    return tuple(found)


def _quote(text: str, start: int, end: int, *, is_open: bool, continues: bool) -> Quote:
    words = [match[0] for match in islice(_WORD.finditer(text, start, end), MAX_TITLE_WORDS + 1)]
    is_speech = len(words) > MAX_SCARE_WORDS and not _is_title(text, start, end, words)
    return Quote(start, end, is_speech, is_open, continues)


def _is_title(text: str, start: int, end: int, words: list[str]) -> bool:
    """Whether the quoted words are the name of a work: all capitalised, after a word that announces one."""
    if len(words) > MAX_TITLE_WORDS or not words[0][0].isupper() or text[end - 2 : end - 1] in {".", "!", "?"}:
        return False
    if any(word[0].islower() and word not in _MINOR for word in words):
        return False
    return _TITLE_BEFORE.search(text, max(0, start - TITLE_LOOK_BACK), start) is not None


def _paragraph_quotes(text: str, start: int, end: int) -> Iterator[tuple[int, int, bool]]:
    """Yield (start, end, whether left open) of the outermost quotations of one paragraph."""
    at = start
    while True:
        begin = _MARK_START.search(text, at, end)
        if begin is None:
            return
        at = begin.end()
        match = _MARK.match(text, begin.start(), end)
        if match is None:  # a lone backtick
            continue
        at = match.end()
        if match.group() in "‘’'":
            last = _single_end(text, match, end) if _opens_single(text, match, start) else -1
            if last > 0:
                yield match.start(), last, False
                at = last
        elif _is_opening(text, match, start, is_inside=False):
            last, is_open = _double_end(text, match, start, end)
            yield match.start(), last, is_open
            at = last


def _double_end(text: str, opening: re.Match[str], start: int, end: int) -> tuple[int, bool]:
    """Return where a quotation in double marks ends, and whether nothing closed it.

    Marks may nest; with fewer closing than opening ones the last closing mark ends it all.
    """
    depth = 1
    last = -1
    for match in _DOUBLE.finditer(text, opening.end(), end):
        if _is_opening(text, match, start, is_inside=True):
            depth += 1
            continue
        depth -= 1
        last = match.end()
        if depth == 0:
            break
    return (last, False) if last > 0 else (end, True)


def _is_opening(text: str, match: re.Match[str], start: int, *, is_inside: bool) -> bool:
    """Whether a double mark opens a quotation: by its shape, unless its place says otherwise."""
    mark = match.group()
    looks_opening = _opens(text, match, start)
    if mark in _DOUBLE_OPENERS:
        return looks_opening or not is_inside
    if mark in _DOUBLE_CLOSERS:
        return looks_opening and not is_inside
    return not is_inside and looks_opening


def _opens(text: str, match: re.Match[str], start: int) -> bool:
    """Whether the mark stands where a quotation opens: after a space, bracket or dash, before a character."""
    at, after = match.start(), match.end()
    before_ok = at == start or not (text[at - 1].isalnum() or text[at - 1] in ".,!?%$)]…;’”\"'")
    return before_ok and after < len(text) and not text[after].isspace()


def _opens_single(text: str, match: re.Match[str], start: int) -> bool:
    """Whether a single mark may open a quotation; ’ never does, and '90s and 'em are no quotations."""
    if match.group() == "’" or not _opens(text, match, start):
        return False
    return match.group() == "‘" or _NOT_OPENING.match(text, match.end()) is None


def _single_end(text: str, match: re.Match[str], end: int) -> int:
    """Return where a quotation in single marks ends, or -1 where the mark is only an apostrophe."""
    closer = "’" if match.group() == "‘" else "'"
    end = min(end, match.end() + MAX_SINGLE_CHARS)
    fallback = -1
    for at in _closers(text, closer, match.end(), end):
        if text[at - 1] not in "sS":
            return at + 1
        if fallback > 0:
            return fallback
        fallback = at + 1  # a plural's apostrophe unless nothing better follows
    return fallback


def _closers(text: str, closer: str, start: int, end: int) -> Iterator[int]:
    at = text.find(closer, start, end)
    while at >= 0:
        follows = text[at + 1 : at + 2]
        if not text[at - 1].isspace() and not follows.isalnum():
            yield at
        at = text.find(closer, at + 1, end)
