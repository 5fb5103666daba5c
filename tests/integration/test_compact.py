"""What retention lets go is counted and said; the rest of the archive stays readable, to the byte."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipelines.compact import compact, said
from pipelines.progress import Progress
from pipelines.reextract import LET_GO, MISSING, reextract
from pipelines.runs import Options
from tests.faults.nightly_runs import rows_left
from tests.integration.little_site import SETTINGS, LittleSite, follow, page
from tests.integration.test_revisions_replayed import FINES, PARAGRAPHS, TITLE
from tracker.archive import iter_pages, payload_digest, read_page
from tracker.errors import ArchiveError
from tracker.store.retention import Retention
from tracker.store.snapshot import open_snapshot, snapshot_path
from tracker.thinning import thin

START = datetime(2026, 1, 5, 6, tzinfo=UTC)
QUIET = Progress(verbosity=-1)
BAKE = ("Cakes were sold on Saturday in aid of the choir, which will sing in the capital if it can find a bus.",) * 3
RULES = """
[retention]
unused_page_days = {unused}
off_topic_page_days = {off_topic}
on_topic_page_days = {on_topic}
request_days = {requests}
old_scores = false
"""


@pytest.fixture(scope="module")
def nights(tmp_path_factory):
    """A storm in two versions, looked at once more without news, and a bake sale: of four pages one is unused."""
    with LittleSite() as site:
        followed = follow(tmp_path_factory.mktemp("compact") / "home", site)
        site.list("/storm", TITLE)
        site.list("/bake", "Bake sale")
        site.pages |= {"/storm": page(TITLE, *PARAGRAPHS), "/bake": page("Bake sale", *BAKE)}
        followed.night(START)
        site.pages["/storm"] = page(TITLE, *PARAGRAPHS, FINES)
        followed.night(START + timedelta(days=1))
        followed.night(START + timedelta(days=2))
    return followed


@pytest.fixture
def followed(nights, tmp_path):
    shutil.copytree(nights.home, tmp_path / "home", symlinks=True)
    return replace(nights, home=tmp_path / "home")


def _compact(followed, *, unused=0.0, off_topic=0.0, on_topic=0.0, requests=0.0, after=30):
    text = SETTINGS + RULES.format(unused=unused, off_topic=off_topic, on_topic=on_topic, requests=requests)
    (followed.home / "tracker.toml").write_text(text, encoding="utf-8")
    return compact(followed.home, Options(now=START + timedelta(days=after)), QUIET)


def _archived(followed):
    """Return the digests that are archived, each read back and checked."""
    rows = followed.master("SELECT payload_digest, warc_file, warc_offset FROM fetches WHERE warc_file IS NOT NULL")
    for digest, file, offset in rows:
        assert payload_digest(read_page(followed.home / "archive", file, offset).body) == digest
    files = [path for path in (followed.home / "archive").rglob("*") if path.is_file()]
    assert sorted(one.payload_digest for one in iter_pages(files)) == sorted(digest for digest, *_ in rows)
    return [digest for digest, *_ in rows]


def _versions(followed, outcome=""):
    return {digest for (digest,) in followed.master(f"SELECT payload_digest FROM revisions {outcome}")}  # noqa: S608


def test_without_rules_nothing_goes_and_the_rows_are_the_same(followed):
    before, archived = rows_left(followed.home), _archived(followed)
    code, run = compact(followed.home, Options(now=START + timedelta(days=900)), QUIET)
    assert code == 0
    assert rows_left(followed.home) == before
    assert _archived(followed) == archived
    assert not run.counts["n_files"]
    assert followed.master("FROM let_go") == []


def test_pages_that_no_version_rests_on_go_and_are_counted(followed):
    before = rows_left(followed.home)
    archived = _archived(followed)
    _, run = _compact(followed, unused=7)
    left = _archived(followed)
    assert len(archived) - len(left) == run.counts["pages.unused"] > 0
    assert set(left) == _versions(followed)
    after = rows_left(followed.home)
    assert {name for name in before if before[name] != after[name]} <= {"main.let_go", "internal.state"}
    ((what, n, n_bytes),) = followed.master("SELECT what, n, n_bytes FROM let_go")
    assert (what, n) == ("pages.unused", run.counts["pages.unused"])
    assert n_bytes > 100 * n
    assert f"unused pages older than 7 days: {n} let go" in said(run)
    gone = followed.master("SELECT let_go_at FROM fetches WHERE let_go_at IS NOT NULL")
    assert gone == [(datetime(2026, 2, 4, 6),)] * n  # noqa: DTZ001 - as the database holds it
    with open_snapshot(snapshot_path(followed.home)) as snapshot:
        assert snapshot.execute("SELECT count(*) FROM let_go").fetchone() == (1,)


def test_young_pages_stay(followed):
    archived = _archived(followed)
    _compact(followed, unused=7, off_topic=7, on_topic=7, after=5)
    assert _archived(followed) == archived


def test_what_is_off_topic_goes_alone(followed):
    _, run = _compact(followed, off_topic=7)
    assert run.counts["pages.off_topic"] == 1
    storm = _versions(followed, "JOIN matches m USING (article) WHERE m.is_on_topic")
    assert storm <= set(_archived(followed))
    assert len(_versions(followed) - set(_archived(followed))) == 1


def test_all_pages_gone_leave_no_file_and_reextract_says_so(followed, monkeypatch):
    _compact(followed, unused=7, off_topic=7, on_topic=7)
    assert _archived(followed) == []
    assert [path for path in (followed.home / "archive").rglob("*") if path.is_file()] == []
    monkeypatch.setattr("pipelines.reextract.EXTRACTOR_VERSION", "2+test")
    code, run = reextract(followed.home, QUIET)
    assert (code, run.counts[LET_GO], run.counts[MISSING]) == (0, 3, 0)


def test_a_second_time_lets_nothing_go(followed):
    _compact(followed, unused=7, requests=7)
    files = sorted((followed.home / "archive").rglob("*.warc.gz"))
    _, run = _compact(followed, unused=7, requests=7)
    assert sorted((followed.home / "archive").rglob("*.warc.gz")) == files
    assert not run.counts["pages.unused"] + run.counts["requests"]


def test_old_requests_go_but_for_those_that_an_article_rests_on(followed):
    n = followed.master("SELECT count(*) FROM fetches")[0][0]
    _, run = _compact(followed, requests=7)
    left = followed.master("SELECT purpose, warc_file FROM fetches")
    assert n - len(left) == run.counts["requests"] > 2
    assert all(purpose == "page" and file for purpose, file in left)
    assert followed.master("SELECT what, n FROM let_go") == [("requests", run.counts["requests"])]


def test_scores_of_earlier_versions_go_where_the_present_ones_have_scored(followed):
    n = followed.master("SELECT count(*) FROM sentiment")[0][0]
    tone = "FROM sentiment WHERE scorer = 'tone'"
    followed.master(f"INSERT INTO sentiment SELECT * REPLACE ('0' AS scorer_version) {tone}")
    followed.master(f"INSERT INTO sentiment SELECT * REPLACE ('gone' AS scorer) {tone} LIMIT 1")
    added = followed.master("SELECT count(*) FROM sentiment WHERE scorer_version = '0' AND scorer = 'tone'")[0][0]
    _, run = _compact(followed)
    assert run.counts["scores"] == added > 0
    assert followed.master("SELECT count(*) FROM sentiment")[0][0] == n + 1  # of no present scorer: who knows


@pytest.mark.parametrize("step", ["move_pages", "set_files_to_unlink", "unlink"])
def test_killed_in_the_middle_the_next_time_goes_on(followed, monkeypatch, step):
    class KilledError(Exception):
        pass

    def killed(*_args, **_options):
        raise KilledError

    with monkeypatch.context() as patch:
        if step == "unlink":
            patch.setattr(Path, "unlink", lambda path, **_options: killed() if path.suffix == ".gz" else None)
        else:
            patch.setattr(Retention, step, killed)
        with pytest.raises(KilledError):
            _compact(followed, unused=7)
    _compact(followed, unused=7)
    assert set(_archived(followed)) == _versions(followed)


def test_a_damaged_file_is_left_alone(followed):
    ((file,),) = followed.master("SELECT min(warc_file) FROM fetches")
    path = followed.home / "archive" / file
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 3])
    with pytest.raises(ArchiveError, match="is damaged: no page at"):
        thin(followed.home / "archive", file, keep=set(), drop={len(data) - 10})
    assert path.read_bytes() == data[: len(data) // 3]
