"""``tracker report``: the questions and their answers in one file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.context import Context


def report(
    ctx: typer.Context,
    output: Annotated[Path, typer.Option("--output", help="File to write.")] = Path("coverage-report.html"),
    topic: Annotated[str | None, typer.Option("--topic", help="One topic; all by default.")] = None,
    snapshot: Annotated[
        str | None, typer.Option("--snapshot", help="A snapshot by name or hash; the current one by default.")
    ] = None,
) -> None:
    """Write a report in one HTML file: opens from disk, prints, asks nobody for anything."""
    from pipelines.report.page import write_report

    context: Context = ctx.obj
    typer.echo(write_report(context.home, output, topic=topic, snapshot=snapshot))


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(report)
