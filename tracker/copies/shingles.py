"""A text as a set of hashed word shingles (Broder 1997), the same on every machine and in every run.

Words are hashed once each with BLAKE2b and combined by 64-bit arithmetic, so that a long article costs a
fraction of a millisecond; nothing depends on Python's salted ``hash``.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from functools import lru_cache

import numpy as np
import numpy.typing as npt

Hashes = npt.NDArray[np.uint64]

# Five words: on 1,906 real articles no two own stories share a third of them (docs/methods.md), and a
# changed word spoils five. Four raise the overlap of stories that quote the same statement, six lose edits.
SHINGLE_WORDS = 5
WORD_CACHE = 1 << 18  # distinct words remembered, some 40 MB; a year of English news has about as many
MAX_WORDS = 100_000  # of one text; the longest article has a tenth

# Scripts without spaces between words count by character; apostrophes vanish, so "owner’s" is one word.
_WORD = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|\w+")
_APOSTROPHES = re.compile("['’‘ʼ`\u00ad\u200b\u200c\u200d]+")  # str.translate looks every letter up: ten times as long
# Odd 64-bit multipliers, one a position: the golden ratio's fraction and its successors under splitmix64
_PLACES = np.array(
    [0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB, 0xD6E8FEB86659FD93, 0xA0761D6478BD642F],
    dtype=np.uint64,
)


def words(text: str) -> list[str]:
    """Return a text's words, folded: no case, no punctuation, no difference between kinds of quote."""
    folded = _APOSTROPHES.sub("", unicodedata.normalize("NFKC", text)).casefold()
    return _WORD.findall(folded)[:MAX_WORDS]


def shingles(listed: list[str]) -> Hashes:
    """Return the sorted distinct hashes of every run of ``SHINGLE_WORDS`` words; of all words where fewer."""
    if not listed:
        return np.empty(0, dtype=np.uint64)
    hashed = np.fromiter(map(_word_hash, listed), dtype=np.uint64, count=len(listed))
    width = min(SHINGLE_WORDS, len(hashed))
    n_shingles = len(hashed) - width + 1
    combined = np.zeros(n_shingles, dtype=np.uint64)
    for place in range(width):  # unsigned arithmetic wraps around, as meant
        combined += hashed[place : place + n_shingles] * _PLACES[place]
    return distinct(mixed(combined))


def distinct(values: Hashes) -> Hashes:
    """Return the distinct values, sorted; ``np.unique`` hashes them first, which takes several times as long."""
    ordered = np.sort(values)
    return np.concatenate((ordered[:1], ordered[1:][ordered[1:] != ordered[:-1]]))


def mixed(values: Hashes) -> Hashes:
    """Return well-spread values: the finaliser of splitmix64 (Steele, Lea and Flood 2014)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


@lru_cache(maxsize=WORD_CACHE)
def _word_hash(word: str) -> int:
    return int.from_bytes(hashlib.blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")
