"""Units: sentences as tokens, with each quotation of speech folded into one token."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from sys import intern
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tracker.model import Document, Sentence
from tracker.score.pieces import Lists, blank_others
from tracker.score.quotes import Quote
from tracker.score.text import read_sentences

QUOTE = "“”"  # stands for a whole quotation of speech
_TOKEN = re.compile(
    r"(?:[^\W\d_]\.){2,}(?:-(?:[^\W\d_]\.){2,})?"  # U.S., D.C., A.F.L.-C.I.O.
    r"|\d{1,3}(?:,\d{3})+(?:\.\d+)?"  # 13,000
    r"|(?:Mr|Mrs|Ms|Dr|Gov|Lt|Sen|Sens|Rep|Reps|Gen|Rev|Prof|Hon|Jr|Sr|St|Capt|Col|Sgt|Adm|Maj|Inc|Corp|Co|Atty|No|[A-Z])\."
    r"|[^\W_]+(?:[’'.&/-][^\W_]+)*"  # didn’t, A&M, data-sharing, 3.5
    r"|--+|[^\w\s]"
)


class Unit(NamedTuple):
    """Tokens of one sentence, or of several that a quotation binds together."""

    start: int
    end: int
    raw: list[str]  # a folded quotation stands whole in ``raw``, as QUOTE in ``low``
    low: list[str]
    starts: list[int]
    quotes: list[Quote]  # those folded into QUOTE tokens, in order
    first_letters: str  # of each folded quotation: does it open like a sentence?

    def at(self, i: int) -> str:
        """Return a token in lower case, the empty string beyond either end."""
        return self.low[i] if 0 <= i < len(self.low) else ""

    def end_of(self, i: int) -> int:
        """Return the offset after a token."""
        return self.starts[i] + len(self.raw[i])

    def token_at(self, offset: int) -> int:
        """Return the first token that begins at or after an offset of the text."""
        return bisect_left(self.starts, offset)

    def is_sentence(self, token: int) -> bool:
        """Whether the quotation folded into a token opens like a sentence of its own."""
        return not self.first_letters[self.low[:token].count(QUOTE)].islower()


class Tokens(NamedTuple):
    """The tokens of some of a document's sentences, those of one after those of the other."""

    raw: list[str]
    low: list[str]  # in lower case
    starts: list[int]  # in their part
    bounds: list[int]  # where those of each of the document's sentences begin and end


def read_tokens(document: Document, is_read: NDArray[np.bool_]) -> Tokens:
    """Return the tokens of those of a document's sentences that are to be read."""
    words = read_sentences(document)
    first = np.array([sentence.start for sentence in document.sentences], dtype=np.intp)
    places = (words.places + first[words.rows])[is_read[words.rows]]
    words = blank_others(words, is_read)
    (raw, low, offsets), ends = _TOKENS(words)
    offsets += np.repeat(places, np.diff(ends))
    return Tokens(raw.tolist(), low.tolist(), offsets.tolist(), ends[words.starts].tolist())


def make_units(
    text: str, sentences: Sequence[Sentence], quotes: Sequence[Quote], tokens: Tokens, first: int = 0
) -> Iterator[Unit]:
    """Yield the units of one part; sentences and quotes must be in order.

    ``first`` is the number of the part's first sentence in the document.
    """
    at = 0
    index = 0
    while index < len(sentences):
        begun, first_quote = index, at
        _, start, end, *_ = sentences[index]
        index += 1
        while at < len(quotes) and quotes[at].start < end:
            end = max(end, quotes[at].end)
            while index < len(sentences) and sentences[index].start < end:
                end = max(end, sentences[index].end)
                index += 1
            at += 1
        here = tokens.bounds[first + begun], tokens.bounds[first + index]
        if first_quote < at:
            yield _unit(text, (start, end), tokens, here, quotes[first_quote:at])
        else:
            its = slice(*here)
            yield Unit(start, end, tokens.raw[its], tokens.low[its], tokens.starts[its], [], "")


def tokens_of(text: str) -> list[str]:
    """Return the tokens of a text."""
    return _TOKEN.findall(text)


def _take_apart(piece: str) -> list[tuple[str, str, int]]:
    """Return the tokens of a piece as they are and in lower case, and where each begins."""
    if piece.isalpha():
        return [(piece, intern(piece.lower()), 0)]
    return [(match[0], intern(match[0].lower()), match.start()) for match in _TOKEN.finditer(piece)]


# No token crosses white space, so a piece between spaces is taken apart once. A word is one object, which sets find
# sooner.
_TOKENS = Lists(lambda pieces: [*map(_take_apart, pieces)], object, object, np.intp)


def _unit(text: str, span: tuple[int, int], tokens: Tokens, bounds: tuple[int, int], quotes: Sequence[Quote]) -> Unit:
    spoken = [quote for quote in quotes if quote.is_speech]
    unit = Unit(*span, [], [], [], spoken, _first_letters(text, spoken))
    at, last = bounds
    for quote in quotes:
        opening = bisect_left(tokens.starts, quote.start, at, last)
        closed = bisect_left(tokens.starts, quote.end, opening, last)
        _add(unit, tokens, at, opening)
        if quote.is_speech:
            unit.raw.append(text[quote.start : quote.end])
            unit.low.append(QUOTE)
            unit.starts.append(quote.start)
        else:  # a scare quote or a title: its words without the marks
            _add(unit, tokens, opening + 1, closed - (not quote.is_open))
        at = closed
    _add(unit, tokens, at, last)
    return unit


def _add(unit: Unit, tokens: Tokens, first: int, last: int) -> None:
    if first < last:
        unit.raw.extend(tokens.raw[first:last])
        unit.low.extend(tokens.low[first:last])
        unit.starts.extend(tokens.starts[first:last])


def _first_letters(text: str, quotes: Sequence[Quote]) -> str:
    return "".join(next(filter(str.isalnum, text[quote.start : quote.end]), "A") for quote in quotes)
