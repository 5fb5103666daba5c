"""Stages on files, for people and programs that have texts and no home: one JSON line a text."""

from __future__ import annotations

import gzip
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import TextIO

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from pipelines.progress import Progress
from tracker.config import bundled_topic, load_topic
from tracker.copies import ClusterRow, cluster_texts
from tracker.errors import DataError, ExtractError
from tracker.extract import extract_page
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
from tracker.score.scoring import DEFAULT_SENTIMENT, Scoring

NO_ADDRESS = "https://page.invalid/"  # RFC 2606: stands for a page whose address nobody gave
EXTRACTED = (
    "path", "url", "title", "text", "authors", "published_at", "modified_at", "language", "kind", "completeness",
    "word_count",
)  # fmt: skip


class _Given(BaseModel):
    """A target mention, as given."""

    model_config = ConfigDict(extra="ignore")

    id: str | int
    start: int
    end: int


class _Row(BaseModel):
    """A line of JSON lines, as given."""

    model_config = ConfigDict(extra="ignore")

    id: str | int
    text: str
    title: str | None = None
    language: str | None = None
    outlet: str | None = None
    published_at: str | None = None
    targets: list[_Given] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Problem:
    """An input that could not be read, and why."""

    where: str
    what: str


def extract_files(files: Sequence[Path], url: str | None, out: TextIO, progress: Progress) -> bool:
    """Write one line for each HTML file, in order; return whether all could be read."""
    is_well = True
    for path in files:
        try:
            data = path.read_bytes()
            body = gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
        except (OSError, EOFError, gzip.BadGzipFile) as error:
            progress.warn(f"{path}: cannot be read: {error}")
            is_well = False
            continue
        _write(out, _extracted(path, url, body, progress))
    return is_well


def _extracted(path: Path, url: str | None, body: bytes, progress: Progress) -> dict[str, object]:
    page = Page(
        url=url or NO_ADDRESS,
        final_url=url or NO_ADDRESS,
        body=body,
        fetched_at=datetime.now(UTC),
        payload_digest=stable_id(str(path)),
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
    return values | {"path": str(path), "url": url or (article.canonical_url if article else None)}


def score_files(files: Sequence[Path], topic: Path | None, out: TextIO, progress: Progress) -> bool:
    """Write one line for each text; return whether all input could be read."""
    scoring = Scoring(load_topic(topic) if topic else bundled_topic())
    is_well = True
    for row in _rows(files):
        if isinstance(row, _Problem):
            progress.warn(f"{row.where}: {row.what}")
            is_well = False
            continue
        given = row.targets
        spans = None if given is None else [_span(one, len(row.text)) for one in given]
        scores = scoring.score(row.title or "", row.text, row.language, spans)
        _write(out, _scored(row, scores))
    return is_well


def _span(one: _Given, length: int) -> TargetSpan:
    if not 0 <= one.start < one.end <= length:
        raise DataError(f"target {one.id}: {one.start}–{one.end} is no span of a text of {length} characters")
    return TargetSpan(id=str(one.id), part=Part.BODY, start=one.start, end=one.end)


def _scored(row: _Row, scores: ArticleScores) -> dict[str, object]:
    by_scorer = {one.scorer: {value.of: value.value for value in one.values} for one in scores.sentiment}
    default = next((one for one in scores.sentiment if one.scorer == DEFAULT_SENTIMENT), None)
    names = ("headline", "body", "outlet_voice", "quoted_voice")
    return {
        "id": row.id,
        "sentiment": by_scorer.get(DEFAULT_SENTIMENT, dict.fromkeys(names)),
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


def _targets(row: _Row, scored: Sequence[TargetSentiment]) -> list[dict[str, object]]:
    """Return those given, in their order and under their own ids; else the actors found."""
    if row.targets is None:
        return [{"id": one.id, "label": one.label, "score": one.score, "part": one.part, "start": one.start,
                 "end": one.end} for one in scored]  # fmt: skip
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


def cluster_files(files: Sequence[Path], out: TextIO, progress: Progress) -> bool:
    """Write each text's place among copies; return whether all input could be read."""
    rows, is_well = [], True
    for row in _rows(files):
        if isinstance(row, _Problem):
            progress.warn(f"{row.where}: {row.what}")
            is_well = False
            continue
        rows.append(row)
    given = [
        ClusterRow(id=str(row.id), text=row.text, title=row.title or "", outlet=row.outlet or "",
                   published_at=_time(row.published_at))
        for row in rows
    ]  # fmt: skip
    for row, placed in zip(rows, cluster_texts(given), strict=True):
        _write(out, asdict(placed) | {"id": row.id})
    return is_well


def _rows(files: Sequence[Path]) -> Iterator[_Row | _Problem]:
    """Read JSON lines from ``.jsonl`` files and stdin; any other file is one plain text, whole as it stands."""
    if not files:
        yield from _json_lines(sys.stdin, "stdin")
    for path in files:
        try:
            if path.suffix == ".jsonl":
                with path.open(encoding="utf-8") as lines:
                    yield from _json_lines(lines, str(path))
            else:
                yield _Row(id=str(path), text=path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            yield _Problem(where=str(path), what=f"cannot be read: {error}")


def _json_lines(lines: TextIO, name: str) -> Iterator[_Row | _Problem]:
    adapter = TypeAdapter(_Row)
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            yield adapter.validate_json(line)
        except ValidationError as error:
            what = "; ".join(f"{'.'.join(map(str, e['loc'])) or 'line'}: {e['msg']}" for e in error.errors())
            yield _Problem(where=f"{name}:{number}", what=what)


def _iso(moment: datetime | None, offset_minutes: int | None = None) -> str | None:
    """Write a time in the page's own offset where it names one: its day is then the day that was printed."""
    if moment is None:
        return None
    return moment.astimezone(timezone(timedelta(minutes=offset_minutes or 0))).isoformat()


def _time(text: str | None) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise DataError(f"published_at: {text!r} is no ISO 8601 time") from error
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def _write(out: TextIO, values: dict[str, object]) -> None:
    out.write(json.dumps(values, ensure_ascii=False) + "\n")
