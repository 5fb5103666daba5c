"""Relevance measured on labelled texts."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from pipelines.demo_corpus import load_corpus
from pipelines.demo_pages import plain_text
from pipelines.demo_publications import publications
from pipelines.evaluate.relevance import evaluate
from pipelines.evaluate.run import evaluate_stage
from tracker.errors import ConfigError, DataError
from tracker.model import CaseFacts, Topic

TOPIC = Topic(topic="t", title="T", hash="h", query="storm", facts=CaseFacts(own=("gale",), other=("tornado",)))


def _file(path, rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def _row(text, is_on_topic, **more):
    return {"title": "", "text": text, "is_on_topic": is_on_topic} | more


def test_figures_of_a_small_set_by_hand(tmp_path):
    rows = [
        _row("A storm.", is_on_topic=True),
        _row("A storm again.", is_on_topic=False, title="Brainstorm, a storm"),
        _row("A gale.", is_on_topic=True),
        _row("A storm, a gale, a tornado.", is_on_topic=True),
        _row("Cakes.", is_on_topic=False),
    ]
    found = {one.metric: one for one in evaluate(_file(tmp_path / "rows.jsonl", rows), TOPIC)}
    assert (found["precision"].value, found["precision"].n) == (0.5, 2)
    assert found["recall"].value == pytest.approx(1 / 3)
    assert found["f1"].value == pytest.approx(0.4)
    assert found["unsure_share"].value == 0.2
    assert found["precision"].note == "false: Brainstorm, a storm"
    assert found["precision"].low < 0.5 < found["precision"].high


def test_the_topics_dates_hold(tmp_path):
    topic = Topic(topic="t", title="T", hash="h", query="storm", starts_on=datetime(2025, 5, 1, tzinfo=UTC).date())
    rows = [_row("A storm.", is_on_topic=True, published_at=day) for day in ("2025-04-30", "2025-05-02T00:00:00Z")]
    found = {one.metric: one for one in evaluate(_file(tmp_path / "rows.jsonl", rows), topic)}
    assert found["recall"].value == 0.5


@pytest.mark.parametrize(
    "row",
    [
        {"title": "", "text": "x"},
        {"title": "", "text": "x", "is_on_topic": "true"},
        {"title": "", "is_on_topic": True},
        {"title": "", "text": "x", "is_on_topic": True, "published_at": "May"},
    ],
)
def test_lines_that_are_no_labelled_text_are_named(tmp_path, row):
    with pytest.raises(DataError, match="line 1"):
        evaluate(_file(tmp_path / "rows.jsonl", [row]))


def test_a_topic_is_for_relevance_alone(tmp_path):
    with pytest.raises(ConfigError, match="copies"):
        evaluate_stage("copies", _file(tmp_path / "x.jsonl", []), "json", None, tmp_path / "topic.toml")


def test_the_bundled_corpus_is_told_apart_exactly(tmp_path):
    """Every address of the demo at its last version: an upper bound, since the query was written beside it."""
    rows = []
    for one in publications(load_corpus()):
        if one.notice or (one.piece is not None and one.piece.unsure):  # nothing to read; nothing to be right about
            continue
        version = one.versions[-1]
        is_on_topic = one.piece is not None and one.piece.on_topic
        rows.append(
            {
                "title": version.headline,
                "text": plain_text(version),
                "published_at": one.published_at.isoformat(),
                "is_on_topic": is_on_topic,
            }
        )
    found = {one.metric: one for one in evaluate(_file(tmp_path / "demo.jsonl", rows))}
    assert (found["precision"].value, found["recall"].value) == (1.0, 1.0), found
    assert found["unsure_share"].value == 0.0
