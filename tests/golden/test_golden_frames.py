"""Whole short articles against the frames that a reader finds in them."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from tracker.config import bundled_topic
from tracker.model import Part
from tracker.score.frames import FrameScorer, load_packs
from tracker.score.text import make_document
from tracker.score.voices import find_passages

ARTICLES = tomllib.loads((Path(__file__).parent / "frames" / "articles.toml").read_text(encoding="utf-8"))["article"]


@pytest.fixture(scope="module")
def scorer() -> FrameScorer:
    return FrameScorer((*load_packs(["policy"]), *bundled_topic().frames))


@pytest.mark.parametrize("article", ARTICLES, ids=lambda article: article["id"])
def test_frames_of_an_article(article: dict[str, Any], scorer: FrameScorer) -> None:
    document = make_document(article["title"], article["text"], "en")
    found = scorer.score(document, find_passages(document))
    texts = {Part.HEADLINE: document.headline, Part.BODY: document.body}
    spans = {(texts[e.part][e.start : e.end], e.voice.value) for score in found for e in score.evidence}
    assert [score.frame for score in found] == article["frames"]
    assert [score.frame for score in found if score.is_primary] == article["primary"]
    assert {tuple(pair) for pair in article["evidence"]} <= spans
