"""A night's own archive, through backfill into another home, leaves the night's rows."""

from __future__ import annotations

import shutil
from datetime import date

import pytest

from pipelines.backfill_warc import Means, backfill_warc, said
from pipelines.demo_site import DemoSite
from pipelines.scaleout import load, merge
from pipelines.scaleout.job import Filters, find_shards
from pipelines.scaleout.walk import words_test
from pipelines.steps import judge
from tests.faults.nightly_runs import rows_left, unreadable_pages
from tests.integration.nights import NIGHTS, QUIET, Followed, make_home
from tracker.errors import ConfigError, DataError
from tracker.score.scoring import Scoring

# What a feed says of an entry, and which feed said it, is not in a WARC file.
OF_FEEDS = {
    "main.feeds",
    "main.entries",
    "main.entry_feeds",
    "main.gaps",
    "internal.feed_state",
    "internal.state",
    "internal.loaded_shards",
}
OUTLETS = ("meridian-wire", "newcomers-defense")
ONE, TWO = Means(), Means(workers=2)


@pytest.fixture(scope="module")
def homes(tmp_path_factory):
    """A home that read a night, and one that took in its archive."""
    folder = tmp_path_factory.mktemp("warc")
    with DemoSite(NIGHTS[0]) as site:
        night = Followed(make_home(folder / "night"), site)
        night.play(NIGHTS[0], only=frozenset(OUTLETS))
    other = make_home(folder / "other")
    code, run, mapped = backfill_warc(other, [str(night.home / "archive")], Filters(), TWO, QUIET)
    assert (code, mapped.problems) == (0, [])
    assert run.reconciles()
    return night, other, mapped


def comparable(home):
    """All rows but for how they came: ``via`` and what only feeds say."""
    rows = {
        table: values for table, values in rows_left(home).items() if table not in OF_FEEDS | {"internal.loaded_shards"}
    }
    via, again = 6, 8
    rows["internal.articles"] = [
        tuple(cell for place, cell in enumerate(row) if place not in {via, again}) for row in rows["internal.articles"]
    ]
    return rows


def test_the_rows_are_the_same_but_for_provenance(homes):
    night, other, _ = homes
    ours, theirs = comparable(night.home), comparable(other)
    assert ours.keys() == theirs.keys()
    assert {table: theirs[table] for table in theirs if theirs[table] != ours[table]} == {}
    assert len(ours["main.sentence_sentiment"]) > 100
    assert unreadable_pages(other) == []


def test_every_response_is_accounted_for(homes):
    *_, mapped = homes
    assert mapped.counts["n_pages"] == mapped.counts["n_read"] + mapped.counts["n_not_ok"] > 5
    assert said(mapped).startswith(f"{mapped.counts['n_pages']} responses in 1 files = {mapped.counts['n_read']} read")


def test_the_same_files_again_add_nothing(homes):
    night, other, _ = homes
    before = rows_left(other)
    *_, mapped = backfill_warc(other, [str(night.home / "archive")], Filters(), ONE, QUIET)
    assert mapped.shards == []
    assert rows_left(other) == before
    assert [path for path in (other / "state" / "backfill").rglob("*") if path.is_file()] == []


def test_a_load_that_is_cut_off_goes_on_where_it_was(homes, tmp_path, monkeypatch):
    night, other, _ = homes
    home = make_home(tmp_path / "home")
    monkeypatch.setattr(merge, "BATCH", 3)
    store, calls = load._Loader.store, []

    def failing(self, batch, key, n_done):
        calls.append(n_done)
        if len(calls) == 2:
            raise KeyboardInterrupt
        store(self, batch, key, n_done)

    monkeypatch.setattr(load._Loader, "store", failing)
    with pytest.raises(KeyboardInterrupt):
        backfill_warc(home, [str(night.home / "archive")], Filters(), ONE, QUIET)
    backfill_warc(home, [str(night.home / "archive")], Filters(), ONE, QUIET)
    assert calls[:3] == [3, 6, 6]
    assert comparable(home) == comparable(other)


def test_what_the_readers_fingerprinted_is_not_fingerprinted_again(homes, tmp_path, monkeypatch):
    night, other, _ = homes
    monkeypatch.setattr(judge, "fingerprint_of", lambda *_, **__: pytest.fail("fingerprinted again"))
    home = make_home(tmp_path / "home")
    assert backfill_warc(home, [str(night.home / "archive")], Filters(), ONE, QUIET)[0] == 0
    assert rows_left(home)["internal.fingerprints"] == rows_left(other)["internal.fingerprints"] != []


@pytest.mark.parametrize("is_same_version", [True, False])
def test_what_the_readers_scored_is_scored_again_only_where_their_scorers_are_others(
    homes, tmp_path, monkeypatch, is_same_version
):
    night, other, _ = homes
    begin, score_all, scored = Scoring.__init__, Scoring.score_all, []

    def begins(self, *arguments):  # in this process alone
        begin(self, *arguments)
        self.hash = self.hash if is_same_version else "another version"

    def scores(self, articles):
        for one in score_all(self, articles):
            scored.append(one)
            yield one

    monkeypatch.setattr(Scoring, "__init__", begins)
    monkeypatch.setattr(Scoring, "score_all", scores)
    home = make_home(tmp_path / "home")
    assert backfill_warc(home, [str(night.home / "archive")], Filters(), ONE, QUIET)[0] == 0
    rows = rows_left(home)
    assert rows["main.sentence_sentiment"] == rows_left(other)["main.sentence_sentiment"]
    assert len(scored) == (0 if is_same_version else len(rows["main.scored"]))


def test_filters_keep_what_is_unlikely_as_entries_and_leave_the_rest_out(homes, tmp_path):
    night, *_ = homes
    home = make_home(tmp_path / "home")
    day = NIGHTS[0].date()
    filters = Filters(outlets=frozenset({OUTLETS[0]}), since=day, until=day, words=("no such words anywhere",))
    _, run, mapped = backfill_warc(home, [str(night.home / "archive")], filters, ONE, QUIET)
    counts = mapped.counts
    assert counts["n_unlikely"] == run.counts["n_unlikely"] > 0
    assert counts["n_other_outlet"] > 0
    assert counts.get("n_read", 0) == 0
    entries = rows_left(home)["main.entries"]
    assert {row[-4:-2] for row in entries} == {("skipped", "unlikely to be on a topic")}
    assert len(entries) == run.counts["n_unlikely"]


def test_days_are_both_included():
    filters = Filters(since=date(2026, 1, 5), until=date(2026, 1, 6))
    assert [filters.is_in_dates(NIGHTS[0].replace(year=2026, month=1, day=day)) for day in (4, 5, 6, 7)] == [
        False, True, True, False,
    ]  # fmt: skip


def test_words_stand_alone_and_in_whatever_case():
    mentions = words_test(("IRS", "internal  revenue service"))
    assert mentions(b"<p>The IRS said</p>")
    assert mentions(b"at the Internal Revenue Service")
    assert not mentions(b"the first of its kind; internal revenue")


def test_what_names_no_file_is_said(tmp_path, homes):
    night, *_ = homes
    with pytest.raises(DataError, match=r"nowhere.*no WARC file"):
        find_shards([str(tmp_path / "nowhere*.warc.gz")])
    with pytest.raises(ConfigError, match="no such outlet"):
        backfill_warc(night.home, [], Filters(outlets=frozenset({"nobody"})), ONE, QUIET)
    listed = tmp_path / "warc.paths"
    shard = find_shards([str(night.home / "archive")])[0]
    listed.write_text(f"# a list\n{shard.address}\n")
    assert find_shards([f"@{listed}"]) == [shard]


@pytest.mark.slow
def test_dask_gives_the_same_rows(homes, tmp_path):
    pytest.importorskip("distributed")
    night, other, _ = homes
    home = make_home(tmp_path / "home")
    shutil.copytree(night.home / "archive", tmp_path / "archive")
    means = Means(workers=2, engine="dask", store=str(tmp_path / "shards"))
    code, _, _ = backfill_warc(home, [str(tmp_path / "archive")], Filters(), means, QUIET)
    assert code == 0
    assert comparable(home) == comparable(other)
