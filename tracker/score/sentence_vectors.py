"""Two vectors of a sentence from what stands in tables for its words: static embeddings, and MiniLM distilled.

- *static*: wordllama's token vectors in lower case (``embeddings.py``), on their 64 leading principal
  components (``models/projection.npz``, ``pipelines/train/projection.py``);
- *distilled*: what all-MiniLM-L6-v2 makes of each word alone, in 64 numbers (``models/words.npz``,
  ``pipelines/train/words.py``; ``models/words.md`` describes it). Rows are weighed by how rare a word is, as by
  Arora et al. (2017), "A Simple but Tough-to-Beat Baseline for Sentence Embeddings", ICLR.

Either is the sum over the sentence's words, scaled to length 1. Both sums are taken at once, from one table
with a row for each piece between white space; no token and no word crosses white space.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np

from tracker.score.embeddings import Floats, load_embeddings, runs, scaled, sums
from tracker.score.ngrams import typed_words
from tracker.score.pieces import Column, Words, typewriter
from tracker.score.weights import load_weights, weights_hash

STATIC_DIMENSIONS = 64
WORD_DIMENSIONS = 64


class SentenceVectors:
    """Vectors of sentences from a table of token vectors and one of word vectors."""

    def __init__(self, static: Floats, rows: Mapping[str, int], table: Floats) -> None:
        """Take the tokens' vectors, and the row of each word in lower case in the table of word vectors."""
        self._static = static
        self._rows = rows
        self._table = table
        self._pieces = Column(self._sums)

    def embed(self, words: Words) -> tuple[Floats, Floats]:
        """Return the static and the distilled vector of each text; nought where no word is known."""
        table = self._pieces.by_number(words)
        found = sums(table, words.numbers.astype(np.int32), words.starts.astype(np.int32))
        return scaled(found[:, :STATIC_DIMENSIONS]), scaled(found[:, STATIC_DIMENSIONS:])

    def _sums(self, pieces: Sequence[str]) -> Floats:
        """Return the sums of the vectors of each piece's tokens and of its words: (pieces × both)."""
        typed = [typewriter(piece).lower() for piece in pieces]
        words = [[self._rows[word] for word in typed_words(piece) if word in self._rows] for piece in pieces]
        by_token = sums(self._static, *runs(load_embeddings().tokens(typed)))
        return np.hstack([by_token, sums(self._table, *runs(words))])


@cache
def load_sentence_vectors() -> SentenceVectors:
    """Return the tables that ship with the tracker, loaded once in a process."""
    arrays = load_weights("words")
    rows = {word: row for row, word in enumerate(arrays["words"].tobytes().decode().split("\n"))}
    return SentenceVectors(
        load_embeddings().table @ load_weights("projection")["projection"],
        rows,
        arrays["table"].astype(np.float32) * arrays["scale"].astype(np.float32),
    )


def sentence_vectors_hash() -> str:
    """Return the hash of the tables of ours, which stay where they are."""
    return hashlib.sha256(f"{weights_hash('words')}\0{weights_hash('projection')}".encode()).hexdigest()
