"""Shares of loaded terms by outlet, worked out by hand over the tables that they are asked of."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import duckdb
import pytest

from tracker.report.figures import figures

SCHEMA = """
CREATE SCHEMA internal;
CREATE TABLE internal.shown (place INT, topic TEXT, article TEXT, n_revisions INT, outlet TEXT, wire_cluster TEXT,
    completeness TEXT, is_wire_copy BOOL, is_scored BOOL);
CREATE TABLE internal.named (place INT, term_group TEXT, term TEXT, stance TEXT, voice TEXT, n_uses INT);
CREATE TABLE internal.framed (place INT, pack TEXT, frame TEXT);
CREATE TABLE internal.heard (place INT, voice TEXT, camp TEXT, n_words INT);
CREATE TABLE sentiment (topic TEXT, article TEXT, revision INT, scorer TEXT, scorer_version TEXT, part TEXT,
    value DOUBLE);
CREATE TABLE topics (topic TEXT);
CREATE TABLE snapshot_scorers (scorer TEXT, scorer_version TEXT, is_default BOOL);
"""
STANCE = {"illegal alien": "restrictive", "illegals": "restrictive", "undocumented": "supportive"}
PLACES = count()


@pytest.fixture
def database() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute(SCHEMA)
        yield connection


def use(database: duckdb.DuckDBPyConnection, outlet: str, *articles: tuple[str, ...], is_copy: bool = False) -> None:
    for terms in articles:
        place = next(PLACES)
        row = [place, f"{outlet}{place}", outlet, is_copy]
        database.execute("INSERT INTO internal.shown VALUES (?, 't', ?, 1, ?, NULL, 'whole', ?, true)", row)
        for term in set(terms):
            use = [place, term, STANCE[term], terms.count(term)]
            database.execute("INSERT INTO internal.named VALUES (?, 'g', ?, ?, 'outlet', ?)", use)


def shares(database: duckdb.DuckDBPyConnection, table: str, name: str) -> dict[tuple[str, str], float]:
    rows = figures(database)[table].table.to_pylist()
    return {(row["outlet"], row[name]): row["estimate"] for row in rows}


def test_an_outlet_that_avoids_a_name_has_a_nought_not_a_hole(database: duckdb.DuckDBPyConnection) -> None:
    use(database, "a", *[("illegal alien", "undocumented"), ("undocumented",)] * 3)
    use(database, "b", *[("illegals", "illegals", "illegal alien", "undocumented")] * 6)
    assert shares(database, "outlet_loaded_terms", "term") == {
        ("a", "illegal alien"): 0.25,
        ("a", "illegals"): 0.0,
        ("a", "undocumented"): 0.75,
        ("b", "illegal alien"): 0.25,
        ("b", "illegals"): 0.5,
        ("b", "undocumented"): 0.25,
    }


def test_names_of_one_stance_are_added_up(database: duckdb.DuckDBPyConnection) -> None:
    use(database, "b", *[("illegals", "illegals", "illegal alien", "undocumented")] * 6)
    assert shares(database, "outlet_loaded_stances", "stance") == {
        ("b", "restrictive"): 0.75,
        ("b", "supportive"): 0.25,
    }


def test_a_name_that_only_copies_use_is_none_of_own_work(database: duckdb.DuckDBPyConnection) -> None:
    use(database, "a", *[("undocumented",)] * 6)
    use(database, "b", *[("illegals",)] * 6, is_copy=True)
    assert ("a", "illegals") in shares(database, "outlet_loaded_terms", "term")
    assert shares(database, "outlet_loaded_terms_own", "term") == {("a", "undocumented"): 1.0}


def test_never_in_six_articles_is_not_never(database: duckdb.DuckDBPyConnection) -> None:
    """Wilson 1927: none of six is compatible with a share of up to .39."""
    use(database, "a", *[("undocumented",)] * 6)
    use(database, "b", *[("illegals",)] * 6)
    rows = figures(database)["outlet_loaded_stances"].table.to_pylist()
    row = next(row for row in rows if (row["outlet"], row["stance"]) == ("a", "restrictive"))
    assert (row["n"], row["estimate"], row["is_reportable"]) == (6, 0.0, True)
    assert (row["low"], row["high"]) == pytest.approx((0.0, 0.390), abs=1e-3)
