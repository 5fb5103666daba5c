"""Who is heard, and where nobody lets them be heard: speakers by name, camps by outlet."""

from __future__ import annotations

import pandas as pd

from tracker.report.filters import Filters
from tracker.report.snapshot_report import SnapshotReport

# Quoted and reported words of whole bodies in a view, by article; a format with the view's condition.
_HEARD = """
WITH heard AS (
    SELECT a.outlet, coalesce(a.outlet_name, a.outlet) AS outlet_name, a.place, p.speaker,
        coalesce(p.camp, 'unknown') AS camp, p.n_words
    FROM internal.shown a JOIN internal.heard p ON p.place = a.place AND p.voice <> 'outlet'
    WHERE {condition} AND a.completeness = 'whole'
)
"""


def speakers(report: SnapshotReport, filters: Filters, most: int) -> pd.DataFrame:
    """Return speaker, camp, n_words, n_articles, n_outlets, share: those named as speakers, most words first.

    ``share`` is of all quoted and reported words in the view, speakers without a name included.
    """
    return report.frame(
        f"""
        {_HEARD.format(condition=filters.condition())}
        SELECT speaker, mode(camp) AS camp, sum(n_words)::BIGINT AS n_words, count(DISTINCT place) AS n_articles,
            count(DISTINCT outlet) AS n_outlets, sum(n_words) / (SELECT sum(n_words) FROM heard) AS share
        FROM heard WHERE speaker IS NOT NULL AND speaker <> '' GROUP BY speaker
        ORDER BY n_words DESC, speaker LIMIT $most
        """,  # noqa: S608 - the condition is a constant with parameters
        {**filters.parameters, "most": most},
    )


def leading_speakers(report: SnapshotReport, filters: Filters) -> dict[str, str]:
    """Return, by outlet, who is named as a speaker of most words."""
    rows = report.rows(
        f"""
        {_HEARD.format(condition=filters.condition())}
        SELECT outlet, speaker FROM heard WHERE speaker IS NOT NULL AND speaker <> '' GROUP BY outlet, speaker
        QUALIFY row_number() OVER (PARTITION BY outlet ORDER BY sum(n_words) DESC, speaker) = 1 ORDER BY outlet
        """,  # noqa: S608 - the condition is a constant with parameters
        {**filters.parameters},
    )
    return {row["outlet"]: row["speaker"] for row in rows}


def camps_by_outlet(report: SnapshotReport, filters: Filters) -> pd.DataFrame:
    """Return outlet, outlet_name, camp, n_with, n_articles: in how many whole articles each outlet lets each be heard.

    Every camp of the topic file stands beside every outlet, zeros included; ``n_articles`` are its whole articles.
    """
    return report.frame(
        f"""
        {_HEARD.format(condition=filters.condition())}, totals AS (
            SELECT a.outlet, coalesce(a.outlet_name, a.outlet) AS outlet_name, count(*) AS n_articles
            FROM internal.shown a
            WHERE {filters.condition()} AND a.is_scored AND a.completeness = 'whole' GROUP BY ALL
        ), counts AS (SELECT outlet, camp, count(DISTINCT place) AS n_with FROM heard GROUP BY ALL),
        camps AS (SELECT DISTINCT camp FROM actors WHERE topic = $topic)
        SELECT t.outlet, t.outlet_name, k.camp, coalesce(n.n_with, 0) AS n_with, t.n_articles
        FROM totals t CROSS JOIN camps k LEFT JOIN counts n ON n.outlet = t.outlet AND n.camp = k.camp
        ORDER BY t.outlet_name, k.camp
        """,  # noqa: S608 - the condition is a constant with parameters
        {**filters.parameters},
    )
