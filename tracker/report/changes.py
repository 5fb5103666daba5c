"""What is copied, and what changed: wire clusters, headlines before and after, corrections."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import pandas as pd

from tracker.report.filters import Filters
from tracker.report.snapshot_report import SnapshotReport
from tracker.revisions import DiffSegment, word_diff

__all__ = [
    "DiffSegment",
    "VersionChange",
    "WireCluster",
    "WireCopy",
    "corrections",
    "headline_changes",
    "text_changes",
    "version_changes",
    "wire_clusters",
]


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


def wire_totals(report: SnapshotReport, filters: Filters) -> tuple[int, int]:
    """Return how many texts stood at two places or more in a view, and how many copies that is beside the originals."""
    row = report.rows(
        f"""
        SELECT count(*) AS n_texts, coalesce(sum(n_copies), 0)::BIGINT AS n_copies FROM (
            SELECT count(*) FILTER (NOT a.is_original) AS n_copies FROM internal.shown a
            WHERE {filters.condition()} AND a.wire_cluster IS NOT NULL GROUP BY a.wire_cluster HAVING count(*) > 1
        )
        """,  # noqa: S608 - the condition is a constant with parameters
        {**filters.parameters},
    )[0]
    return row["n_texts"], row["n_copies"]


def wire_clusters(report: SnapshotReport, filters: Filters, most: int | None = None) -> tuple[WireCluster, ...]:
    """Return the wire clusters of a view, those at most outlets first; a cluster takes two articles."""
    rows = report.rows(
        f"""
        WITH widest AS (
            SELECT a.wire_cluster, count(*) AS n, max(a.wire_agency) AS agency FROM internal.shown a
            WHERE {filters.condition()} AND a.wire_cluster IS NOT NULL
            GROUP BY a.wire_cluster HAVING count(*) > 1 ORDER BY n DESC, a.wire_cluster LIMIT $most
        )
        SELECT a.wire_cluster, c.agency, a.article, a.outlet, coalesce(a.outlet_name, a.outlet) AS outlet_name, a.title,
            a.is_original, a.published_at, a.word_count, w.similarity
        FROM internal.shown a JOIN widest c ON c.wire_cluster = a.wire_cluster
        LEFT JOIN internal.wire_members w ON w.article = a.article
        WHERE {filters.condition()}
        ORDER BY c.n DESC, a.wire_cluster, a.is_original DESC, a.published_at NULLS LAST, a.article
        """,  # noqa: S608 - the condition is a constant with parameters
        {**filters.parameters, "most": most},
    )
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        groups.setdefault(str(row["wire_cluster"]), []).append(row)
    return tuple(_cluster(name, members) for name, members in groups.items())


def _cluster(name: str, rows: list[dict[str, Any]]) -> WireCluster:
    first = rows[0]
    members = tuple(
        WireCopy(
            is_retitled=row["title"] != first["title"],
            **{field: row[field] for field in WireCopy.__dataclass_fields__ if field != "is_retitled"},
        )
        for row in rows
    )
    times = [member.published_at for member in members if member.published_at]
    return WireCluster(
        cluster=name,
        agency=first["agency"],
        title=members[0].title,
        original_outlet=members[0].outlet_name if members[0].is_original else None,
        n_outlets=len({member.outlet for member in members}),
        first_at=min(times, default=None),
        last_at=max(times, default=None),
        members=members,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionChange:
    """What one version of an article changed against the one before."""

    article: str
    outlet: str
    outlet_name: str
    revision: int
    seen_at: datetime
    change_kind: str
    note: str | None  # text of a correction or retraction
    headline: tuple[DiffSegment, ...]
    text: tuple[DiffSegment, ...]
    tone_before: float | None  # of the headline, default scorer
    tone_after: float | None
    body_before: float | None = None  # tone of the outlet's own words
    body_after: float | None = None
    frames_gained: tuple[str, ...] = ()
    frames_lost: tuple[str, ...] = ()

    @property
    def is_retitled(self) -> bool:
        """Whether the headline changed."""
        return any(segment.kind != "same" for segment in self.headline)


_TEXTS = ", p.text AS text_before, r.text AS text_after"
_VERSIONS = """
SELECT r.article, a.outlet, coalesce(a.outlet_name, a.outlet) AS outlet_name, r.revision, r.seen_at, r.change_kind,
    r.change_note AS note, p.title AS title_before, r.title AS title_after, p.text AS text_before, r.text AS text_after,
    hp.value AS tone_before, h.value AS tone_after
FROM internal.shown a
JOIN revisions r ON r.article = a.article
JOIN revisions p ON p.article = r.article AND p.revision = r.revision - 1
LEFT JOIN internal.default_sentiment h
    ON h.topic = a.topic AND h.article = r.article AND h.revision = r.revision AND h.part = 'headline'
LEFT JOIN internal.default_sentiment hp
    ON hp.topic = a.topic AND hp.article = p.article AND hp.revision = p.revision AND hp.part = 'headline'
"""


def headline_changes(report: SnapshotReport, filters: Filters, most: int | None = None) -> tuple[VersionChange, ...]:
    """Return the versions of a view that changed a headline, newest first; their texts are not compared.

    With ``most`` only the newest ones.
    """
    rows = report.rows(
        f"{_VERSIONS.replace(_TEXTS, '')} JOIN internal.retitled t ON t.topic = a.topic AND t.article = r.article "
        f"AND t.revision = r.revision WHERE {filters.condition()} "
        "ORDER BY r.seen_at DESC, r.article, r.revision LIMIT $most",
        {**filters.parameters, "most": most},
    )
    return tuple(_change(row, with_text=False) for row in rows)


_MOVED = """
SELECT v.*, b.value AS body_after, bp.value AS body_before,
    list_sort(list_filter(v.frames_after, lambda f: NOT list_contains(v.frames_before, f))) AS frames_gained,
    list_sort(list_filter(v.frames_before, lambda f: NOT list_contains(v.frames_after, f))) AS frames_lost
FROM (
    SELECT w.*, {frames_after} AS frames_after, {frames_before} AS frames_before
    FROM ({versions} WHERE {condition} AND r.text <> p.text ORDER BY r.seen_at DESC, r.article LIMIT $most) w
) v
LEFT JOIN internal.default_sentiment b ON b.topic = $topic AND b.article = v.article AND b.revision = v.revision
    AND b.part = 'outlet_voice'
LEFT JOIN internal.default_sentiment bp ON bp.topic = $topic AND bp.article = v.article
    AND bp.revision = v.revision - 1 AND bp.part = 'outlet_voice'
ORDER BY v.seen_at DESC, v.article
"""
_FRAMES_OF = """coalesce((
    SELECT list(DISTINCT f.frame) FROM frames f JOIN snapshot_scorers c USING (scorer, scorer_version)
    WHERE f.topic = $topic AND f.article = w.article AND f.revision = w.revision - {back}
), [])"""


def text_changes(report: SnapshotReport, filters: Filters, most: int) -> tuple[VersionChange, ...]:
    """Return the newest versions of a view that changed a text, up to ``most``, with what moved in their scores."""
    report.needs_text("changes of texts")
    query = _MOVED.format(
        versions=_VERSIONS,
        condition=filters.condition(),
        frames_after=_FRAMES_OF.format(back=0),
        frames_before=_FRAMES_OF.format(back=1),
    )
    return tuple(
        replace(
            _change(row, with_text=True),
            body_before=row["body_before"],
            body_after=row["body_after"],
            frames_gained=tuple(row["frames_gained"]),
            frames_lost=tuple(row["frames_lost"]),
        )
        for row in report.rows(query, {**filters.parameters, "most": most})
    )


def version_changes(report: SnapshotReport, topic: str, article: str) -> tuple[VersionChange, ...]:
    """Return what each version of an article changed, oldest first; nothing where it has one version."""
    rows = report.rows(
        f"{_VERSIONS} WHERE a.topic = $topic AND a.article = $article ORDER BY r.revision",
        {"topic": topic, "article": article},
    )
    return tuple(_change(row, with_text=True) for row in rows)


def _change(row: dict[str, Any], *, with_text: bool) -> VersionChange:
    plain = (
        "article",
        "outlet",
        "outlet_name",
        "revision",
        "seen_at",
        "change_kind",
        "note",
        "tone_before",
        "tone_after",
    )
    return VersionChange(
        headline=word_diff(row["title_before"], row["title_after"]),
        text=word_diff(row["text_before"], row["text_after"]) if with_text else (),
        **{name: row[name] for name in plain},
    )


def corrections(report: SnapshotReport, filters: Filters) -> pd.DataFrame:
    """Return article, outlet, outlet_name, seen_at, change_kind, change_note, title, newest first."""
    return report.frame(
        f"""
        SELECT c.article, c.outlet, coalesce(a.outlet_name, a.outlet) AS outlet_name, c.seen_at, c.change_kind,
            c.change_note, c.title
        FROM corrections c JOIN internal.shown a ON a.topic = c.topic AND a.article = c.article
        WHERE {filters.condition()} ORDER BY c.seen_at DESC, c.article
        """,  # noqa: S608 - the condition is a constant with parameters
        {**filters.parameters},
    )
