"""Distinctive words of groups of stories in a snapshot: outlets, kinds or leans of outlets, camps, periods."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tracker.model import Part, Passage, Voice
from tracker.report.filters import Filters
from tracker.report.own_words import text_where
from tracker.report.snapshot_report import SnapshotReport
from tracker.report.words import DistinctiveWords, StoryText, distinctive_words
from tracker.score.text import make_document

BATCH = 200  # articles read at a time: about 2 MB of text

_ARTICLES = """
SELECT a.article FROM coverage a
WHERE {condition} AND ($lean IS NULL OR a.lean = $lean) AND ($with_copies OR NOT a.is_wire_copy)
ORDER BY coalesce(a.published_date, a.first_seen_date), a.article
"""
_TEXTS = """
WITH spoken AS (
    SELECT p.article, list({'part': p.part, 'start': p.start_offset, 'end': p.end_offset, 'voice': p.voice,
        'camp': p.camp} ORDER BY p.part, p.start_offset) AS passages
    FROM passages p JOIN snapshot_scorers c USING (scorer, scorer_version)
    JOIN articles a ON a.article = p.article AND a.n_revisions = p.revision
    WHERE p.topic = $topic AND list_contains($articles, p.article)
    GROUP BY p.article
)
SELECT a.article, a.outlet, coalesce(a.published_date, a.first_seen_date) AS day, a.title, a.text, a.authors,
    a.language, s.passages
FROM articles a JOIN spoken s USING (article) ORDER BY day, a.article
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextGroup:
    """Stories and whose words in them: of the outlet itself, of a camp that it quotes, or of everybody."""

    filters: Filters
    lean: str | None = None  # of the outlet
    camp: str | None = None  # what this camp is quoted or reported as saying
    voices: frozenset[Voice] = frozenset({Voice.OUTLET})  # where no camp is asked for
    with_copies: bool = False  # whether another organisation's text counts as the outlet's

    def wants(self, passage: Passage) -> bool:
        """Whether a passage is among the words asked for."""
        return passage.voice in self.voices if self.camp is None else passage.camp == self.camp


def words_between(report: SnapshotReport, first: TextGroup, second: TextGroup) -> DistinctiveWords:
    """Return the words that tell two groups of a snapshot's stories apart.

    Partial texts count with what is there. Texts are read in batches, so that memory holds one batch and the
    counts. Raises StoreError where the snapshot cannot be read.
    """
    names = report.rows("SELECT name FROM outlets ORDER BY outlet")
    return distinctive_words(
        stories_of(report, first), stories_of(report, second), outlet_names=[row["name"] for row in names]
    )


def stories_of(report: SnapshotReport, group: TextGroup) -> Iterator[StoryText]:
    """Yield a group's stories by day, each with the words asked for; those without any are left out."""
    report.needs_text("words of stories")
    query = _ARTICLES.format(condition=group.filters.condition())
    found = report.rows(query, {**group.filters.parameters, "lean": group.lean, "with_copies": group.with_copies})
    for batch in _batches([str(row["article"]) for row in found]):
        for row in report.rows(_TEXTS, {"topic": group.filters.topic, "articles": batch}):
            text = text_where(make_document(row["title"], row["text"], row["language"]), _passages(row), group.wants)
            if text:
                yield StoryText(
                    story=row["article"],
                    outlet=row["outlet"],
                    day=row["day"],
                    text=text,
                    authors=tuple(row["authors"] or ()),
                )


def _passages(row: Mapping[str, Any]) -> tuple[Passage, ...]:
    return tuple(
        Passage(part=Part(one["part"]), start=one["start"], end=one["end"], voice=Voice(one["voice"]), camp=one["camp"])
        for one in row["passages"]
    )


def _batches(articles: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(articles), BATCH):
        yield articles[start : start + BATCH]
