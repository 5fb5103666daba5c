"""Static word embeddings: a batch of texts in, one vector of floats a text out, and never a network.

The vectors are wordllama's (256 dimensions, shipped in its wheel). A text's vector is the mean of its
tokens' vectors. No token crosses white space, so the pieces between spaces are tokenised once and
remembered: an article's words are mostly the words of the last one.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any, cast

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
        sums = self._sum(texts)
        lengths = np.linalg.norm(sums, axis=1, keepdims=True)
        vectors: Floats = sums / np.maximum(lengths, np.finfo(np.float32).tiny)
        return vectors

    def _ids(self, pieces: Sequence[str]) -> list[tuple[int, ...]]:
        """Return the numbers of each piece's tokens."""
        ids = list(map(self._pieces.get, pieces))
        if None in ids:
            new = {piece for piece, found in zip(pieces, ids, strict=True) if found is None}
            if len(self._pieces) + len(new) > _CACHED_PIECES:
                self._pieces.clear()
                new = set(pieces)
            self._learn(list(new))
            ids = list(map(self._pieces.get, pieces))
        return cast("list[tuple[int, ...]]", ids)

    def _learn(self, pieces: Sequence[str]) -> None:
        # As the words of one text: the tokenizer's batches start threads, which do not survive a fork.
        cut = [piece[:_MAX_PIECE_CHARS] for piece in pieces]
        found: list[list[int]] = [[] for _ in pieces]
        encoded = self._tokenizer.encode(cut, is_pretokenized=True, add_special_tokens=False)
        for word, index in zip(encoded.word_ids, encoded.ids, strict=True):
            found[word].append(min(index, len(self._table) - 1))
        self._pieces.update(zip(pieces, map(tuple, found), strict=True))

    def _sum(self, texts: Sequence[Sequence[str]]) -> Floats:
        ids = self._ids(list(chain.from_iterable(texts)))
        after = np.cumsum([0, *map(len, ids)], dtype=np.int32)  # of each piece
        starts = after[np.cumsum([0, *map(len, texts)])]
        flat = np.fromiter(chain.from_iterable(ids), dtype=np.int32, count=int(after[-1]))
        ones = np.ones(len(flat), dtype=np.float32)
        counts = csr_matrix((ones, flat, starts), shape=(len(texts), len(self._table)))
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
