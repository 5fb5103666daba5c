"""Make the table of word vectors that ships: ``python -m pipelines.train.words --mentions FILE --output FILE``.

Each word of MiniLM's own vocabulary, of VADER's lexicon and of the given sentences is put through MiniLM
alone (Reimers & Gurevych 2020 call such learning from a larger model distillation; no label is used). Of the
last layer and the fourth, the mean of the token vectors is taken, scaled to length 1, less the mean over the
sentences' words, times a/(a + how frequent the word is); then the leading principal components over the
sentences' words are kept, as int8 with a scale a dimension. Needs the extra installed.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from pipelines.train.labelled import read_mentions
from tracker.score.embeddings import Floats
from tracker.score.minilm import LAYERS, load_minilm
from tracker.score.ngrams import words_of
from tracker.score.pieces import typewriter
from tracker.score.sentence_vectors import WORD_DIMENSIONS
from tracker.score.vader import lexicon

RARITY = 1e-3  # a of a/(a + frequency), as in the paper
_LAYERS = ("last_hidden_state", "layer_norm_8")  # of those that the extra reads
_INT8 = 127
_WORD = re.compile(r"[a-z]{2,}")


def vocabulary(sentences: Sequence[str]) -> tuple[tuple[str, ...], Counter[str]]:
    """Return all words that get a vector, sorted, and how often each stands in the sentences."""
    counts = Counter(word for text in sentences for word in words_of(typewriter(text)))
    known = {word for word in (*load_minilm().vocabulary(), *lexicon()) if _WORD.fullmatch(word)}
    return tuple(sorted(known | counts.keys())), counts


def word_table(words: Sequence[str], counts: Counter[str]) -> Floats:
    """Return the vectors of words: (words × WORD_DIMENSIONS)."""
    n = np.array([counts[word] for word in words], dtype=np.float64)
    share = n / n.sum()
    layers = load_minilm().embed(words).reshape(len(words), len(LAYERS), -1)
    blocks = [layers[:, LAYERS.index(layer)] for layer in _LAYERS]
    centred = np.hstack([block - share @ block for block in blocks]) * (RARITY / (RARITY + share))[:, None]
    weighed = centred * (n**0.5)[:, None]
    _, components = np.linalg.eigh(weighed.T @ weighed)
    leading = components[:, ::-1][:, :WORD_DIMENSIONS]
    signs = np.sign(leading[np.abs(leading).argmax(axis=0), np.arange(WORD_DIMENSIONS)])  # else either sign would do
    table: Floats = (centred @ (leading * signs)).astype(np.float32)
    return table


def save(path: Path, words: Sequence[str], table: Floats) -> None:
    """Write words and table as plain arrays."""
    scale = np.abs(table).max(axis=0) / _INT8
    listed = np.frombuffer("\n".join(words).encode(), dtype=np.uint8)
    np.savez_compressed(path, words=listed, table=np.round(table / scale).astype(np.int8), scale=scale)


def main(arguments: Sequence[str] | None = None) -> None:
    """Make the table from the file named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mentions", type=Path, required=True, help="sentences: sentence, from, to, polarity")
    parser.add_argument("--output", type=Path, default=Path("tracker/score/models/words.npz"))
    given = parser.parse_args(arguments)
    given.output.parent.mkdir(parents=True, exist_ok=True)  # before hours of work, not after
    words, counts = vocabulary(sorted({mention.text for mention in read_mentions(given.mentions)}))
    save(given.output, words, word_table(words, counts))


if __name__ == "__main__":
    main()
