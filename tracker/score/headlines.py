"""Headlines: "Judge: IRS may share data", "IRS may share data, judge says", "IRS may share data: judge"."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import cast

from tracker.score.clauses import Attribution
from tracker.score.complements import has_finite
from tracker.score.cues import CUES, ING, THIRD
from tracker.score.grammar import WH
from tracker.score.lexicon import Table, read_table, strings
from tracker.score.subjects import Source
from tracker.score.units import QUOTE, Unit

MAX_NAME = 5  # tokens of a speaker before or after a headline's colon


def find_headline_attributions(unit: Unit, is_known: Callable[[str], bool]) -> list[Attribution]:
    """Return the attribution of a headline that the grammar of sentences found none in.

    ``is_known`` tells whether a last name is that of a speaker of the article.
    """
    found = _colon_last(unit) or _colon_first(unit, is_known) or _verb_last(unit) or _bare_verb(unit)
    return [] if found is None else [found]


def _colon_first(unit: Unit, is_known: Callable[[str], bool]) -> Attribution | None:
    """Judge: IRS may share data."""
    limit = min(MAX_NAME + 1, len(unit.low) - 1)
    colon = next((j for j in range(1, limit) if unit.low[j] == ":"), 0)
    if not colon or unit.at(colon + 1) in WH:
        return None
    last = unit.raw[colon - 1]
    is_name = last[0].isupper() and (is_known(last) or unit.at(colon + 1) == QUOTE)
    if is_name or _is_role(unit, 0, colon) or _looks_like_name(unit, 0, colon):
        return _attribution(unit, (colon + 1, len(unit.low)), colon, (0, colon))
    return None


def _colon_last(unit: Unit) -> Attribution | None:
    """IRS may share data: judge."""
    n = len(unit.low)
    for j in range(n - 2, max(1, n - 2 - MAX_NAME), -1):
        if unit.low[j] == ":":
            return _attribution(unit, (0, j), j, (j + 1, n)) if _is_role(unit, j + 1, n) else None
    return None


def _verb_last(unit: Unit) -> Attribution | None:
    """IRS may share data, judge rules."""
    n = len(unit.low)
    verb = CUES.verbs.get(unit.low[n - 1]) if n > MAX_NAME - 1 else None
    if verb is None or verb.form is ING or not verb.constructions & {"that", "clause", "object", "trail"}:
        return None
    for j in range(n - 2, max(1, n - 2 - MAX_NAME), -1):
        if unit.low[j] == ",":
            return _attribution(unit, (0, j), n - 1, (j + 1, n - 1))
    return None


def _bare_verb(unit: Unit) -> Attribution | None:
    """Judge rules IRS may share data: headlines drop "that"."""
    verbs = CUES.verbs
    for j in range(1, min(MAX_NAME + 2, len(unit.low) - 3)):
        verb = verbs.get(unit.low[j])
        if verb is not None and verb.form is THIRD and verb.constructions & {"that", "clause"}:
            if has_finite(unit, j + 1):
                return _attribution(unit, (j + 1, len(unit.low)), j, (0, j))
            return None
    return None


def _looks_like_name(unit: Unit, start: int, end: int) -> bool:
    """Whether the words before a colon are two or more capitalised ones and no rubric."""
    words = unit.raw[start:end]
    is_capitalised = 1 < len(words) <= MAX_NAME and all(word[0].isupper() for word in words)
    is_kicker = all(word.isupper() for word in words)  # "TAXED AND TRACKED: …"
    return is_capitalised and not is_kicker and _rubrics().isdisjoint(unit.low[start:end])


def _is_role(unit: Unit, start: int, end: int) -> bool:
    words = unit.low[start:end]
    return bool(words) and (words[-1] in _roles() or " ".join(words[-2:]) in _roles())


def _attribution(unit: Unit, content: tuple[int, int], cue: int, source: tuple[int, int]) -> Attribution | None:
    if content[1] <= content[0] or source[1] <= source[0]:
        return None
    speaker = Source(unit.starts[source[0]], unit.end_of(source[1] - 1))
    span = (unit.starts[content[0]], unit.end_of(content[1] - 1))
    return Attribution(*span, unit.starts[cue], unit.end_of(cue), speaker, "headline")


@functools.cache
def _roles() -> frozenset[str]:
    return frozenset(strings(cast(Table, read_table("cues")["headlines"]), "roles"))


@functools.cache
def _rubrics() -> frozenset[str]:
    return frozenset(strings(cast(Table, read_table("cues")["headlines"]), "rubrics"))
