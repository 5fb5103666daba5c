"""Many numbers are rounded as Python rounds one."""

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tracker.score.rounding import rounded

HALVES = st.integers(-20_001, 20_001).map(lambda number: number / 20_000)  # between two numbers of four decimals
NEAR = st.tuples(HALVES, st.integers(-3, 3)).map(lambda pair: pair[0] + pair[1] * math.ulp(pair[0]))


@given(st.lists(st.one_of(st.floats(-1e5, 1e5), st.floats(-1, 1), HALVES, NEAR), max_size=30), st.integers(0, 4))
def test_as_python_rounds(values, decimals):
    found = rounded(np.array(values, dtype=np.float64), decimals).tolist()
    assert [repr(value) for value in found] == [repr(round(value, decimals)) for value in values]
