"""The seed language: words and phrases as data, compiled once to one automaton.

A seed is written in plain words:

``public safety``
    whole words in this order; anything but letters and digits may part them, save a comma, semicolon, colon,
    question or exclamation mark: those end a phrase
``prosecut*``
    a trailing ``*`` makes any word a prefix, also inside a phrase (``tax* break*``)
``judge ~5 block*``
    both, in either order, at most five words apart, in one sentence (neighbours are one word apart; of several
    the nearest);
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
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

import numpy as np
from ahocorasick_rs import AhoCorasick, MatchKind

from tracker.errors import ConfigError
from tracker.score.row import WORD, Places, Row, fold, read_row, word_end

_SEED_WORD = re.compile(rf"({WORD})(\*?)")
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


class Hits(NamedTuple):
    """Hits in a text: of each the number of its span and of its seed, and its offsets; by start, longest first."""

    spans: Places
    seeds: Places
    starts: Places
    ends: Places


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
        plain: dict[int, list[int]] = {}
        # By its first phrase, each seed with its phrases: only seeds that may fire are looked at.
        self._near: dict[int, list[tuple[int, tuple[int, ...]]]] = {}
        for number, seed in enumerate(self.seeds):
            chain = tuple(numbers[phrase] for phrase in seed.phrases)
            if seed.distances:
                self._near.setdefault(chain[0], []).append((number, chain))
            else:
                plain.setdefault(chain[0], []).append(number)
        # Of each phrase the seeds that it is all of; -1 where there are no more. The last row is of no phrase, -1.
        self._seeds = np.full((len(numbers) + 1, max(map(len, plain.values()), default=0)), -1, np.intp)
        for phrase_number, whole in plain.items():
            self._seeds[phrase_number, : len(whole)] = whole
        self._is_near = np.zeros(len(numbers) + 1, bool)
        self._is_near[[number for found in self._near.values() for _, chain in found for number in chain]] = True
        ended: dict[str, int] = {}  # anchor → the phrase that ends with the anchor's last word, none: -1
        going_on: dict[str, list[int]] = {}  # anchor → phrases of which it is the beginning alone
        for phrase, number in numbers.items():
            for anchor in _anchors(phrase):
                ended.setdefault(anchor, -1)
                if any(phrase.prefixes[:-1]):
                    going_on.setdefault(anchor, []).append(number)
                else:
                    ended[anchor] = number
        self._ended = np.array(list(ended.values()), np.intp)
        self._is_whole = np.array([anchor[-1] in " ," for anchor in ended], bool)
        self._going_on = {number: going_on[anchor] for number, anchor in enumerate(ended) if anchor in going_on}
        self._automaton = AhoCorasick(list(ended), matchkind=MatchKind.Standard)

    def find(self, text: str) -> list[Hit]:
        """Return all hits in one sentence, overlapping ones too, by start, longest first."""
        _, *found = self.find_within(text, [(0, len(text))])
        return [Hit(*hit) for hit in zip(*(column.tolist() for column in found), strict=True)]

    def find_within(self, text: str, spans: Sequence[tuple[int, int]]) -> Hits:
        """Return the hits that lie inside one of the spans (sentences), in text order.

        ``spans`` are in order and do not overlap. Offsets are into ``text``.
        """
        row = read_row(text)
        phrases, firsts, lasts = self._find_phrases(row)
        begins, stops = row.offsets(firsts), row.offsets(lasts)
        bounds = np.array((*spans, (len(text), len(text))), np.intp)  # never without one
        within = np.searchsorted(bounds[:, 0], begins, side="right") - 1
        is_in = (within >= 0) & (stops <= bounds[within, 1])
        seeds = self._seeds[phrases]
        at, nth = np.nonzero((seeds >= 0) & is_in[:, np.newaxis])
        hits = Hits(within[at], seeds[at, nth], begins[at], stops[at])
        is_near = is_in & self._is_near[phrases]
        if near := self._find_near(np.column_stack((within, phrases, firsts, lasts))[is_near].tolist(), row):
            spans_near, seeds_near, firsts, lasts = np.array(near, np.intp).T
            more = Hits(spans_near, seeds_near, row.offsets(firsts), row.offsets(lasts))
            hits = Hits(*map(np.concatenate, zip(hits, more, strict=True)))
        order = np.lexsort((hits.seeds, -hits.ends, hits.starts))
        return Hits(*(column[order] for column in hits))

    def _find_phrases(self, row: Row) -> tuple[Places, Places, Places]:
        """Return phrases that stand in a row, -1 for none, and where in it each begins and ends."""
        matches = self._automaton.find_matches_as_indexes(row.joined, overlapping=True)
        anchors, blanks, ends = np.fromiter(chain.from_iterable(matches), np.intp).reshape(-1, 3).T
        phrases = self._ended[anchors]
        lasts = row.ends[np.searchsorted(row.ends, ends - self._is_whole[anchors])]
        more = [
            (phrase, blank, end)
            for anchor, blank, _ in matches
            for phrase in self._going_on.get(anchor, ())
            if (end := _phrase_end(self._phrases[phrase], row.joined, blank))
        ]
        if more:
            more_phrases, more_blanks, more_lasts = np.array(more, np.intp).T
            phrases = np.concatenate((phrases, more_phrases))
            blanks = np.concatenate((blanks, more_blanks))
            lasts = np.concatenate((lasts, more_lasts))
        return phrases, blanks + 1, lasts

    def _find_near(self, found: Iterable[Sequence[int]], row: Row) -> list[tuple[int, int, int, int]]:
        """Return span, seed and place in the row of seeds of several phrases, of phrases' spans and places."""
        places: dict[int, dict[int, list[tuple[int, int]]]] = {}
        for span, phrase, first, last in found:
            places.setdefault(span, {}).setdefault(phrase, []).append((first, last))
        hits = []
        for span, there in places.items():
            for seed, phrases in [pair for phrase in there for pair in self._near.get(phrase, ())]:
                if all(phrase in there for phrase in phrases):
                    pairs = there[phrases[0]]
                    for distance, phrase in zip(self.seeds[seed].distances, phrases[1:], strict=True):
                        pairs = _near_pairs(pairs, there[phrase], distance, row.joined)
                    hits += [(span, seed, first, last) for first, last in pairs]
        return hits


def _phrase_end(phrase: Phrase, joined: str, blank: int) -> int:
    """Return where a phrase ends that begins after ``blank``, or 0 where it does not stand there."""
    at = blank
    for word, is_prefix in zip(phrase.words, phrase.prefixes, strict=True):
        if not joined.startswith(word, at + 1) or joined[at] != " ":
            return 0
        at += 1 + len(word)
        if is_prefix:
            at = word_end(joined, at)
        elif joined[at] not in " ,":
            return 0
    return at


def _near_pairs(
    left: Sequence[tuple[int, int]], right: Sequence[tuple[int, int]], distance: int, joined: str
) -> list[tuple[int, int]]:
    """Return the ranges of each place on the left with the nearest on the right, before it and after it.

    Both are at most ``distance`` words apart. Nearest alone: else a hostile text that repeats both words would
    cost quadratic time, and a seed counts once a sentence anyway.
    """
    begins, ends = [first for first, _ in right], [last for _, last in right]
    pairs = set()
    for first, last in left:
        after = bisect_left(begins, last)
        if after < len(right) and joined.count(" ", last, begins[after]) <= distance:
            pairs.add((first, ends[after]))
        before = bisect_right(ends, first) - 1
        if before >= 0 and joined.count(" ", ends[before], first) <= distance:
            pairs.add((begins[before], last))
    return sorted(pairs)
