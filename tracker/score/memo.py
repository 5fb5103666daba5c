"""What is said of a word, worked out once and remembered: most words of an article stood in the last one.

``map(memo.__getitem__, words)`` then costs a dictionary's look-up a word, with no Python between.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

MAX_WORDS = 100_000  # past it the memory starts afresh; news has some 60,000 words in common use
MAX_CHARS = 64  # longer than any word: addresses and other debris are worked out each time

T = TypeVar("T")


class Memo(dict[str, T], Generic[T]):
    """A bounded memory of a function of a word."""

    __slots__ = ("_of",)

    def __init__(self, of: Callable[[str], T]) -> None:
        """Take the function; its values are shared, so they must not be changed."""
        super().__init__()
        self._of = of

    def __missing__(self, word: str) -> T:
        """Work a word out, and remember it."""
        value = self._of(word)
        if len(word) <= MAX_CHARS:
            if len(self) >= MAX_WORDS:
                self.clear()
            self[word] = value
        return value
