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
        """Return the stored fingerprints that share at least one band: the candidates for copies.

        One pass over all bands, however many are asked for: 0.6 s at a million articles, so ask for many.
        """
        self.db.connection.register("incoming", pa.table({"band": pa.array(sorted(set(bands)), pa.uint64())}))
        found = self.db.connection.execute(
            "SELECT DISTINCT article FROM internal.bands WHERE band IN (SELECT band FROM incoming) ORDER BY article"
        ).fetchall()
        self.db.connection.unregister("incoming")
        return self._fingerprints([article for (article,) in found])

    def _fingerprints(self, ids: Sequence[str]) -> list[Fingerprint]:
        """Return the fingerprints of these articles: by row, since a join alone would read all sketches."""
        self.db.connection.register("wanted", pa.table({"article": pa.array(list(ids), pa.string())}))
        found = self.db.dicts(
            """
            SELECT * FROM internal.fingerprints WHERE rowid IN (
                SELECT f.rowid FROM internal.fingerprints f JOIN wanted USING (article)
            ) ORDER BY article
            """
        )
        self.db.connection.unregister("wanted")
        return [rows.fingerprint_of(row) for row in found]

    def save_fingerprints(self, fingerprints: Sequence[tuple[Fingerprint, int]], edges: Sequence[CopyEdge]) -> None:
        """Store fingerprints of (article, revision), replacing older ones, and the copies found among them."""
        self._forget([fingerprint.article for fingerprint, _ in fingerprints])
        self.db.insert(
            "internal.fingerprints",
            [rows.fingerprint_row(one, revision) for one, revision in fingerprints],
            "INSERT OR REPLACE",
        )
        bands = [(band, one.article) for one, _ in fingerprints for band in one.bands]
        self.db.insert_tuples("internal.bands", ("band", "article"), bands)
        self.db.insert(
            "internal.copy_edges",
            [
                {"a": edge.a, "b": edge.b, "similarity": edge.similarity, "containment": edge.containment}
                for edge in edges
            ],
            "INSERT OR REPLACE",
        )

    def connected(self, ids: Sequence[str]) -> list[str]:
        """Return every article connected with the given ones by copies, themselves included, by name."""
        self.db.connection.register("incoming", pa.table({"article": pa.array(sorted(set(ids)), pa.string())}))
        members = self.db.connection.execute(
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
        self.db.connection.unregister("incoming")
        return [article for (article,) in members]

    def neighbourhood(
        self, ids: Sequence[str], given: Sequence[Fingerprint] = ()
    ) -> tuple[list[Fingerprint], list[CopyEdge]]:
        """Return the fingerprints, by article, and edges of what is connected with the given articles by copies.

        Fingerprints that are ``given``, as they are stored, are not read.
        """
        members = self.connected(ids)
        known = {one.article: one for one in given}
        known |= {one.article: one for one in self._fingerprints([name for name in members if name not in known])}
        edges = self.db.dicts(
            "SELECT a, b, similarity, containment FROM internal.copy_edges WHERE list_contains(?, a) ORDER BY a, b",
            [members],
        )
        return [known[name] for name in members if name in known], [CopyEdge(**edge) for edge in edges]  # type: ignore[arg-type]

    def _forget(self, ids: Sequence[str]) -> None:
        """Forget bands and copies of earlier versions; those that were never stored have none."""
        found = self.db.connection.execute(
            "SELECT article FROM internal.fingerprints WHERE list_contains(?, article)", [list(ids)]
        )
        known = [article for (article,) in found.fetchall()]
        if known:
            self.db.connection.execute("DELETE FROM internal.bands WHERE list_contains(?, article)", [known])
            self.db.connection.execute(
                "DELETE FROM internal.copy_edges WHERE list_contains(?, a) OR list_contains(?, b)", [known, known]
            )

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
