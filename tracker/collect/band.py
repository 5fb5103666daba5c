"""Whether an outlet or feed lists less than it usually does: losses that no request shows.

After Media Cloud's alarm (``alerts.py`` of its web-search): the mean of the last 7 days below a 28-day mean minus
1.5 standard deviations. Two things differ, each because the alarm failed otherwise (tried on made-up series):

- The 28 days are those before the last 7. With the suspected week inside its own yardstick, the alarm for a feed
  that fell silent for good ends by itself on the ninth day.
- The deviation is taken around each weekday's own mean. An outlet that lists a third as much on weekends could
  otherwise fall silent without ever leaving its band, which reaches below zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

WEEK = 7
RECENT_DAYS = WEEK
BAND_DAYS = 4 * WEEK  # whole weeks, so that weekends weigh the same in both means
LEAST_DAYS = 2 * WEEK  # a weekday's own deviation wants two of it
BAND_WIDTH = 1.5  # standard deviations below the mean


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """What is usual, and what there was lately, in items a day."""

    recent: float
    mean: float
    low: float

    @property
    def is_below(self) -> bool:
        """Whether the last week fell below the band."""
        return self.recent < self.low


def band(counts: Sequence[int]) -> Band | None:
    """Return the band of daily counts, oldest first, or None where there are too few days to have one.

    Days without an item are zeros. Of what came before the last week, the latest whole weeks count, four at most.
    """
    before, recent = counts[:-RECENT_DAYS], counts[-RECENT_DAYS:]
    n_weeks = min(len(before), BAND_DAYS) // WEEK
    if n_weeks * WEEK < LEAST_DAYS:
        return None
    before = before[-n_weeks * WEEK :]
    mean = fmean(before)
    weekdays = [fmean(before[day::WEEK]) for day in range(WEEK)]
    squares = sum((count - weekdays[day % WEEK]) ** 2 for day, count in enumerate(before))
    variance = squares / (len(before) - WEEK)  # seven means were taken from the same days
    deviation = max(variance, mean) ** 0.5  # counts vary by chance as much as their mean (Poisson), however even
    return Band(recent=fmean(recent), mean=mean, low=mean - BAND_WIDTH * deviation)
