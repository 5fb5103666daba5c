"""The grammar of reported speech: which clauses of a sentence are somebody else's words, and whose.

Rules over cue words instead of a parser, which would cost a hundred times the rest of scoring. The
constructions are those of the PARC and PolNeAR guidelines (Pareti 2015; Newell et al. 2018): "according
to", verb and that clause, bare clause, trailing or inverted cue, addressee, infinitive and object.
"""

from __future__ import annotations

from typing import NamedTuple

from tracker.score.cues import Form, Verb, load_cues
from tracker.score.subjects import (
    ADVERBS,
    AUXILIARIES,
    BE,
    CONJUNCTIONS,
    DETERMINERS,
    FINITE,
    PREPOSITIONS,
    PRONOUNS,
    TIMES,
    WH,
    Source,
    is_manner,
    is_word,
    main_subject,
    noun_phrase_after,
    subject_before,
)
from tracker.score.units import QUOTE, Unit

MAX_ADJUNCT = 20  # tokens between a cue and its "that": "said in an interview with … on Monday that"
MAX_OBJECT = 12  # tokens between "accused" and its "of", "urged" and its "to"
_ENDS = frozenset({".", "!", "?", "…"})
_CUTTING = frozenset({"while", "although", "though", "whereas", "according"})
_SUBORDINATORS = frozenset("while although though when as if after before since because even whereas once".split())
_JOINTS = frozenset({",", "and", "but", "then", "while", "though", "although"})
_OBJECT_PREPOSITIONS = frozenset({"for", "of", "about"})  # what follows is spoken of: "hoped for a rule that …"
_COORDINATORS = frozenset({"and", "but", "or", "then"})
_PERFECT = frozenset({"has", "have", "had", "’ve", "'ve", "’d", "'d"}) | ADVERBS
_SAYING = frozenset({"clause", "object", "trail", "tell"})
_NOT_RESUMING = CONJUNCTIONS | PREPOSITIONS | TIMES | {"who", "which", "according", "a", "an", "not", "then"}
_ANNOUNCING = _SAYING | {"that", "question"}
MAX_OPENING = 9  # tokens of an adjunct that opens a sentence
_OPEN_SUBJECTS = frozenset(PRONOUNS | {"there"})


class Attribution(NamedTuple):
    """What somebody is said to have said. Content may be empty where a quotation elsewhere is meant."""

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
    for i, word in enumerate(unit.low):
        for new in _at_cue(unit, i, word):
            if unit.starts[i] < covered:
                cut = _cut_before(unit, i, new)
                if cut is None:
                    break
                found[-1] = found[-1]._replace(end=min(found[-1].end, cut))
            found.append(new)
            covered = max(covered, new.end)
    return found


def _at_cue(unit: Unit, i: int, word: str) -> tuple[Attribution, ...]:
    cues = load_cues()
    verb = cues.verbs.get(word)
    if verb is not None:
        return _verb(unit, i, verb)
    following = _at(unit, i + 1)
    found: Attribution | None = None
    if following == "to" and word == "according":
        found = _according(unit, i)
    elif following == "that" and word in cues.nouns:
        found = _content(unit, i, i + 1, subject_before(unit, i, is_noun=True), "noun")
    elif following == "that" and word in cues.adjectives:
        source = subject_before(unit, i)
        found = _content(unit, i, i + 1, source, "adjective") if source else None
    return () if found is None else (found,)


def _cut_before(unit: Unit, i: int, new: Attribution) -> int | None:
    """Return where the words reported so far end because a new attribution begins; None where it is nested.

    New are ", adding that", ", and X said", "but conceded"; nested is "said that X believes".
    """
    first = i
    if _at(unit, i - 1) not in _JOINTS and new.source is not None and new.source.end <= unit.starts[i]:
        first = _token_at(unit, new.source.start)
    if first < 1 or _at(unit, first) == "who":
        return None
    before = _at(unit, first - 1)
    if before == ",":
        return unit.starts[first - 1]
    if before in {"and", "but", "while", "though", "although"} and (_at(unit, first - 2) == "," or first == i):
        return unit.ends[first - 2] if first > 1 else None
    return None


def _verb(unit: Unit, i: int, verb: Verb) -> tuple[Attribution, ...]:
    if _is_noun(unit, i, verb) or (verb.form is Form.PARTICIPLE and _at(unit, i - 1) not in _PERFECT):
        return ()
    source = subject_before(unit, i)
    inverted = _inverted(unit, i, verb, source)
    if inverted is not None:
        return (inverted,)
    is_passive = _is_passive(unit, i)
    start, construction = _right(unit, i, verb, is_passive=is_passive)
    if verb.form is Form.ING or _at(unit, i - 1) in _COORDINATORS:
        source = main_subject(unit, i)
    has_subject = source is not None or construction == "that" or verb.form is Form.BASE
    right = _content(unit, i, start, source, construction) if start is not None and has_subject else None
    left = None if is_passive or source is None else _trailing(unit, i, verb, source, right)
    if left is not None and right is None and _at(unit, i + 1) == "," and _resumes(unit, i + 2):
        right = _content(unit, i, i + 2, source, "middle")
    return tuple(found for found in (left, right) if found is not None)


def _right(unit: Unit, i: int, verb: Verb, *, is_passive: bool) -> tuple[int | None, str]:
    """Return the token at which content on the right begins, and the construction; None where none does."""
    kinds = verb.constructions
    at = _skip_adverbs(unit, i + 1)
    following = _at(unit, at)
    if following == "by" and is_passive:
        return None, ""
    that = _find_that(unit, i, at)
    if that is not None and kinds & {"clause", "object", "that", "tell"}:
        return that, "that"
    if following in verb.particles:
        after = _skip_adverbs(unit, at + 1)
        if _at(unit, after) == "that":
            return after, "phrasal"
        return (after, "phrasal") if _is_content_start(unit, after) else (None, "")
    announced = _announced(unit, at) if kinds & _ANNOUNCING else None
    if announced is not None:
        return announced, "quote"
    if "question" in kinds and following in WH:
        return at, "question"
    if "tell" in kinds:
        told = _after_addressee(unit, at)
        if told is not None:
            return told, "tell"
    if "commit" in kinds and following == "to":
        return at, "commit"
    if is_passive:
        return None, ""
    if "urge" in kinds and _within(unit, at, "to", MAX_OBJECT):
        return at, "urge"
    if "accuse" in kinds and (_within(unit, at, "of", MAX_OBJECT) or _within(unit, at, "for", MAX_OBJECT)):
        return at, "accuse"
    if "object" in kinds and _is_content_start(unit, at):
        return at, "object"
    if "clause" in kinds and _is_content_start(unit, at) and has_finite(unit, at):
        return at, "clause"
    if "clause" in kinds:
        adjunct = _after_adjunct(unit, at)
        if adjunct is not None:
            return adjunct, "adjunct"
    if "characterize" in kinds and _is_content_start(unit, at):
        return at, "characterize"
    return None, ""


def _is_content_start(unit: Unit, at: int) -> bool:
    word = _at(unit, at)
    if word == QUOTE:
        return True
    return is_word(word) and word not in PREPOSITIONS and word not in CONJUNCTIONS and word not in TIMES


def _find_that(unit: Unit, i: int, at: int) -> int | None:
    """Return the "that" of a that clause: right after the verb, or after an adjunct ("in a statement")."""
    if _at(unit, at) == "that":
        return at
    if not (_at(unit, at) in PREPOSITIONS - _OBJECT_PREPOSITIONS or _at(unit, at) in TIMES):
        return None
    for j in range(at, min(len(unit.low), i + MAX_ADJUNCT)):
        word = unit.low[j]
        if word in _ENDS or word in {",", ";", ":", QUOTE}:
            return None
        if word == "that":
            return j
    return None


def _after_adjunct(unit: Unit, at: int) -> int | None:
    """Return where a bare clause begins after a time or place: "said on Monday he would", "said Friday the …"."""
    j = at
    while _at(unit, j) in TIMES or (
        _at(unit, j) in {"on", "last", "this", "late", "early", "earlier"} and _at(unit, j + 1) in TIMES
    ):
        j += 1
    if j > at and _is_content_start(unit, j):
        return j
    if _at(unit, at) not in PREPOSITIONS:
        return None
    for k in range(at + 2, min(len(unit.low), at + MAX_ADJUNCT)):
        word = unit.low[k]
        if not is_word(word) and word != ".":
            return None
        if word in {"he", "she", "they", "it", "we", "i", "there"}:
            return k
    return None


def _after_addressee(unit: Unit, at: int) -> int | None:
    """Return where content begins after "told reporters", "told the court": a clause, question, infinitive or quote."""
    j = at
    if not is_word(_at(unit, j)) or _at(unit, j) in PREPOSITIONS:
        return None
    while j < min(len(unit.low), at + MAX_OBJECT):
        word = _at(unit, j)
        if (
            word == QUOTE
            or word == "that"
            or (
                j > at and (word in WH or word in {"he", "she", "they", "it", "we", "i", "there", "to", "his", "their"})
            )
        ):
            return j
        if word in {":", ","}:
            return j + 1 if word == ":" or _at(unit, j + 1) == QUOTE else None
        if not is_word(word):
            return None
        if j > at and word in DETERMINERS and _at(unit, j - 1) not in PREPOSITIONS:
            return j
        if j > at and word in {"about"}:
            return j
        j += 1
    return None


def _announced(unit: Unit, at: int) -> int | None:
    """Return where words begin that a colon, or a comma and a quotation, announce: "said in a statement: …"."""
    for j in range(at, min(len(unit.low), at + MAX_ADJUNCT)):
        word = unit.low[j]
        if word == ":":
            return j + 1
        if word == ",":
            return j + 1 if _at(unit, j + 1) == QUOTE else None
        if word == QUOTE and j == at:
            return j
        if not is_word(word) or (j == at and word not in PREPOSITIONS and word not in TIMES):
            return None
    return None


def has_finite(unit: Unit, at: int) -> bool:
    """Whether a clause, not only a noun phrase, begins at a token: it opens with a subject pronoun or has a finite verb."""
    if unit.low[at] in _OPEN_SUBJECTS or unit.low[at] == QUOTE:
        return True
    verbs = load_cues().verbs
    for j in range(at + 1, min(len(unit.low), at + MAX_ADJUNCT)):
        word = unit.low[j]
        if (
            word in FINITE
            or (word.endswith("ed") and word not in verbs)
            or (word in verbs and verbs[word].form is Form.PAST)
        ):
            return True
        if word in {";", ":", "."}:
            return False
    return False


def _inverted(unit: Unit, i: int, verb: Verb, aside: Source | None) -> Attribution | None:
    """CONTENT, said X: the cue follows a comma or a quotation and its subject follows the cue."""
    before = _at(unit, i - 1)
    if before not in {",", QUOTE} or verb.form is Form.ING or not verb.constructions & _SAYING:
        return None
    if before == "," and (i < 2 or verb.form is Form.BASE or not verb.constructions & {"clause", "object"}):
        return None
    source = noun_phrase_after(unit, i + 1)
    if source is None:
        return None
    after = _token_at(unit, source.end)
    following = _at(unit, after)
    if following == QUOTE and before == ",":
        return None
    if aside is not None and before == "," and not (following in _ENDS | {","} and unit.raw[i + 1][0].isupper()):
        return None
    if before == "," and is_word(following) and following not in PREPOSITIONS | TIMES | {"who", "as"}:
        return None
    return Attribution(_left_start(unit, i - 1), unit.ends[i - 1], *_cue_span(unit, i, i + 1), source, "inverted")


def _trailing(unit: Unit, i: int, verb: Verb, source: Source, right: Attribution | None) -> Attribution | None:
    """CONTENT, X said: the subject follows a comma or a quotation, and nothing said follows the cue."""
    if not verb.constructions & _SAYING or verb.form is Form.ING:
        return None
    first = _token_at(unit, source.start)
    before = _at(unit, first - 1)
    if before not in {",", QUOTE, "—", "–", "--", "?", "!"}:
        return None
    if before != QUOTE and (
        not verb.constructions & {"clause", "object", "tell"}
        or (_is_adjunct(unit, first - 1) and not (_at(unit, i + 1) == "," and _resumes(unit, i + 2)))
    ):
        return None
    if right is not None and not (before == QUOTE and right.construction == "quote"):
        return None
    return Attribution(
        _left_start(unit, first - 1), unit.ends[first - 1], *_cue_span(unit, i, i + 1), source, "trailing"
    )


def _resumes(unit: Unit, at: int) -> bool:
    """Whether what is said goes on after a cue in its middle: "To win, aides said, the party must …"."""
    word = _at(unit, at)
    if word == QUOTE:
        return not unit.is_sentence(at)
    return is_word(word) and not word.endswith("ing") and word not in _NOT_RESUMING


def _is_adjunct(unit: Unit, comma: int) -> bool:
    """Whether what stands before the comma is a mere time or place: "On Monday,", "In a statement,"."""
    if comma > MAX_OPENING or not (
        unit.low[0] in PREPOSITIONS or unit.low[0] in TIMES or unit.low[0] in ADVERBS or unit.low[0] in CONJUNCTIONS
    ):
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


def _according(unit: Unit, i: int) -> Attribution | None:
    source = noun_phrase_after(unit, i + 2)
    if source is None:
        return None
    after = _token_at(unit, source.end)
    cue = (unit.starts[i], unit.ends[i + 1])
    if i == 0 or (i <= 2 and _at(unit, i - 1) in CONJUNCTIONS):
        while after < len(unit.low) and unit.low[after] != ",":
            after += 1
        if after + 1 >= len(unit.low):
            return None
        last = _clause_end(unit, after + 1)
        return Attribution(unit.starts[after + 1], unit.ends[last - 1], *cue, source, "according")
    end = i - 1 if _at(unit, i - 1) == "," else i
    if end <= 0:
        return None
    return Attribution(unit.start, unit.ends[end - 1], *cue, source, "according")


def _content(unit: Unit, i: int, start: int, source: Source | None, construction: str) -> Attribution | None:
    if start >= len(unit.low):
        return None
    if construction == "quote" and unit.low[start] == QUOTE and unit.is_sentence(start):
        end = start + 1
    else:
        end = _clause_end(unit, start, is_subordinate=_is_subordinate(unit, i, source))
    return Attribution(unit.starts[start], unit.ends[end - 1], *_cue_span(unit, i, start), source, construction)


def _cue_span(unit: Unit, i: int, content: int) -> tuple[int, int]:
    """Return the span of the verb phrase: "has also said", "pointed out"."""
    first = i
    while first > 0 and (
        unit.low[first - 1] in AUXILIARIES or unit.low[first - 1] in ADVERBS or is_manner(unit.raw[first - 1])
    ):
        first -= 1
    while first < i and unit.low[first] in ADVERBS:
        first += 1
    has_particle = content == i + 2 and is_word(unit.low[i + 1]) and unit.low[i + 1] not in TIMES
    return unit.starts[first], unit.ends[i + 1 if has_particle else i]


def _is_subordinate(unit: Unit, i: int, source: Source | None) -> bool:
    """Whether the cue stands in an opening subordinate clause: "While officials say …, the law …"."""
    if unit.low[0] not in _SUBORDINATORS:
        return False
    return all(word != "," for word in unit.low[: _token_at(unit, source.start) if source else i])


def _clause_end(unit: Unit, start: int, *, is_subordinate: bool = False) -> int:
    """Return the token after the last one of a clause that begins at ``start``."""
    for j in range(start + 1, len(unit.low)):
        word = unit.low[j]
        if word == ";" or (word == "," and (is_subordinate or _at(unit, j + 1) in _CUTTING)):
            return j
    return len(unit.low)


def _is_noun(unit: Unit, i: int, verb: Verb) -> bool:
    """Whether a form that may also be a noun is one: "the claims", "voters' fears", "his reports"."""
    if verb.form not in {Form.BASE, Form.THIRD}:
        return False
    before = _at(unit, i - 1)
    if before in DETERMINERS or before.endswith(("’s", "'s", "s’", "s'")) or before in {"of", "no"}:
        return True
    if verb.form is Form.THIRD:
        return before in PREPOSITIONS
    return not (
        before in PRONOUNS
        or before in {"to", "who", "not", "n't"}
        or before.endswith(("s", "n’t", "n't", "ly"))
        or before in ADVERBS
        or before in BE
        or before
        in {
            "people",
            "will",
            "would",
            "can",
            "could",
            "should",
            "may",
            "might",
            "must",
            "do",
            "did",
            "does",
            "’ll",
            "women",
            "men",
            "police",
            "and",
        }
    )


def _is_passive(unit: Unit, i: int) -> bool:
    j = i - 1
    while j >= 0 and unit.low[j] in ADVERBS:
        j -= 1
    return j >= 0 and unit.low[j] in BE and not unit.low[i].endswith("ing")


def _skip_adverbs(unit: Unit, at: int) -> int:
    while at < len(unit.low) and (unit.low[at] in ADVERBS or is_manner(unit.raw[at])):
        at += 1
    return at


def _within(unit: Unit, at: int, word: str, reach: int) -> bool:
    for j in range(at, min(len(unit.low), at + reach)):
        if unit.low[j] == word:
            return j > at
        if unit.low[j] in {",", ".", ";", ":"}:
            return False
    return False


def _at(unit: Unit, i: int) -> str:
    return unit.low[i] if 0 <= i < len(unit.low) else ""


def _token_at(unit: Unit, offset: int) -> int:
    """Return the first token that begins at or after an offset."""
    for j, start in enumerate(unit.starts):
        if start >= offset:
            return j
    return len(unit.starts)


def _token_before(unit: Unit, offset: int) -> int:
    return _token_at(unit, offset) - 1
