"""What is copied, and what changed: wire clusters, headlines before and after, corrections."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import pandas as pd

from tracker.report.filters import Filters
from tracker.report.snapshot_report import SnapshotReport


@dataclass(frozen=True, slots=True, kw_only=True)
class WireCluster:
    """One text and the articles in the view that are copies of it, the original first."""

    cluster: str
    agency: str | None
    title: str  # of the original, else of the earliest
    original_outlet: str | None  # None where the original is not on the topic or not in the view
    n_outlets: int
    first_at: datetime | None
    last_at: datetime | None
    members: tuple[WireCopy, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WireCopy:
    """One article of a wire cluster."""

    article: str
    outlet: str
    outlet_name: str
    title: str
    is_original: bool
    is_retitled: bool  # its headline is not the original's
    published_at: datetime | None
    word_count: int
    similarity: float | None  # to the original, 0..1


def wire_clusters(report: SnapshotReport, filters: Filters) -> tuple[WireCluster, ...]:
    """Return the wire clusters of a view, those at most outlets first; a cluster takes two articles."""
    rows = report.rows(
        f"""
        SELECT a.wire_cluster, max(a.wire_agency) OVER (PARTITION BY a.wire_cluster) AS agency,
            a.article, a.outlet, coalesce(a.outlet_name, a.outlet) AS outlet_name, a.title, a.is_original,
            a.published_at, a.word_count, w.similarity
        FROM coverage a LEFT JOIN internal.wire_members w ON w.article = a.article
        WHERE {filters.condition()} AND a.wire_cluster IS NOT NULL
        QUALIFY count(*) OVER (PARTITION BY a.wire_cluster) > 1
        ORDER BY count(*) OVER (PARTITION BY a.wire_cluster) DESC, a.wire_cluster, a.is_original DESC,
            a.published_at NULLS LAST, a.article
        """,  # noqa: S608 - the condition is a constant with parameters
        {**filters.parameters},
    )
    groups: dict[str, list[dict[str, object]]] = {}
    for row in rows:
        groups.setdefault(str(row["wire_cluster"]), []).append(row)
    return tuple(_cluster(name, members) for name, members in groups.items())


def _cluster(name: str, rows: list[dict[str, object]]) -> WireCluster:
    first = rows[0]
    members = tuple(
        WireCopy(
            is_retitled=row["title"] != first["title"],
            **{field: row[field] for field in WireCopy.__dataclass_fields__ if field != "is_retitled"},  # type: ignore[arg-type]
        )
        for row in rows
    )
    times = [member.published_at for member in members if member.published_at]
    agency = first["agency"]
    return WireCluster(
        cluster=name,
        agency=agency if isinstance(agency, str) else None,
        title=members[0].title,
        original_outlet=members[0].outlet_name if members[0].is_original else None,
        n_outlets=len({member.outlet for member in members}),
        first_at=min(times, default=None),
        last_at=max(times, default=None),
        members=members,
    )


def headline_changes(report: SnapshotReport, filters: Filters) -> pd.DataFrame:
    """Return article, outlet, outlet_name, revision, seen_at, title_before, title_after, change_kind and tones.

    One row is a change of an article's headline, newest first.
    """
    return report.frame(
        f"""
        SELECT h.article, h.outlet, coalesce(a.outlet_name, a.outlet) AS outlet_name, h.revision, h.seen_at,
            h.title_before, h.title_after, h.change_kind, h.tone_before, h.tone_after
        FROM headline_changes h JOIN coverage a ON a.topic = h.topic AND a.article = h.article
        WHERE {filters.condition()} ORDER BY h.seen_at DESC, h.article, h.revision
        """,  # noqa: S608 - the condition is a constant with parameters
        {**filters.parameters},
    )


def corrections(report: SnapshotReport, filters: Filters) -> pd.DataFrame:
    """Return article, outlet, outlet_name, seen_at, change_kind, change_note, title, newest first."""
    return report.frame(
        f"""
        SELECT c.article, c.outlet, coalesce(a.outlet_name, a.outlet) AS outlet_name, c.seen_at, c.change_kind,
            c.change_note, c.title
        FROM corrections c JOIN coverage a ON a.topic = c.topic AND a.article = c.article
        WHERE {filters.condition()} ORDER BY c.seen_at DESC, c.article
        """,  # noqa: S608 - the condition is a constant with parameters
        {**filters.parameters},
    )
