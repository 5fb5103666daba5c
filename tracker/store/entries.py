"""Entries: what feeds listed, and where each ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa

from tracker.model import Entry, EntryStatus, Listing
from tracker.store import rows
from tracker.store.database import Database
from tracker.store.rows import naive


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryOutcome:
    """Where an entry ended."""

    entry: str
    status: EntryStatus
    reason: str | None = None
    article: str | None = None
    is_attempt: bool = True  # whether its page was asked for


class Entries:
    """``entries`` and ``entry_feeds``."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def known(self, ids: Sequence[str]) -> frozenset[str]:
        """Return which of the entries are already stored."""
        found = self.db.connection.execute("SELECT entry FROM entries WHERE list_contains(?, entry)", [list(ids)])
        return frozenset(row[0] for row in found.fetchall())

    def save(self, entries: Sequence[Entry], listings: Sequence[Listing]) -> int:
        """Store entries not yet known and where they were listed; return how many were new."""
        n_new = self.db.insert("entries", [rows.entry_row(entry) for entry in entries], "INSERT OR IGNORE")
        self.db.insert(
            "entry_feeds",
            [
                {
                    "entry": listing.entry,
                    "feed": listing.feed,
                    "first_seen_at": naive(listing.first_seen_at),
                    "position": listing.position,
                }
                for listing in listings
            ],
            "INSERT OR IGNORE",
        )
        return n_new

    def to_choose_from(self, *, reconsider_skipped: bool) -> list[tuple[Entry, int, bool]]:
        """Return entries that may be fetched, by id, with attempts so far and whether a search found it.

        With ``reconsider_skipped`` those once thought unlikely are offered again: the topics have changed,
        or every entry is wanted.
        """
        found = self.db.dicts(
            """
            SELECT e.*, EXISTS (SELECT 1 FROM entry_feeds l JOIN feeds f USING (feed)
                            WHERE l.entry = e.entry AND f.kind = 'search') AS is_found
            FROM entries e
            WHERE e.status = 'pending' OR (? AND e.status = 'skipped' AND e.status_reason LIKE 'unlikely%')
            ORDER BY e.entry
            """,
            [reconsider_skipped],
        )
        return [(rows.entry_of(row), int(row["n_attempts"]), row["is_found"]) for row in found]  # type: ignore[call-overload,misc]

    def save_outcomes(self, outcomes: Sequence[EntryOutcome]) -> None:
        """Record where entries ended."""
        if not outcomes:
            return
        incoming = pa.table(
            {
                "entry": [one.entry for one in outcomes],
                "status": [one.status.value for one in outcomes],
                "reason": pa.array([one.reason for one in outcomes], pa.string()),
                "article": pa.array([one.article for one in outcomes], pa.string()),
                "attempts": [int(one.is_attempt) for one in outcomes],
            }
        )
        self.db.connection.register("incoming", incoming)
        self.db.connection.execute(
            """
            UPDATE entries SET status = i.status, status_reason = i.reason, article = i.article,
                n_attempts = n_attempts + i.attempts
            FROM incoming i WHERE entries.entry = i.entry
            """
        )
        self.db.connection.unregister("incoming")
