"""What a home takes on disk, and what is left."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

PARTS = {
    "archive": "pages as fetched, from which everything can be scored again",
    "state": "the writer's own database and search index",
    "snapshots": "what readers open: the newest and those before it",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """A folder of the home; sizes in bytes."""

    folder: str
    what: str
    n_files: int
    n_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Disk:
    """The home's folders and the disk that they lie on, in bytes."""

    rooms: tuple[Room, ...]
    n_free: int
    n_total: int

    @property
    def n_used(self) -> int:
        """What the home takes."""
        return sum(room.n_bytes for room in self.rooms)


def disk(home: Path) -> Disk:
    """Return what a home takes on disk; files that come and go meanwhile are left out."""
    usage = shutil.disk_usage(home)
    return Disk(rooms=tuple(_room(home, name) for name in PARTS), n_free=usage.free, n_total=usage.total)


def _room(home: Path, folder: str) -> Room:
    sizes = []
    for path in (home / folder).rglob("*"):
        try:
            if path.is_file() and not path.is_symlink():
                sizes.append(path.stat().st_size)
        except FileNotFoundError:  # a draft that was just renamed
            continue
    return Room(folder=folder, what=PARTS[folder], n_files=len(sizes), n_bytes=sum(sizes))
