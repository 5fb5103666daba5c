"""A page that hangs its reader, eats its memory or kills it costs that page alone."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import Timer

import pytest

from pipelines.scaleout import engines
from pipelines.scaleout.job import Filters, Job, Shard
from pipelines.scaleout.pages import READOUT, Reading
from pipelines.scaleout.reader import ReaderProcess
from pipelines.scaleout.walk import N_PAGES, READ
from pipelines.stopping import Stop
from tests.responses import AT, response
from tracker.archive import ArchiveWriter, iter_pages
from tracker.errors import DataError
from tracker.model import Outcome, Response

# The process as it is, but for what it does with a page: its address says what.
READER = """
import os, signal, sys, types
from pipelines.scaleout import reader
from pipelines.scaleout.pages import Readout, ReadPage

class Reader:
    def __init__(self, reading): self.kept = []
    def read(self, pages, begins): return [ReadPage(self.one(page, begins()), {}, b"") for page, _ in pages]
    def one(self, page, _):
        name = page.url.rpartition("/")[2]
        if name == "hang":
            while True: pass
        if name == "sleep": signal.pause()
        if name == "eat": self.kept.append(bytearray(2_000_000_000))
        if name.startswith("die"):
            with open(sys.argv[1], "a+") as file:
                file.seek(0)
                n_died = file.read().split().count(name)
                file.write(name + " ")
            if n_died < {"die": 9, "die-once": 1, "die-twice": 2}[name]:
                os.kill(os.getpid(), signal.SIGKILL)
        if name == "held": return Readout(detail=open("/proc/self/status").read())
        print("what a library prints")
        return Readout(detail=name)

sys.modules['pipelines.scaleout.page_reader'] = types.SimpleNamespace(PageReader=Reader)
reader.serve()
"""
TEXT = b"<p>text"
NAMES = ("a", "hang", "b", "die", "die-once", "die-twice", "c", "eat", "d", "sleep", "e", "held")
JOB = Job(
    id="job",
    store="",
    outlets=(),
    filters=Filters(),
    reading=Reading(topics=(), embeddings="static", page_seconds=2, page_megabytes=1_500),
    max_page_bytes=1_000,
)


def shard_of(folder: Path, *responses: Response) -> Shard:
    with ArchiveWriter(folder, lambda: AT, name="pages.warc.gz") as archive:
        for one in responses:
            archive.append(one)
    return Shard(address=str(folder / "pages.warc.gz"), size=1)


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    folder = tmp_path_factory.mktemp("reader")
    shard = shard_of(folder, *(response(name, TEXT) for name in NAMES), response("long", b"x" * 1_001))
    with ReaderProcess(JOB, ("-c", READER, str(folder / "died"))) as process:
        return list(process.read(shard, lambda: False))


@pytest.fixture(scope="module")
def readouts(answers):
    found = [
        (url.rpartition("/")[2], READOUT.validate_json(readout))
        for answer in answers
        for url, readout in zip(answer.read["url"].to_pylist(), answer.read["readout"].to_pylist(), strict=True)
    ]
    assert sorted(name for name, _ in found) == sorted([*NAMES, "long"])
    return dict(found)


def test_each_page_is_counted_once_whatever_its_process_dies_of(answers):
    assert sum((one.counts for one in answers), Counter()) == {N_PAGES: len(NAMES) + 1, READ: len(NAMES) + 1}
    assert [one.is_last for one in answers] == [False] * (len(answers) - 1) + [True]


def test_what_kills_its_reader_is_kept_all_the_same(answers, tmp_path):
    kept = {
        url.rpartition("/")[2]: record
        for answer in answers
        for url, record in zip(answer.read["url"].to_pylist(), answer.records, strict=True)
    }
    (tmp_path / "kept.warc.gz").write_bytes(kept["hang"])
    assert [page.body for page in iter_pages([tmp_path / "kept.warc.gz"])] == [TEXT]


def test_a_shard_at_which_readers_die_before_they_come_to_a_page_is_unreadable(tmp_path):
    dies = "from pipelines.scaleout import reader, walk\nwalk.pages_in = lambda *_, **__: exit(7)\nreader.serve()"
    with (
        ReaderProcess(JOB, ("-c", dies)) as process,
        pytest.raises(DataError, match=r"pages.warc.gz: behind response 0 it ended its reader \(exit code 7\)"),
    ):
        list(process.read(shard_of(tmp_path, response("a", TEXT)), lambda: False))


def test_what_is_no_file_is_unreadable_and_the_reader_reads_on(tmp_path):
    with ReaderProcess(JOB, ("-c", READER, str(tmp_path / "died"))) as process:
        with pytest.raises(DataError, match=r"nowhere.warc: cannot be read"):
            list(process.read(Shard(address=str(tmp_path / "nowhere.warc"), size=1), lambda: False))
        pid = process._process.pid
        (answer,) = process.read(shard_of(tmp_path, response("a", TEXT)), lambda: False)
        assert (len(answer.read), process._process.pid) == (1, pid)


def test_a_run_that_is_to_stop_waits_for_no_page(tmp_path, monkeypatch):
    patient = replace(JOB, store=str(tmp_path), reading=replace(JOB.reading, page_seconds=1_000))
    command = ("-c", READER, str(tmp_path / "died"))
    monkeypatch.setattr(engines, "ReaderProcess", partial(ReaderProcess, command=command))
    shard, stop = shard_of(tmp_path, response("a", TEXT), response("sleep", TEXT)), Stop()
    timer = Timer(2, stop.ask, ["SIGTERM"])
    timer.start()
    assert list(engines.map_local(patient, [shard], stop, 1)) == []


def test_pages_around_a_bad_one_are_read(readouts):
    assert {name: readouts[name].detail for name in "abcde"} == {name: name for name in "abcde"}


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs Linux's /proc")
def test_what_answers_are_made_with_takes_little_of_what_a_page_may(readouts):
    found = re.search(r"VmData:\s+(\d+) kB", readouts["held"].detail)
    assert int(found[1]) < 300_000  # Arrow's own allocator asks for 1 GB at the first array


@pytest.mark.parametrize(("name", "why"), [("hang", "more than 2 s"), ("sleep", "more than 2 s"), ("eat", "1500 MB")])
def test_a_page_beyond_its_limits_is_given_up_with_the_reason(readouts, name, why):
    assert readouts[name].outcome is Outcome.UNPARSABLE
    assert why in readouts[name].detail


def test_a_reader_killed_from_outside_costs_a_retry_and_one_that_its_page_kills_costs_the_page(readouts):
    assert {readouts[name].outcome for name in ("die-once", "die-twice")} == {Outcome.OK}
    assert readouts["die"].outcome is Outcome.UNPARSABLE
    assert "SIGKILL" in readouts["die"].detail
