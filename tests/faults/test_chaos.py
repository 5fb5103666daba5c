"""22 hosts that misbehave, each in its own way, and one nightly run over all of them.

The hosts are served by the newsroom that is kept outside the project; a skip says where it was looked for.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import ProxyHandler, build_opener

import psutil
import pytest

from tests.faults.command import COMMAND, snapshot

NEWSROOM = Path(os.environ.get("TRACKER_SHARED", Path(__file__).parents[3] / "shared")) / "newsroom" / "newsroom"
MOST_SECONDS = 240
FETCHING = {"TRACKER_FETCH__PER_HOST_DELAY": "0", "TRACKER_FETCH__TOTAL_TIMEOUT": "12"}  # of 30 s, for speed: one drips
MOST_BYTES = 900 * 2**20

OUTCOMES = {
    "slow": "timeout",
    "endless": "too_large",
    "bomb": "too_large",
    "loop": "loop",
    "inside": "refused",
    "gone": "gone",
    "missing": "not_found",
    "limited": "limited",
    "broken": "server_error",
    "challenge": "challenge",
    "cut": "cut",
    "badxml": "cut",
    "entities": "ok",
    "latin": "ok",
    "html": "unparsable",
    "empty": "empty",
    "moved": "moved",
    "script": "ok",
    "future": "ok",
    "nodate": "ok",
    "junk": "ok",
    "soft404": "ok",
}


@contextmanager
def newsroom(log: Path):
    """Serve the hosts that misbehave; yield the address of their proxy."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, NEWSROOM, "serve", "--port", str(port), "--chaos"]
    with log.open("w") as told, subprocess.Popen(command, stderr=told) as server:
        try:
            while not answers(port):  # it says that it is on before it listens
                assert server.poll() is None, log.read_text()
                time.sleep(0.1)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.kill()


def answers(port: int) -> bool:
    """Return whether anybody listens at a port of this machine."""
    with suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
        return True
    return False


def tracker(home: Path, *arguments: str, **environment: str) -> int:
    return watched(home, *arguments, **environment)[0]


def watched(home: Path, *arguments: str, **environment: str) -> tuple[int, int]:
    """Return the exit code and the most bytes that the process held.

    Looked at while it runs: the system's own maximum begins with that of the process that started it.
    """
    command = [sys.executable, "-c", COMMAND, "--home", str(home), *arguments]
    most = 0
    with psutil.Popen(
        command, env=os.environ | environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        while process.poll() is None:
            with suppress(psutil.NoSuchProcess):
                most = max(most, process.memory_info().rss)
            time.sleep(0.02)
    return process.returncode, most


def made_before_it_counts(url: str, proxy: str) -> None:
    """The newsroom compresses its gigabyte when first asked for it: on a busy machine longer than a fetch may take."""
    with build_opener(ProxyHandler({"http": proxy})).open(url, timeout=MOST_SECONDS) as answer:
        assert answer.read(2) == b"\x1f\x8b"


@pytest.fixture(scope="module")
def night(tmp_path_factory):
    """One whole run: home, exit code, seconds, and the most memory that it held."""
    if not NEWSROOM.exists():
        pytest.skip(f"no newsroom at {NEWSROOM}: set TRACKER_SHARED to the folder that holds it")
    home = tmp_path_factory.mktemp("chaos") / "home"
    assert tracker(home, "init", "--no-feeds") == 0
    opml = home / "chaos.opml"
    listed = subprocess.run([sys.executable, NEWSROOM, "opml", "--set", "chaos"], capture_output=True, check=True)
    opml.write_bytes(listed.stdout)
    assert tracker(home, "feeds", "import", str(opml)) == 0
    with newsroom(home / "newsroom.log") as proxy:
        made_before_it_counts("http://bomb.chaos.test/feed", proxy)
        begun = time.monotonic()
        code, most = watched(home, "nightly", "--all-entries", HTTP_PROXY=proxy, **FETCHING)
        seconds = time.monotonic() - begun
    return home, code, seconds, most


pytestmark = [pytest.mark.shared, pytest.mark.slow]


def test_it_ends_in_time_in_little_memory_and_says_that_something_is_worth_a_look(night):
    home, code, seconds, most_bytes = night
    assert code == 1
    assert seconds < MOST_SECONDS
    assert MOST_BYTES / 10 < most_bytes < MOST_BYTES
    assert snapshot(home, "SELECT exit_code, n_chosen = n_stored + n_skipped + n_failed + n_pending FROM runs") == [
        (1, True)
    ]


def test_every_host_has_its_outcome(night):
    rows = snapshot(night[0], "SELECT DISTINCT url, outcome FROM fetches WHERE purpose = 'feed'")  # 5xx: tried twice
    assert {urlsplit(str(url)).hostname.split(".")[0]: outcome for url, outcome in rows} == OUTCOMES
    assert len(rows) == len(OUTCOMES)


def test_every_host_that_failed_is_a_gap(night):
    failed = {name for name, outcome in OUTCOMES.items() if outcome not in {"ok", "moved", "cut"}}
    rows = snapshot(night[0], "SELECT f.url FROM gaps g JOIN feeds f USING (feed) WHERE g.reason = 'failed'")
    assert {urlsplit(str(url)).hostname.split(".")[0] for (url,) in rows} == failed
    assert tracker(night[0], "feeds", "check") == 1


def entries(home: Path, host: str) -> list[list[object]]:
    rows = snapshot(home, "SELECT url, title, published_at FROM entries ORDER BY title")
    return [row for url, *row in rows if str(url).startswith(f"http://{host}.")]


def test_whole_items_of_a_feed_that_is_cut_off_are_kept(night):
    assert [title for title, _ in entries(night[0], "badxml")] == ["Story 0", "Story 1", "Story 2", "Story 3"]
    assert len(entries(night[0], "cut")) == 1


def test_windows_1252_mislabelled_as_utf_8_reads_right(night):
    assert [title for title, _ in entries(night[0], "latin")] == ["Café owner’s “records” shared"]


def test_no_impossible_date_is_believed(night):
    assert entries(night[0], "future") == [["From 1679", None], ["From 2031", None]]
    for query in ("SELECT year(published_at) FROM entries", "SELECT year(published_at) FROM articles"):
        assert {year for (year,) in snapshot(night[0], query)} == {2026, None}


def test_no_markup_challenge_or_soft_404_becomes_an_article(night):
    assert [title for title, _ in entries(night[0], "script")] == ["Judge rules"]
    told = snapshot(night[0], "SELECT DISTINCT title, text LIKE '%A federal judge ruled%' FROM articles")
    assert told == [("Judge rules on data sharing", True)]
    marked = "SELECT count(*) FROM articles WHERE concat(title, text) SIMILAR TO '.*(<|alert\\(|not found|moment).*'"
    assert snapshot(night[0], marked) == [(0,)]
    hosts = snapshot(night[0], "SELECT DISTINCT regexp_extract(url, '//(\\w+)', 1) AS host FROM articles ORDER BY host")
    assert [host for (host,) in hosts] == ["badxml", "entities", "future", "latin", "moved", "nodate", "script"]
    assert snapshot(night[0], "SELECT count(*) FROM entries WHERE title LIKE '%root:%' OR title LIKE '%lollol%'") == [
        (0,)
    ]
