"""A compiled query: a small tree that is evaluated on word positions."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from heapq import merge

from tracker.topic.tokens import FIELD_GAP, Positions

Hit = tuple[int, int]  # first and last word position, both included


class Node(ABC):
    """Part of a query. ``source`` is how it was written."""

    source: str

    @abstractmethod
    def holds(self, positions: Positions) -> bool:
        """Return whether the text fulfils it."""

    @abstractmethod
    def hits(self, positions: Positions) -> Iterator[Hit]:
        """Yield the places that speak for it, in no particular order."""


@dataclass(frozen=True, slots=True)
class Phrase(Node):
    """Words that stand side by side; one word is the shortest phrase."""

    source: str
    numbers: tuple[int, ...]

    def holds(self, positions: Positions) -> bool:
        """Return whether the phrase occurs."""
        if len(self.numbers) == 1:
            return self.numbers[0] in positions
        return next(self.hits(positions), None) is not None

    def hits(self, positions: Positions) -> Iterator[Hit]:
        """Yield each occurrence."""
        if any(number not in positions for number in self.numbers):
            return
        length = len(self.numbers)
        rest = [(step, set(positions[number])) for step, number in enumerate(self.numbers) if step]
        for start in positions[self.numbers[0]]:
            if all(start + step in places for step, places in rest):
                yield start, start + length - 1


@dataclass(frozen=True, slots=True)
class Near(Node):
    """Words that stand within ``distance`` words of each other, in any order."""

    source: str
    numbers: tuple[int, ...]
    distance: int

    def holds(self, positions: Positions) -> bool:
        """Return whether they do anywhere."""
        return next(self.hits(positions), None) is not None

    def hits(self, positions: Positions) -> Iterator[Hit]:
        """Yield the shortest windows that hold all words and are no wider than the distance."""
        if any(number not in positions for number in self.numbers):
            return
        last: dict[int, int] = {}
        tagged = ([(place, slot) for place in positions[n]] for slot, n in enumerate(self.numbers))
        for place, slot in merge(*tagged):
            last[slot] = place
            if len(last) < len(self.numbers):
                continue
            start = min(last.values())
            # two slots on one word ("shar* shares") are one word, not two that are near
            if place - start <= self.distance and len(set(last.values())) == len(last):
                yield start, place
                del last[min(last, key=last.__getitem__)]


@dataclass(frozen=True, slots=True)
class InTitle(Node):
    """What must hold in the headline alone."""

    source: str
    child: Node

    def holds(self, positions: Positions) -> bool:
        """Return whether the headline fulfils it."""
        return self.child.holds(_headline(positions))

    def hits(self, positions: Positions) -> Iterator[Hit]:
        """Yield the child's places in the headline."""
        return self.child.hits(_headline(positions))


@dataclass(frozen=True, slots=True)
class All(Node):
    """AND."""

    source: str
    children: tuple[Node, ...]

    def holds(self, positions: Positions) -> bool:
        """Return whether every child holds."""
        return all(child.holds(positions) for child in self.children)

    def hits(self, positions: Positions) -> Iterator[Hit]:
        """Yield every child's places where all hold."""
        if self.holds(positions):
            for child in self.children:
                yield from child.hits(positions)


@dataclass(frozen=True, slots=True)
class Any(Node):
    """OR."""

    source: str
    children: tuple[Node, ...]

    def holds(self, positions: Positions) -> bool:
        """Return whether some child holds."""
        return any(child.holds(positions) for child in self.children)

    def hits(self, positions: Positions) -> Iterator[Hit]:
        """Yield the places of all children that hold."""
        for child in self.children:
            yield from child.hits(positions)


@dataclass(frozen=True, slots=True)
class Without(Node):
    """NOT."""

    source: str
    child: Node

    def holds(self, positions: Positions) -> bool:
        """Return whether the child does not hold."""
        return not self.child.holds(positions)

    def hits(self, positions: Positions) -> Iterator[Hit]:  # noqa: ARG002 - absence has no place
        """Yield nothing."""
        return iter(())


def groups(node: Node) -> Sequence[Node]:
    """Return the parts that must all hold, without exclusions; the node itself where it is no conjunction."""
    children = node.children if isinstance(node, All) else (node,)
    return [child for child in children if not isinstance(child, Without)]


def _headline(positions: Positions) -> Positions:
    cut = {number: [place for place in places if place < FIELD_GAP] for number, places in positions.items()}
    return {number: places for number, places in cut.items() if places}
