"""What is copied, and what changed: wire clusters, headlines before and after, corrections."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd

from tracker.report.filters import Filters
from tracker.report.snapshot_report import FEW_TEXTS, SnapshotReport
from tracker.revisions import DiffSegment, word_diff

__all__ = [
    "DiffSegment",
    "VersionChange",
    "WireCluster",
    "WireCopy",
    "copy_sources",
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


def copy_sources(report: SnapshotReport, filters: Filters) -> list[tuple[str, int]]:
    """Return whose texts the copies in a view are, with how many are theirs, most first; unknown ones left out."""
    rows = report.rows(
        f"""
        SELECT a.copied_from AS source, count(*) AS n FROM internal.shown a
        WHERE {filters.condition()} AND a.is_wire_copy AND a.copied_from IS NOT NULL
        GROUP BY ALL ORDER BY n DESC, source
        """,  # noqa: S608 - the condition is a constant with parameters
        {**filters.parameters},
    )
    return [(row["source"], row["n"]) for row in rows]


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


# Versions that changed what is asked for, the newest of a view; a format with the view's condition.
_NEWEST = """
SELECT a.topic, a.article, c.revision, a.outlet, coalesce(a.outlet_name, a.outlet) AS outlet_name
FROM internal.changed c JOIN internal.shown a ON a.place = c.place
WHERE {condition} AND c.{what} ORDER BY c.seen_at DESC, a.article, c.revision LIMIT $most
"""
_OF_ARTICLE = """
SELECT a.topic, a.article, r.revision, a.outlet, coalesce(a.outlet_name, a.outlet) AS outlet_name
FROM internal.shown a JOIN revisions r ON r.article = a.article
WHERE a.topic = $topic AND a.article = $article AND r.revision > 1
"""
# What the chosen versions changed: the few are chosen first, and texts and scores are read of them alone.
_CHANGES = """
WITH chosen AS MATERIALIZED ({chosen}),
compared AS (SELECT topic, article, revision FROM chosen UNION SELECT topic, article, revision - 1 FROM chosen),
tones AS (
    SELECT s.article, s.revision, max(s.value) FILTER (s.part = 'headline') AS headline,
        max(s.value) FILTER (s.part = 'outlet_voice') AS body
    FROM internal.default_sentiment s SEMI JOIN compared USING (topic, article, revision) GROUP BY ALL
), {few}, framed AS (
    SELECT f.article, f.revision, list(DISTINCT f.frame ORDER BY f.frame) AS frames
    FROM frames f JOIN snapshot_scorers USING (scorer, scorer_version)
    SEMI JOIN compared USING (topic, article, revision) GROUP BY ALL
)
SELECT c.article, c.outlet, c.outlet_name, c.revision, r.seen_at, r.change_kind, r.change_note AS note,
    p.title AS title_before, r.title AS title_after, {texts},
    h.headline AS tone_after, hp.headline AS tone_before, h.body AS body_after, hp.body AS body_before,
    coalesce(f.frames, []) AS frames_after, coalesce(fp.frames, []) AS frames_before
FROM chosen c
JOIN texts x ON x.article = c.article AND x.revision = c.revision
JOIN revisions r ON r.rowid = x.at
JOIN texts y ON y.article = c.article AND y.revision = c.revision - 1
JOIN revisions p ON p.rowid = y.at
LEFT JOIN tones h ON h.article = c.article AND h.revision = c.revision
LEFT JOIN tones hp ON hp.article = c.article AND hp.revision = c.revision - 1
LEFT JOIN framed f ON f.article = c.article AND f.revision = c.revision
LEFT JOIN framed fp ON fp.article = c.article AND fp.revision = c.revision - 1
ORDER BY r.seen_at {order}, c.article, c.revision
"""
_TEXTS, _NO_TEXTS = "p.text AS text_before, r.text AS text_after", "'' AS text_before, '' AS text_after"


def headline_changes(report: SnapshotReport, filters: Filters, most: int | None = None) -> tuple[VersionChange, ...]:
    """Return the versions of a view that changed a headline, newest first; their texts are not compared.

    With ``most`` only the newest ones.
    """
    chosen = _NEWEST.format(condition=filters.condition(), what="has_new_title")
    query = _CHANGES.format(few=FEW_TEXTS.format(few="chosen"), chosen=chosen, texts=_NO_TEXTS, order="DESC")
    return tuple(_change(row) for row in report.rows(query, {**filters.parameters, "most": most}))


def text_changes(report: SnapshotReport, filters: Filters, most: int) -> tuple[VersionChange, ...]:
    """Return the newest versions of a view that changed a text, up to ``most``, with what moved in their scores."""
    report.needs_text("changes of texts")
    chosen = _NEWEST.format(condition=filters.condition(), what="has_new_text")
    query = _CHANGES.format(few=FEW_TEXTS.format(few="chosen"), chosen=chosen, texts=_TEXTS, order="DESC")
    return tuple(_change(row) for row in report.rows(query, {**filters.parameters, "most": most}))


def version_changes(report: SnapshotReport, topic: str, article: str) -> tuple[VersionChange, ...]:
    """Return what each version of an article changed, oldest first; nothing where it has one version."""
    query = _CHANGES.format(few=FEW_TEXTS.format(few="chosen"), chosen=_OF_ARTICLE, texts=_TEXTS, order="ASC")
    return tuple(_change(row) for row in report.rows(query, {"topic": topic, "article": article}))


def _change(row: dict[str, Any]) -> VersionChange:
    plain = (
        "article", "outlet", "outlet_name", "revision", "seen_at", "change_kind", "note",
        "tone_before", "tone_after", "body_before", "body_after",
    )  # fmt: skip
    before, after = row["frames_before"], row["frames_after"]
    return VersionChange(
        headline=word_diff(row["title_before"], row["title_after"]),
        text=word_diff(row["text_before"], row["text_after"]),
        frames_gained=tuple(frame for frame in after if frame not in before),
        frames_lost=tuple(frame for frame in before if frame not in after),
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
