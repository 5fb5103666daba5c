"""The known trap: a contrast of tone that is one word, on third-party stories and on made-up ones."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from pipelines.evaluate.contrast import contrasts, evaluate
from tracker.errors import DataError

SHARED = Path(os.environ.get("TRACKER_SHARED", Path(__file__).parents[3] / "shared"))


@pytest.mark.shared
@pytest.mark.slow
def test_the_tone_of_immigration_stories_is_one_word():
    path = SHARED / "data" / "allsides_immigration_dev.jsonl.gz"
    if not path.exists():
        pytest.skip(f"no {path.name}: set TRACKER_SHARED to the folder that holds it")
    found, without = contrasts(path)
    assert found.is_distinguishable
    assert found.estimate == pytest.approx(-0.033, abs=0.005)
    assert found.is_driven_by_a_word
    assert found.driver.word == "illegal"
    assert "Driven by the word “illegal”" in found.sentence()
    assert not without.is_distinguishable
    assert "not distinguishable" in without.sentence()
    assert without.smallest_visible < 0.04


def story(lean, number, text):
    return {"id": f"{lean}{number}", "outlet": f"{lean} {number % 4}", "lean": lean, "title": "Border", "text": text}


def written(path, stories):
    path.write_text("".join(json.dumps(one) + "\n" for one in stories), encoding="utf-8")
    return path


def test_figures_of_made_up_stories(tmp_path):
    calm = "The agency met on Monday to review the matter in Ohio."
    words = ["", " It was a good day.", " It was a bad day."]
    stories = [story("right", n, f"An illegal crossing was reviewed.{words[n % 3]}") for n in range(12)]
    stories += [story("left", n, f"{calm}{words[n % 3]}") for n in range(12)]
    plain, share, without = evaluate(written(tmp_path / "stories.jsonl", stories))
    assert plain.value < -0.1
    assert plain.high < 0
    assert plain.n == 24
    assert share.value > 0.9
    assert "“illegal”" in share.note
    assert without.low < 0 < without.high


def test_a_story_without_a_text_is_refused(tmp_path):
    broken = written(tmp_path / "stories.jsonl", [{"id": "1", "outlet": "a", "lean": "left", "title": "t"}])
    with pytest.raises(DataError, match="'text'"):
        evaluate(broken)
