"""Mended spelling and small words: edits that change how a sentence reads, not what it says."""

from __future__ import annotations

import json
import re
from functools import cache
from importlib.util import find_spec
from itertools import zip_longest
from pathlib import Path

from tracker.revisions.diffs import blocks
from tracker.revisions.substance import news_lines

MAX_EDITS = 3  # more in one go are a rewriting
MAX_EDITED_WORDS = 200  # between the first and the last edit
MIN_LETTERS = 5  # shorter words are one letter apart without being misspelt
# They may come and go without another sense; words that deny, doubt or count are not among them.
LITTLE_WORDS = frozenset({"a", "an", "the", "that", "which", "have", "has", "had", "been"})
_WORD = re.compile(r"\w+(?:['’]\w+)*")
# The tokenizer's 32,000 pieces, which hold the common words of English whole and no misspelling of them.
_VOCABULARY = Path("tokenizers", "l2_supercat_tokenizer_config.json")  # in wordllama's wheel
_WORD_BEGINS = "▁"  # SentencePiece's mark


def is_mended(before: str, after: str) -> bool:
    """Return whether two texts differ in a few misspelt words put right and in little words alone.

    A word counts as misspelt if it is no common English word and becomes one by one letter added, left out,
    replaced or swapped with its neighbour (Damerau 1964), its first letter apart. Names and numbers never do.
    """
    old, new = _without_ends(_words(before), _words(after))
    if max(len(old), len(new)) > MAX_EDITED_WORDS:
        return False
    edits = [(a, b) for kind, a, b in blocks(old, new) if kind != "equal"]
    return len(edits) <= MAX_EDITS and all(_is_slight(a, b) for a, b in edits)


def _words(text: str) -> list[str]:
    return [word for line in news_lines(text) for word in _WORD.findall(line)]


def _without_ends(old: list[str], new: list[str]) -> tuple[list[str], list[str]]:
    """Leave out the words that both begin and end with."""
    start = next((n for n, (a, b) in enumerate(zip_longest(old, new)) if a != b), len(old))
    old, new = old[start:], new[start:]
    end = next((n for n, (a, b) in enumerate(zip_longest(old[::-1], new[::-1])) if a != b), len(old))
    return old[: len(old) - end], new[: len(new) - end]


def _is_slight(old: list[str], new: list[str]) -> bool:
    if LITTLE_WORDS.issuperset(old) and LITTLE_WORDS.issuperset(new):
        return True
    return len(old) == len(new) and all(a == b or _is_respelt(a, b) for a, b in zip(old, new, strict=True))


def _is_respelt(old: str, new: str) -> bool:
    is_plain = all(word.isalpha() and word.islower() and len(word) >= MIN_LETTERS for word in (old, new))
    return is_plain and old[0] == new[0] and _is_one_off(old, new) and not _is_common(old) and _is_common(new)


def _is_one_off(a: str, b: str) -> bool:
    """Return whether one edit leads from one word to another: what is between their common ends tells."""
    (old, new) = _without_ends(list(a), list(b))
    return (len(old), len(new)) in {(1, 0), (0, 1), (1, 1)} or (len(old) == len(new) == 2 and old == new[::-1])  # noqa: PLR2004 - two neighbours


def _is_common(word: str) -> bool:
    return f"{_WORD_BEGINS}{word}" in _vocabulary()


@cache
def _vocabulary() -> frozenset[str]:
    """Read the pieces from wordllama's files, without importing it: that takes longer and sets up logging."""
    found = find_spec("wordllama")
    if found is None or found.origin is None:
        raise FileNotFoundError("wordllama is not installed: install the tracker with its dependencies")
    config = json.loads((Path(found.origin).parent / _VOCABULARY).read_text(encoding="utf-8"))
    return frozenset(config["model"]["vocab"])
