"""Measured error of frames, sentence by sentence, against FrAC (CC BY 4.0) or data of its form.

Input: JSON lines with ``sentence`` and ``label``, the number of a frame in the Policy Frames Codebook from 1
to 14, or 15 for none. FrAC codes nine categories: it files crime under legality (5) and politics under
policy (6), and has no category for capacity, quality of life and external relations. Data that hold no
label of those five are measured in FrAC's categories, others in all fifteen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipelines.evaluate.rows import read_rows, text_of
from pipelines.train.frames import MIN_STORIES, cross_validate, f1_by_label
from tracker.errors import DataError
from tracker.model import Measure
from tracker.score.embeddings import load_embeddings
from tracker.score.frame_model import NONE, features_of
from tracker.score.frames import FrameScorer, load_packs
from tracker.score.text import make_document

TRIAL_FOLDS = 10  # the rarest label of FrAC's halves has nine sentences
#: Numbers of the codebook, in order from 1; 15 is "other", here none.
CODES = (
    "economic",
    "capacity",
    "morality",
    "fairness",
    "legality",
    "policy",
    "crime",
    "security",
    "health",
    "quality_of_life",
    "cultural_identity",
    "public_opinion",
    "political",
    "external",
    NONE,
)
#: Where FrAC files frames that it does not tell apart; None is no category of its own.
FRAC_CATEGORY: Mapping[str, str | None] = {
    "crime": "legality",
    "political": "policy",
    "capacity": None,
    "quality_of_life": None,
    "external": None,
}


@dataclass(frozen=True, slots=True)
class Judged:
    """A sentence with the frame that people gave it and the one that the scorer gives it."""

    sentence: str
    expected: str
    found: str


def evaluate(path: Path) -> tuple[Measure, ...]:
    """Return accuracy, macro-F1 over the labels in the data, and F1 by label with its confusions.

    ``macro_f1_trained`` is that of a model learned on top of the seeds, cross-validated on the same data
    (``tracker frames train``): None where the data are too few. Raises DataError for data of another form.
    """
    judged = judge(path)
    labels = sorted({one.expected for one in judged}, key=CODES.index)
    by_label = [_label_measure(judged, label) for label in labels]
    right = sum(one.expected == one.found for one in judged)
    values = [measure.value or 0.0 for measure in by_label]
    return (
        Measure(metric="accuracy", value=right / len(judged), n=len(judged)),
        Measure(metric="macro_f1", value=sum(values) / len(values), n=len(judged), note=f"{len(labels)} labels"),
        _trained(judged, labels),
        _closest(judged),
        *by_label,
    )


def judge(path: Path) -> tuple[Judged, ...]:
    """Classify every sentence of a file with the policy pack alone. Raises DataError, also for no rows."""
    rows = [(text_of(row, "sentence", where), _label(row, where)) for where, row in read_rows(path)]
    if not rows:
        raise DataError(f"{path} holds no labelled sentences")
    category = _category(label for _, label in rows)
    scorer = FrameScorer(load_packs(["policy"]))
    return tuple(Judged(sentence, label, _strongest(scorer.rank(sentence), category)) for sentence, label in rows)


def confusion(judged: Sequence[Judged]) -> str:
    """Return the confusion matrix as text: a row for what people say, a column for what is found."""
    labels = [code for code in CODES if any(code in (one.expected, one.found) for one in judged)]
    counts = Counter((one.expected, one.found) for one in judged)
    width = max(map(len, labels))
    lines = [" " * width + "".join(f" {label[:6]:>6}" for label in labels)]
    lines += [f"{row:<{width}}" + "".join(f" {counts[row, col]:>6}" for col in labels) for row in labels]
    return "\n".join(lines)


def _category(labels: Iterable[str]) -> Mapping[str, str | None]:
    """Return under which label each frame is filed, where that is not its own: FrAC's way, or nothing."""
    return {} if any(label in FRAC_CATEGORY for label in labels) else FRAC_CATEGORY


def _trained(judged: Sequence[Judged], labels: Sequence[str]) -> Measure:
    n, value = len(judged), None
    if n >= MIN_STORIES and len(labels) > 1:
        scorer = FrameScorer(load_packs(["policy"]))
        documents = [make_document("", one.sentence, "en") for one in judged]
        features = features_of(documents, [tuple(scorer.saliences(one).values()) for one in documents])
        truth = [frozenset({one.expected}) - {NONE} for one in judged]
        found = cross_validate(features, truth, labels, folds=TRIAL_FOLDS)
        value = sum(f1_by_label(truth, found, labels)) / len(labels)
    note = f"seeds and static embeddings, {TRIAL_FOLDS}-fold cross-validated"
    return Measure(metric="macro_f1_trained", value=value, n=n, note=note)


def _closest(judged: Sequence[Judged]) -> Measure:
    """Return how often the definition closest in meaning is the right one, of sentences in some frame."""
    framed = [one for one in judged if one.expected != NONE]
    if not framed:
        return Measure(metric="closest_definition", value=None, n=0)
    category = _category(one.expected for one in judged)
    labelled = [(category.get(one.id, one.id), one.definition) for one in load_packs(["policy"])]
    labels, definitions = zip(*((label, text) for label, text in labelled if label), strict=True)
    embeddings = load_embeddings()
    meanings = embeddings.embed(definitions)
    nearest = (embeddings.embed([one.sentence for one in framed]) @ meanings.T).argmax(axis=1)
    right = sum(labels[i] == one.expected for i, one in zip(nearest, framed, strict=True))
    seeds = sum(one.found == one.expected for one in framed) / len(framed)
    note = f"accuracy of the nearest of {len(definitions)} definitions; seeds on the same sentences {seeds:.3f}"
    return Measure(metric="closest_definition", value=right / len(framed), n=len(framed), note=note)


def _strongest(ranked: Iterable[tuple[str, float]], category: Mapping[str, str | None]) -> str:
    """Return the strongest category; frames that share one add up."""
    totals: dict[str, float] = {}
    for frame, value in ranked:
        label = category.get(frame, frame)
        if label is not None:
            totals[label] = totals.get(label, 0.0) + value
    return max(totals, key=totals.__getitem__, default=NONE)


def _label(row: Mapping[str, object], where: str) -> str:
    value = str(row.get("label", ""))
    if not value.isascii() or not value.isdigit() or not 1 <= int(value) <= len(CODES):
        raise DataError(f"{where}: 'label' must be a number from 1 to {len(CODES)}, not {row.get('label')!r}")
    return CODES[int(value) - 1]


def _label_measure(judged: Sequence[Judged], label: str) -> Measure:
    expected = [one for one in judged if one.expected == label]
    n_found = sum(one.found == label for one in judged)
    right = sum(one.found == label for one in expected)
    missed = Counter(one.found for one in expected if one.found != label)
    return Measure(
        metric=f"f1 {label}",
        value=2 * right / (len(expected) + n_found),
        n=len(expected),
        note=", ".join(f"{n} as {found}" for found, n in missed.most_common()),
    )
