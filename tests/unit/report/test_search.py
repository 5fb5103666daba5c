"""Search finds what the query grammar says, marks it, and its index follows the snapshots."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.snapshots import BODY, HERALD, POST, TOPIC, HomeBuilder, Piece, usual_pieces
from tracker.errors import QueryError, StoreError
from tracker.report.filters import Filters
from tracker.report.search import search
from tracker.report.snapshot_report import SnapshotReport
from tracker.store.search import index_of
from tracker.topic.searching import compile_search

TEXTS = {
    "I.R.S. deal stands": "The I.R.S. may share tax-data. The café’s owner didn’t mind.",
    "Tax data, shared": "Nobody shares anything; data about tax are not mentioned side by side.",
    "A quiet day": "The IRS was closed. Sharing a table, two owners spoke of the weather at length.",
    "Judge rules": "",
    "Нова угода": "Суддя дозволила обмін даними.",
}
QUERIES = (
    "irs", '"tax data"', "tax data", "shar*", "title:data", "title:(tax OR quiet)", "irs NOT closed", '"irs may"',
    '"may shar*"', '"share data"~3', '"owners table"~30', "cafe", "didn't",
    "(judge OR irs) AND NOT table", "суддя", "zebra",
)  # fmt: skip


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    pieces = [Piece(outlet=POST, title=title, text=text) for title, text in TEXTS.items()]
    home = HomeBuilder(tmp_path_factory.mktemp("searched"))
    with SnapshotReport(home.build([*usual_pieces(), *pieces])) as opened:
        yield opened


def _titles(result) -> set[str]:
    return {"".join(piece.text for piece in one.title) for one in result.found}


@pytest.mark.parametrize("query", QUERIES)
def test_the_index_finds_what_the_grammar_finds(report, query):
    compiled = compile_search(query)
    every = report.rows("SELECT title, text FROM articles")
    expected = {row["title"] for row in every if compiled.spans(row["title"], row["text"])}
    result = search(report, query, limit=100)
    assert _titles(result) == expected
    assert result.n_found == len(result.found)
    assert bool(expected) == (query != "zebra")


def test_what_was_found_is_marked_and_the_text_is_as_written(report):
    one = next(one for one in search(report, '"tax data" OR owner').found if "I.R.S." in one.title[0].text)
    assert [[(piece.text, piece.is_hit) for piece in excerpt] for excerpt in one.excerpts] == [
        [
            ("The I.R.S. may share ", False),
            ("tax-data", True),
            (". The café’s ", False),
            ("owner", True),
            (" didn’t mind.", False),
        ]
    ]
    assert one.topics == (TOPIC.topic,)
    assert one.n_hits == 2


def test_far_places_are_excerpts_of_their_own_cut_at_words(tmp_path):
    text = "alpha " + "filler words between " * 30 + "alpha end"
    with SnapshotReport(HomeBuilder(tmp_path).build([Piece(outlet=POST, title="t", text=text)])) as report:
        (one,) = search(report, "alpha").found
    first, last = one.excerpts
    assert first[0].text == last[1].text == "alpha"
    assert set(first[1].text.split()) == {"filler", "words", "between"}


def test_a_headline_counts_for_more_and_newest_may_come_first(tmp_path):
    old, new = datetime(2025, 5, 1, tzinfo=UTC), datetime(2025, 5, 9, tzinfo=UTC)
    pieces = [
        Piece(outlet=POST, title="Nothing", text=f"{BODY} Zebra.", at=new),
        Piece(outlet=HERALD, title="Zebra", text=BODY, at=old),
    ]
    with SnapshotReport(HomeBuilder(tmp_path).build(pieces)) as report:
        assert [one.outlet for one in search(report, "zebra").found] == [HERALD.outlet, POST.outlet]
        assert [one.outlet for one in search(report, "zebra", order="newest").found] == [POST.outlet, HERALD.outlet]
        second = search(report, "zebra", limit=1, offset=1)
        assert (second.n_found, [one.outlet for one in second.found]) == (2, [POST.outlet])
        view = Filters(topic=TOPIC.topic, outlets=(POST.outlet,))
        assert [one.outlet for one in search(report, "zebra", view).found] == [POST.outlet]
        assert search(report, "zebra", Filters(topic="other")).n_found == 0


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("", "empty"),
        ('"open', "no other end"),
        ("NOT irs", "only excludes"),
        ("irs OR (NOT tax)", "NOT needs something"),
        ('"shar* data"', "only the last word"),
        ("body:irs", "no field"),
        ("!!!", "no word"),
    ],
)
def test_what_is_no_query_is_refused_with_a_reason(report, query, said):
    with pytest.raises(QueryError, match=said):
        search(report, query)


def test_a_new_version_takes_the_place_of_the_old_one_and_old_snapshots_keep_theirs(tmp_path):
    home = HomeBuilder(tmp_path)
    piece = Piece(outlet=POST, title="Old words", text=BODY)
    first = home.build([piece])
    later = replace(home, run="run-2").build([replace(piece, retitled="New words")])
    with SnapshotReport(first) as before, SnapshotReport(later) as after:
        assert [search(one, "title:old").n_found for one in (before, after)] == [1, 0]
        assert [search(one, "title:new").n_found for one in (before, after)] == [0, 1]


@pytest.mark.parametrize("damage", [b"", b"no database at all", None])
def test_a_damaged_or_foreign_index_is_made_anew(tmp_path, damage):
    state = tmp_path / "one" / "state" / "search.sqlite"
    home = HomeBuilder(tmp_path / "one")
    home.build([Piece(outlet=POST, title="Old words")])
    if damage is None:  # of another master
        HomeBuilder(tmp_path / "two").build([Piece(outlet=POST, title=f"Other {n}") for n in range(4)])
        state.write_bytes((tmp_path / "two" / "state" / "search.sqlite").read_bytes())
    else:
        state.write_bytes(damage)
    with SnapshotReport(replace(home, run="run-2").build([Piece(outlet=HERALD, title="Fresh words")])) as report:
        assert search(report, "title:words").n_found == 2
        assert search(report, "title:other").n_found == 0


def test_an_index_goes_with_its_snapshot_and_one_that_is_missing_is_said(tmp_path):
    home = HomeBuilder(tmp_path)
    made = [replace(home, run=f"run-{n}").build([Piece(outlet=POST, title=f"Story {n}")]) for n in range(5)]
    left = {path.name for path in (tmp_path / "snapshots").iterdir()}
    assert left == {path.name for snapshot in made[-3:] for path in (snapshot, index_of(snapshot))}
    index_of(made[-1]).unlink()
    with SnapshotReport(made[-1]) as report, pytest.raises(StoreError, match="no search index"):
        search(report, "story")
