"""Sentiment against readers' ratings: rows with ``text``, ``mean`` (−4..4) and ``editorial``.

Pearson's r of each scorer with the raters' means, by sentence and by text (means of both); the learned
model by five-fold cross-validation grouped by text, and as it ships; and the bias of VADER, without and
with neutral terms, on sentences that hold a topic's label words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from pipelines.evaluate.resampling import Indices, bootstrap_interval
from pipelines.train import minilm
from pipelines.train.labelled import RatedSentence, read_rated
from pipelines.train.tone import mark, shipped_marks, shipped_prior, train_tone
from tracker.config import Settings
from tracker.errors import DataError
from tracker.model import Measure
from tracker.score.minilm_models import load_minilm_tone
from tracker.score.neutral import NeutralTerms, load_neutral_terms, neutral_compounds
from tracker.score.pieces import read_words
from tracker.score.tone import load_tone
from tracker.score.vader import read_all

N_FOLDS = 5
LABEL_WORDS = ("illegal", "criminal", "justice", "security")
_MIN_ROWS = 10  # a correlation over fewer says nothing

Values = NDArray[np.float64]


class Predictor(Protocol):
    """A tone model."""

    def predict(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Return the tone of each sentence."""


Learner = Callable[[Sequence[RatedSentence]], Predictor]


def evaluate(path: Path) -> tuple[Measure, ...]:
    """Return r by sentence and by text for each scorer, and the bias on label words in standard deviations.

    Raises DataError where the file cannot be read or has fewer than ten rows.
    """
    rated = read_rated(path)
    if len(rated) < _MIN_ROWS:
        raise DataError(f"{path}: {len(rated)} rated sentences; {_MIN_ROWS} or more are needed")
    scores = _scores(rated)
    trained_on = shipped_marks()
    n_seen = sum(mark(sentence.text) in trained_on for sentence in rated)
    note = f"as shipped; {n_seen} of {len(rated)} sentences were in its training data"
    notes = {"tone": note, "tone-minilm": note}
    sentence = [_sentence_r(rated, name, values, notes.get(name, "")) for name, values in scores.items()]
    text = [_text_r(rated, name, values, notes.get(name, "")) for name, values in scores.items()]
    vader = {name: values for name, values in scores.items() if name.startswith("vader")}
    return (*sentence, *(found for found in text if found is not None), *_biases(rated, vader))


def _scores(rated: Sequence[RatedSentence]) -> dict[str, Values]:
    texts = [sentence.text for sentence in rated]
    terms = NeutralTerms(load_neutral_terms())
    readings = read_all(read_words(texts))
    scores = {
        "vader": np.array(readings.compounds),
        "vader-neutral": np.array(neutral_compounds(readings, terms)),
    }
    learners: dict[str, tuple[Learner, Predictor]] = {
        "tone": (lambda part: train_tone(part, shipped_prior()).model(), load_tone())
    }
    if Settings().score.embeddings == "minilm":
        learners["tone-minilm"] = (lambda part: minilm.train_tone(part, minilm.shipped_prior()), load_minilm_tone())
    for name, (train, shipped) in learners.items():
        if len({sentence.group for sentence in rated}) >= N_FOLDS:
            scores[f"{name}, cross-validated"] = _cross_validated(rated, train)
        scores[name] = shipped.predict(texts)
    return scores


def _cross_validated(rated: Sequence[RatedSentence], train: Learner) -> Values:
    """Return the tone of each sentence by a model that saw no sentence of its text."""
    folds = {group: number % N_FOLDS for number, group in enumerate(dict.fromkeys(s.group for s in rated))}
    fold = np.array([folds[sentence.group] for sentence in rated])
    values = np.zeros(len(rated))
    for held in range(N_FOLDS):
        model = train([s for s, f in zip(rated, fold, strict=True) if f != held])
        values[fold == held] = model.predict([s.text for s, f in zip(rated, fold, strict=True) if f == held])
    return values


def _sentence_r(rated: Sequence[RatedSentence], name: str, values: Values, note: str) -> Measure:
    human = np.array([sentence.value for sentence in rated])
    low, high = bootstrap_interval([s.group for s in rated], lambda rows: _r(values[rows], human[rows]))
    return Measure(
        metric=f"sentence r, {name}", value=_known(_r(values, human)), n=len(rated), low=low, high=high, note=note
    )


def _text_r(rated: Sequence[RatedSentence], name: str, values: Values, note: str) -> Measure | None:
    """Return r of the texts' means; None where each text is one sentence."""
    rows: dict[str, list[int]] = {}
    for row, sentence in enumerate(rated):
        rows.setdefault(sentence.group, []).append(row)
    if len(rows) in (1, len(rated)):
        return None
    human = np.array([np.mean([rated[row].value for row in found]) for found in rows.values()])
    means = np.array([values[found].mean() for found in rows.values()])
    low, high = bootstrap_interval(list(rows), lambda texts: _r(means[texts], human[texts]))
    return Measure(
        metric=f"text mean r, {name}", value=_known(_r(means, human)), n=len(rows), low=low, high=high, note=note
    )


def _known(value: float) -> float | None:
    return None if np.isnan(value) else value


def _r(scores: Values, human: Values) -> float:
    """Return Pearson's r; NaN where either does not vary."""
    if not (scores.std() and human.std()):
        return float("nan")
    return float(np.corrcoef(scores, human)[0, 1])


def _biases(rated: Sequence[RatedSentence], scores: Mapping[str, Values]) -> tuple[Measure, ...]:
    """Return how much a scorer's z-score passes the raters' on sentences that hold a label word."""
    human = _standardised(np.array([sentence.value for sentence in rated]))
    measures: list[Measure] = []
    for words in (*((word,) for word in LABEL_WORDS), LABEL_WORDS):
        holds = re.compile(rf"\b(?:{'|'.join(words)})\b", re.IGNORECASE)
        rows = np.flatnonzero([holds.search(sentence.text) is not None for sentence in rated])
        if len(rows):
            measures.extend(_bias(name, words, _standardised(values) - human, rows) for name, values in scores.items())
    return tuple(measures)


def _bias(name: str, words: Sequence[str], differences: Values, rows: Indices) -> Measure:
    found = differences[rows]
    mean, n = float(found.mean()), len(rows)
    margin = float(stats.t.ppf(0.975, n - 1) * found.std(ddof=1) / n**0.5) if n > 1 else None  # few: Student's t
    return Measure(
        metric=f"bias on {' | '.join(words)}, {name}",
        value=mean,
        n=n,
        low=None if margin is None else mean - margin,
        high=None if margin is None else mean + margin,
        note="standard deviations, scorer minus raters",
    )


def _standardised(values: Values) -> Values:
    spread = float(values.std()) or 1.0
    standardised: Values = (values - values.mean()) / spread
    return standardised
