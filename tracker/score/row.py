"""A text as a row of folded words, with the way back to its offsets: what seeds are looked for in.

Words are folded each by itself (NFC, case folded), so that folding may change a word's length (``İ``) without
moving an offset. Everything but letters and digits parts words; commas, semicolons, colons, question and
exclamation marks also end a phrase.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from itertools import accumulate

#: A word is a run of letters and digits with the combining marks (U+0300–U+036F) that belong to them.
WORD = r"[^\W_][^\W_\u0300-\u036f]*(?:[\u0300-\u036f]+[^\W_]*)*"
#: Punctuation that ends a phrase: a comma between two words means that they are not one name.
_BREAKS = ",;:!?"
_TOKEN = re.compile(rf"{WORD}|[{_BREAKS}]")

#: Latin-1 in, one byte a character: letters and digits stay, breaks become commas, the rest blanks.
_CLASSES = bytes(
    ord(char) if char.isalnum() else ord(",") if char in _BREAKS else ord(" ") for char in map(chr, range(256))
)
#: Frequent characters outside Latin-1 that part words.
_TYPOGRAPHIC = "’‘“”–—…\u2011\u2010"
_RUN = re.compile(r"( [ ,]+|,[ ,]*)")  # said so, and not as [ ,]{2,}|, for speed
_LAST_LATIN_1 = "\xff"
_IN_WORD = re.compile(r"[^\W_]|[\u0300-\u036f]")


def fold(word: str) -> str:
    """Return the form in which words are compared: NFC, case folded."""
    return word.casefold() if word.isascii() else unicodedata.normalize("NFC", word.casefold())


class Row:
    """A text as a row of folded words, with the way back to its offsets.

    In ``joined`` every word follows one blank, and is followed by a blank or by a comma, which stands for any
    break. So blanks count words.
    """

    __slots__ = ("_at", "_original", "joined")

    def __init__(self, joined: str, at: list[int], original: list[int]) -> None:
        self.joined = joined
        self._at = at  # positions of ``joined`` …
        self._original = original  # … and the offsets of the text that they stand for

    def offsets(self, first: int, last: int) -> tuple[int, int]:
        """Return the offsets in the text of a range that begins and ends with a word of ``joined``."""
        at, original = self._at, self._original
        index = bisect_right(at, first) - 1
        start = original[index] + first - at[index]
        if index + 1 < len(at) and at[index + 1] <= last:
            index = bisect_right(at, last) - 1
        return start, original[index] + last - at[index]


def read_row(text: str) -> Row:
    """Return the text as a row; by whole-text operations where each character folds to one of Latin-1."""
    folded = text.casefold()
    if len(folded) != len(text):
        return _read_any_row(text)
    for char in _TYPOGRAPHIC:
        folded = folded.replace(char, " ")
    try:
        raw = folded.encode("latin-1")
    except UnicodeEncodeError:
        for char in set(folded):
            if char > _LAST_LATIN_1 and not _IN_WORD.fullmatch(char):  # emoji, bullets, arrows
                folded = folded.replace(char, " ")
        try:
            raw = folded.encode("latin-1")
        except UnicodeEncodeError:
            return _read_any_row(text)
    return _join(f" {raw.translate(_CLASSES).decode('latin-1')} ")


def _join(classes: str) -> Row:
    """Make every run of blanks one blank, and every run with a break a comma and a blank."""
    pieces = _RUN.split(classes)  # words, run, words, run, …
    original = [-1, *(end - 1 for end in list(accumulate(map(len, pieces)))[1::2])]
    pieces[1::2] = [", " if "," in run else " " for run in pieces[1::2]]
    at = [0, *list(accumulate(map(len, pieces)))[1::2]]
    return Row("".join(pieces), at, original)


def _read_any_row(text: str) -> Row:
    """Return the text as a row, word by word: for letters beyond Latin-1 and those that fold to several."""
    pieces = [" "]
    at, original = [0], [0]
    length = 1
    for match in _TOKEN.finditer(text):
        token = match.group()
        if token in _BREAKS:
            if pieces[-1] == " ":
                pieces[-1] = ", "
                length += 1
            continue
        word = fold(token)
        at += (length, length + len(word))
        original += match.span()
        pieces += (word, " ")
        length += len(word) + 1
    return Row("".join(pieces), at, original)


def word_end(joined: str, position: int) -> int:
    """Return where the word that ``position`` of a row lies in, or just after, ends."""
    blank = joined.find(" ", position)
    if blank < 0:
        return len(joined)
    return blank - 1 if blank > position and joined[blank - 1] == "," else blank


def split_words(text: str) -> list[str]:
    """Return the folded words of a text, as seeds see them."""
    return read_row(text).joined.replace(",", "").split()
