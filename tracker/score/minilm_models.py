"""Tone and targets on MiniLM's embeddings: the extra's scorers, beside the core ones and named apart.

``tone-minilm`` adds to the model of ``tone.py`` a polynomial of degree two over the sentence's embedding in
each of MiniLM's last three layers; ``targets-minilm`` adds to the features of
``targets.py`` the embedding of the sentence with the mention masked, and of the mask.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from tracker.model import Document, ScorerInfo, TargetSentiment, TargetSpan
from tracker.score.embeddings import Floats
from tracker.score.minilm import MODEL_SHA256, load_minilm
from tracker.score.pieces import typewriter
from tracker.score.polynomial import Polynomial
from tracker.score.sentiment import ENGLISH
from tracker.score.target_features import Context
from tracker.score.targets import TargetModel, score_targets, target_model
from tracker.score.tone import ToneModel, tone_hash, tone_model
from tracker.score.typed import Typed, read_typed
from tracker.score.vader import lexicon_hash
from tracker.score.voices import VERSION as VOICES_VERSION
from tracker.score.weights import load_weights, weights_hash

TONE_VERSION = "5"
TARGETS_VERSION = "1"


@dataclass(frozen=True, slots=True, kw_only=True)
class MiniLmToneModel:
    """The learned weights: of the core's features, and of each layer's embedding around its mean."""

    linear: ToneModel
    means: Floats  # layers × dimensions
    layers: tuple[Polynomial, ...]

    def predict(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Return the tone of each sentence, −1..1."""
        return self.predict_typed(read_typed(texts))

    def predict_typed(self, sentences: Typed) -> NDArray[np.float64]:
        """Return the same of sentences that are read already."""
        texts = sentences.written.texts
        if not texts:
            return np.zeros(0)
        found = load_minilm().embed([typewriter(text) for text in texts])
        vectors = centred(found.reshape(len(texts), *self.means.shape), self.means)
        values = self.linear.raw(sentences)
        for number, layer in enumerate(self.layers):
            values += layer.values(vectors[:, number])
        tones: NDArray[np.float64] = np.clip(values, -1, 1)
        return tones


def centred(vectors: Floats, means: Floats) -> Floats:
    """Return vectors (texts × layers × dimensions) less their layers' means, scaled to length 1.

    All sentences point much the same way in the middle layers; what tells them apart is the rest.
    """
    moved = vectors - means
    lengths = np.linalg.norm(moved, axis=-1, keepdims=True)
    scaled: Floats = moved / np.maximum(lengths, np.finfo(np.float32).tiny)
    return scaled


class MiniLmToneScorer:
    """The learned tone on MiniLM's embeddings, in the same scale as ``tone``."""

    def __init__(self) -> None:
        """Load the model. Raises ConfigError where the extra is not installed."""
        self._model = load_minilm_tone()
        self.info = _info("tone-minilm", f"{TONE_VERSION}.{VOICES_VERSION}", tone_hash("tone_minilm"))
        load_minilm()

    def valences(self, sentences: Typed) -> NDArray[np.float64]:
        """Return the model's tone of each sentence as typed."""
        return self._model.predict_typed(sentences)


class MiniLmTargetScorer:
    """The target model on MiniLM's embeddings."""

    def __init__(self) -> None:
        """Load the model. Raises ConfigError where the extra is not installed."""
        self._model = load_minilm_targets()
        self.info = _info("targets-minilm", TARGETS_VERSION, weights_hash("targets_minilm"))
        load_minilm()

    def score(self, document: Document, targets: Sequence[TargetSpan]) -> tuple[TargetSentiment, ...]:
        """Return the sentiment toward each target, as ``TargetScorer`` does."""
        return score_targets(document, targets, self.info, self._predict)

    def _predict(self, contexts: Sequence[Context]) -> NDArray[np.float64]:
        return self._model.predict(contexts, mention_vectors(contexts))


def mention_vectors(contexts: Sequence[Context]) -> Floats:
    """Return the embeddings of mentions in their sentences."""
    return load_minilm().embed_mentions([(" ".join(c.before.pieces), " ".join(c.after.pieces)) for c in contexts])


def _info(scorer: str, version: str, digest: str) -> ScorerInfo:
    data = f"{digest}\0{MODEL_SHA256}\0{lexicon_hash()}"
    return ScorerInfo(
        scorer=scorer, version=version, data_hash=hashlib.sha256(data.encode()).hexdigest(), languages=ENGLISH
    )


@cache
def load_minilm_tone() -> MiniLmToneModel:
    """Return the tone model that ships."""
    arrays = load_weights("tone_minilm")
    squares = arrays["layers_square"].astype(np.float32)
    return MiniLmToneModel(
        linear=tone_model(arrays),
        means=arrays["means"].astype(np.float32),
        layers=tuple(
            Polynomial(linear=linear, square=square)
            for linear, square in zip(arrays["layers"].astype(np.float32), squares, strict=True)
        ),
    )


@cache
def load_minilm_targets() -> TargetModel:
    """Return the target model that ships."""
    return target_model(load_weights("targets_minilm"))
