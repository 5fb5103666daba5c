"""Labelled sentences as read from JSON lines, plain or gzipped: what models are trained and measured on."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

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
            text=_string(row, "text", where),
            value=_number(row, "mean", where, limit=_RATING_MAX) / _RATING_MAX,
            group=str(row.get("editorial", where)),
        )
        for where, row in _rows(path)
    )


def read_mentions(path: Path) -> tuple[LabelledMention, ...]:
    """Return labelled mentions: rows with ``sentence``, ``from``, ``to`` and ``polarity`` (−1, 0, 1)."""
    return tuple(_mention(where, row) for where, row in _rows(path))


def _mention(where: str, row: Mapping[str, object]) -> LabelledMention:
    text = _string(row, "sentence", where)
    start = int(_number(row, "from", where, limit=len(text)))
    end = int(_number(row, "to", where, limit=len(text)))
    if not 0 <= start < end:
        raise DataError(f"{where}: 'from' {start} and 'to' {end} are no span of the sentence")
    polarity = int(_number(row, "polarity", where, limit=1))
    return LabelledMention(text=text, start=start, end=end, polarity=polarity)


def _rows(path: Path) -> Iterator[tuple[str, Mapping[str, object]]]:
    try:
        content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        lines = content.decode("utf-8").splitlines()
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise DataError(f"{path}: cannot be read as JSON lines ({error}); give a .jsonl or .jsonl.gz") from error
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield f"{path}, line {number}", _row(line, f"{path}, line {number}")


def _row(line: str, where: str) -> Mapping[str, object]:
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise DataError(f"{where}: no JSON ({error})") from error
    if not isinstance(row, dict):
        raise DataError(f"{where}: a JSON object is wanted, not {type(row).__name__}")
    return row


def _string(row: Mapping[str, object], key: str, where: str) -> str:
    value = row.get(key)
    if not isinstance(value, str):
        raise DataError(f"{where}: {key!r} must be a string; the row has {', '.join(row) or 'nothing'}")
    return value


def _number(row: Mapping[str, object], key: str, where: str, *, limit: float) -> float:
    value = row.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= limit:
        raise DataError(f"{where}: {key!r} must be a number between {-limit:g} and {limit:g}, not {value!r}")
    return float(value)
