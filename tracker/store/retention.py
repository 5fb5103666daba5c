"""What may go: pages of the archive and rows that a rule of ``[retention]`` no longer keeps, and the record of it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from tracker.model import ScorerInfo
from tracker.store.database import Database
from tracker.store.rows import Row, naive
from tracker.store.scores import SCORE_TABLES

# A page is of use to the version that rests on it: the earliest page of its digest, as reextract takes it. Others are
# looks that found nothing new, second copies, and pages that were no article. Unjudged and unsure counts as on topic.
CLASSES = """
WITH pages AS (
    SELECT fetch_id, warc_file, warc_offset, payload_digest, "at", n_bytes, row_number() OVER (
        PARTITION BY payload_digest ORDER BY "at", warc_file, warc_offset) = 1 AS is_first
    FROM fetches WHERE warc_file IS NOT NULL
), used AS (
    SELECT payload_digest, bool_or(m.is_on_topic IS DISTINCT FROM false) AS is_on_topic
    FROM revisions LEFT JOIN matches m USING (article) WHERE payload_digest IS NOT NULL GROUP BY payload_digest
)
SELECT p.warc_file, p.warc_offset, p.fetch_id, p.n_bytes, p."at",
    CASE WHEN u.payload_digest IS NULL OR NOT p.is_first THEN 'unused'
         WHEN u.is_on_topic THEN 'on_topic' ELSE 'off_topic' END AS use
FROM pages p LEFT JOIN used u USING (payload_digest)
"""
TO_UNLINK = "warc_files_to_unlink"  # state: files whose rows point elsewhere by now


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivedPage:
    """A page of a WARC file: where, how large, what rests on it, and whether a rule lets it go."""

    offset: int
    n_bytes: int
    use: str  # unused | off_topic | on_topic
    goes: bool


class Retention:
    """``let_go``, and what it counts."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def thinned_files(self, before: Mapping[str, datetime]) -> list[str]:
        """Return the WARC files that hold a page to let go; ``before`` has a time for each use that has a rule."""
        return [
            file
            for (file,) in self.db.connection.execute(
                f"""
                SELECT DISTINCT c.warc_file FROM ({CLASSES}) c JOIN ({_RULES}) r ON r.use = c.use AND c."at" < r.until
                ORDER BY ALL
                """,  # noqa: S608 - constants
                _rules(before),
            ).fetchall()
        ]

    def pages_of(self, files: Sequence[str], before: Mapping[str, datetime]) -> dict[str, list[ArchivedPage]]:
        """Return the pages of some WARC files, each with what becomes of it."""
        found = self.db.connection.execute(
            f"""
            SELECT c.warc_file, c.warc_offset, c.n_bytes, c.use, coalesce(c."at" < r.until, false)
            FROM ({CLASSES}) c LEFT JOIN ({_RULES}) r ON r.use = c.use
            WHERE list_contains(?, c.warc_file) ORDER BY ALL
            """,  # noqa: S608 - constants
            [*_rules(before), list(files)],
        )
        pages: dict[str, list[ArchivedPage]] = {}
        for file, offset, n_bytes, use, goes in found.fetchall():
            pages.setdefault(file, []).append(ArchivedPage(offset=offset, n_bytes=n_bytes, use=use, goes=goes))
        return pages

    def move_pages(self, file: str, successor: str | None, offsets: Mapping[int, int], at: datetime) -> None:
        """Point the rows of a WARC file to its successor; those of no page in it say when theirs was let go."""
        moves: list[Row] = [{"key": str(old), "value": str(new)} for old, new in offsets.items()]
        self.db.connection.execute("CREATE OR REPLACE TEMP TABLE moves AS FROM internal.state LIMIT 0")
        self.db.insert("moves", moves)
        self.db.connection.execute(
            "UPDATE fetches SET warc_file = NULL, warc_offset = NULL, let_go_at = ? WHERE warc_file = ? "
            "AND NOT EXISTS (SELECT 1 FROM moves WHERE key::BIGINT = warc_offset)",
            [naive(at), file],
        )
        self.db.connection.execute(
            "UPDATE fetches SET warc_file = ?, warc_offset = value::BIGINT FROM moves "
            "WHERE warc_file = ? AND key::BIGINT = warc_offset",
            [successor, file],
        )

    def let_go(self, digests: Sequence[str]) -> frozenset[str]:
        """Return which of these digests name a page that was let go."""
        found = self.db.connection.execute(
            "SELECT DISTINCT payload_digest FROM fetches WHERE let_go_at IS NOT NULL "
            "AND list_contains(?, payload_digest)",
            [list(digests)],
        )
        return frozenset(digest for (digest,) in found.fetchall())

    def forget_requests(self, before: datetime) -> int:
        """Delete requests made before a time, but for those whose page is kept or a version rests on."""
        found = self.db.connection.execute(
            'DELETE FROM fetches WHERE "at" < ? AND warc_file IS NULL AND NOT EXISTS '
            "(SELECT 1 FROM revisions r WHERE r.payload_digest = fetches.payload_digest)",
            [naive(before)],
        )
        return int(found.fetchall()[0][0])

    def forget_old_scores(self, topic: str, scoring_hash: str, scorers: Iterable[ScorerInfo]) -> int:
        """Delete what other versions of these scorers said of revisions that the present ones have scored."""
        present = list(scorers)
        names = [one.scorer for one in present]
        versions = [f"{one.scorer} {one.version}" for one in present]
        return sum(
            int(
                self.db.connection.execute(
                    f"""
                    DELETE FROM {table} USING scored s
                    WHERE {table}.topic = $topic AND list_contains($names, {table}.scorer)
                    AND NOT list_contains($versions, {table}.scorer || ' ' || {table}.scorer_version)
                    AND s.topic = {table}.topic AND s.article = {table}.article AND s.revision = {table}.revision
                    AND s.scoring_hash = $hash
                    """,  # noqa: S608 - constants
                    {"topic": topic, "names": names, "versions": versions, "hash": scoring_hash},
                ).fetchall()[0][0]
            )
            for table in SCORE_TABLES
        )

    def record(self, run: str, what: str, before: datetime | None, n: int, n_bytes: int | None = None) -> None:
        """Record what was let go."""
        cut = naive(before) if before else None
        self.db.insert("let_go", [{"run": run, "what": what, "before_at": cut, "n": n, "n_bytes": n_bytes}])

    def files_to_unlink(self) -> list[str]:
        """Return the WARC files that no row points to any more and that are still to be removed."""
        return list(json.loads(self.db.state(TO_UNLINK) or "[]"))

    def set_files_to_unlink(self, files: Sequence[str]) -> None:
        """Remember them, in the transaction that moves their rows."""
        self.db.set_state(TO_UNLINK, json.dumps(list(files)))


_RULES = "SELECT unnest(?::VARCHAR[]) AS use, unnest(?::TIMESTAMP[]) AS until"


def _rules(before: Mapping[str, datetime]) -> list[object]:
    return [list(before), [naive(until) for until in before.values()]]
