"""The measure itself on hand-made annotations, and the floors on PolNeAR's development part."""

import gzip
import json
import os
from pathlib import Path

import pytest

from pipelines.evaluate.voices import evaluate, read_labelled, speaker_misses
from tracker.config import bundled_topic
from tracker.errors import DataError
from tracker.score.text import make_document
from tracker.score.voices import VoiceScorer

SHARED = Path(os.environ.get("TRACKER_SHARED", Path(__file__).parents[3] / "shared"))
TEXT = "Marian Holt said the deal was legal. “Nobody was harmed,” she added. It rained all day."


def write(path, rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def span(part):
    start = TEXT.index(part)
    return [[start, start + len(part)]]


ROW = {
    "id": "a",
    "text": TEXT,
    "attributions": [
        {"content": span("the deal was legal."), "cue": span("said"), "source": span("Marian Holt")},
        {"content": span("“Nobody was harmed,”"), "cue": span("added"), "source": span("she")},
        {"content": span("rained all day"), "cue": span("It")},
    ],
}


def test_measures_count_words_and_speakers(tmp_path):
    found = {one.metric: one for one in evaluate(write(tmp_path / "a.jsonl", [ROW]))}
    assert found["words_attributed_precision"].value == 1.0
    assert found["words_attributed_precision"].n == 7
    assert found["words_attributed_recall"].value == pytest.approx(7 / 10)
    assert found["words_outside_marks_recall"].value == pytest.approx(4 / 7)
    assert found["speaker_right"].value == 1.0
    assert found["speaker_right"].n == 1


def test_a_wrong_speaker_is_a_listed_miss(tmp_path):
    wrong = {**ROW, "attributions": [{**ROW["attributions"][1], "source": span("It")}]}
    wrong["attributions"].insert(0, {"content": span("day"), "source": span("the deal")})
    path = write(tmp_path / "a.jsonl", [wrong])
    assert [(miss.id, miss.expected, miss.found) for miss in speaker_misses(path)] == [("a", "the deal", "Marian Holt")]
    assert next(one for one in evaluate(path) if one.metric == "speaker_right").value == 0.0


def test_reads_gzip_and_names_the_bad_line(tmp_path):
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(gzip.compress((json.dumps(ROW) + "\n").encode()))
    assert [one.id for one in read_labelled(path)] == ["a"]
    with pytest.raises(DataError, match="line 2"):
        list(read_labelled(write(tmp_path / "b.jsonl", [ROW, {"id": "b"}])))
    with pytest.raises(DataError, match="cannot be read"):
        list(read_labelled(tmp_path / "absent.jsonl"))


def test_nothing_to_measure_is_null(tmp_path):
    measures = evaluate(write(tmp_path / "a.jsonl", []))
    assert {one.value for one in measures} == {None}


def shared(name):
    path = SHARED / "data" / name
    if not path.exists():
        pytest.skip(f"{path} is not there: set TRACKER_SHARED")
    return path


@pytest.mark.shared
def test_floors_on_polnear_dev():
    found = {one.metric: one.value for one in evaluate(shared("polnear_dev.jsonl.gz"))}
    assert found["words_attributed_precision"] >= 0.90
    assert found["words_attributed_recall"] >= 0.75
    assert found["words_attributed_f1"] >= 0.82
    assert found["speaker_right"] >= 0.72


@pytest.mark.shared
def test_article_sentences_reach_their_camps():
    headline, body = shared("000_61fff4aeb42cdad5.txt").read_text(encoding="utf-8").split("\n", 1)
    passages = VoiceScorer(bundled_topic()).score(make_document(headline, body, "en"))
    said = {(one.camp, one.cue) for one in passages if one.speaker}
    assert {
        ("government", "explained"),  # McLaughlin
        ("government", "emphasized"),  # "She"
        ("government", "touched on"),  # "McLaughlin also"
        ("government", "noted"),  # the Treasury official
        ("government", "affirmed"),  # "The official"
        ("advocates", "asserted"),  # the critics
        ("plaintiffs", "specifically questioned"),  # the plaintiffs
        ("plaintiffs", "argued"),  # "They"
        ("plaintiffs", "maintained"),  # Centro de Trabajadores Unidos and fellow groups: "They"
        ("court", "determined"),  # the judge
    } <= said
