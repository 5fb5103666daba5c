"""Whether an outlet or feed lists less than it usually does: losses that no request shows.

Media Cloud's alarm (``sources/alerts.py`` of its web-search): the mean of the last 7 days below the mean of the
last 28 days, those 7 among them, minus 1.5 standard deviations. A feed that goes quiet altogether is told on
the sixth day; below about two items a day the band reaches zero and nothing can be told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, pstdev

BAND_DAYS = 28  # four whole weeks, so that weekends weigh the same in both means
RECENT_DAYS = 7
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


def band(counts: Sequence[int]) -> Band:
    """Return the band of the last ``BAND_DAYS`` daily counts, oldest first.

    Raises ValueError for any other number of days: days without an item count as zero.
    """
    if len(counts) != BAND_DAYS:
        raise ValueError(f"a band is taken over {BAND_DAYS} days, not {len(counts)}")
    mean = fmean(counts)
    return Band(recent=fmean(counts[-RECENT_DAYS:]), mean=mean, low=mean - BAND_WIDTH * pstdev(counts, mean))
