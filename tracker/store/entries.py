"""Entries: what feeds listed, and where each ended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a known entry stands by now."""

    status: EntryStatus
    n_attempts: int
    article: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """What a poll brought that was not there before."""

    entries: frozenset[str]
    listings: frozenset[tuple[str, str]]  # (feed, entry)


class Entries:
    """``entries`` and ``entry_feeds``."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def save(self, entries: Sequence[Entry], listings: Sequence[Listing]) -> Listed:
        """Store entries not yet known and where they were listed; return what was new. The first of a kind stays."""
        new_entries = self.db.insert_new("entries", [rows.entry_row(entry) for entry in entries], "entry")
        new_listings = self.db.insert_new(
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
            "feed, entry",
        )
        return Listed(
            entries=frozenset(entry for (entry,) in new_entries),
            listings=frozenset((feed, entry) for feed, entry in new_listings),
        )

    def standing(self, ids: Sequence[str]) -> dict[str, Standing]:
        """Return where the known ones of these entries stand."""
        found = self.db.connection.execute(
            "SELECT entry, status, n_attempts, article FROM entries WHERE entry IN (SELECT unnest(?))", [list(ids)]
        )
        return {
            entry: Standing(status=EntryStatus(status), n_attempts=attempts, article=article)
            for entry, status, attempts, article in found.fetchall()
        }

    def of(self, ids: Sequence[str]) -> dict[str, Entry]:
        """Return the entries of these ids that are known."""
        found = self.db.dicts("SELECT * FROM entries WHERE entry IN (SELECT unnest(?))", [list(ids)])
        return {str(row["entry"]): rows.entry_of(row) for row in found}

    def new_per_day(self, timezone: str, since: date, until: date) -> dict[str, list[int]]:
        """Return how many entries each outlet, and each feed, first listed on each day before ``until``.

        By slug or id, oldest day first, from ``since`` or from the day after its first; searches are left out.
        Days are those of ``timezone``.
        """
        found = self.db.connection.execute(
            """
            WITH listed AS (
                SELECT e.outlet, l.feed, l.entry, CAST(timezone(?, timezone('UTC', l.first_seen_at)) AS DATE) AS day
                FROM entry_feeds l JOIN entries e USING (entry) JOIN feeds f USING (feed) WHERE f.kind <> 'search'
            ), firsts AS (
                SELECT outlet AS name, entry, min(day) AS day FROM listed GROUP BY outlet, entry
                UNION ALL SELECT feed, entry, day FROM listed
            ), begun AS (SELECT name, min(day) + 1 AS day FROM firsts GROUP BY name)
            SELECT b.name, greatest(b.day, ?) AS first, list(f.day) FILTER (f.day IS NOT NULL)
            FROM begun b LEFT JOIN firsts f ON f.name = b.name AND f.day >= greatest(b.day, ?) AND f.day < ?
            GROUP BY ALL
            """,
            [timezone, since, since, until],
        )
        counts: dict[str, list[int]] = {}
        for name, first, days in found.fetchall():
            per_day = Counter(days or ())
            counts[name] = [per_day[first + timedelta(days=n)] for n in range((until - first).days)]
        return counts

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
