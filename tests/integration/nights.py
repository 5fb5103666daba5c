"""A home that follows the demo's hosts over loopback, one simulated night after another."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path

from pipelines.demo import _make_home, _through
from pipelines.demo_corpus import load_corpus, nights
from pipelines.demo_publications import Publication, publications
from pipelines.demo_site import FEED_ITEMS, DemoSite
from pipelines.nightly import nightly
from pipelines.progress import Progress
from pipelines.runs import Options
from pipelines.steps.run import Run
from tracker.store.writer import Store

QUIET = Progress(verbosity=-1)
BROKEN = "undertow"  # its feed fails on the first of these nights and is cut short on the second
NIGHTS = nights()[4:7]


@dataclass(frozen=True)
class Night:
    """One run, how it ended, and how many requests the site saw meanwhile."""

    now: datetime
    code: int
    run: Run
    n_requests: int


@dataclass
class Followed:
    """A home and the site that it follows. Nights are played one after another."""

    home: Path
    site: DemoSite
    nights: list[Night] = field(default_factory=list)

    def play(self, now: datetime, **options: object) -> Night:
        self.site.set_now(now)
        before = self.site.n_requests
        asked = Options(now=now, **({"all_entries": True} | options))
        with _through(self.site.proxy_url):
            code, run = asyncio.run(nightly(self.home, asked, QUIET))
        night = Night(now, code, run, self.site.n_requests - before)
        self.nights.append(night)
        return night

    def rows(self, query: str, *parameters: object) -> list[tuple]:
        """Ask the master database, which nobody else has open between nights."""
        with Store(self.home / "state" / "master.duckdb") as store:
            return store.db.connection.execute(query, list(parameters)).fetchall()

    def count(self, table: str) -> int:
        return self.rows(f"SELECT count(*) FROM {table}")[0][0]  # noqa: S608 - a constant of the test


def make_home(path: Path) -> Path:
    """Write the demo's outlets, topic and settings into a new directory."""
    _make_home(path)
    return path


@cache
def listed(now: datetime) -> frozenset[str]:
    """Return the addresses that the working feeds list at ``now``: each outlet's latest that stand by then."""
    found: set[str] = set()
    for slug in load_corpus().outlets:
        standing = [i for i in reversed(_published()) if i.outlet.outlet == slug and i.version_at(now)]
        if slug != BROKEN:
            found |= {item.url for item in standing[:FEED_ITEMS]}
    return frozenset(found)


@cache
def _published() -> tuple[Publication, ...]:
    return publications(load_corpus())
