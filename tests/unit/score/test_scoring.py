"""Articles scored together are scored as each would be alone."""

from __future__ import annotations

import subprocess
import sys

import pytest

from pipelines.demo_corpus import load_corpus
from tracker.config import bundled_topic
from tracker.score.scoring import TOGETHER, Scoring, ToScore


@pytest.fixture(scope="module")
def scoring() -> Scoring:
    return Scoring(bundled_topic())


def test_together_each_is_as_alone(scoring: Scoring) -> None:
    pieces = list(load_corpus().pieces.values())[: 2 * TOGETHER + 3]
    articles = [ToScore(piece.headline, piece.body, piece.language) for piece in pieces]
    articles[3] = ToScore("", "", "en")
    articles[5] = ToScore("Un juez", "Un juez federal se negó el lunes.", "es")
    together = list(scoring.score_all(articles))
    assert together == [scoring.score(one.title, one.text, one.language) for one in articles]
    assert together[5].unscored_reason == "language: Spanish"
    assert any(one.sentiment[0].sentences for one in together[TOGETHER:])


def test_nothing_is_scored_of_no_articles_and_of_none_in_english(scoring: Scoring) -> None:
    assert list(scoring.score_all([])) == []
    spanish = [ToScore("Un juez", "Un juez federal se negó el lunes.", "es")] * 2
    assert [one.sentiment for one in scoring.score_all(spanish)] == [(), ()]


def test_what_names_the_scorers_loads_no_model() -> None:
    code = (
        "import sys; from tracker.config import bundled_topic; from tracker.score.scoring import Scoring\n"
        "print(Scoring(bundled_topic()).hash, 'wordllama' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == [Scoring(bundled_topic()).hash, "False"]
