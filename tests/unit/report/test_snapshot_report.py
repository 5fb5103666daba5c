"""Every question to a snapshot, on a small one whose answers are known."""

from __future__ import annotations

from datetime import UTC, date, datetime

import duckdb
import pytest

from tests.snapshots import HERALD, NOW, POST, TOPIC, WIRE, HomeBuilder, Piece, usual_pieces
from tracker.errors import StoreError
from tracker.report import changes, choices, health, overview, wording
from tracker.report.article_report import article_report
from tracker.report.filters import Filters, Narrow
from tracker.report.snapshot_report import SnapshotReport

ALL = Filters(topic=TOPIC.topic)
DAY = date(2025, 5, 12)


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    with SnapshotReport(HomeBuilder(tmp_path_factory.mktemp("home")).build(usual_pieces())) as opened:
        yield opened


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    with SnapshotReport(HomeBuilder(tmp_path_factory.mktemp("home")).build()) as opened:
        yield opened


def _narrowed(**changes):
    return Filters(topic=TOPIC.topic, **changes)


def test_info(report):
    info = report.info()
    assert info.as_of == NOW.replace(tzinfo=None)
    assert (info.timezone, info.n_entries, info.n_articles, info.is_invented) == ("America/New_York", 14, 14, False)
    assert len(info.rows_hash) == 64


def test_topics(report, empty):
    (topic,) = report.topics()
    assert (topic.topic, topic.n_on_topic, topic.n_unsure) == (TOPIC.topic, 14, 0)
    assert (topic.first_date, topic.last_date) == (DAY, date(2025, 5, 17))
    (topic,) = empty.topics()
    assert (topic.n_on_topic, topic.first_date) == (0, None)


def test_coverage_by_day(report):
    frame = report.coverage_by_day(ALL)
    first = frame[frame.date.dt.date == DAY].set_index("outlet")
    assert first.loc["east-post", ["n_articles", "n_own", "n_wire"]].tolist() == [2, 1, 1]
    assert first.loc["north-wire", ["n_articles", "n_own", "n_wire"]].tolist() == [1, 1, 0]
    assert frame.n_articles.sum() == 14


@pytest.mark.parametrize(
    ("narrowed", "n"),
    [
        ({}, 14),
        ({"since": date(2025, 5, 16)}, 4),
        ({"until": DAY}, 4),
        ({"since": DAY, "until": DAY, "outlets": ("east-post",)}, 2),
        ({"outlets": ("east-post", "north-wire")}, 8),
        ({"outlet_kinds": ("local",)}, 6),
        ({"kinds": ("opinion",)}, 0),
        ({"with_wire": False}, 13),
        ({"with_partial": False}, 13),
    ],
)
def test_a_view_is_narrowed_everywhere_alike(report, narrowed, n):
    filters = _narrowed(**narrowed)
    assert len(report.articles(filters)) == n
    assert report.coverage_by_day(filters).n_articles.sum() == n
    assert sum(row.n_articles for row in report.outlets(filters)) == n
    assert overview.summary(report, filters).n_articles == n


@pytest.mark.parametrize(
    ("narrow", "n"),
    [
        (Narrow(day=DAY), 4),
        (Narrow(is_wire=True), 1),
        (Narrow(cluster="c1"), 2),
        (Narrow(primary_frame="economic"), 6),
        (Narrow(frame="security"), 0),
        (Narrow(voice="quoted", camp="government"), 6),
        (Narrow(term_group="people", voice="outlet"), 14),
        (Narrow(term_group="people", voice="quoted"), 0),
        (Narrow(has_changed_headline=True), 1),
    ],
)
def test_the_articles_behind_a_figure(report, narrow, n):
    assert len(report.articles(ALL, narrow)) == n


def test_articles_are_newest_first_with_their_tones(report):
    frame = report.articles(ALL)
    assert frame.published_at.is_monotonic_decreasing
    assert "text" not in frame.columns
    retitled = frame[frame.n_revisions == 2].iloc[0]
    assert retitled.title == "Post story 0, corrected"
    assert retitled.headline_tone == 0.0


def test_docket_and_gaps(report):
    assert report.docket(TOPIC.topic).is_this_case.tolist() == [True, False]
    gaps = report.gaps()
    assert gaps[["outlet", "reason"]].to_numpy().tolist() == [["hill-herald", "failed"]]
    assert gaps.iloc[0].from_date.date() == date(2025, 5, 13)  # midnight UTC is the day before in New York
    assert report.gaps(since=date(2025, 5, 15)).empty
    assert report.gaps(until=date(2025, 5, 12)).empty


def test_attention(report):
    frame = report.attention(ALL)
    assert set(frame.share) == {1.0}
    assert frame[frame.outlet == "hill-herald"].is_gap.tolist() == [False, True, True, False, False, False]
    assert report.attention(_narrowed(outlets=("north-wire",))).n_entries.tolist() == [1]


def test_frames_voices_and_terms(report):
    frames = report.frames(ALL).set_index("outlet")
    assert frames.loc["hill-herald", ["frame", "n_with", "n_primary", "n_articles"]].tolist() == ["economic", 6, 6, 6]
    voices = report.voices(ALL)
    quoted = voices[(voices.outlet == "hill-herald") & (voices.voice == "quoted")]
    assert quoted.camp.tolist() == ["court"]
    assert quoted.n_words.tolist() == [6 * 6]  # “This order is a terrible mistake,” in six articles
    terms = report.loaded_terms(ALL)
    assert terms.n_uses.sum() == 14
    assert set(terms.voice) == {"outlet"}


def test_outlets_row_by_row(report):
    rows = {row.outlet: row for row in report.outlets(ALL)}
    assert list(rows) == ["east-post", "hill-herald", "north-wire"]  # most articles first
    post, herald, wire = rows.values()
    assert (post.name, post.kind, post.n_articles, post.n_own, post.n_wire) == ("The East Post", "national", 7, 6, 1)
    assert (post.n_entries, post.attention) == (7, 1.0)
    assert (post.outlet_tone.n, post.headline_tone.n) == (6, 7)  # one text is partial
    assert post.quoted_tone.estimate == pytest.approx(post.outlet_tone.estimate)
    assert post.frames == (("legality", 7),)
    assert 0 < post.quoted_share < 1
    assert (post.top_camp, herald.top_camp) == ("government", "court")
    assert wire.outlet_tone.estimate is None  # one article
    assert (wire.lag_hours, herald.lag_hours) == (0.0, 2.0)


def test_an_empty_snapshot_answers_every_question_with_nothing(empty):
    for frame in (
        empty.coverage_by_day(ALL),
        empty.articles(ALL),
        empty.attention(ALL),
        empty.frames(ALL),
        empty.voices(ALL),
        empty.loaded_terms(ALL),
        overview.headlines(empty, ALL, each=3),
        wording.voice_shares(empty, ALL),
        wording.term_uses(empty, ALL),
        wording.frame_shares(empty, ALL),
        changes.corrections(empty, ALL),
    ):
        assert frame.empty
    assert empty.outlets(ALL) == ()
    assert changes.wire_clusters(empty, ALL) == ()
    assert changes.headline_changes(empty, ALL) == ()
    assert overview.summary(empty, ALL).n_articles == 0
    assert choices.choices(empty, TOPIC.topic).outlets == ()


def test_summary(report):
    summary = overview.summary(report, ALL)
    assert (summary.n_articles, summary.n_outlets, summary.n_own, summary.n_wire) == (14, 3, 13, 1)
    assert (summary.peak_date, summary.n_peak) == (DAY, 4)
    assert summary.leaders == (("east-post", "The East Post", 7),)
    assert summary.n_withheld == 1


def test_headlines_and_gap_days(report):
    frame = overview.headlines(report, ALL, each=2)
    assert frame.groupby("outlet").size().to_dict() == {"east-post": 2, "hill-herald": 2, "north-wire": 1}
    days = overview.gap_days(report, ALL)
    assert days.date.dt.date.tolist() == [date(2025, 5, 13), date(2025, 5, 14)]
    assert days.names.tolist() == ["Hill Herald"] * 2
    assert days.n_followed.tolist() == [3, 3]


def test_health(report):
    collection = overview.collection_health(report, TOPIC.topic)
    assert (collection.n_feeds, collection.n_feeds_well, collection.n_gaps, collection.exit_code) == (3, 2, 1, 0)
    feeds = health.feeds(report)
    assert feeds.outlet_name.tolist()[0] == "Hill Herald"  # what needs a look comes first
    assert health.runs(report).n_stored.tolist() == [14]
    assert health.failures(report).empty
    assert health.unscored(report, TOPIC.topic).empty
    assert health.scorers(report).scorer.tolist() == ["frames", "loaded_terms", "targets", "tone", "voices"]


def test_wire_clusters_and_headline_changes(report):
    (cluster,) = changes.wire_clusters(report, ALL)
    assert (cluster.agency, cluster.original_outlet, cluster.n_outlets) == ("North Wire", "North Wire", 2)
    assert [(member.outlet, member.is_retitled) for member in cluster.members] == [
        ("north-wire", False),
        ("east-post", True),
    ]
    (change,) = changes.headline_changes(report, ALL)
    assert (change.outlet, change.revision, change.is_retitled) == ("east-post", 2, True)
    assert "".join(part.text for part in change.headline if part.kind != "removed").strip()
    same = changes.version_changes(report, TOPIC.topic, change.article)
    assert [(one.revision, one.article) for one in same] == [(2, change.article)]


def test_one_article_with_its_layers(report):
    article = report.articles(ALL, Narrow(has_changed_headline=True)).iloc[0].article
    found = article_report(report, TOPIC.topic, article)
    body = found.facts.text
    quoted = found.passages[found.passages.voice == "quoted"].iloc[0]
    assert body[quoted.start_offset : quoted.end_offset] == "“This order is a terrible mistake,”"
    assert found.revisions.revision.tolist() == [1, 2]
    assert len(found.passages) == 4  # of the latest revision alone
    for row in found.loaded_terms.itertuples():
        assert body[row.start_offset : row.end_offset] == row.text
    assert set(found.evidence.tag) == {"frame:legality", "topic:sentence"}
    with pytest.raises(StoreError, match="not in this snapshot"):
        article_report(report, TOPIC.topic, "nothing")
    with pytest.raises(StoreError, match="not in this snapshot"):
        article_report(report, "another", article)


def test_copies_of_an_article(report):
    wire = report.articles(_narrowed(outlets=("north-wire",))).iloc[0].article
    copies = article_report(report, TOPIC.topic, wire).copies
    assert copies.outlet_name.tolist() == ["The East Post"]


def test_an_outlet_that_is_not_configured_still_shows(tmp_path):
    at = datetime(2025, 5, 12, 12, tzinfo=UTC)
    builder = HomeBuilder(tmp_path, outlets=(POST, HERALD))
    with SnapshotReport(builder.build([Piece(outlet=WIRE, title="Alone", at=at)])) as report:
        (row,) = report.outlets(ALL)
        assert (row.outlet, row.name, row.kind) == ("north-wire", "north-wire", "unknown")


def test_a_snapshot_of_another_version_is_an_error_with_advice(tmp_path):
    path = tmp_path / "old.duckdb"
    with duckdb.connect(str(path)) as old:
        old.execute("CREATE TABLE snapshot_info AS SELECT TIMESTAMP '2025-01-01' AS as_of_at")
    with SnapshotReport(path) as report, pytest.raises(StoreError, match="publish it anew with 'tracker rescore'"):
        report.topics()
