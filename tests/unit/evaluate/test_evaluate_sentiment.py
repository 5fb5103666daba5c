import gzip
import json
import os
from pathlib import Path

import numpy as np
import pytest

from pipelines.evaluate import sentiment, targets
from pipelines.train.labelled import read_mentions, read_rated
from tracker.errors import DataError

PLEASANT = ["What a wonderful day.", "They love the great park.", "A brilliant, happy success."]
UNPLEASANT = ["A horrible war began.", "The cruel attack killed two.", "It was an awful failure."]


def write(path, rows):
    with gzip.open(path, "wt", encoding="utf-8") as lines:
        lines.writelines(json.dumps(row) + "\n" for row in rows)
    return path


def shared(name):
    path = Path(os.environ.get("TRACKER_SHARED", Path(__file__).parents[4] / "shared")) / "data" / name
    if not path.exists():
        pytest.skip(f"no {path}: set TRACKER_SHARED to the folder with labelled data")
    return path


def rated_rows():
    rows = [
        {"text": f"{text} {n}", "mean": mean}
        for mean, texts in ((3, PLEASANT), (-3, UNPLEASANT))
        for n in range(6)
        for text in texts
    ]
    return [{**row, "editorial": number % 12} for number, row in enumerate(rows)]


def test_ratings_that_the_scorers_share_give_a_high_r(tmp_path):
    measures = {m.metric: m for m in sentiment.evaluate(write(tmp_path / "rated.jsonl.gz", rated_rows()))}
    for name in ("vader", "vader-neutral", "tone", "tone, cross-validated"):
        found = measures[f"sentence r, {name}"]
        assert found.value > 0.8
        assert found.low <= found.value <= found.high
        assert found.n == 36
    assert measures["text mean r, vader"].n == 12
    assert "0 of 36" in measures["sentence r, tone"].note


def test_ratings_of_lone_headlines_have_no_text_means(tmp_path):
    rows = [{"text": row["text"], "mean": row["mean"]} for row in rated_rows()]
    metrics = [m.metric for m in sentiment.evaluate(write(tmp_path / "rated.jsonl.gz", rows))]
    assert not [metric for metric in metrics if metric.startswith("text mean")]
    assert "sentence r, tone" in metrics


def test_the_bias_on_a_label_word_is_vaders_and_gone_when_neutral(tmp_path):
    labels = [{"text": f"The illegal entry was on page {n}.", "mean": 0, "editorial": 20} for n in range(12)]
    measures = {m.metric: m.value for m in sentiment.evaluate(write(tmp_path / "r.jsonl.gz", rated_rows() + labels))}
    assert measures["bias on illegal, vader"] < -0.5
    assert abs(measures["bias on illegal, vader-neutral"]) < 0.3


@pytest.mark.parametrize(
    "rows",
    [
        [{"text": "a"}] * 20,
        [{"text": "a", "mean": 9}] * 20,
        [{"text": 1, "mean": 0}] * 20,
        [{"text": "a", "mean": True}] * 20,
        [{"text": "a", "mean": 0}] * 3,
        [],
    ],
)
def test_wrong_rows_are_named(tmp_path, rows):
    with pytest.raises(DataError, match="rated"):
        sentiment.evaluate(write(tmp_path / "rated.jsonl.gz", rows))


def test_mentions_are_measured_by_class(tmp_path):
    cases = (
        ("Critics slammed Holt as a corrupt liar.", -1),
        ("Holt spoke on Monday.", 0),
        ("Voters thanked Holt for his brilliant and honest work.", 1),
    )
    rows = [
        {"sentence": text, "from": text.index("Holt"), "to": text.index("Holt") + 4, "polarity": polarity}
        for text, polarity in cases
    ]
    measures = {m.metric: m.value for m in targets.evaluate(write(tmp_path / "m.jsonl.gz", rows))}
    assert measures["macro-F1, targets"] == 1
    assert measures["accuracy, targets"] == 1
    assert measures["F1 positive, targets"] == 1


@pytest.mark.parametrize("change", [{"from": 5, "to": 2}, {"to": 99}, {"polarity": 2}, {"polarity": None}])
def test_wrong_mentions_are_named(tmp_path, change):
    row = {"sentence": "Holt won.", "from": 0, "to": 4, "polarity": 0, **change}
    with pytest.raises(DataError, match="line 1"):
        read_mentions(write(tmp_path / "m.jsonl.gz", [row]))


def test_macro_f1_of_a_known_table():
    truth, found = np.array([-1, -1, 0, 1]), np.array([-1, 0, 0, 0])
    assert targets.macro_f1(truth, found) == pytest.approx((2 / 3 + 0.5 + 0) / 3)


@pytest.mark.shared
@pytest.mark.parametrize(("name", "floor"), [("newsmtsc_dev_rw.jsonl.gz", 0.64), ("newsmtsc_dev_mt.jsonl.gz", 0.62)])
def test_targets_keep_their_floor(name, floor):
    assert targets.evaluate(shared(name))[0].value >= floor


@pytest.mark.shared
def test_sentiment_keeps_its_floor():
    measures = {m.metric: m.value for m in sentiment.evaluate(shared("nyt_editorials_train.jsonl.gz"))}
    assert measures["sentence r, tone, cross-validated"] >= 0.56
    assert measures["text mean r, tone, cross-validated"] - measures["text mean r, vader"] >= 0.1
    label_words = "illegal | criminal | justice | security"
    assert abs(measures[f"bias on {label_words}, vader-neutral"]) <= 0.3


@pytest.mark.shared
def test_ratings_are_scaled():
    rated = read_rated(shared("nyt_editorials_train.jsonl.gz"))
    assert len(rated) == 2568
    assert max(abs(sentence.value) for sentence in rated) <= 1
