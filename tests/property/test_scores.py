"""Whatever the text: values within −1..1, means of their sentences, the same every time."""

from statistics import fmean

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.model import Part, TargetSpan
from tracker.score.sentiment import LearnedToneScorer, VaderScorer, read_scorable, score_one
from tracker.score.targets import TargetScorer
from tracker.score.text import make_document
from tracker.score.voices import find_passages

WORDS = ["illegal", "great", "not", "killed", "DHS", "said", "“we", "win”", ".", "!", "😀", "\n\n", "the", "It", ","]
texts = st.one_of(st.text(max_size=300), st.lists(st.sampled_from(WORDS), max_size=60).map(" ".join))
SCORERS = (VaderScorer(), VaderScorer(("great",)), LearnedToneScorer())


@settings(max_examples=60, deadline=None)
@given(title=texts, text=texts)
def test_values_are_bounded_means_and_repeatable(title, text):
    document = make_document(title, text, "en")
    scorable = read_scorable(document, find_passages(document))
    for scorer in SCORERS:
        scores = score_one(scorer, scorable)
        assert score_one(scorer, scorable) == scores
        assert all(-1 <= sentence.value <= 1 for sentence in scores.sentences)
        values = {value.of: value for value in scores.values}
        n_body = sum(sentence.part is Part.BODY for sentence in scores.sentences)
        assert values["body"].n_sentences == n_body
        assert values["outlet_voice"].n_sentences + values["quoted_voice"].n_sentences <= n_body
        if n_body:
            body = [sentence.value for sentence in scores.sentences if sentence.part is Part.BODY]
            assert values["body"].value == pytest.approx(fmean(body), abs=1e-4)


@settings(max_examples=60, deadline=None)
@given(text=texts, span=st.tuples(st.integers(-5, 400), st.integers(-5, 400)))
def test_any_target_is_judged_within_bounds_and_repeatably(text, span):
    document = make_document("", text, "en")
    target = TargetSpan(id="x", part=Part.BODY, start=span[0], end=span[1])
    (found,) = TargetScorer().score(document, [target])
    assert -1 <= found.score <= 1
    assert TargetScorer().score(document, [target]) == (found,)
