"""Copies to clusters: who belongs together, and whose text it is."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from tracker.copies.agencies import KNOWN_AGENCIES, Agencies
from tracker.copies.fingerprint import overlap
from tracker.model import CopyEdge, Fingerprint, WireMember

_UNDATED = datetime.max.replace(tzinfo=UTC)


class Components:
    """Connected components, grown edge by edge (union-find with path halving, Tarjan 1975)."""

    def __init__(self, size: int) -> None:
        self._parents = list(range(size))

    def root(self, item: int) -> int:
        """Return the item that stands for the component which ``item`` is in."""
        parents = self._parents
        while parents[item] != item:
            parents[item] = parents[parents[item]]
            item = parents[item]
        return item

    def join(self, a: int, b: int) -> None:
        """Make one component of two; the smaller root stands for both."""
        first, second = sorted((self.root(a), self.root(b)))
        self._parents[second] = first


def clusters(
    fingerprints: Sequence[Fingerprint], edges: Iterable[CopyEdge], agencies: Agencies = KNOWN_AGENCIES
) -> tuple[WireMember, ...]:
    """Return each article's place among copies, in the order given; edges to unknown articles are ignored.

    A cluster is what edges connect, so it depends on the edges alone, not on their order, and a new
    night needs only the clusters that its edges touch. It is named after its original: the agency's own
    copy where one is there, else the earliest, else the smallest id; articles without a date come last.
    An article that names no agency takes its cluster's (its original's outlet, else the one most copies
    name). ``similarity`` is the Jaccard estimate to the original.
    """
    places = {one.article: place for place, one in enumerate(fingerprints)}
    components = Components(len(fingerprints))
    for edge in edges:
        if edge.a in places and edge.b in places:
            components.join(places[edge.a], places[edge.b])
    grouped: dict[int, list[Fingerprint]] = defaultdict(list)
    for place, one in enumerate(fingerprints):
        grouped[components.root(place)].append(one)
    members = {member.article: member for group in grouped.values() for member in _members(group, agencies)}
    return tuple(members[one.article] for one in fingerprints)


def _members(group: list[Fingerprint], agencies: Agencies) -> list[WireMember]:
    if len(group) == 1:
        alone = group[0]
        return [
            WireMember(
                article=alone.article,
                wire_cluster=None,
                is_original=True,
                similarity=None,
                wire_agency=alone.wire_agency,
            )
        ]
    original = min(group, key=lambda one: original_key(one, agencies))
    agency = cluster_agency(group, agencies)
    return [
        WireMember(
            article=one.article,
            wire_cluster=original.article,
            is_original=one is original,
            similarity=1.0 if one is original else overlap(one, original).similarity,
            wire_agency=one.wire_agency or agency,
        )
        for one in group
    ]


def original_key(one: Fingerprint, agencies: Agencies = KNOWN_AGENCIES) -> tuple[bool, datetime, str]:
    """Return the sorting key whose smallest value in a cluster is the original."""
    return (agencies.of_outlet(one.outlet) is None, one.published_at or _UNDATED, one.article)


def cluster_agency(group: Iterable[Fingerprint], agencies: Agencies = KNOWN_AGENCIES) -> str | None:
    """Return whose text a cluster is: an agency among its outlets, else the agency that most copies name."""
    group = list(group)
    own = sorted({agency for one in group if (agency := agencies.of_outlet(one.outlet))})
    if own:
        return own[0]
    named = Counter(one.wire_agency for one in group if one.wire_agency)
    return min(named, key=lambda agency: (-named[agency], agency)) if named else None
