"""Progress on stderr: a bar on a terminal, plain lines elsewhere, JSON lines where asked for."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, Protocol

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as RichProgress

# What moves a terminal's cursor, colours it or turns its text around: C0 but tab and line feed, C1, bidi controls.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def visible(text: str) -> str:
    """Return text with what would steer a terminal written out: others' headlines and errors are printed."""
    return _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


class Advance(Protocol):
    """Call with how many more are done."""

    def __call__(self, n: int = 1) -> None:
        """Count ``n`` more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How a command tells what it is doing. ``verbosity``: -1 quiet, 0 normal, 1 verbose."""

    log_format: Literal["text", "json"] = "text"
    verbosity: int = 0

    def say(self, message: str, **facts: str | float | None) -> None:
        """Write one line, with its facts in JSON, unless told to be quiet."""
        if self.verbosity >= 0:
            self._write("info", message, facts)

    def detail(self, message: str, **facts: str | float | None) -> None:
        """Write one line only where asked to be verbose."""
        if self.verbosity > 0:
            self._write("debug", message, facts)

    def warn(self, message: str, **facts: str | float | None) -> None:
        """Write one line whatever the verbosity."""
        self._write("warning", message, facts)

    def _write(self, level: str, message: str, facts: dict[str, str | int | float | None]) -> None:
        if self.log_format == "json":
            at = datetime.now(UTC).isoformat(timespec="seconds")
            line = json.dumps({"at": at, "level": level, "message": message} | facts, ensure_ascii=False)
        else:
            text = message + "".join(f"  {name}={value}" for name, value in facts.items() if value is not None)
            line = visible(text)
        sys.stderr.write(line + "\n")
        sys.stderr.flush()

    @contextmanager
    def bar(self, title: str, total: int) -> Iterator[Advance]:
        """Show a bar on a terminal; elsewhere a line when done."""
        console = Console(stderr=True)
        if self.log_format == "json" or self.verbosity < 0 or not console.is_terminal:
            done = 0

            def count(n: int = 1) -> None:
                nonlocal done
                done += n

            yield count
            if total:
                self.say(f"{title}: {done} of {total}")
            return
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with RichProgress(*columns, console=console) as rich:
            task = rich.add_task(title, total=total)

            def advance(n: int = 1) -> None:
                rich.advance(task, n)

            yield advance
