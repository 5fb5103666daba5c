"""Units: sentences as tokens, with each quotation of speech folded into one token."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from tracker.model import Sentence
from tracker.score.quotes import Quote

QUOTE = "“”"  # stands for a whole quotation of speech
_TOKEN = re.compile(
    r"(?:[^\W\d_]\.){2,}"  # U.S., D.C.
    r"|(?:Mr|Mrs|Ms|Dr|Gov|Lt|Sen|Sens|Rep|Reps|Gen|Rev|Prof|Hon|Jr|Sr|St|Capt|Col|Sgt|Adm|Maj|Inc|Corp|Co|Atty|[A-Z])\."
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


def make_units(
    text: str, sentences: Sequence[Sentence], quotes: Sequence[Quote], worth: Collection[int] | None = None
) -> Iterator[Unit]:
    """Yield the units of one part; sentences and quotes must be in order.

    With ``worth``, a sentence that has no quotation and is not among those numbers is left without tokens:
    nothing would be read out of them.
    """
    at = 0
    index = 0
    while index < len(sentences):
        start, end = sentences[index].start, sentences[index].end
        index += 1
        first = at
        while at < len(quotes) and quotes[at].start < end:
            end = max(end, quotes[at].end)
            while index < len(sentences) and sentences[index].start < end:
                end = max(end, sentences[index].end)
                index += 1
            at += 1
        if worth is not None and first == at and index - 1 not in worth:
            yield Unit(start, end, [], [], [], [], "")
        else:
            yield _unit(text, start, end, quotes[first:at])


def tokens_of(text: str) -> list[str]:
    """Return the tokens of a text."""
    return _TOKEN.findall(text)


def _unit(text: str, start: int, end: int, quotes: Sequence[Quote]) -> Unit:
    spoken = [quote for quote in quotes if quote.is_speech]
    unit = Unit(start, end, [], [], [], spoken, _first_letters(text, spoken))
    at = start
    for quote in quotes:
        _add_words(unit, text, at, quote.start)
        at = quote.end
        if quote.is_speech:
            unit.raw.append(text[quote.start : quote.end])
            unit.low.append(QUOTE)
            unit.starts.append(quote.start)
        else:  # a scare quote or a title: its words without the marks
            _add_words(unit, text, quote.start + 1, quote.end if quote.is_open else quote.end - 1)
    _add_words(unit, text, at, end)
    return unit


def _add_words(unit: Unit, text: str, start: int, end: int) -> None:
    if start >= end:
        return
    matches = list(_TOKEN.finditer(text, start, end))
    tokens = [match[0] for match in matches]
    unit.raw.extend(tokens)
    unit.low.extend(map(str.lower, tokens))
    unit.starts.extend([match.start() for match in matches])


def _first_letters(text: str, quotes: Sequence[Quote]) -> str:
    return "".join(next(filter(str.isalnum, text[quote.start : quote.end]), "A") for quote in quotes)
