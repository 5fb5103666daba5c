"""What a reader wants to know first: how much, by whom, when, and whether collection was whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import pandas as pd

from tracker.report.filters import Filters
from tracker.report.snapshot_report import SnapshotReport


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """A view in numbers. Days are those of the report's time zone."""

    n_articles: int
    n_outlets: int
    n_own: int
    n_wire: int
    n_withheld: int  # articles whose text did not come whole: no body scores
    first_date: date | None
    last_date: date | None
    peak_date: date | None
    n_peak: int
    leaders: tuple[tuple[str, str, int], ...]  # (outlet, name, articles), all that have the most
    n_wire_outlets: int  # outlets that ran at least one copy


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionHealth:
    """How collection stands after the last run."""

    last_run_at: datetime | None
    exit_code: int | None
    n_feeds: int
    n_feeds_well: int  # that answered well when last asked
    n_gaps: int
    n_gap_outlets: int
    n_unscored: int  # on-topic articles without scores
    n_failed: int  # entries whose page could not be read


def summary(report: SnapshotReport, filters: Filters) -> Summary:
    """Return a view in numbers; all zero where nothing is in it."""
    totals = report.rows(
        f"""
        WITH seen AS (
            SELECT a.*, coalesce(a.published_date, a.first_seen_date) AS day
            FROM internal.shown a WHERE {filters.condition()}
        )
        SELECT count(*) AS n_articles, count(DISTINCT outlet) AS n_outlets,
            count(*) FILTER (NOT is_wire_copy) AS n_own, count(*) FILTER (is_wire_copy) AS n_wire,
            count(DISTINCT outlet) FILTER (is_wire_copy) AS n_wire_outlets,
            count(*) FILTER (completeness <> 'whole') AS n_withheld, min(day) AS first_date, max(day) AS last_date
        FROM seen
        """,  # noqa: S608 - the condition is a constant with parameters
        {**filters.parameters},
    )[0]
    peak = report.rows(
        f"""
        SELECT coalesce(a.published_date, a.first_seen_date) AS day, count(*) AS n FROM internal.shown a
        WHERE {filters.condition()} GROUP BY ALL ORDER BY n DESC, day LIMIT 1
        """,  # noqa: S608 - the condition is a constant with parameters
        {**filters.parameters},
    )
    leaders = report.rows(
        f"""
        SELECT a.outlet, coalesce(any_value(a.outlet_name), a.outlet) AS name, count(*) AS n FROM internal.shown a
        WHERE {filters.condition()} GROUP BY a.outlet QUALIFY rank() OVER (ORDER BY n DESC) = 1 ORDER BY name
        """,  # noqa: S608 - the condition is a constant with parameters
        {**filters.parameters},
    )
    return Summary(
        **totals,
        peak_date=peak[0]["day"] if peak else None,
        n_peak=peak[0]["n"] if peak else 0,
        leaders=tuple((row["outlet"], row["name"], row["n"]) for row in leaders),
    )


def headlines(report: SnapshotReport, filters: Filters, *, each: int) -> pd.DataFrame:
    """Return the latest ``each`` articles of every outlet in the view, the outlet with the newest first.

    Columns: outlet, outlet_name, outlet_kind, article, title, published_at, first_seen_at, kind, copied_from,
    is_wire_copy, n_revisions, n_articles (of the outlet in the view).
    """
    return report.frame(
        f"""
        SELECT a.outlet, coalesce(a.outlet_name, a.outlet) AS outlet_name, a.outlet_kind, a.article, a.title,
            a.published_at, a.first_seen_at, a.kind, a.copied_from, a.is_wire_copy,
            a.n_revisions,
            count(*) OVER (PARTITION BY a.outlet) AS n_articles
        FROM internal.shown a WHERE {filters.condition()}
        QUALIFY row_number() OVER (PARTITION BY a.outlet ORDER BY a.published_at DESC NULLS LAST, a.article) <= $each
        ORDER BY max(a.published_at) OVER (PARTITION BY a.outlet) DESC NULLS LAST, a.outlet,
            a.published_at DESC NULLS LAST, a.article
        """,  # noqa: S608 - the condition is a constant with parameters
        {**filters.parameters, "each": each},
    )


def gap_days(report: SnapshotReport, filters: Filters) -> pd.DataFrame:
    """Return date, n_outlets, n_followed, names: on each day of the view, the outlets not wholly collected."""
    return report.frame(
        """
        WITH followed AS (
            SELECT o.outlet, o.name FROM outlets o
            WHERE EXISTS (SELECT 1 FROM feeds f WHERE f.outlet = o.outlet AND f.is_active)
                AND (len($outlets) = 0 OR list_contains($outlets, o.outlet))
                AND (len($outlet_kinds) = 0 OR list_contains($outlet_kinds, o.kind))
                AND (len($leans) = 0 OR list_contains($leans, o.lean))
                AND (len($countries) = 0 OR list_contains($countries, o.country))
        ), days AS (
            SELECT DISTINCT g.outlet, f.name,
                unnest(generate_series(report_day(g.from_at), report_day(g.until_at), INTERVAL 1 DAY))::DATE AS date
            FROM gaps g JOIN followed f USING (outlet)
        )
        SELECT date, count(*) AS n_outlets, (SELECT count(*) FROM followed) AS n_followed,
            string_agg(name, ', ' ORDER BY name) AS names
        FROM days WHERE ($since IS NULL OR date >= $since) AND ($until IS NULL OR date <= $until)
        GROUP BY date ORDER BY date
        """,
        {
            "outlets": list(filters.outlets),
            "outlet_kinds": list(filters.outlet_kinds),
            "leans": list(filters.leans),
            "countries": list(filters.countries),
            "since": filters.since,
            "until": filters.until,
        },
    )


def collection_health(report: SnapshotReport, topic: str) -> CollectionHealth:
    """Return how collection stands after the run that published the snapshot."""
    return CollectionHealth(
        **report.rows(
            """
            SELECT (SELECT as_of_at FROM snapshot_info) AS last_run_at,
                (SELECT exit_code FROM runs WHERE run = (SELECT run FROM snapshot_info)) AS exit_code,
                (SELECT count(*) FROM feeds WHERE is_active) AS n_feeds,
                (SELECT count(*) FROM feeds WHERE is_active AND n_failures = 0 AND last_ok_at IS NOT NULL)
                    AS n_feeds_well,
                (SELECT count(*) FROM gaps) AS n_gaps,
                (SELECT count(DISTINCT outlet) FROM gaps) AS n_gap_outlets,
                (SELECT count(DISTINCT s.article) FROM scored s JOIN matches m ON m.topic = s.topic
                    AND m.article = s.article AND m.is_on_topic
                    WHERE s.topic = $topic AND s.unscored_reason IS NOT NULL) AS n_unscored,
                (SELECT count(*) FROM entries WHERE status = 'failed') AS n_failed
            """,
            {"topic": topic},
        )[0]
    )
