"""Train the extra's models: ``python -m pipelines.train.minilm --data FILE --mentions FILE --output FOLDER``.

Tone: the prior of ``tone.py`` with the sentences' embeddings, layer by layer, beside its features; then, from
the rated sentences, its kernel ridge regression with a polynomial kernel of each layer, not of word vectors,
in which the mean of a text counts beside its sentences.
Targets: the regression of ``targets.py`` with the embeddings beside its features. Needs the extra installed,
and for targets scikit-learn.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse
from threadpoolctl import threadpool_limits

from pipelines.train import targets, tone
from pipelines.train.labelled import LabelledMention, RatedSentence, read_mentions, read_rated
from pipelines.train.tone import PriorData, Vector, Weights
from tracker.score.embeddings import Floats
from tracker.score.minilm import DIMENSIONS, LAYERS, load_minilm
from tracker.score.minilm_models import MiniLmToneModel, centred, mention_vectors
from tracker.score.pieces import typewriter
from tracker.score.polynomial import Polynomial
from tracker.score.target_features import read_contexts
from tracker.score.targets import TargetModel
from tracker.score.typed import read_typed
from tracker.score.weights import load_weights

# By five-fold cross-validation on the rated sentences over forty shuffles of their texts: a good r of the texts'
# means at no loss by sentence above .001. Half or twice of one costs .005 by sentence and .003 by text at most.
PRIOR_PENALTY = 24.0
PENALTY = 64.0
LINEAR, SQUARE = 8.0, 16.0  # of each layer's kernel beside those of the other features
_PRIOR_SCALE = 2.0 / len(LAYERS) ** 0.5  # of the embeddings beside the other features
_LONE_WORD = 0.5  # of a lone word's embedding: sentences dilute words; .4 to .75 are within .001
_VECTOR_SCALE = 4.0  # of the mentions' embeddings, so that a penalty weighs less on them


@dataclass(frozen=True, slots=True, kw_only=True)
class Prior:
    """What is known without rated sentences: the weights of the core's features and the layers', and their means."""

    linear: Weights
    means: Floats  # layers × dimensions, of the sentences that the prior learned from
    layers: Floats  # layers × dimensions

    def predict(self, texts: Sequence[str], vectors: Floats) -> Vector:
        """Return the tone that the prior gives each sentence, whose centred vectors are given."""
        values: Vector = (
            self.linear.model().raw(read_typed(texts)) + vectors.reshape(len(texts), -1) @ self.layers.ravel()
        )
        return values


def train_prior(data: PriorData) -> Prior:
    """Return weights learned from mentions' polarities and from VADER's lexicon."""
    sentences, words = embed(data.sentences), embed(data.words)
    means = sentences.mean(axis=0)
    vectors = np.vstack([centred(sentences, means), centred(words, means) * _LONE_WORD])
    known = data.features()
    features = sparse.hstack([known, sparse.csr_matrix(vectors.reshape(len(vectors), -1) * _PRIOR_SCALE)]).tocsr()
    solution, bias = tone.solve(features, data.values, PRIOR_PENALTY, offset=data.is_word)
    linear, layers = np.split(solution, [known.shape[1]])
    return Prior(
        linear=tone.unscaled(linear, bias=bias),
        means=means,
        layers=(layers * _PRIOR_SCALE).reshape(means.shape).astype(np.float32),
    )


def train_tone(rated: Sequence[RatedSentence], prior: Prior) -> MiniLmToneModel:
    """Return the prior corrected by rated sentences."""
    texts = [sentence.text for sentence in rated]
    vectors = centred(embed(texts), prior.means)
    residuals = np.array([sentence.value for sentence in rated]) - prior.predict(texts, vectors)
    features = tone.features_of(texts)
    grams = (features @ features.T).toarray()
    layers = [vectors[:, layer] for layer in range(len(LAYERS))]
    grams += sum(tone.gram(layer, LINEAR, SQUARE) for layer in layers)
    duals = tone.solve_dual(grams, residuals, PENALTY * covariance([sentence.group for sentence in rated]))
    changes = [tone.polynomial(layer, duals, LINEAR, SQUARE) for layer in layers]
    return MiniLmToneModel(
        linear=tone.add(prior.linear, tone.plain_from_duals(features, duals)).model(),
        means=prior.means,
        layers=tuple(
            Polynomial(linear=known + change.linear, square=change.square)
            for known, change in zip(prior.layers, changes, strict=True)
        ),
    )


def covariance(groups: Sequence[str]) -> Vector:
    """Return the covariance of what sentences of these texts leave, under which each text's mean counts once more.

    Generalised least squares (Aitken 1936) with the precision I + M, where M puts the mean of its text in each
    sentence's place: to the squares of the sentences' residuals it adds those of the texts' means, a mean as
    often as it has sentences. The inverse is I − M/2. What users compare are means of texts, and an error that
    a text's sentences share does not average out in them. A weight of ½ or 2 is within .0005 by text.
    """
    _, numbers = np.unique(groups, return_inverse=True)
    same = numbers[:, None] == numbers
    shares: Vector = np.eye(len(numbers)) - same / (2 * same.sum(axis=0))
    return shares


def train_targets(mentions: Sequence[LabelledMention]) -> TargetModel:
    """Return the target model with the embeddings' weights after those of the other dense features."""
    contexts = read_contexts([(mention.text, mention.start, mention.end) for mention in mentions])
    vectors = mention_vectors(contexts) * _VECTOR_SCALE
    model = targets.fit(contexts, np.array([mention.polarity for mention in mentions]), vectors)
    dense = model.dense.copy()
    dense[-vectors.shape[1] :] *= _VECTOR_SCALE
    return TargetModel(bias=model.bias, dense=dense, bucket=model.bucket)


def embed(texts: Sequence[str]) -> Floats:
    """Return the sentences' embeddings as the scorer sees them: (texts × layers × dimensions)."""
    return load_minilm().embed([typewriter(text) for text in texts]).reshape(len(texts), len(LAYERS), DIMENSIONS)


def save_tone(path: Path, model: MiniLmToneModel, prior: Prior, rated: Sequence[RatedSentence]) -> None:
    """Write model and prior as plain arrays."""
    arrays: dict[str, Any] = {
        **tone.arrays_of(model.linear),
        **{f"prior_{name}": array for name, array in tone.arrays_of(prior.linear.model()).items()},
        "means": model.means,
        "layers": np.stack([layer.linear for layer in model.layers]),
        "layers_square": np.stack([layer.square for layer in model.layers]).astype(np.float16),
        "prior_layers": prior.layers,
        "seen": tone.marks_of(rated),
    }
    del arrays["prior_lexicon_words"]
    np.savez_compressed(path, **arrays)


def shipped_prior() -> Prior:
    """Return the prior that ships beside the model."""
    arrays = load_weights("tone_minilm")
    return Prior(
        linear=tone.prior_of(arrays),
        means=arrays["means"].astype(np.float32),
        layers=arrays["prior_layers"].astype(np.float32),
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Train on the files named on the command line and write both models."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="rated sentences: text, mean, editorial")
    parser.add_argument("--mentions", type=Path, required=True, help="mentions: sentence, from, to, polarity")
    parser.add_argument("--output", type=Path, default=Path("tracker/score/models"), help="folder")
    given = parser.parse_args(arguments)
    given.output.mkdir(parents=True, exist_ok=True)  # before hours of work, not after
    rated, mentions = read_rated(given.data), read_mentions(given.mentions)
    with threadpool_limits(1):  # sums depend on how many threads share them
        prior = train_prior(tone.prior_data(mentions))
        save_tone(given.output / "tone_minilm.npz", train_tone(rated, prior), prior, rated)
        targets.save(given.output / "targets_minilm.npz", train_targets(mentions))


if __name__ == "__main__":
    main()
