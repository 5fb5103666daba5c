"""Words and pairs of words as numbers of buckets (the hashing trick): no vocabulary to ship.

Weinberger et al. (2009), "Feature Hashing for Large Scale Multitask Learning". CRC-32 is the same on every
machine and in every process, unlike Python's own hash.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from tracker.score.pieces import Indices, Lists, Words, typewriter

_WORD = re.compile(r"[^\W_][\w'-]*[^\W_]|[^\W\d_]")
_CACHED_WORDS = 50_000
_CACHED_TEXTS = 4_096  # pieces of an article, asked for in turn
_PAIR = np.uint32(0x9E3779B1)  # an odd multiplier (2**32 by the golden ratio): order within a pair counts
_SALT = np.uint32(0x85EBCA6B)  # another, that sets kinds of groups apart


@dataclass(frozen=True, slots=True, kw_only=True)
class NGrams:
    """Words and pairs found: row (which group), bucket and weight of each."""

    rows: Indices
    buckets: Indices
    weights: NDArray[np.float32]


@lru_cache(_CACHED_TEXTS)  # buckets and vectors are both of words
def typed_words(piece: str) -> tuple[str, ...]:
    """Return the words of a text as a typewriter has it."""
    return tuple(words_of(typewriter(piece)))


def words_of(text: str) -> list[str]:
    """Return the words of a text in lower case; hyphens and apostrophes inside words are kept."""
    return _WORD.findall(text.lower())


def hash_words(words: Words, n_buckets: int) -> NGrams:
    """Return ``hash_ngrams`` of the words of each text, as ``words_of`` finds them in what a typewriter writes."""
    (hashes,), ends = _HASHES(words)
    return _pairs(hashes, np.diff(ends[words.starts]), n_buckets)


def weigh_words(words: Words, weights: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return the sum of the weights of each text's words and pairs of words, each by how much it weighs.

    ``weights`` are by bucket.
    """
    (hashes,), ends = _HASHES(words)
    sizes = np.diff(ends[words.starts])
    rows = np.repeat(np.arange(len(sizes)), sizes)
    found = weights[hashes & np.uint32(len(weights) - 1)]
    pairs = weights[_paired(hashes) & np.uint32(len(weights) - 1)]
    found[:-1] += pairs * (rows[:-1] == rows[1:])
    summed = np.bincount(rows, found, minlength=len(sizes)) * _weight(sizes)
    return summed.astype(np.float64)


def hash_ngrams(groups: Sequence[Sequence[str]], n_buckets: int, *, n_kinds: int = 1) -> NGrams:
    """Return the words of each group and its pairs of neighbours, hashed.

    Each weighs 1 / sqrt(how many the group has), so that a group's length is about 1. ``n_buckets`` is a
    power of two. Groups are of ``n_kinds`` in turn; the same words in another kind fall into other buckets.
    """
    sizes = np.array([*map(len, groups)], dtype=np.intp)
    words = np.array([*map(_hash, chain.from_iterable(groups))], dtype=np.uint32)
    if n_kinds > 1:
        words ^= np.repeat(np.arange(len(groups)) % n_kinds, sizes).astype(np.uint32) * _SALT
    return _pairs(words, sizes, n_buckets)


@lru_cache(_CACHED_WORDS)
def _hash(word: str) -> int:
    return zlib.crc32(word.encode())


_HASHES = Lists(lambda pieces: [[*map(_hash, typed_words(piece))] for piece in pieces], np.uint32)


def _pairs(words: NDArray[np.uint32], sizes: Indices, n_buckets: int) -> NGrams:
    rows = np.repeat(np.arange(len(sizes)), sizes)
    is_pair = rows[:-1] == rows[1:]
    pairs = _paired(words)[is_pair]
    all_rows = np.concatenate([rows, rows[:-1][is_pair]])
    buckets = np.concatenate([words, pairs]) & np.uint32(n_buckets - 1)
    return NGrams(rows=all_rows, buckets=buckets.astype(np.intp), weights=_weight(sizes)[all_rows])


def _paired(words: NDArray[np.uint32]) -> NDArray[np.uint32]:
    return words[:-1] * _PAIR ^ words[1:]


def _weight(sizes: Indices) -> NDArray[np.float32]:
    """Return what each word and each pair weighs in texts of so many words."""
    weights: NDArray[np.float32] = np.maximum(2 * sizes - 1, 1).astype(np.float32) ** -0.5
    return weights
