"""Publish what the store holds as the next snapshot."""

from __future__ import annotations

from pathlib import Path

from pipelines.steps.run import CODE_VERSION, Run
from tracker.report.figures import published
from tracker.score.scoring import DEFAULT_SENTIMENT
from tracker.store.publish import Provenance
from tracker.store.publish import publish as publish_snapshot


def publish(run: Run) -> Path:
    """Write the snapshot and move ``coverage.duckdb`` to it; return its path."""
    scorers = {info.scorer: info for scoring in run.scorings for info in scoring.scorers}
    provenance = Provenance(
        as_of=run.now,
        run=run.id,
        code_version=CODE_VERSION,
        timezone=run.home.settings.report.timezone,
        scorers=list(scorers.values()),
        default_scorer=next((scoring.default_sentiment for scoring in run.scorings), DEFAULT_SENTIMENT),
        is_invented=run.home.is_invented,
        has_text=run.home.settings.publish.text,
    )
    store = run.store
    return publish_snapshot(
        store.db.connection, store.path, run.home.path, provenance, published, keep=run.home.settings.publish.keep
    )
