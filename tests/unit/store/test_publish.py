"""A snapshot is whole, read-only, commented, and the same for the same rows."""

from __future__ import annotations

import shutil
import stat
from dataclasses import replace
from datetime import timedelta

import duckdb
import pytest

from tests.snapshots import NOW, SCORERS, HomeBuilder, usual_pieces
from tests.unit.store.values import AT, OUTLET, article, entry, revision
from tracker.report.figures import published
from tracker.store import days
from tracker.store.days import sum_days
from tracker.store.publish import Provenance, publish, rows_hash, view_scripts
from tracker.store.snapshot import open_snapshot, snapshot_path
from tracker.store.writer import Store

PROVENANCE = Provenance(
    as_of=NOW, run="r", code_version="test", timezone="America/New_York", scorers=SCORERS, default_scorer="tone"
)


def _publish(store, home, keep=3):
    return publish(store.db.connection, store.path, home, PROVENANCE, published, keep=keep)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    HomeBuilder(home).build(usual_pieces())
    return home


@pytest.fixture(scope="module")
def snapshot(built):
    with open_snapshot(snapshot_path(built)) as connection:
        yield connection


def test_the_link_points_to_a_file_that_nobody_can_write(built):
    link = built / "coverage.duckdb"
    assert link.is_symlink()
    assert not link.readlink().is_absolute()  # a home can be moved
    assert stat.S_IMODE(link.stat().st_mode) == 0o444
    assert sorted(path.name for path in built.iterdir()) == ["coverage.duckdb", "snapshots", "state"]


def test_the_snapshot_says_where_it_comes_from(snapshot):
    info = snapshot.execute("SELECT as_of_at, run, timezone, is_invented FROM snapshot_info").fetchall()
    assert info == [(NOW.replace(tzinfo=None), "run-1", "America/New_York", False)]
    assert snapshot.execute("SELECT scorer, is_default FROM snapshot_scorers ORDER BY 1").fetchall() == [
        ("frames", False),
        ("loaded_terms", False),
        ("targets", False),
        ("tone", True),
        ("voices", False),
    ]


def test_every_public_table_view_and_column_has_a_comment(snapshot):
    bare = snapshot.execute(
        """
        SELECT table_name, column_name FROM duckdb_columns()
        WHERE schema_name = 'main' AND NOT internal AND comment IS NULL
        UNION ALL SELECT table_name, NULL FROM duckdb_tables() WHERE schema_name = 'main' AND comment IS NULL
        UNION ALL SELECT view_name, NULL FROM duckdb_views()
        WHERE schema_name = 'main' AND NOT internal AND comment IS NULL
        """
    ).fetchall()
    assert bare == []


def test_the_contracts_tables_and_columns_are_there(snapshot):
    columns = {
        "outlets": "outlet name kind lean",
        "feeds": "feed outlet url",
        "entries": "entry outlet url canonical_url title summary published_at first_seen_at via",
        "articles": "article outlet url canonical_url title text authors published_at published_date language kind "
        "completeness wire_agency wire_cluster is_original via",
        "revisions": "article revision seen_at title text change_kind",
        "matches": "topic article is_on_topic centrality reasons decided_by topic_hash",
        "fetches": "url final_url status outcome at n_bytes feed article",
        "gaps": "reason",
        "attention": "topic outlet date n_matching n_entries share is_gap",
        **dict.fromkeys(
            [
                f"outlet_{what}{own}"
                for what in ("sentiment", "frames", "voices", "loaded_terms")
                for own in ("", "_own")
            ],
            "topic outlet n estimate low high shrunk is_reportable",
        ),
        "outlet_sentiment_by_scorer": "topic outlet scorer part n estimate",
        **dict.fromkeys(
            ("passages", "sentiment", "target_sentiment", "frames"), "article revision scorer scorer_version"
        ),
        **dict.fromkeys(("evidence", "loaded_terms"), "article revision scorer scorer_version"),
        **dict.fromkeys(("first_reports", "headline_changes", "corrections", "wire_reach"), "topic"),
        **dict.fromkeys(("entry_feeds", "wire_clusters", "runs", "docket", "codings", "own_work"), ""),
    }
    there: dict[str, set[str]] = {}
    for table, name in snapshot.execute(
        "SELECT table_name, column_name FROM duckdb_columns() WHERE schema_name = 'main'"
    ).fetchall():
        there.setdefault(table, set()).add(name)
    assert set(columns) - set(there) == set()
    missing = {table: set(names.split()) - there[table] for table, names in columns.items()}
    assert {table: names for table, names in missing.items() if names} == {}


def test_only_the_newest_snapshots_are_kept_and_leftovers_of_a_kill_go(tmp_path):
    with Store(tmp_path / "state" / "master.duckdb") as store:
        made = []
        for number in range(4):
            (tmp_path / "snapshots").mkdir(exist_ok=True)
            (tmp_path / "snapshots" / f".draft-{number}.duckdb").write_bytes(b"half a snapsh")
            (tmp_path / "snapshots" / f".draft-{number}.duckdb.wal").write_bytes(b"")
            (tmp_path / "snapshots" / f"snap-{number}.sqlite").write_bytes(b"an index without its snapshot")
            made.append(_publish(store, tmp_path, keep=2))
    assert sorted((tmp_path / "snapshots").glob("*.duckdb")) == made[-2:]
    assert {path.stem for path in (tmp_path / "snapshots").iterdir()} == {path.stem for path in made[-2:]}
    assert snapshot_path(tmp_path) == made[-1].resolve()


def test_a_clock_that_was_set_back_does_not_take_the_new_snapshot(tmp_path):
    with Store(tmp_path / "state" / "master.duckdb") as store:
        future = [tmp_path / "snapshots" / f"snap-9{number}00000000000000000.duckdb" for number in range(3)]
        (tmp_path / "snapshots").mkdir()
        for path in future:
            path.write_bytes(b"")
        made = _publish(store, tmp_path, keep=2)
    assert snapshot_path(tmp_path) == made.resolve()
    assert sorted((tmp_path / "snapshots").glob("*.duckdb")) == sorted([made, future[-1]])


def test_a_reader_keeps_its_file_and_the_next_one_sees_the_new(tmp_path):
    with Store(tmp_path / "state" / "master.duckdb") as store:
        _publish(store, tmp_path)
        reader = open_snapshot(snapshot_path(tmp_path))
        store.feeds.save_outlets([OUTLET])
        _publish(store, tmp_path)
        assert reader.execute("SELECT count(*) FROM outlets").fetchone() == (0,)
        with open_snapshot(snapshot_path(tmp_path)) as later:
            assert later.execute("SELECT count(*) FROM outlets").fetchone() == (1,)
        reader.close()


def test_an_empty_store_publishes_too(tmp_path):
    with Store(tmp_path / "state" / "master.duckdb") as store:
        path = publish(store.db.connection, store.path, tmp_path, replace(PROVENANCE, scorers=()), published, keep=2)
    with open_snapshot(path) as connection:
        for table in ("articles", "attention", "outlet_sentiment", "outlet_frames_own", "wire_reach"):
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)  # noqa: S608 - constants


def _hash_of(path, names):
    with Store(path / "state" / "master.duckdb") as store:
        for name in names:
            store.entries.save([entry(name)], [])
            store.articles.save_revisions([revision(name, content=article(f"Title {name}"))])
        return rows_hash(store.db.connection)


def test_the_hash_of_rows_does_not_depend_on_the_order_they_came_in(tmp_path):
    forward = _hash_of(tmp_path / "a", ["e1", "e2", "e3"])
    assert _hash_of(tmp_path / "b", ["e3", "e1", "e2"]) == forward
    assert _hash_of(tmp_path / "c", ["e1", "e2"]) != forward
    assert _hash_of(tmp_path / "d", ["e1", "e2", "e4"]) != forward


def test_the_hash_sees_a_changed_cell(tmp_path):
    with Store(tmp_path / "state" / "master.duckdb") as store:
        store.entries.save([entry("e1")], [])
        before = rows_hash(store.db.connection)
        store.db.connection.execute("UPDATE entries SET summary = 'x'")
        assert rows_hash(store.db.connection) != before


def test_views_come_in_an_order_that_works_anywhere():
    assert all(script.startswith(("--", "CREATE")) for script in view_scripts())
    assert len(view_scripts()) >= 4


def test_of_two_first_reports_at_one_minute_it_is_always_the_same(tmp_path):
    pieces = [replace(piece, at=AT + timedelta(0)) for piece in usual_pieces()[:4]]
    HomeBuilder(tmp_path).build(pieces)
    with open_snapshot(snapshot_path(tmp_path)) as connection:
        found = connection.execute(
            "SELECT f.article = (SELECT min(article) FROM articles a WHERE a.outlet = f.outlet), "
            "f.title = (SELECT title FROM articles a WHERE a.article = f.article) FROM first_reports f"
        ).fetchall()
    assert found == [(True, True), (True, True)]


def test_a_shell_without_our_settings_opens_it(built, tmp_path):
    copy = shutil.copyfile(built / "coverage.duckdb", tmp_path / "copy.duckdb")  # one process, one configuration
    with duckdb.connect(str(copy), read_only=True) as connection:
        assert connection.execute("SELECT count(*) FROM articles").fetchone() == (14,)


@pytest.mark.parametrize("harm", [None, "damaged", "gone", "of another version"])
def test_sums_by_day_are_taken_over_where_the_snapshot_before_can_be_read(built, tmp_path, monkeypatch, harm):
    home = shutil.copytree(built, tmp_path / "home", symlinks=True)
    first = shutil.copyfile(built / "coverage.duckdb", tmp_path / "first.duckdb")
    before = snapshot_path(home)
    before.chmod(0o644)
    if harm == "damaged":
        before.write_bytes(b"no database")
    elif harm == "gone":
        before.unlink()
    elif harm == "of another version":
        with duckdb.connect(str(before)) as connection:
            connection.execute("ALTER TABLE internal.day_sums ADD COLUMN other INTEGER")
    taken_over = []
    monkeypatch.setattr(days, "sum_days", lambda *given, **named: taken_over.append(sum_days(*given, **named)))
    with Store(home / "state" / "master.duckdb") as store:
        later = _publish(store, home)
    with duckdb.connect(str(first), read_only=True) as connection:
        connection.execute(f"ATTACH '{later}' AS later (READ_ONLY)")
        (n,) = connection.execute("SELECT count(*) FROM internal.days").fetchone()
        assert n > 1
        for table in ("internal.days", "internal.day_sums", "outlet_sentiment", "outlet_voices_own"):
            for one, other in ((table, f"later.{table}"), (f"later.{table}", table)):
                assert connection.execute(f"FROM {one} EXCEPT FROM {other}").fetchall() == []
    assert taken_over == [0 if harm else n]
