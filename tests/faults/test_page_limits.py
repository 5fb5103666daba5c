"""A page that hangs its reader, eats its memory or kills it costs that page alone."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipelines.scaleout.pages import READOUT, Reading
from pipelines.scaleout.reader import ReaderProcess
from tracker.model import Outcome, Page

# The process as it is, but for what it does with a page: its address says what.
READER = """
import os, signal, sys, types
from pipelines.scaleout import reader
from pipelines.scaleout.pages import Readout, ReadPage

class Reader:
    def __init__(self, reading): self.kept = []
    def read(self, pages, begins): return [ReadPage(self.one(page, begins()), {}, b"") for page, _ in pages]
    def one(self, page, _):
        if page.url == "hang":
            while True: pass
        if page.url == "sleep": signal.pause()
        if page.url == "eat": self.kept.append(bytearray(2_000_000_000))
        if page.url == "die" or (page.url == "die once" and not os.path.exists(sys.argv[1])):
            open(sys.argv[1], "w").close()
            os.kill(os.getpid(), signal.SIGKILL)
        if page.url == "held": return Readout(detail=open("/proc/self/status").read())
        print("what a library prints")
        return Readout(detail=page.url)

sys.modules['pipelines.scaleout.page_reader'] = types.SimpleNamespace(PageReader=Reader)
reader.serve()
"""


def page(name: str) -> Page:
    return Page(url=name, final_url=name, body=b"", fetched_at=datetime(2026, 1, 7, tzinfo=UTC), payload_digest="")


@pytest.fixture(scope="module")
def readouts(tmp_path_factory):
    mark = tmp_path_factory.mktemp("reader") / "died"
    reading = Reading(topics=(), embeddings="static", page_seconds=2, page_megabytes=1_500)
    names = ("a", "hang", "b", "die", "die once", "c", "eat", "d", "sleep", "e", "held")
    with ReaderProcess(reading, ("-c", READER, str(mark))) as process:
        found = [
            (one.url, READOUT.validate_json(readout))
            for pages, answer in process.read((page(name), None) for name in names)
            for one, readout in zip(pages, answer.rows["readout"].to_pylist(), strict=True)
        ]
    assert [name for name, _ in found] == list(names)
    return dict(found)


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
    assert readouts["die once"].outcome is Outcome.OK
    assert readouts["die"].outcome is Outcome.UNPARSABLE
    assert "SIGKILL" in readouts["die"].detail
