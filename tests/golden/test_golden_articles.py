"""Thirty articles of the demo corpus, read by hand: passages, speakers, camps and each sentence's scores.

After a deliberate change write the files anew with ``TRACKER_WRITE_GOLDEN=1 pytest
tests/golden/test_golden_articles.py``, read the difference, and commit what is right. Scores may differ in
the last digits between machines, for float32 sums do.
"""

import json
import os
from pathlib import Path

import pytest

from pipelines.demo_corpus import load_corpus
from tracker.config import bundled_topic
from tracker.score.scoring import Scoring

FOLDER = Path(__file__).with_name("articles")
TOLERANCE = 3e-4
READ = sorted(path.stem for path in FOLDER.glob("*.json"))


@pytest.fixture(scope="module")
def scoring():
    return Scoring(bundled_topic())


def plain(body):
    """Return a piece's body as a reader sees it."""
    return "\n\n".join(block.removeprefix("## ").strip() for block in body.split("\n\n"))


def found_in(piece, scoring):
    texts = {"headline": piece.headline, "body": plain(piece.body)}
    scores = scoring.score(texts["headline"], texts["body"], piece.language)

    def cut(span):
        return {"part": span.part.value, "text": texts[span.part.value][span.start : span.end]}

    rows = zip(*(one.sentences for one in scores.sentiment), strict=True)
    return {
        "passages": [
            cut(passage)
            | {"voice": passage.voice.value, "cue": passage.cue, "speaker": passage.speaker, "camp": passage.camp}
            for passage in scores.passages
        ],
        "sentences": [
            cut(row[0])
            | {"voice": row[0].voice.value}
            | {one.scorer: sentence.value for one, sentence in zip(scores.sentiment, row, strict=True)}
            for row in rows
        ],
    }


@pytest.mark.parametrize("name", READ)
def test_article_is_as_read_by_hand(name, scoring):
    found = found_in(load_corpus().pieces[name], scoring)
    path = FOLDER / f"{name}.json"
    if os.environ.get("TRACKER_WRITE_GOLDEN"):
        path.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    golden = json.loads(path.read_text(encoding="utf-8"))
    assert found["passages"] == golden["passages"]
    assert [row["text"] for row in found["sentences"]] == [row["text"] for row in golden["sentences"]]
    for row, expected in zip(found["sentences"], golden["sentences"], strict=True):
        assert row["voice"] == expected["voice"]
        for scorer in ("vader", "vader-neutral", "tone"):
            assert row[scorer] == pytest.approx(expected[scorer], abs=TOLERANCE), row["text"]


def test_thirty_were_read():
    assert len(READ) >= 30
