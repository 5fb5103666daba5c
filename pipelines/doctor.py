"""Is this home in order? Each finding says what is wrong and how to mend it."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from pipelines.feed_health import feed_health
from pipelines.home import open_home
from tracker.errors import ConfigError, StoreError
from tracker.store.snapshot import open_snapshot, snapshot_path

FREE_BYTES = 2_000_000_000  # a month of 30 outlets takes under 1 GB; a snapshot is a second copy
STALE_HOURS = 36  # a nightly run that is half a day late has probably failed
EARLIEST = datetime(2026, 1, 1, tzinfo=UTC)  # this program is younger: a clock before it is wrong


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing looked at."""

    subject: str
    is_well: bool
    text: str


def examine(home: Path) -> Iterator[Finding]:
    """Yield a finding for each thing that can go wrong."""
    names = ("duckdb", "trafilatura", "feedparser", "streamlit")
    versions = ", ".join(f"{name} {version(name)}" for name in names)
    yield Finding(subject="versions", is_well=True, text=f"Python {sys.version.split()[0]}, {versions}")
    if not home.is_dir():
        yield Finding(subject="home", is_well=False, text=f"{home}: no such directory: make one with 'tracker init'")
        return
    yield from _configuration(home)
    free = shutil.disk_usage(home).free
    text = f"{free / 1e9:.1f} GB free" + ("" if free > FREE_BYTES else ": make room, or move the home")
    yield Finding(subject="disk", is_well=free > FREE_BYTES, text=text)
    now = datetime.now(UTC)
    is_well = now > EARLIEST
    yield Finding(subject="clock", is_well=is_well, text=f"{now:%Y-%m-%d %H:%M} UTC" + ("" if is_well else ": set it"))
    yield from _snapshot(home, now)


def _configuration(home: Path) -> Iterator[Finding]:
    try:
        opened = open_home(home)
    except ConfigError as error:
        yield Finding(subject="configuration", is_well=False, text=str(error))
        return
    text = f"{len(opened.outlets)} outlets, {len(opened.feeds)} feeds, {len(opened.topics)} topics"
    yield Finding(subject="configuration", is_well=True, text=text)
    contact = opened.settings.fetch.contact
    text = contact or "empty: set [fetch] contact in tracker.toml, so that outlets can reach you"
    yield Finding(subject="contact", is_well=bool(contact), text=text)


def _snapshot(home: Path, now: datetime) -> Iterator[Finding]:
    try:
        with open_snapshot(snapshot_path(home)) as connection:
            as_of = connection.execute("SELECT as_of_at FROM snapshot_info").fetchall()[0][0].replace(tzinfo=UTC)
        hours = (now - as_of).total_seconds() / 3600
        text = f"as of {as_of:%Y-%m-%d %H:%M} UTC"
        if hours > STALE_HOURS:
            text += f", {hours:.0f} hours ago: see whether the nightly job runs (docs/operations.md)"
        yield Finding(subject="snapshot", is_well=hours <= STALE_HOURS, text=text)
        troubled = [feed for feed in feed_health(home) if not feed.is_well]
    except StoreError as error:
        yield Finding(subject="snapshot", is_well=False, text=str(error))
        return
    text = f"{len(troubled)} need a look: 'tracker feeds check' names them" if troubled else "all well"
    yield Finding(subject="feeds", is_well=not troubled, text=text)
