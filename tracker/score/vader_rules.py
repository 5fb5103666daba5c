"""What the words around a word do to its valence: VADER's rules, as the library has them, quirks and all.

The library's ``sentiment_valence`` and ``_but_check`` written anew over words that are in lower case already:
it lowers and joins every word near a word of the lexicon afresh for each rule, which took a third of the time.
``tests/property/test_vader.py`` holds it to the library on sentences made of what the rules turn on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

LOOKS_BACK: Final = 3  # words before a word that a rule may look at
LOOKS_AHEAD: Final = 2  # and after it
_FADING: Final = (1.0, 0.95, 0.9)  # of a booster, by how far before the word it stands
_NEVER_SO: Final = 1.25  # "never so …", "never this …"
_SO: Final = ("so", "this")
_BEFORE_BUT, _AFTER_BUT = 0.5, 1.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The library's words and numbers.

    ``modifiers`` are all words that may change the valence of another; ``phrases`` those that idioms and
    boosters of several words are made of; ``others`` matter beside others alone.
    """

    lexicon: Mapping[str, float]
    boosters: Mapping[str, float]
    idioms: Mapping[str, float]
    negations: frozenset[str]
    modifiers: frozenset[str]
    phrases: frozenset[str]
    others: frozenset[str]
    capitals: float  # what capitals add
    negated: float  # what a negation multiplies by

    def is_modifier(self, word: str) -> bool:
        """Whether a word may change the valence of one near it."""
        return word in self.modifiers or "n't" in word

    def is_inert(self, word: str) -> bool:
        """Whether a word has no valence and stands in no rule."""
        return not (word in self.lexicon or word in self.others or word in self.phrases or self.is_modifier(word))

    def valence(self, words: Sequence[str], at: int, capitals: Sequence[bool] | None) -> float:
        """Return the valence of a word of the lexicon after the rules on those around it.

        ``words`` are a sentence's, in lower case; ``capitals`` says which are written in capitals, None where
        all are or none is.
        """
        word, lexicon = words[at], self.lexicon
        following = words[at + 1] if at + 1 < len(words) else ""
        if word in self.boosters or (word == "kind" and following == "of"):
            return 0.0
        before = [words[at - n] if at >= n else "" for n in (1, 2, 3)]
        one, two, three = before
        value = lexicon[word] * self._no(word, following, one, two, three)
        if capitals is not None and capitals[at]:
            value += self.capitals if value > 0 else -self.capitals
        for number, neighbour in enumerate(before):
            if not neighbour or neighbour in lexicon:
                continue
            if neighbour in self.boosters:
                is_shouted = capitals is not None and capitals[at - number - 1]
                value += self._boost(self.boosters[neighbour], value, is_shouted=is_shouted) * _FADING[number]
            value *= self._negation(number, one, two, three)
            if number == LOOKS_BACK - 1 and not self.phrases.isdisjoint(words[at - LOOKS_BACK : at + LOOKS_AHEAD + 1]):
                value = self._idiom(value, words, at)
        if one == "least" and two not in ("at", "very"):
            value *= self.negated
        return value

    def _no(self, word: str, following: str, one: str, two: str, three: str) -> float:
        """Return what a "no" before a word multiplies its valence by, and that of "no" before another word."""
        if "no" in (one, two) or (three == "no" and one in ("or", "nor")):
            return self.negated
        return 0.0 if word == "no" and following in self.lexicon else 1.0

    def _boost(self, scalar: float, value: float, *, is_shouted: bool) -> float:
        if value < 0:
            scalar = -scalar
        if is_shouted:
            scalar += self.capitals if value > 0 else -self.capitals
        return scalar

    def _negation(self, number: int, one: str, two: str, three: str) -> float:
        """Return what a valence is multiplied by for the first, second or third word before it."""
        farthest = (one, two, three)[number]
        if number == 1:
            if two == "never" and one in _SO:
                return _NEVER_SO
            if two == "without" and one == "doubt":
                return 1.0
        elif number > 1:
            if one in _SO or (three == "never" and two in _SO):
                return _NEVER_SO
            if three == "without" and "doubt" in (one, two):
                return 1.0
        return self.negated if farthest in self.negations or "n't" in farthest else 1.0

    def _idiom(self, value: float, words: Sequence[str], at: int) -> float:
        """Return the valence of an idiom that a word is part of, and what boosters of several words add."""
        three, two, one, word = words[at - LOOKS_BACK : at + 1]
        before = (f"{three} {two} {one}", f"{three} {two}", f"{two} {one}")
        sequences = (f"{one} {word}", f"{two} {one} {word}", before[2], before[0], before[1])
        value = next((self.idioms[sequence] for sequence in sequences if sequence in self.idioms), value)
        for last in (at + 1, at + LOOKS_AHEAD):
            if last < len(words):
                value = self.idioms.get(" ".join(words[at : last + 1]), value)
        for sequence in before:
            value += self.boosters.get(sequence, 0.0)
        return value


def turn_at_but(but: int, places: Sequence[int], valences: Sequence[float]) -> list[float]:
    """Return valences halved before a "but" and half as much again after it.

    The library finds the place of a valence by its value: of two equal ones the first may change twice.
    """
    found = list(valences)
    for number in range(len(found)):
        first = found.index(found[number])
        if places[first] != but:
            found[first] *= _BEFORE_BUT if places[first] < but else _AFTER_BUT
    return found
