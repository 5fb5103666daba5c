"""Rounding many numbers at once exactly as Python's ``round`` does one."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

_DOUBT: Final = 1e-6  # from a half, in units of the last decimal: far more than multiplying can err by


def rounded(values: NDArray[np.float64], decimals: int) -> NDArray[np.float64]:
    """Return finite numbers, below a million, rounded to the nearest decimal of their exact value.

    Those near the middle of two are left to ``round``: the product below may fall on the wrong side.
    """
    scaled = values * 10.0**decimals
    nearest = np.rint(scaled)
    found: NDArray[np.float64] = nearest / 10.0**decimals
    for at in np.flatnonzero(np.abs(scaled - nearest) > 0.5 - _DOUBT).tolist():
        found[at] = round(float(values[at]), decimals)
    return found
