"""Configuration as the database shows it, and what is remembered of feeds and hosts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from tracker.model import Feed, FeedState, FrameDefinition, Outlet, Topic
from tracker.store import rows
from tracker.store.database import Database
from tracker.store.rows import naive


class Feeds:
    """``outlets``, ``feeds``, ``topics`` and their states."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def save_configuration(
        self,
        outlets: Sequence[Outlet],
        feeds: Sequence[Feed],
        topics: Sequence[Topic],
        frames: Mapping[str, Sequence[FrameDefinition]],
    ) -> None:
        """Take over what is configured, ``frames`` by topic; feeds no longer configured are kept, inactive."""
        self.db.insert("outlets", [rows.outlet_row(outlet) for outlet in outlets], "INSERT OR REPLACE")
        states = self.states()
        self.db.connection.execute("UPDATE feeds SET is_active = false")
        self.db.insert("feeds", [rows.feed_row(feed, states.get(feed.feed)) for feed in feeds], "INSERT OR REPLACE")
        tables = rows.topic_rows(topics)
        tables["frame_definitions"] = [
            rows.frame_row(topic, frame) for topic, definitions in frames.items() for frame in definitions
        ]
        for table, values in tables.items():
            self.db.connection.execute(f"DELETE FROM {table}")  # noqa: S608 - constant
            self.db.insert(table, values)

    def save_outlets(self, outlets: Sequence[Outlet]) -> None:
        """Store outlets that an aggregator named, unless they are known."""
        self.db.insert("outlets", [rows.outlet_row(outlet) for outlet in outlets], "INSERT OR IGNORE")

    def states(self) -> dict[str, FeedState]:
        """Return what is remembered of each feed."""
        found = self.db.dicts("SELECT * FROM internal.feed_state")
        return {state.feed: state for state in map(rows.feed_state_of, found)}

    def save(self, feed: Feed, state: FeedState) -> None:
        """Remember a feed's state, and show its health."""
        self.save_states([state])
        self.db.insert("feeds", [rows.feed_row(feed, state)], "INSERT OR REPLACE")

    def save_states(self, states: Sequence[FeedState]) -> None:
        """Remember the states of feeds; ``show_states`` makes them public."""
        self.db.upsert("internal.feed_state", [rows.feed_state_row(state) for state in states], "feed")

    def show_states(self) -> None:
        """Show the health of all feeds as remembered: once a poll, since a statement costs as much as 500 rows."""
        assignments = ", ".join(f"{name} = s.{name}" for name in rows.FEED_HEALTH)
        self.db.connection.execute(
            f"UPDATE feeds SET {assignments} FROM internal.feed_state s WHERE s.feed = feeds.feed"  # noqa: S608
        )

    def host_waits(self, now: datetime) -> dict[str, datetime]:
        """Return the hosts that asked us to wait beyond ``now``, with until when."""
        found = self.db.dicts("SELECT host, until_at FROM internal.host_waits WHERE until_at > ?", [naive(now)])
        return {str(row["host"]): row["until_at"].replace(tzinfo=now.tzinfo) for row in found}  # type: ignore[attr-defined]

    def save_host_waits(self, waits: Mapping[str, datetime]) -> None:
        """Remember the hosts that asked us to wait."""
        self.db.insert(
            "internal.host_waits",
            [{"host": host, "until_at": naive(until)} for host, until in sorted(waits.items())],
            "INSERT OR REPLACE",
        )
