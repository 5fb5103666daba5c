"""How collection is doing: feeds, requests, runs, and what the scorers are."""

from __future__ import annotations

import pandas as pd

from tracker.report.snapshot_report import SnapshotReport


def feeds(report: SnapshotReport) -> pd.DataFrame:
    """Return every active feed with its health, those that need a look first."""
    return report.frame(
        """
        SELECT coalesce(o.name, f.outlet) AS outlet_name, f.url, f.kind, f.last_outcome, f.last_status,
            f.last_polled_at, f.last_ok_at, f.last_new_at, f.n_failures, f.moved_to,
            (SELECT count(*) FROM entry_feeds l WHERE l.feed = f.feed) AS n_entries
        FROM feeds f LEFT JOIN outlets o USING (outlet) WHERE f.is_active
        ORDER BY f.n_failures DESC, outlet_name, f.url
        """
    )


def outcomes(report: SnapshotReport) -> pd.DataFrame:
    """Return purpose, outcome, n: what became of the requests of the last run."""
    return report.frame(
        """
        SELECT purpose, outcome, count(*) AS n FROM fetches
        WHERE run = (SELECT run FROM snapshot_info) GROUP BY ALL ORDER BY purpose, n DESC
        """
    )


def runs(report: SnapshotReport, limit: int = 30) -> pd.DataFrame:
    """Return the latest runs with their counts, newest first."""
    return report.frame("SELECT * FROM runs ORDER BY as_of_at DESC, started_at DESC LIMIT $limit", {"limit": limit})


def failures(report: SnapshotReport) -> pd.DataFrame:
    """Return status, reason, n: how entries that became no article ended."""
    return report.frame(
        """
        SELECT status, coalesce(status_reason, '') AS reason, count(*) AS n FROM entries
        WHERE status <> 'stored' GROUP BY ALL ORDER BY n DESC, reason
        """
    )


def unscored(report: SnapshotReport, topic: str) -> pd.DataFrame:
    """Return reason, n_articles: on-topic articles that were left unscored, by reason."""
    return report.frame(
        """
        SELECT s.unscored_reason AS reason, count(DISTINCT s.article) AS n_articles
        FROM scored s JOIN matches m ON m.topic = s.topic AND m.article = s.article AND m.is_on_topic
        WHERE s.topic = $topic AND s.unscored_reason IS NOT NULL GROUP BY ALL ORDER BY n_articles DESC
        """,
        {"topic": topic},
    )


def scorers(report: SnapshotReport) -> pd.DataFrame:
    """Return the scorers whose rows the views show, with versions and hashes of their data."""
    return report.frame(
        """
        SELECT c.scorer, c.scorer_version, c.is_default, s.data_hash, s.languages
        FROM snapshot_scorers c LEFT JOIN scorers s USING (scorer, scorer_version) ORDER BY c.scorer
        """
    )
