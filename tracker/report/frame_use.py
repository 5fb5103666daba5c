"""How frames are used: in whose voice their words stand, and when."""

from __future__ import annotations

import pandas as pd

from tracker.report.filters import Filters
from tracker.report.snapshot_report import SnapshotReport


def frame_voices(report: SnapshotReport, filters: Filters) -> pd.DataFrame:
    """Return pack, frame, voice, n_spans, n_articles, n_frame, share: in whose voice the words of each frame stand.

    ``n_spans`` are pieces of evidence in bodies, ``share`` theirs of the frame's ``n_frame``.
    """
    return report.frame(
        f"""
        WITH counts AS (
            SELECT f.pack, f.frame, f.voice, sum(f.n_spans)::BIGINT AS n_spans, count(*) AS n_articles
            FROM internal.shown a JOIN internal.frame_spans f ON f.place = a.place
            WHERE {filters.condition()} GROUP BY ALL
        )
        SELECT *, (sum(n_spans) OVER (PARTITION BY pack, frame))::BIGINT AS n_frame,
            n_spans / sum(n_spans) OVER (PARTITION BY pack, frame) AS share
        FROM counts ORDER BY pack, n_frame DESC, frame, voice
        """,  # noqa: S608 - the condition is a constant with parameters
        {**filters.parameters},
    )


def frame_days(report: SnapshotReport, filters: Filters, frame: str) -> pd.DataFrame:
    """Return date, n_with, n_without: scored articles a day in which a frame is present, and the others."""
    return report.frame(
        f"""
        WITH shown AS (
            SELECT coalesce(a.published_date, a.first_seen_date) AS date,
                EXISTS (SELECT 1 FROM internal.framed f
                    WHERE f.place = a.place AND f.frame = $frame) AS is_present
            FROM internal.shown a WHERE {filters.condition()} AND a.is_scored
        )
        SELECT date, count(*) FILTER (is_present) AS n_with, count(*) FILTER (NOT is_present) AS n_without
        FROM shown GROUP BY date ORDER BY date
        """,  # noqa: S608 - the condition is a constant with parameters
        {**filters.parameters, "frame": frame},
    )
