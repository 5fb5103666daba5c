"""The published tables with intervals, worked out by hand from a small home."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.snapshots import BODY, HERALD, POST, QUOTE, WIRE, HomeBuilder, Piece, usual_pieces
from tracker.model import Completeness
from tracker.report.snapshot_report import SnapshotReport

AT = datetime(2025, 5, 12, 12, tzinfo=UTC)
TONES = (-0.2, -0.1, 0.0, 0.1, 0.2)


def _posts(tones=TONES, **changes):
    return [Piece(outlet=POST, title=f"Post {n}", at=AT, tone=tone, **changes) for n, tone in enumerate(tones)]


@pytest.fixture
def ask(tmp_path):
    opened = []

    def build(pieces):
        report = SnapshotReport(HomeBuilder(tmp_path).build(pieces))
        opened.append(report)
        return report.rows

    yield build
    for report in opened:
        report.close()


@pytest.fixture(scope="module")
def usual(tmp_path_factory):
    with SnapshotReport(HomeBuilder(tmp_path_factory.mktemp("home")).build(usual_pieces())) as report:
        yield report.rows


def test_mean_tone_with_students_interval(ask):
    rows = ask(_posts())("SELECT * FROM outlet_sentiment WHERE part = 'body'")
    assert [row["outlet"] for row in rows] == ["east-post"]
    row = rows[0]
    assert (row["n"], row["is_reportable"]) == (5, True)
    assert row["estimate"] == pytest.approx(0.0)
    # s^2 = .025, t(.975, 4) = 2.776445: -+ 2.776445 * sqrt(.025 / 5)
    assert (row["low"], row["high"]) == pytest.approx((-0.196324, 0.196324), abs=1e-6)


def test_four_articles_are_no_sample(ask):
    rows = ask(_posts(TONES[:4]))("SELECT n, estimate, low, high, shrunk, is_reportable FROM outlet_sentiment")
    assert rows
    assert {tuple(row.values()) for row in rows} == {(4, None, None, None, None, False)}


def test_partial_texts_have_a_headline_and_no_body(ask):
    pieces = _posts()
    pieces[0] = replace(pieces[0], completeness=Completeness.PARTIAL)
    query = ask(pieces)
    found = {row["part"]: row["n"] for row in query("SELECT part, n FROM outlet_sentiment")}
    assert found == {"headline": 5, "body": 4, "outlet_voice": 4, "quoted_voice": 4}
    assert query("SELECT DISTINCT n FROM outlet_voices") == [{"n": 4}]


def test_wire_copies_are_left_out_of_own_work(ask):
    copies = [
        replace(piece, cluster="c", agency="North Wire", is_original=False) for piece in _posts((0.9, 0.9), text=BODY)
    ]
    own = [replace(piece, title=f"Own {n}") for n, piece in enumerate(_posts())]
    query = ask([*own, *copies])
    whole, own_only = (
        query(f"SELECT n, estimate FROM outlet_sentiment{suffix} WHERE part = 'headline'")[0]  # noqa: S608
        for suffix in ("", "_own")
    )
    assert (whole["n"], own_only["n"]) == (7, 5)
    assert whole["estimate"] == pytest.approx(1.8 / 7)
    assert own_only["estimate"] == pytest.approx(0.0)


def test_only_the_latest_revision_counts(ask):
    pieces = _posts()
    pieces[0] = replace(pieces[0], retitled="Post 0 retitled")
    assert ask(pieces)("SELECT n FROM outlet_sentiment WHERE part = 'headline'") == [{"n": 5}]


def test_the_share_of_a_frame_has_wilsons_interval(ask):
    pieces = [replace(piece, frame="economic" if n < 3 else "legality") for n, piece in enumerate(_posts((0.0,) * 10))]
    row = ask(pieces)("SELECT * FROM outlet_frames WHERE frame = 'economic'")[0]
    assert (row["n"], row["estimate"]) == (10, 0.3)
    assert (row["low"], row["high"]) == pytest.approx((0.1078, 0.6032), abs=5e-5)  # Wilson 1927 for 3 of 10


def test_an_outlet_without_a_frame_has_a_zero_not_a_hole(usual):
    rows = usual("SELECT outlet, frame, estimate FROM outlet_frames WHERE n >= 5 ORDER BY ALL")
    assert {(row["outlet"], row["frame"]): row["estimate"] for row in rows} == {
        ("east-post", "economic"): 0.0,
        ("east-post", "legality"): 1.0,
        ("hill-herald", "economic"): 1.0,
        ("hill-herald", "legality"): 0.0,
    }


def test_shares_of_words_by_voice_and_camp_add_up(usual):
    rows = usual("SELECT outlet, sum(estimate) AS total FROM outlet_voices WHERE is_reportable GROUP BY outlet")
    assert len(rows) == 2
    assert [row["total"] for row in rows] == pytest.approx([1.0, 1.0])


def test_the_quoted_share_is_counted_in_words(ask):
    row = ask(_posts())("SELECT estimate, camp FROM outlet_voices WHERE voice = 'quoted'")[0]
    start = BODY.find("“")
    n_all = len(BODY[:start].split()) + len(QUOTE.split()) + len(BODY[start + len(QUOTE) :].split())
    assert row["estimate"] == pytest.approx(len(QUOTE.split()) / n_all)
    assert row["camp"] == "court"


def test_camps_that_an_article_lacks_count_as_nothing_there(ask):
    pieces = [replace(piece, camp="court" if n else "government") for n, piece in enumerate(_posts())]
    rows = ask(pieces)("SELECT camp, estimate, n FROM outlet_voices WHERE voice = 'quoted' ORDER BY camp")
    assert [(row["camp"], row["n"]) for row in rows] == [("court", 5), ("government", 5)]
    assert rows[0]["estimate"] == pytest.approx(4 * rows[1]["estimate"])


def test_loaded_terms_are_shares_of_a_groups_names_by_voice(usual):
    query = "SELECT term, voice, estimate, n FROM outlet_loaded_terms"
    rows = usual(f"{query} WHERE outlet = 'hill-herald' AND estimate > 0")
    assert rows == [{"term": "illegal alien", "voice": "outlet", "estimate": 1.0, "n": 6}]


def test_every_scorer_is_in_by_scorer_and_the_default_alone_in_the_plain_table(usual):
    assert usual("SELECT DISTINCT scorer FROM outlet_sentiment_by_scorer") == [{"scorer": "tone"}]
    kept = "SELECT * EXCLUDE (scorer) FROM outlet_sentiment_by_scorer"
    same = usual(
        f"SELECT count(*) AS n FROM (FROM outlet_sentiment EXCEPT {kept})"  # noqa: S608 - a constant
    )
    assert same == [{"n": 0}]


def test_shrunk_values_lie_between_the_outlets(usual):
    rows = usual("SELECT outlet, estimate, shrunk FROM outlet_sentiment WHERE part = 'body' AND is_reportable")
    assert len(rows) == 2
    low, high = sorted(row["estimate"] for row in rows)
    assert all(low <= row["shrunk"] <= high for row in rows)


def test_the_agency_has_its_text_and_the_copy_is_counted_as_its(usual):
    rows = usual("SELECT outlet, n_outlets, is_wire_copy FROM articles JOIN wire_clusters USING (wire_cluster)")
    assert sorted(tuple(row.values()) for row in rows) == [
        ("east-post", 2, True),
        (WIRE.outlet, 2, False),
    ]
    assert usual("SELECT count(*) AS n FROM own_work") == [{"n": 13}]
    reach = usual("SELECT original_outlet, n_articles, outlets, title FROM wire_reach")
    assert reach == [
        {
            "original_outlet": WIRE.outlet,
            "n_articles": 2,
            "outlets": ["east-post", WIRE.outlet],
            "title": "Judge lets agency share data",
        }
    ]
    assert HERALD.outlet not in reach[0]["outlets"]
