"""What a topic's rules make of the archive before any run applies them: what they would gain and lose."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from tracker.model import Topic
from tracker.report.snapshot_report import SnapshotReport
from tracker.store.rows import aware
from tracker.topic import compile_topic

BATCH = 500  # texts read at a time
MOST = 20_000  # articles judged, the newest: half a minute or so

_TEXTS = """
SELECT a.article, a.outlet, a.outlet_name, a.url, a.title, a.text, a.published_at,
    coalesce(a.published_date, a.first_seen_date) AS date,
    (SELECT m.is_on_topic FROM matches m WHERE m.topic = $topic AND m.article = a.article) AS was_on_topic,
    (SELECT m.decided_by <> 'rules' FROM matches m WHERE m.topic = $topic AND m.article = a.article) AS is_decided
FROM articles a WHERE list_contains($articles, a.article) ORDER BY date DESC, a.article
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One article whose verdict would change."""

    article: str
    outlet: str
    title: str
    url: str
    date: date | None
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a topic would match among the newest articles. People's decisions stand, whatever the rules say."""

    n_read: int
    n_all: int  # articles in the snapshot
    n_on: int
    n_unsure: int
    n_before: int  # on the topic as the snapshot has it, among those read
    gained: tuple[Judged, ...]
    lost: tuple[Judged, ...]


def preview(report: SnapshotReport, topic: Topic, *, most: int = MOST) -> Preview:
    """Judge the newest articles by a topic's rules. Raises ConfigError where its query is none."""
    compiled = compile_topic(topic)
    report.needs_text("a topic's matches")
    newest = report.rows(
        "SELECT article, count(*) OVER () AS n_all FROM articles "
        "ORDER BY coalesce(published_date, first_seen_date) DESC, article LIMIT $most",
        {"most": most},
    )
    gained: list[Judged] = []
    lost: list[Judged] = []
    counts = {"on": 0, "unsure": 0, "before": 0}
    for row in _texts(report, topic.topic, [row["article"] for row in newest]):
        match = compiled.match(row["title"], row["text"], url=row["url"], published_at=aware(row["published_at"]))
        is_on = row["was_on_topic"] if row["is_decided"] else match.is_on_topic
        was_on = bool(row["was_on_topic"])
        counts["on"] += bool(is_on)
        counts["unsure"] += is_on is None
        counts["before"] += was_on
        if bool(is_on) != was_on:
            judged = Judged(
                article=row["article"],
                outlet=row["outlet_name"] or row["outlet"],
                title=row["title"],
                url=row["url"],
                date=row["date"],
                reasons=tuple(dict.fromkeys(f"{one.rule}: {one.term}" for one in match.reasons)),
            )
            (gained if is_on else lost).append(judged)
    return Preview(
        n_read=len(newest),
        n_all=newest[0]["n_all"] if newest else 0,
        n_on=counts["on"],
        n_unsure=counts["unsure"],
        n_before=counts["before"],
        gained=tuple(gained),
        lost=tuple(lost),
    )


def _texts(report: SnapshotReport, topic: str, articles: list[str]) -> Iterator[dict[str, Any]]:
    for start in range(0, len(articles), BATCH):
        yield from report.rows(_TEXTS, {"topic": topic, "articles": articles[start : start + BATCH]})
