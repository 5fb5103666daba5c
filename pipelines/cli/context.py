"""What the global options say, for every command."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

if TYPE_CHECKING:
    from pipelines.progress import Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """The global options."""

    home: Path
    is_default_home: bool
    log_format: Literal["text", "json"]
    verbosity: int

    @property
    def progress(self) -> Progress:
        """How this command tells what it is doing."""
        from pipelines.progress import Progress

        return Progress(log_format=self.log_format, verbosity=self.verbosity)


def parse_now(text: str | None) -> datetime | None:
    """Read ``--now``: an ISO 8601 time, UTC where it names no zone."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is no ISO 8601 time; write one like 2026-01-07T04:00:00Z") from error
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


Now = Annotated[str | None, typer.Option("--now", metavar="TIME", help="Take this for the time, to replay a night.")]
