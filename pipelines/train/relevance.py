"""Relevance from coded stories: a linear model on what a topic's rules count, cross-validated, for users to train.

The rules decide by thresholds that their writer chose; where coders draw the line elsewhere (a text that only names
the topic in passing), the model moves it. What does not fulfil the query stays off the topic.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipelines.evaluate.relevance import Labelled, read_labelled
from pipelines.train.frames import FOLDS, MIN_STORIES, cross_validate, fit
from tracker.config import relevance_model_path
from tracker.errors import DataError
from tracker.model import Topic
from tracker.report.coding.scheme import RELEVANCE, YES
from tracker.report.coding.texts import frame_of_codings, settled
from tracker.report.decisions import read_decisions
from tracker.report.snapshot_report import SnapshotReport
from tracker.score.frame_model import NONE
from tracker.store.rows import aware
from tracker.store.snapshot import snapshot_path
from tracker.topic import FEATURES, compile_topic

MIN_PER_ANSWER = 10  # stories that fulfil the query, on the topic and off it: of five folds each then tries two
RULES_TRUST = 2.0  # weight of the rules' word before anything is learned, as of seeds for frames

Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Right:
    """How often an answer is right: among what it calls on the topic, and among what is."""

    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """A model of relevance, what it was learned from, and its cross-validated error beside that of the rules."""

    topic: str
    topic_hash: str
    n_stories: int
    n_on_topic: int
    n_fulfilling: int  # the query: of these alone the model judges
    folds: int
    learned: Right
    rules: Right
    features: tuple[str, ...]
    weights: tuple[float, ...]
    bias: float


def train_relevance(stories: Sequence[Labelled], topic: Topic) -> Learned:
    """Return what is learned of a topic's relevance from coded stories.

    Raises DataError with the reason where they are too few, or where the model is no better than the rules.
    """
    compiled = compile_topic(replace(topic, relevance_model=None))
    given = [(one.title, one.text, one.url, one.published_at) for one in stories]
    by_rules = np.array([compiled.match(*one).is_on_topic is True for one in given], dtype=bool)
    rows = [compiled.features(*one) for one in given]
    truth = np.array([one.is_on_topic for one in stories], dtype=bool)
    held = np.array([row is not None for row in rows], dtype=bool)
    _refuse_too_few(truth, held)
    features = np.array([row for row in rows if row is not None])
    labels = (YES, NONE)  # two mirrored regressions: the chance of one is 1 less the other's
    targets = [frozenset({YES}) if one else frozenset() for one in truth[held]]
    start = np.zeros((len(FEATURES) + 1, len(labels)))
    start[1 + FEATURES.index("rules")] = RULES_TRUST, -RULES_TRUST
    found = np.zeros(len(stories), dtype=bool)
    found[held] = [YES in one for one in cross_validate(features, targets, labels, start=start)]
    learned, rules = _right(truth, found), _right(truth, by_rules)
    if learned.f1 <= rules.f1:
        raise DataError(
            f"learned from {len(stories)} stories, relevance reaches an F1 of {learned.f1:.2f}, the rules alone "
            f"{rules.f1:.2f}: nothing stored"
        )
    weights = fit(features, np.stack([truth[held], ~truth[held]], axis=1).astype(float), start)[:, 0]
    return Learned(
        topic=topic.topic,
        topic_hash=topic.hash,
        n_stories=len(stories),
        n_on_topic=int(truth.sum()),
        n_fulfilling=int(held.sum()),
        folds=FOLDS,
        learned=learned,
        rules=rules,
        features=FEATURES,
        weights=tuple(weights[1:].tolist()),
        bias=float(weights[0]),
    )


def train_relevance_for_home(home: Path, topic: Topic, codings: Path | None) -> Learned:
    """Learn a topic's relevance and keep it in the home; return it.

    ``codings`` are JSON lines as ``tracker evaluate relevance`` reads them; None takes what people coded in the
    home. It decides once the topic file says ``learned_relevance = true``. Raises DataError.
    """
    stories = tuple(read_labelled(codings)) if codings else relevance_of_home(home, topic)
    found = train_relevance(stories, topic)
    path = relevance_model_path(home, topic.topic)
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}")  # a nightly run reads the old one or the new one, never half
    fresh.write_text(json.dumps(asdict(found), indent=1) + "\n", encoding="utf-8")
    fresh.replace(path)
    return found


def relevance_of_home(home: Path, topic: Topic) -> tuple[Labelled, ...]:
    """Return the stories of which it is settled whether they are on a topic. Raises StoreError before any run."""
    codes = frame_of_codings(read_decisions(home).codings, topic.topic)
    truth = settled(codes[codes["variable"] == RELEVANCE])
    keys = zip(truth["article"], truth["revision"], strict=True)
    said = {key: str(value) == YES for key, value in zip(keys, truth["value"], strict=True)}
    with SnapshotReport(snapshot_path(home)) as report:
        report.needs_text("training of relevance")
        rows = report.rows(
            "SELECT r.article, r.revision, r.title, r.text, a.url, a.published_at "
            "FROM revisions r JOIN articles a USING (article) WHERE list_contains($articles, r.article) ORDER BY ALL",
            {"articles": [article for article, _ in said]},
        )
    return tuple(
        Labelled(
            title=row["title"],
            text=row["text"],
            url=row["url"],
            published_at=aware(row["published_at"]),
            is_on_topic=said[row["article"], row["revision"]],
        )
        for row in rows
        if (row["article"], row["revision"]) in said
    )


def _refuse_too_few(truth: Bools, held: Bools) -> None:
    """Raise DataError where there is too little to learn from."""
    if len(truth) < MIN_STORIES:
        raise DataError(f"{len(truth)} coded stories are too few to learn from: code at least {MIN_STORIES}")
    n_on, n_off = int((truth & held).sum()), int((~truth & held).sum())
    if min(n_on, n_off) < MIN_PER_ANSWER:
        raise DataError(
            f"relevance cannot be learned: among stories that fulfil the query it needs {MIN_PER_ANSWER} on the topic "
            f"and {MIN_PER_ANSWER} off it; coded are {n_on} and {n_off}"
        )


def _right(truth: Bools, found: Bools) -> Right:
    both, said, true = (int(one.sum()) for one in (truth & found, found, truth))
    return Right(precision=both / max(said, 1), recall=both / max(true, 1), f1=2 * both / max(said + true, 1))
