"""VADER on one sentence, exactly as the library scores it, without the work that cannot change the answer.

VADER: Hutto, C. J. & Gilbert, E. E. (2014), "VADER: A Parsimonious Rule-based Model for Sentiment Analysis
of Social Media Text", ICWSM-14. Every rule on words is the library's own method. What is spared is its
per-character emoji loop where the text has no emoji, the rules on words that are not in the lexicon (their
valence is nought), the rules on words near which no rule applies (they look at most three words back and two
ahead), and the squashing of noughts. ``tests/property/test_vader.py`` holds it to the library.
"""

from __future__ import annotations

import hashlib
import re
import string
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import import_module
from itertools import chain
from typing import Any, NamedTuple

from tracker.score.memo import Memo

_WORDS_BEFORE = 3  # the farthest that a rule of the library looks back from a word
_WORDS_AFTER = 2  # and ahead of it
_EMOTICON = 2  # characters
_MAYBE_EMOJI = re.compile("[\xa9\xae\u203c-\U0010ffff]")  # ©, ® and what lies beyond news's punctuation
_LONE_MODIFIERS = ("no", "this", "least")  # words that the library's rules name in passing
_CACHED_SENTENCES = 4_096  # several articles' worth: three scorers read the same sentences in turn


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


@dataclass(slots=True)
class _Window:
    """The words around one word, in the shape that the library's rules read (its ``SentiText``)."""

    words_and_emoticons: list[str]
    is_cap_diff: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Library:
    """The library's module, its one analyzer, and the words that may set off one of its rules."""

    module: Any
    analyzer: Any
    is_modifier: Memo[bool]


@cache
def _library() -> _Library:
    module = import_module("vaderSentiment.vaderSentiment")  # on first use: it reads two files
    phrases = (phrase for phrase in (*module.SPECIAL_CASES, *module.BOOSTER_DICT))
    rarest = {max(phrase.split(), key=len) for phrase in phrases}  # no phrase without its longest word
    modifiers = frozenset({*module.NEGATE, *module.BOOSTER_DICT, *rarest, *_LONE_MODIFIERS})
    is_modifier = Memo(lambda word: word in modifiers or "n't" in word)
    return _Library(module=module, analyzer=module.SentimentIntensityAnalyzer(), is_modifier=is_modifier)


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


@lru_cache(maxsize=_CACHED_SENTENCES)
def read(text: str) -> Reading:
    """Return VADER's reading of one sentence; ``compound`` and shares equal the library's to the last digit."""
    text = _spelt(text)
    return _score(text, text.split())


def _bare(word: str) -> str:
    """Strip punctuation around a word, unless so little is left that it may be an emoticon: the library's rule."""
    stripped = word.strip(string.punctuation)
    return word if len(stripped) <= _EMOTICON else stripped


_WORDS = Memo(_bare)
_LOWERED = Memo(lambda word: _bare(word).lower())


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


def _score(text: str, pieces: list[str], masked: frozenset[int] = frozenset()) -> Reading:
    """Read the pieces of a text between white space, those masked as if nothing stood there."""
    library = _library()
    lowered = list(map(_LOWERED.__getitem__, pieces))
    if masked:
        lowered = ["" if index in masked else word for index, word in enumerate(lowered)]
    lexicon: dict[str, float] = library.analyzer.lexicon
    hits = [index for index, word in enumerate(lowered) if word in lexicon]
    if not hits:
        return Reading(tuple(lowered), (0.0,) * len(lowered), 0.0, 0.0, 0.0, 1.0 if lowered else 0.0)
    valences = [0.0] * len(lowered)
    if any(map(library.is_modifier.__getitem__, lowered)) or any(pieces[index].isupper() for index in hits):
        _apply_rules(pieces, lowered, hits, valences, masked)
    else:
        for index in hits:
            valences[index] = lexicon[lowered[index]]
    if "but" in lowered:
        valences = library.analyzer._but_check(lowered, valences)  # noqa: SLF001 - the library's own rule
    return Reading(tuple(lowered), tuple(valences), *_squash(valences, text))


def _apply_rules(
    pieces: list[str], lowered: list[str], hits: list[int], valences: list[float], masked: frozenset[int]
) -> None:
    """Set the valences of the lexicon's words, at ``hits``, by the library's rules on the words around each."""
    library = _library()
    words = list(map(_WORDS.__getitem__, pieces))
    n_capitals = sum(map(str.isupper, words))
    is_cap_diff = 0 < n_capitals < len(words)
    if masked:
        words = ["" if index in masked else word for index, word in enumerate(words)]
    for index in hits:
        first, after = max(0, index - _WORDS_BEFORE), index + _WORDS_AFTER + 1
        is_plain = not any(map(library.is_modifier.__getitem__, lowered[first:after]))
        if is_plain and not (is_cap_diff and words[index].isupper()):
            valences[index] = library.analyzer.lexicon[lowered[index]]
        elif lowered[index] in library.module.BOOSTER_DICT:
            continue
        elif lowered[index] != "kind" or lowered[index + 1 : index + 2] != ["of"]:
            window = _Window(words[first:after], is_cap_diff)
            valences[index] = library.analyzer.sentiment_valence(0, window, words[index], index - first, [])[0]


def _squash(valences: list[float], text: str) -> tuple[float, float, float, float]:
    """Return compound and the shares of positive, negative and neutral: the library's ``score_valence``."""
    library = _library()
    found = [value for value in valences if value]
    positive, negative = 0.0, 0.0
    for value in found:
        if value > 0:
            positive += value + 1
        else:
            negative += value - 1
    total = float(sum(found))
    if "!" in text or "?" in text:
        emphasis = library.analyzer._punctuation_emphasis(text)  # noqa: SLF001 - the library's own rule
        total += emphasis if total > 0 else -emphasis if total < 0 else 0
        if positive > -negative:
            positive += emphasis
        elif positive < -negative:
            negative -= emphasis
    n_neutral = len(valences) - len(found)
    weight = positive - negative + n_neutral
    compound: float = round(library.module.normalize(total), 4)
    return compound, round(positive / weight, 3), round(abs(negative / weight), 3), round(n_neutral / weight, 3)


# ---------------------------------------------------------------- neutral terms


class NeutralTerms:
    """Words and phrases that name a matter rather than judge it, and so must not count as tone.

    ``terms`` are matched whole, whatever their case; a trailing ``*`` makes a term's last word a prefix.
    """

    def __init__(self, terms: Iterable[str]) -> None:
        """Compile the terms; blank ones are left out."""
        self.terms = tuple(sorted({" ".join(term.lower().split()) for term in terms} - {"", "*"}))
        opening = {term.split()[0] for term in self.terms}
        prefixes = tuple(term[:-1] for term in opening if term.endswith("*"))
        self._may_open = Memo(lambda word: word in opening or word.startswith(prefixes))
        forms = "|".join(_term_pattern(term) for term in sorted(self.terms, key=len, reverse=True))
        self._pattern = re.compile(rf"(?<!\S)(?:{forms})(?!\S)") if self.terms else None

    def mask(self, lowered: Sequence[str]) -> frozenset[int]:
        """Return the indices of the words that belong to a term."""
        if self._pattern is None or not any(map(self._may_open.__getitem__, lowered)):
            return frozenset()
        line = " ".join(lowered)
        spans = ((line.count(" ", 0, m.start()), m.group().count(" ") + 1) for m in self._pattern.finditer(line))
        return frozenset(chain.from_iterable(range(first, first + n) for first, n in spans))


def _term_pattern(term: str) -> str:
    return re.escape(term[:-1]) + r"\S*" if term.endswith("*") else re.escape(term)


def read_neutral(text: str, terms: NeutralTerms) -> Reading:
    """Return VADER's reading of a sentence in which the words of neutral terms say nothing."""
    plain = read(text)
    masked = terms.mask(plain.words)
    if not masked:
        return plain
    text = _spelt(text)
    return _score(text, text.split(), masked)
