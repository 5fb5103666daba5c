"""Checks by people on the demonstration's own texts, in small; ``python -m benchmarks.coding`` does it 1,000 times."""

from __future__ import annotations

from pathlib import Path

from benchmarks.coding import ERRORS, corpus_of, simulate

RUNS = 20  # of four variables: coverage of .95 lies above .85 in all but one of a thousand


def test_two_coders_give_back_what_is_true_of_the_bundled_corpus(demo_home: Path) -> None:
    held = simulate(*corpus_of(demo_home), RUNS)
    shares = {
        figure: sum(one[figure] for one in held.values()) / (RUNS * len(ERRORS))
        for figure in ("alpha", "precision", "recall", "f1", "corrected", "naive")
    }
    assert all(share >= 0.85 for figure, share in shares.items() if figure != "naive"), shares
    assert shares["naive"] < 0.4, shares
