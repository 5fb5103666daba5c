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
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from itertools import chain
from typing import Any, NamedTuple, cast

from tracker.score.memo import Memo

_WORDS_BEFORE = 3  # the farthest that a rule of the library looks back from a word
_WORDS_AFTER = 2  # and ahead of it
_EMOTICON = 2  # characters
_MAYBE_EMOJI = re.compile("[\xa9\xae\u203c-\U0010ffff]")  # ©, ® and what lies beyond news's punctuation
_LONE_MODIFIERS = ("no", "this", "least")  # words that the library's rules name in passing
_LONE_WORDS = ("at", "but", "doubt", "of", "so", "very")  # and that matter beside others alone
# Kinds of words to the rules: of the lexicon and in capitals; what changes the valence of those around it.
_SHOUTED, _MODIFIER = 1, 2
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
    """The library's module, its one analyzer, and what it knows of a word.

    ``inert`` tells of a word that it has no valence and stands in no rule. ``words`` gives, of what stands between
    white space, the word in lower case, its valence in the lexicon (0 where it is not there; no word has 0), and
    the kind of word that it is to the rules.
    """

    module: Any
    analyzer: Any
    is_inert: Memo[bool]
    words: Memo[tuple[str, float, int]]


@cache
def _library() -> _Library:
    module = import_module("vaderSentiment.vaderSentiment")  # on first use: it reads two files
    analyzer = module.SentimentIntensityAnalyzer()
    phrases = [phrase.split() for phrase in (*module.SPECIAL_CASES, *module.BOOSTER_DICT)]
    rarest = {max(phrase, key=len) for phrase in phrases}  # no phrase without its longest word
    modifiers = frozenset({*module.NEGATE, *module.BOOSTER_DICT, *rarest, *_LONE_MODIFIERS})
    in_rules = modifiers | set(chain.from_iterable(phrases)) | set(_LONE_WORDS)

    def word(piece: str) -> tuple[str, float, int]:
        bare = _bare(piece)
        lowered = bare.lower()
        valence = analyzer.lexicon.get(lowered, 0.0)
        kind = _MODIFIER if lowered in modifiers or "n't" in lowered else _SHOUTED if valence and bare.isupper() else 0
        return lowered, valence, kind

    def is_inert(lowered: str) -> bool:
        return lowered not in analyzer.lexicon and lowered not in in_rules and "n't" not in lowered

    return _Library(module=module, analyzer=analyzer, is_inert=Memo(is_inert), words=Memo(word))


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


_readings: dict[str, Reading] = {}  # of the latest sentences: three scorers read the same ones in turn


def forget() -> None:
    """Forget the sentences read: for measuring."""
    _readings.clear()


def read(text: str) -> Reading:
    """Return VADER's reading of one sentence; ``compound`` and shares equal the library's to the last digit."""
    return read_all([text])[0]


def read_all(texts: Sequence[str]) -> list[Reading]:
    """Return VADER's readings of sentences."""
    found = list(map(_readings.get, texts))
    if None in found:
        new = list({text: None for text, reading in zip(texts, found, strict=True) if reading is None})
        readings = dict(zip(new, _read_new(new), strict=True))
        found = [readings[text] if reading is None else reading for text, reading in zip(texts, found, strict=True)]
        if len(_readings) + len(new) > _CACHED_SENTENCES:
            _readings.clear()
        _readings.update(readings)
    return cast("list[Reading]", found)


def _read_new(texts: Sequence[str]) -> Iterator[Reading]:
    spelt = list(map(_spelt, texts))
    rows = [text.split() for text in spelt]
    found = list(map(_library().words.__getitem__, chain.from_iterable(rows)))
    lowered, valences, kinds = zip(*found, strict=True) if found else ((), (), ())
    after = 0
    for text, pieces in zip(spelt, rows, strict=True):
        first, after = after, after + len(pieces)
        yield _score(text, pieces, lowered[first:after], valences[first:after], kinds[first:after])


def _bare(word: str) -> str:
    """Strip punctuation around a word, unless so little is left that it may be an emoticon: the library's rule."""
    stripped = word.strip(string.punctuation)
    return word if len(stripped) <= _EMOTICON else stripped


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


def _score(
    text: str, pieces: list[str], lowered: tuple[str, ...], valences: tuple[float, ...], kinds: tuple[int, ...]
) -> Reading:
    """Return the reading of a sentence, given the pieces between white space and what the library knows of each."""
    if not any(valences):
        return Reading(lowered, valences, 0.0, 0.0, 0.0, 1.0 if lowered else 0.0)
    if any(kinds):
        valences = _by_rules(pieces, lowered, valences, kinds)
    if "but" in lowered:
        valences = tuple(_library().analyzer._but_check(lowered, list(valences)))  # noqa: SLF001 - the library's own
    if not any(valences):
        return Reading(lowered, valences, 0.0, 0.0, 0.0, 1.0)
    return Reading(lowered, valences, *_squash(valences, text))


def _by_rules(
    pieces: list[str], lowered: tuple[str, ...], valences: tuple[float, ...], kinds: tuple[int, ...]
) -> tuple[float, ...]:
    """Return the lexicon's valences as the library's rules on the words around each change them."""
    library = _library()
    found = list(valences)
    is_cap_diff = 0 < sum(map(str.isupper, pieces)) < len(pieces)  # some words but not all are in capitals
    for index in [index for index, valence in enumerate(valences) if valence]:
        first, after = max(0, index - _WORDS_BEFORE), index + _WORDS_AFTER + 1
        is_plain = _MODIFIER not in kinds[first:after]
        if is_plain and not (is_cap_diff and pieces[index].isupper()):
            continue
        is_silent = lowered[index] in library.module.BOOSTER_DICT
        if is_silent or (lowered[index] == "kind" and lowered[index + 1 : index + 2] == ("of",)):
            found[index] = 0.0
        else:
            words = [
                _bare(piece) if low else ""
                for piece, low in zip(pieces[first:after], lowered[first:after], strict=True)
            ]
            window = _Window(words, is_cap_diff)
            found[index] = library.analyzer.sentiment_valence(0, window, words[index - first], index - first, [])[0]
    return tuple(found)


def _squash(valences: Sequence[float], text: str) -> tuple[float, float, float, float]:
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
    is_inert = _library().is_inert
    if all(is_inert[plain.words[index]] for index in masked):
        return plain
    text = _spelt(text)
    pieces = text.split()
    words = list(map(_library().words.__getitem__, pieces))
    for index in masked:
        words[index] = ("", 0.0, 0)
    lowered, valences, kinds = zip(*words, strict=True)
    return _score(text, pieces, lowered, valences, kinds)
