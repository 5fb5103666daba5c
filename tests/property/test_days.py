"""Sums by day taken over from the snapshot before are those that would be worked out, and the figures are the same."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.counted import STANCE, Counted, fill
from tracker.report.figures import figures
from tracker.store.days import attach, sum_days

TONES = st.dictionaries(st.sampled_from(["headline", "body"]), st.sampled_from([-0.5, 0.0, 1 / 3, 0.7]))
WORDS = st.dictionaries(st.sampled_from([("outlet", None), ("quoted", "court"), ("quoted", None)]), st.integers(0, 9))
ARTICLE = st.builds(
    Counted,
    st.just(""),
    st.sampled_from("ab"),
    st.integers(0, 3),
    st.sampled_from([None, None, "c", "d"]),
    st.booleans(),
    st.booleans(),
    TONES,
    WORDS,
    st.dictionaries(st.sampled_from(sorted(STANCE)), st.integers(1, 3)),
)
ARTICLES = st.lists(ARTICLE, min_size=1, max_size=12).map(
    lambda articles: [one._replace(article=f"article {number}") for number, one in enumerate(articles)]
)
CHANGES = st.dictionaries(st.integers(0, 11), ARTICLE | st.none(), max_size=3)  # of an article by number, or it goes
SUMS = ("kinds", "days", "day_samples", "day_sums")
Worked = tuple[int, dict[str, list[tuple[object, ...]]], dict[str, pa.Table]]


def worked_out(articles: list[Counted], path: Path | None = None, before: Path | None = None) -> Worked:
    """Return how many days were taken over, the sums in some order, and the figures; left in a file or nowhere."""
    with duckdb.connect(str(path or ":memory:")) as connection:
        has_before = attach(connection, before)
        connection.begin()
        fill(connection, articles)
        n = sum_days(connection, has_before=has_before)
        connection.commit()
        sums = {name: connection.execute(f"FROM internal.{name} ORDER BY ALL").fetchall() for name in SUMS}
        return n, sums, {name: figure.table for name, figure in figures(connection).items()}


def changed(articles: list[Counted], changes: dict[int, Counted | None]) -> list[Counted]:
    """Return the articles with some of them changed or gone, and new ones where the number is beyond them."""
    numbered = dict(enumerate(articles))
    for number, other in changes.items():
        numbered.pop(number, None)
        if other is not None:
            numbered[number] = other._replace(article=f"article {number}")
    return [numbered[number] for number in sorted(numbered)]


@given(ARTICLES, CHANGES)
@settings(max_examples=15, deadline=None)
def test_days_that_are_taken_over_are_as_if_worked_out(
    articles: list[Counted], changes: dict[int, Counted | None]
) -> None:
    with TemporaryDirectory() as folder:
        first = Path(folder) / "first.duckdb"
        worked_out(articles, first)
        n, sums, found = worked_out(changed(articles, changes), before=first)
        none, sums_anew, found_anew = worked_out(changed(articles, changes))
        assert (sums, found) == (sums_anew, found_anew)
        assert none == 0
        if not changes:
            assert n == len(sums["days"])


@pytest.mark.parametrize(
    "change",
    [
        {"outlet": "b"},
        {"day": 2},
        {"cluster": None},
        {"is_copy": False},
        {"is_whole": False},
        {"tones": {"headline": 0.2, "body": 0.4}},
        {"words": {("outlet", None): 30, ("quoted", "court"): 20}},
        {"names": {"illegals": 1, "undocumented": 2}},
    ],
)
def test_whatever_changes_of_an_article_is_seen(change: dict[str, Any], tmp_path: Path) -> None:
    one = Counted(
        "one",
        cluster="c",
        is_copy=True,
        tones={"headline": 0.2, "body": 0.3},
        words={("outlet", None): 30, ("quoted", "court"): 10},
        names={"illegals": 1, "undocumented": 1},
    )
    others = [one._replace(article=f"other {number}", outlet="ab"[number % 2]) for number in range(8)]
    worked_out([one, *others], tmp_path / "first.duckdb")
    _, sums, found = worked_out([one._replace(**change), *others], before=tmp_path / "first.duckdb")
    _, sums_anew, found_anew = worked_out([one._replace(**change), *others])
    assert (sums, found) == (sums_anew, found_anew)


@given(ARTICLES, ARTICLE)
@settings(max_examples=6, deadline=None)
def test_a_new_day_leaves_the_others_as_they_are(articles: list[Counted], new: Counted) -> None:
    with TemporaryDirectory() as folder:
        first = Path(folder) / "first.duckdb"
        _, sums, _ = worked_out(articles, first)
        n, _, _ = worked_out([*articles, new._replace(article="new", day=9, cluster=None)], before=first)
        assert n == len(sums["days"])
