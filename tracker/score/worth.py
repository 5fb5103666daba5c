"""Which sentences are worth reading for attributions: told from their pieces alone, for a whole article at once.

Most sentences that hold a cue attribute nothing: "found" needs "that", a colon or a quotation in its sentence,
"question" a question word after it. What is left out here the grammar (``clauses.py``) would find nothing in.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from tracker.model import Document, Part
from tracker.score.clauses import CLOSING, WRITTEN
from tracker.score.cues import CUES
from tracker.score.grammar import ADVERBS, WH, is_manner, is_word
from tracker.score.pieces import Column, Words
from tracker.score.quotes import Quote
from tracker.score.text import read_sentences
from tracker.score.units import tokens_of

# Without a quotation these bring content only with "that" or a colon in the sentence, or a question word, "to"
# or a particle right after the verb.
_WEAK_CONSTRUCTIONS = frozenset({"that", "trail", "question", "commit", "verdict"})
_WEAK = frozenset(
    word
    for word, verb in CUES.verbs.items()
    if verb.constructions <= _WEAK_CONSTRUCTIONS and verb.lemma not in WRITTEN | CLOSING
)
_NOMINAL = (CUES.nouns | CUES.adjectives) - CUES.verbs.keys()  # only with "that" right after
_FOLLOWERS = (
    frozenset(chain.from_iterable(verb.particles for verb in CUES.verbs.values())) | ADVERBS | WH | {"that", "to"}
)

# What a piece is to these rules, as bits.
_CUE = 1  # holds a cue that may bring content whatever follows
_LEANING = 2  # holds one that may if it is followed so
_FOLLOWING = 4  # begins with what may follow so, or with an adverb before it
_LINKED = 8  # holds one that may if a link stands in its sentence
_LINK = 16


def worth_reading(document: Document, quotes: Sequence[Quote]) -> NDArray[np.bool_]:
    """Return which sentences something may be read out of, given the quotations in the body.

    Those are headlines, sentences that a quotation reaches into, and those with a cue.
    """
    is_read = _holds_cue(read_sentences(document))
    n_headline = [sentence.part for sentence in document.sentences].count(Part.HEADLINE)
    is_read[:n_headline] = True
    body = document.sentences[n_headline:]
    starts, ends = [sentence.start for sentence in body], [sentence.end for sentence in body]
    for quote in quotes:
        is_read[n_headline + bisect_right(ends, quote.start) : n_headline + bisect_left(starts, quote.end)] = True
    return is_read


def _holds_cue(words: Words) -> NDArray[np.bool_]:
    """Return in which texts, if there is no quotation in them, the grammar may find an attribution."""
    kinds = _KINDS(words)
    is_cue = kinds & _CUE > 0
    is_cue[:-1] |= (kinds[:-1] & _LEANING > 0) & (kinds[1:] & _FOLLOWING > 0)
    has_link = np.zeros(len(words.texts), dtype=np.bool_)
    has_link[words.rows[kinds & _LINK > 0]] = True
    is_cue |= (kinds & _LINKED > 0) & has_link[words.rows]
    found = np.zeros(len(words.texts), dtype=np.bool_)
    found[words.rows[is_cue]] = True
    return found


def _kind(piece: str) -> int:
    tokens = [piece] if piece.isalpha() else tokens_of(piece)
    low = [token.lower() for token in tokens]
    kind = _LINK * ("that" in low or ":" in low)
    if tokens and (low[0] in _FOLLOWERS or is_manner(tokens[0])):
        kind |= _FOLLOWING
    for number, word in enumerate(low):
        if word in CUES.words:
            is_last = not any(map(is_word, low[number + 1 :]))
            is_weak = word in _WEAK
            kind |= (_LEANING | _LINKED * is_weak) if is_last and (is_weak or word in _NOMINAL) else _CUE
    return kind


_KINDS = Column(lambda pieces: np.array([*map(_kind, pieces)], dtype=np.uint8))
