"""Overlap of texts by words: the evidence on which titles and bodies are chosen."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from collections.abc import Set as AbstractSet

SHINGLE_WORDS = 4  # words in a row; long enough to be rare, short enough to survive an edit nearby

# Control characters, soft hyphens, zero-width and directional marks: they show nothing, and make equal texts differ.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufff9-\ufffb\ufffe\uffff]"
)
_WORD = re.compile(r"\w+")

Shingle = tuple[str, ...]


def tidy(text: str) -> str:
    """Return a text on one line in NFC, white space collapsed, without characters that show nothing."""
    if not text.isprintable():  # most lines are, and what shows nothing is not
        text = _INVISIBLE.sub("", text)
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    return " ".join(text.split())


def words(text: str) -> list[str]:
    """Return a text's words in lower case, punctuation left out."""
    return _WORD.findall(text.lower())


def has_word(text: str) -> bool:
    """Whether a text has a letter or a digit."""
    return _WORD.search(text) is not None


def shingles(text: str) -> frozenset[Shingle]:
    """Return the set of runs of ``SHINGLE_WORDS`` words; a shorter text is one run of all its words."""
    return shingled(words(text))


def shingled(tokens: Sequence[str]) -> frozenset[Shingle]:
    """Return the shingles of words already split."""
    if not tokens:
        return frozenset()
    if len(tokens) <= SHINGLE_WORDS:
        return frozenset({tuple(tokens)})
    return frozenset(zip(*(tokens[start:] for start in range(SHINGLE_WORDS)), strict=False))


def containment(inner: AbstractSet[object], outer: AbstractSet[object]) -> float:
    """Return the share of ``inner`` that is in ``outer``, 0 where ``inner`` is empty."""
    return len(inner & outer) / len(inner) if inner else 0.0


def f1(found: AbstractSet[object], wanted: AbstractSet[object]) -> float:
    """Return the harmonic mean of precision and recall of ``found`` against ``wanted``."""
    total = len(found) + len(wanted)
    return 2 * len(found & wanted) / total if total else 0.0
