"""Shares of loaded terms by outlet, worked out by hand over the tables that they are asked of."""

from __future__ import annotations

from collections import Counter
from typing import Any

import duckdb
import pytest

from tests.counted import Counted, fill
from tracker.report.figures import figures
from tracker.store.days import sum_days


@pytest.fixture
def articles() -> list[Counted]:
    return []


def use(articles: list[Counted], outlet: str, *texts: tuple[str, ...], is_copy: bool = False) -> None:
    for terms in texts:
        name = f"{outlet}{len(articles)}"
        articles.append(Counted(name, outlet, is_copy=is_copy, names=Counter(terms)))


def worked_out(articles: list[Counted], table: str) -> list[dict[str, Any]]:
    with duckdb.connect() as connection:
        fill(connection, articles)
        sum_days(connection)
        return figures(connection)[table].table.to_pylist()


def shares(articles: list[Counted], table: str, name: str) -> dict[tuple[str, str], float]:
    rows = worked_out(articles, table)
    return {(row["outlet"], row[name]): row["estimate"] for row in rows}


def test_an_outlet_that_avoids_a_name_has_a_nought_not_a_hole(articles: list[Counted]) -> None:
    use(articles, "a", *[("illegal alien", "undocumented"), ("undocumented",)] * 3)
    use(articles, "b", *[("illegals", "illegals", "illegal alien", "undocumented")] * 6)
    assert shares(articles, "outlet_loaded_terms", "term") == {
        ("a", "illegal alien"): 0.25,
        ("a", "illegals"): 0.0,
        ("a", "undocumented"): 0.75,
        ("b", "illegal alien"): 0.25,
        ("b", "illegals"): 0.5,
        ("b", "undocumented"): 0.25,
    }


def test_names_of_one_stance_are_added_up(articles: list[Counted]) -> None:
    use(articles, "b", *[("illegals", "illegals", "illegal alien", "undocumented")] * 6)
    assert shares(articles, "outlet_loaded_stances", "stance") == {
        ("b", "restrictive"): 0.75,
        ("b", "supportive"): 0.25,
    }


def test_a_name_that_only_copies_use_is_none_of_own_work(articles: list[Counted]) -> None:
    use(articles, "a", *[("undocumented",)] * 6)
    use(articles, "b", *[("illegals",)] * 6, is_copy=True)
    assert ("a", "illegals") in shares(articles, "outlet_loaded_terms", "term")
    assert shares(articles, "outlet_loaded_terms_own", "term") == {("a", "undocumented"): 1.0}


def test_never_in_six_articles_is_not_never(articles: list[Counted]) -> None:
    """Wilson 1927: none of six is compatible with a share of up to .39."""
    use(articles, "a", *[("undocumented",)] * 6)
    use(articles, "b", *[("illegals",)] * 6)
    rows = worked_out(articles, "outlet_loaded_stances")
    row = next(row for row in rows if (row["outlet"], row["stance"]) == ("a", "restrictive"))
    assert (row["n"], row["estimate"], row["is_reportable"]) == (6, 0.0, True)
    assert (row["low"], row["high"]) == pytest.approx((0.0, 0.390), abs=1e-3)
