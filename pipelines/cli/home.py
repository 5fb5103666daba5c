"""``tracker init`` and ``tracker doctor``: a home, and whether it is in order."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.context import Context


def init(
    ctx: typer.Context,
    directory: Annotated[Path | None, typer.Argument(help="Where to write; the home by default.")] = None,
    *,
    no_feeds: Annotated[bool, typer.Option("--no-feeds", help="Write outlets without their feeds.")] = False,
) -> None:
    """Write a commented tracker.toml, outlets and the ruling's topic, ready to run."""
    from tracker.config import init_home

    context: Context = ctx.obj
    target = directory or context.home
    for path in init_home(target, feeds=not no_feeds):
        typer.echo(path)
    where = "" if target == Path() else f" --home {target}"
    context.progress.say(f"Next: set 'contact' in tracker.toml, then run 'tracker{where} nightly'.")


def doctor(ctx: typer.Context) -> None:
    """Check configuration, disk, clock, feeds, snapshot and versions; say how to mend what is wrong."""
    from pipelines.doctor import examine

    context: Context = ctx.obj
    is_well = True
    for finding in examine(context.home):
        is_well = is_well and finding.is_well
        typer.echo(f"{'ok  ' if finding.is_well else 'MEND'}  {finding.subject}: {finding.text}")
    raise typer.Exit(0 if is_well else 1)


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(init)
    app.command()(doctor)
