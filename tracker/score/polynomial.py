"""A polynomial of degree two over a vector: what a model learns of pairs of its dimensions, not of each alone.

It is what kernel ridge regression with the kernel a·⟨x, y⟩ + b·⟨x, y⟩² (Saunders et al. 1998) comes to, so
that no training sentence need be kept or compared with when scoring.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tracker.score.embeddings import Floats

_ONE_THREAD = 2**18  # multiplications; OpenBLAS takes more threads for more


@dataclass(frozen=True, kw_only=True)
class Polynomial:
    """w·x + x·Q·x with ``linear`` w and symmetric ``square`` Q."""

    linear: Floats
    square: Floats

    def values(self, vectors: Floats) -> NDArray[np.float64]:
        """Return the value for each row.

        In double precision: in single, BLAS makes another eighth digit of a row by where it stands among how many,
        and a sentence's score would turn on which others are scored with it.
        """
        found = dot(vectors, self.linear).astype(np.float64)
        for first in range(0, len(vectors), self._rows):
            some = vectors[first : first + self._rows].astype(np.float64)
            found[first : first + self._rows] += np.einsum("ij,ij->i", some @ self._square, some)
        return found

    @cached_property
    def _square(self) -> NDArray[np.float64]:
        return self.square.astype(np.float64)

    @property
    def _rows(self) -> int:
        """Return how many rows at a time keep OpenBLAS to one thread: others cost more than they do."""
        return max(_ONE_THREAD // self.square.size, 1)


def dot(vectors: Floats, weights: Floats) -> Floats:
    """Return the product of each row and the weights, without BLAS, which would start threads for it."""
    found: Floats = np.einsum("ij,j->i", vectors, weights)
    return found
