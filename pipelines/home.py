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


def open_home(path: Path) -> Home:
    """Read and check every file of a home. Raises ConfigError that names what is wrong, and where."""
    outlets, feeds = load_outlets(path / "outlets.toml")
    return Home(path=path, settings=load_settings(path), outlets=outlets, feeds=feeds, topics=load_topics(path))


@contextmanager
def lock(path: Path) -> Iterator[None]:
    """Hold the home's lock. Raises LockedError at once where another run holds it; a killed run lets go."""
    state = path / "state"
    state.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(state / "lock", timeout=0):
            yield
    except Timeout as error:
        raise LockedError(
            f"{state / 'lock'}: another run is under way: wait for it, or look what holds the lock"
        ) from error
