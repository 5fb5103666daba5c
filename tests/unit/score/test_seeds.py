from __future__ import annotations

import time

import pytest

from tracker.errors import ConfigError
from tracker.score.row import split_words
from tracker.score.seeds import SeedAutomaton, parse_seed


def found(seeds: list[str], text: str) -> list[str]:
    return [text[hit.start : hit.end] for hit in SeedAutomaton(seeds).find(text)]


@pytest.mark.parametrize(
    ("seed", "text", "expected"),
    [
        ("ice", "Police said ICE would notice.", ["ICE"]),
        (
            "prosecut*",
            "Prosecutors prosecuted; a re-prosecution followed.",
            ["Prosecutors", "prosecuted", "prosecution"],
        ),
        ("public safety", "Public\nsafety, not public, safety", ["Public\nsafety"]),
        ("data sharing", "the data-sharing deal, data\u2011sharing", ["data-sharing", "data\u2011sharing"]),
        ("u.s. troops", "The U.S. troops left.", ["U.S. troops"]),
        ("women's rights", "women’s rights", ["women’s rights"]),
        ("court", "the court’s order", ["court"]),
        ("tax* break*", "Taxing breakfasts and tax breaks", ["Taxing breakfasts", "tax breaks"]),
        ("judge ~3 block*", "A judge refused to block it", ["judge refused to block"]),
        ("judge ~2 block*", "A judge refused to block it", []),
        ("block* ~3 judge", "A judge refused to block it", ["judge refused to block"]),
        ("judge ~3 block*", "The judge, it said, blocked it", ["judge, it said, blocked"]),
        ("not ~3 file ~4 taxes", "They may not file their federal taxes", ["not file their federal taxes"]),
        ("not ~3 file ~4 taxes", "They may file their taxes", []),
    ],
)
def test_seed_language(seed: str, text: str, expected: list[str]) -> None:
    assert found([seed], text) == expected


def test_overlapping_hits_are_all_reported_longest_first() -> None:
    assert found(["court", "supreme court", "supreme"], "Supreme Court") == ["Supreme Court", "Supreme", "Court"]


def test_one_phrase_may_be_near_itself() -> None:
    assert found(["war ~3 war"], "war upon war") == ["war upon war"]


def test_overlapping_phrases_are_not_near_each_other() -> None:
    assert found(["tax cut ~5 cut"], "tax cut") == []


@pytest.mark.parametrize(
    ("seed", "complaint"),
    [
        ("", "no word"),
        ("a*", "too short"),
        ("50% off", "'%'"),
        ("a ~40 b", "between"),
        ("a ~0 b", "between"),
        ("~3 b", "~3"),
        ("a, b", "','"),
    ],
)
def test_bad_seeds_are_refused_by_name(seed: str, complaint: str) -> None:
    with pytest.raises(ConfigError) as error:
        parse_seed(seed)
    assert complaint in str(error.value)


def test_no_seeds_and_no_text() -> None:
    assert SeedAutomaton([]).find("anything") == []
    assert SeedAutomaton(["law"]).find("") == []


def test_words_as_seeds_see_them() -> None:
    assert split_words("O’Brien’s E\u0301lan, 1st!") == ["o", "brien", "s", "élan", "1st"]


def test_a_hostile_text_costs_linear_time() -> None:
    automaton = SeedAutomaton(["tax ~30 cut", "tax ~30 cut ~30 tax"])
    text = "tax cut " * 2_000
    started = time.perf_counter()
    automaton.find(text)
    assert time.perf_counter() - started < 5.0  # quadratic pairing takes minutes
