"""Runs, their requests, and what could not be collected."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from tracker.model import Response
from tracker.store import rows
from tracker.store.database import Database
from tracker.store.rows import Row, naive


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A stretch in which a feed, or the whole outlet where ``feed`` is None, was not wholly collected."""

    outlet: str
    feed: str | None
    from_at: datetime
    until_at: datetime
    reason: str  # failed | overflow | below_band
    detail: str


_TOUCHING = """
    g.outlet = n.outlet AND g.feed IS NOT DISTINCT FROM n.feed AND g.reason = n.reason
    AND g.until_at >= n.from_at AND g.from_at <= n.until_at
"""


def _gap_row(gap: Gap) -> Row:
    return {
        "outlet": gap.outlet,
        "feed": gap.feed,
        "from_at": naive(gap.from_at),
        "until_at": naive(gap.until_at),
        "reason": gap.reason,
        "detail": gap.detail,
    }


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

    def save_loaded_shards(self, job: str, shards: Sequence[tuple[str, str]], at: datetime) -> None:
        """Record that these shards (id, address) were taken in whole by a backfill."""
        self.db.insert(
            "internal.loaded_shards",
            [{"job": job, "shard": shard, "address": address, "loaded_at": naive(at)} for shard, address in shards],
            "INSERT OR IGNORE",
        )

    def loaded_shards(self, job: str) -> frozenset[str]:
        """Return the ids of the shards that a backfill has taken in."""
        found = self.db.connection.execute("SELECT shard FROM internal.loaded_shards WHERE job = ?", [job])
        return frozenset(shard for (shard,) in found.fetchall())

    def archived(self, digests: Sequence[str]) -> dict[str, tuple[str, int]]:
        """Return where in the archive the pages of these digests are: WARC file and offset, the earliest of each."""
        found = self.db.connection.execute(
            """
            SELECT payload_digest, min_by(warc_file, "at"), min_by(warc_offset, "at") FROM fetches
            WHERE warc_file IS NOT NULL AND list_contains(?, payload_digest) GROUP BY payload_digest
            """,
            [list(digests)],
        )
        return {digest: (file, offset) for digest, file, offset in found.fetchall()}

    def save_gaps(self, gaps: Sequence[Gap]) -> None:
        """Record gaps; one that touches a gap of the same feed (or outlet) and reason makes that one longer."""
        if not gaps:
            return
        connection = self.db.connection
        connection.execute("CREATE OR REPLACE TEMP TABLE new_gaps AS FROM gaps LIMIT 0")
        self.db.insert("new_gaps", [_gap_row(gap) for gap in gaps])
        connection.execute(
            f"""
            CREATE OR REPLACE TEMP TABLE longer_gaps AS
            SELECT n.outlet, n.feed, least(min(n.from_at), min(g.from_at)) AS from_at,
                greatest(max(n.until_at), max(g.until_at)) AS until_at, n.reason, max_by(n.detail, n.until_at) AS detail
            FROM new_gaps n LEFT JOIN gaps g ON {_TOUCHING} GROUP BY n.outlet, n.feed, n.reason
            """  # noqa: S608 - a constant of this file
        )
        connection.execute(f"DELETE FROM gaps g USING new_gaps n WHERE {_TOUCHING}")  # noqa: S608
        connection.execute("INSERT INTO gaps BY NAME FROM longer_gaps")
