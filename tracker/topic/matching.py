"""From compiled queries to a decision with reasons.

The rules, in order: outside the topic's dates; the query; more evidence for another case than for this one
(a near miss), or as much (unsure). Where the topic file asks for it, what was learned from codings (``learned.py``)
decides among the texts that fulfil the query. Then how central the topic is, by where the query's parts are fulfilled.
What a person decided outlives the rules: it takes the place of their answer, and of nothing else.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from tracker.model import Centrality, Match, MatchDecision, Reason, Topic
from tracker.topic.centrality import Weight, weigh
from tracker.topic.grammar import compile_query
from tracker.topic.learned import THRESHOLD, RelevanceModel, load_relevance
from tracker.topic.nodes import Hit, Node, groups
from tracker.topic.reading import Reading
from tracker.topic.tokens import FIELD_GAP, Positions, Vocabulary, address_words
from tracker.words import words

HEADLINE_WEIGHT = 2  # a case named in the headline is what the article is about
MAX_PER_FACT = 3  # uses of one expression that count, so that a name often repeated does not decide alone
MAX_REASONS = 40  # kept with a match: enough to highlight an article, little enough to store
MAX_PER_PART = 3  # places kept of one part of the query
HINT_SHARE = 0.5  # of the query's parts that headline and summary must hold where a topic gives no hint


@dataclass(frozen=True, slots=True)
class CompiledTopic:
    """A topic ready to be matched against; made by ``compile_topic``."""

    topic: Topic
    query: Node
    hint: Node | None
    own: tuple[Node, ...]
    other: tuple[Node, ...]
    vocabulary: Vocabulary
    learned: RelevanceModel | None = None

    @property
    def hash(self) -> str:
        """Return what a match rests on: the topic file, and what was learned where that decides."""
        if self.learned is None:
            return self.topic.hash
        return hashlib.sha256(f"{self.topic.hash} {self.learned.data_hash}".encode()).hexdigest()

    def match(
        self,
        title: str,
        text: str,
        url: str | None = None,
        published_at: datetime | None = None,
        decision: MatchDecision | None = None,
    ) -> Match:
        """Decide whether an article is on the topic, with reasons whose offsets count into title and text.

        ``published_at`` is aware; without it the topic's dates are not asked for. Where the title is
        blank, the words of the address stand in for it (their reasons carry no span). A person's
        ``decision`` stands whatever the rules say; how central the topic is is still read off the text.
        """
        decided = decision.is_on_topic if decision else None
        outside = self._outside_dates(published_at) if decided is None else None
        if outside is not None:
            return self._decided((outside,), is_on=False)
        positions, reading = self._read(title, text, url)
        if self.query.holds(positions) or decided:
            found = self._matched(positions, reading, decided=decided)
        else:
            found = self._decided(tuple(self._missing(positions)), is_on=False)
        return _overruled(found, decision)

    def features(
        self, title: str, text: str, url: str | None = None, published_at: datetime | None = None
    ) -> tuple[float, ...] | None:
        """Return what the rules count in a text, as ``FEATURES``; None where dates or query leave it out."""
        if self._outside_dates(published_at):
            return None
        positions, reading = self._read(title, text, url)
        if not self.query.holds(positions):
            return None
        weight = weigh([list(part.hits(positions)) for part in groups(self.query)], reading)
        return self._features(weight, _evidence(self.own, positions), _evidence(self.other, positions))

    def is_likely(self, title: str, summary: str, url: str, content: str | None = None) -> bool:
        """Return whether an entry's page is worth fetching: generous, by headline, summary and address.

        Where the feed carries the text itself (``content``), it is likely too if text and headline fulfil the query.
        """
        positions: Positions = {}
        offset = 0
        for part in (title, summary, address_words(url)):
            tokens = words(part)
            self.vocabulary.index(tokens, positions, offset)
            offset += len(tokens) + FIELD_GAP
        if self._is_hinted(positions):
            return True
        self.vocabulary.index(words(content or ""), positions, offset)
        return self.query.holds(positions)

    def _read(self, title: str, text: str, url: str | None) -> tuple[Positions, Reading]:
        headline = title if title.strip() else address_words(url)
        positions: Positions = {}
        self.vocabulary.index(words(headline), positions)
        self.vocabulary.index(words(text), positions, FIELD_GAP)
        return positions, Reading(title=headline, text=text, has_title=bool(title.strip()))

    def _is_hinted(self, positions: Positions) -> bool:
        if self.hint is not None:
            return self.hint.holds(positions)
        parts = groups(self.query)
        return sum(part.holds(positions) for part in parts) >= len(parts) * HINT_SHARE

    def _outside_dates(self, published_at: datetime | None) -> Reason | None:
        if published_at is None:
            return None
        day = published_at.astimezone(UTC).date()
        if self.topic.starts_on and day < self.topic.starts_on:
            return Reason(rule="before the topic's dates", term=day.isoformat())
        if self.topic.ends_on and day > self.topic.ends_on:
            return Reason(rule="after the topic's dates", term=day.isoformat())
        return None

    def _missing(self, positions: Positions) -> Iterator[Reason]:
        for part in groups(self.query):
            if not part.holds(positions):
                yield Reason(rule="query: missing", term=part.source)

    def _matched(self, positions: Positions, reading: Reading, *, decided: bool | None) -> Match:
        parts = groups(self.query)
        weight = weigh([list(part.hits(positions)) for part in parts], reading)
        own, other = _evidence(self.own, positions), _evidence(self.other, positions)
        is_on = _by_rules(own, other)
        learned: tuple[Reason, ...] = ()
        if decided is not None:
            is_on = decided
        elif self.learned:
            chance = self.learned.chance(self._features(weight, own, other))
            is_on, learned = chance >= THRESHOLD, (Reason(rule="learned from codings", term=f"chance {chance:.2f}"),)
        reasons = (
            *learned,
            *_reasons("other case", self.other, positions, reading),
            *_reasons("own case", self.own, positions, reading),
            *_reasons("query", parts, positions, reading),
        )
        return self._decided(reasons[:MAX_REASONS], is_on=is_on, weight=weight)

    @staticmethod
    def _features(weight: Weight, own: int, other: int) -> tuple[float, ...]:
        said = {True: 1.0, None: 0.0, False: -1.0}[_by_rules(own, other)]
        return said, weight.headline, weight.lead, weight.share, math.log1p(own), math.log1p(other)

    def _decided(self, reasons: tuple[Reason, ...], *, is_on: bool | None, weight: Weight | None = None) -> Match:
        centrality: Centrality | None = weight.centrality if weight and is_on is not False else None
        return Match(
            topic=self.topic.topic,
            topic_hash=self.hash,
            is_on_topic=is_on,
            score=weight.score if weight else 0.0,
            centrality=centrality,
            reasons=reasons,
            sentences=weight.sentences if weight and is_on is not False else (),
        )


def compile_topic(topic: Topic) -> CompiledTopic:
    """Compile a topic's query, hint and facts, and read what was learned where the topic asks for it.

    ``ConfigError`` names the key, line and column, or the file at fault.
    """
    vocabulary = Vocabulary()
    named = f"topic {topic.topic}"
    query = compile_query(topic.query, vocabulary, where=f"{named}: query")
    hint = compile_query(topic.hint, vocabulary, where=f"{named}: hint") if topic.hint else None
    own, other = (
        tuple(compile_query(t, vocabulary, where=f"{named}: facts.{key}[{i}]") for i, t in enumerate(terms))
        for key, terms in (("own", topic.facts.own), ("other", topic.facts.other))
    )
    learned = load_relevance(topic.relevance_model) if topic.relevance_model else None
    return CompiledTopic(topic, query, hint, own, other, vocabulary, learned)


def _overruled(match: Match, decision: MatchDecision | None) -> Match:
    """Return a match with the person's name, time and note on it, where a person decided."""
    if decision is None or decision.is_on_topic is None:
        return match
    word = Reason(rule=f"decided by {decision.by}", term=decision.note or ("on" if decision.is_on_topic else "off"))
    return replace(match, decided_by=decision.by, decided_at=decision.at, reasons=(word, *match.reasons)[:MAX_REASONS])


def _by_rules(own: int, other: int) -> bool | None:
    """Return whether a text that fulfils the query is on the topic by its evidence for this case and for others."""
    if other > own:
        return False
    return None if other and other == own else True


def _evidence(facts: Sequence[Node], positions: Positions) -> int:
    """Count the uses of each expression: a few of each in the text, and those in the headline twice."""
    total = 0
    for fact in facts:
        starts = {start for start, _ in fact.hits(positions)}
        in_title = sum(start < FIELD_GAP for start in starts)
        total += min(len(starts) - in_title, MAX_PER_FACT) + HEADLINE_WEIGHT * min(in_title, MAX_PER_FACT)
    return total


def _reasons(rule: str, nodes: Sequence[Node], positions: Positions, reading: Reading) -> Iterator[Reason]:
    for node in nodes:
        places: list[Hit] = sorted(set(node.hits(positions)))
        for first, last in places[:MAX_PER_PART]:
            term, span = reading.quote(first, last)
            yield Reason(rule=rule, term=term, span=span)
