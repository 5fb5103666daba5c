"""The seed language: words and phrases as data, compiled once to one automaton.

A seed is written in plain words:

``public safety``
    whole words in this order; anything but letters and digits may part them, save a comma, semicolon, colon,
    question or exclamation mark: those end a phrase
``prosecut*``
    a trailing ``*`` makes any word a prefix, also inside a phrase (``tax* break*``)
``judge ~5 block*``
    both, in either order, at most five words apart, in one sentence (neighbours are one word apart);
    ``not ~3 file ~4 taxes`` asks for a third within four words of the stretch that the two take up

Case does not matter, nor do typographic apostrophes and hyphens: a text is read as a row of words, each
folded by itself, and offsets are those of the words as written. So folding may change a word's length
(``İ``) without moving an offset, and ``’`` and ``'`` are one thing.

All seeds go into one Aho-Corasick automaton (Aho and Corasick 1975, doi:10.1145/360825.360855), so the
cost of a text grows with its length and its hits, not with the number of seeds. A whole part of an article
is read in one pass and its hits are then given to its sentences.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind

from tracker.errors import ConfigError

#: A word is a run of letters and digits with the combining marks (U+0300–U+036F) that belong to them.
_WORD = r"[^\W_][^\W_\u0300-\u036f]*(?:[\u0300-\u036f]+[^\W_]*)*"
#: Punctuation that ends a phrase: a comma between two words means that they are not one name.
_BREAKS = ",;:!?"
_TOKEN = re.compile(rf"{_WORD}|[{_BREAKS}]")
_SEED_WORD = re.compile(rf"({_WORD})(\*?)")
_NEARNESS = re.compile(r"\s~(\d+)\s")
#: Shorter prefixes would match everything.
_MIN_PREFIX = 2
#: Beyond a sentence's length nearness says nothing.
_MAX_NEARNESS = 30
#: Longer phrases are quotations, not seeds.
_MAX_WORDS = 12
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


class Hit(NamedTuple):
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
    if len(found) > _MAX_WORDS:
        raise ConfigError(f"seed {source!r}: a phrase has at most {_MAX_WORDS} words")
    for word, star in found:
        if star and len(word) < _MIN_PREFIX:
            raise ConfigError(f"seed {source!r}: {word}* is too short a prefix")
    return Phrase(words=tuple(fold(word) for word, _ in found), prefixes=tuple(bool(star) for _, star in found))


#: Latin-1 in, one byte a character: letters and digits stay, breaks become commas, the rest blanks.
_CLASSES = bytes(
    ord(char) if char.isalnum() else ord(",") if char in _BREAKS else ord(" ") for char in map(chr, range(256))
)
#: Frequent characters outside Latin-1 that part words.
_TYPOGRAPHIC = "’‘“”–—…\u2011\u2010"
_RUN = re.compile(r"[ ,]{2,}|,")
_WORD_END = re.compile(r"[ ,]")


class _Row:
    """A text as a row of folded words, with the way back to its offsets.

    In ``joined`` every word follows one blank, and is followed by a blank or by a comma, which stands for any
    break. So blanks count words.
    """

    __slots__ = ("_at", "_original", "joined")

    def __init__(self, joined: str, at: list[int], original: list[int]) -> None:
        self.joined = joined
        self._at = at  # positions of ``joined`` …
        self._original = original  # … and the offsets of the text that they stand for

    def offset(self, position: int) -> int:
        """Return the offset in the text of the start or end of a word of ``joined``."""
        index = bisect_right(self._at, position) - 1
        return self._original[index] + position - self._at[index]


def _read_row(text: str) -> _Row:
    """Return the text as a row; by whole-text operations where each character folds to one of Latin-1."""
    folded = text.casefold()
    if len(folded) == len(text):
        for char in _TYPOGRAPHIC:
            folded = folded.replace(char, " ")
        try:
            classes = folded.encode("latin-1").translate(_CLASSES).decode("latin-1")
        except UnicodeEncodeError:
            return _read_any_row(text)
        return _join(f" {classes} ")
    return _read_any_row(text)


def _join(classes: str) -> _Row:
    """Make every run of blanks one blank, and every run with a break a comma and a blank."""
    pieces: list[str] = []
    at, original = [0], [-1]
    last = length = 0
    for match in _RUN.finditer(classes):
        start, end = match.span()
        gap = ", " if "," in match.group() else " "
        pieces.append(classes[last:start])
        pieces.append(gap)
        length += start - last + len(gap)
        last = end
        at.append(length)
        original.append(end - 1)
    pieces.append(classes[last:])
    return _Row("".join(pieces), at, original)


def _read_any_row(text: str) -> _Row:
    """Return the text as a row, word by word: for letters beyond Latin-1 and those that fold to several."""
    pieces = [" "]
    at, original = [0], [0]
    length = 1
    for match in _TOKEN.finditer(text):
        token = match.group()
        if token in _BREAKS:
            if pieces[-1] == " ":
                pieces[-1] = ", "
                length += 1
            continue
        word = fold(token)
        at += (length, length + len(word))
        original += match.span()
        pieces += (word, " ")
        length += len(word) + 1
    return _Row("".join(pieces), at, original)


def _anchors(phrase: Phrase) -> tuple[str, ...]:
    """Return what to look for in a row: the phrase up to its first prefix word, with the word's ends."""
    until = phrase.prefixes.index(True) + 1 if any(phrase.prefixes) else len(phrase.words)
    text = " " + " ".join(phrase.words[:until])
    if phrase.prefixes[until - 1]:
        return (text,)
    return (f"{text} ", f"{text},")


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
        # By its first phrase, each seed with its phrases: only seeds that may fire are looked at.
        self._near: dict[int, list[tuple[int, tuple[int, ...]]]] = {}
        for number, seed in enumerate(self.seeds):
            chain = tuple(numbers[phrase] for phrase in seed.phrases)
            if seed.distances:
                self._near.setdefault(chain[0], []).append((number, chain))
            else:
                self._plain[chain[0]].append(number)
        chains = (chain for found in self._near.values() for _, chain in found)
        self._is_near_part = frozenset(phrase for chain in chains for phrase in chain)
        by_anchor: dict[str, list[int]] = {}
        for phrase, number in numbers.items():
            for anchor in _anchors(phrase):
                by_anchor.setdefault(anchor, []).append(number)
        self._candidates = tuple(by_anchor.values())
        self._automaton = AhoCorasick(list(by_anchor), matchkind=MatchKind.Standard)

    def find(self, text: str) -> list[Hit]:
        """Return all hits in one sentence, overlapping ones too, by start, longest first."""
        return self.find_within(text, [(0, len(text))]).get(0, [])

    def find_within(self, text: str, spans: Sequence[tuple[int, int]]) -> dict[int, list[Hit]]:
        """Return the hits inside each of the spans (sentences), in order: number of the span → its hits.

        ``spans`` are in order and do not overlap; a hit that lies in none is left out. Offsets are into
        ``text``, hits of a span by start, longest first.
        """
        row = _read_row(text)
        starts = [start for start, _ in spans]
        found: dict[int, list[Hit]] = {}
        places: dict[int, dict[int, list[tuple[int, int]]]] = {}  # span → phrase → where, for nearness
        for number, first, last in self._find_phrases(row.joined):
            start, end = row.offset(first), row.offset(last)
            span = bisect_right(starts, start) - 1
            if span < 0 or end > spans[span][1]:
                continue
            for seed in self._plain[number]:
                found.setdefault(span, []).append(Hit(seed, start, end))
            if number in self._is_near_part:
                places.setdefault(span, {}).setdefault(number, []).append((first, last))
        for span, there in places.items():
            near = list(self._find_near(there, row))
            if near:
                found.setdefault(span, []).extend(near)
        for hits in found.values():
            hits.sort(key=_by_place)
        return dict(sorted(found.items()))

    def _find_phrases(self, joined: str) -> Iterator[tuple[int, int, int]]:
        """Yield number, start and end of each phrase in a row."""
        for anchor, start, end in self._automaton.find_matches_as_indexes(joined, overlapping=True):
            for number in self._candidates[anchor]:
                prefixes = self._phrases[number].prefixes
                if not any(prefixes):
                    yield number, start + 1, end - 1
                elif prefixes.index(True) == len(prefixes) - 1:
                    yield number, start + 1, _word_end(joined, end)
                else:
                    last = _phrase_end(self._phrases[number], joined, start)
                    if last:
                        yield number, start + 1, last

    def _find_near(self, places: dict[int, list[tuple[int, int]]], row: _Row) -> Iterator[Hit]:
        for seed, chain in [pair for phrase in places for pair in self._near.get(phrase, ())]:
            if not all(phrase in places for phrase in chain):
                continue
            found = places[chain[0]]
            for distance, phrase in zip(self.seeds[seed].distances, chain[1:], strict=True):
                found = _near_pairs(found, places[phrase], distance, row.joined)
            for first, last in found:
                yield Hit(seed, row.offset(first), row.offset(last))


def _by_place(hit: Hit) -> tuple[int, int, int]:
    return hit.start, -hit.end, hit.seed


def _word_end(joined: str, position: int) -> int:
    match = _WORD_END.search(joined, position)
    return match.start() if match else len(joined)


def _phrase_end(phrase: Phrase, joined: str, blank: int) -> int:
    """Return where a phrase ends that begins after ``blank``, or 0 where it does not stand there."""
    at = blank
    for word, is_prefix in zip(phrase.words, phrase.prefixes, strict=True):
        if not joined.startswith(word, at + 1) or joined[at] != " ":
            return 0
        at += 1 + len(word)
        if is_prefix:
            at = _word_end(joined, at)
        elif joined[at] not in " ,":
            return 0
    return at


def _near_pairs(
    left: Sequence[tuple[int, int]], right: Sequence[tuple[int, int]], distance: int, joined: str
) -> list[tuple[int, int]]:
    """Return the ranges that hold one of each, apart by 1 to ``distance`` words.

    Only places within reach are looked at, so that a hostile text that repeats both words costs no more than
    linear time.
    """
    begins = [first for first, _ in right]
    pairs = set()
    for first, last in left:
        low = bisect_left(begins, _words_before(joined, first, distance + _MAX_WORDS))
        high = bisect_right(begins, _words_after(joined, last, distance))
        for other_first, other_last in right[low:high]:
            gap = joined[last:other_first] if other_first >= last else joined[other_last:first]
            is_apart = other_first >= last or other_last <= first
            if is_apart and gap.count(" ") <= distance:
                pairs.add((min(first, other_first), max(last, other_last)))
    return sorted(pairs)


def _words_after(joined: str, position: int, n_words: int) -> int:
    for _ in range(n_words):
        position = joined.find(" ", position) + 1
        if position == 0:
            return len(joined)
    return position


def _words_before(joined: str, position: int, n_words: int) -> int:
    for _ in range(n_words + 1):
        position = joined.rfind(" ", 0, position)
        if position <= 0:
            return 0
    return position


def split_words(text: str) -> list[str]:
    """Return the folded words of a text, as seeds see them."""
    return _read_row(text).joined.replace(",", "").split()
