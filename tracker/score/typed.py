"""Sentences as they are written and as a typewriter has them.

VADER knows typewriter's punctuation alone: with ’ it misses "don’t", with “ the word that follows it. Its own
figure is of what is written; the learned tone is of what is meant. Few sentences differ to it, so that those
alone are read twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tracker.score.pieces import Column, Indices, Words, joined, read_words, typewriter
from tracker.score.vader import reads_alike


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Typed:
    """Sentences as ``written``; ``words`` has, after these, those that VADER reads otherwise when typed.

    ``rows`` says which of ``words`` each sentence is when typed.
    """

    written: Words
    words: Words
    rows: Indices


def read_typed(texts: Sequence[str]) -> Typed:
    """Return sentences as written and as typed."""
    return type_words(read_words(texts))


def type_words(written: Words) -> Typed:
    """Return sentences that are read as written, and as typed."""
    texts = written.texts
    rows = np.arange(len(texts))
    marked = written.rows_with(_IS_OTHERWISE(written))
    if not marked:
        return Typed(written=written, words=written, rows=rows)
    rows[marked] = np.arange(len(texts), len(texts) + len(marked))
    typed = read_words([typewriter(texts[row]) for row in marked], written.vocabulary)
    return Typed(written=written, words=joined([written, typed]), rows=rows)


_IS_OTHERWISE = Column(
    lambda pieces: np.array([not reads_alike(piece, typewriter(piece)) for piece in pieces], dtype=np.bool_)
)
