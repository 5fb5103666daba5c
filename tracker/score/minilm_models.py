"""Tone and targets on MiniLM's embeddings: the extra's scorers, beside the core ones and named apart.

``tone-minilm`` adds to the linear model of ``tone.py`` the sentence's embedding, once linear and once by a
Gaussian kernel to the rated sentences it learned from; ``targets-minilm`` adds to the features of
``targets.py`` the embedding of the sentence with the mention masked, and of the mask.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from tracker.model import Document, Passage, ScorerInfo, SentimentScores, TargetSentiment, TargetSpan
from tracker.score.embeddings import Floats
from tracker.score.minilm import MODEL_SHA256, load_minilm
from tracker.score.sentiment import ENGLISH, score_sentences
from tracker.score.target_features import Context
from tracker.score.targets import TargetModel, score_targets, target_model
from tracker.score.tone import ToneModel, tone_model, typewriter
from tracker.score.vader import lexicon_hash
from tracker.score.weights import load_weights

VERSION = "1"
GAMMA = 1.0  # of the kernel exp(−γ d²) between sentences of length 1: by cross-validation, flat from .5 to 2


@dataclass(frozen=True, slots=True, kw_only=True)
class MiniLmToneModel:
    """The learned weights: of the linear model, of the embedding, and of the rated sentences."""

    linear: ToneModel
    embedding: Floats
    support: Floats  # the rated sentences' embeddings
    weights: Floats  # one for each

    def predict(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the tone of each sentence, −1..1."""
        if not texts:
            return np.zeros(0, dtype=np.float32)
        vectors = load_minilm().embed([typewriter(text) for text in texts])
        values = self.linear.raw(texts) + vectors @ self.embedding + kernel(vectors, self.support) @ self.weights
        clipped: NDArray[np.float32] = np.clip(values, -1, 1).astype(np.float32)
        return clipped


def kernel(one: Floats, other: Floats) -> Floats:
    """Return exp(−γ d²) for each pair of vectors."""
    squares = (one**2).sum(axis=1)[:, None] + (other**2).sum(axis=1) - 2 * one @ other.T
    similar: Floats = np.exp(-GAMMA * squares)
    return similar


class MiniLmToneScorer:
    """The learned tone on MiniLM's embeddings, in the same scale as ``tone``."""

    def __init__(self) -> None:
        """Load the model. Raises ConfigError where the extra is not installed."""
        self._model, digest = load_minilm_tone()
        self.info = _info("tone-minilm", digest)
        load_minilm()

    def score(self, document: Document, passages: Sequence[Passage]) -> SentimentScores:
        """Return the model's tone of each sentence and the means."""
        return score_sentences(document, passages, self.info, self._tones)

    def _tones(self, texts: Sequence[str]) -> list[float]:
        tones: list[float] = self._model.predict(texts).astype(float).tolist()
        return tones


class MiniLmTargetScorer:
    """The target model on MiniLM's embeddings."""

    def __init__(self) -> None:
        """Load the model. Raises ConfigError where the extra is not installed."""
        self._model, digest = load_minilm_targets()
        self.info = _info("targets-minilm", digest)
        load_minilm()

    def score(self, document: Document, targets: Sequence[TargetSpan]) -> tuple[TargetSentiment, ...]:
        """Return the sentiment toward each target, as ``TargetScorer`` does."""
        return score_targets(document, targets, self.info, self._predict)

    def _predict(self, contexts: Sequence[Context]) -> NDArray[np.float64]:
        return self._model.predict(contexts, mention_vectors(contexts))


def mention_vectors(contexts: Sequence[Context]) -> Floats:
    """Return the embeddings of mentions in their sentences."""
    return load_minilm().embed_mentions([(" ".join(c.before.pieces), " ".join(c.after.pieces)) for c in contexts])


def _info(scorer: str, digest: str) -> ScorerInfo:
    data = f"{digest}\0{MODEL_SHA256}\0{lexicon_hash()}"
    return ScorerInfo(
        scorer=scorer, version=VERSION, data_hash=hashlib.sha256(data.encode()).hexdigest(), languages=ENGLISH
    )


@cache
def load_minilm_tone() -> tuple[MiniLmToneModel, str]:
    """Return the tone model that ships, and the hash of its file."""
    arrays, digest = load_weights("tone_minilm")
    model = MiniLmToneModel(
        linear=tone_model(arrays, digest),
        embedding=arrays["sentence"].astype(np.float32),
        support=arrays["support"].astype(np.float32) * arrays["support_scale"],
        weights=arrays["support_weights"].astype(np.float32),
    )
    return model, digest


@cache
def load_minilm_targets() -> tuple[TargetModel, str]:
    """Return the target model that ships, and the hash of its file."""
    arrays, digest = load_weights("targets_minilm")
    return target_model(arrays, digest), digest
