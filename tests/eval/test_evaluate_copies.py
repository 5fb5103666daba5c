"""Copy detection and agency credits on real texts, against the project's own targets."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path

import pytest

from pipelines.evaluate.copies import evaluate, make_reprints
from tracker.copies import ClusterRow, wire_agency
from tracker.errors import DataError

SHARED = Path(os.environ.get("TRACKER_SHARED", Path(__file__).parents[3] / "shared"))


def shared(name: str) -> Path:
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"no {name}: set TRACKER_SHARED to the folder that holds it")
    return path


@pytest.mark.shared
@pytest.mark.parametrize("name", ["newsroom/pages.jsonl", "data/allsides_immigration_dev.jsonl.gz"])
def test_reprints_among_same_event_neighbours(name):
    measured = {measure.metric: measure for measure in evaluate(shared(name))}
    assert measured["pair_precision"].value >= 0.985, measured["pair_precision"].note
    assert measured["pair_recall"].value >= 0.95, measured["pair_recall"].note
    assert measured["recall_half"].n == 80


@pytest.mark.shared
def test_agencies_that_the_text_names():
    n_right = n_wrong = n_labelled = 0
    for part in ("train", "dev"):
        with gzip.open(shared(f"data/polnear_{part}.jsonl.gz"), "rt", encoding="utf-8") as lines:
            for row in map(json.loads, lines):
                if row["wire"] == "NA":
                    continue
                found = wire_agency(row["title"], row["text"], (), None)
                n_labelled += row["wire"] is not None
                n_right += bool(found and row["wire"] and found.lower() == row["wire"].lower())
                n_wrong += bool(found and (not row["wire"] or found.lower() != row["wire"].lower()))
    assert n_right / (n_right + n_wrong) >= 0.95
    assert n_right / n_labelled >= 0.9


# ---------------------------------------------------------------- on texts made here


def paragraphs(name: str, n: int = 9) -> str:
    return "\n\n".join(" ".join(f"{name}{p}x{w}" for w in range(20)) + "." for p in range(n))


def test_each_original_gets_four_reprints_that_differ_as_named():
    reprints = {one.kind: one.row for one in make_reprints([ClusterRow(id="a", text=paragraphs("a"), title="T t")])}
    whole = reprints["original"].text
    assert reprints["verbatim"].text == whole
    assert len(reprints["half"].text.split()) == len(whole.split()) // 2
    assert whole.startswith(reprints["half"].text[:100])
    assert reprints["dropped"].text.split("\n\n")[0] == whole.split("\n\n")[0]
    assert len(reprints["dropped"].text.split("\n\n")) in {6, 7}
    assert len(reprints["local"].text.split("\n\n")) == 10


def test_evaluate_counts_pairs_and_names_the_wrong_ones(tmp_path):
    path = tmp_path / "texts.jsonl.gz"
    rows = [{"id": name, "title": name, "text": paragraphs(name)} for name in "abc"]
    rows.append({"id": "a2", "title": "", "text": paragraphs("a")})  # a copy that the file does not own up to
    with gzip.open(path, "wt", encoding="utf-8") as lines:
        lines.writelines(json.dumps(row) + "\n" for row in rows)
    measured = {measure.metric: measure for measure in evaluate(path)}
    assert measured["pair_recall"].value == 1
    assert measured["pair_precision"].value < 1
    assert "a + a2" in measured["pair_precision"].note
    assert measured["n_texts"].value == 20


@pytest.mark.parametrize("line", ["{", "[]", '{"title": "no text"}', '{"id": "1", "text": "too short"}'])
def test_files_that_hold_no_texts_are_refused(tmp_path, line):
    path = tmp_path / "texts.jsonl"
    path.write_text(line)
    with pytest.raises(DataError, match=r"texts\.jsonl"):
        evaluate(path)
