"""What was told to people by itself, and whether it reached them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tracker.store.database import Database
from tracker.store.rows import naive


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """An alert or digest handed to a channel. ``detail`` says why it failed, None where it was sent."""

    notice: str
    kind: str
    channel: str
    as_of: datetime
    text: str
    detail: str | None


class Notices:
    """``notices``."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def save(self, notices: Sequence[Notice]) -> None:
        """Record what was handed over."""
        self.db.insert(
            "notices",
            [
                {
                    "notice": one.notice,
                    "kind": one.kind,
                    "channel": one.channel,
                    "as_of_at": naive(one.as_of),
                    "outcome": "failed" if one.detail else "sent",
                    "detail": one.detail,
                    "text": one.text,
                }
                for one in notices
            ],
        )

    def sent(self, channel: str) -> frozenset[str]:
        """Return the notices that a channel has taken."""
        found = self.db.connection.execute(
            "SELECT DISTINCT notice FROM notices WHERE channel = ? AND outcome = 'sent'", [channel]
        )
        return frozenset(notice for (notice,) in found.fetchall())
