"""Texts as numbers: each piece between white space has one, and what a scorer knows of it stands in a column.

Most pieces of an article stood in the last one, so what is said of a piece is worked out once. An article is
split once for all scorers; the rest is arithmetic on arrays.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain
from threading import RLock
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

MAX_PIECES: Final = 60_000  # past it numbers begin anew; most of an article is within the 20,000 commonest
_CACHED_ARTICLES = 16  # twice as many as are scored at once: targets, frames and terms are found afterwards
MAX_CHARS: Final = 5_000_000  # of all pieces: debris may be long
_PIECE = re.compile(r"\S+")

_TYPEWRITER = (("’", "'"), ("‘", "'"), ("“", '"'), ("”", '"'), ("—", " - "), ("–", " - "), ("…", "..."))

Indices = NDArray[np.intp]
_lock = RLock()  # only what is new waits: a piece met for the first time, a column that learns of it


class Vocabulary:
    """The pieces met so far; a piece's number is its place among them."""

    __slots__ = ("_numbers", "n_chars", "pieces")

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.n_chars = 0
        self._numbers = _Numbers(self)

    def numbers(self, pieces: Iterable[str]) -> Indices:
        """Return the numbers of pieces."""
        return np.array([*map(self._numbers.__getitem__, pieces)], dtype=np.intp)  # quicker than from an iterator

    @property
    def is_full(self) -> bool:
        """Whether it is time to begin anew."""
        return len(self.pieces) > MAX_PIECES or self.n_chars > MAX_CHARS


class _Numbers(dict[str, int]):
    """Numbers by piece; one that was never met gets the next."""

    __slots__ = ("_of",)

    def __init__(self, of: Vocabulary) -> None:
        super().__init__()
        self._of = of

    def __missing__(self, piece: str) -> int:
        with _lock:
            number = self.get(piece)
            if number is None:
                number = len(self._of.pieces)
                self._of.pieces.append(piece)
                self._of.n_chars += len(piece)
                self[piece] = number
            return number


@dataclass(frozen=True, eq=False)
class Words:
    """Texts as the numbers of their pieces, one text after the other.

    ``starts`` says where each text begins among ``numbers``, and last where the last one ends; ``rows`` which
    text each piece is of.
    """

    vocabulary: Vocabulary
    texts: Sequence[str]
    numbers: Indices
    starts: Indices
    rows: Indices

    def rows_with(self, marks: NDArray[np.bool_]) -> list[int]:
        """Return the texts that hold a marked piece."""
        return list(dict.fromkeys(self.rows[np.flatnonzero(marks)].tolist()))

    @cached_property
    def places(self) -> Indices:
        """Return where each piece begins in its text."""
        steps = _SIZES(self) + 1  # a piece and the white space after it, one character of it as a rule
        reach = ends_of(steps)
        places: Indices = reach[:-1] - np.repeat(reach[self.starts[:-1]], np.diff(self.starts))
        widths = np.diff(reach[self.starts]) - 1
        sizes = np.array([*map(len, self.texts)], dtype=np.intp)
        for row in np.flatnonzero((widths != sizes) & (widths > 0)).tolist():
            first, last = self.starts[row : row + 2].tolist()
            places[first:last] = [match.start() for match in _PIECE.finditer(self.texts[row])]
        return places


_vocabulary = Vocabulary()


@lru_cache(_CACHED_ARTICLES)
def read_article(texts: tuple[str, ...]) -> Words:
    """Return an article's sentences as ``read_words`` does: those who read the same one in turn split it once."""
    return read_words(texts)


def read_words(texts: Sequence[str], vocabulary: Vocabulary | None = None) -> Words:
    """Return texts as numbers of their pieces between white space, in a vocabulary or in the one in use."""
    vocabulary = vocabulary or _in_use()
    split = [text.split() for text in texts]
    starts = ends_of(np.array([*map(len, split)], dtype=np.intp))
    numbers = vocabulary.numbers(chain.from_iterable(split))
    return Words(vocabulary, texts, numbers, starts, np.repeat(np.arange(len(split)), np.diff(starts)))


def _in_use() -> Vocabulary:
    global _vocabulary  # noqa: PLW0603 - begun anew when full; Words keep the one that they are numbered by
    if _vocabulary.is_full:
        _vocabulary = Vocabulary()
    return _vocabulary


def take(words: Words, rows: Sequence[int]) -> Words:
    """Return some of the texts."""
    if len(rows) == len(words.texts):
        return words
    sizes = np.diff(words.starts)[list(rows)]
    chosen = np.zeros(len(words.texts), dtype=np.bool_)
    chosen[list(rows)] = True
    numbers = words.numbers[chosen[words.rows]]
    texts = [words.texts[row] for row in rows]
    return Words(words.vocabulary, texts, numbers, ends_of(sizes), np.repeat(np.arange(len(rows)), sizes))


def blank_others(words: Words, is_kept: NDArray[np.bool_]) -> Words:
    """Return the texts as before, those that are not kept without their pieces."""
    sizes = np.diff(words.starts) * is_kept
    kept = is_kept[words.rows]
    return Words(words.vocabulary, words.texts, words.numbers[kept], ends_of(sizes), words.rows[kept])


def joined(many: Sequence[Words]) -> Words:
    """Return all texts, one after the other; read anew where the vocabulary began anew among them."""
    if len(many) == 1:
        return many[0]
    texts = [text for words in many for text in words.texts]
    if len({id(words.vocabulary) for words in many}) != 1:
        return read_words(texts)
    sizes = np.concatenate([np.diff(words.starts) for words in many])
    numbers = np.concatenate([words.numbers for words in many])
    return Words(many[0].vocabulary, texts, numbers, ends_of(sizes), np.repeat(np.arange(len(texts)), sizes))


def ends_of(sizes: Indices) -> Indices:
    """Return where each of several runs ends, after a first nought: where each begins, and where all end."""
    starts = np.zeros(len(sizes) + 1, dtype=np.intp)
    np.cumsum(sizes, out=starts[1:])
    return starts


class Column:
    """What is known of each piece, a number or a row of numbers, worked out when it is first asked for."""

    def __init__(self, of: Callable[[Sequence[str]], NDArray[Any]]) -> None:
        """Take what gives the values of pieces: an array as long as they are many."""
        self._of = of
        self._vocabulary: Vocabulary | None = None
        self._values = of(())
        self._is_known = np.zeros(0, dtype=np.bool_)

    def __call__(self, words: Words) -> NDArray[Any]:
        """Return the values of the pieces of texts."""
        return self.by_number(words)[words.numbers]

    def by_number(self, words: Words) -> NDArray[Any]:
        """Return values by number, those of the pieces of these texts among them. Not to be changed."""
        with _lock:
            if words.vocabulary is not self._vocabulary:
                self._vocabulary, self._values = words.vocabulary, self._of(())
                self._is_known = np.zeros(0, dtype=np.bool_)
            if len(self._values) < len(words.vocabulary.pieces):
                self._values = with_room(self._values, len(words.vocabulary.pieces))
                self._is_known = with_room(self._is_known, len(words.vocabulary.pieces))
            is_known = self._is_known[words.numbers]
            if np.count_nonzero(is_known) < len(is_known):
                new = np.unique(words.numbers[~is_known])
                self._values[new] = self._of([words.vocabulary.pieces[number] for number in new.tolist()])
                self._is_known[new] = True
            return self._values


class Lists:
    """What is known of each piece as a list: none, one or several values, or rows of several values."""

    def __init__(self, of: Callable[[Sequence[str]], Iterable[Sequence[Any]]], *dtypes: type[Any]) -> None:
        """Take what gives the lists of pieces, and the type of each value of a row."""
        self._of = of
        self._vocabulary: Vocabulary | None = None
        self._flat = [np.zeros(0, dtype=dtype) for dtype in dtypes]
        self._n_flat = 0
        self._bounds = Column(self._learn)

    def __call__(self, words: Words) -> tuple[list[NDArray[Any]], Indices]:
        """Return the lists of all pieces of texts, one after the other, an array for each value of a row.

        After them comes where the list of each piece begins and ends.
        """
        with _lock:
            if words.vocabulary is not self._vocabulary:
                self._vocabulary, self._n_flat = words.vocabulary, 0
            bounds = self._bounds(words)
            first, sizes = bounds[:, 0], bounds[:, 1]
            ends = ends_of(sizes)
            places = np.repeat(first - ends[:-1], sizes)
            places += np.arange(len(places))
            return [values[places] for values in self._flat], ends

    def _learn(self, pieces: Sequence[str]) -> Indices:
        found = list(self._of(pieces))
        ends = ends_of(np.array([*map(len, found)], dtype=np.intp)) + self._n_flat
        n = int(ends[-1])
        rows = list(chain.from_iterable(found))
        columns = zip(*rows, strict=True) if len(self._flat) > 1 else (rows,)
        self._flat = [with_room(values, n) for values in self._flat]
        for values, column in zip(self._flat, columns if rows else (), strict=bool(rows)):
            values[self._n_flat : n] = column
        self._n_flat = n
        return np.stack([ends[:-1], np.diff(ends)], axis=1)


def with_room(values: NDArray[Any], n: int) -> NDArray[Any]:
    """Return an array that has room for ``n`` rows and begins with these; noughts follow."""
    if n <= len(values):
        return values
    larger = np.zeros((max(n, 2 * len(values)), *values.shape[1:]), dtype=values.dtype)
    larger[: len(values)] = values
    return larger


_SIZES = Column(lambda pieces: np.array([*map(len, pieces)], dtype=np.intp))


def typewriter(text: str) -> str:
    """Return the text with typographic quotation marks, dashes and ellipses as a typewriter has them."""
    if not text.isascii():
        for written, typed in _TYPEWRITER:  # str.translate looks every letter up: twenty times as long
            text = text.replace(written, typed)
    return text
