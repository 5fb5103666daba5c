"""Snapshots that stay: pinned for good, because something that was published cites them.

A pinned snapshot is a second name of the same file, in a folder that publishing does not tidy; its index of words
stays with it.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tracker.errors import StoreError
from tracker.store.search import index_of
from tracker.store.snapshot import open_snapshot, snapshot_path

FOLDER = "pinned"
MIN_HASH = 6  # digits of a rows' hash that name a snapshot
NO_LINKS = frozenset({errno.EPERM, errno.EXDEV, errno.ENOTSUP, errno.EMLINK, errno.EACCES})  # then it is copied


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldSnapshot:
    """A snapshot file and what it says of itself. ``as_of`` is UTC, without a zone."""

    path: Path
    as_of: datetime
    rows_hash: str
    is_pinned: bool

    @property
    def name(self) -> str:
        """The name by which commands know it."""
        return self.path.stem


def held(home: Path) -> tuple[HeldSnapshot, ...]:
    """Return the snapshots that ``home`` holds, oldest first, a pinned one once."""
    found = {path.name: path for folder in ("snapshots", f"snapshots/{FOLDER}") for path in _files(home / folder)}
    return tuple(_held(found[name]) for name in sorted(found))


def find_snapshot(home: Path, name: str | None) -> HeldSnapshot:
    """Return the snapshot of that name, file name or beginning of its rows' hash; the current one for None.

    Raises StoreError where none is called so.
    """
    if name is None:
        return _held(snapshot_path(home))
    wanted = name.removesuffix(".duckdb")
    every = held(home)
    found = [one for one in every if one.name == wanted]
    if not found and len(wanted) >= MIN_HASH:
        found = [one for one in every if one.rows_hash.startswith(wanted)]
    if not found:
        raise StoreError(f"{name}: no such snapshot in {home}: 'tracker snapshot list' names those that there are")
    return found[-1]  # several files of one hash hold the same rows


def pin(home: Path, name: str | None) -> HeldSnapshot:
    """Keep a snapshot for good and return it; one that is pinned already stays as it is."""
    one = find_snapshot(home, name)
    target = home / "snapshots" / FOLDER / one.path.name
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.with_name(f".{target.name}.part")
        draft.unlink(missing_ok=True)
        _link(one.path, draft)
        index = index_of(one.path)
        if index.exists():  # first: nobody looks for an index before its file
            index_of(target).unlink(missing_ok=True)
            _link(index, index_of(target))
        draft.replace(target)
    return _held(target)


def unpin(home: Path, name: str) -> HeldSnapshot:
    """Let a pinned snapshot go, and return what it was. Raises StoreError where it is not pinned."""
    one = find_snapshot(home, name)
    if not one.is_pinned:
        raise StoreError(f"{name}: not pinned")
    one.path.unlink()
    index_of(one.path).unlink(missing_ok=True)
    return one


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError as error:
        if error.errno not in NO_LINKS:
            raise StoreError(f"{target}: cannot be written: {error}") from error
        shutil.copy2(source, target)


def _files(folder: Path) -> Iterator[Path]:
    return folder.glob("snap-*.duckdb")


def _held(path: Path) -> HeldSnapshot:
    with open_snapshot(path) as connection:
        row = connection.execute("SELECT as_of_at, rows_hash FROM snapshot_info").fetchone()
    if row is None:
        raise StoreError(f"{path}: says nothing of where it comes from: it is no snapshot")
    return HeldSnapshot(path=path, as_of=row[0], rows_hash=row[1], is_pinned=path.parent.name == FOLDER)
