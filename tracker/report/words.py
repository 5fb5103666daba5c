"""Distinctive words: which words and pairs of words one group of stories uses more than another.

Log-odds with an informative Dirichlet prior (Monroe, Colaresi and Quinn 2008, Fightin' Words,
doi:10.1093/pan/mpn018, eqs. 15 to 22): a word's odds in each group, with the pooled counts of both groups as
prior, so that function words, common in both, and words too rare to tell fall back to no difference.

Their variance takes every use of a word for an independent observation, but a word comes in bursts: one
story may hold "caravan" thirty times. The unit here is the story, so the variance is the larger of theirs
and of the one over stories (linearised, as for a ratio in a cluster sample; Cochran 1977, Sampling
Techniques, ch. 6). ``q`` is Benjamini and Hochberg's (1995) over all words that were tested.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import special
from statsmodels.stats.multitest import multipletests

from tracker.report.word_masks import Masks, people_in

MIN_STORIES, MIN_DAYS = 3, 2  # of the group: one story, or one day's event, is no habit
MIN_OUTLETS = 2  # of a group of several: what one outlet alone writes is its house style
PRIOR_SHARE = 0.1  # of the pooled counts: the prior weighs a tenth of what was counted
ALPHA = 0.05  # false discovery rate that ``is_distinctive`` allows
#: Terms kept in memory for a group, about 300 bytes each; past it the rarest go (Manku and Motwani 2002).
MAX_TERMS = 500_000
#: Lines remembered so that a line printed again counts once; past it the memory starts afresh.
MAX_LINES = 1_000_000

Side = Literal["first", "second"]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryText:
    """One story's words to be counted. Its lines stand apart: no pair of words reaches over a line's end."""

    story: str
    outlet: str
    day: date | None
    text: str
    authors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How often a word stands in a group of stories."""

    uses: int
    stories: int
    days: int
    outlets: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DistinctiveWord:
    """A word or pair of words with what tells the groups apart; ``log_odds`` above 0 leans to the first."""

    word: str
    side: Side
    log_odds: float
    z: float
    q: float
    first: Count
    second: Count

    @property
    def is_distinctive(self) -> bool:
        """Whether the difference holds at a false discovery rate of 5 %."""
        return self.q <= ALPHA


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupSize:
    """What was counted of a group."""

    stories: int
    days: int
    outlets: int
    words: int
    is_pruned: bool  # some rare words were dropped to bound memory: counts may fall short by a few stories


@dataclass(frozen=True, slots=True, kw_only=True)
class DistinctiveWords:
    """The words tested, the clearest first on each side."""

    first: GroupSize
    second: GroupSize
    words: tuple[DistinctiveWord, ...]

    def of(self, side: Side, limit: int = 30) -> tuple[DistinctiveWord, ...]:
        """Return the clearest words of one side that are distinctive."""
        return tuple([word for word in self.words if word.side == side and word.is_distinctive][:limit])


def distinctive_words(
    first: Iterable[StoryText], second: Iterable[StoryText], *, outlet_names: Iterable[str] = ()
) -> DistinctiveWords:
    """Return the words that tell two groups of stories apart, of those used in enough stories on enough days.

    Texts are read one at a time. Stories should come by day: days are counted as they change. A line that
    was seen before in the same group is not counted again: it is furniture of the page or a copy.
    """
    masks = Masks(outlet_names)
    counts = (_Counts(masks), _Counts(masks))
    for tally, stories in zip(counts, (first, second), strict=True):
        for story in stories:
            tally.add(story)
    found = [row for n in (1, 2) for row in _compare(counts[0], counts[1], n)]
    return DistinctiveWords(
        first=counts[0].size(), second=counts[1].size(), words=tuple(_with_q(found)) if found else ()
    )


@dataclass(slots=True)
class _Tally:
    """What is remembered of one term in one group."""

    uses: int = 0
    stories: int = 0
    days: int = 0
    outlets: int = 0  # as bits
    last_day: int = 0
    squares: int = 0  # sum over stories of uses²
    products: int = 0  # sum over stories of uses × the story's length


_NOTHING = _Tally()


class _Counts:
    """Counts of one group, a story at a time. Lengths are kept apart for words (1) and pairs (2)."""

    def __init__(self, masks: Masks) -> None:
        self._masks = masks
        self.terms: tuple[dict[str, _Tally], dict[str, _Tally]] = ({}, {})
        self.total = [0, 0]
        self.squares = [0, 0]  # sum over stories of length²
        self.stories = 0
        self._outlets: dict[str, int] = {}
        self._day: date | None = None
        self._n_days = 0
        self._lines: set[int] = set()
        self._floor = 1
        self._is_pruned = False

    def add(self, story: StoryText) -> None:
        """Count one story."""
        self.stories += 1
        if story.day is not None and story.day != self._day:
            self._day, self._n_days = story.day, self._n_days + 1
        bit = 1 << self._outlets.setdefault(story.outlet, len(self._outlets))
        uses: tuple[dict[str, int], dict[str, int]] = ({}, {})
        people = people_in(story.text, story.authors)
        for line in self._fresh(story.text):
            for run in self._masks.runs(line, people):
                for word in self._masks.words(run):
                    uses[0][word] = uses[0].get(word, 0) + 1
                for pair in self._masks.pairs(run):
                    uses[1][pair] = uses[1].get(pair, 0) + 1
        for kind in (0, 1):
            self._merge(kind, uses[kind], bit, self._n_days if story.day is not None else 0)

    def _merge(self, kind: int, uses: dict[str, int], bit: int, day: int) -> None:
        length = sum(uses.values())
        self.total[kind] += length
        self.squares[kind] += length * length
        terms = self.terms[kind]
        for term, n in uses.items():
            tally = terms.get(term)
            if tally is None:
                tally = terms[term] = _Tally()
            tally.uses += n
            tally.stories += 1
            tally.squares += n * n
            tally.products += n * length
            tally.outlets |= bit
            if day > tally.last_day:
                tally.last_day, tally.days = day, tally.days + 1
        if len(terms) > MAX_TERMS:
            self._prune(terms)

    def _prune(self, terms: dict[str, _Tally]) -> None:
        self._is_pruned = True
        while len(terms) > MAX_TERMS // 2:
            for term in [term for term, tally in terms.items() if tally.stories <= self._floor]:
                del terms[term]
            self._floor += len(terms) > MAX_TERMS // 2

    def _fresh(self, text: str) -> Iterable[str]:
        for line in text.splitlines():
            key = hash(line.strip())
            if key not in self._lines:
                if len(self._lines) >= MAX_LINES:
                    self._lines.clear()
                self._lines.add(key)
                yield line

    def size(self) -> GroupSize:
        """Return what was counted."""
        return GroupSize(
            stories=self.stories,
            days=self._n_days,
            outlets=len(self._outlets),
            words=self.total[0],
            is_pruned=self._is_pruned,
        )

    def is_enough(self, tally: _Tally) -> bool:
        """Whether a term is used widely enough in this group to be called its own."""
        n_outlets = tally.outlets.bit_count()
        wide = n_outlets >= min(MIN_OUTLETS, len(self._outlets))
        return wide and tally.stories >= MIN_STORIES and tally.days >= MIN_DAYS


def _compare(first: _Counts, second: _Counts, n: int) -> Iterable[DistinctiveWord]:
    """Yield the words (``n`` 1) or pairs (2) that are tested, ``q`` not yet set."""
    ones, others = first.terms[n - 1], second.terms[n - 1]
    terms = [
        term
        for term in ones.keys() | others.keys()
        if first.is_enough(ones.get(term, _NOTHING)) or second.is_enough(others.get(term, _NOTHING))
    ]
    if not terms or not first.total[n - 1] or not second.total[n - 1]:
        return
    terms.sort()
    pairs = [[counts.get(term, _NOTHING) for term in terms] for counts in (ones, others)]
    uses = np.array([[tally.uses for tally in tallies] for tallies in pairs], dtype=float)
    prior = PRIOR_SHARE * uses.sum(axis=0)
    prior_total = PRIOR_SHARE * (first.total[n - 1] + second.total[n - 1])
    odds, variances = [], []
    for row, counts in enumerate((first, second)):
        mass, total = uses[row] + prior, counts.total[n - 1] + prior_total
        odds.append(np.log(mass / (total - mass)))
        variances.append(np.maximum(1 / mass, _over_stories(pairs[row], counts, n) / mass**2))
    log_odds = odds[0] - odds[1]
    z = log_odds / np.sqrt(variances[0] + variances[1])
    for i, term in enumerate(terms):
        tally, group = (pairs[0][i], first) if z[i] > 0 else (pairs[1][i], second)
        if group.is_enough(tally):
            yield DistinctiveWord(
                word=term,
                side="first" if z[i] > 0 else "second",
                log_odds=float(log_odds[i]),
                z=float(z[i]),
                q=1.0,
                first=_count(pairs[0][i]),
                second=_count(pairs[1][i]),
            )


def _over_stories(tallies: list[_Tally], counts: _Counts, n: int) -> Floats:
    """Return the variance of each term's uses with stories as clusters: sum of (uses − share × length)²."""
    uses, squares, products = (
        np.array([getattr(tally, name) for tally in tallies], dtype=float) for name in ("uses", "squares", "products")
    )
    share = uses / counts.total[n - 1]
    variance: Floats = squares - 2 * share * products + share**2 * counts.squares[n - 1]
    return variance * counts.stories / max(counts.stories - 1, 1)


def _with_q(words: list[DistinctiveWord]) -> Iterable[DistinctiveWord]:
    p = 2 * special.ndtr(-np.abs([word.z for word in words]))
    adjusted = multipletests(p, method="fdr_bh")[1]
    ranked = sorted(zip(words, adjusted.tolist(), strict=True), key=lambda pair: (-abs(pair[0].z), pair[0].word))
    for word, q in ranked:
        yield DistinctiveWord(
            word=word.word,
            side=word.side,
            log_odds=word.log_odds,
            z=word.z,
            q=q,
            first=word.first,
            second=word.second,
        )


def _count(tally: _Tally) -> Count:
    return Count(uses=tally.uses, stories=tally.stories, days=tally.days, outlets=tally.outlets.bit_count())
