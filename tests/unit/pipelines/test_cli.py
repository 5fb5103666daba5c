"""The command line as a whole: help, exit codes, options, and what it does not import."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import get_args

import pytest
from filelock import FileLock

from pipelines.cli import outlets
from pipelines.cli.context import parse_now
from pipelines.home import lock
from tracker.errors import LockedError
from tracker.model import OutletKind

COMMANDS = [
    "init",
    "nightly",
    "poll",
    "watch",
    "demo",
    "dashboard",
    "sql",
    "feeds",
    "backfill",
    "extract",
    "score",
    "cluster",
    "rescore",
    "evaluate",
    "export",
    "report",
    "snapshot",
    "backup",
    "restore",
    "doctor",
]
HEAVY = (
    "streamlit",
    "pandas",
    "trafilatura",
    "duckdb",
    "numpy",
    "scipy",
    "aiohttp",
    "pyarrow",
    "altair",
    "lxml",
    "rich",
    "tracker.model",
)


def test_help_lists_every_command(tracker):
    ended = tracker("--help")
    assert ended.code == 0
    for name in COMMANDS:
        assert f" {name} " in ended.out, name
    for option in ("--home", "TRACKER_HOME", "--log-format", "--verbose", "--quiet"):
        assert option in ended.out
    assert ended.err == ""


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_of_its_own(tracker, name):
    ended = tracker(name, "--help")
    assert ended.code == 0
    assert len(ended.out.splitlines()) > 5


def test_kinds_of_outlets_are_those_of_the_model():
    assert get_args(outlets.Kind) == tuple(kind.value for kind in OutletKind)


@pytest.mark.parametrize("arguments", [["--help"], ["nightly", "--help"], ["score", "--help"]])
def test_help_imports_nothing_heavy(arguments):
    code = (
        f"import sys; sys.argv = ['tracker', *{arguments!r}]\n"
        "from pipelines.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        f"sys.stderr.write(' '.join(name for name in {HEAVY!r} if name in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "Usage" in done.stdout
    assert done.stderr == ""


def test_who_leads_a_backfill_imports_nothing_that_fetches_or_reads_pages():
    names = ("aiohttp", "feedparser", "jinja2", "lxml", "requests", "trafilatura", "wordllama")
    code = f"import sys, pipelines.backfill_warc; print(*(name for name in {names!r} if name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


@pytest.mark.parametrize(("asked", "threads"), [(None, "1"), ("4", "4")])
def test_products_of_matrices_take_one_thread_unless_the_user_asks_for_more(asked, threads):
    code = (
        "import os, sys; sys.argv = ['tracker', '--help']\n"
        "from pipelines.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "sys.stderr.write(os.environ['OPENBLAS_NUM_THREADS'])"
    )
    environment = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    environment |= {"OPENBLAS_NUM_THREADS": asked} if asked else {}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    assert done.stderr == threads


def test_the_collector_runs_seldom_and_leaves_what_is_there_at_the_end_alone():
    code = (
        "import atexit, gc, sys; sys.argv = ['tracker', '--help']\n"
        "atexit.register(lambda: sys.stderr.write(f'{gc.get_threshold()[0]} {gc.get_freeze_count() > 0}'))\n"
        "from pipelines.cli import main\n"
        "main()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr == "20000 True"


# ---------------------------------------------------------------- exit codes


@pytest.mark.parametrize(
    "arguments",
    [
        ["no-such-command"],
        ["nightly", "--no-such-option"],
        ["sql", "--format", "xml", "SELECT 1"],
        ["evaluate", "astrology", "--data", "x"],
        ["--log-format", "xml", "doctor"],
        ["backfill", "urls"],
        ["extract"],
    ],
)
def test_wrong_usage_is_2_with_a_message(tracker, arguments):
    ended = tracker(*arguments)
    assert ended.code == 2
    assert ended.err
    assert ended.out == ""


@pytest.mark.parametrize("command", ["nightly", "poll", "rescore"])
def test_a_home_that_is_none_is_2_and_says_which_file(tracker, command):
    ended = tracker(command)
    assert ended.code == 2
    assert "outlets.toml" in ended.err
    assert "Traceback" not in ended.err


@pytest.fixture
def made(tracker, tmp_path):
    assert tracker("--home", "h", "init", "--no-feeds").code == 0
    return tmp_path / "h"


def test_a_bad_key_is_2_and_says_where(tracker, made):
    (made / "tracker.toml").write_text("[fetch]\nper_host_dely = 1\n")
    ended = tracker("--home", made, "nightly")
    assert ended.code == 2
    assert "tracker.toml:2" in ended.err
    assert "per_host_delay" in ended.err


def test_a_bad_value_in_the_environment_is_2(tracker, made, monkeypatch):
    monkeypatch.setenv("TRACKER_FETCH__PER_HOST_DELAY", "soon")
    ended = tracker("--home", made, "nightly")
    assert ended.code == 2
    assert "TRACKER_FETCH__PER_HOST_DELAY" in ended.err


def test_another_run_is_3(tracker, made):
    (made / "state").mkdir()
    with FileLock(made / "state" / "lock"):
        for command in (["nightly"], ["poll"], ["rescore"]):
            ended = tracker("--home", made, *command)
            assert ended.code == 3
            assert "another run is under way" in ended.err
    assert tracker("--home", made, "rescore").code == 0  # and it is let go


def test_no_feed_that_answers_is_4(tracker, made):
    with (made / "outlets.toml").open("a") as file:
        file.write('\n[[outlets]]\noutlet = "zz"\nname = "Zz"\nfeeds = ["http://zz.invalid/feed"]\n')
    ended = tracker("--home", made, "nightly")
    assert ended.code == 4, ended.err
    assert "http://zz.invalid/feed" in ended.err


def test_a_home_without_feeds_is_judged_and_published(tracker, made):
    ended = tracker("--home", made, "nightly")
    assert ended.code == 0
    assert (made / "coverage.duckdb").exists()
    assert "run 'tracker backfill urls FILE'" in ended.out


def test_an_unknown_outlet_is_2_with_a_suggestion(tracker, made):
    for command in (["nightly"], ["nightly", "--dry-run"], ["poll"]):
        ended = tracker("--home", made, *command, "--only", "fox-new")
        assert ended.code == 2
        assert "--only fox-new: no such outlet" in ended.err
        assert "fox-news?" in ended.err


def test_a_dry_run_asks_and_writes_nothing(tracker, tmp_path):
    tracker("--home", "h", "init")
    ended = tracker("--home", "h", "nightly", "--dry-run", "--only", "fox-news")
    assert ended.code == 0
    assert ended.out.startswith("would poll ")
    assert all(line.startswith("fox-news\t") for line in ended.out.splitlines()[1:])
    assert not (tmp_path / "h" / "state").exists()


def test_init_refuses_to_overwrite(tracker, made):
    ended = tracker("--home", made, "init")
    assert ended.code == 2
    assert "tracker.toml" in ended.err


# ---------------------------------------------------------------- options


def test_the_home_may_come_from_the_environment(tracker, home, monkeypatch):
    monkeypatch.setenv("TRACKER_HOME", str(home))
    assert tracker("sql", "SELECT count(*) AS n FROM outlets", "--format", "csv").out == "n\n3\n"
    assert tracker("--home", "elsewhere", "sql", "SELECT 1").code == 1  # the option goes first


def test_json_logs_parse_line_by_line_and_stdout_keeps_results(tracker, made):
    ended = tracker("--home", made, "--log-format", "json", "nightly")
    lines = [json.loads(line) for line in ended.err.splitlines()]
    assert lines
    for line in lines:
        assert set(line) >= {"at", "level", "message"}
        assert line["level"] in {"debug", "info", "warning"}
    assert "Published" in lines[-1]["message"]
    assert "Published" not in ended.out


def test_quiet_says_only_what_went_wrong(tracker, made):
    assert tracker("--home", made, "-q", "nightly").err == ""


@pytest.mark.parametrize("text", ["tomorrow", "2026-13-01", "12:00", ""])
def test_now_must_be_a_time(tracker, made, text):
    ended = tracker("--home", made, "nightly", "--now", text)
    assert ended.code == 2
    assert "no ISO 8601 time" in ended.err


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-01-07", "2026-01-07T00:00:00+00:00"),
        ("2026-01-07T04:00", "2026-01-07T04:00:00+00:00"),
        ("2026-01-07T04:00:00Z", "2026-01-07T04:00:00+00:00"),
        ("2026-01-07T04:00:00-05:00", "2026-01-07T09:00:00+00:00"),
    ],
)
def test_now_is_read_as_utc(text, expected):
    moment = parse_now(text)
    assert moment is not None
    assert moment.isoformat() == expected
    assert parse_now(None) is None


# ---------------------------------------------------------------- doctor and the lock


def test_doctor_of_a_new_home_says_what_is_missing_and_how_to_mend_it(tracker, made):
    ended = tracker("--home", made, "doctor")
    assert ended.code == 1
    found = {line[6:].partition(":")[0]: line for line in ended.out.splitlines()}
    assert found["configuration"].startswith("ok")
    assert found["contact"].startswith("MEND")
    assert found["snapshot"].startswith("MEND")
    assert "run 'tracker nightly' first" in found["snapshot"]
    assert found["versions"].startswith("ok")


def test_doctor_of_a_home_in_order(tracker, made):
    text = (made / "tracker.toml").read_text()
    (made / "tracker.toml").write_text(text.replace('contact = ""', 'contact = "me@example.org"', 1))
    tracker("--home", made, "nightly")
    ended = tracker("--home", made, "doctor")
    assert ended.code == 0, ended.out
    assert all(line.startswith("ok") for line in ended.out.splitlines())


def test_doctor_finds_a_broken_configuration_and_no_home_at_all(tracker, made):
    (made / "outlets.toml").write_text("[[outlets]]\nname = 7\n")
    ended = tracker("--home", made, "doctor")
    assert ended.code == 1
    assert "MEND  configuration: " in ended.out
    ended = tracker("--home", "nowhere", "doctor")
    assert ended.code == 1
    assert "MEND  home: nowhere: no such directory" in ended.out


def test_doctor_finds_a_stale_snapshot_and_troubled_feeds(tracker, made, home):
    (made / "coverage.duckdb").symlink_to((home / "coverage.duckdb").resolve())
    ended = tracker("--home", made, "doctor")
    assert "MEND  snapshot: as of 2025-05-20 04:00 UTC" in ended.out
    assert "MEND  feeds: " in ended.out


def test_feed_health_says_what_is_wrong_with_each(tracker, home):
    ended = tracker("--home", home, "feeds", "check")
    assert ended.code == 1
    (failing,) = [line for line in ended.out.splitlines() if "hill-herald" in line]
    assert failing.startswith("LOOK")
    assert "timeout" in failing
    assert "never answered well" in failing
    assert len(ended.out.splitlines()) == 3


def test_a_lock_is_held_once(tmp_path):
    with lock(tmp_path), pytest.raises(LockedError), lock(tmp_path):
        pass
    with lock(tmp_path):
        pass


def test_evaluate_says_which_file_is_missing(tracker):
    ended = tracker("evaluate", "sentiment", "--data", "none.jsonl")
    assert ended.code == 1
    assert "none.jsonl: no such file" in ended.err
