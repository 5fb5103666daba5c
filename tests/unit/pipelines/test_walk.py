"""Going through a shard: what is told of its responses, and going on behind any of them."""

from __future__ import annotations

import gzip
from collections import Counter
from datetime import UTC, datetime

import pytest

from pipelines.scaleout import walk
from pipelines.scaleout.job import Filters, Job, Shard
from pipelines.scaleout.messages import Answer, Ask, Trying, Unreadable
from pipelines.scaleout.pages import READOUT, Reading, Readout, ReadPage
from pipelines.scaleout.walk import Walk
from tests.responses import AT, response
from tracker.archive import ArchiveWriter
from tracker.model import Outcome

JOB = Job(
    id="job",
    store="",
    outlets=(),
    filters=Filters(words=("storm",), since=AT.date()),
    reading=Reading(topics=(), embeddings="static", page_seconds=2, page_megabytes=1_500),
    max_page_bytes=100,
)
STORM, LONG, OTHER = b"<p>The storm", b"<p>The storm" + b" went on" * 20, b"<p>Another story"


RESPONSES = (
    response("read-1", STORM),
    response("unlikely-1", OTHER),
    response("gone", STORM, status=404),
    response("long", LONG),
    response("old", STORM, at=datetime(2026, 1, 6, tzinfo=UTC)),
    response("picture", STORM, kind="image/png"),
    response("read-2", STORM),
    response("unlikely-2", OTHER),
    response("read-3", STORM),
    response("unlikely-3", OTHER),
)
COUNTS = {"n_pages": 12, "n_read": 4, "n_unlikely": 3, "n_other_date": 1, "n_other_type": 1, "n_damaged": 2}


@pytest.fixture(scope="module")
def shard(tmp_path_factory):
    """Ten responses, among them one without a date and one that is not what its digest says."""
    folder = tmp_path_factory.mktemp("walk")
    with ArchiveWriter(folder, lambda: AT, name="other.warc.gz") as other:
        offset = other.append(response("damaged", STORM)).warc_offset or 0
    damaged = (folder / "other.warc.gz").read_bytes()[offset:]
    with ArchiveWriter(folder, lambda: AT, name="pages.warc.gz") as archive:
        for place, one in enumerate(RESPONSES):
            archive.append(one)
            if place == 0:
                archive.append_records(_changed(damaged, b"WARC-Date: 2026", b"WARC-Date: last"))
            if place == 4:
                archive.append_records(_changed(damaged, b"The storm", b"Our storm"))
    return Shard(address=str(folder / "pages.warc.gz"), size=1)


def _changed(records, old, new):
    """The same records with something else in the first."""
    return gzip.compress(gzip.decompress(records).replace(old, new, 1))


def read(pages):
    return [ReadPage(Readout(detail=page.url), {}, page.body) for page, _ in pages]


def answers(shard, *ask, reads=read):
    return list(Walk(JOB, reads).answers(Ask(shard, *ask)))


def told(found):
    """What was told of each page, by its name."""
    rows = {}
    for answer in found:
        for url in answer.unread["url"].to_pylist():
            rows[url.rpartition("/")[2]] = None
        for url, readout in zip(answer.read["url"].to_pylist(), answer.read["readout"].to_pylist(), strict=True):
            rows[url.rpartition("/")[2]] = READOUT.validate_json(readout).outcome
    return rows


WHOLE = {
    "read-1": Outcome.OK,
    "read-2": Outcome.OK,
    "read-3": Outcome.OK,
    "long": Outcome.TOO_LARGE,
    "unlikely-1": None,
    "unlikely-2": None,
    "unlikely-3": None,
}


def test_each_response_is_counted_and_each_page_told_of(shard):
    (answer,) = answers(shard)
    assert told([answer]) == WHOLE
    assert answer.counts == COUNTS
    assert (answer.n_seen, answer.is_last) == (12, True)
    assert answer.records == [b"", STORM, STORM, STORM]


@pytest.mark.parametrize("limit", ["BATCH_PAGES", "MAX_TOLD"])
def test_whoever_goes_on_behind_an_answer_tells_the_rest_once(shard, monkeypatch, limit):
    monkeypatch.setattr(walk, limit, 1)
    found = answers(shard)
    assert len(found) > 3
    for place, last in enumerate(found[:-1], 1):
        rest = answers(shard, last.n_seen)
        assert told(found[:place]).keys().isdisjoint(told(rest))
        assert told(found[:place]) | told(rest) == WHOLE
        assert sum((one.counts for one in (*found[:place], *rest)), Counter()) == COUNTS


def test_pages_read_alone_are_announced_with_all_that_stands_before_them(shard):
    found = answers(shard, 0, 2)
    assert [type(one) for one in found] == [Trying, Answer, Trying, Answer, Answer]
    for trying, answer in ((found[0], found[1]), (found[2], found[3])):
        assert trying.answer.unread == answer.unread
        assert trying.answer.read == answer.read.slice(0, len(answer.read) - 1)
        assert (trying.answer.counts, trying.answer.n_seen) == (answer.counts, answer.n_seen)
        assert trying.page["url"][0] == answer.read["url"][-1]
    assert told(one for one in found if isinstance(one, Answer)) == WHOLE


def test_many_bytes_are_read_sooner(shard, monkeypatch):
    asked = []
    monkeypatch.setattr(walk, "BATCH_BYTES", 2 * len(STORM))
    answers(shard, reads=lambda pages: asked.append(len(pages)) or read(pages))
    assert asked == [2, 1]


def test_a_file_that_cannot_be_opened_is_said(tmp_path):
    (said,) = answers(Shard(address=str(tmp_path / "nowhere.warc"), size=1))
    assert isinstance(said, Unreadable)
    assert "nowhere.warc: cannot be read" in said.why


def test_what_goes_wrong_at_a_page_is_no_fault_of_the_file(shard):
    def fails(_):
        raise OSError("no room")

    with pytest.raises(OSError, match="no room"):
        answers(shard, reads=fails)
