"""The health of feeds as the last run left it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tracker.store.snapshot import open_snapshot, snapshot_path

STALE_DAYS = 14  # a feed that lists nothing new for two weeks has probably died silently


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedHealth:
    """One feed, whether it is well, and what to know of it."""

    outlet: str
    url: str
    is_well: bool
    text: str


def feed_health(home: Path) -> Iterator[FeedHealth]:
    """Yield every active feed's health. Raises StoreError where nothing has been published yet."""
    with open_snapshot(snapshot_path(home)) as connection:
        found = connection.execute(
            """
            SELECT f.outlet, f.url, f.last_outcome, f.last_ok_at, f.last_new_at, f.n_failures,
                date_diff('day', f.last_new_at, i.as_of_at) AS days_silent, f.last_polled_at
            FROM feeds f CROSS JOIN snapshot_info i WHERE f.is_active ORDER BY f.outlet, f.url
            """
        ).fetchall()
    for outlet, url, outcome, ok_at, new_at, n_failures, days_silent, polled_at in found:
        if polled_at is None:
            yield FeedHealth(outlet=outlet, url=url, is_well=True, text="not polled yet")
        elif n_failures:
            since = f"last answered well {ok_at:%Y-%m-%d %H:%M} UTC" if ok_at else "never answered well"
            yield FeedHealth(outlet=outlet, url=url, is_well=False, text=f"{outcome}; {since}")
        elif days_silent is not None and days_silent > STALE_DAYS:
            text = f"nothing new for {days_silent} days"
            yield FeedHealth(outlet=outlet, url=url, is_well=False, text=text)
        else:
            text = f"{outcome}; last new {new_at:%Y-%m-%d %H:%M} UTC" if new_at else f"{outcome}"
            yield FeedHealth(outlet=outlet, url=url, is_well=True, text=text)
