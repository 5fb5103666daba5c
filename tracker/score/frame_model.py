"""A topic's learned frames: what people coded, on top of what seeds count.

Linear, one model a frame (one against the rest): a logistic regression on how strongly each frame's seeds
stand in a text and on the mean of its words' static embeddings. It judges frames that seeds point to, so
every tag keeps its evidence. ``pipelines/train/frames.py`` trains it; it is kept as plain arrays.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tracker.errors import ConfigError
from tracker.model import Document
from tracker.score.embeddings import DIMENSIONS, load_embeddings

#: Label of texts that are in none of the coded frames.
NONE = "none"
# So that the penalty weighs on both kinds alike. On FrAC macro-F1 stays within .74 and .77 for half and twice these.
SEED_SCALE, EMBEDDING_SCALE = 0.5, 1.5
#: From here on a frame is present: the model is trained with both classes weighing alike.
THRESHOLD = 0.5

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameModel:
    """Weights (features × labels) and bias of each label. ``seed_frames`` names the first features in order."""

    labels: tuple[str, ...]  # frame ids, and perhaps NONE
    seed_frames: tuple[str, ...]
    weights: Floats
    bias: Floats
    data_hash: str = field(default="", compare=False)

    def probabilities(self, features: Floats) -> Floats:
        """Return the chance of each label for each row of features."""
        chances: Floats = 1 / (1 + np.exp(-(features @ self.weights + self.bias)))
        return chances


def features_of(documents: Sequence[Document], saliences: Sequence[Sequence[float]]) -> Floats:
    """Return a row a document: its seeds' saliences by frame (``FrameScorer.saliences``), then its embedding."""
    texts = [" ".join(sentence.text for sentence in document.sentences if sentence.is_scored) for document in documents]
    seeds = SEED_SCALE * np.sqrt(np.array(saliences, dtype=float).reshape(len(documents), -1))
    return np.hstack([seeds, EMBEDDING_SCALE * load_embeddings().embed(texts).astype(float)])


def save_model(path: Path, model: FrameModel) -> None:
    """Write a model as plain arrays; the same model gives the same bytes."""
    np.savez_compressed(
        path,
        labels=np.array(model.labels),
        seed_frames=np.array(model.seed_frames),
        weights=model.weights.astype(np.float32),
        bias=model.bias.astype(np.float32),
    )


def load_model(path: Path) -> FrameModel:
    """Read a model. Raises ConfigError for a file that holds anything but one."""
    try:
        content = path.read_bytes()
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            model = FrameModel(
                labels=tuple(map(str, arrays["labels"])),
                seed_frames=tuple(map(str, arrays["seed_frames"])),
                weights=arrays["weights"].astype(float),
                bias=arrays["bias"].astype(float),
                data_hash=hashlib.sha256(content).hexdigest(),
            )
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise ConfigError(f"{path}: no learned frames ({error}); delete it, or run 'tracker frames train'") from error
    shape = (len(model.seed_frames) + DIMENSIONS, len(model.labels))
    if model.weights.shape != shape or model.bias.shape != shape[1:] or not np.isfinite(model.weights).all():
        raise ConfigError(f"{path}: its arrays do not fit together; delete it, or run 'tracker frames train' again")
    return model
