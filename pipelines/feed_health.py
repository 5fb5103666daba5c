"""The health of feeds, and of whole outlets, as the last run left it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tracker.store.snapshot import open_snapshot, snapshot_path

STALE_DAYS = 14  # a feed that lists nothing new for two weeks has probably died silently
MUTED_DAYS = 2  # a pause of more than a day is no ordinary back-off: the feed is gone, or long dead

_FEEDS = """
    SELECT f.outlet, f.url, f.last_outcome, f.last_polled_at, f.last_ok_at, f.last_new_at, f.next_poll_at,
        f.n_failures, f.moved_to, date_diff('day', f.last_new_at, i.as_of_at) AS days_silent,
        list(g.reason || ': ' || g.detail ORDER BY g.reason) FILTER (g.reason <> 'failed') AS gaps
    FROM feeds f CROSS JOIN snapshot_info i
    LEFT JOIN gaps g ON g.feed = f.feed AND g.until_at >= f.last_polled_at
    WHERE f.is_active GROUP BY ALL ORDER BY f.outlet, f.url
"""
_OUTLETS = """
    SELECT g.outlet, any_value(g.reason || ': ' || g.detail) FROM gaps g
    JOIN feeds f ON f.outlet = g.outlet AND f.is_active
    WHERE g.feed IS NULL GROUP BY g.outlet, g.until_at HAVING g.until_at >= max(f.last_polled_at) ORDER BY g.outlet
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedHealth:
    """One feed, whether it is well, and what to know of it. ``url`` is ``all its feeds`` for a whole outlet."""

    outlet: str
    url: str
    is_well: bool
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Feed:
    """A row of ``_FEEDS``, in its order."""

    outlet: str
    url: str
    last_outcome: str | None
    last_polled_at: datetime | None
    last_ok_at: datetime | None
    last_new_at: datetime | None
    next_poll_at: datetime | None
    n_failures: float
    moved_to: str | None
    days_silent: int | None
    gaps: list[str] | None


def feed_health(home: Path) -> Iterator[FeedHealth]:
    """Yield every active feed's health, then outlets in trouble as a whole.

    Raises StoreError where nothing has been published yet.
    """
    with open_snapshot(snapshot_path(home)) as connection:
        names = list(_Feed.__dataclass_fields__)
        feeds = [_Feed(**dict(zip(names, row, strict=True))) for row in connection.execute(_FEEDS).fetchall()]
        outlets = connection.execute(_OUTLETS).fetchall()
    for feed in feeds:
        troubles = list(_troubles(feed))
        text = "; ".join(troubles) or _well(feed)
        moved = f"; moved to {feed.moved_to}" if feed.moved_to else ""
        yield FeedHealth(outlet=feed.outlet, url=feed.url, is_well=not troubles, text=text + moved)
    for outlet, text in outlets:
        yield FeedHealth(outlet=outlet, url="all its feeds", is_well=False, text=text)


def _troubles(feed: _Feed) -> Iterator[str]:
    if feed.last_outcome is None:
        return
    if feed.n_failures or feed.last_ok_at is None:
        since = f"last answered well {feed.last_ok_at:%Y-%m-%d %H:%M} UTC" if feed.last_ok_at else "never answered well"
        yield f"{feed.last_outcome}; {since}{_muted(feed)}"
    elif feed.days_silent is None:
        yield f"{feed.last_outcome}; has listed nothing yet: is it a feed of articles?"
    elif feed.days_silent > STALE_DAYS:
        yield f"nothing new for {feed.days_silent} days"
    yield from feed.gaps or ()


def _muted(feed: _Feed) -> str:
    if feed.next_poll_at is None or feed.last_polled_at is None:
        return ""
    is_long = (feed.next_poll_at - feed.last_polled_at).days >= MUTED_DAYS
    return f"; muted, asked again {feed.next_poll_at:%Y-%m-%d}" if is_long else ""


def _well(feed: _Feed) -> str:
    if feed.last_outcome is None:
        return "not polled yet"
    return f"{feed.last_outcome}; last new {feed.last_new_at:%Y-%m-%d %H:%M} UTC"
