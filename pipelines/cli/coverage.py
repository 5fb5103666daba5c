"""``tracker sql`` and ``tracker export``: what the snapshot holds."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from pipelines.cli.context import Context

TIME_LIMIT = 20.0  # seconds a query may take unless told otherwise


def sql(
    ctx: typer.Context,
    query: Annotated[str | None, typer.Argument(help="SQL; without it, stdin or a prompt.")] = None,
    output_format: Annotated[Literal["table", "csv", "json", "parquet"], typer.Option("--format")] = "table",
    output: Annotated[Path | None, typer.Option("--output", help="File to write; stdout by default.")] = None,
    time_limit: Annotated[float, typer.Option("--timeout", help="Seconds that a query may take.")] = TIME_LIMIT,
) -> None:
    """Ask the published snapshot in SQL: read-only and sandboxed."""
    import sys

    from pipelines.sql import ask, prompt

    context: Context = ctx.obj
    if query is None and not sys.stdin.isatty():
        query = sys.stdin.read()
    if query is None:
        prompt(context.home, time_limit=time_limit)
        return
    ask(context.home, query, output_format=output_format, output=output, time_limit=time_limit)


def export(
    ctx: typer.Context,
    directory: Annotated[Path, typer.Argument(help="Directory to write into; made where needed.")] = Path("export"),
    output_format: Annotated[Literal["parquet", "csv", "jsonl"], typer.Option("--format")] = "parquet",
    *,
    with_text: Annotated[bool, typer.Option("--with-text", help="Include the texts, which are the outlets'.")] = False,
) -> None:
    """Write every public table and view of the snapshot to files."""
    from pipelines.export import export_tables

    context: Context = ctx.obj
    for path in export_tables(context.home, directory, output_format, with_text=with_text):
        typer.echo(path)


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(sql)
    app.command()(export)
