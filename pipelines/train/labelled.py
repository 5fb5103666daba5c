"""Labelled sentences as read from JSON lines, plain or gzipped: what models are trained and measured on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pipelines.evaluate.rows import read_rows, text_of
from tracker.errors import DataError

LABELS: Final = ("negative", "neutral", "positive")  # in the order of polarity −1, 0, 1
_RATING_MAX = 4.0  # the raters' scale of VADER's data sets is −4..4


@dataclass(frozen=True, slots=True, kw_only=True)
class RatedSentence:
    """A sentence with its raters' mean, scaled to −1..1, and the text (``group``) that it is from."""

    text: str
    value: float
    group: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledMention:
    """A sentence, the half-open span of a mention in it, and the polarity −1, 0 or 1 toward it."""

    text: str
    start: int
    end: int
    polarity: int


def read_rated(path: Path) -> tuple[RatedSentence, ...]:
    """Return rated sentences: rows with ``text``, ``mean`` (−4..4) and ``editorial``."""
    return tuple(
        RatedSentence(
            text=text_of(row, "text", where),
            value=_number(row, "mean", where, limit=_RATING_MAX) / _RATING_MAX,
            group=str(row.get("editorial", where)),
        )
        for where, row in read_rows(path)
    )


def read_mentions(path: Path) -> tuple[LabelledMention, ...]:
    """Return labelled mentions: rows with ``sentence``, ``from``, ``to`` and ``polarity`` (−1, 0, 1)."""
    return tuple(_mention(where, row) for where, row in read_rows(path))


def _mention(where: str, row: Mapping[str, object]) -> LabelledMention:
    text = text_of(row, "sentence", where)
    start = int(_number(row, "from", where, limit=len(text)))
    end = int(_number(row, "to", where, limit=len(text)))
    if not 0 <= start < end:
        raise DataError(f"{where}: 'from' {start} and 'to' {end} are no span of the sentence")
    polarity = int(_number(row, "polarity", where, limit=1))
    return LabelledMention(text=text, start=start, end=end, polarity=polarity)


def _number(row: Mapping[str, object], key: str, where: str, *, limit: float) -> float:
    value = row.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= limit:
        raise DataError(f"{where}: {key!r} must be a number between {-limit:g} and {limit:g}, not {value!r}")
    return float(value)
