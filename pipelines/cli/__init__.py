"""The command line: ``tracker``. Heavy imports wait until a command needs them, so that help is quick."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from pipelines.cli import (
    backfill,
    backup,
    coding,
    coverage,
    feeds,
    frames,
    home,
    match,
    notices,
    outlets,
    report,
    runs,
    schedule,
    search,
    snapshot,
    texts,
    topic,
)
from pipelines.cli.context import Context
from pipelines.cli.group import Group
from pipelines.process import prepare
from tracker.errors import ConfigError, LockedError, TrackerError

USAGE, LOCKED, FAILED = 2, 3, 1  # exit codes of the contract

app = typer.Typer(
    cls=Group,
    help="Who covered a story, how much, in which frame, in what tone, in whose words, and what changed since: "
    "with evidence, on your own machine.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # Rich alone would take as long to import as all the rest
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def options(  # noqa: D103 - its text would be the program's help, which the Typer object gives
    ctx: typer.Context,
    home_dir: Annotated[
        Path, typer.Option("--home", envvar="TRACKER_HOME", help="Directory that holds tracker.toml and the data.")
    ] = Path(),
    log_format: Annotated[
        Literal["text", "json"], typer.Option("--log-format", help="How progress is written to stderr.")
    ] = "text",
    verbose: Annotated[int, typer.Option("-v", "--verbose", count=True, help="Say more.")] = 0,
    *,
    quiet: Annotated[bool, typer.Option("-q", "--quiet", help="Say only what went wrong.")] = False,
) -> None:
    is_default = ctx.get_parameter_source("home_dir").name == "DEFAULT"  # type: ignore[union-attr]
    ctx.obj = Context(
        home=home_dir, is_default_home=is_default, log_format=log_format, verbosity=-1 if quiet else verbose
    )


for group in (home, runs, coverage, search, report, notices, texts, backup):
    group.add_to(app)
app.add_typer(backfill.app, name="backfill")
app.add_typer(feeds.app, name="feeds")
app.add_typer(outlets.app, name="outlets")
app.add_typer(topic.app, name="topic")
app.add_typer(match.app, name="match")
app.add_typer(frames.app, name="frames")
app.add_typer(coding.app, name="coding")
app.add_typer(schedule.app, name="schedule")
app.add_typer(snapshot.app, name="snapshot")


def main() -> None:
    """Run the command line; turn the tracker's errors into a message and an exit code."""
    prepare()
    try:
        app()
    except LockedError as error:
        _fail(str(error), LOCKED)
    except ConfigError as error:
        _fail(str(error), USAGE)
    except TrackerError as error:
        _fail(str(error), FAILED)


def _fail(message: str, code: int) -> None:
    sys.stderr.write(f"tracker: {message}\n")
    sys.exit(code)
