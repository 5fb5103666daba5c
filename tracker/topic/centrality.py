"""How much of an article is about the topic: main, substantial or a mention.

News puts what a story is about into its headline and its first paragraphs (the inverted pyramid: Pöttker
2003, Journalism Studies 4(4)), so these count before the share of sentences. The thresholds are judgement,
set by judgement, and adjusted once after reading the demonstration; ``docs/methods.md`` has what was measured.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tracker.model import Centrality, Part, Span
from tracker.topic.nodes import Hit
from tracker.topic.reading import Reading
from tracker.topic.tokens import FIELD_GAP

HALF = 0.5  # of the query's parts: a headline or sentence with them is on the topic
MAIN_SHARE = 0.15  # of sentences, with the headline: one in seven carries the story on
SUBSTANTIAL_SHARE = 0.1  # of sentences: more than one paragraph of a usual article
# What makes up the score: headline, lead and sentences, in the order in which readers meet them.
HEADLINE_PART, LEAD_PART, SENTENCE_PART = 0.4, 0.3, 0.3


@dataclass(frozen=True, slots=True)
class Weight:
    """The centrality, a score, 0..1, for sorting and thresholds, and where the topic's own sentences stand."""

    centrality: Centrality
    score: float
    sentences: tuple[Span, ...] = ()
    headline: float = 0.0  # share of the query's parts that stand in the headline
    lead: float = 0.0  # in the first paragraphs
    share: float = 0.0  # of the sentences that are the topic's own


def weigh(parts: Sequence[Sequence[Hit]], reading: Reading) -> Weight:
    """Return how central the topic is, from the places where each part of its query is fulfilled."""
    n = len(parts)
    headline = sum(any(first < FIELD_GAP for first, _ in hits) for hits in parts) / n
    lead = sum(any(reading.is_lead(first) for first, _ in hits) for hits in parts) / n
    own = _own_sentences(parts, reading)
    share = len(own) / reading.n_sentences
    score = HEADLINE_PART * headline + LEAD_PART * lead + SENTENCE_PART * min(1.0, share / HALF)
    spans = [reading.sentence_span(number) for number in sorted(own)]
    if headline >= HALF and reading.has_title:
        spans.insert(0, Span(part=Part.HEADLINE, start=0, end=len(reading.title)))
    return Weight(
        _centrality(headline, lead, share),
        round(score, 4),
        tuple(spans),
        headline=headline,
        lead=lead,
        share=share,
    )


def _centrality(headline: float, lead: float, share: float) -> Centrality:
    is_headline = headline >= HALF
    if lead >= 1.0 or (is_headline and share >= MAIN_SHARE):
        return Centrality.MAIN
    if is_headline or share >= SUBSTANTIAL_SHARE or lead > HALF:
        return Centrality.SUBSTANTIAL
    return Centrality.MENTION


def _own_sentences(parts: Sequence[Sequence[Hit]], reading: Reading) -> set[int]:
    """Return the numbers of the sentences in which at least half of the query's parts are fulfilled."""
    found: dict[int, set[int]] = {}
    for number, hits in enumerate(parts):
        for first, _ in hits:
            sentence = reading.sentence(first)
            if sentence is not None:
                found.setdefault(sentence, set()).add(number)
    return {sentence for sentence, numbers in found.items() if len(numbers) >= len(parts) * HALF}
