"""The only writer of the master database, one part for each group of tables.

Stages never see this: pipelines read from it what a stage needs, and hand it what a stage returned.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from tracker.store import search
from tracker.store.addresses import Addresses
from tracker.store.articles import Articles
from tracker.store.codings import Codings
from tracker.store.copies import Copies
from tracker.store.database import Database, open_master, write_anew
from tracker.store.entries import Entries
from tracker.store.feeds import Feeds
from tracker.store.notices import Notices
from tracker.store.retention import Retention
from tracker.store.runs import Runs
from tracker.store.scores import Scores


class Store:
    """The master database, open for writing. Use as a context manager."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.db = Database(open_master(path))
        self.runs = Runs(self.db)
        self.feeds = Feeds(self.db)
        self.entries = Entries(self.db)
        self.articles = Articles(self.db)
        self.addresses = Addresses(self.db)
        self.copies = Copies(self.db)
        self.codings = Codings(self.db)
        self.scores = Scores(self.db)
        self.notices = Notices(self.db)
        self.retention = Retention(self.db)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.db.connection.close()

    def rewrite(self) -> None:
        """Write the database anew, without the room that deleted rows left. A kill leaves the old file or the new one.

        It takes room for a second copy meanwhile. The index of words is made anew by the next publication: it knows
        rows by their place. Raises StoreError where the copy cannot be written; the old file then stays.
        """
        self.db.connection.execute("CHECKPOINT")
        rewritten = write_anew(self.db.connection, self.path)
        self.db.connection.close()
        rewritten.replace(self.path)
        self.path.with_name(search.STATE).unlink(missing_ok=True)
        self.db.connection = open_master(self.path)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit what happens inside, or nothing of it."""
        self.db.connection.execute("BEGIN")
        try:
            yield
        except BaseException:
            self.db.connection.execute("ROLLBACK")
            raise
        self.db.connection.execute("COMMIT")
