"""Voices: whose words each character of an article is: the outlet's, quoted, or reported.

Rules over quotation marks and cue words, measured on PolNeAR (``docs/methods.md``, Voices;
``docs/decisions/0010-voices.md`` says why no parser and nothing learned).
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from tracker.model import Document, Part, Passage, ScorerInfo, Sentence, Topic, Voice
from tracker.score.camps import Camps
from tracker.score.clauses import Attribution, find_attributions
from tracker.score.headlines import find_headline_attributions
from tracker.score.lexicon import data_hash
from tracker.score.quotes import Quote, find_quotes
from tracker.score.speakers import Resolver
from tracker.score.text import paragraph_spans
from tracker.score.units import QUOTE, Unit, make_units, read_tokens
from tracker.score.worth import worth_reading

__all__ = ["VERSION", "VoiceScorer", "find_passages", "sentence_voices", "voice_at"]

VERSION = "3"  # of the rules; part of the version of every scorer that tells voices apart
MAX_PAUSE = 2  # paragraphs after a speaker in which a quotation alone is still theirs (best on PolNeAR train)
HEADLINE, BODY = Part  # an enum's own names are slow to look up
OUTLET, QUOTED, REPORTED = Voice
_ALNUM = re.compile(r"[^\W_]")
_CLOSERS = '”"’»)]'
DATA = ("abbreviations", "boilerplate", "cues", "grammar", "speakers")


class VoiceScorer:
    """The voice rules for one topic, behind the scorers' protocol."""

    def __init__(self, topic: Topic) -> None:
        """Take the topic whose actors' aliases give the camps."""
        self._camps = Camps(topic.actors)
        camps = "\n".join(f"{actor.camp} {actor.name} {actor.aliases}" for actor in topic.actors)
        digest = hashlib.sha256(f"{data_hash(*DATA)}\n{camps}".encode()).hexdigest()
        self.info = ScorerInfo(scorer="voices", version=VERSION, data_hash=digest, languages=frozenset({"en"}))

    def score(self, document: Document) -> tuple[Passage, ...]:
        """Return the document's passages with their speakers' camps."""
        return _find(document, self._camps)


def find_passages(document: Document) -> tuple[Passage, ...]:
    """Return the passages of a document: headline first, each part partitioned exactly.

    Every character belongs to one passage; white space and punctuation between two passages go with the
    one before. ``speaker`` is resolved within the article and None where nobody can be named; ``camp`` is
    left None. Documents in another language than English are split at quotation marks
    alone, with nobody named: the cue rules are English.
    """
    return _find(document, None)


def _find(document: Document, camps: Camps | None) -> tuple[Passage, ...]:
    is_english = document.language is None or document.language.lower().startswith("en")
    # The body first, so that a last name in the headline finds the speaker it belongs to.
    parts = {BODY: document.body, HEADLINE: document.headline}
    quotes = {part: find_quotes(text, paragraph_spans(text)) for part, text in parts.items()}
    claims = _claims(document, parts, quotes) if is_english else map(_speech, quotes.values())
    passages = [
        tuple(_partition(part, text, found, camps)) for (part, text), found in zip(parts.items(), claims, strict=True)
    ]
    return passages[1] + passages[0]


def voice_at(passages: Iterable[Passage], part: Part, start: int, end: int) -> Voice:
    """Return the voice that most characters of a span are in; the earlier passage wins a tie."""
    shares: dict[Voice, int] = {}
    for passage in passages:
        if passage.part is part and passage.start < end and passage.end > start:
            overlap = min(end, passage.end) - max(start, passage.start)
            shares[passage.voice] = shares.get(passage.voice, 0) + overlap
    return max(shares, key=shares.__getitem__, default=OUTLET)


def sentence_voices(passages: Sequence[Passage], sentences: Iterable[Sentence]) -> list[Voice]:
    """Return whose each sentence is; passages are in order, as ``find_passages`` gives them.

    A sentence is the outlet's only where nobody else's words stand in it: the words that bring somebody in
    ("Critics of the agreement said that") go with what is said, however long the speaker's title is. Of two
    other voices the longer one has it.
    """
    by_part = {part: [passage for passage in passages if passage.part is part] for part in Part}
    ends = {part: [passage.end for passage in found] for part, found in by_part.items()}
    voices: list[Voice] = []
    for sentence in sentences:
        found = by_part[sentence.part]
        first = bisect_right(ends[sentence.part], sentence.start)
        last = bisect_left(ends[sentence.part], sentence.end)
        is_outlets = first == last < len(found) and found[first].voice is OUTLET  # the usual case
        voices.append(OUTLET if is_outlets else _voice_of(sentence, found[first : last + 1]))
    return voices


def _voice_of(sentence: Sentence, nearby: Sequence[Passage]) -> Voice:
    shares: dict[Voice, int] = {}
    for passage in nearby:
        if passage.voice is OUTLET:
            continue
        start, end = max(passage.start, sentence.start), min(passage.end, sentence.end)
        words = sentence.text[start - sentence.start : end - sentence.start]
        if _ALNUM.search(words):
            shares[passage.voice] = shares.get(passage.voice, 0) + len(words)
    return max(shares, key=shares.__getitem__, default=OUTLET)


_Following = tuple[Unit, Sequence[Attribution]]


class _Claim(NamedTuple):
    """A span in one voice."""

    start: int
    end: int
    voice: Voice
    cue: str | None = None
    speaker: str | None = None


class _Named(NamedTuple):
    """An attribution with its speaker resolved."""

    item: Attribution
    speaker: str | None
    cue: str


def _claims(
    document: Document, parts: Mapping[Part, str], quotes: Mapping[Part, Sequence[Quote]]
) -> Iterator[list[_Claim]]:
    tokens = read_tokens(document, worth_reading(document, quotes[BODY]))
    resolver = Resolver((document.body, document.headline))
    n_headline = [sentence.part for sentence in document.sentences].count(HEADLINE)
    for part, text in parts.items():
        first = n_headline if part is BODY else 0
        sentences = document.sentences[first:] if part is BODY else document.sentences[:n_headline]
        units = tuple(make_units(text, sentences, quotes[part], tokens, first))
        found = [find_attributions(unit) if unit.low else [] for unit in units]
        reader = _Reader(text, resolver, tuple(end for _, end in paragraph_spans(text)))
        for index, unit in enumerate(units):
            if part is HEADLINE and unit.low and not found[index]:  # headlines have a grammar of their own
                found[index] = find_headline_attributions(unit, resolver.is_known)
            if found[index] or unit.quotes:
                reader.read(
                    unit, found[index], *zip(units[index + 1 : index + 2], found[index + 1 : index + 2], strict=True)
                )
        yield reader.claims


class _Reader:
    """Reads the units of one part in order and remembers who spoke last, and in which paragraph."""

    def __init__(self, text: str, resolver: Resolver, paragraph_ends: tuple[int, ...]) -> None:
        self._text = text
        self._resolver = resolver
        self._ends = paragraph_ends
        self._paragraph = 0
        self._speaker: str | None = None
        self._cue: str | None = None
        self._spoke_in = -1  # the paragraph of the last speaker
        self._unnamed: list[int] = []  # claims of a running quotation whose speaker is still to come
        self.claims: list[_Claim] = []  # in order, none overlapping

    def read(self, unit: Unit, found: Iterable[Attribution], following: _Following | None = None) -> None:
        """Read one unit, given its attributions, and the unit after it with its own."""
        while self._ends[self._paragraph] <= unit.start:
            self._paragraph += 1
        named = [self._name(item) for item in found]
        quoted: list[_Claim] = []
        for quote in unit.quotes:
            speaker, cue = self._speaker_of(unit, quote, named, following)
            quoted.append(_Claim(quote.start, quote.end, QUOTED, cue, speaker))
            self._remember(speaker, cue)
        reported = [_Claim(one.item.start, one.item.end, REPORTED, one.cue, one.speaker) for one in named]
        first = len(self.claims)
        self.claims.extend(_cut(quoted, reported))
        self._carry_back(unit, first)

    def _carry_back(self, unit: Unit, first: int) -> None:
        """Give a quotation over several paragraphs the speaker who is named only at its end."""
        if not unit.quotes:
            return
        opening = self.claims[first]
        if not unit.quotes[0].continues:
            self._unnamed.clear()
        elif opening.speaker is not None:
            for index in self._unnamed:
                self.claims[index] = self.claims[index]._replace(cue=opening.cue, speaker=opening.speaker)
            self._unnamed.clear()
        if unit.quotes[-1].is_open and self.claims[-1].speaker is None:
            self._unnamed.append(len(self.claims) - 1)

    def _name(self, item: Attribution) -> _Named:
        cue = " ".join(self._text[item.cue_start : item.cue_end].split())
        speaker = self._resolver.resolve(self._text, item.source)
        self._remember(speaker, cue)
        return _Named(item, speaker, cue)

    def _remember(self, speaker: str | None, cue: str | None) -> None:
        if speaker is not None:
            self._speaker, self._cue, self._spoke_in = speaker, cue, self._paragraph

    def _speaker_of(
        self, unit: Unit, quote: Quote, named: Sequence[_Named], following: _Following | None
    ) -> tuple[str | None, str | None]:
        """Return who says a quotation, by the nearest evidence: its cue, its sentence, its paragraph."""
        if named:
            around = (one for one in named if one.item.start <= quote.start and quote.end <= one.item.end)
            near = min(named, key=lambda one: abs(one.item.cue_start - quote.start))
            best = next(around, near)
            return best.speaker, best.cue
        if quote.continues:
            return (None, None) if self._unnamed else (self._speaker, self._cue)
        if self._spoke_in == self._paragraph:
            return self._speaker, self._cue
        ahead = self._ahead(following)
        if ahead is not None:
            return ahead.speaker, ahead.cue
        # A paragraph that is nothing but a quotation goes on with the speaker of the one before.
        is_alone = unit.low == [QUOTE] and self._spoke_in >= self._paragraph - MAX_PAUSE
        return (self._speaker, self._cue) if is_alone else (None, None)

    def _ahead(self, following: _Following | None) -> _Named | None:
        """Return the attribution of the next sentence of the paragraph where it belongs to a quotation."""
        if following is None or following[0].start >= self._ends[self._paragraph]:
            return None
        trailing = (one for one in following[1] if one.construction in {"trailing", "inverted"})
        item = next(trailing, None)
        return None if item is None else self._name(item)


def _start(claim: _Claim) -> int:
    return claim.start


def _speech(quotes: Iterable[Quote]) -> list[_Claim]:
    return [_Claim(quote.start, quote.end, QUOTED) for quote in quotes if quote.is_speech]


def _cut(quoted: Sequence[_Claim], reported: Iterable[_Claim]) -> list[_Claim]:
    """Return the claims of one unit so that none overlap: quotations whole, reported speech around them."""
    pieces = list(quoted)
    at = -1
    for claim in sorted(reported, key=_start):
        start = max(claim.start, at)
        at = max(at, claim.end)
        for quote in quoted:
            if quote.start < claim.end and quote.end > start:
                if quote.start > start:
                    pieces.append(claim._replace(start=start, end=quote.start))
                start = quote.end
        if start < claim.end:
            pieces.append(claim._replace(start=start))
    return sorted(pieces, key=_start)


def _partition(part: Part, text: str, claims: Iterable[_Claim], camps: Camps | None) -> Iterator[Passage]:
    """Yield passages that cover the text exactly, given claims in order that do not overlap."""
    pieces: list[_Claim] = []
    at = 0
    for claim in claims:
        start = _fill(text, pieces, at, claim.start)
        _add(pieces, claim._replace(start=start))
        at = claim.end
    if at < len(text) and _fill(text, pieces, at, len(text)) < len(text):
        _add(pieces, _Claim(at, len(text), OUTLET))
    for start, end, voice, cue, speaker in pieces:
        camp = None if camps is None or voice is OUTLET else camps.of(speaker)
        yield Passage(part, start, end, voice, cue, speaker, camp)


def _fill(text: str, pieces: list[_Claim], at: int, start: int) -> int:
    """Give the text between two claims to the outlet, or to the claim before where it holds no word.

    Returns where the next claim is to begin: earlier than ``start`` where nothing stands before it. A mark
    that closes goes with what it closes.
    """
    while pieces and at < start and text[at] in _CLOSERS:
        at += 1
        pieces[-1] = pieces[-1]._replace(end=at)
    if _ALNUM.search(text, at, start):
        _add(pieces, _Claim(at, start, OUTLET))
    elif pieces:
        pieces[-1] = pieces[-1]._replace(end=start)
    else:
        return at
    return start


def _add(pieces: list[_Claim], claim: _Claim) -> None:
    if pieces and pieces[-1][2:] == claim[2:]:
        pieces[-1] = pieces[-1]._replace(end=claim.end)
    else:
        pieces.append(claim)
