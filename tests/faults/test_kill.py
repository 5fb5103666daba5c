"""kill -9 at any moment costs nothing: the next run to the end leaves the rows of an undisturbed one.

TRACKER_KILLS=20 kills twenty times and follows every outlet; TRACKER_KILL_SEED repeats a sequence.
"""

from __future__ import annotations

import os
import random
import shutil
import time
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import Path

import pytest

from pipelines.demo_site import DemoSite, nights
from tests.faults.nightly_runs import (
    differences,
    finish,
    kill_after,
    phase,
    rows_left,
    start,
    unreadable_pages,
    until_begun,
)
from tests.integration.nights import make_home
from tests.snapshots import HomeBuilder, usual_pieces
from tracker.store.snapshot import open_snapshot, snapshot_path
from tracker.store.writer import Store

DEFAULT_KILLS = 3
LATEST = 0.9  # of the time from the first row to the end: a kill that comes too late costs a run and counts for none
KILLS_A_HOME = 3  # one after another, before a run is let go to its end
KILLS = int(os.environ.get("TRACKER_KILLS", DEFAULT_KILLS))
SEED = int(os.environ.get("TRACKER_KILL_SEED", "0")) or random.SystemRandom().randrange(1, 10**6)
# Few outlets for speed, among them a wire, copies of its texts and the feed that breaks.
SOME = ("meridian-wire", "newcomers-defense", "undertow")
FIRST, SECOND = nights()[4:6]


@dataclass
class _Night:
    """A night with what stood before it and what an undisturbed run leaves."""

    before: Path
    now: datetime
    after: Path
    seconds: float  # from its first row to its end

    @classmethod
    def play(cls, site: DemoSite, before: Path, now: datetime) -> _Night:
        after = before.with_name(f"after-{now:%d}")
        shutil.copytree(before, after, symlinks=True)
        process = start(after, site, now, only=_only())
        until_begun(process, after)
        begun = time.monotonic()
        finish(process)
        return cls(before, now, after, time.monotonic() - begun)


def _only() -> tuple[str, ...]:
    return SOME if KILLS <= DEFAULT_KILLS else ()


@pytest.mark.timeout(120 + 60 * KILLS)
def test_a_run_to_the_end_after_kills_leaves_the_rows_of_an_undisturbed_one(tmp_path, capfd):
    chance = random.Random(SEED)  # noqa: S311 - moments to kill at
    phases: Counter[str] = Counter()
    with DemoSite(FIRST) as site:
        played = [_Night.play(site, make_home(tmp_path / "before"), FIRST)]
        if KILLS > DEFAULT_KILLS:  # the night after, with edits and copies of texts known by then
            played.append(_Night.play(site, played[0].after, SECOND))
        for number in count():
            night = played[number % len(played)]
            home = tmp_path / "home"
            shutil.copytree(night.before, home, symlinks=True)
            n_kills = min(KILLS_A_HOME, KILLS - phases.total())
            phases += _kill(home, site, night, [chance.uniform(0, LATEST * night.seconds) for _ in range(n_kills)])
            finish(start(home, site, night.now, only=_only()))
            assert differences(night.after, home) == [], f"TRACKER_KILL_SEED={SEED}"
            _check(home)
            shutil.rmtree(home)
            if phases.total() >= KILLS:
                break
    with capfd.disabled():
        print(f"\nkill -9: {phases.total()} kills, seed {SEED}: {dict(phases)}")  # noqa: T201 - a test's report


def _kill(home: Path, site: DemoSite, night: _Night, moments: list[float]) -> Counter[str]:
    """Kill one run at each moment, and count in which phase it was; one that had ended does not count."""
    phases: Counter[str] = Counter()
    for moment in moments:
        if not kill_after(start(home, site, night.now, only=_only()), home, moment):
            break
        phases[phase(home)] += 1
    return phases


def _check(home: Path) -> None:
    """What readers and the archive hold is whole."""
    assert unreadable_pages(home) == []
    assert not list((home / "snapshots").glob(".draft-*"))
    n_articles = len(rows_left(home)["internal.articles"])
    with open_snapshot(snapshot_path(home)) as snapshot:
        assert snapshot.execute("SELECT count(*) FROM articles").fetchone() == (n_articles,)


def test_the_comparison_sees_a_changed_cell_and_a_lost_row(tmp_path):
    one, other = tmp_path / "one", tmp_path / "other"
    HomeBuilder(one).build(usual_pieces())
    shutil.copytree(one, other, symlinks=True)
    assert differences(one, other) == []
    assert {"main.entries", "main.revisions", "main.sentiment", "main.gaps", "internal.bands"} <= set(rows_left(one))
    with Store(other / "state" / "master.duckdb") as store:
        change = "UPDATE revisions SET title = title || '!' WHERE article = (SELECT min(article) FROM revisions)"
        store.db.connection.execute(change)
        store.db.connection.execute("DELETE FROM entry_feeds WHERE entry = (SELECT min(entry) FROM entries)")
    found = differences(one, other)
    assert [said.split(":")[0] for said in found] == ["main.entry_feeds", "main.revisions"]
