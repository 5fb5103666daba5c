"""Which of many texts are copies of each other: what ``compare`` says of every pair that shares a band.

One by one a pair takes 8 µs, and a wire story in two hundred outlets is 20,000 of them: here which pairs there are is a
product of sparse matrices, and a text is compared with all others at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from tracker.copies.fingerprint import MIN_CONTAINMENT, MIN_SIMILARITY, SKETCH_BITS, SKETCH_SIZE
from tracker.model import CopyEdge, Fingerprint

TOGETHER = 100  # texts whose pairs are in memory, some 100 bytes each

Places = NDArray[np.int64]


def find_edges(new: Sequence[Fingerprint], others: Sequence[Fingerprint]) -> list[CopyEdge]:
    """Return the copies of new texts among themselves and among others; where both have an article, as it is new.

    Each new text is of another article, and so is each other one.
    """
    ids = {one.article for one in new}
    texts = [*new, *(one for one in others if one.article not in ids)]
    return list(_Pairs(texts).edges(len(new))) if new else []


class _Pairs:
    """Pairs of texts, each by its place."""

    def __init__(self, texts: Sequence[Fingerprint]) -> None:
        self._names = np.array([one.article for one in texts])
        self._n_shingles = np.array([one.n_shingles for one in texts])
        self._n_hashes: Places = np.array([len(one.sketch) for one in texts])
        self._firsts = np.append(0, np.cumsum(self._n_hashes))
        hashes = _flat(one.sketch for one in texts)
        # A sketch is sorted: with the text's place before each hash so are all, one after the other.
        self._places = np.arange(len(texts), dtype=np.uint64) << np.uint64(SKETCH_BITS)
        self._hashes = hashes + np.repeat(self._places, self._n_hashes)
        values, numbers = np.unique(hashes, return_inverse=True)
        self._n_values = len(values)
        self._numbers = np.full((len(texts), SKETCH_SIZE), self._n_values, dtype=np.int32)  # of the hashes, by text
        self._numbers[np.arange(SKETCH_SIZE) < self._n_hashes[:, None]] = numbers
        values, columns = np.unique(_flat(one.bands for one in texts), return_inverse=True)
        starts = np.append(0, np.cumsum([len(one.bands) for one in texts]))
        ones = np.ones(len(columns), dtype=np.int16)
        self._bands = csr_matrix((ones, columns, starts), shape=(len(texts), len(values)))
        is_whole = self._n_hashes < SKETCH_SIZE  # all of the text's hashes
        last = [one.sketch[-1] if one.sketch else 0 for one in texts]
        self._reach = np.where(is_whole, (1 << SKETCH_BITS) - 1, last).astype(np.uint64)

    def edges(self, n_new: int) -> Iterator[CopyEdge]:
        """Yield the copies among pairs of which one is among the first ``n_new``."""
        by_band = self._bands.T.tocsr()
        for first in range(0, n_new, TOGETHER):
            near = (self._bands[first : min(first + TOGETHER, n_new)] @ by_band).tocoo()
            one, other = near.row.astype(np.int64) + first, near.col.astype(np.int64)
            is_once = one < other
            yield from self._copies(one[is_once], other[is_once])

    def _copies(self, one: Places, other: Places) -> Iterator[CopyEdge]:
        """Yield which of these pairs are copies; those of the same ``one`` stand together."""
        n_common = self._n_common(one, other)
        is_in_order = self._names[one] < self._names[other]
        a, b = np.where(is_in_order, one, other), np.where(is_in_order, other, one)
        limit = np.minimum(self._reach[a], self._reach[b])
        n_a, n_b = self._n_within(a, limit), self._n_within(b, limit)
        similarity = n_common / np.maximum(n_a + n_b - n_common, 1)
        containment = n_common / np.maximum(np.where(self._n_shingles[a] <= self._n_shingles[b], n_a, n_b), 1)
        # A short text's only band is a hash of all of it: those that share one are the same.
        for place in np.flatnonzero((containment >= MIN_CONTAINMENT) & (similarity >= MIN_SIMILARITY)):
            yield CopyEdge(
                a=str(self._names[a[place]]),
                b=str(self._names[b[place]]),
                similarity=float(similarity[place]),
                containment=float(containment[place]),
            )

    def _n_common(self, one: Places, other: Places) -> Places:
        """Return how many hashes the sketches of each pair share."""
        counts = np.zeros(len(one), dtype=np.int64)
        is_held = np.zeros(self._n_values + 1, dtype=np.bool_)
        bounds = np.flatnonzero(np.diff(one, prepend=-1, append=-1)).tolist()
        for first, end in pairwise(bounds):
            held = self._numbers[one[first]]
            is_held[held] = True
            is_held[self._n_values] = False  # what fills up a sketch that is not full
            counts[first:end] = is_held[self._numbers[other[first:end]]].sum(axis=1)
            is_held[held] = False
        return counts

    def _n_within(self, texts: Places, limit: NDArray[np.uint64]) -> Places:
        """Return how many hashes of each text's sketch are no larger than its limit."""
        within: Places = np.searchsorted(self._hashes, self._places[texts] + limit, side="right") - self._firsts[texts]
        return within


def _flat(many: Iterable[Sequence[int]]) -> NDArray[np.uint64]:
    return np.fromiter(chain.from_iterable(many), dtype=np.uint64)
