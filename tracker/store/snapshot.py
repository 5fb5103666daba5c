"""Open the published snapshot: read-only, sandboxed, with a timer that really stops a query."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from tracker.errors import StoreError
from tracker.store.database import CONFIG
from tracker.store.publish import LINK

MEMORY_LIMIT = "2GB"  # a query may spill nothing to disk, so it must fit
# Given at the opening, not set after it: readers of one process share an instance, and the second would find it locked.
SANDBOX = CONFIG | {
    "memory_limit": MEMORY_LIMIT,
    "enable_external_access": "false",
    "lock_configuration": "true",
    "python_enable_replacements": "false",  # a query sees tables, not the variables of the program around it
}
POLL_SECONDS = 0.05  # an interrupt sent before the engine runs is discarded: it is repeated


def snapshot_path(home: Path) -> Path:
    """Return the snapshot that ``home`` publishes now. Raises StoreError where there is none yet."""
    link = home / LINK
    if not link.exists():
        raise StoreError(
            f"{link}: no snapshot yet: run 'tracker nightly' first, or 'tracker demo' for the demonstration"
        )
    return link.resolve()


def open_snapshot(path: Path, memory_limit: str = MEMORY_LIMIT) -> duckdb.DuckDBPyConnection:
    """Open a snapshot read-only and locked down: no files, no network, no settings, no extensions.

    Readers of one process must give the same ``memory_limit``: they share an instance. Raises StoreError where the
    file is damaged or no snapshot.
    """
    connection: duckdb.DuckDBPyConnection | None = None
    try:
        connection = duckdb.connect(str(path), read_only=True, config=SANDBOX | {"memory_limit": memory_limit})
        connection.execute("SELECT as_of_at FROM snapshot_info").fetchall()
    except duckdb.Error as error:
        if connection:
            connection.close()
        raise StoreError(
            f"{path}: not a snapshot that can be read ({error}); publish a new one with 'tracker nightly'"
        ) from error
    return connection


@contextmanager
def time_limit(connection: duckdb.DuckDBPyConnection, seconds: float) -> Iterator[None]:
    """Interrupt whatever the connection runs after ``seconds``, again and again until the block is left."""
    done = threading.Event()

    def stop() -> None:
        if not done.wait(seconds):
            while not done.wait(POLL_SECONDS):
                connection.interrupt()

    timer = threading.Thread(target=stop, daemon=True)
    timer.start()
    try:
        yield
    finally:
        done.set()
        timer.join()
