"""``tracker schedule``: an hourly poll and a nightly run by systemd's user timers or by cron, as text or installed."""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tracker.errors import ConfigError

System = Literal["systemd", "cron"]

BEGIN, END = "# coverage-tracker: begin of {home}", "# coverage-tracker: end of {home}"
POLL_MINUTE, NIGHT_HOUR, NIGHT_MINUTE = 7, 3, 41  # odd minutes: full hours are when everybody asks


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """One file for systemd."""

    name: str
    text: str


def units(home: Path) -> tuple[Unit, ...]:
    """Return the services and timers of a home. ``Persistent`` makes up for runs missed in sleep."""
    nightly = f"OnCalendar=*-*-* {NIGHT_HOUR:02}:{NIGHT_MINUTE:02}\nRandomizedDelaySec=10m"
    return (
        *_pair(home, "poll", f"OnCalendar=*-*-* *:{POLL_MINUTE:02}"),
        *_pair(home, "nightly", nightly),
    )


def _pair(home: Path, command: str, when: str) -> tuple[Unit, Unit]:
    words = " ".join(
        f'"{word}"' for word in (sys.executable, "-m", "pipelines.cli", "--home", str(home), "-q", command)
    )
    service = (
        f"[Unit]\nDescription=Coverage tracker, {command}\n\n[Service]\nType=oneshot\n"
        f"ExecStart={words.replace('%', '%%')}\n"
        # 1 is a run with something worth a look, 3 one that met another: neither is a failure of the service
        "SuccessExitStatus=1 3\nNice=10\n"
    )
    timer = (
        f"[Unit]\nDescription=Coverage tracker, {command}\n\n[Timer]\n{when}\nPersistent=true\n\n"
        "[Install]\nWantedBy=timers.target\n"
    )
    name = f"coverage-tracker-{command}"
    return Unit(name=f"{name}.service", text=service), Unit(name=f"{name}.timer", text=timer)


def crontab(home: Path, before: str) -> str:
    """Return a crontab with this home's two lines, in place of those that it may have.

    Cron does not make up for what it slept through, so both start after a boot too; a run that meets another ends.
    """
    run = shlex.join([sys.executable, "-m", "pipelines.cli", "--home", str(home), "-q"]).replace("%", r"\%")
    lines = [
        BEGIN.format(home=home),
        f"{POLL_MINUTE} * * * * {run} poll >/dev/null",
        f"{NIGHT_MINUTE} {NIGHT_HOUR} * * * {run} nightly >/dev/null",
        f"@reboot sleep 120; {run} poll >/dev/null",
        END.format(home=home),
    ]
    return without(home, before) + "\n".join(lines) + "\n"


def without(home: Path, crontab_text: str) -> str:
    """Return a crontab without this home's lines."""
    kept: list[str] = []
    is_ours = False
    for line in crontab_text.splitlines():
        is_ours = is_ours or line == BEGIN.format(home=home)
        if not is_ours:
            kept.append(line)
        is_ours = is_ours and line != END.format(home=home)
    return "".join(f"{line}\n" for line in kept)


def install(home: Path, system: System | None, folder: Path) -> list[str]:
    """Install for systemd where it is there, else for cron; ``folder`` is that of the user's units. Say what was done.

    Raises ConfigError where neither is there, or refuses.
    """
    home = home.resolve()
    if (system or _found()) == "cron":
        _run(["crontab", "-"], crontab(home, _crontab()))
        return ["crontab: poll hourly, nightly once a night; 'crontab -l' shows both"]
    folder.mkdir(parents=True, exist_ok=True)
    for unit in units(home):
        (folder / unit.name).write_text(unit.text, encoding="utf-8")
    timers = [unit.name for unit in units(home) if unit.name.endswith(".timer")]
    _run(["systemctl", "--user", "daemon-reload"])
    _run(["systemctl", "--user", "enable", "--now", *timers])
    return [
        *(str(folder / unit.name) for unit in units(home)),
        "to go on while logged out: loginctl enable-linger $USER",
    ]


def _found() -> System:
    for program, system in (("systemctl", "systemd"), ("crontab", "cron")):
        if shutil.which(program):
            return "systemd" if system == "systemd" else "cron"
    raise ConfigError("neither systemctl nor crontab is here: on macOS and Windows see docs/operations.md")


def _crontab() -> str:
    shown = subprocess.run(["crontab", "-l"], capture_output=True, text=True, check=False)  # noqa: S607
    return shown.stdout if shown.returncode == 0 else ""  # 1 where there is none yet


def _run(command: list[str], text: str | None = None) -> None:
    try:
        subprocess.run(command, input=text, text=True, check=True, capture_output=True)  # noqa: S603
    except OSError as error:
        raise ConfigError(
            f"{command[0]}: {error}; 'tracker schedule show' gives the text to install by hand"
        ) from error
    except subprocess.CalledProcessError as error:
        said = " ".join(str(error.stderr).split())
        raise ConfigError(
            f"{shlex.join(command)}: {said}; 'tracker schedule install --system cron' is the other way"
        ) from error
