"""The plain VADER figure is the library's, to the last digit, whatever the sentence."""

import gzip
import json
import os
import random
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vaderSentiment.vaderSentiment import BOOSTER_DICT, NEGATE, SPECIAL_CASES, SentimentIntensityAnalyzer

from tracker.score import vader
from tracker.score.neutral import NeutralTerms, neutral_compounds
from tracker.score.pieces import read_words

N_SENTENCES = 20_000
N_FOREIGN = 2_000


@cache
def library() -> SentimentIntensityAnalyzer:
    return SentimentIntensityAnalyzer()


@cache
def pieces() -> tuple[str, ...]:
    """Words on which one of the library's rules turns, and the punctuation and emoji around them."""
    rules = [*NEGATE, *BOOSTER_DICT, *" ".join(SPECIAL_CASES).split(), *SPECIAL_CASES]
    lone = ["no", "nor", "or", "but", "BUT", "least", "at", "very", "so", "this", "never", "without", "doubt"]
    marks = ["!", "!!!!!", "?", "??", "?!", ":)", ":D", "<3", "“", "”", "…", "😀", "😡x", "❤️", "©", ",", "--"]
    plain = ["the", "judge", "of", "border", "Office", "IRS", "don’t", "O'Brien", "1,000", "", "  ", "\n"]
    return (*rules, *lone * 4, *marks, *plain * 3, *list(library().lexicon)[::7])


def sentence(rng: random.Random) -> str:
    words = [rng.choice(pieces()) for _ in range(rng.randint(0, 14))]
    cased = [word.upper() if rng.random() < 0.1 else word.title() if rng.random() < 0.1 else word for word in words]
    return " ".join(word + rng.choice(("", "", "", ".", ",", "!")) for word in cased)


def assert_same(text: str) -> None:
    ours, theirs = vader.read(text), library().polarity_scores(text)
    assert (ours.compound, ours.positive_share, ours.negative_share, ours.neutral_share) == (
        theirs["compound"],
        theirs["pos"],
        theirs["neg"],
        theirs["neu"],
    ), text


def neutral_compound(text: str, *terms: str) -> float:
    (compound,) = neutral_compounds(vader.read_all(read_words([text])), NeutralTerms(terms))
    return compound


def test_twenty_thousand_sentences_made_of_what_the_rules_turn_on():
    rng = random.Random(4)  # noqa: S311 - the same sentences every time
    for _ in range(N_SENTENCES):
        assert_same(sentence(rng))


@given(st.text(max_size=200))
def test_any_text(text):
    assert_same(text)


@given(st.lists(st.sampled_from(pieces()), max_size=10).map(" ".join))
def test_any_order_of_rules(text):
    assert_same(text)


@pytest.mark.shared
def test_real_news_sentences():
    folder = Path(os.environ.get("TRACKER_SHARED", Path(__file__).parents[3] / "shared"))
    path = folder / "data" / "newsmtsc_train.jsonl.gz"
    if not path.exists():
        pytest.skip(f"no {path}: set TRACKER_SHARED to the folder with labelled data")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for _, line in zip(range(N_FOREIGN), lines, strict=False):
            assert_same(json.loads(line)["sentence"])


@given(st.lists(st.sampled_from(pieces()), max_size=10).map(" ".join))
def test_terms_that_do_not_occur_change_nothing(text):
    assert neutral_compound(text, "zyzzyva wall", "quokka*") == vader.read(text).compound


@given(st.sampled_from(sorted(library().lexicon)))
def test_a_neutral_word_alone_says_nothing(word):
    if len(word.split()) == 1:
        assert neutral_compound(word, word) == 0
