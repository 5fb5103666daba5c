"""Train the tone model that ships: ``python -m pipelines.train.tone --data FILE --mentions FILE --output FILE``.

Two ridge regressions (Hoerl & Kennard 1970), the second pulled toward the first:

1. the *prior*, from sentences of news with a polarity toward somebody in them (their mean), and from the
   words of VADER's lexicon with their raters' valence: what words are worth in news, and in general;
2. the model, from sentences whose tone readers rated, as a small correction to the prior; here the products
   of the word vectors come in, by a polynomial kernel of degree two beside the linear one of the other features.

Both are saved, so that cross-validation on rated sentences alone can start from the same prior.
"""

from __future__ import annotations

import argparse
import re
import zlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.linalg import cho_factor, cho_solve
from scipy.sparse.linalg import lsqr
from threadpoolctl import threadpool_limits

from pipelines.train.labelled import LabelledMention, RatedSentence, read_mentions, read_rated
from tracker.score.embeddings import Floats
from tracker.score.ngrams import hash_words
from tracker.score.pieces import Words, read_words
from tracker.score.polynomial import Polynomial
from tracker.score.sentence_vectors import STATIC_DIMENSIONS, WORD_DIMENSIONS, load_sentence_vectors
from tracker.score.tone import N_BUCKETS, VADER_FEATURES, ToneModel, vader_features
from tracker.score.typed import read_typed
from tracker.score.vader import Readings, lexicon, read_all
from tracker.score.weights import load_weights

# Chosen by the prior's r on rated sentences that it never saw; flat within a factor of two around.
PRIOR_PENALTY = 24.0
PENALTY = 96.0  # by five-fold cross-validation; flat from 48 to 200, and what is pulled harder generalises better
LINEAR, SQUARE = 12.0, 24.0  # of the word vectors' kernel beside the linear one of the other features
_POLARITY_SCALE = 0.3  # a polarity of 1 stands for a rating of .3 of the scale: equal standard deviations
_VALENCE_SCALE = 0.2  # a lexicon word alone at the scale's end stands for .2: sentences dilute words
_BLOCK_SCALES = (1.0, 0.6, 1.5, 1.0, 1.0)  # VADER, static vector, buckets, lexicon words, their static vectors
_WORD_SCALE = 0.3  # of the word vectors in the prior beside these
_LEXICON_UNIT = 2.0  # valences (−4..4) are halved to about 1 at one standard deviation
_INTERCEPT = 30.0  # a constant this large is hardly penalised
_ITERATIONS = 2_000  # LSQR converges in some hundreds
_TOLERANCE = 1e-7
_PLAIN_WORD = re.compile(r"[a-z]{3,}")

Matrix: TypeAlias = Any  # a scipy.sparse.csr_matrix: scipy ships no types
Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """A model's weights as trained: the arrays of a ToneModel, lexicon words in ``lexicon_words()`` order."""

    bias: float
    vader: Vector
    static: Vector
    bucket: Vector
    lexicon: Vector
    word: Vector
    word_square: Vector

    def model(self) -> ToneModel:
        """Return the weights as the model that scores."""
        return ToneModel(
            bias=self.bias,
            vader=self.vader.astype(np.float32),
            static=self.static.astype(np.float32),
            bucket=self.bucket.astype(np.float32),
            lexicon=dict(zip(lexicon_words(), self.lexicon.tolist(), strict=True)),
            words=Polynomial(linear=self.word.astype(np.float32), square=self.word_square.astype(np.float32)),
        )


@cache
def lexicon_words() -> tuple[str, ...]:
    """Return the words of VADER's lexicon in the order of the weights."""
    return tuple(sorted(lexicon()))


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorData:
    """Sentences and lone words with what they are worth; ``is_word`` marks the words, which come last."""

    sentences: tuple[str, ...]
    words: tuple[str, ...]
    values: Vector
    is_word: Vector

    def features(self) -> Matrix:
        """Return the rows of both, word vectors last."""
        plain = sparse.vstack([features_of(self.sentences), word_features(self.words)])
        vectors = word_vectors_of([*self.sentences, *self.words]) * _WORD_SCALE
        return sparse.hstack([plain, sparse.csr_matrix(vectors)]).tocsr()


def prior_data(mentions: Sequence[LabelledMention]) -> PriorData:
    """Return what the prior learns from: mentions' sentences with their mean polarity, and VADER's lexicon."""
    polarities: dict[str, list[int]] = defaultdict(list)
    for mention in mentions:
        polarities[mention.text].append(mention.polarity)
    sentences = np.array([np.mean(found) for found in polarities.values()]) * _POLARITY_SCALE
    words = [word for word in lexicon_words() if _PLAIN_WORD.fullmatch(word)]
    valences = np.array([lexicon()[word] / 4 for word in words]) * _VALENCE_SCALE
    return PriorData(
        sentences=tuple(polarities),
        words=tuple(words),
        values=np.r_[sentences, valences],
        is_word=np.r_[np.zeros(len(sentences)), np.ones(len(words))],
    )


def train_prior(mentions: Sequence[LabelledMention]) -> Weights:
    """Return weights learned from mentions' polarities and from VADER's lexicon."""
    data = prior_data(mentions)
    solution, bias = solve(data.features(), data.values, PRIOR_PENALTY, offset=data.is_word)
    return unscaled(solution, bias=bias)


def train_tone(rated: Sequence[RatedSentence], prior: Weights) -> Weights:
    """Return the prior corrected by rated sentences."""
    texts = [sentence.text for sentence in rated]
    residuals = np.array([sentence.value for sentence in rated]) - prior.model().raw(read_typed(texts))
    return add(prior, correction(features_of(texts), word_vectors_of(texts), residuals))


def correction(features: Matrix, vectors: Floats, residuals: Vector) -> Weights:
    """Return the weights that explain what a prior leaves, by kernel ridge regression."""
    grams = (features @ features.T).toarray() + gram(vectors, LINEAR, SQUARE)
    duals = solve_dual(grams, residuals, PENALTY * np.eye(len(residuals)))
    return from_duals(features, vectors, duals)


def from_duals(features: Matrix, vectors: Floats, duals: Vector) -> Weights:
    """Return weights from those of the training sentences."""
    plain = plain_from_duals(features, duals)
    words = polynomial(vectors, duals, LINEAR, SQUARE)
    return replace(plain, word=words.linear.astype(np.float64), word_square=words.square.astype(np.float64))


def plain_from_duals(features: Matrix, duals: Vector) -> Weights:
    """Return the weights of the features without word vectors from those of the training sentences."""
    return unscaled(features.T @ duals, bias=_INTERCEPT**2 * float(duals.sum()))


def add(prior: Weights, change: Weights) -> Weights:
    """Return the prior with a correction added to it."""
    return Weights(**{f.name: getattr(prior, f.name) + getattr(change, f.name) for f in fields(Weights)})


# ---------------------------------------------------------------- features


def features_of(texts: Sequence[str]) -> Matrix:
    """Return the feature matrix: one row a sentence, five scaled blocks side by side."""
    sentences = read_typed(texts)
    readings = read_all(sentences.words)
    words = _lexicon_rows(readings)[sentences.rows]
    blocks = (
        vader_features(readings)[sentences.rows],
        load_sentence_vectors().embed(sentences.written)[0],
        _bucket_rows(sentences.written),
        words,
        words @ _lexicon_vectors(),
    )
    return _side_by_side(blocks)


def word_features(words: Sequence[str]) -> Matrix:
    """Return features of lone words as text only: their valence is what is to be learned."""
    n = len(words)
    read = read_words(words)
    blocks = (
        sparse.csr_matrix((n, VADER_FEATURES)),
        load_sentence_vectors().embed(read)[0],
        _bucket_rows(read),
        sparse.csr_matrix((n, len(lexicon_words()))),
        sparse.csr_matrix((n, STATIC_DIMENSIONS)),
    )
    return _side_by_side(blocks)


def _side_by_side(blocks: Sequence[Any]) -> Matrix:
    scaled = [sparse.csr_matrix(block) * scale for block, scale in zip(blocks, _BLOCK_SCALES, strict=True)]
    return sparse.hstack(scaled).tocsr()


def word_vectors_of(texts: Sequence[str]) -> Floats:
    """Return the sentences' word vectors as the model sees them."""
    return load_sentence_vectors().embed(read_words(texts))[1]


def _bucket_rows(words: Words) -> Matrix:
    found = hash_words(words, N_BUCKETS)
    return sparse.csr_matrix((found.weights, (found.rows, found.buckets)), shape=(len(words.texts), N_BUCKETS))


def _lexicon_rows(readings: Readings) -> Matrix:
    """Return the valence of each word of the lexicon in each sentence (sentences × words)."""
    said = list(chain.from_iterable(map(readings.said, range(len(readings.words.texts)))))
    columns = [_lexicon_index()[said[place]] for place in readings.hits.tolist()]
    shape = (len(readings.words.texts), len(lexicon_words()))
    return sparse.csr_matrix((readings.valences / _LEXICON_UNIT, (readings.rows, columns)), shape=shape)


@cache
def _lexicon_index() -> dict[str, int]:
    return {word: index for index, word in enumerate(lexicon_words())}


@cache
def _lexicon_vectors() -> Floats:
    return load_sentence_vectors().embed(read_words(lexicon_words()))[0]


# ---------------------------------------------------------------- regression


def solve(features: Matrix, values: Vector, penalty: float, *, offset: Vector | None = None) -> tuple[Vector, float]:
    """Return a ridge regression's weights and its hardly penalised intercept, by LSQR (Paige & Saunders 1982).

    ``offset`` marks rows with an intercept of their own, which is dropped.
    """
    n = len(values)
    constants = [np.full(n, _INTERCEPT), np.zeros(n) if offset is None else offset * _INTERCEPT]
    design = sparse.hstack([features, *(sparse.csr_matrix(constant[:, None]) for constant in constants)]).tocsr()
    solution = lsqr(design, values, damp=penalty**0.5, atol=_TOLERANCE, btol=_TOLERANCE, iter_lim=_ITERATIONS)[0]
    return solution[:-2], float(solution[-2]) * _INTERCEPT


def solve_dual(grams: Vector, values: Vector, noise: Vector) -> Vector:
    """Return a weight for each training sentence: kernel ridge regression with a hardly penalised intercept.

    ``noise`` is the penalty times the covariance of what the model leaves, the unit matrix where sentences
    stand for themselves.
    """
    duals: Vector = cho_solve(cho_factor(grams + _INTERCEPT**2 + noise), values)
    return duals


def gram(vectors: Floats, linear: float, square: float) -> Vector:
    """Return the kernel linear·⟨x, y⟩ + square·⟨x, y⟩² between all pairs."""
    inner = vectors.astype(np.float64) @ vectors.T
    kernel: Vector = linear * inner + square * inner**2
    return kernel


def polynomial(vectors: Floats, duals: Vector, linear: float, square: float) -> Polynomial:
    """Return what that kernel with those weights of its sentences comes to."""
    return Polynomial(
        linear=(linear * vectors.T @ duals).astype(np.float32),
        square=(square * (vectors.T * duals) @ vectors).astype(np.float32),
    )


def unscaled(solution: Vector, *, bias: float) -> Weights:
    """Return a solution over ``features_of``, with or without word vectors, as weights of the model's features."""
    edges = np.cumsum([VADER_FEATURES, STATIC_DIMENSIONS, N_BUCKETS, len(lexicon_words()), STATIC_DIMENSIONS])
    *blocks, word = np.split(solution, edges)
    vader, static, bucket, words, word_static = (
        part * scale for part, scale in zip(blocks, _BLOCK_SCALES, strict=True)
    )
    return Weights(
        bias=bias,
        vader=vader,
        static=static,
        bucket=bucket,
        lexicon=(words + _lexicon_vectors() @ word_static) / _LEXICON_UNIT,
        word=word * _WORD_SCALE if len(word) else np.zeros(WORD_DIMENSIONS),
        word_square=np.zeros((WORD_DIMENSIONS, WORD_DIMENSIONS)),
    )


# ---------------------------------------------------------------- files


def save(path: Path, model: Weights, prior: Weights, rated: Sequence[RatedSentence]) -> None:
    """Write both as plain arrays, with marks of the rated sentences; the same input gives the same bytes."""
    priors = {f"prior_{name}": array for name, array in arrays_of(prior.model()).items() if name != "lexicon_words"}
    np.savez_compressed(path, **arrays_of(model.model()), **priors, seen=marks_of(rated))


def arrays_of(model: ToneModel) -> dict[str, Any]:
    """Return a model as the arrays of its file."""
    return {
        "lexicon_words": np.array(lexicon_words()),
        "bias": np.float32(model.bias),
        "vader": model.vader,
        "static": model.static,
        "bucket": model.bucket.astype(np.float16),
        "lexicon": np.array([model.lexicon[word] for word in lexicon_words()], dtype=np.float32),
        "word": model.words.linear,
        "word_square": model.words.square,
    }


def marks_of(rated: Sequence[RatedSentence]) -> NDArray[np.uint32]:
    """Return the marks of rated sentences, sorted."""
    return np.unique(np.array([mark(sentence.text) for sentence in rated], dtype=np.uint32))


def mark(text: str) -> int:
    """Return a number that tells whether a sentence was trained on (CRC-32)."""
    return zlib.crc32(text.encode())


def shipped_marks() -> frozenset[int]:
    """Return the marks of the rated sentences that the shipped model was trained on."""
    arrays = load_weights("tone")
    return frozenset(arrays["seen"].tolist())


def shipped_prior() -> Weights:
    """Return the prior that ships beside the model."""
    arrays = load_weights("tone")
    return prior_of(arrays)


def prior_of(arrays: Mapping[str, NDArray[Any]]) -> Weights:
    """Return the prior whose arrays a file holds."""
    return Weights(
        bias=float(arrays["prior_bias"]),
        vader=arrays["prior_vader"].astype(np.float64),
        static=arrays["prior_static"].astype(np.float64),
        bucket=arrays["prior_bucket"].astype(np.float64),
        lexicon=arrays["prior_lexicon"].astype(np.float64),
        word=arrays["prior_word"].astype(np.float64),
        word_square=arrays["prior_word_square"].astype(np.float64),
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Train on the files named on the command line and write the model."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="rated sentences: text, mean, editorial")
    parser.add_argument(
        "--mentions", type=Path, help="labelled mentions for the prior; without it the shipped prior is kept"
    )
    parser.add_argument("--output", type=Path, default=Path("tracker/score/models/tone.npz"))
    given = parser.parse_args(arguments)
    given.output.parent.mkdir(parents=True, exist_ok=True)  # before hours of work, not after
    with threadpool_limits(1):  # sums depend on how many threads share them
        prior = train_prior(read_mentions(given.mentions)) if given.mentions else shipped_prior()
        rated = read_rated(given.data)
        save(given.output, train_tone(rated, prior), prior, rated)


if __name__ == "__main__":
    main()
