"""Train the extra's models: ``python -m pipelines.train.minilm --data FILE --mentions FILE --output FOLDER``.

Tone: the prior of ``tone.py`` with the sentences' embeddings beside its features; then, from the rated
sentences, kernel ridge regression (Saunders et al. 1998) with the sum of the linear kernel of the features
and a Gaussian kernel of the embeddings. Targets: the regression of ``targets.py`` with the embeddings
beside its features. Needs the extra installed, and for targets scikit-learn.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse
from scipy.linalg import cho_factor, cho_solve

from pipelines.train import targets, tone
from pipelines.train.labelled import LabelledMention, RatedSentence, read_mentions, read_rated
from pipelines.train.tone import PriorData, Vector, Weights
from tracker.score.embeddings import Floats
from tracker.score.minilm import load_minilm
from tracker.score.minilm_models import MiniLmToneModel, kernel, load_minilm_tone, mention_vectors
from tracker.score.target_features import read_context
from tracker.score.targets import TargetModel
from tracker.score.tone import typewriter
from tracker.score.weights import load_weights

# All by five-fold cross-validation on the rated sentences, flat within a factor of two around.
PRIOR_PENALTY = 48.0
PENALTY = 24.0
_PRIOR_SCALE = 2.0  # of the embedding beside the other features
_KERNEL_SCALE = 64.0  # of the Gaussian kernel beside the linear one
_INTERCEPT = 900.0  # a constant this large is hardly penalised
_VECTOR_SCALE = 4.0  # of the mentions' embeddings, so that a penalty weighs less on them
_INT8 = 127


@dataclass(frozen=True, slots=True, kw_only=True)
class Prior:
    """What is known without rated sentences: the linear weights and the embedding's."""

    linear: Weights
    embedding: Vector

    def predict(self, texts: Sequence[str], vectors: Floats) -> Vector:
        """Return the tone that the prior gives each sentence."""
        values: Vector = self.linear.model().raw(texts) + vectors @ self.embedding
        return values


def train_prior(data: PriorData) -> Prior:
    """Return weights learned from mentions' polarities and from VADER's lexicon."""
    vectors = embed((*data.sentences, *data.words)) * _PRIOR_SCALE
    features = sparse.hstack([data.features(), sparse.csr_matrix(vectors)]).tocsr()
    solution, bias = tone.solve(features, data.values, PRIOR_PENALTY, offset=data.is_word)
    n_vector = vectors.shape[1]
    return Prior(linear=tone.unscaled(solution[:-n_vector], bias=bias), embedding=solution[-n_vector:] * _PRIOR_SCALE)


def train_tone(rated: Sequence[RatedSentence], prior: Prior) -> MiniLmToneModel:
    """Return the prior corrected by rated sentences."""
    texts = [sentence.text for sentence in rated]
    vectors = embed(texts)
    residuals = np.array([sentence.value for sentence in rated]) - prior.predict(texts, vectors)
    features = tone.features_of(texts)
    grams = (features @ features.T).toarray() + _KERNEL_SCALE * kernel(vectors, vectors) + _INTERCEPT
    weights = cho_solve(cho_factor(grams + PENALTY * np.eye(len(texts))), residuals)
    change = tone.unscaled(features.T @ weights, bias=_INTERCEPT * float(weights.sum()))
    return MiniLmToneModel(
        linear=tone.add(prior.linear, change).model(),
        embedding=prior.embedding.astype(np.float32),
        support=vectors,
        weights=(_KERNEL_SCALE * weights).astype(np.float32),
    )


def train_targets(mentions: Sequence[LabelledMention]) -> TargetModel:
    """Return the target model with the embeddings' weights after those of the other dense features."""
    contexts = [read_context(mention.text, mention.start, mention.end) for mention in mentions]
    vectors = mention_vectors(contexts) * _VECTOR_SCALE
    model = targets.fit(contexts, np.array([mention.polarity for mention in mentions]), vectors)
    dense = model.dense.copy()
    dense[-vectors.shape[1] :] *= _VECTOR_SCALE
    return TargetModel(bias=model.bias, dense=dense, bucket=model.bucket)


def embed(texts: Sequence[str]) -> Floats:
    """Return the sentences' embeddings as the scorer sees them."""
    return load_minilm().embed([typewriter(text) for text in texts])


def save_tone(path: Path, model: MiniLmToneModel, prior: Prior, rated: Sequence[RatedSentence]) -> None:
    """Write model and prior as plain arrays; embeddings of rated sentences as int8 with one scale."""
    scale = np.float32(np.abs(model.support).max() / _INT8)
    arrays: dict[str, Any] = {
        **tone.arrays_of(model.linear),
        **{f"prior_{name}": array for name, array in tone.arrays_of(prior.linear.model()).items()},
        "sentence": model.embedding,
        "support": np.round(model.support / scale).astype(np.int8),
        "support_scale": scale,
        "support_weights": model.weights,
        "seen": tone.marks_of(rated),
    }
    del arrays["prior_lexicon_words"]
    np.savez_compressed(path, **arrays)


def shipped_prior() -> Prior:
    """Return the prior that ships beside the model."""
    arrays, _ = load_weights("tone_minilm")
    model, _ = load_minilm_tone()
    return Prior(linear=tone.prior_of(arrays), embedding=model.embedding.astype(np.float64))


def main(arguments: Sequence[str] | None = None) -> None:
    """Train on the files named on the command line and write both models."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="rated sentences: text, mean, editorial")
    parser.add_argument("--mentions", type=Path, required=True, help="mentions: sentence, from, to, polarity")
    parser.add_argument("--output", type=Path, default=Path("tracker/score/models"), help="folder")
    given = parser.parse_args(arguments)
    rated, mentions = read_rated(given.data), read_mentions(given.mentions)
    prior = train_prior(tone.prior_data(mentions))
    save_tone(given.output / "tone_minilm.npz", train_tone(rated, prior), prior, rated)
    targets.save(given.output / "targets_minilm.npz", train_targets(mentions))


if __name__ == "__main__":
    main()
