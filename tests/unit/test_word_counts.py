from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipelines.word_counts import MIN_COUNT, count_words, main
from tracker.score.seeds import parse_seed
from tracker.score.specificity import load_word_counts, seed_weight


def test_each_distinct_sentence_counts_a_word_once() -> None:
    n, counts = count_words(["Tax, tax!", "No tax’s gain", "Tax, tax!"])
    assert n == 2
    assert counts["tax"] == 2


def test_rare_words_are_left_out_of_the_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.jsonl"
    sentences = [f"common n{number}" for number in range(MIN_COUNT)]
    path.write_text("\n".join(json.dumps({"sentence": s}) for s in sentences), encoding="utf-8")
    main([str(path)])
    lines = capsys.readouterr().out.splitlines()[1:]
    assert lines == [f"(sentences)\t{MIN_COUNT}", f"common\t{MIN_COUNT}"]


def test_the_shipped_table_is_whole() -> None:
    table = load_word_counts()
    assert table.n_sentences > 7_000
    assert max(table.counts) < table.n_sentences
    assert table.count("government", is_prefix=False) <= table.count("govern", is_prefix=True)


def test_rarer_seeds_weigh_more() -> None:
    weight = {seed: seed_weight(parse_seed(seed)) for seed in ("would", "government", "federal government", "estuary")}
    assert weight["would"] < weight["government"] < weight["federal government"] <= weight["estuary"]
    assert seed_weight(parse_seed("judge ~5 block*")) >= seed_weight(parse_seed("judge"))
