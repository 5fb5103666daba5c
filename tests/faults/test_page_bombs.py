"""Pages made to hang, flood or mislead who reads them: through the command line, each costs its limit and nothing else.

TRACKER_BOMBS=1 makes them whole: 10 MB of nested tables, 100,000 nested divs, 50 MB of one line; else a tenth of that.
"""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.integration.little_site import OUTLETS, SETTINGS, TOPIC, page
from tests.responses import AT, response
from tracker.archive import ArchiveWriter
from tracker.config import init_home
from tracker.store.writer import Store

SECONDS = 4  # of processor time that a page may take here
SIZE = 10 if os.environ.get("TRACKER_BOMBS") else 1
BOMBS = {
    "tables": lambda: b"<html><body>" + b"<table><tr><td>" * 70_000 * SIZE + b"text",
    "divs": lambda: b"<html><body>" + b"<div>" * 10_000 * SIZE + b"hello world " * 50 + b"</div>" * 10_000 * SIZE,
    "line": lambda: b"<html><body><p>" + b"word " * 1_000_000 * SIZE + b"</p>",
    # what repeated groups, lazy quotation marks and trimming at both ends go back and forth over
    "regex": lambda: (
        b"<html><body><p>" + b"a" * 20_000 * SIZE + b"! " + b'"' * 10_000 * SIZE + b" " * 20_000 * SIZE + b"</p>"
    ),
    "stamps": lambda: b"<html><body><p>" + b"2026-01-0" * 6_000 * SIZE + b"By " * 6_000 * SIZE + b"</p>",
    "binary": lambda: b"<html>" + bytes(range(256)) * 2_000 * SIZE,
}
# Beyond what is read at all, the tables only when whole; how the others end is the extractor's choice, with a reason.
TOO_LARGE = {"tables", "line"} if SIZE > 1 else {"line"}


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A home that took in a WARC file of bombs, with an article before and after each."""
    home = tmp_path_factory.mktemp("bombs")
    init_home(home, feeds=False)
    (home / "outlets.toml").write_text(OUTLETS, encoding="utf-8")
    (home / "tracker.toml").write_text(SETTINGS, encoding="utf-8")
    for file in (home / "topics").iterdir():
        file.unlink()
    (home / "topics" / "storm.toml").write_text(TOPIC, encoding="utf-8")
    with ArchiveWriter(home / "given", lambda: AT, name="bombs.warc.gz") as archive:
        for number, (name, bomb) in enumerate(BOMBS.items()):
            words = f"The storm took {number} roofs in the town, and the mayor said that help was on its way to all."
            archive.append(response(f"good-{name}", page(f"The storm, part {number}", *(words,) * 3).body.encode()))
            archive.append(response(name, bomb()))
    limits = {"FETCH__MAX_PAGE_BYTES": "100000000", "BACKFILL__PAGE_SECONDS": str(SECONDS)}
    ended = subprocess.run(
        [sys.executable, "-m", "pipelines.cli", "--home", str(home), "backfill", "warc", str(home / "given")],
        env=os.environ | {f"TRACKER_{name}": value for name, value in limits.items()},
        capture_output=True,
        text=True,
        check=False,
        timeout=200,
    )
    assert ended.returncode in {0, 1}, ended.stderr
    assert "Traceback" not in ended.stderr
    return home


@pytest.fixture(scope="module")
def entries(home):
    with Store(home / "state" / "master.duckdb") as store:
        rows = store.db.dicts("SELECT url, status, status_reason FROM entries")
    return {str(row["url"]).rpartition("/")[2]: row for row in rows}


@pytest.mark.slow
def test_the_articles_around_them_are_stored(entries):
    assert {name: entries[f"good-{name}"]["status"] for name in BOMBS} == dict.fromkeys(BOMBS, "stored")


@pytest.mark.slow
@pytest.mark.parametrize("name", BOMBS)
def test_each_ends_with_a_status_and_a_reason(entries, name):
    ended = entries[name]
    assert ended["status"] in {"stored", "skipped", "failed"}
    assert ended["status"] == "stored" or ended["status_reason"]
    if name in TOO_LARGE:
        assert "too_large" in str(ended["status_reason"])
