"""Voices: whose words each character of an article is: the outlet's, quoted, or reported.

Rules over quotation marks and cue words, measured on PolNeAR (``docs/methods.md``, Voices;
``docs/decisions/0010-voices.md`` says why no parser and nothing learned).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from tracker.model import Document, Part, Passage, Sentence, Voice
from tracker.score.camps import assign_camps
from tracker.score.clauses import Attribution, find_attributions
from tracker.score.headlines import find_headline_attributions
from tracker.score.quotes import Quote, find_quotes
from tracker.score.speakers import Resolver
from tracker.score.text import paragraph_spans
from tracker.score.units import QUOTE, Unit, make_units

__all__ = ["assign_camps", "find_passages", "voice_at"]


class _Claim(NamedTuple):
    """A span in somebody's voice, before it is cut against its neighbours."""

    start: int
    end: int
    voice: Voice
    cue: str | None
    speaker: str | None


def find_passages(document: Document) -> tuple[Passage, ...]:
    """Return the passages of a document: headline first, each part partitioned exactly.

    Every character belongs to one passage; white space and punctuation between two passages go with the
    one before. ``speaker`` is resolved within the article and None where nobody can be named; ``camp`` is
    left None (``assign_camps``). Documents in another language than English are split at quotation marks
    alone: the cue rules are English.
    """
    is_english = document.language is None or document.language.lower().startswith("en")
    resolver = Resolver((document.body, document.headline))
    found = {}
    for part, text in ((Part.BODY, document.body), (Part.HEADLINE, document.headline)):
        sentences = [sentence for sentence in document.sentences if sentence.part is part]
        claims = _claims(part, text, sentences, resolver) if is_english else _quoted_only(text)
        found[part] = tuple(_partition(part, text, claims))
    return found[Part.HEADLINE] + found[Part.BODY]


def voice_at(passages: Iterable[Passage], part: Part, start: int, end: int) -> Voice:
    """Return the voice that most characters of a span are in; the earlier passage wins a tie."""
    shares: dict[Voice, int] = {}
    for passage in passages:
        if passage.part is part and passage.start < end and passage.end > start:
            overlap = min(end, passage.end) - max(start, passage.start)
            shares[passage.voice] = shares.get(passage.voice, 0) + overlap
    return max(shares, key=shares.__getitem__, default=Voice.OUTLET)


def _claims(part: Part, text: str, sentences: Sequence[Sentence], resolver: Resolver) -> list[_Claim]:
    paragraphs = tuple(paragraph_spans(text))
    quotes = find_quotes(text, paragraphs)
    claims: list[_Claim] = []
    state = _State(text, resolver, [end for _, end in paragraphs])
    units = list(make_units(text, sentences, quotes))
    for index, unit in enumerate(units):
        found = find_attributions(unit)
        if part is Part.HEADLINE:
            found = found or find_headline_attributions(unit)
        following = units[index + 1] if index + 1 < len(units) else None
        claims.extend(_cut(list(state.read(unit, found, following))))
    return claims


class _State:
    """What is remembered while an article is read: the last speaker, and in which paragraph."""

    def __init__(self, text: str, resolver: Resolver, paragraph_ends: list[int]) -> None:
        self._text = text
        self._resolver = resolver
        self._ends = paragraph_ends
        self._paragraph = 0
        self._last: tuple[str | None, str | None, int] = (None, None, -1)  # speaker, cue, paragraph
        self._announced = False
        self._ahead: tuple[Unit, list[Attribution]] | None = None

    def read(self, unit: Unit, found: list[Attribution], following: Unit | None) -> Iterator[_Claim]:
        while self._ends[self._paragraph] <= unit.start:
            self._paragraph += 1
        named = [(item, self._resolver.resolve(self._text, item.source), self._cue(item)) for item in found]
        for item, speaker, cue in named:
            if item.end > item.start:
                yield _Claim(item.start, item.end, Voice.REPORTED, cue, speaker)
            if speaker is not None:
                self._last = (speaker, cue, self._paragraph)
        for quote in unit.quotes:
            speaker, cue = self._quoted(unit, quote, named, following)
            yield _Claim(quote.start, quote.end, Voice.QUOTED, cue, speaker)
            if speaker is not None:
                self._last = (speaker, cue, self._paragraph)

    def _cue(self, item: Attribution) -> str:
        return " ".join(self._text[item.cue_start : item.cue_end].split())

    def _quoted(
        self,
        unit: Unit,
        quote: Quote,
        named: list[tuple[Attribution, str | None, str]],
        following: Unit | None,
    ) -> tuple[str | None, str | None]:
        for item, speaker, cue in named:
            if item.start <= quote.start and quote.end <= item.end:
                return speaker, cue
        if named:
            near = min(named, key=lambda one: abs(one[0].cue_start - quote.start))
            return near[1], near[2]
        speaker, cue, paragraph = self._last
        if quote.continues or paragraph == self._paragraph:
            return speaker, cue
        if following is not None and following.start < self._ends[self._paragraph]:
            ahead = self._look_ahead(following)
            if ahead is not None:
                return ahead
        is_alone = unit.low == [QUOTE]
        return (speaker, cue) if is_alone and paragraph == self._paragraph - 1 else (None, None)

    def _look_ahead(self, following: Unit) -> tuple[str | None, str] | None:
        """Return who speaks in the next sentence of the paragraph, when it is a quotation's own cue."""
        for item in find_attributions(following):
            if item.construction in {"trailing", "inverted"}:
                return self._resolver.resolve(self._text, item.source), self._cue(item)
        return None


def _quoted_only(text: str) -> list[_Claim]:
    quotes = find_quotes(text, tuple(paragraph_spans(text)))
    return [_Claim(q.start, q.end, Voice.QUOTED, None, None) for q in quotes if q.is_speech]


def _cut(claims: list[_Claim]) -> Iterator[_Claim]:
    """Yield the claims of one unit so that none overlap: quotations whole, reported speech around them."""
    quoted = [claim for claim in claims if claim.voice is Voice.QUOTED]
    reported = [claim for claim in claims if claim.voice is Voice.REPORTED]
    pieces = list(quoted)
    at = -1
    for claim in sorted(reported, key=lambda one: one.start):
        start = max(claim.start, at)
        at = max(at, claim.end)
        for quote in quoted:
            if quote.start < claim.end and quote.end > start:
                if quote.start > start:
                    pieces.append(claim._replace(start=start, end=quote.start))
                start = quote.end
        if start < claim.end:
            pieces.append(claim._replace(start=start))
    yield from sorted(pieces, key=lambda one: one.start)


def _partition(part: Part, text: str, claims: Iterable[_Claim]) -> Iterator[Passage]:
    """Yield passages that cover the text exactly, given claims in order that do not overlap."""
    pieces: list[_Claim] = []
    at = 0

    def add(claim: _Claim) -> None:
        last = pieces[-1] if pieces else None
        if last is not None and (last.voice, last.speaker, last.cue) == (claim.voice, claim.speaker, claim.cue):
            pieces[-1] = last._replace(end=claim.end)
        else:
            pieces.append(claim)

    for claim in claims:
        start = claim.start
        if _has_words(text, at, start):
            add(_Claim(at, start, Voice.OUTLET, None, None))
        elif pieces:
            pieces[-1] = pieces[-1]._replace(end=start)
        else:
            start = at
        add(claim._replace(start=start))
        at = claim.end
    if at < len(text):
        if not pieces or _has_words(text, at, len(text)):
            add(_Claim(at, len(text), Voice.OUTLET, None, None))
        else:
            pieces[-1] = pieces[-1]._replace(end=len(text))
    for piece in pieces:
        yield Passage(
            part=part, start=piece.start, end=piece.end, voice=piece.voice, cue=piece.cue, speaker=piece.speaker
        )


def _has_words(text: str, start: int, end: int) -> bool:
    return any(char.isalnum() for char in text[start:end])
