"""Which of the words that queries ask for stand where in a text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote_plus, urlsplit

from tracker.words import fold, words

MAX_MEMO = 200_000  # distinct words remembered, about 20 MB; English news has fewer
FIELD_GAP = 1_000_000  # positions between headline and text, so that no phrase or nearness spans both

Positions = dict[int, list[int]]


def address_words(url: str | None) -> str:
    """Return the words of an address's path and query as one text, empty where there are none."""
    if not url:
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return " ".join(words(unquote_plus(f"{parts.path} {parts.query}", errors="replace")))


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words and prefixes that queries ask for, numbered, and which of them a written word is."""

    _numbers: dict[str, int] = field(default_factory=dict)
    _prefixes: dict[str, int] = field(default_factory=dict)
    _memo: dict[str, tuple[int, ...]] = field(default_factory=dict)

    def number(self, word: str, *, is_prefix: bool) -> int:
        """Return the number of a folded word or prefix, giving it one where it is new."""
        table = self._prefixes if is_prefix else self._numbers
        if word not in table:
            table[word] = len(self._numbers) + len(self._prefixes)
            self._memo.clear()
        return table[word]

    def words(self) -> dict[int, tuple[str, bool]]:
        """Return each folded word by its number, and whether it is a prefix."""
        known = {number: (word, False) for word, number in self._numbers.items()}
        return known | {number: (prefix, True) for prefix, number in self._prefixes.items()}

    def index(self, tokens: Sequence[str], positions: Positions, offset: int = 0) -> None:
        """Add to ``positions``, by number, where the asked-for words stand, counting from ``offset``."""
        for position, found in enumerate(map(self._memo.get, tokens), offset):
            if found is None:
                found = self._remember(tokens[position - offset])  # noqa: PLW2901
            if found:  # hardly any word is asked for
                for number in found:
                    positions.setdefault(number, []).append(position)

    def _remember(self, token: str) -> tuple[int, ...]:
        folded = fold(token)
        found: list[int] = []
        if folded.startswith(tuple(self._prefixes)):  # hardly any does: all are asked for at once
            found += [number for prefix, number in self._prefixes.items() if folded.startswith(prefix)]
        if folded in self._numbers:
            found.append(self._numbers[folded])
        if len(self._memo) >= MAX_MEMO:
            self._memo.clear()
        self._memo[token] = tuple(found)
        return self._memo[token]
