"""A home directory opened for a run: its settings, outlets, feeds and topics, behind one lock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from tracker.config import Settings, load_outlets, load_settings, load_topics
from tracker.errors import LockedError
from tracker.model import Feed, Outlet, Topic

INVENTED = ".invented"  # the file that says of a home: nothing in it is real, and it may be made anew


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """What a run needs to know of the directory it works in."""

    path: Path
    settings: Settings
    outlets: tuple[Outlet, ...]
    feeds: tuple[Feed, ...]
    topics: tuple[Topic, ...]

    @property
    def master(self) -> Path:
        """The private database, which only the holder of the lock opens."""
        return self.path / "state" / "master.duckdb"

    @property
    def archive(self) -> Path:
        """Where pages are kept as fetched."""
        return self.path / self.settings.archive.directory

    @property
    def is_invented(self) -> bool:
        """Whether the home is a demonstration's: its snapshots say so, whichever run publishes them."""
        return (self.path / INVENTED).exists()


def open_home(path: Path) -> Home:
    """Read and check every file of a home. Raises ConfigError that names what is wrong, and where."""
    outlets, feeds = load_outlets(path / "outlets.toml")
    return Home(path=path, settings=load_settings(path), outlets=outlets, feeds=feeds, topics=load_topics(path))


@contextmanager
def lock(path: Path, *, waits: bool = False, name: str = "lock") -> Iterator[None]:
    """Hold the home's lock, or the one of another ``name``; a killed run lets go.

    Where another run holds it, raises LockedError at once or, with ``waits``, waits for its end.
    """
    state = path / "state"
    state.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(state / name, timeout=-1 if waits else 0):
            yield
    except Timeout as error:
        raise LockedError(
            f"{state / name}: another run is under way: wait for it, or look what holds the lock"
        ) from error
