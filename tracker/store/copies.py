"""Fingerprints, the copies found among them, and each article's place among copies."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from tracker.model import CopyEdge, Fingerprint, WireMember
from tracker.store import rows
from tracker.store.database import Database


class Copies:
    """``internal.fingerprints``, ``bands``, ``copy_edges`` and ``wire_members``."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def fingerprints_sharing(self, bands: Sequence[int]) -> list[Fingerprint]:
        """Return the stored fingerprints that share at least one band: the candidates for copies."""
        self.db.connection.register("incoming", pa.table({"band": pa.array(sorted(set(bands)), pa.uint64())}))
        found = self.db.dicts(
            """
            SELECT f.* FROM internal.fingerprints f
            WHERE f.article IN (SELECT article FROM internal.bands JOIN incoming USING (band))
            ORDER BY f.article
            """
        )
        self.db.connection.unregister("incoming")
        return [rows.fingerprint_of(row) for row in found]

    def save_fingerprints(self, fingerprints: Sequence[tuple[Fingerprint, int]], edges: Sequence[CopyEdge]) -> None:
        """Store fingerprints of (article, revision), replacing older ones, and the copies found among them."""
        ids = [fingerprint.article for fingerprint, _ in fingerprints]
        self.db.connection.execute("DELETE FROM internal.bands WHERE list_contains(?, article)", [ids])
        self.db.connection.execute(
            "DELETE FROM internal.copy_edges WHERE list_contains(?, a) OR list_contains(?, b)", [ids, ids]
        )
        self.db.insert(
            "internal.fingerprints",
            [rows.fingerprint_row(one, revision) for one, revision in fingerprints],
            "INSERT OR REPLACE",
        )
        self.db.insert(
            "internal.bands",
            [{"band": band, "article": one.article} for one, _ in fingerprints for band in one.bands],
        )
        self.db.insert(
            "internal.copy_edges",
            [
                {"a": edge.a, "b": edge.b, "similarity": edge.similarity, "containment": edge.containment}
                for edge in edges
            ],
            "INSERT OR REPLACE",
        )

    def neighbourhood(self, ids: Sequence[str]) -> tuple[list[Fingerprint], list[CopyEdge]]:
        """Return the fingerprints and edges of every article connected with the given ones by copies."""
        self.db.connection.register("incoming", pa.table({"article": pa.array(sorted(set(ids)), pa.string())}))
        members = [
            row[0]
            for row in self.db.connection.execute(
                """
                WITH RECURSIVE linked(a, b) AS (
                    SELECT a, b FROM internal.copy_edges UNION ALL SELECT b, a FROM internal.copy_edges
                ), reached(article) AS (
                    SELECT article FROM incoming
                    UNION
                    SELECT linked.b FROM reached JOIN linked ON linked.a = reached.article
                )
                SELECT article FROM reached ORDER BY article
                """
            ).fetchall()
        ]
        self.db.connection.unregister("incoming")
        found = self.db.dicts(
            "SELECT * FROM internal.fingerprints WHERE list_contains(?, article) ORDER BY article", [members]
        )
        edges = self.db.dicts(
            "SELECT a, b, similarity, containment FROM internal.copy_edges WHERE list_contains(?, a) ORDER BY a, b",
            [members],
        )
        return [rows.fingerprint_of(row) for row in found], [CopyEdge(**edge) for edge in edges]  # type: ignore[arg-type]

    def save_members(self, members: Sequence[WireMember]) -> None:
        """Store each article's place among copies."""
        self.db.insert(
            "internal.wire_members",
            [
                {
                    "article": member.article,
                    "wire_cluster": member.wire_cluster,
                    "is_original": member.is_original,
                    "similarity": member.similarity,
                    "wire_agency": member.wire_agency,
                }
                for member in members
            ],
            "INSERT OR REPLACE",
        )
