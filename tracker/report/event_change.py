"""Whether something changed at a dated event: before and after compared, blocks of days permuted.

News is autocorrelated: a story of today resembles those of yesterday. To take stories, or days, as
independent would find a change everywhere. So runs of days stay together: under the null, which blocks came
after the event is chance (block permutation; Davison & Hinkley 1997, 8.2; Phipson & Smyth 2010 for p).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations
from math import comb

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tracker.report.contrasts import smallest_visible
from tracker.report.intervals import CONFIDENCE, MIN_INTERVAL, MIN_SAMPLE, SEED, student_reach
from tracker.report.phrases import Quantity, interval, signed, validity_said
from tracker.report.word_guard import WordGuard

BLOCK_DAYS = 3  # days that stay together: a news cycle and the day after
WINDOW_DAYS = 28  # days looked at on either side: four whole weeks, so that weekdays balance
ARRANGEMENTS = 5_000  # of blocks: all of them where there are no more, else as many drawn at random
METHOD = "permutation of blocks of days"
BEFORE, AFTER = "before", "after"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """After minus before an event. Figures are None where a side is below the minimum sample."""

    quantity: Quantity
    event: str
    on: date
    n_before: int  # stories, or days where a row is a day
    n_after: int
    n_blocks_before: int
    n_blocks_after: int
    estimate: float | None = None
    low: float | None = None
    high: float | None = None
    p_value: float | None = None
    smallest_visible: float | None = None
    n_arrangements: int = 0
    method: str = METHOD
    caveats: tuple[str, ...] = ()
    driver: WordGuard | None = None
    validity: str | None = None  # what is known of the error in the figures themselves

    @property
    def is_reportable(self) -> bool:
        """Whether the sample allows a figure at all."""
        return self.estimate is not None

    @property
    def is_distinguishable(self) -> bool:
        """Whether chance arrangements of the same days seldom differ as much."""
        return self.p_value is not None and self.p_value <= 1 - CONFIDENCE

    @property
    def is_driven_by_a_word(self) -> bool:
        """Whether more than half of it hangs on one word."""
        return self.driver is not None and self.driver.is_driver

    def sentence(self, *, with_validity: bool = True) -> str:
        """Return what may be said of it, with its sample, interval, method, caveats and the figures' own error."""
        when = f"after “{self.event}” ({self.on.day} {self.on:%B %Y})"
        n = f"{self.n_before} before, {self.n_after} after"
        if self.estimate is None:
            return f"Too little before or {when} to compare {self.quantity.name} ({n})."
        basis = f"{n}; {self.method}"
        if self.low is not None and self.high is not None and self.p_value is not None:
            basis = f"{interval(self.low, self.high)}; p = {self.p_value:.3f}; {basis}"
        is_finding = self.is_distinguishable and min(self.n_before, self.n_after) >= MIN_INTERVAL
        if is_finding:
            word = self.quantity.more if self.estimate > 0 else self.quantity.less
            text = f"Stories {when} are {word}: {self.quantity.name} {signed(self.estimate)} ({basis})."
        else:
            text = (
                f"No change of {self.quantity.name} {when} can be told from chance: {signed(self.estimate)} ({basis})."
            )
            if self.smallest_visible is not None:
                text += f" A change of {self.smallest_visible:.3f} would have been seen four times out of five."
        guard = [self.driver.sentence()] if self.driver and is_finding else []
        return " ".join([text, *guard, *self.caveats, *validity_said(self.validity, with_validity=with_validity)])


@dataclass(frozen=True, slots=True)
class _Blocks:
    """Sums and sizes of the blocks of days that hold anything, and which of them came after."""

    sums: NDArray[np.float64]
    sizes: NDArray[np.float64]
    is_after: NDArray[np.bool_]


def change_at(
    rows: pd.DataFrame,
    *,
    on: date,
    event: str,
    quantity: Quantity,
    window: int = WINDOW_DAYS,
    block: int = BLOCK_DAYS,
) -> Change:
    """Return how ``value`` of ``rows`` (day, value) changed from the ``window`` days before ``on`` to those after.

    The day of the event counts as after. Blocks are counted from the event, so that none straddles it.
    """
    near = around(rows, on, window)
    offset, values = near["offset"].to_numpy(dtype=int), near["value"].to_numpy(dtype=float)
    numbers, index = np.unique(np.floor_divide(offset, block), return_inverse=True)
    blocks = _Blocks(
        np.bincount(index, weights=values, minlength=len(numbers)).astype(float),
        np.bincount(index, minlength=len(numbers)).astype(float),
        numbers >= 0,
    )
    sides = Change(
        quantity=quantity,
        event=event,
        on=on,
        n_before=int((offset < 0).sum()),
        n_after=int((offset >= 0).sum()),
        n_blocks_before=int((numbers < 0).sum()),
        n_blocks_after=int((numbers >= 0).sum()),
    )
    if min(sides.n_before, sides.n_after) < MIN_SAMPLE:
        return sides
    return _permuted(sides, blocks, values, offset >= 0, index)


def around(rows: pd.DataFrame, on: date, window: int = WINDOW_DAYS) -> pd.DataFrame:
    """Return the rows within ``window`` days of an event, with their days' ``offset`` from it and the ``side``."""
    offset = np.array([(day - on).days for day in rows["day"]], dtype=int)
    near = rows.assign(offset=offset, side=np.where(offset < 0, BEFORE, AFTER))
    return near[(offset >= -window) & (offset < window)]


def _permuted(
    sides: Change,
    blocks: _Blocks,
    values: NDArray[np.float64],
    is_after: NDArray[np.bool_],
    index: NDArray[np.intp],
) -> Change:
    estimate = float(values[is_after].mean() - values[~is_after].mean())
    chosen, is_exact = _arrangements(len(blocks.sums), int(blocks.is_after.sum()))
    found = _differences(blocks.sums, blocks.sizes, chosen)
    reaches = int((np.abs(found) >= abs(estimate) - 1e-12).sum())
    p = reaches / len(found) if is_exact else (reaches + 1) / (len(found) + 1)
    changed = replace(sides, estimate=estimate, p_value=p, n_arrangements=len(found))
    n_blocks = len(blocks.sums)
    if n_blocks < 4:  # noqa: PLR2004 - two a side, or there is no spread to be known
        return replace(changed, p_value=None, caveats=(*sides.caveats, "Too few blocks of days for an interval."))
    # the error of the difference: the same arrangements of what is left when each side's mean is taken off
    rest = values - np.where(is_after, values[is_after].mean(), values[~is_after].mean())
    error = float(_differences(np.bincount(index, weights=rest).astype(float), blocks.sizes, chosen).std())
    reach = student_reach(n_blocks - 2) * error
    least = 1 / len(found)
    few = f"Only {len(found)} arrangements of the blocks exist: no p below {least:.2f} is possible."
    return replace(
        changed,
        low=estimate - reach,
        high=estimate + reach,
        smallest_visible=smallest_visible(error, n_blocks - 2),
        caveats=(*sides.caveats, few) if least > 1 - CONFIDENCE else sides.caveats,
    )


def _arrangements(n: int, n_after: int) -> tuple[NDArray[np.bool_], bool]:
    """Return which blocks come after in each arrangement, a row each, and whether these are all there are."""
    is_exact = comb(n, n_after) <= ARRANGEMENTS
    if is_exact:
        picks = np.array(list(combinations(range(n), n_after)), dtype=int).reshape(-1, n_after)
    else:
        order = np.random.default_rng(SEED).random((ARRANGEMENTS, n)).argsort(axis=1)
        picks = order[:, :n_after]
    chosen = np.zeros((len(picks), n), dtype=bool)
    np.put_along_axis(chosen, picks, values=True, axis=1)
    return chosen, is_exact


def _differences(
    sums: NDArray[np.float64], sizes: NDArray[np.float64], chosen: NDArray[np.bool_]
) -> NDArray[np.float64]:
    after = chosen.astype(float)
    found: NDArray[np.float64] = after @ sums / (after @ sizes) - (1 - after) @ sums / ((1 - after) @ sizes)
    return found
