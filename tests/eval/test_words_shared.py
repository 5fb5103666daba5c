"""Distinctive words of left- against right-rated outlets, on stories kept outside the project."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from pipelines.evaluate.rows import read_rows, text_of
from pipelines.evaluate.words import SHOWN, compare
from tracker.report.word_masks import load_house_style
from tracker.report.words import DistinctiveWords, Side

pytestmark = pytest.mark.shared

# What the literature on immigration news leads one to expect, and what pages and desks add.
EXPECTED: dict[Side, set[str]] = {
    "first": {
        "undocumented",
        "undocumented immigrants",
        "unauthorized",
        "unauthorized immigrants",
        "immigration reform",
    },
    "second": {
        "illegal",
        "illegal immigrants",
        "illegal aliens",
        "amnesty",
        "illegals",
        "sanctuary",
        "illegal immigration",
    },
}
FURNITURE = {
    "mr",
    "mrs",
    "ms",
    "sen",
    "rep",
    "said",
    "advertisement",
    "newsletter",
    "watched",
    "photo",
    "monday",
    "percent",
}


@pytest.fixture(scope="module")
def path() -> Path:
    folder = Path(os.environ.get("TRACKER_SHARED", Path(__file__).parents[3] / "shared"))
    found = folder / "data" / "allsides_immigration_dev.jsonl.gz"
    if not found.exists():
        pytest.skip(f"no {found}: set TRACKER_SHARED to the folder with labelled data")
    return found


@pytest.fixture(scope="module")
def found(path: Path) -> DistinctiveWords:
    return compare(path)


def first(found: DistinctiveWords, side: Side) -> list[str]:
    """Return the first of one side, distinctive or not: the list that somebody would read."""
    return [word.word for word in found.words if word.side == side][:SHOWN]


@pytest.mark.parametrize("side", ["first", "second"])
def test_the_expected_terms_are_distinctive(found: DistinctiveWords, side: Side) -> None:
    assert EXPECTED[side] <= {word.word for word in found.of(side, SHOWN)}


@pytest.mark.parametrize("side", ["first", "second"])
def test_no_furniture_and_no_outlet_names_among_the_first(found: DistinctiveWords, path: Path, side: Side) -> None:
    names = {
        word.lower()
        for where, row in read_rows(path)
        for word in re.findall(r"[^\W\d_]+", text_of(row, "outlet", where))
    }
    names -= load_house_style().ordinary | {"reason", "rich", "paul", "daily", "free", "the"}
    shown = {part for words in first(found, side) for part in words.split()}
    assert not shown & FURNITURE
    assert not shown & names
