"""The demo corpus holds what the demo promises, and its truth file is that of its files."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from pipelines.demo_corpus import Corpus, Edit, Piece, Swap, load_corpus, nights, read_piece
from pipelines.demo_publications import Publication, first_half, publications
from pipelines.demo_truth import Truth, as_lines, load_truth, truth
from tracker.errors import DataError
from tracker.model import ArticleKind, Centrality
from tracker.urls import canonical_url, find_outlet

CORPUS = load_corpus()
ALL = publications(CORPUS)
TRUTH = truth(CORPUS, nights())
BY_URL = {item.url: item for item in ALL}
OWN = [item for item in ALL if item.piece is not None and item.copy_of is None]


def test_truth_file_is_up_to_date() -> None:
    """If this fails after a change to the corpus: python -m pipelines.demo_truth"""
    expected = tuple(json.loads(line) for line in as_lines(TRUTH).splitlines())
    assert load_truth() == expected


def test_enough_is_there() -> None:
    near_or_on = [row for row in TRUTH if row.is_on_topic or row.is_near_miss]
    off = [row for row in TRUTH if not row.is_on_topic and not row.is_near_miss]
    assert len(CORPUS.outlets) == 13
    assert len(CORPUS.pieces) >= 60
    assert len(near_or_on) >= 100
    assert len(off) >= len(near_or_on)
    assert len({brief.headline for brief in CORPUS.briefs}) >= 60


def test_every_kind_of_piece_is_there() -> None:
    kinds = Counter(piece.kind for piece in CORPUS.pieces.values())
    assert kinds == {
        ArticleKind.NEWS: 44,
        ArticleKind.OPINION: 5,
        ArticleKind.ANALYSIS: 5,
        ArticleKind.EDITORIAL: 3,
        ArticleKind.LIVE: 2,
        ArticleKind.PRESS_RELEASE: 2,
        ArticleKind.TRANSCRIPT: 1,
        ArticleKind.MEDIA: 1,
    }


def test_every_decision_on_the_topic_has_cases() -> None:
    pieces = CORPUS.pieces.values()
    assert Counter(piece.language for piece in pieces if piece.on_topic) == {"en": 48, "es": 5}
    assert Counter(piece.language for piece in pieces if piece.near_miss) == {"en": 8, "es": 1}
    assert [piece.id for piece in pieces if piece.unsure] == ["docket-two-courts"]
    assert not any(piece.on_topic or piece.near_miss for piece in pieces if piece.unsure)
    weights = Counter(piece.centrality for piece in pieces if piece.on_topic)
    assert weights[Centrality.MENTION] == 3
    assert weights[Centrality.SUBSTANTIAL] == 4


def test_the_spanish_daily_writes_in_spanish() -> None:
    own = [row for row in TRUTH if row.outlet == "la-acequia"]
    assert {row.language for row in own} == {"es"}
    assert Counter((row.is_on_topic, row.is_near_miss) for row in own)[False, True] == 1


def test_pieces_are_of_the_length_of_news() -> None:
    lengths = {item.source_id: len(item.versions[-1].body.split()) for item in OWN}
    captions = {piece.id for piece in CORPUS.pieces.values() if piece.kind is ArticleKind.MEDIA}
    assert {name: n for name, n in lengths.items() if name not in captions and not 150 <= n <= 500} == {}
    assert all(80 <= lengths[name] <= 150 for name in captions)


def test_pieces_are_distinct() -> None:
    """Two pieces may share the judge's words, but hardly a run of eight words otherwise."""
    shared = {}
    for i, one in enumerate(OWN):
        for other in OWN[i + 1 :]:
            grams = _grams(one) & _grams(other)
            if len(grams) > 60:
                shared[one.source_id, other.source_id] = len(grams)
    assert shared == {}


def _grams(item: Publication, n: int = 8) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", item.versions[0].body.lower())
    return {tuple(words[i : i + n]) for i in range(len(words) - n + 1)}


def test_every_outlet_is_invented_and_owns_its_addresses() -> None:
    outlets = tuple(CORPUS.outlets.values())
    for item in ALL:
        assert find_outlet(item.url, outlets) == item.outlet
        assert re.fullmatch(r"http://[a-z]+\.example/\S+", item.url)
    assert len({canonical_url(item.url) for item in ALL}) == len(ALL)


def test_no_two_versions_of_an_address_are_alike_unless_it_returns_and_none_is_early() -> None:
    for item in ALL:
        times = [version.at for version in item.versions]
        assert times == sorted(set(times))
        texts = [(version.headline, version.body) for version in item.versions]
        again = [text in texts[:place] for place, text in enumerate(texts)]
        assert again == [version.change == "return" for version in item.versions]


def test_copies_point_to_what_was_published_before() -> None:
    copies = [item for item in ALL if item.copy_of]
    for item in copies:
        original = BY_URL[item.copy_of or ""]
        assert original.copy_of is None
        assert original.published_at < item.published_at
        assert original.outlet != item.outlet
        assert original.outlet == item.origin
    assert Counter(item.rule for item in copies).keys() == {"verbatim", "cut", "retitled", "local"}


@pytest.mark.parametrize("rule", ["verbatim", "retitled", "local", "cut"])
def test_reprints_do_what_their_rule_says(rule: str) -> None:
    for item in (item for item in ALL if item.piece is not None and item.rule == rule):
        source = BY_URL[item.copy_of or ""].version_at(item.published_at)
        assert source is not None
        theirs, ours = _paragraphs(source.body), _paragraphs(item.versions[0].body)
        if rule == "cut":
            assert ours == theirs[: len(ours)]
            assert 0.4 <= _n_words(ours) / _n_words(theirs) <= 0.8
        elif rule == "local":
            assert len(set(ours) - set(theirs)) == 1
            assert [block for block in ours if block in theirs] == theirs
        else:
            assert ours == theirs
        if rule == "retitled":
            assert item.versions[0].headline != source.headline


def _paragraphs(body: str) -> list[str]:
    return body.replace(" (Meridian)", "", 1).split("\n\n")


def _n_words(blocks: list[str]) -> int:
    return sum(len(block.split()) for block in blocks)


def test_edits_fall_between_nights() -> None:
    changes = Counter(change for row in TRUTH for change in row.changes)
    assert changes["headline"] >= 3
    assert changes["correction"] >= 1
    assert changes["trivial"] >= 2
    assert changes["retraction"] == 1
    late = [row.source for row in TRUTH if row.n_revisions < row.n_versions]
    assert late == ["ledger-live", "ledger-what-is-known"], "one grows before the first night, one goes back"


def test_what_is_edited_before_every_night_has_each_version_once() -> None:
    row = _row("ledger-what-is-known")
    assert row.changes == ("trivial", "headline", "correction")
    assert (row.n_versions, row.n_revisions) == (5, 4)
    assert [row.headlines[0] == headline for headline in row.headlines] == [True, False, True]


def test_the_second_live_blog_grows_over_five_nights() -> None:
    assert _row("tribune-live").changes == ("update",) * 4


def test_headline_edits_leave_the_text_alone_and_corrections_say_so() -> None:
    for item in ALL:
        for before, after in pairwise(item.versions):
            if after.change == "headline":
                assert after.body == before.body
            if after.change == "correction":
                assert re.search(r"^(Correction|Corrección):", after.body, re.MULTILINE)
                assert after.headline == before.headline
            if after.change == "retraction":
                assert "has been retracted" in after.body
            if after.change == "trivial":
                assert after.headline == before.headline
                assert abs(len(after.body) - len(before.body)) < 50


def test_every_address_is_seen_on_some_night() -> None:
    assert {row.source for row in TRUTH if row.n_revisions == 0} == set()


def test_one_story_moves_one_goes_and_two_were_never_there() -> None:
    assert {row.source: len(row.moved_to) for row in TRUTH if row.moved_to} == {"courier-phone-scam": 1}
    assert [row.source for row in TRUTH if row.is_gone] == ["paragon-callers"]
    duds = {row.notice: row for row in TRUTH if row.notice}
    assert {name: row.completeness for name, row in duds.items()} == {"soft404": "empty", "challenge": "blocked"}
    assert not any(row.is_on_topic for row in duds.values())


def test_two_outlets_take_one_story_at_the_same_minute() -> None:
    times = Counter((item.source_id, item.published_at) for item in ALL if item.piece and item.copy_of)
    assert ("acequia-preparadores", datetime(2025, 5, 15, 22, tzinfo=UTC)) in {key for key, n in times.items() if n > 1}


def test_ordinary_news_is_off_topic_and_one_outlet_is_paywalled() -> None:
    assert not any(row.is_on_topic for row in TRUTH if row.source.startswith("brief-"))
    assert {row.outlet for row in TRUTH if row.completeness == "partial"} == {"capital-standard"}
    assert _row("standard-editorial").completeness == "whole"


def test_near_misses_are_about_other_cases() -> None:
    for piece in CORPUS.pieces.values():
        assert not (piece.near_miss and piece.on_topic)
        if piece.near_miss:
            assert "Friedrich" not in piece.body
        elif piece.centrality == "main":
            assert re.search(r"Friedrich|judge|court|jueza", piece.body, re.IGNORECASE)


def _row(source: str) -> Truth:
    return next(row for row in TRUTH if row.source == source and row.copy_of is None)


def test_wire_agency_is_the_wire_for_its_copies_alone() -> None:
    agencies = {row.wire_agency for row in TRUTH if row.origin == "meridian-wire"}
    assert agencies == {"Meridian Wire"}
    assert {row.wire_agency for row in TRUTH if row.origin != "meridian-wire"} == {None}


def test_nights_are_in_order_and_hours_apart() -> None:
    times = nights()
    assert 8 <= len(times) <= 12
    assert all(b - a >= timedelta(hours=20) for a, b in pairwise(times))


def test_first_half_never_ends_with_a_subhead() -> None:
    body = "one two three\n\n## Head\n\nfour five six seven"
    assert first_half(body) == "one two three"


def _with(corpus: Corpus, edit: Edit) -> Corpus:
    return Corpus(
        outlets=corpus.outlets,
        feed_urls=corpus.feed_urls,
        sites=corpus.sites,
        pieces=corpus.pieces,
        briefs=(),
        edits=(edit,),
        reprints=(),
        outages=(),
    )


@pytest.mark.parametrize(
    "edit",
    [
        Edit(
            piece="wire-ruling",
            at=datetime(2025, 5, 14, tzinfo=UTC),
            change="update",
            replace=(Swap(old="no such words", new=""),),
        ),
        Edit(piece="wire-ruling", at=datetime(2025, 5, 14, tzinfo=UTC), change="headline"),
        Edit(piece="wire-ruling", at=datetime(2025, 5, 1, tzinfo=UTC), change="headline", headline="Early"),
    ],
    ids=["words not there", "nothing changes", "before publication"],
)
def test_an_edit_that_does_not_fit_is_refused(edit: Edit) -> None:
    with pytest.raises(DataError, match="wire-ruling"):
        publications(_with(CORPUS, edit))


def test_a_piece_refuses_unknown_front_matter(tmp_path) -> None:
    file = tmp_path / "x.md"
    file.write_text('+++\nid = "x"\nmood = "gloomy"\n+++\nText.')
    with pytest.raises(DataError, match="mood"):
        read_piece(file)
    file.write_text("no front matter")
    with pytest.raises(DataError, match="front matter"):
        read_piece(file)


def test_pieces_know_their_outlets() -> None:
    assert all(isinstance(piece, Piece) and piece.outlet in CORPUS.outlets for piece in CORPUS.pieces.values())
