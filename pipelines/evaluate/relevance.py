"""Measured error of relevance: texts of which a person says whether they are on a topic, against the rules.

Input: JSON lines with ``title``, ``text``, ``is_on_topic`` and, where known, ``published_at`` (ISO 8601) and
``url``. Where the rules are unsure they have not said that a text is on the topic, and count so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from statsmodels.stats.proportion import proportion_confint

from pipelines.evaluate.resampling import Indices, bootstrap_interval
from pipelines.evaluate.rows import read_rows, text_of
from tracker.config import bundled_topic
from tracker.errors import DataError
from tracker.model import Measure, Topic
from tracker.topic import compile_topic

ALPHA = 0.05
MAX_LISTED = 5  # headlines named in a note


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """A text and whether a person says that it is on the topic."""

    title: str
    text: str
    is_on_topic: bool
    url: str | None = None
    published_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A text's name, what a person says, and what the rules say."""

    name: str
    is_on_topic: bool
    found: bool | None


def evaluate(path: Path, topic: Topic | None = None) -> tuple[Measure, ...]:
    """Return precision, recall and F1 of ``topic``'s rules (the ruling's by default), with 95 % intervals.

    Intervals of precision and recall are Wilson's, that of F1 a bootstrap over texts. Raises DataError where
    a line cannot be read or there is none.
    """
    judged = list(_judged(path, topic or bundled_topic()))
    if not judged:
        raise DataError(f"{path}: no labelled text in it")
    hits = [one for one in judged if one.found]
    wanted = [one for one in judged if one.is_on_topic]
    n_right = sum(one.is_on_topic for one in hits)
    unsure = [one for one in judged if one.found is None]
    return (
        _share("precision", n_right, len(hits), _listed("false", [one for one in hits if not one.is_on_topic])),
        _share("recall", n_right, len(wanted), _listed("missed", [one for one in wanted if not one.found])),
        _f1(judged),
        _share("unsure_share", len(unsure), len(judged), _listed("unsure", unsure)),
    )


def _judged(path: Path, topic: Topic) -> Iterator[Judged]:
    compiled = compile_topic(topic)
    for one in read_labelled(path):
        match = compiled.match(one.title, one.text, url=one.url, published_at=one.published_at)
        yield Judged(name=one.title or one.text[:60], is_on_topic=one.is_on_topic, found=match.is_on_topic)


def read_labelled(path: Path) -> Iterator[Labelled]:
    """Read labelled texts. Raises DataError, with the line, for anything else."""
    for where, row in read_rows(path):
        title, text = text_of(row, "title", where), text_of(row, "text", where)
        label = row.get("is_on_topic")
        if not isinstance(label, bool):
            raise DataError(f"{where}: 'is_on_topic' must be true or false, not {label!r}")
        yield Labelled(title=title, text=text, is_on_topic=label, url=_url(row), published_at=_moment(row, where))


def _url(row: Mapping[str, object]) -> str | None:
    return str(row["url"]) if row.get("url") else None


def _moment(row: Mapping[str, object], where: str) -> datetime | None:
    value = row.get("published_at")
    if value in (None, ""):
        return None
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError as error:
        raise DataError(f"{where}: 'published_at' must be an ISO 8601 time, not {value!r}") from error
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def _f1(judged: list[Judged]) -> Measure:
    labels = np.array([one.is_on_topic for one in judged])
    found = np.array([bool(one.found) for one in judged])

    def f1(rows: Indices) -> float:
        n_right = int(np.sum(labels[rows] & found[rows]))
        n_all = int(np.sum(labels[rows]) + np.sum(found[rows]))
        return 2 * n_right / n_all if n_all else float("nan")

    low, high = bootstrap_interval([str(place) for place in range(len(judged))], f1)
    value = f1(np.arange(len(judged)))
    return Measure(metric="f1", value=None if np.isnan(value) else value, n=len(judged), low=low, high=high)


def _share(metric: str, n_right: int, n: int, note: str) -> Measure:
    if not n:
        return Measure(metric=metric, value=None, n=0, note=note)
    low, high = proportion_confint(n_right, n, alpha=ALPHA, method="wilson")
    return Measure(metric=metric, value=n_right / n, n=n, low=float(low), high=float(high), note=note)


def _listed(what: str, texts: list[Judged]) -> str:
    if not texts:
        return ""
    more = f" and {len(texts) - MAX_LISTED} more" if len(texts) > MAX_LISTED else ""
    return f"{what}: {'; '.join(one.name for one in texts[:MAX_LISTED])}{more}"
