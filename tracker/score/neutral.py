"""VADER with neutral terms: words that name a matter rather than judge it say nothing."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files
from itertools import chain

import numpy as np

from tracker.score.pieces import Column
from tracker.score.vader import Readings, compounds_of, rules, total_without, word_of


class NeutralTerms:
    """Words and phrases that name a matter rather than judge it, and so must not count as tone.

    ``terms`` are matched whole, whatever their case; a trailing ``*`` makes a term's last word a prefix.
    """

    def __init__(self, terms: Iterable[str]) -> None:
        """Take the terms; blank ones are left out."""
        self.terms = tuple(sorted({" ".join(term.lower().split()) for term in terms} - {"", "*"}))
        self._by_first: dict[str, list[list[str]]] = {}
        for term in self.terms:
            words = term.split()
            self._by_first.setdefault(words[0], []).append(words)
        self._prefixes = tuple(word[:-1] for word in self._by_first if word.endswith("*"))
        #: Which pieces of text may open a term.
        self.opens = Column(lambda pieces: np.array([self._opens(word_of(piece)) for piece in pieces], dtype=np.bool_))

    def _opens(self, word: str) -> bool:
        return word in self._by_first or word.startswith(self._prefixes)

    def mask(self, words: Sequence[str], opening: Iterable[int]) -> frozenset[int]:
        """Return the indices of the words, in lower case, that belong to a term.

        ``opening`` are those, in order, that may open one.
        """
        found: set[int] = set()
        reach = 0
        for at in opening:
            if at >= reach:
                reach = at + self._length(words, at)
                found.update(range(at, reach))
        return frozenset(found)

    def _length(self, words: Sequence[str], at: int) -> int:
        """Return how many words the longest term has that begins at a place; 0 where none does."""
        first = words[at]
        prefixes = (f"{prefix}*" for prefix in self._prefixes if first.startswith(prefix))
        terms = chain.from_iterable(self._by_first.get(form, ()) for form in (first, *prefixes))
        return max((len(term) for term in terms if _is_at(term, words, at)), default=0)


def _is_at(term: Sequence[str], words: Sequence[str], at: int) -> bool:
    *most, last = term
    if list(words[at : at + len(most)]) != most or at + len(most) >= len(words):
        return False
    ending = words[at + len(most)]
    return ending.startswith(last[:-1]) if last.endswith("*") else ending == last


def neutral_compounds(readings: Readings, terms: NeutralTerms) -> list[float]:
    """Return the compounds of sentences in which the words of neutral terms say nothing."""
    compounds = list(readings.compounds)
    words = readings.words
    opening: dict[int, list[int]] = {}
    places = np.flatnonzero(terms.opens(words))
    rows = words.rows[places]
    for row, at in zip(rows.tolist(), (places - words.starts[rows]).tolist(), strict=True):
        opening.setdefault(row, []).append(at)
    totals: dict[int, float] = {}
    for row, found in opening.items():
        said = readings.said(row)
        hidden = terms.mask(said, found)
        if not all(rules().is_inert(said[at]) for at in hidden):
            totals[row] = total_without(readings, row, said, hidden)
    if totals:
        changed = compounds_of([*totals.values()], readings.emphasis[[*totals]])
        for row, compound in zip(totals, changed, strict=True):
            compounds[row] = compound
    return compounds


@cache
def load_neutral_terms() -> tuple[str, ...]:
    """Return the global list of neutral terms."""
    content = files("tracker.score").joinpath("data", "neutral.toml").read_text(encoding="utf-8")
    return tuple(word for group in tomllib.loads(content)["terms"] for word in group["words"])
