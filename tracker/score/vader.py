"""VADER on sentences, exactly as the library scores them, without the work that cannot change the answer.

VADER: Hutto, C. J. & Gilbert, E. E. (2014), "VADER: A Parsimonious Rule-based Model for Sentiment Analysis
of Social Media Text", ICWSM-14. The words, their valences and the numbers of the rules are the library's. What
is spared is its per-character emoji loop where a text has no emoji, the rules on words that are not in the
lexicon (their valence is nought) and on words near which none applies, and the squashing of noughts; the rest
is done for all sentences of an article at once. ``tests/property/test_vader.py`` holds it to the library.
"""

from __future__ import annotations

import hashlib
import re
import string
from bisect import bisect_left
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from importlib import import_module
from itertools import chain, pairwise
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tracker.score.pieces import Column, Indices, Words, read_words
from tracker.score.rounding import rounded
from tracker.score.vader_rules import LOOKS_AHEAD, LOOKS_BACK, Rules, turn_at_but

_EMOTICON = 2  # characters
_MAYBE_EMOJI = re.compile("[\xa9\xae\u203c-\U0010ffff]")  # ©, ® and what lies beyond news's punctuation
_LONE_MODIFIERS = ("no", "this", "least")  # words that the library's rules name in passing
_OTHERS = ("at", "but", "doubt", "of", "so", "very")  # and that matter beside others alone
_CACHED_TEXTS = 4_096  # single sentences that were read lately
_CACHED_ARTICLES = 8  # several scorers read the same one in turn
_ALPHA = 15.0  # the library's: a sum of this many is squashed to about .97
# What a piece of text is to the rules, as bits.
_MODIFIER: Final = 1
_CAPITALS: Final = 2
_BUT: Final = 4
_EMPHASIS: Final = 8  # holds a question or exclamation mark
_EMOJI: Final = 16

Values = NDArray[np.float64]
Kinds = NDArray[np.uint8]


class Reading(NamedTuple):
    """What VADER makes of a sentence.

    ``words`` are its tokens in lower case, ``valences`` their valences after every rule (about −4..4, before
    the sum is squashed); ``compound`` is −1..1, the three shares 0..1, all rounded as the library does.
    """

    words: tuple[str, ...]
    valences: tuple[float, ...]
    compound: float
    positive_share: float
    negative_share: float
    neutral_share: float


@dataclass(frozen=True, eq=False, kw_only=True)
class Readings:
    """What VADER makes of several sentences.

    ``words`` are those that it read: an emoji is the words of its name; ``kinds`` what they are to the rules.
    ``hits`` are the places of those with a valence, ``valences`` theirs after every rule; ``emphasis`` is what
    marks add to each sentence's sum.
    """

    words: Words
    kinds: Kinds
    hits: Indices
    valences: Values
    emphasis: Values

    @property
    def rows(self) -> Indices:
        """Return the sentence of each hit."""
        return self.words.rows[self.hits]

    def said(self, row: int) -> list[str]:
        """Return the words of a sentence as VADER looks them up, in lower case."""
        first, last = self.words.starts[row : row + 2].tolist()
        found: list[str] = self._said[self.words.numbers[first:last]].tolist()
        return found

    @cached_property
    def _said(self) -> NDArray[Any]:
        return _library().words.by_number(self.words)

    @cached_property
    def compounds(self) -> list[float]:
        """Return the sentences' compounds, −1..1, rounded as the library does."""
        bounds = np.searchsorted(self.hits, self.words.starts).tolist()
        valences = self.valences.tolist()
        # Python's own sum, as in the library: later versions of it round less.
        return compounds_of([sum(valences[first:last]) for first, last in pairwise(bounds)], self.emphasis)

    @cached_property
    def shares(self) -> Values:
        """Return the shares of positive, negative and neutral (sentences × 3), rounded as the library does."""
        n = len(self.words.texts)
        rows, valences = self.rows, self.valences
        is_positive, is_negative = valences > 0, valences < 0
        positive = np.bincount(rows, (valences + 1) * is_positive, minlength=n)
        negative = np.bincount(rows, (1 - valences) * is_negative, minlength=n)
        neutral = np.diff(self.words.starts) - np.bincount(rows, is_positive | is_negative, minlength=n)
        more = np.sign(positive - negative) * self.emphasis
        positive, negative = positive + np.maximum(more, 0), negative + np.maximum(-more, 0)
        whole = np.maximum(positive + negative + neutral, 1)  # of a text without words nought, else at least 1
        return rounded(np.concatenate([positive / whole, negative / whole, neutral / whole]), 3).reshape(3, n).T


@dataclass(frozen=True, slots=True, kw_only=True)
class _Library:
    """The library's module and its one analyzer, its rules, and what it knows of a piece of text."""

    module: Any
    analyzer: Any
    rules: Rules
    words: Column
    valences: Column  # 0 where the lexicon has it not: no word of it has 0
    kinds: Column


@cache
def _library() -> _Library:
    module = import_module("vaderSentiment.vaderSentiment")  # on first use: it reads two files
    analyzer = module.SentimentIntensityAnalyzer()
    phrases = [phrase.split() for phrase in (*module.SPECIAL_CASES, *module.BOOSTER_DICT)]
    rarest = {max(phrase, key=len) for phrase in phrases if len(phrase) > 1}  # none without its longest word
    rules = Rules(
        lexicon=analyzer.lexicon,
        boosters=module.BOOSTER_DICT,
        idioms=module.SPECIAL_CASES,
        negations=frozenset(module.NEGATE),
        modifiers=frozenset({*module.NEGATE, *module.BOOSTER_DICT, *rarest, *_LONE_MODIFIERS}),
        phrases=frozenset(chain.from_iterable(phrase for phrase in phrases if len(phrase) > 1)),
        others=frozenset(_OTHERS),
        capitals=module.C_INCR,
        negated=module.N_SCALAR,
    )
    return _Library(
        module=module,
        analyzer=analyzer,
        rules=rules,
        words=Column(lambda pieces: np.array([word_of(piece) for piece in pieces], dtype=object)),
        valences=Column(lambda pieces: np.array([_valence(piece) for piece in pieces], dtype=np.float64)),
        kinds=Column(lambda pieces: np.array([_kind(piece) for piece in pieces], dtype=np.uint8)),
    )


def rules() -> Rules:
    """Return the library's rules."""
    return _library().rules


def lexicon() -> dict[str, float]:
    """Return the library's lexicon: word → mean valence of ten raters, −4..4. Not to be changed."""
    words: dict[str, float] = _library().analyzer.lexicon
    return words


@cache
def lexicon_hash() -> str:
    """Return the hex SHA-256 of the library's two data files."""
    analyzer = _library().analyzer
    texts = (analyzer.lexicon_full_filepath, analyzer.emoji_full_filepath)
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()


def forget() -> None:
    """Forget the sentences read: for measuring."""
    read.cache_clear()
    read_all.cache_clear()


@lru_cache(_CACHED_TEXTS)
def read(text: str) -> Reading:
    """Return VADER's reading of one sentence; ``compound`` and shares equal the library's to the last digit."""
    return single(read_all(read_words((text,))))


def single(readings: Readings) -> Reading:
    """Return the reading of one sentence."""
    words = tuple(readings.said(0))
    valences = np.zeros(len(words))
    valences[readings.hits] = readings.valences
    return Reading(words, tuple(valences.tolist()), readings.compounds[0], *readings.shares[0].tolist())


@lru_cache(_CACHED_ARTICLES)
def read_all(words: Words) -> Readings:
    """Return VADER's readings of sentences."""
    kinds = _library().kinds(words)
    if (kinds & _EMOJI).any():
        words = read_words([_spelt(text) for text in words.texts], words.vocabulary)
        kinds = _library().kinds(words)
    valences = _library().valences(words)
    hits = np.flatnonzero(valences)
    found = valences[hits]
    ruled = _ruled(kinds, hits)
    if len(ruled):
        found[ruled] = _by_rules(words, kinds, hits[ruled].tolist())
    buts = np.flatnonzero(kinds & _BUT)
    if len(buts):
        found = _by_but(words, buts.tolist(), hits.tolist(), found.tolist())
    return Readings(words=words, kinds=kinds, hits=hits, valences=found, emphasis=_emphasis(words, kinds))


def _emphasis(words: Words, kinds: Kinds) -> Values:
    """Return what question and exclamation marks add to the sum of each sentence."""
    emphasis = np.zeros(len(words.texts))
    for row in words.rows_with(kinds & _EMPHASIS > 0):
        emphasis[row] = _library().analyzer._punctuation_emphasis(words.texts[row])  # noqa: SLF001 - the library's own
    return emphasis


def _ruled(kinds: Kinds, hits: Indices) -> Indices:
    """Return which hits a rule may change: those in capitals, and those near a modifier."""
    modifiers = np.flatnonzero(kinds & _MODIFIER)
    first = np.searchsorted(modifiers, hits - LOOKS_BACK)
    is_near = first < np.searchsorted(modifiers, hits + LOOKS_AHEAD + 1)
    return np.flatnonzero(is_near | (kinds[hits] & _CAPITALS > 0))


def _by_rules(words: Words, kinds: Kinds, places: Sequence[int]) -> list[float]:
    """Return the valences of words of the lexicon at some places after the rules on those around each."""
    is_upper = kinds & _CAPITALS > 0
    n_upper = np.bincount(words.rows, is_upper, minlength=len(words.texts))
    is_mixed = ((n_upper > 0) & (n_upper < np.diff(words.starts))).tolist()
    starts, said = words.starts.tolist(), _library().words.by_number(words)
    found = []
    for place, row in zip(places, words.rows[places].tolist(), strict=True):
        first, last = max(starts[row], place - LOOKS_BACK), min(starts[row + 1], place + LOOKS_AHEAD + 1)
        capitals = is_upper[first:last].tolist() if is_mixed[row] else None
        found.append(rules().valence(said[words.numbers[first:last]].tolist(), place - first, capitals))
    return found


def _by_but(words: Words, buts: Sequence[int], hits: Sequence[int], valences: list[float]) -> Values:
    """Return valences, changed on either side of each sentence's first "but"."""
    done = -1
    for but in buts:
        row = int(words.rows[but])
        if row != done:
            first, last = (bisect_left(hits, start) for start in words.starts[row : row + 2].tolist())
            valences[first:last] = turn_at_but(but, hits[first:last], valences[first:last])
            done = row
    return np.array(valences)


def compounds_of(totals: Sequence[float], emphasis: Values) -> list[float]:
    """Return the compounds of sentences whose valences sum to ``totals``, given what marks add to each."""
    compounds: list[float] = _squash(np.array(totals, dtype=np.float64), emphasis).tolist()
    return compounds


def total_without(readings: Readings, row: int, said: Sequence[str], hidden: Collection[int]) -> float:
    """Return the sum of the valences of a sentence of which the words at ``hidden`` places say nothing.

    ``said`` are all of its words.
    """
    first, last = readings.words.starts[row : row + 2].tolist()
    heard = ["" if at in hidden else word for at, word in enumerate(said)]
    kinds = readings.kinds[first:last].tolist()
    is_upper = [kind & _CAPITALS > 0 for kind in kinds]
    capitals = is_upper if 0 < sum(is_upper) < len(is_upper) else None
    known = lexicon()
    places = [at for at, word in enumerate(heard) if word in known]
    modifiers = [at for at, kind in enumerate(kinds) if kind & _MODIFIER]
    valences = [
        rules().valence(heard, at, capitals)
        if capitals or any(-LOOKS_BACK <= modifier - at <= LOOKS_AHEAD for modifier in modifiers)
        else known[heard[at]]
        for at in places
    ]
    if "but" in heard:
        valences = turn_at_but(heard.index("but"), places, valences)
    return float(sum(valences))


def _squash(totals: Values, emphasis: Values) -> Values:
    """Return the compounds of sentences whose valences sum to these: the library's ``score_valence``."""
    totals = totals + np.sign(totals) * emphasis
    return rounded(totals / np.sqrt(totals * totals + _ALPHA), 4)


@lru_cache(_CACHED_TEXTS)  # whatever is known of a piece turns on its word
def word_of(piece: str) -> str:
    """Return the word that VADER looks up: what stands between white space, without punctuation around it.

    Unless so little is left that it may be an emoticon: the library's rule.
    """
    stripped = piece.strip(string.punctuation)
    return (piece if len(stripped) <= _EMOTICON else stripped).lower()


def reads_alike(piece: str, other: str) -> bool:
    """Whether VADER makes the same of a sentence whichever of two pieces stands in it, as far as is plain."""
    if piece == other:
        return True
    is_one_word = len(other.split()) == 1 and not _kind(piece) & _EMOJI
    if not is_one_word or _valence(piece) != _valence(other) or _kind(piece) != _kind(other):
        return False
    word, instead = word_of(piece), word_of(other)
    return word == instead or (rules().is_inert(word) and rules().is_inert(instead))


def _valence(piece: str) -> float:
    return lexicon().get(word_of(piece), 0.0)


def _kind(piece: str) -> int:
    word = word_of(piece)
    return (
        _MODIFIER * rules().is_modifier(word)
        | _CAPITALS * piece.isupper()
        | _BUT * (word == "but")
        | _EMPHASIS * ("!" in piece or "?" in piece)
        | _EMOJI * (_spelt(piece) != piece)
    )


def _spelt(text: str) -> str:
    """Return the text with its emoji spelt out."""
    if text.isascii() or not _MAYBE_EMOJI.search(text):
        return text
    emojis = _library().analyzer.emojis
    return text if emojis.keys().isdisjoint(text) else _spell_emoji(text, emojis)


def _spell_emoji(text: str, names: dict[str, str]) -> str:
    """Replace each emoji by its name, a space before it where there is none: the library's own loop."""
    spelt: list[str] = []
    is_after_space = True
    for character in text:
        name = names.get(character)
        if name is None:
            spelt.append(character)
            is_after_space = character == " "
        else:
            spelt.append(name if is_after_space else f" {name}")
            is_after_space = False
    return "".join(spelt)
