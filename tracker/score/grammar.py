"""Closed word classes of English, from ``data/grammar.toml``, and punctuation, as the voice rules use them."""

from __future__ import annotations

from typing import cast

from tracker.score.lexicon import read_table
from tracker.score.units import QUOTE

_TABLE = read_table("grammar")
MIN_MANNER = 4  # "only", "July", "ally" are not formed with -ly


def _words(name: str) -> frozenset[str]:
    words = cast(str, _TABLE[name]).split()
    return frozenset(words) | {word.replace("'", "’") for word in words}


PRONOUNS = _words("pronouns")
SUBJECT_PRONOUNS = _words("subject_pronouns")
_CONTRACTED = [mark + verb for mark in "’'" for verb in ("s", "d", "ll", "re", "ve", "m")]
CLAUSE_PRONOUNS = SUBJECT_PRONOUNS | {word + verb for word in SUBJECT_PRONOUNS for verb in _CONTRACTED}  # "they’re"
NEGATIVES = _words("negatives")
WRITERS = _words("writers")
PERSONAL = SUBJECT_PRONOUNS - {"it", "there"}
POSSESSIVES = _words("possessives")
DETERMINERS = _words("determiners")
ARTICLES = _words("articles")
BEFORE_ARTICLE = _words("before_article")
BE = _words("be")
INFINITIVE_BE = frozenset({"be", "have"})
AUXILIARIES = _words("auxiliaries")
PAST_FORMS = _words("past_forms")
FINITE = (AUXILIARIES - _words("not_finite")) | _words("finite")
ADVERBS = _words("adverbs")
PERFECT = _words("perfect") | ADVERBS
TIMES = _words("times")
TIME_OPENERS = _words("time_openers")
PREPOSITIONS = _words("prepositions")
ADJUNCT_PREPOSITIONS = PREPOSITIONS - _words("object_prepositions")
CONJUNCTIONS = _words("conjunctions")
COORDINATORS = _words("coordinators")
SUBORDINATORS = _words("subordinators")
JOINTS = _words("joints")
CUTTING = _words("cutting")
WH = _words("wh")
BREAKS = _words("breaks")
PHRASE_ENDS = _words("phrase_ends") | BREAKS | TIMES
CATENATIVES = _words("catenatives")
BEFORE_BASE_FORM = _words("before_base_form") | PRONOUNS | ADVERBS | BE
NOT_NOMINAL = _words("not_opening") | FINITE | CONJUNCTIONS
NOT_LAST = ADVERBS | ARTICLES | PREPOSITIONS | TIME_OPENERS | _words("not_last")
NOT_AFTER_CUE = TIMES | PREPOSITIONS | BREAKS
ING_NOUNS = _words("ing_nouns")
ED_NOUNS = _words("ed_nouns")
EVIDENCE = _words("evidence")
NOT_MANNER = _words("not_manner")
NEVER_NOUNS = _words("never_nouns")
BARE_NOUNS = _words("bare_nouns")
PHRASE_OPENERS = DETERMINERS | PRONOUNS | _words("number_nouns")
OPENERS = PREPOSITIONS | CONJUNCTIONS | ADVERBS | TIMES
NOT_CONTENT = PREPOSITIONS | CONJUNCTIONS | TIMES | {"back"}  # "called back"
NOT_RESUMING = (NOT_CONTENT - _words("resuming")) | _words("not_resuming")
ENDS = frozenset({".", "!", "?", "…"})
DASHES = frozenset({"—", "–", "--"})
PUNCTUATION = ENDS | DASHES | {",", ";", ":", "(", ")", "-", "[", "]", "/", QUOTE, '"', "“", "”"}


def is_word(token: str) -> bool:
    """Whether a token is a word or number, not punctuation and not a folded quotation."""
    return bool(token) and token[0].isalnum()


def is_manner(token: str) -> bool:
    """Whether a token is an adverb by its ending; Kelly and Jolly are names."""
    return token.endswith("ly") and len(token) > MIN_MANNER and token[0].islower() and token not in NOT_MANNER


def opens_as_adverb(token: str) -> bool:
    """Whether a token that opens a sentence is an adverb by its ending: "Clearly", not "Family" or "Kelly"."""
    return is_manner(token.lower())
