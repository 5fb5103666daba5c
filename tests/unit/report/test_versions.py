from dataclasses import replace

import pytest

from tests.snapshots import NOW, SCORERS, TOPIC, HomeBuilder, _scores, usual_pieces
from tracker.model import Article
from tracker.report.snapshot_report import SnapshotReport
from tracker.report.versions import lines, version_changes
from tracker.store.articles import RevisionText
from tracker.store.writer import Store

EARLIER = tuple(replace(info, version="0") for info in SCORERS)
SHIFT = 0.2  # the earlier version was so much more pleasant, whole texts and all


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    path = tmp_path_factory.mktemp("versions")
    builder = HomeBuilder(path)
    pieces = usual_pieces()
    builder.build(pieces)
    with Store(path / "state" / "master.duckdb") as store, store.transaction():
        for piece in pieces:
            earlier = replace(_scores(replace(piece, tone=piece.tone + SHIFT), piece.title), scorers=EARLIER)
            content = Article(url=piece.address, title=piece.title, text=piece.text)
            text = RevisionText(
                article=piece.article, revision=1, outlet=piece.outlet.outlet, language="en", content=content
            )
            store.scores.save(TOPIC.topic, [(text, earlier)], "earlier")
    return builder


def test_a_version_adds_rows_and_leaves_the_others(home):
    with Store(home.path / "state" / "master.duckdb") as store:
        rows = store.db.connection.execute(
            "SELECT scorer_version, count(*) FROM sentiment WHERE revision = 1 GROUP BY ALL ORDER BY 1"
        ).fetchall()
    n = 4 * len(usual_pieces())
    assert rows == [("0", n), ("1", n)]


def test_what_moved_is_told_by_part(home):
    with Store(home.path / "state" / "master.duckdb") as store:
        snapshot = home._publish(store, NOW)
    with SnapshotReport(snapshot) as report:
        changes = version_changes(report)
        assert version_changes(report, "vader") == ()
    assert {one.part for one in changes} == {"headline", "body", "outlet_voice", "quoted_voice"}
    for one in changes:
        assert (one.scorer, one.before_version, one.after_version) == ("tone", "0", "1")
        assert one.n == len([piece for piece in usual_pieces() if not piece.retitled])
        assert one.mean_moved == pytest.approx(SHIFT)
        assert one.mean_after - one.mean_before == pytest.approx(-SHIFT)
        assert one.r == pytest.approx(1.0)
        assert one.n_sign_changed == sum(-SHIFT < piece.tone < 0 for piece in usual_pieces())
    assert "tone 0 → 1" in lines(changes)[0]


def test_one_version_alone_is_said_in_words():
    assert lines(()) == ("No article has been scored by two versions of one scorer.",)
