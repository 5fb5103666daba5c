"""A polynomial of degree two over a vector: what a model learns of pairs of its dimensions, not of each alone.

It is what kernel ridge regression with the kernel a·⟨x, y⟩ + b·⟨x, y⟩² (Saunders et al. 1998) comes to, so
that no training sentence need be kept or compared with when scoring.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tracker.score.embeddings import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Polynomial:
    """w·x + x·Q·x with ``linear`` w and symmetric ``square`` Q."""

    linear: Floats
    square: Floats

    def values(self, vectors: Floats) -> NDArray[np.float64]:
        """Return the value for each row."""
        found: NDArray[np.float64] = vectors @ self.linear + ((vectors @ self.square) * vectors).sum(axis=1)
        return found.astype(np.float64)
