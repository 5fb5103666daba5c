"""Scores of hand-picked sentences, so that a change of weights, lexicon or rules is seen and meant.

After a deliberate change (and a new version in ``tracker/score``), write the new figures into the file.
"""

import json
from pathlib import Path

import pytest

from tracker.model import Part, TargetSpan
from tracker.score.sentiment import LearnedToneScorer, VaderScorer, read_scorable, score_one
from tracker.score.targets import TargetScorer
from tracker.score.text import make_document

GOLDEN = json.loads(Path(__file__).with_name("sentiment").joinpath("scores.json").read_text(encoding="utf-8"))
TOLERANCE = 2e-4  # float32 sums differ in the last digits between machines


@pytest.mark.parametrize("row", GOLDEN["sentences"], ids=lambda row: row["text"][:40])
def test_sentence_scores(row):
    document = make_document(row["text"], "", "en")
    for scorer in (VaderScorer(), VaderScorer(()), LearnedToneScorer()):
        headline = score_one(scorer, read_scorable(document, ())).values[0].value
        assert headline == pytest.approx(row[scorer.info.scorer], abs=TOLERANCE), scorer.info.scorer


@pytest.mark.parametrize("row", GOLDEN["targets"], ids=lambda row: row["text"][:40])
def test_target_scores(row):
    start = row["text"].index(row["mention"])
    target = TargetSpan(id="x", part=Part.BODY, start=start, end=start + len(row["mention"]))
    (found,) = TargetScorer().score(make_document("", row["text"], "en"), [target])
    assert found.label == row["label"]
    assert found.score == pytest.approx(row["score"], abs=TOLERANCE)
