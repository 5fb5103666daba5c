"""What a cue verb brings on its right: where the words begin that somebody is said to have said.

The constructions are those of the PARC and PolNeAR guidelines (Pareti 2015; Newell et al. 2018): that
clause, bare clause, question, addressee, promise, request, accusation, object, colon and quotation.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import NamedTuple

from tracker.score.cues import CUES, PAST, Verb
from tracker.score.grammar import (
    ADJUNCT_PREPOSITIONS,
    ADVERBS,
    CLAUSE_PRONOUNS,
    DETERMINERS,
    ENDS,
    FINITE,
    NOT_CONTENT,
    PREPOSITIONS,
    TIME_OPENERS,
    TIMES,
    WH,
    is_manner,
    is_word,
)
from tracker.score.units import QUOTE, Unit

MAX_ADJUNCT = 20  # tokens between a cue and its "that": "said in an interview with … on Monday that"
MAX_PAUSE = 12  # tokens to the second comma in "said, for example, that" and "told Univision, a network, that"
MAX_OBJECT = 12  # tokens between "accused" and its "of", "urged" and its "to"

QUANTIFIERS = frozenset({"about", "over", "under", "between", "nearly"})
QUANTITIES = frozenset({("at", "least"), ("at", "most"), ("as", "many"), ("as", "much"), ("as", "few")})
CURRENCIES = frozenset("$£€")

SAYING = frozenset({"clause", "object", "trail", "tell"})  # may stand with a quotation
_ADDRESSEE_ENDS = CLAUSE_PRONOUNS | (WH - {"who", "which"}) | {"to", "his", "their", "about"}
_OBJECT_ENDS = ENDS | {",", ";", ":"}


class Complement(NamedTuple):
    """The token at which content begins, and the construction."""

    start: int
    construction: str


def find_complement(unit: Unit, i: int, verb: Verb, *, is_passive: bool) -> Complement | None:
    """Return what the verb at token ``i`` brings on its right, or None."""
    at = skip_adverbs(unit, i + 1)
    if is_passive and unit.at(at) == "by":
        return None
    for construction, rule in _rules_of(verb.constructions, is_passive):
        start = rule(unit, at)
        if start is not None:
            return Complement(start, construction)
        if construction == "that" and unit.at(at) in verb.particles:
            return _phrasal(unit, at)
    return _phrasal(unit, at) if unit.at(at) in verb.particles else None


def skip_adverbs(unit: Unit, at: int) -> int:
    """Return the first token from ``at`` that is no adverb."""
    while at < len(unit.low) and (unit.low[at] in ADVERBS or is_manner(unit.raw[at])):
        at += 1
    return at


def is_content_start(unit: Unit, at: int) -> bool:
    """Whether a clause or an object may begin at a token."""
    word, following = unit.at(at), unit.at(at + 1)
    if word in QUANTIFIERS and following[:1].isdigit():  # "about 3,000 people"
        return True
    if (word, following) in QUANTITIES:  # "at least some", "as many as six"
        return True
    return word == QUOTE or word in CURRENCIES or (is_word(word) and word not in NOT_CONTENT)


def has_finite(unit: Unit, at: int) -> bool:
    """Whether a clause begins at a token, not only a noun phrase: a subject pronoun or a finite verb tells."""
    if unit.at(at) in CLAUSE_PRONOUNS or unit.at(at) == QUOTE:
        return True
    verbs = CUES.verbs
    for word in unit.low[at + 1 : at + MAX_ADJUNCT]:
        if word in FINITE:
            return True
        verb = verbs.get(word)
        if verb.form is PAST if verb is not None else word.endswith("ed"):
            return True
        if word in {";", ":", "."}:
            return False
    return False


def _that(unit: Unit, at: int) -> int | None:
    """Find the that clause: right after the verb, or after an adjunct ("in a statement on Monday")."""
    if unit.at(at) == "that":
        return at
    if unit.at(at) == ",":  # "said, however, that"
        return _that_after(unit, at)
    if not (unit.at(at) in ADJUNCT_PREPOSITIONS or unit.at(at) in TIMES):
        return None
    for j in range(at, min(len(unit.low), at + MAX_ADJUNCT)):
        if unit.low[j] in _OBJECT_ENDS or unit.low[j] == QUOTE or _is_finite(unit, j):
            return None
        if unit.low[j] == "that":
            return j
    return None


def _that_after(unit: Unit, comma: int) -> int | None:
    """Find the that clause after something between two commas."""
    if unit.at(comma) != ",":
        return None
    return next((j + 1 for j in range(comma + 2, comma + MAX_PAUSE) if unit.low[j : j + 2] == [",", "that"]), None)


def is_relative(unit: Unit, that: int) -> bool:
    """Whether the clause after "that" lacks a subject and so tells which one: "a ruling that opens files"."""
    word, following = unit.at(that + 1), unit.at(that + 2)
    if not is_word(word) or not unit.raw[that + 1][0].islower() or word in PREPOSITIONS:
        return False
    if _is_finite(unit, that + 1):
        return True
    if word in DETERMINERS or word in CLAUSE_PRONOUNS or not is_word(following):
        return False
    if word.endswith("s"):  # "ruling that opens files", but "ruling that taxes rose", "notes that plaintiffs remain"
        if unit.low[that - 1].endswith("s"):
            return False
        is_verb = following in FINITE or following in CUES.verbs or following.endswith(("ed", "s"))
        return not is_verb
    return following in DETERMINERS


def _is_finite(unit: Unit, j: int) -> bool:
    return unit.low[j] in FINITE and unit.raw[j][0].islower()  # "on May 12"


def _phrasal(unit: Unit, at: int) -> Complement | None:
    """Pointed out that …, called for …: the particle stands at ``at``."""
    after = skip_adverbs(unit, at + 1)
    return Complement(after, "phrasal") if is_content_start(unit, after) else None


def _announced(unit: Unit, at: int) -> int | None:
    """Find words that a colon, or a comma and a quotation, announce: "said in a statement: …"."""
    for j in range(at, min(len(unit.low), at + MAX_ADJUNCT)):
        word = unit.low[j]
        if word == ":":
            return j + 1
        if word == ",":
            return j + 1 if unit.at(j + 1) == QUOTE else None
        if word == QUOTE:
            return j if j == at else None
        if not is_word(word) or (j == at and word not in PREPOSITIONS and word not in TIMES):
            return None
    return None


def _question(unit: Unit, at: int) -> int | None:
    return at if unit.at(at) in WH else None


def _told(unit: Unit, at: int) -> int | None:
    """Find what follows an addressee ("told reporters", "told the court"): clause, question, request, quotation."""
    if not is_word(unit.at(at)) or unit.at(at) in PREPOSITIONS:
        return None
    for j in range(at, min(len(unit.low), at + MAX_OBJECT)):
        word = unit.low[j]
        if word in {QUOTE, "that"} or (j > at and word in _ADDRESSEE_ENDS):
            return j
        if word == ":" or (word == "," and unit.at(j + 1) == QUOTE):
            return j + 1
        if not is_word(word):
            return _that_after(unit, j)  # "told Univision, a television network, that"
        if j > at and word in DETERMINERS and unit.low[j - 1] not in PREPOSITIONS and unit.at(j + 1) not in TIMES:
            return j
    return None


def _infinitive(unit: Unit, at: int) -> int | None:
    return at if unit.at(at) == "to" else None


def _urged(unit: Unit, at: int) -> int | None:
    return at if _within(unit, at, frozenset({"to"})) else None


def _accused(unit: Unit, at: int) -> int | None:
    return at if _within(unit, at, frozenset({"of", "for"})) else None


def _object(unit: Unit, at: int) -> int | None:
    return at if is_content_start(unit, at) else None


def _clause(unit: Unit, at: int) -> int | None:
    return at if is_content_start(unit, at) and has_finite(unit, at) else None


def _after_adjunct(unit: Unit, at: int) -> int | None:
    """Find a bare clause after a time or place: "said Friday the …", "said on the floor he would"."""
    j = at
    while unit.at(j) in TIMES or (unit.at(j) in TIME_OPENERS and unit.at(j + 1) in TIMES):
        j += 1
    if j > at and is_content_start(unit, j):
        return j
    if unit.at(at) not in PREPOSITIONS:
        return None
    for k in range(at + 2, min(len(unit.low), at + MAX_ADJUNCT)):
        if not is_word(unit.low[k]):
            return None
        if unit.low[k] in CLAUSE_PRONOUNS:
            return k
    return None


def _quotation(unit: Unit, at: int) -> int | None:
    """Find a quotation in the object of a verdict, which alone is the speaker's."""
    for j in range(at, min(len(unit.low), at + MAX_ADJUNCT)):
        if unit.low[j] == QUOTE:
            return j
        if unit.low[j] in _OBJECT_ENDS:
            return None
    return None


def _within(unit: Unit, at: int, words: frozenset[str]) -> bool:
    """Whether one of the words follows an object that begins at ``at``, before the clause ends."""
    for j in range(at, min(len(unit.low), at + MAX_OBJECT)):
        if unit.low[j] in words:
            return j > at
        if unit.low[j] in _OBJECT_ENDS:
            return False
    return False


_Rule = Callable[[Unit, int], int | None]
_STATING = frozenset({"object", "clause"})
# In order of precedence: constructions that may head it, whether the active voice alone may, name, rule.
_RULES: tuple[tuple[frozenset[str], bool, str, _Rule], ...] = (
    (frozenset({"commit"}), False, "commit", _infinitive),
    (_STATING | {"that", "tell"}, False, "that", _that),
    (SAYING | {"that", "question"}, False, "quote", _announced),
    (frozenset({"question"}), False, "question", _question),
    (frozenset({"tell"}), False, "tell", _told),
    (frozenset({"urge"}), True, "urge", _urged),
    (frozenset({"accuse"}), True, "accuse", _accused),
    (frozenset({"object"}), True, "object", _object),
    (frozenset({"clause"}), True, "clause", _clause),
    (_STATING, True, "adjunct", _after_adjunct),
    (frozenset({"characterize"}), True, "object", _object),
    (frozenset({"verdict"}), True, "verdict", _quotation),
)


@cache
def _rules_of(constructions: frozenset[str], is_passive: bool) -> tuple[tuple[str, _Rule], ...]:  # noqa: FBT001 - cached
    """Return the names and rules of what a verb of these constructions may head, in order of precedence."""
    return tuple(
        (construction, rule)
        for kinds, is_active_only, construction, rule in _RULES
        if constructions & kinds and not (is_active_only and is_passive)
    )
