"""Whose words, and which names for things: shares of words and of loaded terms, by outlet."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from tracker.report.filters import Filters
from tracker.report.intervals import MIN_SAMPLE
from tracker.report.snapshot_report import SnapshotReport


def voice_shares(report: SnapshotReport, filters: Filters) -> pd.DataFrame:
    """Return outlet, outlet_name, voice, camp, n_words, share, n_articles, n_with, is_reportable, others_share.

    ``share`` is of the outlet's body words in the view, ``n_articles`` its whole articles, ``n_with`` those
    that hold the voice and camp, ``others_share`` the outlet's quoted and reported words. Camp is null for the
    outlet's own voice.
    """
    return report.frame(
        f"""
        WITH seen AS (
            SELECT a.place, a.outlet, coalesce(a.outlet_name, a.outlet) AS outlet_name, p.voice,
                CASE WHEN p.voice <> 'outlet' THEN coalesce(p.camp, 'unknown') END AS camp, p.n_words
            FROM internal.shown a JOIN internal.heard p ON p.place = a.place
            WHERE {filters.condition()} AND a.completeness = 'whole'
        ), totals AS (
            SELECT outlet, sum(n_words) AS n_all, count(DISTINCT place) AS n_articles,
                coalesce(sum(n_words) FILTER (voice <> 'outlet'), 0) AS n_others
            FROM seen GROUP BY outlet
        )
        SELECT s.outlet, s.outlet_name, s.voice, s.camp, sum(s.n_words)::BIGINT AS n_words,
            sum(s.n_words) / any_value(t.n_all) AS share, any_value(t.n_articles) AS n_articles,
            count(DISTINCT s.place) AS n_with, any_value(t.n_articles) >= $min_sample AS is_reportable,
            any_value(t.n_others / t.n_all) AS others_share
        FROM seen s JOIN totals t USING (outlet) WHERE t.n_all > 0
        GROUP BY s.outlet, s.outlet_name, s.voice, s.camp ORDER BY s.outlet_name, s.voice, s.camp
        """,  # noqa: S608 - the condition is a constant with parameters
        {**filters.parameters, "min_sample": MIN_SAMPLE},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceSummary:
    """Whose words the whole bodies of a view are made of."""

    n_articles: int
    n_words: int
    n_others: int  # quoted or reported words
    camps: tuple[tuple[str, int, int], ...]  # (camp, words, articles), most words first; unknown left out

    @property
    def others_share(self) -> float:
        """Share of words that are not the outlet's, 0..1."""
        return self.n_others / self.n_words if self.n_words else 0.0


def voice_summary(report: SnapshotReport, filters: Filters) -> VoiceSummary:
    """Return whose words a view is made of, all outlets together."""
    seen = f"""
        FROM internal.shown a JOIN internal.heard p ON p.place = a.place
        WHERE {filters.condition()} AND a.completeness = 'whole'
    """
    totals = report.rows(
        "SELECT count(DISTINCT a.place) AS n_articles, coalesce(sum(p.n_words), 0)::BIGINT AS n_words, "
        f"coalesce(sum(p.n_words) FILTER (p.voice <> 'outlet'), 0)::BIGINT AS n_others {seen}",
        {**filters.parameters},
    )[0]
    camps = report.rows(
        "SELECT p.camp, sum(p.n_words)::BIGINT AS n_words, count(DISTINCT a.place) AS n_articles "
        f"{seen} AND p.voice <> 'outlet' AND p.camp <> 'unknown' GROUP BY p.camp ORDER BY n_words DESC, p.camp",
        {**filters.parameters},
    )
    return VoiceSummary(**totals, camps=tuple((row["camp"], row["n_words"], row["n_articles"]) for row in camps))


# Uses of loaded terms in a view; a format with the view's condition.
_USES = """
WITH uses AS (
    SELECT a.outlet, coalesce(a.outlet_name, a.outlet) AS outlet_name, a.place, l.term_group, l.term, l.stance,
        coalesce(a.published_date, a.first_seen_date) AS date,
        CASE WHEN l.voice = 'outlet' THEN 'own' ELSE 'others' END AS whose, l.n_uses
    FROM internal.shown a JOIN internal.named l ON l.place = a.place
    WHERE {condition}
)
"""


def term_uses(report: SnapshotReport, filters: Filters) -> pd.DataFrame:
    """Return outlet, outlet_name, term_group, term, stance, whose, n_uses, n_articles, n_group.

    ``whose`` is own for the outlet's own words, others for quoted and reported ones; ``n_group`` counts the
    outlet's uses of any name of the group in them.
    """
    return report.frame(
        f"""
        {_USES.format(condition=filters.condition())}, counts AS (
            SELECT outlet, outlet_name, term_group, term, stance, whose, sum(n_uses)::BIGINT AS n_uses,
                count(DISTINCT place) AS n_articles
            FROM uses GROUP BY outlet, outlet_name, term_group, term, stance, whose
        )
        SELECT *, (sum(n_uses) OVER (PARTITION BY outlet, term_group, whose))::BIGINT AS n_group
        FROM counts ORDER BY term_group, outlet_name, whose, n_uses DESC, term
        """,  # noqa: S608 - the condition is a constant with parameters
        {**filters.parameters},
    )


def term_days(report: SnapshotReport, filters: Filters) -> pd.DataFrame:
    """Return date, term_group, term, stance, whose, n_uses, n_articles: when each name was used, day by day."""
    return report.frame(
        f"""
        {_USES.format(condition=filters.condition())}
        SELECT date, term_group, term, stance, whose, sum(n_uses)::BIGINT AS n_uses,
            count(DISTINCT place) AS n_articles
        FROM uses GROUP BY ALL ORDER BY date, term_group, term, whose
        """,  # noqa: S608 - the condition is a constant with parameters
        {**filters.parameters},
    )


def term_totals(report: SnapshotReport, filters: Filters) -> pd.DataFrame:
    """Return term_group, term, stance, whose, n_uses, n_articles, n_outlets of a view, most used first."""
    return report.frame(
        f"""
        {_USES.format(condition=filters.condition())}
        SELECT term_group, term, stance, whose, sum(n_uses)::BIGINT AS n_uses, count(DISTINCT place) AS n_articles,
            count(DISTINCT outlet) AS n_outlets
        FROM uses GROUP BY ALL ORDER BY term_group, whose, n_uses DESC, term
        """,  # noqa: S608 - the condition is a constant with parameters
        {**filters.parameters},
    )


def frame_shares(report: SnapshotReport, filters: Filters) -> pd.DataFrame:
    """Return outlet, outlet_name, pack, frame, definition, n_with, n_primary, n_articles, share, is_reportable.

    One row for each outlet with scored articles and each frame that is present anywhere in the view, zeros
    included; ``n_articles`` are the outlet's scored articles.
    """
    return report.frame(
        f"FROM ({_frame_cells(filters)}) ORDER BY outlet_name, pack, frame",
        {**filters.parameters, "min_sample": MIN_SAMPLE},
    )


def _frame_cells(filters: Filters) -> str:
    return f"""
        WITH seen AS (
            SELECT a.place, a.topic, a.outlet, coalesce(a.outlet_name, a.outlet) AS outlet_name
            FROM internal.shown a WHERE {filters.condition()} AND a.is_scored
        ), totals AS (
            SELECT topic, outlet, outlet_name, count(*) AS n_articles FROM seen GROUP BY ALL
        ), found AS (
            SELECT s.outlet, f.pack, f.frame, f.is_primary
            FROM seen s JOIN internal.framed f ON f.place = s.place
        ), present AS (
            SELECT outlet, pack, frame, count(*) AS n_with, count(*) FILTER (is_primary) AS n_primary
            FROM found GROUP BY ALL
        )
        SELECT t.outlet, t.outlet_name, k.pack, k.frame, d.definition, coalesce(p.n_with, 0) AS n_with,
            coalesce(p.n_primary, 0) AS n_primary, t.n_articles, coalesce(p.n_with, 0) / t.n_articles AS share,
            t.n_articles >= $min_sample AS is_reportable
        FROM totals t CROSS JOIN (SELECT DISTINCT pack, frame FROM found) k
        LEFT JOIN present p ON p.outlet = t.outlet AND p.pack = k.pack AND p.frame = k.frame
        LEFT JOIN frame_definitions d ON d.topic = t.topic AND d.pack = k.pack AND d.frame = k.frame
        """  # noqa: S608 - the condition is a constant with parameters


def frame_totals(report: SnapshotReport, filters: Filters) -> pd.DataFrame:
    """Return pack, frame, definition, n_with, n_primary, n_articles, outlets_led of a view, most present first.

    ``outlets_led`` names the outlets with enough articles in which it leads more of them than any other of the pack.
    """
    return report.frame(
        f"""
        WITH cells AS (FROM ({_frame_cells(filters)})), best AS (
            SELECT pack, frame, outlet_name FROM cells WHERE is_reportable AND n_primary > 0
            QUALIFY rank() OVER (PARTITION BY outlet, pack ORDER BY n_primary DESC) = 1
                AND n_primary > coalesce(nth_value(n_primary, 2) OVER (
                    PARTITION BY outlet, pack ORDER BY n_primary DESC, frame
                    ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
                ), 0)
        ), led AS (
            SELECT pack, frame, list(outlet_name ORDER BY outlet_name) AS outlets_led FROM best GROUP BY ALL
        )
        SELECT c.pack, c.frame, any_value(c.definition) AS definition, sum(c.n_with)::BIGINT AS n_with,
            sum(c.n_primary)::BIGINT AS n_primary, sum(c.n_articles)::BIGINT AS n_articles,
            coalesce(any_value(l.outlets_led), []) AS outlets_led
        FROM cells c LEFT JOIN led l ON l.pack = c.pack AND l.frame = c.frame
        GROUP BY c.pack, c.frame ORDER BY n_with DESC, c.frame
        """,  # noqa: S608 - the condition is a constant with parameters
        {**filters.parameters, "min_sample": MIN_SAMPLE},
    )
