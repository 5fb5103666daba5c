"""Measured error of voices and speakers against PolNeAR (Newell, Margolin & Ruths, LREC 2018).

Input: JSON lines (plain or gzipped) with ``id``, ``text`` and ``attributions``, each with lists of
``[start, end]`` under ``content``, ``cue`` and ``source``.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, cast

from tracker.errors import DataError
from tracker.model import Measure, Part, Passage, Voice
from tracker.score.text import make_document
from tracker.score.voices import find_passages

_WORD = re.compile(r"[^\W_]+(?:[’'-][^\W_]+)*")
_PRONOUNS = frozenset(
    {"he", "she", "they", "it", "who", "we", "i", "you", "his", "her", "their", "its", "him", "them", "which", "that"}
)
# Words that two speakers' strings may share without naming one speaker.
_WEAK = _PRONOUNS | {
    *("the", "a", "an", "of", "for", "and", "in", "on", "at", "to", "from", "with", "said", "this", "these"),
    *("mr", "mrs", "ms", "dr", "sen", "rep", "gov", "president", "senator", "former", "new", "one", "u.s"),
    *("secretary", "general", "chairman"),
}

Span = tuple[int, int]


class Gold(NamedTuple):
    """One annotated attribution: spans of its content and its source."""

    content: tuple[Span, ...]
    source: tuple[Span, ...]


class Labelled(NamedTuple):
    """One annotated article."""

    id: str
    text: str
    gold: tuple[Gold, ...]


class SpeakerMiss(NamedTuple):
    """A quotation whose speaker was not named right."""

    id: str
    start: int
    expected: str
    found: str | None


def evaluate(path: Path) -> tuple[Measure, ...]:
    """Return precision, recall and F1 of attributed words, and the share of quotations with the right speaker.

    A word is attributed by annotators when it lies in the content of any attribution, by the tracker when
    it lies in a quoted or reported passage. Words outside quotation marks are measured apart.
    """
    words = _Counts()
    indirect = _Counts()
    n_quoted = 0
    misses: list[SpeakerMiss] = []
    for article in read_labelled(path):
        passages = find_passages(make_document("", article.text, "en"))
        _count_words(article, passages, words, indirect)
        n, missed = _judge_speakers(article, passages)
        n_quoted += n
        misses.extend(missed)
    unnamed = sum(miss.found is None for miss in misses)
    right = (n_quoted - len(misses)) / n_quoted if n_quoted else None
    note = f"{unnamed} of {len(misses)} misses name nobody"
    return (
        *words.measures("words_attributed"),
        *indirect.measures("words_outside_marks"),
        Measure(metric="speaker_right", value=right, n=n_quoted, note=note),
    )


def speaker_misses(path: Path) -> Iterator[SpeakerMiss]:
    """Yield the quotations whose speaker the tracker names wrongly or not at all."""
    for article in read_labelled(path):
        yield from _judge_speakers(article, find_passages(make_document("", article.text, "en")))[1]


def read_labelled(path: Path) -> Iterator[Labelled]:
    """Yield the annotated articles of a file; DataError names the line that cannot be read."""
    opener = gzip.open if path.suffix == ".gz" else open
    try:
        with opener(path, "rt", encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                yield _labelled(path, number, line)
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise DataError(f"{path}: cannot be read: {error}") from error


def _labelled(path: Path, number: int, line: str) -> Labelled:
    try:
        row = json.loads(line)
        gold = tuple(Gold(_spans(one.get("content")), _spans(one.get("source"))) for one in row["attributions"])
        return Labelled(str(row["id"]), str(row["text"]), gold)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DataError(f"{path}, line {number}: expected an object with id, text and attributions: {error}") from error


def _spans(value: object) -> tuple[Span, ...]:
    return tuple((int(start), int(end)) for start, end in cast("list[list[int]]", value or []))


class _Counts:
    """Right, wrong and missed words."""

    def __init__(self) -> None:
        self.right = self.wrong = self.missed = 0

    def add(self, *, expected: bool, found: bool) -> None:
        self.right += expected and found
        self.wrong += found and not expected
        self.missed += expected and not found

    def measures(self, name: str) -> tuple[Measure, ...]:
        found, expected = self.right + self.wrong, self.right + self.missed
        both = found + expected
        return (
            Measure(metric=f"{name}_precision", value=self.right / found if found else None, n=found),
            Measure(metric=f"{name}_recall", value=self.right / expected if expected else None, n=expected),
            Measure(metric=f"{name}_f1", value=2 * self.right / both if both else None, n=expected),
        )


def _count_words(article: Labelled, passages: Sequence[Passage], words: _Counts, indirect: _Counts) -> None:
    gold = bytearray(len(article.text))
    for one in article.gold:
        for start, end in one.content:
            gold[start:end] = b"\1" * (min(end, len(gold)) - start)
    voice = bytearray(len(article.text))
    for passage in passages:
        if passage.part is Part.BODY and passage.voice is not Voice.OUTLET:
            code = b"\1" if passage.voice is Voice.REPORTED else b"\2"
            voice[passage.start : passage.end] = code * (passage.end - passage.start)
    for match in _WORD.finditer(article.text):
        at = match.start()
        words.add(expected=bool(gold[at]), found=bool(voice[at]))
        if voice[at] != 2:  # noqa: PLR2004 - quoted, as coded above
            indirect.add(expected=bool(gold[at]), found=bool(voice[at]))


def _judge_speakers(article: Labelled, passages: Iterable[Passage]) -> tuple[int, list[SpeakerMiss]]:
    """Return how many annotated quotations have a source, and those whose speaker differs.

    The annotators' source is resolved as ours is: a pronoun stands for the named source before it.
    """
    quoted = [one for one in passages if one.part is Part.BODY and one.voice is Voice.QUOTED]
    named = sorted((one.source[0], article.text[slice(*one.source[0])]) for one in article.gold if one.source)
    n = 0
    misses: list[SpeakerMiss] = []
    for one in article.gold:
        shares = _speaker_shares(quoted, one.content)
        if not one.source or not shares:
            continue
        n += 1
        expected = _resolved(article.text[slice(*one.source[0])], one.source[0], named)
        found = max(shares, key=shares.__getitem__)
        if found is None or not _is_same(expected, found):
            misses.append(SpeakerMiss(article.id, one.content[0][0], expected, found))
    return n, misses


def _speaker_shares(quoted: Iterable[Passage], content: Iterable[Span]) -> dict[str | None, int]:
    shares: dict[str | None, int] = {}
    for start, end in content:
        for passage in quoted:
            overlap = min(end, passage.end) - max(start, passage.start)
            if overlap > 0:
                shares[passage.speaker] = shares.get(passage.speaker, 0) + overlap
    return shares


def _resolved(source: str, span: Span, named: list[tuple[Span, str]]) -> str:
    if source.strip().lower() not in _PRONOUNS:
        return source
    before = [text for at, text in named if at < span and text.strip().lower() not in _PRONOUNS]
    return before[-1] if before else source


def _is_same(expected: str, found: str) -> bool:
    """Whether two strings name one speaker: a name in common, or for roles the same noun."""
    theirs, ours = _names(expected), _names(found)
    if theirs and ours:
        return bool(theirs & ours)
    return bool(_nouns(expected) & _nouns(found))


def _names(text: str) -> set[str]:
    return {_bare(word) for word in text.split() if word[:1].isupper()} - _WEAK


def _nouns(text: str) -> set[str]:
    return {_bare(word) for word in text.split()} - _WEAK


def _bare(word: str) -> str:
    return re.sub(r"[’']s$", "", word.strip(".,;:()\"“”’'").lower())
