"""The tone of each outlet's coverage: of a part or voice of its articles, or toward somebody that they name."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.report.filters import MIN_MENTIONS, Filters
from tracker.report.intervals import Estimate
from tracker.report.samples import Part
from tracker.report.snapshot_report import SnapshotReport, outlet_estimates

# One row is a whole article and an actor whom it names often enough: the mean over its mentions.
_TOWARD = f"""
SELECT a.outlet, t.target, t.value, coalesce(a.wire_cluster, a.article) AS cluster
FROM internal.shown a JOIN internal.toward t ON t.place = a.place
WHERE {{condition}} AND a.completeness = 'whole' AND t.n_mentions >= {MIN_MENTIONS}
"""  # noqa: S608 - a constant


@dataclass(frozen=True, slots=True, kw_only=True)
class OutletTone:
    """An outlet's mean tone, −1..1, with its 95 % interval; withheld below the minimum sample."""

    outlet: str
    tone: Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetChoice:
    """Somebody of the topic file, and in how many whole articles of the view they are named often enough."""

    target: str
    name: str
    n_articles: int


def outlet_tones(report: SnapshotReport, filters: Filters, part: Part) -> tuple[OutletTone, ...]:
    """Return each outlet's tone of a part or voice, default scorer, as ``SnapshotReport.outlets`` has it.

    A copy counts for the outlet that ran it unless the view leaves copies out; intervals resample wire clusters.
    """
    return _sorted(report.tone_estimates(filters, part)[part])


def target_choices(report: SnapshotReport, filters: Filters) -> tuple[TargetChoice, ...]:
    """Return those whom at least one whole article of the view names three times or more, most articles first."""
    rows = report.rows(
        f"""
        SELECT t.target, coalesce(any_value(x.name), t.target) AS name, count(*) AS n_articles
        FROM ({_TOWARD.format(condition=filters.condition())}) t
        LEFT JOIN actors x ON x.topic = $topic AND x.actor = t.target
        GROUP BY t.target ORDER BY n_articles DESC, name
        """,  # noqa: S608 - the condition is a constant with parameters
        {**filters.parameters},
    )
    return tuple(TargetChoice(**row) for row in rows)


def target_tones(report: SnapshotReport, filters: Filters, target: str) -> tuple[OutletTone, ...]:
    """Return each outlet's mean sentiment toward an actor, over whole articles with three mentions or more."""
    query = f"FROM ({_TOWARD.format(condition=filters.condition())}) WHERE target = $target ORDER BY outlet, cluster"
    return _sorted(outlet_estimates(report.frame(query, {**filters.parameters, "target": target})))


def _sorted(found: dict[str, Estimate]) -> tuple[OutletTone, ...]:
    return tuple(OutletTone(outlet=outlet, tone=tone) for outlet, tone in sorted(found.items()))
