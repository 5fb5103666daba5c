"""Floors of frames and loaded terms on labelled data kept outside the project."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from pipelines.evaluate import frames, loaded
from pipelines.evaluate.rows import read_rows
from pipelines.train.frames import read_codings, topic_scorer, train_frames
from tracker.config import init_home, load_topics
from tracker.model import Measure
from tracker.score.frame_model import NONE

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
    assert measured["auc_outlet_voice"] >= 0.88
    assert measured["auc_outlet_voice"] > measured["auc_all_voices"]


@pytest.mark.slow
def test_few_coded_stories_are_better_than_seeds_alone(tmp_path: Path) -> None:
    rows = [(row, frames.CODES[int(str(row["label"])) - 1]) for _, row in read_rows(data("frac_dev.jsonl.gz"))]
    lines = [json.dumps({"text": row["sentence"], "frame": None if code == NONE else code}) for row, code in rows]
    path = tmp_path / "codings.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    init_home(tmp_path / "home", feeds=False)
    topic = load_topics(tmp_path / "home")[0]
    known = [one.id for one in topic_scorer(topic).definitions]
    _, card = train_frames(read_codings(path, known), topic)
    assert [n for n, _ in card.curve] == [50, 100, 200]
    assert all(macro_f1 > card.macro_f1_seeds for _, macro_f1 in card.curve)
    assert card.macro_f1 > card.macro_f1_seeds + 0.05
