"""Who covered a story, how much, in which frame, in what tone, in whose words, and what changed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tracker.report.snapshot_report import SnapshotReport


def open(path: str | Path) -> SnapshotReport:  # noqa: A001 - as in tracker.open("demo")
    """Open a home, or a snapshot file, for a notebook: see ``tracker.report.open.open_report``."""
    from tracker.report.open import open_report  # noqa: PLC0415 - nothing is loaded before it is asked for

    return open_report(path)
