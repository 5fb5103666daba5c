"""Words and pairs of words as numbers of buckets (the hashing trick): no vocabulary to ship.

Weinberger et al. (2009), "Feature Hashing for Large Scale Multitask Learning". CRC-32 is the same on every
machine and in every process, unlike Python's own hash.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from tracker.score.memo import Memo

_WORD = re.compile(r"[^\W_][\w'-]*[^\W_]|[^\W\d_]")
_HASHES = Memo(lambda word: zlib.crc32(word.encode()))
_PIECES = Memo(lambda piece: tuple(zlib.crc32(word.encode()) for word in _WORD.findall(piece)))
_PAIR = np.uint32(0x9E3779B1)  # an odd multiplier (2**32 by the golden ratio): order within a pair counts
_SALT = np.uint32(0x85EBCA6B)  # another, that sets kinds of groups apart


@dataclass(frozen=True, slots=True, kw_only=True)
class NGrams:
    """Words and pairs found: row (which group), bucket and weight of each."""

    rows: NDArray[np.intp]
    buckets: NDArray[np.intp]
    weights: NDArray[np.float32]


def words_of(text: str) -> list[str]:
    """Return the words of a text in lower case; hyphens and apostrophes inside words are kept."""
    return _WORD.findall(text.lower())


def hash_texts(texts: Sequence[str], n_buckets: int) -> NGrams:
    """Return ``hash_ngrams`` of the words of each text, as ``words_of`` finds them."""
    rows = [text.lower().split() for text in texts]  # no word crosses white space
    found = list(map(_PIECES.__getitem__, chain.from_iterable(rows)))
    after = np.cumsum([0, *map(len, found)], dtype=np.intp)  # of each piece
    sizes = np.diff(after[np.cumsum([0, *map(len, rows)], dtype=np.intp)])
    words = np.fromiter(chain.from_iterable(found), dtype=np.uint32, count=int(after[-1]))
    return _pairs(words, sizes, n_buckets)


def hash_ngrams(groups: Sequence[Sequence[str]], n_buckets: int, *, n_kinds: int = 1) -> NGrams:
    """Return the words of each group and its pairs of neighbours, hashed.

    Each weighs 1 / sqrt(how many the group has), so that a group's length is about 1. ``n_buckets`` is a
    power of two. Groups are of ``n_kinds`` in turn; the same words in another kind fall into other buckets.
    """
    sizes = np.fromiter(map(len, groups), dtype=np.intp, count=len(groups))
    hashes = map(_HASHES.__getitem__, chain.from_iterable(groups))
    words = np.fromiter(hashes, dtype=np.uint32, count=int(sizes.sum()))
    if n_kinds > 1:
        words ^= np.repeat(np.arange(len(groups)) % n_kinds, sizes).astype(np.uint32) * _SALT
    return _pairs(words, sizes, n_buckets)


def _pairs(words: NDArray[np.uint32], sizes: NDArray[np.intp], n_buckets: int) -> NGrams:
    rows = np.repeat(np.arange(len(sizes)), sizes)
    is_pair = rows[:-1] == rows[1:]
    pairs = (words[:-1] * _PAIR ^ words[1:])[is_pair]
    all_rows = np.concatenate([rows, rows[:-1][is_pair]])
    buckets = np.concatenate([words, pairs]) & np.uint32(n_buckets - 1)
    n_grams = np.maximum(2 * sizes - 1, 1).astype(np.float32)
    return NGrams(rows=all_rows, buckets=buckets.astype(np.intp), weights=(n_grams**-0.5)[all_rows])
