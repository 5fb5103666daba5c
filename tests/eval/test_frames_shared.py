"""Floors of frames and loaded terms on labelled data kept outside the project."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pipelines.evaluate import frames, loaded
from tracker.model import Measure

pytestmark = pytest.mark.shared


def data(name: str) -> Path:
    folder = Path(os.environ.get("TRACKER_SHARED", Path(__file__).parents[3] / "shared"))
    path = folder / "data" / name
    if not path.exists():
        pytest.skip(f"no {path}: set TRACKER_SHARED to the folder with labelled data")
    return path


def values(measures: tuple[Measure, ...]) -> dict[str, float]:
    return {measure.metric: measure.value for measure in measures if measure.value is not None}


def test_policy_frames_on_frac() -> None:
    measured = values(frames.evaluate(data("frac_dev.jsonl.gz")))
    assert measured["macro_f1"] >= 0.69
    assert measured["accuracy"] >= 0.69
    assert measured["macro_f1_trained"] >= 0.72


def test_loaded_terms_tell_outlets_apart() -> None:
    measured = values(loaded.evaluate(data("allsides_immigration_dev.jsonl.gz")))
    assert measured["auc_outlet_voice"] >= 0.89
    assert measured["auc_outlet_voice"] > measured["auc_all_voices"]
