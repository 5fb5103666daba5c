"""Static word embeddings: a batch of texts in, one vector of floats a text out, and never a network.

The vectors are wordllama's (256 dimensions, shipped in its wheel). A text's vector is the mean of its
tokens' vectors. No token crosses white space, so the pieces between spaces are tokenised once and
remembered: an article's words are mostly the words of the last one.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

DIMENSIONS = 256
_CONFIG = "l2_supercat"  # the one that the wheel ships
_CACHED_PIECES = 100_000  # about 20 MB; past it the memory starts afresh
_MAX_PIECE_CHARS = 64  # longer than any word: addresses and other debris are cut there

Floats = NDArray[np.float32]


class StaticEmbeddings:
    """Vectors of texts, from a table of token vectors and a tokenizer."""

    def __init__(self, table: Floats, tokenizer: Any) -> None:
        """Take the table (tokens × dimensions) and a ``tokenizers.Tokenizer``."""
        self._table = table
        self._tokenizer = tokenizer
        self._pieces: dict[str, tuple[int, ...]] = {}

    def embed(self, texts: Sequence[str]) -> Floats:
        """Return the mean token vector of each text, scaled to length 1: (texts × dimensions).

        The row of a text without any token is nought.
        """
        return self.embed_words([text.split() for text in texts])

    def embed_words(self, texts: Sequence[Sequence[str]]) -> Floats:
        """Return the same for texts that are already split at white space."""
        ids = [self._ids(pieces) for pieces in texts]
        sums = self._sum(ids)
        lengths = np.linalg.norm(sums, axis=1, keepdims=True)
        vectors: Floats = sums / np.maximum(lengths, np.finfo(np.float32).tiny)
        return vectors

    def _ids(self, pieces: Iterable[str]) -> list[int]:
        found: list[int] = []
        for piece in pieces:
            ids = self._pieces.get(piece)
            found.extend(self._learn(piece) if ids is None else ids)
        return found

    def _learn(self, piece: str) -> tuple[int, ...]:
        # One at a time: the tokenizer's batches start threads, which do not survive a fork.
        encoded = self._tokenizer.encode(piece[:_MAX_PIECE_CHARS], add_special_tokens=False).ids
        ids = tuple(min(index, len(self._table) - 1) for index in encoded)
        if len(self._pieces) >= _CACHED_PIECES:
            self._pieces.clear()
        self._pieces[piece] = ids
        return ids

    def _sum(self, ids: Sequence[Sequence[int]]) -> Floats:
        starts = np.cumsum([0, *map(len, ids)], dtype=np.int32)
        flat = np.fromiter(chain.from_iterable(ids), dtype=np.int32, count=int(starts[-1]))
        ones = np.ones(len(flat), dtype=np.float32)
        counts = csr_matrix((ones, flat, starts), shape=(len(ids), len(self._table)))
        sums: Floats = np.asarray(counts @ self._table, dtype=np.float32)  # without a copy of the rows
        return sums


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
