"""Which word a contrast of tone hangs on."""

from __future__ import annotations

import pandas as pd
import pytest

from tracker.report.word_guard import (
    learned_tone,
    leave_one_word_out,
    neutral_vader,
    plain_vader,
    rescore_of,
    without_word,
    word_shifts,
)
from tracker.score.vader import read

PLAIN = "Officials met on Tuesday to weigh the plan for the border."
LADEN = "Officials met on Tuesday to weigh the plan for illegal crossings."
GLAD = "The wonderful plan was welcomed."


def rows_of(texts):
    return pd.DataFrame(
        [
            {"article": name, "lean": name[0], "value": sum(read(text).compound for text in found) / len(found)}
            for name, found in texts.items()
        ]
    )


def guarded(texts, rescore=plain_vader):
    return leave_one_word_out(rows_of(texts), word_shifts(texts, rescore), group_by="lean", a="r", b="l")


def test_a_contrast_that_is_one_word_is_driven_by_it():
    texts = {"r1": [LADEN, PLAIN], "r2": [LADEN], "l1": [PLAIN, PLAIN], "l2": [PLAIN]}
    guard = guarded(texts)
    assert guard.word == "illegal"
    assert guard.estimate < -0.3
    assert guard.without == pytest.approx(0)
    assert guard.share_lost == pytest.approx(1)
    assert guard.is_driver
    assert guard.sentence() == "Driven by the word “illegal”: without it the difference is +0.000."


def test_a_contrast_of_many_words_hangs_on_none():
    bad = ["terrible", "awful", "horrible", "disastrous", "vicious"]
    texts = {f"r{n}": [f"This was a {word} plan."] for n, word in enumerate(bad)} | {f"l{n}": [PLAIN] for n in range(5)}
    guard = guarded(texts)
    assert guard.n_words == 5
    assert not guard.is_driver
    assert 0.1 < guard.share_lost < 0.3
    assert "No single word carries it" in guard.sentence()


def test_the_word_is_dropped_by_scoring_anew_not_by_subtraction():
    """A negation that stands before the word turns it: what is lost with the word is what the rules made of it."""
    text = "The plan was not illegal at all."
    shifts = word_shifts({"r1": [text]}, plain_vader)
    assert read(text).compound > 0
    assert shifts["illegal"]["r1"] == pytest.approx(-read(text).compound)


def test_without_the_word_values_are_what_scoring_without_it_gives():
    texts = {"r1": [LADEN, GLAD], "l1": [PLAIN]}
    rows = without_word(rows_of(texts), word_shifts(texts, plain_vader)["illegal"])
    assert rows["value"].tolist() == pytest.approx([read(GLAD).compound / 2, 0.0])


def test_terms_that_are_neutral_already_drive_nothing():
    texts = {"r1": [LADEN, GLAD], "l1": [PLAIN]}
    shifts = word_shifts(texts, neutral_vader(("illegal",)))
    assert shifts["illegal"] == {"r1": 0.0}
    assert shifts["wonderful"]["r1"] < 0


def test_the_learned_model_can_be_asked_without_a_word():
    with_it, without = learned_tone([LADEN, LADEN], ["", "illegal"])
    assert without > with_it


def test_no_word_of_the_lexicon():
    guard = guarded({"r1": [PLAIN], "l1": [PLAIN]})
    assert (guard.word, guard.is_driver, guard.n_words) == (None, False, 0)
    assert "No word" in guard.sentence()


def test_scorers_that_are_not_known_are_not_guarded():
    assert rescore_of("somebody-elses") is None
    assert {name for name in ("vader", "vader-neutral", "tone") if rescore_of(name)} == {
        "vader",
        "vader-neutral",
        "tone",
    }
