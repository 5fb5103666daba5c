"""The learned tone model: how pleasant a sentence's wording is, as readers rated it.

Almost linear, so that a score can be taken apart, over five kinds of evidence:

- VADER's own figures for the sentence (Hutto & Gilbert 2014);
- each word of VADER's lexicon, by its valence after the rules, times a learned weight of that word;
- words and pairs of words, hashed;
- the mean of the words' static embeddings;
- the sum of the words' vectors as MiniLM knows them, and the products of its dimensions two by two: what
  words say together that they do not say alone.

``tracker/score/models/tone.md`` says what it was trained on and how well it does.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tracker.score.embeddings import Floats, load_embeddings
from tracker.score.ngrams import NGrams, hash_texts
from tracker.score.polynomial import Polynomial
from tracker.score.vader import Reading, read_all
from tracker.score.weights import load_weights
from tracker.score.word_vectors import load_word_vectors

N_BUCKETS = 2**15  # with fewer, collisions cost accuracy (2**14: r −.006); more gain nothing
VADER_FEATURES = 11

# VADER reads only typewriter's punctuation: with ’ it misses "don’t", with “ the word that follows it.
_TYPEWRITER = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "—": " - ", "–": " - ", "…": "..."})
# About one standard deviation of each figure on the training sentences, four times over, so that a ridge
# penalty weighs on the eleven as lightly as on the unit-length blocks beside them.
_SCALES = np.array([1.6, 0.5, 0.44, 1.7, 1.6, 4.3, 4.2, 0.92, 0.85, 2.2, 1.7], dtype=np.float32)


@dataclass(frozen=True, slots=True, kw_only=True)
class ToneModel:
    """The learned weights. ``lexicon`` maps a word of VADER's lexicon to the weight of its valence."""

    bias: float
    vader: Floats
    embedding: Floats
    bucket: Floats
    lexicon: Mapping[str, float]
    words: Polynomial
    data_hash: str = ""

    def predict(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the tone of each sentence, −1..1: the scale of the raters' means (−4..4) divided by four."""
        if not texts:
            return np.zeros(0, dtype=np.float32)
        clipped: NDArray[np.float32] = np.clip(self.raw(texts), -1, 1).astype(np.float32)
        return clipped

    def raw(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Return the same before it is cut at ±1."""
        plain = [typewriter(text) for text in texts]
        readings = read_all(plain)
        values = self.bias + vader_features(readings) @ self.vader + embeddings_of(plain) @ self.embedding
        values += self._word_weights(plain) + self.words.values(load_word_vectors().embed(plain))
        summed: NDArray[np.float64] = values + [self._lexicon_weights(reading) for reading in readings]
        return summed

    def _word_weights(self, texts: Sequence[str]) -> NDArray[np.float64]:
        found = bucket_features(texts)
        weighed = self.bucket[found.buckets] * found.weights
        return np.bincount(found.rows, weighed, minlength=len(texts)).astype(np.float64)

    def _lexicon_weights(self, reading: Reading) -> float:
        return sum(valence * self.lexicon.get(word, 0.0) for word, valence in hits(reading))


def typewriter(text: str) -> str:
    """Return the text with typographic quotation marks, dashes and ellipses as a typewriter has them."""
    return text if text.isascii() else text.translate(_TYPEWRITER)


def hits(reading: Reading) -> list[tuple[str, float]]:
    """Return the words that VADER gives a valence, with that valence after its rules."""
    if not reading.compound and not any(reading.valences):
        return []
    return [(word, value) for word, value in zip(reading.words, reading.valences, strict=True) if value]


def embeddings_of(texts: Sequence[str]) -> Floats:
    """Return the sentences' embeddings, of lower-case words: a headline in Title Case says the same."""
    return load_embeddings().embed([text.lower() for text in texts])


def bucket_features(texts: Sequence[str]) -> NGrams:
    """Return the hashed words and pairs of words of each sentence."""
    return hash_texts(texts, N_BUCKETS)


def vader_features(readings: Sequence[Reading]) -> Floats:
    """Return VADER's figures for each sentence (sentences × 11), each about ±1/4 at one standard deviation.

    Compound and shares; sum, extreme and number of positive and negative words; the whole sum by the root
    of the length; and the sum of the second half, where a sentence tends to make its point.
    """
    groups = [reading.valences or (0.0,) for reading in readings]
    sizes = np.fromiter(map(len, groups), dtype=np.intp, count=len(groups))
    starts = np.cumsum(sizes) - sizes
    rows = np.repeat(np.arange(len(groups)), sizes)
    values = np.fromiter(chain.from_iterable(groups), dtype=np.float64, count=len(rows))
    positive, negative = np.maximum(values, 0), np.minimum(values, 0)
    is_second_half = np.arange(len(rows)) >= (starts + sizes // 2)[rows]

    def total(of: NDArray[Any]) -> NDArray[np.float64]:
        return np.bincount(rows, of, minlength=len(groups)).astype(np.float64)

    figures = (
        *np.array([reading[2:5] for reading in readings]).T,
        total(positive) / 4,
        total(negative) / 4,
        np.maximum.reduceat(positive, starts),
        np.minimum.reduceat(negative, starts),
        total(positive > 0) / 4,
        total(negative < 0) / 4,
        total(values) / sizes**0.5,
        total(values * is_second_half) / 4,
    )
    return (np.column_stack(figures) / _SCALES).astype(np.float32)


@cache
def load_tone() -> ToneModel:
    """Return the model that ships with the tracker, loaded once in a process."""
    return tone_model(*load_weights("tone"))


def tone_model(arrays: Mapping[str, NDArray[Any]], digest: str) -> ToneModel:
    """Return the model whose arrays a file holds."""
    listed = arrays["lexicon_words"].tolist()
    words = Polynomial(linear=arrays["word"].astype(np.float32), square=arrays["word_square"].astype(np.float32))
    return ToneModel(
        bias=float(arrays["bias"]),
        vader=arrays["vader"].astype(np.float32),
        embedding=arrays["embedding"].astype(np.float32),
        bucket=arrays["bucket"].astype(np.float32),
        lexicon=dict(zip(listed, arrays["lexicon"].astype(float).tolist(), strict=True)),
        words=words,
        data_hash=hashlib.sha256(f"{digest}\0{load_word_vectors().data_hash}".encode()).hexdigest(),
    )
