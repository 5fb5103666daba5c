"""The seed language: words and phrases as data, compiled once to one automaton.

A seed is written in plain words:

``public safety``
    whole words in this order; white space, hyphens, apostrophes, quotation marks and full stops may part
    them, other punctuation may not
``prosecut*``
    a trailing ``*`` makes any word a prefix, also inside a phrase (``tax* break*``)
``judge ~5 block*``
    both, in either order, at most five words apart, in one sentence (neighbours are one word apart);
    ``not ~3 file ~4 taxes`` asks for a third within four words of the stretch that the two take up

Case does not matter, nor do typographic apostrophes and hyphens: a text is read as a row of words, each
folded by itself, and offsets are those of the words as written. So folding may change a word's length
(``İ``) without moving an offset, and ``’`` and ``'`` are one thing.

All seeds go into one Aho-Corasick automaton (Aho and Corasick 1975, doi:10.1145/360825.360855), so the
cost of a text grows with its length and its hits, not with the number of seeds.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from ahocorasick_rs import AhoCorasick, MatchKind

from tracker.errors import ConfigError

#: A word is a run of letters and digits with the combining marks (U+0300–U+036F) that belong to them.
_WORD = r"[^\W_][^\W_\u0300-\u036f]*(?:[\u0300-\u036f]+[^\W_]*)*"
#: Punctuation that ends a phrase: a comma between two words means that they are not one name.
_BREAKS = ",;:!?…()[]{}—"
_TOKEN = re.compile(rf"({_WORD}|[{re.escape(_BREAKS)}])")
_SEED_WORD = re.compile(rf"({_WORD})(\*?)")
_NEARNESS = re.compile(r"\s~(\d+)\s")
#: Shorter prefixes would match everything.
_MIN_PREFIX = 2
#: Beyond a sentence's length nearness says nothing.
_MAX_NEARNESS = 30
#: More conditions than that are a query, not a seed.
_MAX_CHAIN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """Words in a row; ``prefixes`` says of each whether it stands for every word that starts so."""

    words: tuple[str, ...]
    prefixes: tuple[bool, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seed:
    """A parsed seed: one phrase, or several of which each stands within a distance of those before it.

    ``distances[i]`` parts ``phrases[i]`` and ``phrases[i + 1]`` at most, in words.
    """

    source: str
    phrases: tuple[Phrase, ...]
    distances: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """Where a seed was found: its number, and half-open code-point offsets into the text as given."""

    seed: int
    start: int
    end: int


def fold(word: str) -> str:
    """Return the form in which words are compared: NFC, case folded."""
    return word.casefold() if word.isascii() else unicodedata.normalize("NFC", word.casefold())


def parse_seed(source: str) -> Seed:
    """Read one seed. Raises ConfigError, naming the seed, where it is not in the language."""
    parts = _NEARNESS.split(source)
    distances = tuple(map(int, parts[1::2]))
    if len(distances) > _MAX_CHAIN:
        raise ConfigError(f"seed {source!r}: at most {_MAX_CHAIN} ~N in one seed; split it into several")
    for distance in distances:
        if not 1 <= distance <= _MAX_NEARNESS:
            raise ConfigError(f"seed {source!r}: ~{distance} must lie between ~1 and ~{_MAX_NEARNESS}")
    phrases = tuple(_parse_phrase(part, source) for part in parts[::2])
    return Seed(source=source, phrases=phrases, distances=distances)


def _parse_phrase(text: str, source: str) -> Phrase:
    found = _SEED_WORD.findall(text)
    leftover = re.sub(r"[\s.'’‘\-‐‑–&/]", "", _SEED_WORD.sub("", text))
    if not found or leftover:
        raise ConfigError(
            f"seed {source!r}: expected words, a trailing * on a word, or 'a ~5 b'"
            + (f"; cannot read {leftover!r}" if leftover else "; there is no word in it")
        )
    for word, star in found:
        if star and len(word) < _MIN_PREFIX:
            raise ConfigError(f"seed {source!r}: {word}* is too short a prefix")
    return Phrase(words=tuple(fold(word) for word, _ in found), prefixes=tuple(bool(star) for _, star in found))


def _anchor(phrase: Phrase) -> str:
    """Return the text to look for: the phrase up to its first prefix word, between word boundaries."""
    until = phrase.prefixes.index(True) + 1 if any(phrase.prefixes) else len(phrase.words)
    return " " + " ".join(phrase.words[:until]) + ("" if phrase.prefixes[until - 1] else " ")


class _Words:
    """A text as a row of folded tokens (words and breaks), with the way back to its offsets.

    ``joined`` has every token between blanks. Splitting and summing run in C: this is the hot path.
    """

    __slots__ = ("_joined_ends", "_text_ends", "joined", "tokens")

    def __init__(self, text: str) -> None:
        folded = text.casefold()
        is_aligned = len(folded) == len(text) and unicodedata.is_normalized("NFC", folded)
        pieces = _TOKEN.split(folded if is_aligned else text)  # separator, token, separator, token, …
        self.tokens = pieces[1::2] if is_aligned else [fold(token) for token in pieces[1::2]]
        self.joined = f" {' '.join(self.tokens)} "
        self._text_ends = list(accumulate(map(len, pieces)))
        self._joined_ends = list(accumulate((len(token) + 1 for token in self.tokens), initial=0))

    def token_at(self, position: int) -> int:
        """Return the number of the token after the blank at ``position`` of ``joined``."""
        return bisect_left(self._joined_ends, position)

    def start(self, token: int) -> int:
        return self._text_ends[2 * token]

    def end(self, token: int) -> int:
        return self._text_ends[2 * token + 1]

    def word_numbers(self) -> list[int]:
        """Return for every token how many words stand before it: breaks count for nothing."""
        return list(accumulate((token not in _BREAKS for token in self.tokens), initial=0))


class SeedAutomaton:
    """Finds many seeds in a text in one pass. Built once; safe to share between threads."""

    def __init__(self, seeds: Iterable[str]) -> None:
        """Compile ``seeds``; hits carry their position in it. Raises ConfigError for a bad seed."""
        self.seeds = tuple(parse_seed(seed) for seed in seeds)
        numbers: dict[Phrase, int] = {}
        for seed in self.seeds:
            for phrase in seed.phrases:
                numbers.setdefault(phrase, len(numbers))
        self._phrases = tuple(numbers)
        self._plain: tuple[list[int], ...] = tuple([] for _ in numbers)
        self._near: list[tuple[int, tuple[int, ...]]] = []  # seed, its phrases
        for number, seed in enumerate(self.seeds):
            if seed.distances:
                self._near.append((number, tuple(numbers[phrase] for phrase in seed.phrases)))
            else:
                self._plain[numbers[seed.phrases[0]]].append(number)
        self._is_near_part = frozenset(phrase for _, phrases in self._near for phrase in phrases)
        by_anchor: dict[str, list[int]] = {}
        for phrase, number in numbers.items():
            by_anchor.setdefault(_anchor(phrase), []).append(number)
        self._candidates = tuple(by_anchor.values())
        self._automaton = AhoCorasick(list(by_anchor), matchkind=MatchKind.Standard)

    def find(self, text: str) -> list[Hit]:
        """Return all hits in one sentence, overlapping ones too, by start, longest first."""
        words = _Words(text)
        hits: list[Hit] = []
        places: dict[int, list[tuple[int, int]]] = {}  # phrase → first and last token, for nearness
        for anchor, position, _ in self._automaton.find_matches_as_indexes(words.joined, overlapping=True):
            first = words.token_at(position)
            for number in self._candidates[anchor]:
                phrase = self._phrases[number]
                last = first + len(phrase.words) - 1
                if last > first and not _stands_at(phrase, words.tokens, first):
                    continue  # of a single word the automaton has seen all
                hits.extend(Hit(seed, words.start(first), words.end(last)) for seed in self._plain[number])
                if number in self._is_near_part:
                    places.setdefault(number, []).append((first, last))
        if places:
            hits.extend(self._find_near(places, words))
        hits.sort(key=lambda hit: (hit.start, -hit.end, hit.seed))
        return hits

    def _find_near(self, places: dict[int, list[tuple[int, int]]], words: _Words) -> Iterator[Hit]:
        numbers = words.word_numbers()
        for seed, phrases in self._near:
            if not all(phrase in places for phrase in phrases):
                continue
            found = places[phrases[0]]
            for distance, phrase in zip(self.seeds[seed].distances, phrases[1:], strict=True):
                found = _near_pairs(found, places[phrase], distance, numbers)
            for first, last in found:
                yield Hit(seed, words.start(first), words.end(last))


def _stands_at(phrase: Phrase, tokens: Sequence[str], first: int) -> bool:
    there = tokens[first : first + len(phrase.words)]
    return len(there) == len(phrase.words) and all(
        token.startswith(word) if is_prefix else token == word
        for token, word, is_prefix in zip(there, phrase.words, phrase.prefixes, strict=True)
    )


def _near_pairs(
    left: Sequence[tuple[int, int]], right: Sequence[tuple[int, int]], distance: int, numbers: Sequence[int]
) -> list[tuple[int, int]]:
    """Return the token ranges that hold one of each, apart by 1 to ``distance`` words.

    For every place on the left only those within reach on the right are looked at, so that a hostile
    text that repeats both words costs no more than linear time.
    """
    begins = [numbers[first] for first, _ in right]
    length = right[0][1] - right[0][0]
    pairs = set()
    for first, last in left:
        low = bisect_left(begins, numbers[first] - distance - length)
        high = bisect_left(begins, numbers[last] + distance + 1)
        for other_first, other_last in right[low:high]:
            gap = max(numbers[other_first] - numbers[last], numbers[first] - numbers[other_last])
            if gap > 0:
                pairs.add((min(first, other_first), max(last, other_last)))
    return sorted(pairs)


def split_words(text: str) -> list[str]:
    """Return the folded words of a text, as seeds see them."""
    return [token for token in _Words(text).tokens if token not in _BREAKS]
