"""Distinctive words of left- against right-rated outlets: to be read by somebody who knows the field.

Input: JSON lines with ``outlet``, ``lean`` (``left``, ``center`` or ``right``), ``date``, ``title``, ``text``.
There is no labelled truth: the measures are the words themselves with their z, and a note of the counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from pipelines.evaluate.rows import read_rows, text_of
from tracker.errors import DataError
from tracker.model import Measure, Voice
from tracker.report.own_words import text_in_voice
from tracker.report.words import DistinctiveWord, DistinctiveWords, StoryText, distinctive_words
from tracker.score.text import make_document
from tracker.score.voices import find_passages

SHOWN = 30  # words of each side


def evaluate(path: Path) -> tuple[Measure, ...]:
    """Return the clearest words of each side with their z. Raises DataError for data of another form."""
    found = compare(path)
    return tuple(_measure(word) for side in ("first", "second") for word in found.of(side, SHOWN))


def compare(path: Path) -> DistinctiveWords:
    """Compare left (``first``) with right (``second``) in the outlets' own voice. Raises DataError."""
    rows = sorted(read_rows(path), key=lambda pair: text_of(pair[1], "date", pair[0]))
    names = sorted({text_of(row, "outlet", where) for where, row in rows})
    return distinctive_words(_stories(rows, "left"), _stories(rows, "right"), outlet_names=names)


def _stories(rows: list[tuple[str, Mapping[str, object]]], lean: str) -> Iterator[StoryText]:
    for where, row in rows:
        if text_of(row, "lean", where) == lean:
            document = make_document(text_of(row, "title", where), text_of(row, "text", where), "en")
            yield StoryText(
                story=where,
                outlet=text_of(row, "outlet", where),
                day=_day(row, where),
                text=text_in_voice(document, find_passages(document), frozenset({Voice.OUTLET})),
            )


def _day(row: Mapping[str, object], where: str) -> date | None:
    written = text_of(row, "date", where)
    try:
        return date.fromisoformat(written[:10]) if written else None
    except ValueError as error:
        raise DataError(f"{where}: 'date' must be a day like 2025-05-12, or empty ({error})") from error


def _measure(word: DistinctiveWord) -> Measure:
    side, own, other = ("left", word.first, word.second) if word.side == "first" else ("right", word.second, word.first)
    note = (
        f"q {word.q:.1g}; {own.uses} uses in {own.stories} stories on {own.days} days by {own.outlets} outlets, "
        f"elsewhere {other.uses} in {other.stories}"
    )
    return Measure(metric=f"{side}: {word.word}", value=abs(word.z), n=own.stories, note=note)
