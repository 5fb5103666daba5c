"""``tracker backup`` and ``tracker restore``: a home in one file, and back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.context import Context

MEGABYTE = 1_000_000


def backup(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help="File to write, such as coverage-2026-01-07.tar.gz.")],
    *,
    with_archive: Annotated[
        bool, typer.Option("--with-archive", help="Include the pages as fetched (WARC), which are large.")
    ] = False,
) -> None:
    """Write settings, outlets, topics, decisions, database and pinned snapshots into one file."""
    from pipelines.backup import backup

    context: Context = ctx.obj
    contents = backup(context.home, file, with_archive=with_archive)
    typer.echo(file)
    context.progress.say(f"{len(contents.files)} files, {file.stat().st_size / MEGABYTE:.1f} MB")


def restore(ctx: typer.Context, file: Annotated[Path, typer.Argument(help="A file that 'backup' wrote.")]) -> None:
    """Make a home from a backup, in an empty directory."""
    from pipelines.backup import restore

    context: Context = ctx.obj
    contents = restore(context.home, file)
    typer.echo(context.home)
    context.progress.say(f"{len(contents.files)} files as of {contents.made_at}; the next run goes on from there")


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(backup)
    app.command()(restore)
