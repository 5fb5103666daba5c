"""A text read closely: where its words, sentences and paragraphs stand. Done for candidates only."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from tracker.model import Part, Span
from tracker.topic.tokens import FIELD_GAP
from tracker.words import WORD

# Sentence ends: final punctuation with closing quotation marks, then space and no lower-case letter; or a
# line's end. Good to about one sentence in fifty in news, which is all that a share of sentences needs.
_SENTENCE_END = re.compile(r"[.!?…][\"”’')\]]*\s+(?=[^a-z\s])|\n+")
_LETTER = re.compile(r"[^\W_]")  # what words are of; none crosses the white space that ends a sentence
_PARAGRAPH_END = re.compile(r"\n+")
LEAD_PARAGRAPHS = 3  # of a news text: who, what, when, where and why stand there (inverted pyramid)


@dataclass(frozen=True)
class Reading:
    """Headline and text with the offsets of their words. ``has_title``: the headline is the article's own."""

    title: str
    text: str
    has_title: bool = True

    @cached_property
    def _title_spans(self) -> list[tuple[int, int]]:
        return [found.span() for found in WORD.finditer(self.title)]

    @cached_property
    def _text_spans(self) -> list[tuple[int, int]]:
        return [found.span() for found in WORD.finditer(self.text)]

    @cached_property
    def _sentence_ends(self) -> list[int]:
        return [found.end() for found in _SENTENCE_END.finditer(self.text)]

    @property
    def n_sentences(self) -> int:
        """The number of sentences that hold a word, at least one."""
        bounds = pairwise((0, *self._sentence_ends, len(self.text)))
        return max(1, sum(_LETTER.search(self.text, start, end) is not None for start, end in bounds))

    @cached_property
    def lead_end(self) -> int:
        """The offset in the text at which its first three paragraphs end."""
        stripped = len(self.text) - len(self.text.lstrip())
        ends = [found.start() for found in _PARAGRAPH_END.finditer(self.text, stripped)]
        return ends[LEAD_PARAGRAPHS - 1] if len(ends) >= LEAD_PARAGRAPHS else len(self.text)

    def is_lead(self, position: int) -> bool:
        """Return whether a word position is in the headline or the lead."""
        return position < FIELD_GAP or self._text_spans[position - FIELD_GAP][0] < self.lead_end

    def sentence(self, position: int) -> int | None:
        """Return the number of the sentence that a word of the text is in, None for the headline."""
        if position < FIELD_GAP:
            return None
        return self._sentence_at(self._text_spans[position - FIELD_GAP][0])

    def sentence_span(self, number: int) -> Span:
        """Return where a sentence of the text stands, white space around it left out."""
        ends = [0, *self._sentence_ends, len(self.text)]
        start, end = ends[number], ends[number + 1]
        text = self.text[start:end]
        start += len(text) - len(text.lstrip())
        return Span(part=Part.BODY, start=start, end=start + len(text.strip()))

    def quote(self, first: int, last: int) -> tuple[str, Span | None]:
        """Return what is written from the first to the last word position, and where."""
        if first < FIELD_GAP:
            start, end = self._title_spans[first][0], self._title_spans[last][1]
            span = Span(part=Part.HEADLINE, start=start, end=end) if self.has_title else None
            return self.title[start:end], span
        start = self._text_spans[first - FIELD_GAP][0]
        end = self._text_spans[last - FIELD_GAP][1]
        return self.text[start:end], Span(part=Part.BODY, start=start, end=end)

    def _sentence_at(self, offset: int) -> int:
        return bisect_right(self._sentence_ends, offset)
