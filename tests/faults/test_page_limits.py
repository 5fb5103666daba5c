"""A page that hangs its reader, eats its memory or kills it costs that page alone."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pipelines.scaleout.pages import Reading
from pipelines.scaleout.reader import ReaderProcess
from tracker.model import Outcome, Page

# The process as it is, but for what it does with a page: its address says what.
READER = """
import os, signal, sys, types
from pipelines.scaleout import reader
from pipelines.scaleout.pages import Readout

class Reader:
    def __init__(self, reading): self.kept = []
    def read(self, page, language):
        if page.url == "hang":
            while True: pass
        if page.url == "sleep": signal.pause()
        if page.url == "eat": self.kept.append(bytearray(2_000_000_000))
        if page.url == "die" or (page.url == "die once" and not os.path.exists(sys.argv[1])):
            open(sys.argv[1], "w").close()
            os.kill(os.getpid(), signal.SIGKILL)
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
    reading = Reading(topics=(), embeddings="static", page_seconds=0.3, page_megabytes=1_000)
    names = ("a", "hang", "b", "die", "die once", "c", "eat", "d", "sleep", "e")
    with ReaderProcess(reading, ("-c", READER, str(mark))) as process:
        found = [(one.url, readout) for one, readout in process.read((page(name), None) for name in names)]
    assert [name for name, _ in found] == list(names)
    return dict(found)


def test_pages_around_a_bad_one_are_read(readouts):
    assert {name: readouts[name].detail for name in "abcde"} == {name: name for name in "abcde"}


@pytest.mark.parametrize(
    ("name", "why"), [("hang", "more than 0.3 s"), ("sleep", "more than 0.3 s"), ("eat", "1000 MB")]
)
def test_a_page_beyond_its_limits_is_given_up_with_the_reason(readouts, name, why):
    assert readouts[name].outcome is Outcome.UNPARSABLE
    assert why in readouts[name].detail


def test_a_reader_killed_from_outside_costs_a_retry_and_one_that_its_page_kills_costs_the_page(readouts):
    assert readouts["die once"].outcome is Outcome.OK
    assert readouts["die"].outcome is Outcome.UNPARSABLE
    assert "SIGKILL" in readouts["die"].detail
