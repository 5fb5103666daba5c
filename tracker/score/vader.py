"""VADER on one sentence, exactly as the library scores it, without the work that cannot change the answer.

VADER: Hutto, C. J. & Gilbert, E. E. (2014), "VADER: A Parsimonious Rule-based Model for Sentiment Analysis
of Social Media Text", ICWSM-14. Every rule is the library's own method. What is spared is its
per-character emoji loop where the text has no emoji, the rules on words that are not in the lexicon (their
valence is nought), and the rules on words near which no rule applies (they look at most three words back
and two ahead). ``tests/property/test_vader.py`` holds it to the library.
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
from typing import Any

_WORDS_BEFORE = 3  # the farthest that a rule of the library looks back from a word
_WORDS_AFTER = 2  # and ahead of it
_EMOTICON = 2  # characters
_LONE_MODIFIERS = ("no", "this", "least")  # words that the library's rules name in passing
_CACHED_SENTENCES = 4_096  # several articles' worth: three scorers read the same sentences in turn


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
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
    modifiers: frozenset[str]


@cache
def _library() -> _Library:
    module = import_module("vaderSentiment.vaderSentiment")  # on first use: it reads two files
    phrases = (phrase for phrase in (*module.SPECIAL_CASES, *module.BOOSTER_DICT))
    rarest = {max(phrase.split(), key=len) for phrase in phrases}  # no phrase without its longest word
    modifiers = frozenset({*module.NEGATE, *module.BOOSTER_DICT, *rarest, *_LONE_MODIFIERS})
    return _Library(module=module, analyzer=module.SentimentIntensityAnalyzer(), modifiers=modifiers)


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
    text, words, is_cap_diff = _tokens(text)
    return _score(text, words, is_cap_diff=is_cap_diff)


def _tokens(text: str) -> tuple[str, list[str], bool]:
    library = _library()
    if not (text.isascii() or library.analyzer.emojis.keys().isdisjoint(text)):  # no emoji is ASCII
        text = _spell_emoji(text, library.analyzer.emojis)
    text = text.strip()
    words = [word if word.isalnum() else _bare(word) for word in text.split()]
    n_capitals = sum(map(str.isupper, words))
    return text, words, 0 < n_capitals < len(words)


def _bare(word: str) -> str:
    """Strip punctuation around a word, unless so little is left that it may be an emoticon: the library's rule."""
    stripped = word.strip(string.punctuation)
    return word if len(stripped) <= _EMOTICON else stripped


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


def _score(text: str, words: list[str], *, is_cap_diff: bool) -> Reading:
    library = _library()
    lowered = [word.lower() for word in words]
    valences: list[float] = [0.0] * len(words)
    hits = [index for index, word in enumerate(lowered) if word in library.analyzer.lexicon]
    for index in hits:
        valences[index] = _valence(words, lowered, index, is_cap_diff=is_cap_diff)
    if hits and "but" in lowered:
        valences = library.analyzer._but_check(words, valences)  # noqa: SLF001 - the library's own rule
    if any(valences):
        shares = library.analyzer.score_valence(valences, text)
    else:  # nothing to squash: the library answers wholly neutral, or all noughts for no words
        shares = {"compound": 0.0, "pos": 0.0, "neg": 0.0, "neu": 1.0 if words else 0.0}
    return Reading(
        words=tuple(lowered),
        valences=tuple(valences),
        compound=shares["compound"],
        positive_share=shares["pos"],
        negative_share=shares["neg"],
        neutral_share=shares["neu"],
    )


def _valence(words: list[str], lowered: list[str], index: int, *, is_cap_diff: bool) -> float:
    """Return the valence of the lexicon word at ``index``, by the library's rules on the words around it."""
    library = _library()
    first, after = max(0, index - _WORDS_BEFORE), index + _WORDS_AFTER + 1
    nearby = lowered[first:after]
    is_plain = library.modifiers.isdisjoint(nearby) and not any("n't" in word for word in nearby)
    if is_plain and not (is_cap_diff and words[index].isupper()):
        return library.analyzer.lexicon[lowered[index]]  # type: ignore[no-any-return]
    if lowered[index] in library.module.BOOSTER_DICT:
        return 0.0
    if lowered[index] == "kind" and lowered[index + 1 : index + 2] == ["of"]:
        return 0.0
    window = _Window(words[first:after], is_cap_diff)
    found: list[float] = library.analyzer.sentiment_valence(0, window, words[index], index - first, [])
    return found[0]


# ---------------------------------------------------------------- neutral terms


class NeutralTerms:
    """Words and phrases that name a matter rather than judge it, and so must not count as tone.

    ``terms`` are matched whole, whatever their case; a trailing ``*`` makes a term's last word a prefix.
    """

    def __init__(self, terms: Iterable[str]) -> None:
        """Compile the terms; blank ones are left out."""
        self.terms = tuple(sorted({" ".join(term.lower().split()) for term in terms} - {"", "*"}))
        self._first_words = frozenset(term.split()[0] for term in self.terms)
        self._has_prefix = any(term.endswith("*") for term in self.terms)
        forms = "|".join(_term_pattern(term) for term in sorted(self.terms, key=len, reverse=True))
        self._pattern = re.compile(rf"(?<!\S)(?:{forms})(?!\S)") if self.terms else None

    def mask(self, lowered: Sequence[str]) -> frozenset[int]:
        """Return the indices of the words that belong to a term."""
        is_absent = self._first_words.isdisjoint(lowered) and not self._has_prefix
        if self._pattern is None or is_absent:
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
    text, words, is_cap_diff = _tokens(text)
    kept = ["" if index in masked else word for index, word in enumerate(words)]
    return _score(text, kept, is_cap_diff=is_cap_diff)
