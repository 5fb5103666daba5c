"""Who speaks, as far as a sentence tells: the noun phrase before or after a cue word."""

from __future__ import annotations

from typing import NamedTuple

from tracker.score.cues import Form, load_cues
from tracker.score.units import QUOTE, Unit

MAX_PHRASE = 16  # tokens of a noun phrase with title and office
MIN_MANNER = 4  # "only", "July", "ally" are not formed with -ly
MAX_ASIDE = 24  # tokens between commas after a name: ", a spokesman for …, "

PRONOUNS = frozenset("he she they we i you it who everyone everybody nobody someone one others".split())
DETERMINERS = frozenset(
    "the a an this that these those his her its their our my your some any each every no another both all many most several few"
    " other such".split()
)
BE = frozenset("is are was were be been being am ’s 's isn’t isn't wasn’t wasn't aren’t aren't get gets got".split())
AUXILIARIES = BE | frozenset(
    "has have had having do does did will would can could may might must should shall to ’ve 've ’d 'd ’ll 'll"
    " hasn’t hasn't haven’t haven't hadn’t hadn't don’t don't doesn’t doesn't didn’t didn't won’t won't wouldn’t wouldn't"
    " can’t can't couldn’t couldn't cannot".split()
)
FINITE = AUXILIARIES - {"to", "be", "been", "being", "having", "’s", "'s"} | frozenset(
    "went made took came got gave won lost saw knew kept left led held began became ran set put cut hit let thinks wants needs"
    " makes means takes gives goes comes remains seems appears shows".split()
)
ADVERBS = frozenset(
    "also then later again once often never not still even first further already just now soon always ever twice"
    " recently repeatedly publicly privately reportedly clearly simply only previously formerly finally initially"
    " earlier however meanwhile instead too n't yet thus therefore long seldom rather indeed explicitly".split()
)
TIMES = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday yesterday today tonight tomorrow morning afternoon evening night"
    " week weekend month year earlier later ago january february march april may june july august september october"
    " november december recently".split()
)
PREPOSITIONS = frozenset(
    "in on at of for about with by from during after as into before through over under against since until via without among"
    " between within to toward towards despite upon amid per than like near outside inside".split()
)
CONJUNCTIONS = frozenset(
    "and but or nor so because when while if although though whereas where which unless as since until yet".split()
)
WH = frozenset("whether if how why what who when where which".split())
_BREAKS = frozenset(
    "that but while because when as if although though since where which whether so than after before until what whom how why"
    " or yet whose unless once despite".split()
)
_PUNCTUATION = frozenset(
    {",", ";", ":", "(", ")", "—", "–", "--", "-", ".", "?", "!", "…", "[", "]", "/", QUOTE, '"', "“", "”"}
)


CATENATIVES = frozenset(
    "continue continues continued continuing began begins try tries tried seek seeks sought want wants wanted like likes"
    " need needs needed used appear appears appeared seem seems seemed decline declines declined refuse refuses refused".split()
)


_NOT_OPENING = FINITE | CONJUNCTIONS | {"there", "here", "based", "asked", "put", "puts", "not", "more", "less", "only"}
_ING_NOUNS = frozenset(
    {
        "king",
        "beijing",
        "nothing",
        "everything",
        "anything",
        "something",
        "leading",
        "outgoing",
        "incoming",
        "ruling",
        "filing",
        "warring",
        "opposing",
        "sterling",
    }
)


class Source(NamedTuple):
    """A mention of a speaker: its span, and the aside after the name that says who it is."""

    start: int
    end: int
    aside_start: int = -1
    aside_end: int = -1


def is_word(token: str) -> bool:
    """Whether a token is a word or number, not punctuation and not a folded quotation."""
    return bool(token) and token[0].isalnum()


def is_manner(token: str) -> bool:
    """Whether a token is an adverb by its ending; Kelly and Jolly are names."""
    return token.endswith("ly") and len(token) > MIN_MANNER and token[0].islower()


def subject_before(unit: Unit, i: int, *, is_noun: bool = False) -> Source | None:
    """Return the subject of the verb at token ``i``, or None where no noun phrase stands before it.

    With ``is_noun`` the token is a noun and its possessor is sought: "the judge’s finding that".
    """
    low = unit.low
    j = i - 1
    if is_noun:
        return _possessor(unit, j)
    while j >= 0 and (low[j] in ADVERBS or low[j] in AUXILIARIES or is_manner(unit.raw[j])):
        j -= 1
        if low[j] in CATENATIVES and low[j + 1] == "to":
            j -= 1
    j = _skip_time(unit, j)
    if j < 0:
        return None
    if low[j] in {",", "—", "–", "--", ")"}:
        return _across_aside(unit, j)
    if low[j] == "who":
        k = j - 1
        if k >= 0 and low[k] == ",":
            k -= 1
        return _phrase_ending(unit, k) if k >= 0 else None
    return _phrase_ending(unit, j)


def noun_phrase_after(unit: Unit, at: int) -> Source | None:
    """Return the noun phrase that begins at token ``at`` ("said X, the director"), with its aside."""
    low = unit.low
    end = at
    while end < len(low) and end - at < MAX_PHRASE and low[end] not in _PUNCTUATION:
        word = low[end]
        if end > at and (
            word in _BREAKS
            or word in {"who", "in", "on", "during", "at", "after", "to"}
            or word in TIMES
            or _is_verb(unit, end)
        ):
            break
        end += 1
    if end == at or low[at] in TIMES or low[at] in PREPOSITIONS or low[at] in _BREAKS - {"that"}:
        return None
    if not (
        unit.raw[at][0].isupper()
        or low[at] in DETERMINERS
        or low[at] in PRONOUNS
        or unit.raw[at].endswith("s")
        or low[at] in {"one", "two", "three", "people"}
        or any(raw[0].isupper() for raw in unit.raw[at:end])
    ):
        return None
    if low[at] in PRONOUNS:
        return Source(unit.starts[at], unit.ends[at])
    if not _is_nominal(unit, at):
        return None
    aside = _aside_after(unit, end)
    return Source(unit.starts[at], unit.ends[end - 1], *aside)


def _is_verb(unit: Unit, j: int) -> bool:
    word = unit.low[j]
    if word in FINITE or word in AUXILIARIES:
        return True
    verb = load_cues().verbs.get(word)
    known = verb is not None and verb.form in {Form.PAST, Form.THIRD}
    return unit.raw[j][0].islower() and (
        known or (word.endswith("ed") and "-" not in word and word not in {"united", "armed", "unnamed"})
    )


def main_subject(unit: Unit, i: int) -> Source | None:
    """Return the subject of the sentence, for a participle or a second verb at token ``i``: "X left, saying …"."""
    low = unit.low
    at = 0
    if low[0] in PREPOSITIONS or low[0] in CONJUNCTIONS or low[0] in ADVERBS or low[0] in TIMES or is_manner(low[0]):
        comma = next((j for j in range(1, i) if low[j] == ","), None)
        at = comma + 1 if comma is not None and comma + 1 < i else 1
    while at < i and not is_word(low[at]):
        at += 1
    if at >= i:
        return None
    return noun_phrase_after(unit, at) if at < i - 1 or low[at] in PRONOUNS else _phrase_ending(unit, at)


def _aside_after(unit: Unit, comma: int) -> tuple[int, int]:
    if comma >= len(unit.low) or unit.low[comma] != ",":
        return -1, -1
    end = comma + 1
    while (
        end < len(unit.low) and end - comma < MAX_ASIDE and unit.low[end] not in _PUNCTUATION and unit.low[end] != "who"
    ):
        end += 1
    return (unit.starts[comma + 1], unit.ends[end - 1]) if end > comma + 1 else (-1, -1)


def _skip_time(unit: Unit, j: int) -> int:
    """Step back over "on Thursday evening", "this week", "Tuesday" between subject and verb."""
    low = unit.low
    if j >= 0 and low[j] in TIMES:
        while j >= 0 and (low[j] in TIMES or low[j] in {"on", "this", "last", "late", "early", "in"}):
            j -= 1
    return j


def _across_aside(unit: Unit, j: int) -> Source | None:
    """X, an aside, VERB: return X with the aside, given the comma before the verb."""
    low = unit.low
    mark = "(" if low[j] == ")" else low[j]
    for k in range(j - 1, max(-1, j - MAX_ASIDE), -1):
        if low[k] == mark:
            found = _phrase_ending(unit, k - 1) if k > 0 else None
            if found is None or k + 1 >= j:
                return None
            return Source(found.start, found.end, unit.starts[k + 1], unit.ends[j - 1])
        if low[k] in {QUOTE, ";", ":"}:
            return None
    return None


def _phrase_ending(unit: Unit, j: int) -> Source | None:
    """Return the noun phrase whose last token is ``j``."""
    low, raw = unit.low, unit.raw
    if j < 0 or not is_word(low[j]) or low[j] in _BREAKS or low[j] in CONJUNCTIONS or low[j] in PREPOSITIONS:
        return None
    if low[j] in PRONOUNS:
        return Source(unit.starts[j], unit.ends[j])
    verbs = load_cues().verbs
    a = j
    while a > 0 and j - a < MAX_PHRASE:
        word = low[a - 1]
        if word in _BREAKS or word in _PUNCTUATION or word in AUXILIARIES or word in PRONOUNS:
            break
        if word == "and" and not (a > 1 and (raw[a - 2][0].isupper() or raw[a][0].islower())):
            break
        if (
            a - 1 > 0
            and word in verbs
            and word not in DETERMINERS
            and low[a - 2] not in DETERMINERS
            and raw[a - 1][0].islower()
            and word.endswith("ed")
        ):
            break
        a -= 1
    a = _trim(unit, a, j)
    return Source(unit.starts[a], unit.ends[j]) if a <= j and _is_nominal(unit, a) else None


def _is_nominal(unit: Unit, a: int) -> bool:
    """Whether a phrase can begin with this token: not a verb form, as in "Speaking on …" or "puts the …"."""
    word = unit.low[a]
    if word in _NOT_OPENING or is_manner(word):
        return False
    if unit.raw[a][0].isupper() and a > 0:
        return True
    verb = load_cues().verbs.get(word)
    return not (verb is not None and verb.form is not Form.BASE) and not (
        word.endswith("ing") and "-" not in word and word not in _ING_NOUNS
    )


def _trim(unit: Unit, a: int, j: int) -> int:
    """Drop what opens a sentence before its subject: "On Monday", "And", "Later"."""
    low = unit.low
    while a < j and (low[a] in CONJUNCTIONS or low[a] in ADVERBS or low[a] in TIMES):
        a += 1
    if low[a] in PREPOSITIONS:
        k = j
        while k > a and (unit.raw[k][0].isupper() or low[k] in DETERMINERS) and low[k] not in TIMES:
            k -= 1
        a = k + 1 if k < j else j
    return a


def _possessor(unit: Unit, j: int) -> Source | None:
    low = unit.low
    while (
        j >= 0
        and is_word(low[j])
        and not low[j].endswith(("’s", "'s", "s’"))
        and low[j] not in {"his", "her", "their", "its", "my", "our"}
    ):
        if low[j] in _BREAKS or low[j] in {"the", "a", "an"} or low[j] in AUXILIARIES:
            return None
        j -= 1
    if j < 0 or not is_word(low[j]):
        return None
    if low[j] in {"his", "her", "their", "its", "my", "our"}:
        return Source(unit.starts[j], unit.ends[j])
    found = _phrase_ending(unit, j)
    cut = 1 if low[j].endswith(("s’", "s'")) and not low[j].endswith(("’s", "'s")) else 2
    return Source(found.start, found.end - cut) if found else None
