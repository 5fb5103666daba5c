"""Runs, their requests, and what could not be collected."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from tracker.model import Response
from tracker.store import rows
from tracker.store.database import Database
from tracker.store.rows import naive


@dataclass(frozen=True, slots=True, kw_only=True)
class RunCounts:
    """What a run did; ``n_chosen`` = stored + skipped + failed + pending."""

    n_feeds: int = 0
    n_feeds_failed: int = 0
    n_entries_listed: int = 0
    n_entries_new: int = 0
    n_chosen: int = 0
    n_stored: int = 0
    n_skipped: int = 0
    n_failed: int = 0
    n_pending: int = 0
    n_articles_new: int = 0
    n_revisions_new: int = 0
    n_scored: int = 0


class Runs:
    """``runs``, ``fetches`` and ``gaps``."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def begin(self, run: str, command: str, as_of: datetime, started_at: datetime, code_version: str) -> None:
        """Record that a run began."""
        self.db.insert(
            "runs",
            [
                {
                    "run": run,
                    "command": command,
                    "as_of_at": naive(as_of),
                    "started_at": naive(started_at),
                    "code_version": code_version,
                }
            ],
        )

    def end(self, run: str, ended_at: datetime, exit_code: int, counts: RunCounts, note: str | None) -> None:
        """Record how a run ended."""
        names = list(RunCounts.__dataclass_fields__)
        assignments = ", ".join(f"{name} = ?" for name in names)
        self.db.connection.execute(
            f"UPDATE runs SET ended_at = ?, exit_code = ?, note = ?, {assignments} WHERE run = ?",  # noqa: S608
            [naive(ended_at), exit_code, note, *(getattr(counts, name) for name in names), run],
        )

    def save_fetches(self, run: str, responses: Iterable[Response]) -> None:
        """Record requests and what became of them."""
        self.db.insert("fetches", [rows.fetch_row(run, response) for response in responses])

    def save_gap(
        self,
        *,
        outlet: str,
        feed: str | None,
        from_at: datetime,
        until_at: datetime,
        reason: str,
        detail: str,
    ) -> None:
        """Record a gap, or stretch the one that the same feed already has from the same moment."""
        key = [outlet, feed, naive(from_at), reason]
        self.db.connection.execute(
            "DELETE FROM gaps WHERE outlet = ? AND feed IS NOT DISTINCT FROM ? AND from_at = ? AND reason = ?",
            key,
        )
        self.db.connection.execute(
            "INSERT INTO gaps VALUES (?, ?, ?, ?, ?, ?)", [*key[:3], naive(until_at), reason, detail]
        )
