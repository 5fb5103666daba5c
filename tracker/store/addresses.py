"""Under which addresses, feed ids and texts an article is known: so that one story stays one article."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import pyarrow as pa

from tracker.store.database import Database
from tracker.store.rows import aware

Key = tuple[str, str]  # outlet, and what is looked up


class Addresses:
    """``internal.addresses``, and the other ways in which a story is known again."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def save(self, addresses: Sequence[tuple[str, str, str]]) -> None:
        """Store (outlet, address, article); the first article of an address stays."""
        self.db.insert(
            "internal.addresses",
            [{"outlet": outlet, "address": address, "article": article} for outlet, address, article in addresses],
            "INSERT OR IGNORE",
        )

    def articles_at(self, keys: Collection[Key]) -> dict[Key, str]:
        """Return the articles known under these (outlet, address)."""
        query = """
            SELECT a.outlet, a.address, a.article FROM internal.addresses a
            JOIN incoming i ON a.outlet = i.outlet AND a.address = i.value
        """
        return {(outlet, address): article for outlet, address, article in self._looked_up(query, keys)}

    def articles_of_guids(self, keys: Collection[Key]) -> dict[Key, set[str]]:
        """Return the articles of entries that carry these (outlet, GUID)."""
        query = """
            SELECT DISTINCT e.outlet, e.guid, e.article FROM entries e
            JOIN incoming i ON e.outlet = i.outlet AND e.guid = i.value WHERE e.article IS NOT NULL
        """
        found: dict[Key, set[str]] = defaultdict(set)
        for outlet, guid, article in self._looked_up(query, keys):
            found[outlet, guid].add(article)
        return found

    def articles_with_texts(self, keys: Collection[Key]) -> dict[Key, list[tuple[datetime, str]]]:
        """Return the articles that had these (outlet, text hash) in any version: when first seen, and id, in order."""
        query = """
            SELECT DISTINCT a.outlet, r.text_hash, a.first_seen_at, a.article
            FROM revisions r JOIN internal.articles a USING (article)
            JOIN incoming i ON r.text_hash = i.value AND a.outlet = i.outlet
            ORDER BY a.first_seen_at, a.article
        """
        found: dict[Key, list[tuple[datetime, str]]] = defaultdict(list)
        for outlet, text, at, article in self._looked_up(query, keys):
            if moment := aware(at):
                found[outlet, text].append((moment, article))
        return found

    def _looked_up(self, query: str, keys: Collection[Key]) -> list[Any]:
        if not keys:
            return []
        listed = sorted(keys)
        incoming = pa.table({"outlet": [outlet for outlet, _ in listed], "value": [value for _, value in listed]})
        self.db.connection.register("incoming", incoming)
        try:
            return self.db.connection.execute(query).fetchall()
        finally:
            self.db.connection.unregister("incoming")
