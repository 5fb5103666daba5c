"""Frame definitions as one automaton, and what their seeds weigh in each sentence of a text.

A sentence's value for a frame is the sum of the weights of the frame's distinct seeds in it; a weight is an
inverse document frequency (``specificity.py``). A hit inside an exclusion of the frame does not count, nor one
inside another hit of it: "court" within "supreme court" is one cue, not two.

Everything is done on arrays over all hits of a text, so that more frames cost little more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from tracker.model import FrameDefinition
from tracker.score.row import Places
from tracker.score.seeds import SeedAutomaton
from tracker.score.specificity import seed_weight

Weights: TypeAlias = NDArray[np.float64]


class FrameHits(NamedTuple):
    """Sentences that hit frames, by frame and then in text order, and the words that they hit them with.

    ``frames``, ``sentences`` (numbers of spans) and ``values`` have one element for each frame that a sentence hits;
    ``hit_frames`` and ``hits`` one for each hit that counts there: the number of its place. ``starts`` and ``ends``
    (offsets into the text) have one for each place: the same words may point to several frames.
    """

    frames: Places
    sentences: Places
    values: Weights
    hit_frames: Places
    hits: Places
    starts: Places
    ends: Places


class FrameSeeds:
    """The seeds and exclusions of frames, compiled."""

    def __init__(self, definitions: Sequence[FrameDefinition]) -> None:
        """Compile the definitions; frames are known by their place. Raises ConfigError for what is no seed."""
        frames: dict[str, list[int]] = {}
        excludes: dict[str, list[int]] = {}
        for number, definition in enumerate(definitions):
            for seed in dict.fromkeys(definition.seeds):
                frames.setdefault(seed, []).append(number)
            for seed in dict.fromkeys(definition.exclude):
                excludes.setdefault(seed, []).append(number)
        sources = tuple(dict.fromkeys((*frames, *excludes)))
        self._automaton = SeedAutomaton(sources)
        self._frames = _table(sources, frames)
        self._excludes = _table(sources, excludes)
        self._weights = np.array([seed_weight(seed) for seed in self._automaton.seeds], np.float64)
        self._thresholds = np.array([definition.threshold for definition in definitions], np.float64)

    def find(self, text: str, spans: Sequence[tuple[int, int]]) -> FrameHits:
        """Return what hits a frame: where the value of a span (sentence) reaches the frame's threshold."""
        found = self._automaton.find_within(text, spans)
        size = len(text) + 1
        frames, at = _expand(self._frames, found.seeds)
        excluding, excluded_at = _expand(self._excludes, found.seeds)
        if len(excluding):
            is_free = ~_is_inside(
                (frames * size + found.starts[at], frames * size + found.ends[at]),
                (excluding * size + found.starts[excluded_at], excluding * size + found.ends[excluded_at]),
            )
            frames, at = frames[is_free], at[is_free]
        order = np.argsort(frames, kind="stable")  # by frame, in it as found: by start, longest first
        frames, at = frames[order], at[order]
        ends = frames * size + found.ends[at]
        is_outer = ends > np.concatenate(([-1], np.maximum.accumulate(ends)[:-1]))
        frames, at = frames[is_outer], at[is_outer]

        spans_hit, seeds = found.spans[at], found.seeds[at]
        is_first = (np.diff(frames, prepend=-1) != 0) | (np.diff(spans_hit, prepend=-1) != 0)
        group = np.cumsum(is_first) - 1
        _, distinct = np.unique(group * len(self._weights) + seeds, return_index=True)
        distinct.sort()
        values = np.bincount(group[distinct], self._weights[seeds[distinct]])
        is_hit = values >= self._thresholds[frames[is_first]]
        counts = is_hit[group]
        places, hits = np.unique(at[counts], return_inverse=True)
        return FrameHits(
            frames=frames[is_first][is_hit],
            sentences=spans_hit[is_first][is_hit],
            values=values[is_hit],
            hit_frames=frames[counts],
            hits=hits,
            starts=found.starts[places],
            ends=found.ends[places],
        )


@lru_cache(maxsize=8)
def frame_seeds(definitions: tuple[FrameDefinition, ...]) -> FrameSeeds:
    """Return the definitions compiled, once in a process: each run sets its scorers up, and few change between two.

    Raises ConfigError for what is no seed.
    """
    return FrameSeeds(definitions)


def _table(sources: Iterable[str], numbers: Mapping[str, Sequence[int]]) -> Places:
    """Return the numbers of each source in a row, filled up with -1."""
    rows = [numbers.get(source, ()) for source in sources]
    table = np.full((len(rows), max(map(len, rows), default=0)), -1, np.intp)
    for row, known in zip(table, rows, strict=True):
        row[: len(known)] = known
    return table


def _expand(table: Places, rows: Places) -> tuple[Places, Places]:
    """Return each number that stands in the given rows of a table, and in which of them it does."""
    there = table[rows]
    at, nth = np.nonzero(there >= 0)
    return there[at, nth], at


def _is_inside(inner: tuple[Places, Places], outer: tuple[Places, Places]) -> NDArray[np.bool_]:
    """Return of each range (starts, ends) whether one of the outer ones holds all of it."""
    order = np.argsort(outer[0], kind="stable")
    starts, reach = outer[0][order], np.maximum.accumulate(outer[1][order])
    before = np.searchsorted(starts, inner[0], side="right") - 1
    held: NDArray[np.bool_] = (before >= 0) & (reach[before] >= inner[1])
    return held
