"""Static word embeddings: a batch of texts in, one vector of floats a text out, and never a network.

The vectors are wordllama's (256 dimensions, shipped in its wheel). A text's vector is the mean of its
tokens' vectors. No token crosses white space, so a piece between spaces is tokenised once.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from tracker.score.pieces import Indices, Lists, ends_of, read_words

DIMENSIONS = 256
_CONFIG = "l2_supercat"  # the one that the wheel ships
_MAX_PIECE_CHARS = 64  # longer than any word: addresses and other debris are cut there

Floats = NDArray[np.float32]


class StaticEmbeddings:
    """Vectors of texts, from a table of token vectors and a tokenizer."""

    def __init__(self, table: Floats, tokenizer: Any) -> None:
        """Take the table (tokens × dimensions) and a ``tokenizers.Tokenizer``."""
        self.table = table
        self._tokenizer = tokenizer
        self._tokens = Lists(self.tokens, np.int32)

    def embed(self, texts: Sequence[str]) -> Floats:
        """Return the mean token vector of each text, scaled to length 1: (texts × dimensions).

        The row of a text without any token is nought.
        """
        words = read_words(texts)
        (tokens,), ends = self._tokens(words)
        return scaled(sums(self.table, tokens, ends[words.starts]))

    def tokens(self, texts: Sequence[str]) -> list[list[int]]:
        """Return the numbers of each text's tokens."""
        # As the words of one text: the tokenizer's batches start threads, which do not survive a fork.
        split = [text.split() for text in texts]
        pieces = [piece[:_MAX_PIECE_CHARS] for piece in chain.from_iterable(split)]
        rows = [row for row, found in enumerate(split) for _ in found]
        found: list[list[int]] = [[] for _ in texts]
        encoded = self._tokenizer.encode(pieces, is_pretokenized=True, add_special_tokens=False)
        for word, index in zip(encoded.word_ids, encoded.ids, strict=True):
            found[rows[word]].append(min(index, len(self.table) - 1))
        return found


def sums(table: Floats, rows: Indices, starts: Indices) -> Floats:
    """Return the sum of the table's rows that each of several runs of ``rows`` names."""
    ones = np.ones(len(rows), dtype=table.dtype)
    counts = csr_matrix((ones, rows, starts), shape=(len(starts) - 1, len(table)))
    found: Floats = np.asarray(counts @ table)  # without a copy of the rows
    return found


def runs(lists: Sequence[Sequence[int]]) -> tuple[Indices, Indices]:
    """Return several lists of rows as one, and where each begins and ends."""
    starts = ends_of(np.array([*map(len, lists)], dtype=np.intp))
    return np.array([*chain.from_iterable(lists)], dtype=np.intp), starts


def scaled(vectors: Floats) -> Floats:
    """Return vectors scaled to length 1; nought stays."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    found: Floats = vectors / np.maximum(lengths, np.finfo(np.float32).tiny)
    return found


@cache
def load_embeddings() -> StaticEmbeddings:
    """Return the embeddings, loaded once in a process (about 0.2 s).

    Raises FileNotFoundError where the installed wordllama lacks its weights: nothing is ever downloaded.
    """
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    import wordllama  # noqa: PLC0415 - slow to import, and it configures the root logger on the way

    root.handlers[:], root.level = handlers, level
    folder = Path(wordllama.__file__).parent
    model = wordllama.WordLlama.load(_CONFIG, cache_dir=folder, dim=DIMENSIONS, disable_download=True)
    return StaticEmbeddings(model.embedding, model.tokenizer)
