"""Copies among texts that one already holds, in bounded memory: what ``tracker cluster`` does.

Of each text only its bands, dates and names stay in memory (some 600 bytes); sketches go to a temporary
file and are read back for the pairs that share a band. Pairs within a component that is already joined
are not compared again, which changes nothing about the result: components depend on the edges alone.
"""

from __future__ import annotations

import tempfile
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations, pairwise
from typing import IO

import numpy as np
import numpy.typing as npt

from tracker.copies.agencies import wire_agency
from tracker.copies.clusters import Components, cluster_agency, original_key
from tracker.copies.fingerprint import N_BANDS, N_LEAD_BANDS, compare, fingerprint, overlap
from tracker.model import Fingerprint

_WIDTH = N_BANDS + N_LEAD_BANDS
_BAND_MASK = 0xFFFF_FFFF  # in memory 32 bits of each band: chance meetings are sorted out by comparing
_CACHED_SKETCHES = 4_096  # of the group at hand; groups are mostly pairs


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterRow:
    """A text to be clustered, as ``tracker cluster`` reads it."""

    id: str
    text: str
    title: str = ""
    outlet: str = ""
    published_at: datetime | None = None
    authors: tuple[str, ...] = ()
    credit: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterResult:
    """A text's place among copies; ``cluster`` is None for one that stands alone, which is its own original."""

    id: str
    cluster: str | None
    is_original: bool
    similarity: float | None
    wire_agency: str | None


def cluster_texts(rows: Iterable[ClusterRow]) -> Iterator[ClusterResult]:
    """Yield each row's place among copies, in order; the rows are read once and their texts not kept.

    Ids may repeat; each row stands for itself. The result does not depend on the order of the rows, but for
    which of two undated rows with the same id counts as the original.
    """
    with tempfile.TemporaryFile(prefix="tracker-sketches-") as file:
        held = _Held(file)
        for row in rows:
            held.add(row)
        yield from held.results(_components(held))


class _Held:
    """What is kept of the rows: names and bands in memory, sketches in a file."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._facts: list[tuple[str, str, datetime | None, str | None]] = []
        self._sizes = array("I")  # words, shingles, sketch length: three a row
        self._starts = array("Q")
        self._end = 0
        self.bands = array("I")  # ``_WIDTH`` a row, zero where a text has fewer

    def __len__(self) -> int:
        return len(self._facts)

    def add(self, row: ClusterRow) -> None:
        agency = wire_agency(row.title, row.text, row.authors, row.credit)
        one = fingerprint(article=row.id, outlet=row.outlet, title=row.title, text=row.text)
        self._facts.append((row.id, row.outlet, row.published_at, agency))
        self._sizes.extend((one.n_words, one.n_shingles, len(one.sketch)))
        self._starts.append(self._end)
        self._end += self._file.write(array("I", one.sketch).tobytes())
        listed = [(band & _BAND_MASK) or 1 for band in one.bands]
        self.bands.extend(listed + [0] * (_WIDTH - len(listed)))

    def fingerprint(self, place: int) -> Fingerprint:
        n_words, n_shingles, n_sketch = self._sizes[3 * place : 3 * place + 3]
        self._file.seek(self._starts[place])
        sketch = array("I")
        sketch.frombytes(self._file.read(n_sketch * sketch.itemsize))
        name, outlet, published_at, agency = self._facts[place]
        return Fingerprint(
            article=f"{name}\x1f{place}",  # ids may repeat, places do not
            outlet=outlet,
            published_at=published_at,
            n_words=n_words,
            n_shingles=n_shingles,
            signature=(),
            bands=(),
            sketch=tuple(sketch),
            wire_agency=agency,
        )

    def results(self, components: Components) -> Iterator[ClusterResult]:
        grouped: dict[int, list[int]] = defaultdict(list)
        for place in range(len(self)):
            if (root := components.root(place)) != place:  # the root is its component's first place
                grouped[root].append(place)
        waiting: dict[int, ClusterResult] = {}
        for place in range(len(self)):
            if place in grouped:
                waiting.update(self._placed([place, *grouped.pop(place)]))
            yield waiting.pop(place) if place in waiting else self._alone(place)

    def _alone(self, place: int) -> ClusterResult:
        name, _, _, agency = self._facts[place]
        return ClusterResult(id=name, cluster=None, is_original=True, similarity=None, wire_agency=agency)

    def _placed(self, group: list[int]) -> dict[int, ClusterResult]:
        members = {place: self.fingerprint(place) for place in group}
        first = min(group, key=lambda place: original_key(members[place]))
        agency = cluster_agency(members.values())
        cluster = self._facts[first][0]
        return {
            place: ClusterResult(
                id=self._facts[place][0],
                cluster=cluster,
                is_original=place == first,
                similarity=1.0 if place == first else overlap(member, members[first]).similarity,
                wire_agency=member.wire_agency or agency,
            )
            for place, member in members.items()
        }


def _components(held: _Held) -> Components:
    components = Components(len(held))
    table = np.frombuffer(held.bands, dtype=np.uint32).reshape(-1, _WIDTH)
    for column in range(_WIDTH if len(held) else 0):
        for group in _sharing(table[:, column]):
            _join_copies(held, components, group)
    return components


def _sharing(band: npt.NDArray[np.uint32]) -> Iterator[list[int]]:
    """Yield the places that share a value, zero (none) left out."""
    order = np.argsort(band, kind="stable")
    ordered = band[order]
    edges = np.flatnonzero(np.diff(ordered)) + 1
    starts, ends = np.concatenate(([0], edges)), np.concatenate((edges, [len(ordered)]))
    for start, end in zip(starts[ends - starts > 1], ends[ends - starts > 1], strict=True):
        if ordered[start]:
            yield order[start:end].tolist()


def _join_copies(held: _Held, components: Components, group: list[int]) -> None:
    """Join what are copies in a group; neighbours first, which leaves little to compare among many copies."""
    if len({components.root(place) for place in group}) == 1:
        return
    known: dict[int, Fingerprint] = {}

    def one(place: int) -> Fingerprint:
        if len(known) >= _CACHED_SKETCHES:
            known.clear()
        if place not in known:
            known[place] = held.fingerprint(place)
        return known[place]

    for pairs in (pairwise(group), combinations(group, 2)):
        for a, b in pairs:
            if components.root(a) != components.root(b) and compare(one(a), one(b)):
                components.join(a, b)
        if len({components.root(place) for place in group}) == 1:
            return
