"""The grammar of reported speech: which clauses of a sentence are somebody else's words, and whose.

Rules over cue words instead of a parser (``docs/decisions/0010-voices.md``). What may follow a cue is in
``complements.py``, who its subject is in ``subjects.py``.
"""

from __future__ import annotations

from typing import NamedTuple

from tracker.score.complements import (
    SAYING,
    Complement,
    find_complement,
    is_content_start,
    is_relative,
    skip_adverbs,
)
from tracker.score.cues import BASE, CUES, ING, PARTICIPLE, PAST, THIRD, Verb
from tracker.score.grammar import (
    ADVERBS,
    ARTICLES,
    AUXILIARIES,
    BE,
    BEFORE_BASE_FORM,
    CONJUNCTIONS,
    COORDINATORS,
    CUTTING,
    DASHES,
    DETERMINERS,
    ENDS,
    EVIDENCE,
    FINITE,
    INFINITIVE_BE,
    JOINTS,
    NEGATIVES,
    NEVER_NOUNS,
    NOT_RESUMING,
    OPENERS,
    PERFECT,
    POSSESSIVES,
    PREPOSITIONS,
    PRONOUNS,
    SUBORDINATORS,
    TIMES,
    WRITERS,
    is_manner,
    is_word,
)
from tracker.score.subjects import Source, main_subject, noun_phrase_after, possessor_before, subject_before
from tracker.score.units import QUOTE, Unit

MAX_OPENING = 9  # tokens of an adjunct that opens a sentence: "In a statement late on Monday,"
_STATING = frozenset({"clause", "object"})
_BEFORE_TRAILING = DASHES | {",", QUOTE, "?", "!"}
_AFTER_INVERTED = PREPOSITIONS | TIMES | {"who", "as"}
_PARTICLES = PREPOSITIONS | {"out", "clear"}
WRITTEN = frozenset({"write", "indicate"})  # "The record, she wrote, contains no request"
CLOSING = frozenset({"report", "find", "show", "write", "tweet"})  # "Nobody was hurt, the agency reported on Friday."
SHOWING = frozenset({"find", "show"})
AFTER_CLOSING = ENDS | TIMES | {"", ",", "on"}
_GENITIVES = ("’s", "'s", "s’", "s'")


class Attribution(NamedTuple):
    """What somebody is said to have said: the span of the words, of the cue, and the speaker's mention."""

    start: int
    end: int
    cue_start: int
    cue_end: int
    source: Source | None
    construction: str


def find_attributions(unit: Unit) -> list[Attribution]:
    """Return the attributions of one unit, left to right; those within another's words are left out."""
    found: list[Attribution] = []
    covered = -1  # offset up to which content already reaches
    words = CUES.words
    for i in [i for i, word in enumerate(unit.low) if word in words]:
        for new in _at_cue(unit, i, unit.low[i]):
            if unit.starts[i] < covered:
                cut = _cut_before(unit, i, new)
                if cut is None:
                    break
                found[-1] = found[-1]._replace(end=min(found[-1].end, cut))
            found.append(new)
            covered = max(covered, new.end)
    return found


def _at_cue(unit: Unit, i: int, word: str) -> tuple[Attribution, ...]:
    cues = CUES
    verb = cues.verbs.get(word)
    if verb is not None and not verb.constructions and unit.at(skip_adverbs(unit, i + 1)) not in verb.particles:
        verb = None  # "made": only "made clear" brings anything
    if verb is not None and not _is_noun(unit, i, verb):
        return _verb(unit, i, verb)
    if word == "according" and unit.at(i + 1) == "to":
        return _according(unit, i, i + 2)
    if word == "words" and unit.low[max(0, i - 2) : i] == ["in", "the"] and unit.at(i + 1) == "of":
        return _according(unit, i - 2, i + 2)
    found: Attribution | None = None
    if word in cues.nouns and unit.at(i + 1) == "that" and not is_relative(unit, i + 1):
        found = _content(unit, i, i + 1, possessor_before(unit, i), "noun")
    elif word in cues.adjectives and unit.at(i + 1) == "that":
        source = subject_before(unit, i)
        found = _content(unit, i, i + 1, source, "adjective") if source else None
    return () if found is None else (found,)


def _cut_before(unit: Unit, i: int, new: Attribution) -> int | None:
    """Return where the words reported so far end because a new attribution begins; None where it is nested.

    New are ", adding that", ", and X said", "but conceded"; nested is "said that X believes".
    """
    first = i
    before = unit.at(i - 1)
    if before != "," and before not in JOINTS and new.source is not None and new.source.end <= unit.starts[i]:
        first = unit.token_at(new.source.start)
    if first < 1 or unit.at(first) == "who":
        return None
    before = unit.at(first - 1)
    if before == ",":
        return unit.starts[first - 1]
    if before in JOINTS and (first == i or unit.at(first - 2) == ","):
        return unit.end_of(first - 2) if first > 1 else None
    return None


def _verb(unit: Unit, i: int, verb: Verb) -> tuple[Attribution, ...]:
    if verb.form is PARTICIPLE and unit.at(i - 1) not in PERFECT:
        return ()
    if verb.form is PAST and unit.at(i + 1) == "to" and unit.at(i + 2) in INFINITIVE_BE:  # "a tool said to be …"
        return ()
    is_passive = _is_passive(unit, i)
    complement = find_complement(unit, i, verb, is_passive=is_passive)
    is_purpose = verb.form is BASE and unit.low[:i] == ["to"]  # "To invoke it for everybody is a pretext"
    may_show = complement is None and verb.lemma in SHOWING and not is_passive and unit.at(i - 1) != "to"
    if is_purpose or (complement is None and not may_show and _BEFORE_TRAILING.isdisjoint(unit.low[:i])):
        return ()  # or nothing said can follow or stand before it
    source = subject_before(unit, i)
    if source is not None and _is_writer(unit, source):
        return ()
    if may_show and source is not None and _is_evidence(unit, source):
        at = skip_adverbs(unit, i + 1)
        complement = Complement(at, "object") if is_content_start(unit, at) else None
    inverted = _inverted(unit, i, verb, source)
    if inverted is not None:
        return (inverted,)
    right = None if complement is None else _right(unit, i, verb, source, complement, is_passive=is_passive)
    left = None if is_passive or source is None else _trailing(unit, i, verb, source, right)
    if left is not None and source is not None and right is None and _resumes(unit, i + 1):
        right = _content(unit, i, i + 2, source, "middle")
    return tuple(found for found in (left, right) if found is not None)


def _is_evidence(unit: Unit, source: Source) -> bool:
    """Whether a subject is a poll, a study or a record, whose findings are its words: "The poll shows him ahead"."""
    first, end = unit.token_at(source.start), unit.token_at(source.end)
    return not EVIDENCE.isdisjoint(unit.low[first:end])


def _is_writer(unit: Unit, source: Source) -> bool:
    """Whether the subject is "I" or "you", outside quotation marks the writer's own words, or "no agency"."""
    first = unit.token_at(source.start)
    is_alone = unit.token_at(source.end) == first + 1
    return unit.at(first) in NEGATIVES or (is_alone and unit.at(first) in WRITERS)


def _right(
    unit: Unit, i: int, verb: Verb, source: Source | None, complement: Complement, *, is_passive: bool
) -> Attribution | None:
    if verb.form is ING or unit.at(i - 1) in COORDINATORS:
        source = main_subject(unit, i)
        if source is not None and _is_writer(unit, source):
            return None
    if is_passive and "tell" in verb.constructions:
        source = None  # "he had been told that": somebody else told him
    if complement.construction == "phrasal" and unit.at(i - 1) == "who":  # "who argued for the groups"
        return None
    needs_subject = verb.form is not BASE or unit.at(i - 1) != "to" or complement.construction == "quote"
    if source is None and needs_subject and complement.construction != "that":
        return None
    return _content(unit, i, complement.start, source, complement.construction)


def _inverted(unit: Unit, i: int, verb: Verb, aside: Source | None) -> Attribution | None:
    """CONTENT, said X: the cue follows a comma or a quotation and its subject follows the cue."""
    before = unit.at(i - 1)
    if before not in {",", QUOTE} or verb.form is ING or not verb.constructions & SAYING:
        return None
    if before == "," and (i == 1 or verb.form is BASE or not verb.constructions & _STATING):
        return None
    source = noun_phrase_after(unit, i + 1)
    if source is None or (before == "," and not _is_inversion(unit, i, source, aside)):
        return None
    span = (_left_start(unit, i - 1), unit.end_of(i - 1))
    return Attribution(*span, *_cue_span(unit, i, i + 1), source, "inverted")


def _is_inversion(unit: Unit, i: int, source: Source, aside: Source | None) -> bool:
    """Whether "…, said X" is an inversion, not "X, a spokesman, said Y …"."""
    following = unit.at(unit.token_at(source.end))
    if following == QUOTE:
        return False
    if aside is not None:
        return (following in ENDS or following == ",") and unit.raw[i + 1][0].isupper()
    return not is_word(following) or following in _AFTER_INVERTED


def _trailing(unit: Unit, i: int, verb: Verb, source: Source, right: Attribution | None) -> Attribution | None:
    """CONTENT, X said: the subject follows a comma or a quotation, and nothing said follows the cue."""
    if not verb.constructions & SAYING or verb.form is ING:
        return None
    first = unit.token_at(source.start)
    before = unit.at(first - 1)
    if before not in _BEFORE_TRAILING or "who" in unit.low[unit.token_at(source.end) : i]:
        return None
    is_aside = verb.lemma in WRITTEN and unit.at(i + 1) == ","
    closes = verb.lemma in CLOSING and unit.at(i + 1) in AFTER_CLOSING
    if before != QUOTE and not (is_aside or closes or verb.constructions & (_STATING | {"tell"})):
        return None
    if before != QUOTE and _is_adjunct(unit, first - 1) and not _resumes(unit, i + 1):
        return None
    if right is not None and not (before == QUOTE and right.construction == "quote"):
        return None
    span = (_left_start(unit, first - 1), unit.end_of(first - 1))
    return Attribution(*span, *_cue_span(unit, i, i + 1), source, "trailing")


def _resumes(unit: Unit, comma: int) -> bool:
    """Whether what is said goes on after a cue in its middle: "To win, aides said, the party must …"."""
    at = comma + 1
    word = unit.at(at)
    if unit.at(comma) != ",":
        return False
    if word == QUOTE:
        return not unit.is_sentence(at)
    return is_word(word) and not word.endswith("ing") and word not in NOT_RESUMING


def _is_adjunct(unit: Unit, comma: int) -> bool:
    """Whether what stands before the comma is a mere time or place: "On Monday,", "In a statement,"."""
    if comma > MAX_OPENING or unit.low[0] not in OPENERS:
        return False
    return not any(word in FINITE or word in PRONOUNS for word in unit.low[:comma])


def _left_start(unit: Unit, last: int) -> int:
    """Return the offset at which the words before a cue begin, given their last token.

    A whole sentence in quotation marks stands for itself; a quoted part belongs to its sentence.
    """
    if unit.low[last] == QUOTE and unit.is_sentence(last):
        return unit.starts[last]
    for j in range(last - 1, 0, -1):
        if unit.low[j] in {";", ":"}:
            return unit.starts[j + 1]
    return unit.start


def _according(unit: Unit, i: int, at: int) -> tuple[Attribution, ...]:
    """According to X, CONTENT; CONTENT, according to X; ", in the words of X, CONTENT"; on both sides of it."""
    source = noun_phrase_after(unit, at, is_certain=True)
    if source is None:
        return ()
    cue = (unit.starts[i], unit.end_of(at - 1))
    after = unit.token_at(source.end)
    is_opening = i == 0 or (i == 1 and unit.low[0] in CONJUNCTIONS)
    if is_opening or (unit.at(after) == "," and unit.at(after + 1) == QUOTE):
        opening = next((j for j in range(after, len(unit.low)) if unit.low[j] == ","), len(unit.low))
        return _according_after(unit, opening, cue, source)
    end = i - 1 if unit.at(i - 1) == "," else i
    before = Attribution(unit.start, unit.end_of(end - 1), *cue, source, "according") if end else None
    comma = _end_of_source(unit, after, source)
    sides = (before,) if before else ()
    if comma is None:
        return sides
    if _is_adjunct(unit, end):  # "Now, according to X, some are swinging"
        return _according_after(unit, comma, cue, source)
    if unit.at(comma + 1) in FINITE or not any(word in FINITE for word in unit.low[:end]):
        return (*sides, *_according_after(unit, comma, cue, source))  # "One of the reasons, according to X, is that"
    return sides


def _according_after(unit: Unit, comma: int, cue: tuple[int, int], source: Source) -> tuple[Attribution, ...]:
    if comma + 1 >= len(unit.low):
        return ()
    last = _clause_end(unit, comma + 1, is_subordinate=False)
    return (Attribution(unit.starts[comma + 1], unit.end_of(last - 1), *cue, source, "according"),)


def _end_of_source(unit: Unit, after: int, source: Source) -> int | None:
    """Return the comma that ends "according to X," or "according to X, the director," in mid-sentence."""
    if unit.at(after) != ",":
        return None
    end = unit.token_at(source.aside_end) if source.aside_start >= 0 else after
    is_aside = unit.at(end) == "," and not any(word in FINITE for word in unit.low[after + 1 : end])
    return end if is_aside else after


def _content(unit: Unit, i: int, start: int, source: Source | None, construction: str) -> Attribution | None:
    if start >= len(unit.low):  # "Smith continued:" and a quotation in the next paragraph
        return Attribution(unit.end, unit.end, *_cue_span(unit, i, i + 1), source, construction) if source else None
    end = start + 1
    is_quote = construction == "quote" and unit.low[start] == QUOTE and unit.is_sentence(start)
    if not is_quote and construction != "verdict":
        is_aside = unit.low[max(0, i - 2) : i] == [",", "who"]
        end = _clause_end(unit, start, is_subordinate=_is_subordinate(unit, i, source), is_aside=is_aside)
    span = (unit.starts[start], unit.end_of(end - 1))
    return Attribution(*span, *_cue_span(unit, i, start), source, construction)


def _cue_span(unit: Unit, i: int, content: int) -> tuple[int, int]:
    """Return the span of the verb phrase: "has also said", "pointed out"."""
    first = i
    while first > 0 and (
        unit.low[first - 1] in AUXILIARIES or unit.low[first - 1] in ADVERBS or is_manner(unit.raw[first - 1])
    ):
        first -= 1
    while first < i and unit.low[first] in ADVERBS:
        first += 1
    has_particle = content == i + 2 and unit.low[i + 1] in _PARTICLES
    return unit.starts[first], unit.end_of(i + 1 if has_particle else i)


def _is_subordinate(unit: Unit, i: int, source: Source | None) -> bool:
    """Whether the cue stands in an opening subordinate clause: "While officials say …, the law …"."""
    if unit.low[0] not in SUBORDINATORS:
        return False
    return "," not in unit.low[: unit.token_at(source.start) if source else i]


def _clause_end(unit: Unit, start: int, *, is_subordinate: bool, is_aside: bool = False) -> int:
    """Return the token after the last one of a clause that begins at ``start``.

    In an aside, "A worker, who asked …, had driven", it ends where the sentence's own verb comes.
    """
    for j in range(start + 1, len(unit.low)):
        word = unit.low[j]
        if word == ";" or (word == "," and (is_subordinate or unit.at(j + 1) in CUTTING)):
            return j
        if is_aside and word == "," and unit.at(j + 1) in FINITE:
            return j
    return len(unit.low)


def _is_noun(unit: Unit, i: int, verb: Verb) -> bool:
    """Whether a form that may also be a noun is one: "the claims", "voters' fears", "his reports"."""
    before = unit.at(i - 1)
    if verb.form is ING:  # "her finding that"; "Monday, ruling that …", not "appeal ruling that …"
        return before in DETERMINERS or (unit.at(i) == "ruling" and before != "," and before not in BE)
    if verb.form not in (BASE, THIRD):  # "the estimated 11 million", "his alleged accomplice"
        return before in ARTICLES or before in POSSESSIVES
    if before == "only":  # "the only question"
        before = unit.at(i - 2)
    if unit.low[i] in NEVER_NOUNS:  # "some say"
        return before in ARTICLES
    if before in DETERMINERS or before == "of" or before.endswith(_GENITIVES):
        return True
    if verb.form is THIRD:  # "requests that go beyond"
        return before in PREPOSITIONS or (unit.at(i + 1) == "that" and is_relative(unit, i + 1))
    return not (before in BEFORE_BASE_FORM or before.endswith(("s", "n’t", "n't", "ly")) or _is_plural(unit, i))


def _is_plural(unit: Unit, i: int) -> bool:
    """Whether the subject's head is a plural: "Critics of the agreement warn"."""
    source = subject_before(unit, i)
    first = unit.token_at(source.start) if source else i
    head = next((j - 1 for j in range(first + 1, i) if unit.low[j] in PREPOSITIONS), first)
    return unit.low[head].endswith("s") and head < i - 1


def _is_passive(unit: Unit, i: int) -> bool:
    j = i - 1
    while j >= 0 and unit.low[j] in ADVERBS:
        j -= 1
    return j >= 0 and unit.low[j] in BE and not unit.low[i].endswith("ing")
