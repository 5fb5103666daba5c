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
_WORDS = Memo(_WORD.findall)  # of what stands between white space: no word crosses it
_HASHES = Memo(lambda word: zlib.crc32(word.encode()))
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
    return list(chain.from_iterable(map(_WORDS.__getitem__, text.lower().split())))


def hash_ngrams(groups: Sequence[Sequence[str]], n_buckets: int, *, n_kinds: int = 1) -> NGrams:
    """Return the words of each group and its pairs of neighbours, hashed.

    Each weighs 1 / sqrt(how many the group has), so that a group's length is about 1. ``n_buckets`` is a
    power of two. Groups are of ``n_kinds`` in turn; the same words in another kind fall into other buckets.
    """
    sizes = np.array([len(group) for group in groups], dtype=np.intp)
    rows = np.repeat(np.arange(len(groups)), sizes)
    hashes = map(_HASHES.__getitem__, chain.from_iterable(groups))
    words = np.fromiter(hashes, dtype=np.uint32, count=len(rows))
    words ^= (rows % n_kinds).astype(np.uint32) * _SALT
    is_pair = rows[:-1] == rows[1:]
    pairs = (words[:-1] * _PAIR ^ words[1:])[is_pair]
    all_rows = np.concatenate([rows, rows[:-1][is_pair]])
    buckets = np.concatenate([words, pairs]) & np.uint32(n_buckets - 1)
    n_grams = np.maximum(2 * sizes - 1, 1).astype(np.float32)
    return NGrams(rows=all_rows, buckets=buckets.astype(np.intp), weights=(n_grams**-0.5)[all_rows])
