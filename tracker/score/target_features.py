"""What the target model sees of a mention: the sentence around it, near and far, on either side.

Never the mention's own words, nor whether it is a name that the training data knew: a model that sees names
learns who was written of badly there, and would go on saying so.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from tracker.score.embeddings import DIMENSIONS, Floats, load_embeddings
from tracker.score.ngrams import NGrams, hash_ngrams
from tracker.score.pieces import read_words, typewriter
from tracker.score.vader import read_all

N_BUCKETS = 2**16
NEAR = 6  # words on either side that make the near windows
NEXT = 3  # words on either side that make the adjoining n-grams
MAX_SIDE_CHARS = 1_000  # farther than any sentence reaches; a wall of text must not cost more
_TOKEN = re.compile(r"\w+(?:[-']\w+)*|[^\w\s]")
_PLACEHOLDER = "@"  # stands for the mention among the n-grams
_FIGURES = 8  # per window
_N_WINDOWS = 4
_N_GROUPS = 4
_SQUASH = 15.0  # VADER's own alpha: sum / sqrt(sum² + 15) is −1..1
_EMBEDDING_SCALE = 0.4  # so that the penalty weighs more on the embeddings: by cross-validation
_FIGURE_SCALE = 0.25
_PRONOUNS = frozenset(("he", "she", "they", "it", "him", "her", "them", "his", "hers", "their", "its"))

T = TypeVar("T")
Mention = tuple[str, int, int]  # a sentence, and the half-open span of the mention in it

N_DENSE = (_N_WINDOWS + 1) * _FIGURES + _N_WINDOWS * DIMENSIONS + 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """The text on one side of a mention."""

    tokens: tuple[str, ...]  # words and punctuation marks, in lower case
    pieces: tuple[str, ...]  # what stands between white space, in lower case
    valences: tuple[float, ...]  # VADER's, of its words


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """A mention's surroundings in its sentence, and what kind of word it is."""

    before: Side
    after: Side
    is_pronoun: bool
    is_long: bool  # more than one word
    is_owner: bool


def read_contexts(mentions: Sequence[Mention]) -> list[Context]:
    """Return the surroundings of mentions within their sentences."""
    sides = [
        (
            typewriter(text[max(0, start - MAX_SIDE_CHARS) : start]),
            typewriter(text[start:end]),
            typewriter(text[end : end + MAX_SIDE_CHARS]),
        )
        for text, start, end in mentions
    ]
    # The whole sentence, as the tone model reads it, is read once for all mentions in it. An emoji, which
    # VADER spells out in several words, shifts the valences by as many: too rare to pay for.
    rows = {text: row for row, text in enumerate(dict.fromkeys(map("".join, sides)))}
    readings = read_all(read_words(list(rows)))
    by_word = np.zeros(len(readings.words.numbers))
    by_word[readings.hits] = readings.valences
    valences, starts = by_word.tolist(), readings.words.starts.tolist()
    own = [rows[text] for text in map("".join, sides)]
    return [
        _context(before, text[start:end].lower(), after, valences[starts[row] : starts[row + 1]])
        for (text, start, end), (before, _, after), row in zip(mentions, sides, own, strict=True)
    ]


def _context(before: str, mention: str, after: str, valences: Sequence[float]) -> Context:
    n_before = len(before.split()) - (before[-1:].strip() != "")
    n_after = len(after.split()) - (after[:1].strip() != "")
    return Context(
        before=_side(before, valences[:n_before]),
        after=_side(after, valences[len(valences) - n_after :]),
        is_pronoun=mention in _PRONOUNS,
        is_long=" " in mention,
        is_owner=after.startswith(("'s ", "' ")),
    )


def _side(text: str, valences: Sequence[float]) -> Side:
    lowered = text.lower()  # a headline in Title Case says the same
    return Side(tokens=tuple(_TOKEN.findall(lowered)), pieces=tuple(lowered.split()), valences=tuple(valences))


def dense_features(contexts: Sequence[Context]) -> Floats:
    """Return figures and embeddings of the windows, and place and kind: (mentions × N_DENSE).

    The sentence as a whole has figures alone: its embedding adds nothing to those of its sides.
    """
    windows = [" ".join(window) for c in contexts for window in _windows(c.before.pieces, c.after.pieces)]
    valences = [
        window
        for c in contexts
        for window in (
            (*c.before.valences, *c.after.valences),
            *_windows(c.before.valences, c.after.valences),
        )
    ]
    embedded = load_embeddings().embed(windows) * _EMBEDDING_SCALE
    figures = np.array([_figures(window) for window in valences], dtype=np.float32) * _FIGURE_SCALE
    places = np.array([_place(context) for context in contexts], dtype=np.float32)
    n = len(contexts)
    return np.hstack([figures.reshape(n, -1), embedded.reshape(n, -1), places])


def bucket_features(contexts: Sequence[Context]) -> NGrams:
    """Return the hashed n-grams of each mention's sentence, of the near words, and of those that adjoin."""
    found = hash_ngrams([group for context in contexts for group in _groups(context)], N_BUCKETS, n_kinds=_N_GROUPS)
    return NGrams(rows=found.rows // _N_GROUPS, buckets=found.buckets, weights=found.weights)


def _groups(context: Context) -> tuple[Sequence[str], ...]:
    before, after = context.before.tokens, context.after.tokens
    whole = (*before, _PLACEHOLDER, *after)
    near = (*before[-NEAR:], _PLACEHOLDER, *after[:NEAR])
    return whole, near, before[-NEXT:], after[:NEXT]


def _windows(before: Sequence[T], after: Sequence[T]) -> tuple[Sequence[T], ...]:
    """Return the four windows: each side, and the near words of each."""
    return before, after, before[-NEAR:], after[:NEAR]


def _figures(valences: Sequence[float]) -> tuple[float, ...]:
    positive = [value for value in valences if value > 0]
    negative = [value for value in valences if value < 0]
    total = sum(positive) + sum(negative)
    return (
        total / (total * total + _SQUASH) ** 0.5,
        sum(positive) / 4,
        sum(negative) / 4,
        max(positive, default=0.0) / 2,
        min(negative, default=0.0) / 2,
        float(len(positive)),
        float(len(negative)),
        total / (len(valences) or 1) ** 0.5,
    )


def _place(context: Context) -> tuple[float, ...]:
    n_before, n_after = len(context.before.pieces), len(context.after.pieces)
    return (
        n_before / (n_before + n_after + 1),
        1 / (1 + n_before),
        1 / (1 + n_after),
        float(n_before == 0),
        float(context.is_pronoun),
        float(context.is_long),
        float(context.is_owner),
    )
