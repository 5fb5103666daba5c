"""Who speaks, as far as a sentence tells: the noun phrase before or after a cue word."""

from __future__ import annotations

import re
from typing import NamedTuple

from tracker.score.cues import BASE, CUES, PAST, THIRD
from tracker.score.grammar import (
    ADVERBS,
    ARTICLES,
    AUXILIARIES,
    BARE_NOUNS,
    BEFORE_ARTICLE,
    BREAKS,
    CATENATIVES,
    CONJUNCTIONS,
    DASHES,
    DETERMINERS,
    ED_NOUNS,
    FINITE,
    ING_NOUNS,
    NOT_AFTER_CUE,
    NOT_NOMINAL,
    OPENERS,
    PERSONAL,
    PHRASE_ENDS,
    PHRASE_OPENERS,
    POSSESSIVES,
    PREPOSITIONS,
    PRONOUNS,
    PUNCTUATION,
    SUBJECT_PRONOUNS,
    TIME_OPENERS,
    TIMES,
    is_manner,
    is_word,
)
from tracker.score.units import QUOTE, Unit

MAX_PHRASE = 16  # tokens of a noun phrase with title and office
MAX_ASIDE = 24  # tokens between commas after a name: ", a spokesman for …, "
_APOSTROPHE = re.compile(r"[’']")
_GENITIVES = ("’s", "'s")
_PLURAL_GENITIVES = ("s’", "s'")


class Source(NamedTuple):
    """A mention of a speaker: its span, and the aside after the name that says who it is."""

    start: int
    end: int
    aside_start: int = -1
    aside_end: int = -1


def subject_before(unit: Unit, i: int) -> Source | None:
    """Return the subject of the verb at token ``i``, or None where no noun phrase stands before it."""
    low = unit.low
    j = i - 1
    while j >= 0 and (low[j] in ADVERBS or low[j] in AUXILIARIES or is_manner(unit.raw[j])):
        j -= 1
        if low[j] in CATENATIVES and low[j + 1] == "to":
            j -= 1
    j = _skip_time(unit, j)
    if j < 0:
        return None
    if low[j] == "," or low[j] == ")" or low[j] in DASHES:
        return _across_aside(unit, j)
    if low[j] in {"who", "which"}:
        j -= 2 if unit.at(j - 1) == "," else 1
    return _phrase_ending(unit, j)


def noun_phrase_after(unit: Unit, at: int) -> Source | None:
    """Return the noun phrase that begins at token ``at`` ("said X, the director"), with its aside."""
    if at >= len(unit.low) or unit.low[at] in NOT_AFTER_CUE - {"that"}:
        return None
    if unit.low[at] in PRONOUNS and unit.low[at] != "one":  # "one lawyer"
        return Source(unit.starts[at], unit.end_of(at))
    end = at
    while end < len(unit.low) and end - at < MAX_PHRASE and unit.low[end] not in PUNCTUATION:
        if end > at and (unit.low[end] in PHRASE_ENDS or _is_verb(unit, end)):
            break
        end += 1
    if end == at or not _is_nominal(unit, at) or not _opens_phrase(unit, at, end):
        return None
    return Source(unit.starts[at], unit.end_of(end - 1), *_aside_after(unit, end))


def main_subject(unit: Unit, i: int) -> Source | None:
    """Return the sentence's subject for a participle or second verb at token ``i``: "X left, saying …"."""
    low = unit.low
    at = 0
    comma_free = False
    if low[0] in OPENERS or is_manner(low[0]):
        comma = next((j for j in range(1, i) if low[j] == ","), i)
        at = comma + 1 if comma + 1 < i else 1
        comma_free = comma == i
    while at < i and not is_word(low[at]):
        at += 1
    if at >= i:
        return None
    if comma_free and (pronoun := next((j for j in range(at, i) if low[j] in PERSONAL), None)) is not None:
        return Source(unit.starts[pronoun], unit.end_of(pronoun))  # "For 31 years I knocked on doors and told"
    return noun_phrase_after(unit, at) if at < i - 1 or low[at] in PRONOUNS else _phrase_ending(unit, at)


def possessor_before(unit: Unit, i: int) -> Source | None:
    """Return whose the noun at token ``i`` is: "the judge’s finding", "their claim"."""
    low = unit.low
    for j in range(i - 1, -1, -1):
        word = low[j]
        if word in POSSESSIVES:
            return Source(unit.starts[j], unit.end_of(j))
        if word.endswith(_GENITIVES) or word.endswith(_PLURAL_GENITIVES):
            found = _phrase_ending(unit, j)
            cut = 2 if word.endswith(_GENITIVES) else 1
            return Source(found.start, found.end - cut) if found else None
        if not is_word(word) or word in BREAKS or word in DETERMINERS or word in AUXILIARIES:
            return None
    return None


def _opens_phrase(unit: Unit, at: int, end: int) -> bool:
    first = unit.raw[at]
    if first[0].isupper() or unit.low[at] in PHRASE_OPENERS or first.endswith("s"):
        return True
    return any(raw[0].isupper() for raw in unit.raw[at:end])


def _is_nominal(unit: Unit, a: int) -> bool:
    """Whether a phrase can begin with this token: no verb form, as in "Speaking on …" or "puts the …"."""
    word = unit.low[a]
    if word in NOT_NOMINAL or is_manner(word) or _APOSTROPHE.split(word, maxsplit=1)[0] in SUBJECT_PRONOUNS:
        return False
    if unit.raw[a][0].isupper() and a > 0:
        return True
    verb = CUES.verbs.get(word)
    if verb is not None and verb.form is not BASE:
        return False
    return not word.endswith("ing") or "-" in word or word in ING_NOUNS


def _is_verb(unit: Unit, j: int) -> bool:
    """Whether a token is a finite verb, as far as its form tells."""
    word = unit.low[j]
    if word in FINITE or word in AUXILIARIES:
        return True
    if unit.raw[j][0].isupper():
        return False
    verb = CUES.verbs.get(word)
    if verb is not None and verb.form in (PAST, THIRD):
        return True
    return word.endswith("ed") and "-" not in word and word not in ED_NOUNS


def _aside_after(unit: Unit, comma: int) -> tuple[int, int]:
    if unit.at(comma) != ",":
        return -1, -1
    end = comma + 1
    while end < len(unit.low) and end - comma < MAX_ASIDE and unit.low[end] not in PUNCTUATION:
        if unit.low[end] == "who":
            break
        end += 1
    return (unit.starts[comma + 1], unit.end_of(end - 1)) if end > comma + 1 else (-1, -1)


def _skip_time(unit: Unit, j: int) -> int:
    """Step back over "on Thursday evening", "this week", "Tuesday" between subject and verb."""
    low = unit.low
    if j >= 0 and low[j] in TIMES:
        while j >= 0 and (low[j] in TIMES or low[j] in TIME_OPENERS):
            j -= 1
    return j


def _across_aside(unit: Unit, j: int) -> Source | None:
    """X, an aside, VERB: return X with the aside, given the mark before the verb."""
    low = unit.low
    mark = "(" if low[j] == ")" else low[j]
    for k in range(j - 1, max(-1, j - MAX_ASIDE), -1):
        if low[k] == mark:
            found = _phrase_ending(unit, k - 1)
            if found is None or k + 1 >= j:
                return None
            return Source(found.start, found.end, unit.starts[k + 1], unit.end_of(j - 1))
        if low[k] in {QUOTE, ";", ":"}:
            return None
    return None


def _phrase_ending(unit: Unit, j: int) -> Source | None:
    """Return the noun phrase whose last token is ``j``."""
    low = unit.low
    if j < 0 or not is_word(low[j]) or low[j] in BREAKS or low[j] in CONJUNCTIONS or low[j] in PREPOSITIONS:
        return None
    if low[j] in PRONOUNS:
        return Source(unit.starts[j], unit.end_of(j))
    a = j
    while a > 0 and j - a < MAX_PHRASE and not _stops_phrase(unit, a - 1):
        a -= 1
    a = _trim(unit, a, j)
    antecedent = _antecedent(unit, a)
    if antecedent is not None:
        return _phrase_ending(unit, antecedent)
    if a == j and unit.raw[j][0].islower() and not (low[j].endswith("s") or low[j] in BARE_NOUNS):
        return None  # a lone small word is no speaker unless it is a plural: "officials", "police"
    return Source(unit.starts[a], unit.end_of(j)) if _is_nominal(unit, a) else None


def _antecedent(unit: Unit, a: int) -> int | None:
    """Return the last token of what a relative clause is about, where token ``a`` opens one that ends a subject.

    "A woman who packs scallops asked", "groups that help immigrants said": not the scallops, nor the immigrants.
    """
    low = unit.low
    if unit.at(a - 1) == "who" and a > 1:
        return a - 3 if low[a - 2] == "," else a - 2
    if unit.at(a - 1) != "that" or a < 2 or low[a - 2] in CUES.words:  # noqa: PLR2004 - a noun before "that"
        return None
    is_verb = unit.raw[a].islower() and not (low[a] in PHRASE_OPENERS or low[a].endswith("s"))
    return a - 2 if is_verb and low[a - 2].endswith("s") else None


def _stops_phrase(unit: Unit, j: int) -> bool:
    """Whether a noun phrase cannot reach back over this token."""
    word, raw = unit.low[j], unit.raw
    if unit.low[j + 1] in ARTICLES and is_word(word) and not (word in PREPOSITIONS or word in BEFORE_ARTICLE):
        return True  # "taxpayers the government says": a new phrase begins
    if word in BREAKS or word in PUNCTUATION or word in AUXILIARIES:
        return True
    if word in PRONOUNS:
        return not (word == "one" and unit.at(j + 1) == "of")
    if word == "and":  # "Collins and Gohmert", "officials and advisers", not "… is bad and Trump"
        return j == 0 or not (raw[j - 1][0].isupper() or raw[j + 1][0].islower())
    verb = CUES.verbs.get(word) if raw[j][0].islower() else None
    return verb is not None and verb.form is PAST and j > 0 and unit.low[j - 1] not in DETERMINERS


def _trim(unit: Unit, a: int, j: int) -> int:
    """Drop what opens a sentence before its subject: "On Monday", "And", "Later"."""
    low = unit.low
    while a < j and (low[a] in CONJUNCTIONS or low[a] in ADVERBS or low[a] in TIMES):
        a += 1
    if low[a] not in PREPOSITIONS:
        return a
    k = j
    while k > a and (unit.raw[k][0].isupper() or low[k] in DETERMINERS) and low[k] not in TIMES:
        k -= 1
    return min(k + 1, j)
