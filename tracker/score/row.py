"""A text as a row of folded words, with the way back to its offsets: what seeds are looked for in.

Words are folded each by itself (NFC, case folded), so that folding may change a word's length (``İ``) without
moving an offset. Everything but letters and digits parts words; commas, semicolons, colons, question and
exclamation marks also end a phrase.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

#: Positions in a row, or offsets in a text.
Places: TypeAlias = NDArray[np.intp]

#: A word is a run of letters and digits with the combining marks (U+0300–U+036F) that belong to them.
WORD = r"[^\W_][^\W_\u0300-\u036f]*(?:[\u0300-\u036f]+[^\W_]*)*"
#: Punctuation that ends a phrase: a comma between two words means that they are not one name.
_BREAKS = ",;:!?"
_TOKEN = re.compile(rf"{WORD}|[{_BREAKS}]")


def fold(word: str) -> str:
    """Return the form in which words are compared: NFC, case folded."""
    return word.casefold() if word.isascii() else unicodedata.normalize("NFC", word.casefold())


_FOLDED = [fold(char).encode("latin-1", "ignore") for char in map(chr, range(256))]
#: Latin-1 letters that fold to two letters (ß) or to one beyond Latin-1 (µ).
_UNLIKE = tuple(bytes([code]) for code, folded in enumerate(_FOLDED) if len(folded) != 1)
#: Latin-1 in, one byte a character: letters and digits are folded, breaks become commas, the rest blanks.
_CLASSES = b"".join(
    b"," if chr(code) in _BREAKS else folded if chr(code).isalnum() and len(folded) == 1 else b" "
    for code, folded in enumerate(_FOLDED)
)
#: Frequent characters outside Latin-1 that part words.
_TYPOGRAPHIC = "’‘“”–—…\u2011\u2010"
_LAST_LATIN_1 = "\xff"
_IN_WORD = re.compile(r"[^\W_]|[\u0300-\u036f]")


class Row:
    """A text as a row of folded words, with the way back to its offsets.

    In ``joined`` every word follows one blank, and is followed by a blank or by a comma, which stands for any
    break. So blanks count words. ``ends`` are the positions where a word has just ended.
    """

    __slots__ = ("_added", "_origin", "ends", "joined")

    def __init__(self, joined: str, ends: Places, origin: Places, added: Places) -> None:
        """Keep a row; ``origin`` are the offsets of its positions in a text with characters more at ``added``."""
        self.joined = joined
        self.ends = ends
        self._origin = origin
        self._added = added

    def offsets(self, places: Places) -> Places:
        """Return the offsets in the text of positions where a word begins or has just ended."""
        there = self._origin[places]
        offsets: Places = there - np.searchsorted(self._added, there)
        return offsets


def read_row(text: str) -> Row:
    """Return the text as a row; by whole-text operations where each word is of Latin-1."""
    for char in _TYPOGRAPHIC:
        text = text.replace(char, " ")
    try:
        raw = text.encode("latin-1")
    except UnicodeEncodeError:
        for char in set(text):
            if char > _LAST_LATIN_1 and not _IN_WORD.fullmatch(char):  # emoji, bullets, arrows
                text = text.replace(char, " ")
        try:
            raw = text.encode("latin-1")
        except UnicodeEncodeError:
            return _read_any_row(text)
    if any(char in raw for char in _UNLIKE):
        return _read_any_row(text)
    return _join(b" %b " % raw.translate(_CLASSES))


def _join(classes: bytes) -> Row:
    """Make every run of blanks one blank, and every run with a break a comma and a blank."""
    row = np.frombuffer(classes.replace(b",", b", "), np.uint8).copy()  # a run with a break has room for both
    is_part = row < ord("0")
    begins = np.concatenate(([0], np.flatnonzero(is_part[1:] & ~is_part[:-1]) + 1))
    breaks = np.flatnonzero(row == ord(","))
    broken = begins[np.searchsorted(begins, breaks, side="right") - 1]
    row[begins] = ord(" ")
    row[broken] = ord(",")
    row[broken + 1] = ord(" ")
    is_kept = ~is_part
    is_kept[begins] = True
    is_kept[broken + 1] = True
    origin = np.flatnonzero(is_kept)
    row = row[origin]
    is_part = row < ord("0")
    ends = np.flatnonzero(is_part[1:] & ~is_part[:-1]) + 1
    return Row(row.tobytes().decode("latin-1"), ends, origin - 1, breaks - 1)  # the first blank is not the text's


def _read_any_row(text: str) -> Row:
    """Return the text as a row, word by word: for letters beyond Latin-1 and those that fold to several."""
    pieces = [" "]
    origin, ends = [0], []
    for match in _TOKEN.finditer(text):
        token = match.group()
        if token in _BREAKS:
            if pieces[-1] == " ":
                pieces[-1] = ", "
                origin.append(match.end())
            continue
        word = fold(token)
        start, end = match.span()
        origin += [start] * len(word)
        ends.append(len(origin))
        origin.append(end)
        pieces += (word, " ")
    return Row("".join(pieces), np.array(ends, np.intp), np.array(origin, np.intp), np.array((), np.intp))


def word_end(joined: str, position: int) -> int:
    """Return where the word that ``position`` of a row lies in, or just after, ends."""
    blank = joined.find(" ", position)
    if blank < 0:
        return len(joined)
    return blank - 1 if blank > position and joined[blank - 1] == "," else blank


def split_words(text: str) -> list[str]:
    """Return the folded words of a text, as seeds see them."""
    return read_row(text).joined.replace(",", "").split()
