"""What is new: since the snapshot before, and over the last week."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tracker.report.filters import Filters
from tracker.report.side_by_side import Headline
from tracker.report.snapshot_report import SnapshotReport

WEEK = 7  # days, the last of them the day of the snapshot
SHOWN = 6  # headlines named


@dataclass(frozen=True, slots=True, kw_only=True)
class Lately:
    """What came to a view lately. Times are UTC without a zone; days are those of the report's time zone."""

    previous_at: datetime | None  # as of when the run before was; None where there was none
    n_new: int  # articles first seen since then
    n_new_own: int
    n_new_outlets: int
    n_changed: int  # articles of which a later version was seen since then
    week_from: date
    n_week: int
    n_week_before: int
    newest: tuple[Headline, ...]


def lately(report: SnapshotReport, filters: Filters) -> Lately:
    """Return what is new in a view since the run before and over the last week."""
    stand = report.rows(
        "SELECT i.as_of_at, report_day(i.as_of_at) AS day, "
        "(SELECT max(r.as_of_at) FROM runs r WHERE r.run <> i.run AND r.as_of_at < i.as_of_at) AS previous "
        "FROM snapshot_info i"
    )[0]
    until, previous = stand["day"], stand["previous"]
    since = until - timedelta(days=WEEK - 1)
    given = {**filters.parameters, "previous": previous, "from_day": since, "week": WEEK}
    counts = report.rows(
        f"""
        WITH shown AS (
            SELECT a.*, coalesce(a.published_date, a.first_seen_date) AS day
            FROM internal.shown a WHERE {filters.condition()}
        )
        SELECT count(*) FILTER (first_seen_at > $previous) AS n_new,
            count(*) FILTER (first_seen_at > $previous AND NOT is_wire_copy) AS n_new_own,
            count(DISTINCT outlet) FILTER (first_seen_at > $previous) AS n_new_outlets,
            count(*) FILTER (n_revisions > 1 AND EXISTS (SELECT 1 FROM revisions r WHERE r.article = shown.article
                AND r.revision > 1 AND r.seen_at > $previous)) AS n_changed,
            count(*) FILTER (day >= $from_day) AS n_week,
            count(*) FILTER (day < $from_day AND day >= $from_day - $week::INTEGER) AS n_week_before
        FROM shown
        """,  # noqa: S608 - the condition is a constant with parameters
        given,
    )[0]
    newest = report.rows(
        f"""
        SELECT a.article, a.outlet, a.title FROM internal.shown a
        WHERE {filters.condition()} AND a.first_seen_at > $previous
        ORDER BY a.is_wire_copy, a.published_at DESC NULLS LAST, a.article LIMIT {SHOWN}
        """,  # noqa: S608 - the condition is a constant with parameters
        {**filters.parameters, "previous": previous},
    )
    return Lately(previous_at=previous, week_from=since, newest=tuple(Headline(**row) for row in newest), **counts)
