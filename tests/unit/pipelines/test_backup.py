"""A home in one file, and back: whole, or not at all."""

from __future__ import annotations

import io
import json
import tarfile

import pytest

from pipelines.backup import backup, restore
from pipelines.home import lock
from tests.snapshots import HomeBuilder, usual_pieces
from tracker.config import init_home
from tracker.errors import ConfigError, DataError, LockedError
from tracker.report.search import search
from tracker.report.snapshot_report import SnapshotReport
from tracker.store.database import open_master
from tracker.store.pins import pin, unpin
from tracker.store.snapshot import snapshot_path


@pytest.fixture
def home(tmp_path):
    path = tmp_path / "home"
    init_home(path, feeds=False)
    HomeBuilder(path).build(usual_pieces())
    (path / "state" / "decisions.jsonl").write_text('{"kind": "match"}\n')
    (path / "archive").mkdir()
    (path / "archive" / "a.warc.gz").write_bytes(b"page")
    return path


def files_of(home):
    """All that a home holds but for locks."""
    return {
        str(path.relative_to(home)): path.read_bytes()
        for path in home.rglob("*")
        if path.is_file() and not path.is_symlink() and path.name not in {"lock", "decisions.lock"}
    }


def test_what_is_restored_is_what_was_backed_up(home, tmp_path):
    contents = backup(home, tmp_path / "b.tar.gz", with_archive=True)
    again = restore(tmp_path / "again", tmp_path / "b.tar.gz")
    assert again == contents
    assert files_of(tmp_path / "again") == files_of(home)
    with SnapshotReport(snapshot_path(tmp_path / "again")) as report:
        assert report.info().n_articles == 14
        assert search(report, "ruled").n_found == 14
    assert oct(snapshot_path(tmp_path / "again").stat().st_mode)[-3:] == "444"
    with open_master(tmp_path / "again" / "state" / "master.duckdb") as master:
        assert master.execute("SELECT count(*) FROM internal.articles").fetchone() == (14,)
    assert not list((tmp_path / "again").glob(".restore-*"))
    assert (tmp_path / "b.tar.gz").stat().st_mode & 0o077 == 0


def test_pages_stay_out_unless_asked_for(home, tmp_path):
    names = {one.name for one in backup(home, tmp_path / "b.tar.gz").files}
    assert {"tracker.toml", "outlets.toml", "topics/irs-dhs-ruling.toml", "state/decisions.jsonl"} <= names
    assert not [name for name in names if name.startswith("archive/") or name.endswith("lock")]


def test_a_pinned_snapshot_comes_along_once(home, tmp_path):
    pin(home, None)
    contents = backup(home, tmp_path / "b.tar.gz")
    index = contents.snapshot.replace(".duckdb", ".sqlite")
    assert [one.name for one in contents.files if "snap-" in one.name] == [contents.snapshot, index]
    restore(tmp_path / "again", tmp_path / "b.tar.gz")
    assert snapshot_path(tmp_path / "again").parent.name == "pinned"
    with SnapshotReport(snapshot_path(tmp_path / "again")) as report:
        assert search(report, "ruled").n_found == 14
    (name,) = (path.stem for path in (home / "snapshots" / "pinned").glob("*.duckdb"))
    unpin(home, name)
    assert not list((home / "snapshots" / "pinned").iterdir())


def test_a_home_without_a_run_can_be_backed_up(tmp_path):
    init_home(tmp_path / "home", feeds=False)
    assert backup(tmp_path / "home", tmp_path / "b.tar.gz").snapshot is None
    restore(tmp_path / "again", tmp_path / "b.tar.gz")
    assert (tmp_path / "again" / "outlets.toml").exists()
    assert not (tmp_path / "again" / "coverage.duckdb").exists()


def test_no_backup_beside_a_run(home, tmp_path):
    with lock(home), pytest.raises(LockedError):
        backup(home, tmp_path / "b.tar.gz")
    assert not (tmp_path / "b.tar.gz").exists()


def test_nothing_is_overwritten(home, tmp_path):
    backup(home, tmp_path / "b.tar.gz")
    before = files_of(home)
    with pytest.raises(ConfigError, match=r"holds tracker\.toml"):
        restore(home, tmp_path / "b.tar.gz")
    assert files_of(home) == before


@pytest.mark.parametrize("harm", ["cut", "flipped", "no gzip", "missing"])
def test_a_damaged_backup_is_refused_whole(home, tmp_path, harm):
    file = tmp_path / "b.tar.gz"
    backup(home, file)
    raw = bytearray(file.read_bytes())
    raw[len(raw) // 2] ^= 0xFF
    if harm == "missing":
        file.unlink()
    else:
        file.write_bytes({"cut": raw[: len(raw) * 2 // 3], "flipped": raw, "no gzip": b"hello"}[harm])
    with pytest.raises(DataError):
        restore(tmp_path / "again", file)
    assert files_of(tmp_path / "again") == {}


def bundle(path, listing, members):
    with tarfile.open(path, "w:gz") as made:
        for name, body in [("backup.json", json.dumps(listing).encode()), *members]:
            info = tarfile.TarInfo(name)
            info.size = len(body)
            made.addfile(info, io.BytesIO(body))


@pytest.mark.parametrize(
    ("files", "members", "snapshot", "said"),
    [
        ([("../evil", 1)], [("../evil", b"x")], None, "outside a home"),
        ([("/etc/evil", 1)], [("/etc/evil", b"x")], None, "outside a home"),
        ([], [("tracker.toml", b"x")], None, "does not list"),
        ([("tracker.toml", 2)], [("tracker.toml", b"x")], None, "does not list"),
        ([("tracker.toml", 1)], [], None, "cut short"),
        ([("tracker.toml", 1)], [("tracker.toml", b"x")], None, "not what was backed up"),
        ([], [], "../../secret", "outside a home"),
    ],
)
def test_a_forged_backup_writes_nothing(tmp_path, files, members, snapshot, said):
    listing = {"format": 1, "made_at": "", "code_version": "", "snapshot": snapshot}
    listing["files"] = [{"name": name, "n_bytes": n, "sha256": "0"} for name, n in files]
    bundle(tmp_path / "b.tar.gz", listing, members)
    with pytest.raises(DataError, match=said):
        restore(tmp_path / "deep" / "home", tmp_path / "b.tar.gz")
    assert files_of(tmp_path) == {"b.tar.gz": (tmp_path / "b.tar.gz").read_bytes()}


def test_other_archives_and_formats_are_told(tmp_path):
    bundle(tmp_path / "b.tar.gz", {"format": 9, "made_at": "", "code_version": "", "snapshot": None, "files": []}, [])
    with pytest.raises(DataError, match="has format 9"):
        restore(tmp_path / "home", tmp_path / "b.tar.gz")
    with tarfile.open(tmp_path / "c.tar.gz", "w:gz") as made:
        made.add(__file__, arcname="test.py")
    with pytest.raises(DataError, match="does not begin with"):
        restore(tmp_path / "home", tmp_path / "c.tar.gz")
