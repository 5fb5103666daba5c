"""The learned tone model: how pleasant a sentence's wording is, as readers rated it.

Almost linear, so that a score can be taken apart, over five kinds of evidence:

- VADER's own figures for the sentence (Hutto & Gilbert 2014);
- each word of VADER's lexicon, by its valence after the rules, times a learned weight of that word;
- words and pairs of words, hashed;
- the sum of the words' static embeddings;
- the sum of the words' vectors as MiniLM knows them, and the products of its dimensions two by two: what
  words say together that they do not say alone.

``tracker/score/models/tone.md`` says what it was trained on and how well it does.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tracker.score.embeddings import Floats
from tracker.score.ngrams import weigh_words
from tracker.score.pieces import Column
from tracker.score.polynomial import Polynomial, dot
from tracker.score.sentence_vectors import load_sentence_vectors, sentence_vectors_hash
from tracker.score.typed import Typed, read_typed
from tracker.score.vader import Readings, read_all, word_of
from tracker.score.weights import load_weights, weights_hash

N_BUCKETS = 2**15  # with fewer, collisions cost accuracy (2**14: r −.006); more gain nothing
VADER_FEATURES = 11

# About one standard deviation of each figure on the training sentences, four times over, so that a ridge
# penalty weighs on the eleven as lightly as on the unit-length blocks beside them.
_SCALES = np.array([1.6, 0.5, 0.44, 1.7, 1.6, 4.3, 4.2, 0.92, 0.85, 2.2, 1.7], dtype=np.float32)


@dataclass(frozen=True, kw_only=True)
class ToneModel:
    """The learned weights. ``lexicon`` maps a word of VADER's lexicon to the weight of its valence."""

    bias: float
    vader: Floats
    static: Floats
    bucket: Floats
    lexicon: Mapping[str, float]
    words: Polynomial

    def predict(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Return the tone of each sentence, −1..1: the scale of the raters' means (−4..4) divided by four."""
        return self.predict_typed(read_typed(texts))

    def predict_typed(self, sentences: Typed) -> NDArray[np.float64]:
        """Return the same of sentences that are read already."""
        tones: NDArray[np.float64] = np.clip(self.raw(sentences), -1, 1)
        return tones

    def raw(self, sentences: Typed) -> NDArray[np.float64]:
        """Return the same before it is cut at ±1."""
        readings = read_all(sentences.words)
        by_word = self._lexicon(readings.words)[readings.hits] * readings.valences
        summed = np.bincount(readings.rows, by_word, minlength=len(readings.words.texts))
        static, distilled = load_sentence_vectors().embed(sentences.written)
        values: NDArray[np.float64] = (
            self.bias
            + (summed + dot(vader_features(readings), self.vader))[sentences.rows]
            + weigh_words(sentences.written, self.bucket)
            + self.words.values(distilled)
            + dot(static, self.static)
        )
        return values

    @cached_property
    def _lexicon(self) -> Column:
        return Column(lambda pieces: np.array([self.lexicon.get(word_of(piece), 0.0) for piece in pieces], dtype=float))


def vader_features(readings: Readings) -> Floats:
    """Return VADER's figures for each sentence (sentences × 11), each about ±1/4 at one standard deviation.

    Compound and shares; sum, extreme and number of positive and negative words; the whole sum by the root
    of the length; and the sum of the second half, where a sentence tends to make its point.
    """
    words = readings.words
    n = len(words.texts)
    rows, values = readings.rows, readings.valences
    positive, negative = np.maximum(values, 0), np.minimum(values, 0)
    sizes = np.diff(words.starts)
    is_second_half = readings.hits >= (words.starts[:-1] + sizes // 2)[rows]
    starts = np.flatnonzero(np.diff(rows, prepend=-1))  # of the rows that have a valence

    def total(of: NDArray[Any]) -> NDArray[np.float64]:
        return np.bincount(rows, of, minlength=n).astype(np.float64)

    found = np.zeros((n, VADER_FEATURES))
    found[:, 0] = readings.compounds
    found[:, 1:3] = readings.shares[:, :2]
    found[:, 3] = total(positive) / 4
    found[:, 4] = total(negative) / 4
    if len(starts):
        found[rows[starts], 5] = np.maximum.reduceat(positive, starts)
        found[rows[starts], 6] = np.minimum.reduceat(negative, starts)
    found[:, 7] = total(positive > 0) / 4
    found[:, 8] = total(negative < 0) / 4
    found[:, 9] = total(values) / np.maximum(sizes, 1) ** 0.5
    found[:, 10] = total(values * is_second_half) / 4
    scaled: Floats = (found / _SCALES).astype(np.float32)
    return scaled


@cache
def load_tone() -> ToneModel:
    """Return the model that ships with the tracker, loaded once in a process."""
    return tone_model(load_weights("tone"))


def tone_model(arrays: Mapping[str, NDArray[Any]]) -> ToneModel:
    """Return the model whose arrays a file holds."""
    listed = arrays["lexicon_words"].tolist()
    words = Polynomial(linear=arrays["word"].astype(np.float32), square=arrays["word_square"].astype(np.float32))
    return ToneModel(
        bias=float(arrays["bias"]),
        vader=arrays["vader"].astype(np.float32),
        static=arrays["static"].astype(np.float32),
        bucket=arrays["bucket"].astype(np.float32),
        lexicon=dict(zip(listed, arrays["lexicon"].astype(float).tolist(), strict=True)),
        words=words,
    )


def tone_hash(name: str = "tone") -> str:
    """Return the hash of a tone model's data; nothing is loaded for it."""
    return hashlib.sha256(f"{weights_hash(name)}\0{sentence_vectors_hash()}".encode()).hexdigest()
