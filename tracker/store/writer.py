"""The only writer of the master database, one part for each group of tables.

Stages never see this: pipelines read from it what a stage needs, and hand it what a stage returned.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from tracker.store.addresses import Addresses
from tracker.store.articles import Articles
from tracker.store.codings import Codings
from tracker.store.copies import Copies
from tracker.store.database import Database, open_master
from tracker.store.entries import Entries
from tracker.store.feeds import Feeds
from tracker.store.notices import Notices
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

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.db.connection.close()

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
