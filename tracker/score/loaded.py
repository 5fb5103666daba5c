"""Loaded terms: which of several names for one thing a text uses, and in whose voice.

A group lists names for one thing, each with its stance (``LoadedGroup``). Every use is reported with its
span and the voice it stands in, so that a name in a quotation is never counted as the outlet's; a name in
quotation marks of its own (‘the so-called “illegals”’) is quoted too. Where names overlap the longest wins:
"criminal illegal alien" is one use, not three.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import itemgetter

from tracker.model import Document, LoadedGroup, LoadedTerm, LoadedVariant, Part, Passage, ScorerInfo, Voice
from tracker.score.seeds import Hit, SeedAutomaton
from tracker.score.voices import VERSION as VOICES_VERSION
from tracker.score.voices import voice_at

VERSION = "1"

_OPENING = frozenset("\"“‘'«„")
_CLOSING = frozenset("\"”’'»“")


class LoadedTermScorer:
    """Finds the loaded terms of a topic. Compiled once per set of groups."""

    def __init__(self, groups: Iterable[LoadedGroup]) -> None:
        """Compile the groups; forms are in the seed language. Raises ConfigError for a bad form.

        Where two variants list the same form, the first keeps it.
        """
        self.groups = tuple(groups)
        owners: dict[str, tuple[LoadedGroup, LoadedVariant]] = {}
        for group in self.groups:
            for variant in group.variants:
                for form in variant.forms:
                    owners.setdefault(form, (group, variant))
        self._automaton = SeedAutomaton(owners)
        self._owners = tuple(owners.values())
        content = "\n".join(map(repr, self.groups))
        self.info = ScorerInfo(
            scorer="loaded_terms",
            version=f"{VERSION}.{VOICES_VERSION}",
            data_hash=hashlib.sha256(content.encode()).hexdigest(),
            languages=frozenset({"en"}),
        )

    def score(self, document: Document, passages: Sequence[Passage]) -> tuple[LoadedTerm, ...]:
        """Return every use in the sentences that are scored, in text order, headline first."""
        terms: list[LoadedTerm] = []
        for part, text in ((Part.HEADLINE, document.headline), (Part.BODY, document.body)):
            spans = [(s.start, s.end) for s in document.sentences if s.is_scored and s.part is part]
            found = zip(*(column.tolist() for column in self._automaton.find_within(text, spans)), strict=True)
            for _, hits in groupby(found, key=itemgetter(0)):
                own = longest(Hit(*hit) for _, *hit in hits)
                terms.extend(self._term(hit, part, text, passages) for hit in own)
        return tuple(terms)

    def _term(self, hit: Hit, part: Part, text: str, passages: Sequence[Passage]) -> LoadedTerm:
        group, variant = self._owners[hit.seed]
        is_marked = _is_in_marks(text, hit.start, hit.end)
        return LoadedTerm(
            term=variant.term,
            text=text[hit.start : hit.end],
            group=group.id,
            stance=variant.stance,
            part=part,
            start=hit.start,
            end=hit.end,
            voice=Voice.QUOTED if is_marked else voice_at(passages, part, hit.start, hit.end),
        )


def _is_in_marks(text: str, start: int, end: int) -> bool:
    """Whether quotation marks enclose the name itself: the outlet holds it at arm's length."""
    if start == 0 or text[start - 1] not in _OPENING:
        return False
    return any(char in _CLOSING for char in text[start : end + 2])


def longest(hits: Iterable[Hit]) -> list[Hit]:
    """Return hits that do not overlap, in text order: the longest first, of equals the leftmost."""
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda h: (h.start - h.end, h.start, h.seed)):
        if all(hit.end <= other.start or other.end <= hit.start for other in kept):
            kept.append(hit)
    return sorted(kept, key=lambda h: h.start)
