"""Stages on files, for people and programs that have texts and no home: one JSON line a text."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import TextIO

from pipelines.given import GivenTarget, Readable, TextToCluster, TextToScore, page_bytes, read_rows
from pipelines.progress import Progress
from tracker.config import Settings, bundled_topic, load_topic
from tracker.copies import ClusterRow, cluster_texts
from tracker.errors import DataError, ExtractError
from tracker.extract.page import extract_page
from tracker.model import (
    Article,
    ArticleScores,
    Page,
    Part,
    SentimentScores,
    TargetSentiment,
    TargetSpan,
    stable_id,
)
from tracker.score.scoring import Scoring

# RFC 2606: stands for a page whose address nobody gave; a path, since a bare host is a front page.
NO_ADDRESS = "https://page.invalid/page"
EXTRACTED = (
    "path", "url", "title", "text", "authors", "published_at", "modified_at", "language", "kind", "completeness",
    "word_count",
)  # fmt: skip


def extract_files(files: Sequence[str], url: str | None, out: TextIO, progress: Progress) -> bool:
    """Write one line for each HTML file, in order; return whether all could be read."""
    is_well = True
    for path in files:
        try:
            body = page_bytes(path)
        except (OSError, EOFError, zlib.error, DataError) as error:
            progress.warn(f"{path}: cannot be read: {error}")
            is_well = False
            continue
        _write(out, _extracted(path, url, body, progress))
    return is_well


def _extracted(path: str, url: str | None, body: bytes, progress: Progress) -> dict[str, object]:
    page = Page(
        url=url or NO_ADDRESS,
        final_url=url or NO_ADDRESS,
        body=body,
        fetched_at=datetime.now(UTC),
        payload_digest=stable_id(path),
    )
    try:
        article: Article | None = extract_page(page)
    except ExtractError as error:
        progress.warn(f"{path}: no article: {error}")
        article = None
    values: dict[str, object] = dict.fromkeys(EXTRACTED)
    if article:
        values |= {name: value for name, value in asdict(article).items() if name in values}
        values |= {
            "published_at": _iso(article.published_at, article.published_offset),
            "modified_at": _iso(article.modified_at),
        }
    return values | {"path": path, "url": url or (article.canonical_url if article else None)}


def score_files(files: Sequence[str], topic: Path | None, out: TextIO, progress: Progress) -> bool:
    """Write one line for each text; return whether all input could be read."""
    scoring = Scoring(load_topic(topic) if topic else bundled_topic(), Settings().score.embeddings)
    rows = Readable(read_rows(files, TextToScore), progress)
    for row in rows:
        spans = None if row.targets is None else [_span(one) for one in row.targets]
        scores = scoring.score(row.title or "", row.text, row.language, spans)
        _write(out, _scored(row, scores, scoring.default_sentiment))
    return rows.is_well


def _span(one: GivenTarget) -> TargetSpan:
    return TargetSpan(id=str(one.id), part=Part.BODY, start=one.start, end=one.end)


def _scored(row: TextToScore, scores: ArticleScores, default_sentiment: str) -> dict[str, object]:
    by_scorer = {one.scorer: {value.of: value.value for value in one.values} for one in scores.sentiment}
    default = next((one for one in scores.sentiment if one.scorer == default_sentiment), None)
    names = ("headline", "body", "outlet_voice", "quoted_voice")
    return {
        "id": row.id,
        "sentiment": by_scorer.get(default_sentiment, dict.fromkeys(names)),
        "sentiment_by_scorer": by_scorer,
        "passages": [
            {
                "part": passage.part,
                "start": passage.start,
                "end": passage.end,
                "voice": passage.voice,
                "cue": passage.cue,
                "speaker": passage.speaker,
                "camp": passage.camp,
                "sentiment": _passage_sentiment(default, passage.part, passage.start, passage.end),
            }
            for passage in scores.passages
        ],
        "targets": _targets(row, scores.targets),
        "frames": [
            {
                "frame": frame.frame,
                "pack": frame.pack,
                "score": frame.score,
                "is_primary": frame.is_primary,
                "evidence": [
                    {"part": e.part, "start": e.start, "end": e.end, "voice": e.voice} for e in frame.evidence
                ],
            }
            for frame in scores.frames
        ],
        "loaded_terms": [
            {
                "term": term.text,
                "name": term.term,
                "group": term.group,
                "stance": term.stance,
                "part": term.part,
                "start": term.start,
                "end": term.end,
                "voice": term.voice,
            }
            for term in scores.loaded_terms
        ],
        "versions": {info.scorer: f"{info.version}+{info.data_hash[:12]}" for info in scores.scorers},
        "unscored_reason": scores.unscored_reason,
    }


def _targets(row: TextToScore, scored: Sequence[TargetSentiment]) -> list[dict[str, object]]:
    """Return those given, in their order and under their own ids; else the actors found."""
    if row.targets is None:
        return [{"id": one.id, "label": one.label, "score": one.score, "part": one.part, "start": one.start,
                 "end": one.end} for one in scored]  # fmt: skip
    if not scored:  # in a language that no scorer reads
        return [{"id": given.id, "label": None, "score": None} for given in row.targets]
    return [
        {"id": given.id, "label": one.label, "score": one.score} for given, one in zip(row.targets, scored, strict=True)
    ]


def _passage_sentiment(scores: SentimentScores | None, part: Part, start: int, end: int) -> float | None:
    """Return the mean of the sentences that lie mostly in a passage, weighted by how much of them does."""
    if scores is None:
        return None
    overlaps = [
        (min(end, sentence.end) - max(start, sentence.start), sentence.value)
        for sentence in scores.sentences
        if sentence.part == part and min(end, sentence.end) > max(start, sentence.start)
    ]
    weight = sum(length for length, _ in overlaps)
    return sum(length * value for length, value in overlaps) / weight if weight else None


def cluster_files(files: Sequence[str], out: TextIO, progress: Progress) -> bool:
    """Write each text's place among copies; return whether all input could be read."""
    rows = Readable(read_rows(files, TextToCluster), progress)
    ids: list[str | int] = []

    def given() -> Iterator[ClusterRow]:
        for row in rows:
            ids.append(row.id)
            yield ClusterRow(
                id=str(row.id),
                text=row.text,
                title=row.title or "",
                outlet=row.outlet or "",
                published_at=row.published_at,
            )

    for place, placed in enumerate(cluster_texts(given())):
        _write(out, asdict(placed) | {"id": ids[place]})
    return rows.is_well


def _iso(moment: datetime | None, offset_minutes: int | None = None) -> str | None:
    """Write a time in the page's own offset where it names one: its day is then the day that was printed."""
    if moment is None:
        return None
    return moment.astimezone(timezone(timedelta(minutes=offset_minutes or 0))).isoformat()


def _write(out: TextIO, values: dict[str, object]) -> None:
    out.write(json.dumps(values, ensure_ascii=False) + "\n")
