"""Outlets side by side on one day, and what the others ran that a chosen one did not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from tracker.report.filters import Filters
from tracker.report.snapshot_report import FEW_TEXTS, SnapshotReport

LEAD_CHARS = 280  # of a text's beginning: its lead paragraph, as far as a card shows it
EXAMPLES = 3  # headlines named of what was missed


@dataclass(frozen=True, slots=True, kw_only=True)
class DayChoice:
    """A day of the view: how much ran, where, and what the docket says of it."""

    date: date
    n_articles: int
    n_outlets: int
    events: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One outlet's article of the days compared. ``tone`` is its headline's; times are UTC without a zone."""

    article: str
    outlet: str
    title: str
    lead: str
    published_at: datetime | None
    kind: str
    completeness: str
    is_wire_copy: bool
    copied_from: str | None
    primary_frame: str | None  # of the policy pack; None where none leads
    tone: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """An article named in a list."""

    article: str
    outlet: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MissedDay:
    """A day on which others had the topic and the chosen outlet did not."""

    date: date
    n_articles: int
    n_outlets: int
    is_gap: bool  # the chosen outlet was not wholly collected: absence says nothing
    examples: tuple[Headline, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MissedText:
    """A text that others shared and the chosen outlet did not run."""

    cluster: str
    n_articles: int
    n_outlets: int
    first: Headline


def day_choices(report: SnapshotReport, filters: Filters) -> tuple[DayChoice, ...]:
    """Return the view's days, those with most articles first."""
    rows = report.rows(
        f"""
        SELECT v.date, v.n_articles, v.n_outlets, coalesce(list(d.title ORDER BY d.title)
            FILTER (d.title IS NOT NULL), []) AS events
        FROM (
            SELECT coalesce(a.published_date, a.first_seen_date) AS date, count(*) AS n_articles,
                count(DISTINCT a.outlet) AS n_outlets
            FROM internal.shown a WHERE {filters.condition()} GROUP BY ALL
        ) v LEFT JOIN docket d ON d.topic = $topic AND d.date = v.date
        GROUP BY ALL ORDER BY v.n_articles DESC, v.date
        """,  # noqa: S608 - the condition is a constant with parameters
        {**filters.parameters},
    )
    return tuple(DayChoice(**row | {"events": tuple(row["events"])}) for row in rows)


def stories(report: SnapshotReport, filters: Filters, outlets: Sequence[str]) -> tuple[Story, ...]:
    """Return the articles of these outlets in the view's days, earliest first."""
    rows = report.rows(
        f"""
        WITH shown AS MATERIALIZED (FROM internal.shown a WHERE {filters.condition()}), {FEW_TEXTS.format(few="shown")}
        SELECT a.article, a.outlet, a.title, left(r.text, {LEAD_CHARS}) AS lead, a.published_at, a.kind,
            a.completeness, a.is_wire_copy, a.copied_from,
            (SELECT min(f.frame) FROM internal.framed f
             WHERE f.place = a.place AND f.pack = 'policy' AND f.is_primary) AS primary_frame,
            a.headline_tone AS tone
        FROM shown a JOIN texts x ON x.article = a.article AND x.revision = a.n_revisions
        JOIN revisions r ON r.rowid = x.at
        ORDER BY a.published_at NULLS LAST, a.article
        """,  # noqa: S608 - the condition is a constant with parameters
        {**replace(filters, outlets=tuple(outlets)).parameters},
    )
    return tuple(Story(**row) for row in rows)


def is_gap(report: SnapshotReport, outlet: str, since: date, until: date) -> bool:
    """Return whether an outlet was not wholly collected on one of these days."""
    rows = report.gaps(since, until)
    return bool((rows["outlet"] == outlet).any())


def missed_days(report: SnapshotReport, filters: Filters, outlet: str) -> tuple[MissedDay, ...]:
    """Return the days on which others of the view had the topic and ``outlet`` had nothing, most outlets first."""
    filters = _with(filters, outlet)
    rows = report.rows(
        f"""
        WITH shown AS (
            SELECT a.*, coalesce(a.published_date, a.first_seen_date) AS date FROM internal.shown a
            WHERE {filters.condition()}
        )
        SELECT s.date, count(*) AS n_articles, count(DISTINCT s.outlet) AS n_outlets,
            EXISTS (SELECT 1 FROM gaps g WHERE g.outlet = $chosen
                AND s.date BETWEEN report_day(g.from_at) AND report_day(g.until_at)) AS is_gap,
            list({{'article': s.article, 'outlet': s.outlet, 'title': s.title}}
                ORDER BY s.is_wire_copy, s.published_at, s.article)[:{EXAMPLES}] AS examples
        FROM shown s GROUP BY s.date HAVING count(*) FILTER (s.outlet = $chosen) = 0
        ORDER BY n_outlets DESC, n_articles DESC, s.date
        """,  # noqa: S608 - the condition is a constant with parameters
        {**filters.parameters, "chosen": outlet},
    )
    return tuple(MissedDay(**row | {"examples": tuple(Headline(**one) for one in row["examples"])}) for row in rows)


def missed_texts(report: SnapshotReport, filters: Filters, outlet: str) -> tuple[MissedText, ...]:
    """Return the texts that stood at two or more others of the view and not at ``outlet``, most outlets first."""
    filters = _with(filters, outlet)
    rows = report.rows(
        f"""
        SELECT a.wire_cluster AS cluster, count(*) AS n_articles, count(DISTINCT a.outlet) AS n_outlets,
            first({{'article': a.article, 'outlet': a.outlet, 'title': a.title}}
                ORDER BY a.is_original DESC, a.published_at, a.article) AS first
        FROM internal.shown a WHERE {filters.condition()} AND a.wire_cluster IS NOT NULL
        GROUP BY ALL HAVING n_outlets > 1 AND count(*) FILTER (a.outlet = $chosen) = 0
        ORDER BY n_outlets DESC, cluster
        """,  # noqa: S608 - the condition is a constant with parameters
        {**filters.parameters, "chosen": outlet},
    )
    return tuple(MissedText(**row | {"first": Headline(**row["first"])}) for row in rows)


def _with(filters: Filters, outlet: str) -> Filters:
    """Return the view with an outlet in it: a view of some outlets holds its peers."""
    return replace(filters, outlets=(*filters.outlets, outlet) if filters.outlets else ())
