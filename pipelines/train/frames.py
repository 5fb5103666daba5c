"""Frames from coded stories: a linear model a topic on top of the seeds, cross-validated, for users to train.

Codings are JSON lines: ``text``, optionally ``title``, and either ``frames`` (the ids of all frames present,
perhaps none) or ``frame`` (the one that leads, or null). Where every story has one frame or none, what is
judged is the frame that leads; else, whether each frame is present.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import cast

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit

from pipelines.evaluate.rows import read_rows, text_of
from tracker.config import frame_model_path
from tracker.errors import DataError
from tracker.model import Document, Topic
from tracker.report.coding.scheme import FRAME, YES
from tracker.report.coding.texts import frame_of_codings, settled
from tracker.report.decisions import read_decisions
from tracker.report.snapshot_report import SnapshotReport
from tracker.score.frame_model import NONE, THRESHOLD, Floats, FrameModel, features_of, load_model, save_model
from tracker.score.frames import FrameScorer, load_packs
from tracker.score.text import make_document
from tracker.store.snapshot import snapshot_path

MIN_STORIES = 50  # fewer: the error of the error is larger than what could be gained (GVFC: .41 at 50 labels)
MIN_PER_FRAME = 10  # of five folds each then learns from eight and is tried on two
FOLDS = 5
CURVE = (50, 100, 200, 400, 800)  # stories learned from
DRAWS = 3  # of so many stories: one draw of 50 is off by .03
SEED_TRUST = 2.0  # weight of a frame's own seeds before anything is learned; FrAC: 0, 4 and 8 are worse
PENALTY = 4.0  # L2; cross-validated on FrAC, macro-F1 moves by .01 from 2 to 8
_SEED = 2014  # of the folds: the same codings give the same model and the same error
_ITERATIONS = 500

Indices = NDArray[np.intp]
Labels = Sequence[frozenset[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Coding:
    """A text with the frames that people found in it."""

    document: Document
    frames: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnedFrame:
    """One frame's error: F1 cross-validated, and that of seeds alone on the same stories."""

    frame: str
    n_stories: int
    f1: float
    f1_seeds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What was learned from how much, and how well: kept beside the model and shown beside results."""

    topic: str
    topic_hash: str
    n_stories: int
    judged: str  # "leading frame" or "frames present"
    folds: int
    macro_f1: float
    macro_f1_seeds: float
    frames: tuple[LearnedFrame, ...]
    left_to_seeds: tuple[str, ...]  # coded too rarely to be learned
    curve: tuple[tuple[int, float], ...] = ()  # stories learned from, cross-validated macro-F1
    model_hash: str = ""


def read_codings(path: Path, known: Sequence[str]) -> tuple[Coding, ...]:
    """Read coded stories. Raises DataError, also for a frame that is none of ``known``."""
    return tuple(_coding(row, where, known) for where, row in read_rows(path))


def train_frames(codings: Sequence[Coding], topic: Topic) -> tuple[FrameModel, Card]:
    """Return the model learned from codings with its cross-validated error.

    Raises DataError with the reason where there are too few, or where the model is no better than seeds.
    """
    scorer = topic_scorer(topic)
    labels = _learnable(codings)
    stories = [coding.document for coding in codings]
    saliences = [scorer.saliences(document) for document in stories]
    seed_frames = tuple(saliences[0])
    features = features_of(stories, [tuple(one.values()) for one in saliences])
    truth = [coding.frames for coding in codings]
    start = seeds_say(labels, seed_frames, features.shape[1])
    found = cross_validate(features, truth, labels, start=start)
    if not _is_single(truth):  # a frame without a seed in the text would have no evidence to show
        found = [{f for f in one if salience[f]} for one, salience in zip(found, saliences, strict=True)]
    seeds = [_by_seeds(scorer, document, labels, is_single=_is_single(truth)) for document in stories]
    card = replace(_card(topic, truth, found, seeds, labels), curve=learning_curve(features, truth, labels, start))
    if card.macro_f1 < card.macro_f1_seeds:
        raise DataError(
            f"learned from {len(codings)} stories, frames reach a macro-F1 of {card.macro_f1:.2f}, seeds alone "
            f"{card.macro_f1_seeds:.2f}: nothing stored; code more stories"
        )
    weights = fit(features, _targets(truth, labels), start)
    return FrameModel(labels=labels, seed_frames=seed_frames, weights=weights[1:], bias=weights[0]), card


def codings_of_home(home: Path, topic: Topic) -> tuple[Coding, ...]:
    """Return the stories of a topic that people coded, with the frames that are settled to be present.

    Raises StoreError where nothing has been published yet.
    """
    codes = frame_of_codings(read_decisions(home).codings, topic.topic)
    truth = settled(codes[codes["variable"].str.startswith(FRAME)])
    present = truth[truth["value"] == YES].groupby(["article", "revision"])["variable"].agg(list).to_dict()
    coded = sorted(set(zip(truth["article"], truth["revision"], strict=True)))
    with SnapshotReport(snapshot_path(home)) as report:
        report.needs_text("training of frames")
        rows = report.rows(
            "SELECT article, revision, title, text, language FROM revisions WHERE list_contains($articles, article)",
            {"articles": [article for article, _ in coded]},
        )
    texts = {(row["article"], row["revision"]): row for row in rows}
    return tuple(
        Coding(
            document=make_document(texts[key]["title"], texts[key]["text"], texts[key]["language"]),
            frames=frozenset(name.removeprefix(FRAME) for name in present.get(key, [])),
        )
        for key in coded
        if key in texts
    )


def train_for_home(home: Path, topic: Topic, codings: Path | None) -> Card:
    """Learn a topic's frames and keep model and card in the home; return the card.

    ``codings`` are JSON lines; None takes what people coded in the home. Raises DataError.
    """
    known = [definition.id for definition in topic_scorer(topic).definitions]
    coded = read_codings(codings, known) if codings else codings_of_home(home, topic)
    model, card = train_frames(coded, topic)
    path = frame_model_path(home, topic.topic)
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}")  # a nightly run reads the old one or the new one, never half
    save_model(fresh, model)
    values = asdict(card) | {"model_hash": load_model(fresh).data_hash}
    path.with_suffix(".json").write_text(json.dumps(values, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    fresh.replace(path)
    return card


def topic_scorer(topic: Topic) -> FrameScorer:
    """Return the scorer that a topic has before anything is learned."""
    return FrameScorer((*load_packs(topic.packs), *topic.frames))


def cross_validate(
    features: Floats,
    truth: Labels,
    labels: Sequence[str],
    folds: int = FOLDS,
    *,
    start: Floats | None = None,
    most: int | None = None,
    draw: int = 0,
) -> list[set[str]]:
    """Return for each story what a model says that has not seen it.

    ``start`` is as for ``fit``. ``most`` stories are learned from where given, the ``draw``-th such draw.
    """
    targets, single = _targets(truth, labels), _is_single(truth)
    found: list[set[str]] = [set() for _ in truth]
    for held in _folds(targets, folds):
        rest = np.setdiff1d(np.arange(len(truth)), held)
        if most is not None:
            rest = np.random.default_rng(_SEED + draw).permutation(rest)[:most]
        weights = fit(features[rest], targets[rest], start)
        logits = features[held] @ weights[1:] + weights[0]
        for row, story in zip(logits, held.tolist(), strict=True):
            chosen = [int(row.argmax())] if single else np.flatnonzero(expit(row) >= THRESHOLD).tolist()
            found[story] = {labels[i] for i in chosen} - {NONE}
    return found


def learning_curve(
    features: Floats, truth: Labels, labels: Sequence[str], start: Floats
) -> tuple[tuple[int, float], ...]:
    """Return the cross-validated macro-F1 by how many stories were learned from: the mean of several draws."""
    enough = [n for n in CURVE if n <= len(truth) * (FOLDS - 1) // FOLDS]

    def macro_f1(n: int, draw: int) -> float:
        found = cross_validate(features, truth, labels, start=start, most=n, draw=draw)
        return sum(f1_by_label(truth, found, labels)) / len(labels)

    return tuple((n, sum(macro_f1(n, draw) for draw in range(DRAWS)) / DRAWS) for n in enough)


def seeds_say(labels: Sequence[str], seed_frames: Sequence[str], n_features: int) -> Floats:
    """Return the weights from which learning starts: a frame's own seeds speak for it, nothing else for anything."""
    start = np.zeros((n_features + 1, len(labels)))
    for column, label in enumerate(labels):
        if label in seed_frames:
            start[1 + seed_frames.index(label), column] = SEED_TRUST
    return start


def fit(features: Floats, targets: Floats, start: Floats | None = None) -> Floats:
    """Return bias (first row) and weights (features × labels) of one logistic regression a label.

    The penalty draws toward ``start`` (nought where None), so that few stories leave the seeds' word standing.

    Both classes of a label weigh alike (King and Zeng 2001), so that rare frames are not given up; L2 penalty
    on the weights; all labels at once by L-BFGS.
    """
    n, n_labels = targets.shape
    n_with = np.clip(targets.sum(axis=0), 1, None)
    share = np.where(targets > 0, n / (2 * n_with), n / (2 * np.clip(n - n_with, 1, None)))

    def loss(flat: Floats) -> tuple[float, Floats]:
        weights = flat.reshape(-1, n_labels)
        logits = features @ weights[1:] + weights[0]
        errors = share * (expit(logits) - targets)
        moved = weights[1:] - prior[1:]
        gradient = np.vstack([errors.sum(axis=0), features.T @ errors + PENALTY * moved])
        value = float((share * (np.logaddexp(0, logits) - targets * logits)).sum())
        return value + PENALTY / 2 * float((moved**2).sum()), gradient.ravel()

    prior = np.zeros((features.shape[1] + 1, n_labels)) if start is None else start
    solved = minimize(loss, prior.ravel(), jac=True, method="L-BFGS-B", options={"maxiter": _ITERATIONS})
    weights: Floats = solved.x.reshape(-1, n_labels)
    return weights


def f1_by_label(truth: Labels, found: Sequence[frozenset[str] | set[str]], labels: Sequence[str]) -> list[float]:
    """Return each label's F1; NONE is the label of what has no other."""
    values = []
    for label in labels:
        expected, given = _has(truth, label), _has(found, label)
        n_both = int((expected & given).sum())
        values.append(2 * n_both / max(int(expected.sum() + given.sum()), 1))
    return values


def _has(rows: Sequence[frozenset[str] | set[str]], label: str) -> NDArray[np.bool_]:
    return np.array([(not row) if label == NONE else label in row for row in rows], dtype=bool)


def _targets(truth: Labels, labels: Sequence[str]) -> Floats:
    return np.stack([_has(truth, label) for label in labels], axis=1).astype(float)


def _is_single(truth: Labels) -> bool:
    return all(len(frames) <= 1 for frames in truth)


def _folds(targets: Floats, folds: int) -> list[Indices]:
    """Deal the stories out so that each fold has its part of every label."""
    shuffled = np.random.default_rng(_SEED).permutation(len(targets))
    rarest = (targets / targets.sum(axis=0).clip(1)).argmax(axis=1)
    dealt = shuffled[np.argsort(rarest[shuffled], kind="stable")]
    return [np.sort(dealt[i::folds]) for i in range(folds)]


def _learnable(codings: Sequence[Coding]) -> tuple[str, ...]:
    """Return the labels with enough stories. Raises DataError where there is nothing to learn."""
    if len(codings) < MIN_STORIES:
        raise DataError(f"{len(codings)} coded stories are too few to learn from: code at least {MIN_STORIES}")
    names = sorted({frame for coding in codings for frame in coding.frames})
    counts = {name: sum(name in coding.frames for coding in codings) for name in names}
    enough = [name for name in names if MIN_PER_FRAME <= counts[name] <= len(codings) - MIN_PER_FRAME]
    if not enough:
        coded = ", ".join(f"{name} {n}" for name, n in counts.items()) or "none"
        raise DataError(
            f"no frame can be learned: each needs {MIN_PER_FRAME} stories with it and {MIN_PER_FRAME} without; "
            f"coded are {coded}"
        )
    n_without = sum(not coding.frames for coding in codings)
    return (*enough, NONE) if n_without >= MIN_PER_FRAME else tuple(enough)


def _by_seeds(scorer: FrameScorer, document: Document, labels: Sequence[str], *, is_single: bool) -> set[str]:
    """Return what seeds alone say of a document, of the frames that are learned."""
    found = [one.frame for one in scorer.score(document, ()) if one.frame in labels]
    return set(found[:1] if is_single else found)


def _card(
    topic: Topic, truth: Labels, found: Sequence[set[str]], seeds: Sequence[set[str]], labels: Sequence[str]
) -> Card:
    values, by_seeds = f1_by_label(truth, found, labels), f1_by_label(truth, seeds, labels)
    counts = _targets(truth, labels).sum(axis=0).astype(int).tolist()
    rows = zip(labels, counts, values, by_seeds, strict=True)
    return Card(
        topic=topic.topic,
        topic_hash=topic.hash,
        n_stories=len(truth),
        judged="leading frame" if _is_single(truth) else "frames present",
        folds=FOLDS,
        macro_f1=sum(values) / len(values),
        macro_f1_seeds=sum(by_seeds) / len(by_seeds),
        frames=tuple(LearnedFrame(frame=f, n_stories=n, f1=a, f1_seeds=b) for f, n, a, b in rows),
        left_to_seeds=tuple(sorted({frame for frames in truth for frame in frames} - set(labels))),
    )


def _coding(row: Mapping[str, object], where: str, known: Sequence[str]) -> Coding:
    given = row["frames"] if "frames" in row else row.get("frame", ...)
    listed = [] if given is None else given if isinstance(given, list) else [given]
    if given is ... or not all(isinstance(one, str) for one in listed):
        raise DataError(f"{where}: give 'frames', a list of ids, or 'frame', one id or null")
    frames = frozenset(cast("list[str]", listed)) - {NONE}
    if unknown := sorted(frames - set(known)):
        raise DataError(f"{where}: no such frame: {', '.join(unknown)}; the frames are {', '.join(known)}")
    title = text_of(row, "title", where) if row.get("title") is not None else ""
    return Coding(document=make_document(title, text_of(row, "text", where), "en"), frames=frames)
