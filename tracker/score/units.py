"""Units: sentences as tokens, with each quotation of speech folded into one token."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tracker.model import Sentence
from tracker.score.quotes import Quote

QUOTE = "“”"  # stands for a whole quotation of speech
_TOKEN = re.compile(
    r"(?:[^\W\d_]\.){2,}|(?:Mr|Mrs|Ms|Dr|Gov|Lt|Sen|Sens|Rep|Reps|Gen|Rev|Prof|Hon|Jr|Sr|St|Capt|Col|Sgt|Adm|Maj"
    r"|Inc|Corp|Co|Atty|[A-Z])\.|[^\W_]+(?:[’'.&/-][^\W_]+)*|--+|[^\w\s]"
)


class Unit(NamedTuple):
    """Tokens of one sentence, or of several that a quotation binds together."""

    start: int
    end: int
    raw: list[str]
    low: list[str]
    starts: list[int]
    ends: list[int]
    quotes: list[Quote]  # those folded into QUOTE tokens, in order
    first_letters: str  # of each folded quotation: does it open like a sentence?

    def is_sentence(self, token: int) -> bool:
        """Whether the quotation folded into a token opens like a sentence of its own."""
        return not self.first_letters[self.low[:token].count(QUOTE)].islower()


def make_units(text: str, sentences: Sequence[Sentence], quotes: Sequence[Quote]) -> Iterator[Unit]:
    """Yield the units of one part; ``quotes`` must be in order."""
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
        yield _unit(text, start, end, quotes[first:at])


def _unit(text: str, start: int, end: int, quotes: Sequence[Quote]) -> Unit:
    raw: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    folded: list[Quote] = []

    def add(first: int, last: int) -> None:
        for match in _TOKEN.finditer(text, first, last):
            raw.append(match.group())
            starts.append(match.start())
            ends.append(match.end())

    at = start
    for quote in quotes:
        add(at, quote.start)
        at = quote.end
        if quote.is_speech:
            folded.append(quote)
            raw.append(QUOTE)
            starts.append(quote.start)
            ends.append(quote.end)
        else:  # a scare quote or a title: its words without the marks
            add(quote.start + 1, quote.end if quote.is_open else quote.end - 1)
    add(at, end)
    letters = "".join(_first_letter(text, quote) for quote in folded)
    return Unit(start, end, raw, [token.lower() for token in raw], starts, ends, folded, letters)


def _first_letter(text: str, quote: Quote) -> str:
    return next((char for char in text[quote.start : quote.end] if char.isalnum()), "A")
