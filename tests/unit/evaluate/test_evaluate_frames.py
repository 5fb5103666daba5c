from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from pipelines.evaluate import frames, loaded
from tracker.errors import DataError

RIGHT = [
    {"sentence": "Unemployment rose and wages fell in the recession.", "label": "1"},
    {"sentence": "The court held the statute unconstitutional.", "label": 5},
    {"sentence": "Police arrested the burglary suspect.", "label": 5},
    {"sentence": "The lamp stood on the table.", "label": 15},
]


def write(path: Path, rows: list[dict[str, object]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_perfect_labels_give_one(tmp_path: Path) -> None:
    measured = {m.metric: m for m in frames.evaluate(write(tmp_path / "a.jsonl", RIGHT))}
    assert measured["accuracy"].value == measured["macro_f1"].value == 1.0
    assert measured["f1 legality"].n == 2


def test_a_wrong_label_is_counted_and_named(tmp_path: Path) -> None:
    rows = [*RIGHT, {"sentence": "Unemployment rose.", "label": 15}]
    measured = {m.metric: m for m in frames.evaluate(write(tmp_path / "a.jsonl", rows))}
    assert measured["accuracy"].value == pytest.approx(4 / 5)
    assert measured["f1 none"].value == pytest.approx(2 / 3)
    assert measured["f1 none"].note == "1 as economic"


def test_codebook_data_keeps_crime_apart(tmp_path: Path) -> None:
    rows = [RIGHT[1], {"sentence": "Police arrested the burglary suspect.", "label": 7}]
    measured = {m.metric: m.value for m in frames.evaluate(write(tmp_path / "a.jsonl", rows))}
    assert measured["f1 crime"] == 1.0


def test_confusion_counts_every_sentence(tmp_path: Path) -> None:
    table = frames.confusion(frames.judge(write(tmp_path / "a.jsonl", RIGHT)))
    assert sum(int(cell) for line in table.splitlines()[1:] for cell in line.split()[1:]) == len(RIGHT)


def test_gzip_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(gzip.compress("\n".join(map(json.dumps, RIGHT)).encode()))
    assert frames.evaluate(path)[0].n == len(RIGHT)


@pytest.mark.parametrize(
    "line", ["{", "[]", '{"sentence": 3, "label": 1}', '{"sentence": "x", "label": 16}', '{"sentence": "x"}', ""]
)
def test_bad_data_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(line, encoding="utf-8")
    with pytest.raises(DataError, match=r"a\.jsonl"):
        frames.evaluate(path)


def story(lean: str, text: str) -> dict[str, object]:
    return {"outlet": f"The {lean} one", "lean": lean, "title": "", "text": text}


def test_loaded_terms_separate_outlets_by_their_own_voice(tmp_path: Path) -> None:
    own, other = "Officials met illegal immigrants.", "Officials met undocumented immigrants."
    quoting = ' "They are illegal immigrants, all of them," said Ada Moss. "Illegal immigrants," said Bob Lee.'
    rows = [story("right", own)] * 6 + [story("left", other + quoting)] * 6 + [story("center", other)]
    measured = {m.metric: m for m in loaded.evaluate(write(tmp_path / "a.jsonl", rows))}
    assert measured["auc_outlet_voice"].value == 1.0
    assert measured["auc_outlet_voice"].n == 12
    assert measured["share_left"].value == 0.0
    assert measured["share The right one"].value == 1.0


def test_auc_counts_ties_half_and_needs_both_sides() -> None:
    assert loaded.auc([0.0, 0.5], [0.5, 1.0]) == pytest.approx(3.5 / 4)
    assert loaded.auc([], [1.0]) is None


def test_an_unknown_lean_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="lean"):
        loaded.evaluate(write(tmp_path / "a.jsonl", [story("up", "x")]))
