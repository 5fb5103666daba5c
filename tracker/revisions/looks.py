"""When to look at an article again."""

from __future__ import annotations

from datetime import datetime, timedelta

# NewsDiffs' schedule: (age below which it holds, time between looks). GDELT measures that 80 % of a
# week's changes come within 24 hours.
LOOKS = (
    (timedelta(hours=3), timedelta(minutes=15)),
    (timedelta(days=1), timedelta(hours=1)),
    (timedelta(days=7), timedelta(hours=3)),
    (timedelta(days=30), timedelta(days=3)),
)


def next_look(first_seen_at: datetime, last_looked_at: datetime | None, now: datetime) -> datetime | None:
    """Return when an article is to be looked at again, or None where it is 30 days old.

    The step is that of the article's age at its last look (``LOOKS``). The answer may lie in the past: the
    look is due.
    """
    if now - first_seen_at >= LOOKS[-1][0]:
        return None
    looked = last_looked_at if last_looked_at is not None else first_seen_at
    step = next((step for age, step in LOOKS if looked - first_seen_at < age), None)
    if step is None or looked + step - first_seen_at >= LOOKS[-1][0]:
        return None
    return looked + step
