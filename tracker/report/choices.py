"""What a view can be narrowed to: the outlets, kinds and days that a topic's coverage holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tracker.report.snapshot_report import SnapshotReport


@dataclass(frozen=True, slots=True, kw_only=True)
class OutletChoice:
    """An outlet that covered the topic."""

    outlet: str
    name: str
    kind: str
    n_articles: int
    n_own: int = 0  # that are no wire copies
    is_own: bool = False  # the outlet is the user's own
    lean: str | None = None
    country: str | None = None
    owner: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What a topic's coverage can be narrowed to, whatever it is narrowed to now."""

    outlets: tuple[OutletChoice, ...]  # by slug, so that places stay as outlets come
    kinds: tuple[str, ...]  # of articles
    outlet_kinds: tuple[str, ...]
    leans: tuple[str, ...]
    countries: tuple[str, ...]
    camps: tuple[str, ...]  # that the topic file names
    first_date: date | None
    last_date: date | None
    n_wire: int
    n_partial: int


def choices(report: SnapshotReport, topic: str) -> Choices:
    """Return what there is to choose from on a topic."""
    key: dict[str, object] = {"topic": topic}
    outlets = report.rows(
        "SELECT c.outlet, coalesce(any_value(c.outlet_name), c.outlet) AS name, "
        "coalesce(any_value(c.outlet_kind), 'unknown') AS kind, count(*) AS n_articles, "
        "count(*) FILTER (NOT c.is_wire_copy) AS n_own, coalesce(bool_or(o.is_own), false) AS is_own, "
        "any_value(o.lean) AS lean, any_value(o.country) AS country, any_value(o.owner) AS owner "
        "FROM internal.shown c LEFT JOIN outlets o USING (outlet) WHERE c.topic = $topic "
        "GROUP BY c.outlet ORDER BY c.outlet",
        key,
    )
    totals = report.rows(
        "SELECT list(DISTINCT kind ORDER BY kind) AS kinds, "
        "min(coalesce(published_date, first_seen_date)) AS first_date, "
        "max(coalesce(published_date, first_seen_date)) AS last_date, "
        "count(*) FILTER (is_wire_copy) AS n_wire, count(*) FILTER (completeness <> 'whole') AS n_partial "
        "FROM internal.shown WHERE topic = $topic",
        key,
    )[0]
    camps = report.rows("SELECT DISTINCT camp FROM actors WHERE topic = $topic ORDER BY camp", key)
    return Choices(
        outlets=tuple(OutletChoice(**row) for row in outlets),
        kinds=tuple(totals["kinds"] or ()),
        outlet_kinds=tuple(sorted({row["kind"] for row in outlets})),
        leans=tuple(sorted({row["lean"] for row in outlets if row["lean"]})),
        countries=tuple(sorted({row["country"] for row in outlets if row["country"]})),
        camps=tuple(row["camp"] for row in camps),
        first_date=totals["first_date"],
        last_date=totals["last_date"],
        n_wire=totals["n_wire"],
        n_partial=totals["n_partial"],
    )
