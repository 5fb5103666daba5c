"""Words and pairs of words as numbers of buckets (the hashing trick): no vocabulary to ship.

Weinberger et al. (2009), "Feature Hashing for Large Scale Multitask Learning". CRC-32 is the same on every
machine and in every process, unlike Python's own hash.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

_WORD = re.compile(r"[^\W_][\w'-]*[^\W_]|[^\W\d_]")


def words_of(text: str) -> list[str]:
    """Return the words of a text in lower case; hyphens and apostrophes inside words are kept."""
    return _WORD.findall(text.lower())


def buckets(words: Sequence[str], n_buckets: int, *, salt: str = "") -> list[int]:
    """Return the bucket of each word and of each pair of neighbours; ``n_buckets`` is a power of two.

    The same words under another ``salt`` fall into other buckets.
    """
    seed = zlib.crc32(salt.encode()) if salt else 0
    hashes = [zlib.crc32(word.encode(), seed) for word in words]
    pairs = [zlib.crc32(b" " + word.encode(), before) for before, word in zip(hashes, words[1:], strict=False)]
    mask = n_buckets - 1
    return [value & mask for value in (*hashes, *pairs)]


def weigh(found: Iterable[int]) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Return the buckets found, each once, and their weights: 1 + ln(count), scaled to length 1."""
    listed = list(found)
    counts = Counter(listed)
    if len(counts) == len(listed):  # as in most sentences
        return np.array(listed, dtype=np.int64), np.full(
            len(listed), len(listed) ** -0.5 if listed else 0.0, dtype=np.float32
        )
    weights = np.log(np.fromiter(counts.values(), dtype=np.float32, count=len(counts))) + 1
    norm = float(np.linalg.norm(weights)) or 1.0
    return np.fromiter(counts, dtype=np.int64, count=len(counts)), (weights / norm).astype(np.float32)
