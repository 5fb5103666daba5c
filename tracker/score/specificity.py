"""How much a seed says: its inverse document frequency, estimated from a table of word counts.

A seed that stands in one sentence of fifty says little about what the text makes salient; a rare phrase
says much (Spärck Jones 1972, doi:10.1108/eb026526). The table ``data/word_counts.txt`` counts, for every
word of two MIT-licensed sets of English news sentences (NewsMTSC train; VADER's NYT editorials), the
sentences that it stands in; ``pipelines/word_counts.py`` makes it. Seeds that a topic brings along need no
table of their own.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from tracker.errors import DataError
from tracker.score.seeds import Phrase, Seed

#: A word below the table's floor is taken to stand in this many sentences.
_UNSEEN_COUNT = 1.0
#: A phrase is rarer than its rarest word by at least this factor.
_PHRASE_FACTOR = 4.0
#: idf of a seed that carries a frame alone, weight 1: in one sentence of 20: commoner words need company.
_UNIT = 3.0
#: Bounds of a weight: no seed counts for nothing, none outvotes two good ones.
_MIN_WEIGHT, _MAX_WEIGHT = 0.4, 2.2


@dataclass(frozen=True, slots=True)
class WordCounts:
    """Sorted words with the number of sentences that each stands in, of ``n_sentences``."""

    n_sentences: int
    words: tuple[str, ...]
    counts: tuple[int, ...]

    def count(self, word: str, *, is_prefix: bool) -> float:
        """Return how many sentences hold the word, or any word that begins so (an upper bound)."""
        first = bisect_left(self.words, word)
        total = 0
        while first < len(self.words) and self.words[first].startswith(word):
            if is_prefix or self.words[first] == word:
                total += self.counts[first]
            if not is_prefix:
                break
            first += 1
        return max(float(total), _UNSEEN_COUNT)


@cache
def load_word_counts() -> WordCounts:
    """Return the table in the package. Raises DataError where it is damaged."""
    text = (files("tracker.score") / "data" / "word_counts.txt").read_text(encoding="utf-8")
    lines = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
    try:
        pairs = [(word, int(count)) for word, count in lines]
    except ValueError as error:
        raise DataError(f"data/word_counts.txt is damaged ({error}); reinstall the package") from error
    n_sentences = pairs[0][1]  # the first line is the number of sentences
    words = sorted(pairs[1:])
    return WordCounts(n_sentences, tuple(word for word, _ in words), tuple(count for _, count in words))


def seed_weight(seed: Seed) -> float:
    """Return what one hit of the seed adds to a sentence's score: idf over the idf that suffices alone."""
    table = load_word_counts()
    count = min(_phrase_count(phrase, table) for phrase in seed.phrases)
    if seed.distances:
        count /= _PHRASE_FACTOR
    idf = math.log(table.n_sentences / count)
    return min(max(idf / _UNIT, _MIN_WEIGHT), _MAX_WEIGHT)


def _phrase_count(phrase: Phrase, table: WordCounts) -> float:
    rarest = min(
        table.count(word, is_prefix=is_prefix) for word, is_prefix in zip(phrase.words, phrase.prefixes, strict=True)
    )
    return rarest / _PHRASE_FACTOR if len(phrase.words) > 1 else rarest
