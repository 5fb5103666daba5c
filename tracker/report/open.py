"""Where a home's snapshot is, and a way in for notebooks: ``tracker.open(path)``."""

from __future__ import annotations

from pathlib import Path

from tracker.errors import StoreError
from tracker.report.snapshot_report import SnapshotReport
from tracker.store.snapshot import snapshot_path

__all__ = ["StoreError", "open_report", "snapshot_path"]


def open_report(path: str | Path) -> SnapshotReport:
    """Open a home, or a snapshot file, for a notebook: the dashboard's questions, answered by data frames.

    Use it as a context manager or ``close`` it. Raises StoreError where there is no snapshot at ``path``.
    """
    given = Path(path)
    return SnapshotReport(snapshot_path(given) if given.is_dir() else given.resolve())
