"""Whose words, and which names for things: shares of words and of loaded terms, by outlet."""

from __future__ import annotations

import pandas as pd

from tracker.report.filters import Filters
from tracker.report.intervals import MIN_SAMPLE
from tracker.report.snapshot_report import SnapshotReport


def voice_shares(report: SnapshotReport, filters: Filters) -> pd.DataFrame:
    """Return outlet, outlet_name, voice, camp, n_words, share, n_articles, n_with, is_reportable.

    ``share`` is of the outlet's body words in the view, ``n_articles`` its whole articles, ``n_with`` those
    that hold the voice and camp. Camp is null for the outlet's own voice.
    """
    return report.frame(
        f"""
        WITH seen AS (
            SELECT a.topic, a.article, a.outlet, coalesce(a.outlet_name, a.outlet) AS outlet_name, p.voice,
                CASE WHEN p.voice <> 'outlet' THEN coalesce(p.camp, 'unknown') END AS camp, p.n_words
            FROM coverage a JOIN passages p ON p.topic = a.topic AND p.article = a.article
                AND p.revision = a.n_revisions AND p.part = 'body'
            JOIN snapshot_scorers c ON c.scorer = p.scorer AND c.scorer_version = p.scorer_version
            WHERE {filters.condition()} AND a.completeness = 'whole'
        ), totals AS (
            SELECT outlet, sum(n_words) AS n_all, count(DISTINCT article) AS n_articles FROM seen GROUP BY outlet
        )
        SELECT s.outlet, s.outlet_name, s.voice, s.camp, sum(s.n_words)::BIGINT AS n_words,
            sum(s.n_words) / any_value(t.n_all) AS share, any_value(t.n_articles) AS n_articles,
            count(DISTINCT s.article) AS n_with, any_value(t.n_articles) >= $min_sample AS is_reportable
        FROM seen s JOIN totals t USING (outlet) WHERE t.n_all > 0
        GROUP BY s.outlet, s.outlet_name, s.voice, s.camp ORDER BY s.outlet_name, s.voice, s.camp
        """,  # noqa: S608 - the condition is a constant with parameters
        {**filters.parameters, "min_sample": MIN_SAMPLE},
    )


def term_uses(report: SnapshotReport, filters: Filters) -> pd.DataFrame:
    """Return outlet, outlet_name, term_group, term, stance, own, others, n_uses, n_articles, share.

    ``own`` counts uses in the outlet's own voice, ``others`` those in quoted and reported words; ``share`` is
    of the outlet's uses of any name in the group.
    """
    return report.frame(
        f"""
        WITH uses AS (
            SELECT a.outlet, coalesce(a.outlet_name, a.outlet) AS outlet_name, a.article, l.term_group, l.term,
                l.stance, l.voice
            FROM coverage a JOIN loaded_terms l ON l.topic = a.topic AND l.article = a.article
                AND l.revision = a.n_revisions
            JOIN snapshot_scorers c ON c.scorer = l.scorer AND c.scorer_version = l.scorer_version
            WHERE {filters.condition()}
        ), counts AS (
            SELECT outlet, outlet_name, term_group, term, stance, count(*) FILTER (voice = 'outlet') AS own,
                count(*) FILTER (voice <> 'outlet') AS others, count(*) AS n_uses,
                count(DISTINCT article) AS n_articles
            FROM uses GROUP BY outlet, outlet_name, term_group, term, stance
        )
        SELECT *, n_uses / sum(n_uses) OVER (PARTITION BY outlet, term_group) AS share
        FROM counts ORDER BY term_group, outlet_name, n_uses DESC, term
        """,  # noqa: S608 - the condition is a constant with parameters
        {**filters.parameters},
    )


def frame_shares(report: SnapshotReport, filters: Filters) -> pd.DataFrame:
    """Return outlet, outlet_name, pack, frame, definition, n_with, n_primary, n_articles, share, is_reportable.

    One row for each outlet with scored articles and each frame that is present anywhere in the view, zeros
    included; ``n_articles`` are the outlet's scored articles.
    """
    return report.frame(
        f"""
        WITH seen AS (
            SELECT a.topic, a.article, a.outlet, coalesce(a.outlet_name, a.outlet) AS outlet_name,
                a.n_revisions AS revision
            FROM coverage a JOIN scored s ON s.topic = a.topic AND s.article = a.article
                AND s.revision = a.n_revisions AND s.unscored_reason IS NULL
            WHERE {filters.condition()}
        ), totals AS (
            SELECT topic, outlet, outlet_name, count(*) AS n_articles FROM seen GROUP BY ALL
        ), found AS (
            SELECT s.outlet, f.pack, f.frame, f.is_primary
            FROM seen s JOIN frames f ON f.topic = s.topic AND f.article = s.article AND f.revision = s.revision
            JOIN snapshot_scorers c ON c.scorer = f.scorer AND c.scorer_version = f.scorer_version
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
        ORDER BY t.outlet_name, k.pack, k.frame
        """,  # noqa: S608 - the condition is a constant with parameters
        {**filters.parameters, "min_sample": MIN_SAMPLE},
    )
