"""A row's value is its own, whichever rows it is worked out with."""

import numpy as np

from tracker.score.polynomial import Polynomial

DIMENSIONS = 64


def test_a_row_alone_and_among_others_is_the_same_far_beyond_what_is_stored():
    rng = np.random.default_rng(1)
    square = rng.normal(size=(DIMENSIONS, DIMENSIONS)).astype(np.float32)
    learned = Polynomial(linear=rng.normal(size=DIMENSIONS).astype(np.float32), square=square + square.T)
    rows = rng.normal(size=(300, DIMENSIONS)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    alone = np.concatenate([learned.values(rows[at : at + 1]) for at in range(len(rows))])
    assert np.abs(learned.values(rows) - alone).max() < 1e-12  # single precision differs by 1e-7
    expected = [row @ learned.linear + row @ learned.square.astype(float) @ row for row in rows.astype(float)]
    assert np.allclose(alone, expected, atol=1e-6)
