"""Word vectors distilled from MiniLM: what the sentence model makes of each word alone, in 64 numbers.

A table of words made once from all-MiniLM-L6-v2 (``pipelines/train/words.py`` makes it, ``models/words.md``
describes it), so that scoring needs no transformer: a sentence's vector is the sum of its words' rows, scaled
to length 1. Rows are weighed by how rare a word is, as by Arora et al. (2017), "A Simple but Tough-to-Beat
Baseline for Sentence Embeddings", ICLR.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from itertools import chain

import numpy as np
from scipy.sparse import csr_matrix

from tracker.score.embeddings import Floats
from tracker.score.memo import Memo
from tracker.score.ngrams import words_of
from tracker.score.weights import load_weights

DIMENSIONS = 64


class WordVectors:
    """Vectors of sentences from a table of word vectors."""

    def __init__(self, rows: Mapping[str, int], table: Floats, data_hash: str = "") -> None:
        """Take the row of each word in lower case, and the table (rows × dimensions)."""
        self._table = table
        self._pieces = Memo(lambda piece: tuple(rows[word] for word in words_of(piece) if word in rows))
        self.data_hash = data_hash

    def embed(self, texts: Sequence[str]) -> Floats:
        """Return the sum of each text's word vectors, scaled to length 1; nought where no word is known."""
        pieces = [text.lower().split() for text in texts]  # no word crosses white space
        found = list(map(self._pieces.__getitem__, chain.from_iterable(pieces)))
        after = np.cumsum([0, *map(len, found)], dtype=np.int32)  # of each piece
        starts = after[np.cumsum([0, *map(len, pieces)])]
        flat = np.fromiter(chain.from_iterable(found), dtype=np.int32, count=int(after[-1]))
        ones = np.ones(len(flat), dtype=np.float32)
        counts = csr_matrix((ones, flat, starts), shape=(len(texts), len(self._table)))
        sums = np.asarray(counts @ self._table, dtype=np.float32)
        lengths = np.linalg.norm(sums, axis=1, keepdims=True)
        vectors: Floats = sums / np.maximum(lengths, np.finfo(np.float32).tiny)
        return vectors


@cache
def load_word_vectors() -> WordVectors:
    """Return the table that ships with the tracker, loaded once in a process."""
    arrays, digest = load_weights("words")
    rows = {word: row for row, word in enumerate(arrays["words"].tobytes().decode().split("\n"))}
    table = arrays["table"].astype(np.float32) * arrays["scale"].astype(np.float32)
    return WordVectors(rows, table, digest)
