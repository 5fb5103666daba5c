"""Sentiment toward a target against labels: rows with ``sentence``, ``from``, ``to``, ``polarity`` (−1, 0, 1).

Macro-F1 (the mean of the three classes' F1, NewsMTSC's own measure) of the target model, and of VADER on
the whole sentence beside it, with its authors' thresholds of ±.05.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipelines.evaluate.resampling import bootstrap_interval
from pipelines.train.labelled import LABELS, LabelledMention, read_mentions
from tracker.config import Settings
from tracker.errors import DataError
from tracker.model import Measure
from tracker.score.minilm_models import load_minilm_targets, mention_vectors
from tracker.score.target_features import read_contexts
from tracker.score.targets import load_targets
from tracker.score.vader import read

VADER_THRESHOLD = 0.05  # vaderSentiment's README: at or beyond it a sentence is positive or negative

Classes = NDArray[np.int64]


def evaluate(path: Path) -> tuple[Measure, ...]:
    """Return macro-F1 and accuracy of the model and of VADER, and the model's F1 by class.

    Raises DataError where the file cannot be read or is empty.
    """
    mentions = read_mentions(path)
    if not mentions:
        raise DataError(f"{path}: no labelled mention in it")
    truth = np.array([mention.polarity for mention in mentions])
    contexts = read_contexts([(mention.text, mention.start, mention.end) for mention in mentions])
    if Settings().score.embeddings == "minilm":
        name, found = "targets-minilm", load_minilm_targets().predict(contexts, mention_vectors(contexts))
    else:
        name, found = "targets", load_targets().predict(contexts)
    model = found.argmax(axis=1) - 1
    vader = np.array([_vader_polarity(mention.text) for mention in mentions])
    return (
        _measure(f"macro-F1, {name}", mentions, truth, model),
        _measure("macro-F1, vader on the sentence", mentions, truth, vader),
        Measure(metric=f"accuracy, {name}", value=float((truth == model).mean()), n=len(mentions)),
        *(
            Measure(metric=f"F1 {label}, {name}", value=f1(truth, model, polarity), n=int((truth == polarity).sum()))
            for polarity, label in enumerate(LABELS, start=-1)
        ),
    )


def f1(truth: Classes, found: Classes, polarity: int) -> float:
    """Return the harmonic mean of precision and recall of one class; nought where neither has any."""
    n_right = int(((truth == polarity) & (found == polarity)).sum())
    n_all = int((truth == polarity).sum() + (found == polarity).sum())
    return 2 * n_right / n_all if n_all else 0.0


def macro_f1(truth: Classes, found: Classes) -> float:
    """Return the mean F1 of the three classes."""
    return float(np.mean([f1(truth, found, polarity) for polarity in (-1, 0, 1)]))


def _measure(metric: str, mentions: Sequence[LabelledMention], truth: Classes, found: Classes) -> Measure:
    clusters = [mention.text for mention in mentions]
    low, high = bootstrap_interval(clusters, lambda rows: macro_f1(truth[rows], found[rows]))
    return Measure(metric=metric, value=macro_f1(truth, found), n=len(mentions), low=low, high=high)


def _vader_polarity(text: str) -> int:
    compound = read(text).compound
    return int(compound >= VADER_THRESHOLD) - int(compound <= -VADER_THRESHOLD)
