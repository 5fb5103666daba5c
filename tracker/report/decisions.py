"""What people decide, for those who show a snapshot: find the article, append the decision, see what is pending."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tracker.errors import DataError
from tracker.model import Coding, CodingSpan, MatchDecision, Part
from tracker.report.snapshot_report import SnapshotReport
from tracker.store.decisions import FILE, Decisions, append_decision, append_decisions, read_decisions

__all__ = [
    "Coding", "CodingSpan", "Decisions", "MatchDecision", "Part", "Standing", "append_decision", "append_decisions",
    "decisions_mark_of", "find_article", "read_decisions", "standing",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A decision in force with what a reader needs to recognise it; pending until a run has applied it."""

    decision: MatchDecision
    outlet: str | None  # None where the snapshot does not know the article
    title: str | None
    is_pending: bool


def decisions_mark_of(home: Path) -> str:
    """Return a mark of what people had decided when it was asked: the file's length, for it only grows."""
    path = home / FILE
    return str(path.stat().st_size) if path.exists() else "0"


def find_article(report: SnapshotReport, named: str) -> str:
    """Return the id of the article that ``named`` names: its id, or its address in any form that was seen.

    Raises DataError where the snapshot knows none, or several (two outlets may have listed one address).
    """
    found = report.rows(
        "SELECT article FROM articles WHERE article = $named OR url = $named OR canonical_url = $named "
        "UNION SELECT article FROM entries WHERE article IS NOT NULL AND $named IN (url, canonical_url) ORDER BY ALL",
        {"named": named},
    )
    if not found:
        raise DataError(f"{named}: no article of that id or address in the snapshot: ask 'tracker sql' for its id")
    if len(found) > 1:
        raise DataError(f"{named}: several articles have that address: {', '.join(row['article'] for row in found)}")
    return str(found[0]["article"])


def standing(report: SnapshotReport, decisions: Decisions, topic: str | None = None) -> tuple[Standing, ...]:
    """Return the decisions in force, of one topic or all, each with whether the snapshot has applied it yet."""
    wanted = [one for one in decisions.matches if topic is None or one.topic == topic]
    rows = report.rows(
        "SELECT a.article, a.outlet, a.title, m.topic, m.is_on_topic, m.decided_by, m.decided_at "
        "FROM articles a LEFT JOIN matches m USING (article) WHERE list_contains($articles, a.article)",
        {"articles": [one.article for one in wanted]},
    )
    known = {row["article"]: (row["outlet"], row["title"]) for row in rows}
    held = {
        (row["topic"], row["article"]): (row["is_on_topic"], row["decided_by"], row["decided_at"])
        for row in rows
        if row["decided_at"] is not None
    }
    return tuple(
        Standing(
            decision=one,
            outlet=known.get(one.article, (None, None))[0],
            title=known.get(one.article, (None, None))[1],
            is_pending=held.get((one.topic, one.article)) != _applied(one),
        )
        for one in wanted
    )


def _applied(one: MatchDecision) -> tuple[bool, str, datetime] | None:
    """Return what ``matches`` holds of a decision once a run has applied it."""
    if one.is_on_topic is None:
        return None
    return one.is_on_topic, one.by, one.at.astimezone(UTC).replace(tzinfo=None)
