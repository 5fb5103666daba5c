"""Commands that the set-up page runs: the same that a person would type, each a process of its own."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass

from dashboard import data

SECONDS = 600.0  # a poll of a slow site; longer than anybody waits before a page


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """How a command ended. ``said`` is what it told people, ``lines`` what it gave."""

    typed: str
    code: int
    lines: tuple[str, ...]
    said: str


def run(*arguments: str, seconds: float = SECONDS) -> Done:
    """Run ``tracker`` in the home that is shown. A command that takes too long ends with 124, as timeout(1) says."""
    command = [sys.executable, "-c", "from pipelines.cli import main; main()", "--home", str(data.home())]
    typed = "tracker " + " ".join(arguments)
    try:
        done = subprocess.run(  # noqa: S603 - our own program, arguments apart and no shell
            [*command, *arguments], capture_output=True, text=True, timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired:
        return Done(typed=typed, code=124, lines=(), said=f"stopped after {seconds:g} s")
    return Done(typed=typed, code=done.returncode, lines=tuple(done.stdout.splitlines()), said=done.stderr.strip())
