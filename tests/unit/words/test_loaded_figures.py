"""Shares of loaded terms by outlet, worked out by hand over the tables that they are asked of."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from tracker.report.figures import LOADED_STANCES, LOADED_TERMS, ON_TOPIC, figures

SCHEMA = """
CREATE TABLE loaded_terms (topic TEXT, article TEXT, revision INT, scorer TEXT, scorer_version TEXT, term_group TEXT,
    term TEXT, stance TEXT, voice TEXT);
CREATE TABLE topics (topic TEXT);
CREATE TABLE snapshot_scorers (scorer TEXT, scorer_version TEXT, is_default BOOL);
CREATE TABLE matches (topic TEXT, article TEXT, is_on_topic BOOL);
CREATE TABLE articles (article TEXT, outlet TEXT, wire_cluster TEXT, n_revisions INT, is_wire_copy BOOL,
    completeness TEXT DEFAULT 'whole');
INSERT INTO snapshot_scorers VALUES ('loaded_terms', '1', false);
"""
STANCE = {"illegal alien": "restrictive", "illegals": "restrictive", "undocumented": "supportive"}


@pytest.fixture
def database() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute(SCHEMA)
        yield connection


def use(database: duckdb.DuckDBPyConnection, outlet: str, *articles: tuple[str, ...]) -> None:
    for number, terms in enumerate(articles):
        article = f"{outlet}{number}"
        database.execute("INSERT INTO articles VALUES (?, ?, NULL, 1, false, 'whole')", [article, outlet])
        database.execute("INSERT INTO matches VALUES ('t', ?, true)", [article])
        for term in terms:
            row = [article, term, STANCE[term]]
            database.execute(
                "INSERT INTO loaded_terms VALUES ('t', ?, 1, 'loaded_terms', '1', 'g', ?, ?, 'outlet')", row
            )


def shares(database: duckdb.DuckDBPyConnection, query: str, name: str) -> dict[tuple[str, str], list[float]]:
    found: dict[tuple[str, str], list[float]] = {}
    database.execute(ON_TOPIC)
    for row in database.execute(query, {"own": False}).fetchdf().sort_values("article").to_dict("records"):
        found.setdefault((row["outlet"], row[name]), []).append(row["value"])
    return found


def test_an_outlet_that_avoids_a_name_has_a_nought_not_a_hole(database: duckdb.DuckDBPyConnection) -> None:
    use(database, "a", ("illegal alien", "undocumented"), ("undocumented",))
    use(database, "b", ("illegals", "illegals", "illegal alien", "undocumented"))
    assert shares(database, LOADED_TERMS, "term") == {
        ("a", "illegal alien"): [0.5, 0.0],
        ("a", "illegals"): [0.0, 0.0],
        ("a", "undocumented"): [0.5, 1.0],
        ("b", "illegal alien"): [0.25],
        ("b", "illegals"): [0.5],
        ("b", "undocumented"): [0.25],
    }


def test_names_of_one_stance_are_added_up(database: duckdb.DuckDBPyConnection) -> None:
    use(database, "b", ("illegals", "illegals", "illegal alien", "undocumented"))
    assert shares(database, LOADED_STANCES, "stance") == {("b", "restrictive"): [0.75], ("b", "supportive"): [0.25]}


def test_never_in_six_articles_is_not_never(database: duckdb.DuckDBPyConnection) -> None:
    """Wilson 1927: none of six is compatible with a share of up to .39."""
    database.execute(
        "CREATE TABLE sentiment (topic TEXT, article TEXT, revision INT, scorer TEXT, scorer_version TEXT, part TEXT,"
        " value DOUBLE); CREATE TABLE scored (topic TEXT, article TEXT, revision INT, unscored_reason TEXT);"
        "CREATE TABLE frames (topic TEXT, article TEXT, revision INT, scorer TEXT, scorer_version TEXT, pack TEXT,"
        " frame TEXT, is_primary BOOL); CREATE TABLE passages (topic TEXT, article TEXT, revision INT, scorer TEXT,"
        " scorer_version TEXT, part TEXT, voice TEXT, camp TEXT, n_words INT);"
    )
    for outlet, term in (("a", "undocumented"), ("b", "illegals")):
        for number in range(6):
            article = f"{outlet}{number}"
            database.execute("INSERT INTO articles VALUES (?, ?, NULL, 1, false, 'whole')", [article, outlet])
            database.execute("INSERT INTO matches VALUES ('t', ?, true)", [article])
            database.execute(
                "INSERT INTO loaded_terms VALUES ('t', ?, 1, 'loaded_terms', '1', 'g', ?, ?, 'outlet')",
                [article, term, STANCE[term]],
            )
    rows = figures(database)["outlet_loaded_stances"].table.to_pylist()
    row = next(row for row in rows if (row["outlet"], row["stance"]) == ("a", "restrictive"))
    assert (row["n"], row["estimate"], row["is_reportable"]) == (6, 0.0, True)
    assert (row["low"], row["high"]) == pytest.approx((0.0, 0.390), abs=1e-3)
