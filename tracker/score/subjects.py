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
    NOT_LAST,
    NOT_NOMINAL,
    OPENERS,
    PAST_FORMS,
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
    opens_as_adverb,
)
from tracker.score.units import QUOTE, Unit

MAX_PHRASE = 16  # tokens of a noun phrase with title and office
MAX_ASIDE = 24  # tokens between commas after a name: ", a spokesman for …, "
MIN_PLACE = 4  # letters in capitals that open a dateline: LIMA
MAX_DATELINE = 18  # tokens: "STERLING, Va./WHITE SULPHUR SPRINGS, W. Va. (Reuters) -"
DATELINE_ENDS = DASHES | {"-"}
OPENING = CONJUNCTIONS | ADVERBS | TIMES  # what stands before a subject
MAX_BRACKETS = 10  # tokens between brackets after a name: "(R., Wis.)", an acronym
MIN_NAME = 2  # words
MAX_RELATIVE = 8  # tokens of a relative clause before its object
CLAUSAL = frozenset({"object", "clause", "that", "tell"})
RELATIVES = frozenset({"who", "which", "that", "whose"})
NAME_PARTICLES = frozenset({"of", "the", "for", "and", "de", "la", "van", "von"})
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
        if j >= 0 and low[j + 1] == "to" and (low[j] in CATENATIVES or _is_verb(unit, j)):
            j -= 1
    j = _skip_time(unit, j)
    if j < 0:
        return None
    if low[j] == "," or low[j] == ")" or low[j] in DASHES:
        return _across_aside(unit, j)
    if low[j] in {"who", "which"}:
        j = _before_brackets(unit, j - (2 if unit.at(j - 1) == "," else 1))
    return _phrase_ending(unit, j)


def noun_phrase_after(unit: Unit, at: int, *, is_subject: bool = False, is_certain: bool = False) -> Source | None:
    """Return the noun phrase that begins at token ``at`` ("said X, the director"), with its aside.

    Of a subject a verb follows, which no form may tell: it stands before the next phrase ("Officials blame the …").
    Where it is certain that one stands there ("according to exit polls"), it needs neither article nor name.
    """
    if at >= len(unit.low) or unit.low[at] in NOT_AFTER_CUE - {"that"}:
        return None
    if unit.low[at] in PRONOUNS and unit.low[at] != "one":  # "one lawyer"
        return Source(unit.starts[at], unit.end_of(at))
    end = at
    while end < len(unit.low) and end - at < MAX_PHRASE and unit.low[end] not in PUNCTUATION:
        if end > at and (unit.low[end] in PHRASE_ENDS or _is_verb(unit, end)):
            break
        if is_subject and end > at + 1 and _begins_anew(unit, end):
            end -= 1
            break
        end += 1
    end = _trim_end(unit, at, end)
    if end == at or not _is_nominal(unit, at) or not (is_certain or _opens_phrase(unit, at, end)):
        return None
    return Source(unit.starts[at], unit.end_of(end - 1), *_aside_after(unit, end))


def main_subject(unit: Unit, i: int) -> Source | None:
    """Return the sentence's subject for a participle or second verb at token ``i``: "X left, saying …"."""
    low = unit.low
    first = at = _after_dateline(unit, i)
    comma_free = False
    if _opens_adjunct(unit, first):
        comma = next((j for j in range(first + 1, i) if low[j] == ","), i)
        at = comma + 1 if comma + 1 < i else first + 1
        comma_free = comma == i
    while at < i and not is_word(low[at]):
        at += 1
    if at >= i:
        return None
    if comma_free and (pronoun := next((j for j in range(at, i) if low[j] in PERSONAL), None)) is not None:
        return Source(unit.starts[pronoun], unit.end_of(pronoun))  # "For 31 years I knocked on doors and told"
    return (
        noun_phrase_after(unit, at, is_subject=True) if at < i - 1 or low[at] in PRONOUNS else _phrase_ending(unit, at)
    )


def _opens_adjunct(unit: Unit, j: int) -> bool:
    """Whether a sentence opens with what stands before its subject: "On", "Late", "Clearly", "Pressed about it,"."""
    word, following = unit.low[j], unit.at(j + 1)
    if word in OPENERS or word in TIME_OPENERS or opens_as_adverb(word):
        return True
    is_participle = word.endswith(("ed", "ing")) and word not in ED_NOUNS and word not in ING_NOUNS
    return is_participle and (following in OPENERS or following in DETERMINERS)


def _after_dateline(unit: Unit, i: int) -> int:
    """Return the token after a dateline: "WASHINGTON (AP) — The judge", "STERLING, Va. -- President Trump"."""
    if not (is_word(unit.low[0]) and unit.raw[0].isupper() and len(unit.raw[0]) >= MIN_PLACE):
        return 0
    for j in range(1, min(i - 1, MAX_DATELINE)):
        if unit.low[j] in DATELINE_ENDS:
            return j + 1
        if unit.raw[j][0].islower():
            return 0
    return 0


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
    if word in NOT_NOMINAL or is_manner(unit.raw[a]) or _APOSTROPHE.split(word, maxsplit=1)[0] in SUBJECT_PRONOUNS:
        return False
    if unit.raw[a][0].isupper() and a > 0:
        return True
    verb = CUES.verbs.get(word)
    if verb is not None and verb.form is not BASE:
        return False
    return not word.endswith("ing") or "-" in word or word in ING_NOUNS


def _is_modifier(unit: Unit, a: int) -> bool:
    """Whether an -ing form stands before its noun right before a verb: "Housing Secretary", "visiting officials"."""
    following = unit.raw[a + 1]
    return unit.low[a].endswith("ing") and (following[0].isupper() or following.endswith("s"))


def _is_verb(unit: Unit, j: int) -> bool:
    """Whether a token is a finite verb, as far as its form tells."""
    word = unit.low[j]
    if word in FINITE or word in AUXILIARIES:
        return True
    if unit.raw[j][0].isupper():
        return False
    if word in PAST_FORMS:
        return True
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
    outer = _across_asides(unit, j) if low[j] == "," else None
    if outer is not None:
        return outer
    mark = "(" if low[j] == ")" else low[j]
    for k in range(j - 1, max(-1, j - MAX_ASIDE), -1):
        if low[k] == mark:
            found = _phrase_ending(unit, _before_brackets(unit, k - 1))
            if found is None or k + 1 >= j:
                return None
            return Source(found.start, found.end, unit.starts[k + 1], unit.end_of(j - 1))
        if low[k] in {QUOTE, ";", ":"}:
            return None
    return None


def _across_asides(unit: Unit, j: int) -> Source | None:
    """Return the name that opens a sentence, where several asides follow it: "Jane Doe, R-Ohio, a former …, said"."""
    low = unit.low
    first = _after_dateline(unit, j)
    if low[first] in PREPOSITIONS:  # "On Monday, Jane Doe, R-Ohio, …"
        first = next((k + 1 for k in range(first, j) if low[k] == ","), j)
    while first < j and low[first] in OPENING:
        first += 1
    end = first
    while end < j and is_word(low[end]) and (unit.raw[end][0].isupper() or low[end] in NAME_PARTICLES):
        end += 1
    comma = end
    if low[end] == "(":
        comma = next((k + 1 for k in range(end, j) if low[k] == ")"), j)
    following = next((k for k in range(comma + 1, j) if low[k] == ","), j)
    if end - first < MIN_NAME or low[comma] != "," or following == j or _says_something(unit, comma, j):
        return None
    return Source(unit.starts[first], unit.end_of(end - 1), unit.starts[comma + 1], unit.end_of(following - 1))


def _says_something(unit: Unit, first: int, end: int) -> bool:
    """Whether asides hold more than asides: a quotation, or a finite verb that is of no relative clause."""
    is_relative = False
    for word in unit.low[first:end]:
        if word in {QUOTE, ";", ":"} or (word in FINITE and not is_relative):
            return True
        is_relative = is_relative or word in RELATIVES
    return False


def _before_brackets(unit: Unit, j: int) -> int:
    """Step back over brackets after a name: "Jane Doe (D-Va.), a member of the committee, said"."""
    if unit.at(j) != ")":
        return j
    return next((k - 1 for k in range(j - 1, max(-1, j - MAX_BRACKETS), -1) if unit.low[k] == "("), j)


def _phrase_ending(unit: Unit, j: int) -> Source | None:
    """Return the noun phrase whose last token is ``j``."""
    low = unit.low
    if (
        j < 0
        or not (is_word(low[j]) or low[j] == "%")
        or low[j] in BREAKS
        or low[j] in CONJUNCTIONS
        or low[j] in PREPOSITIONS
    ):
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
    if _is_bare(unit, a, j):
        return None
    is_nominal = _is_nominal(unit, a) or (a < j and _is_modifier(unit, a))
    return Source(unit.starts[a], unit.end_of(j)) if is_nominal else None


def _is_bare(unit: Unit, a: int, j: int) -> bool:
    """Whether a phrase has neither an article nor a name nor a plural: "shrewd enough", "off action"."""
    if unit.low[a] in PHRASE_OPENERS or unit.low[a][0].isdigit():
        return False
    return not any(
        raw[0].isupper() or low.endswith("s") or low in BARE_NOUNS
        for raw, low in zip(unit.raw[a : j + 1], unit.low[a : j + 1], strict=True)
    )


def _antecedent(unit: Unit, a: int) -> int | None:
    """Return the last token of what a relative clause is about, where token ``a`` opens one that ends a subject.

    "A woman who packs scallops asked", "groups that help immigrants said": not the scallops, nor the immigrants.
    """
    low = unit.low
    if unit.at(a - 1) == "who" and a > 1:
        return a - 3 if low[a - 2] == "," else a - 2
    for k in range(a - 2, max(0, a - MAX_RELATIVE), -1):  # "officials who call that a matter of security say"
        if low[k + 1] in PUNCTUATION or _may_quote(low[k + 1]):
            break
        if low[k] == "who":
            return k - 2 if low[k - 1] == "," else k - 1
    if unit.at(a - 1) != "that" or a < 2 or low[a - 2] in CUES.words:  # noqa: PLR2004 - a noun before "that"
        return None
    is_verb = unit.raw[a].islower() and not (low[a] in PHRASE_OPENERS or low[a].endswith("s"))
    return a - 2 if is_verb and low[a - 2].endswith("s") else None


def _may_quote(word: str) -> bool:
    """Whether a clause may follow a word, whose own subject stands in it: "critics who say the judge"."""
    verb = CUES.verbs.get(word)
    return verb is not None and not verb.constructions.isdisjoint(CLAUSAL)


def _begins_anew(unit: Unit, j: int) -> bool:
    """Whether the article at token ``j`` begins a new phrase: "taxpayers the government says"."""
    before = unit.low[j - 1]
    return unit.low[j] in ARTICLES and is_word(before) and not (before in PREPOSITIONS or before in BEFORE_ARTICLE)


def _stops_phrase(unit: Unit, j: int) -> bool:
    """Whether a noun phrase cannot reach back over this token."""
    word, raw = unit.low[j], unit.raw
    if _begins_anew(unit, j + 1):
        return True
    if word in BREAKS or word in PUNCTUATION or word in AUXILIARIES or (word in PAST_FORMS and raw[j][0].islower()):
        return True
    if word in PRONOUNS:
        return word != "one"  # "one of them", "one senior official"
    if word == "and":  # "Collins and Gohmert", "officials and advisers", not "… is bad and Trump"
        return j == 0 or not (raw[j - 1][0].isupper() or raw[j + 1][0].islower())
    verb = CUES.verbs.get(word) if raw[j][0].islower() else None
    return verb is not None and verb.form is PAST and j > 0 and unit.low[j - 1] not in DETERMINERS


def _trim_end(unit: Unit, at: int, end: int) -> int:
    """Drop what stands between a phrase and its verb or aside: "Coons also", "Mr. Rodriguez then"."""
    low = unit.low
    while end > at + 1 and (low[end - 1] in NOT_LAST or is_manner(unit.raw[end - 1])):
        end -= 1
    return end


def _trim(unit: Unit, a: int, j: int) -> int:
    """Drop what opens a sentence before its subject: "On Monday", "And", "Later"."""
    low = unit.low
    while a < j and (low[a] in OPENING or (a == 0 and opens_as_adverb(low[a]))):
        a += 1
    if low[a] not in PREPOSITIONS:
        return a
    k = j
    while k > a and (unit.raw[k][0].isupper() or low[k] in DETERMINERS) and low[k] not in TIMES:
        k -= 1
    return min(k + 1, j)
