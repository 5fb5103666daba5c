from __future__ import annotations

import sys
from pathlib import Path

from pipelines.schedule import crontab, units, without

HOME = Path("/srv/my coverage")


def test_again_changes_nothing_and_what_others_wrote_stays():
    before = "MAILTO=desk@example.org\n5 5 * * * backup\n"
    once = crontab(HOME, before)
    assert once.startswith(before)
    assert crontab(HOME, once) == once
    assert without(HOME, once) == before
    assert "7 * * * *" in once
    assert "'/srv/my coverage' -q nightly" in once


def test_two_homes_have_lines_of_their_own():
    both = crontab(Path("/other"), crontab(HOME, ""))
    assert both.count(" nightly ") == 2
    assert without(HOME, both) == crontab(Path("/other"), "")


def test_timers_catch_up_and_services_name_the_home_and_this_python():
    found = {unit.name: unit.text for unit in units(HOME)}
    assert sorted(found) == [f"coverage-tracker-{name}" for name in (
        "nightly.service", "nightly.timer", "poll.service", "poll.timer")]  # fmt: skip
    assert "Persistent=true" in found["coverage-tracker-nightly.timer"]
    assert f'ExecStart="{sys.executable}" "-m"' in found["coverage-tracker-poll.service"]
    assert '"/srv/my coverage" "-q" "poll"' in found["coverage-tracker-poll.service"]
