"""``tracker sql`` and ``tracker export``: what the snapshot holds."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from pipelines.cli.context import Context
from pipelines.cli.group import Group

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


class _TablesByDefault(Group):
    """A group in which ``export DIR`` means ``export tables DIR``."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the default command first where none is named and no help is asked for."""
        if not args or (args[0] not in self.commands and args[0] not in ctx.help_option_names):
            args = ["tables", *args]
        return super().parse_args(ctx, args)


exports = typer.Typer(
    cls=_TablesByDefault,
    help="Write the data to files: 'export DIR', 'export lake DIR', 'export replication DIR' for others, 'export rss'.",
)
Snapshot = Annotated[
    str | None, typer.Option("--snapshot", help="A snapshot by name or hash; the current one by default.")
]


@exports.command("tables")
def export_tables(
    ctx: typer.Context,
    directory: Annotated[Path, typer.Argument(help="Directory to write into; made where needed.")] = Path("export"),
    output_format: Annotated[
        Literal["parquet", "csv", "jsonl", "xlsx"],
        typer.Option("--format", help="csv and xlsx are made for spreadsheets."),
    ] = "parquet",
    snapshot: Snapshot = None,
    *,
    with_text: Annotated[bool, typer.Option("--with-text", help="Include the texts, which are the outlets'.")] = False,
) -> None:
    """Write every public table and view, and a manifest that says where they come from. This is the default."""
    from pipelines.export import export_tables

    context: Context = ctx.obj
    for path in export_tables(context.home, directory, output_format, with_text=with_text, snapshot=snapshot):
        typer.echo(path)


@exports.command("lake")
def export_lake(
    ctx: typer.Context,
    directory: Annotated[Path, typer.Argument(help="Directory to write into; made where needed.")] = Path("lake"),
    by: Annotated[Literal["day", "month"], typer.Option("--by", help="What large tables are parted by.")] = "day",
    snapshot: Snapshot = None,
    *,
    with_text: Annotated[bool, typer.Option("--with-text", help="Include the texts, which are the outlets'.")] = False,
) -> None:
    """Write Parquet for a lake: a folder a table, large ones parted by day or month as Hive does, and a manifest."""
    from pipelines.lake import export_lake

    context: Context = ctx.obj
    for path in export_lake(context.home, directory, by=by, with_text=with_text, snapshot=snapshot):
        typer.echo(path)


@exports.command("replication")
def export_replication(
    ctx: typer.Context,
    directory: Annotated[Path, typer.Argument(help="Directory to write into; made where needed.")] = Path(
        "replication"
    ),
    snapshot: Snapshot = None,
) -> None:
    """Write what others need to check the figures: addresses, hashes, codings, scores, methods; no text."""
    from pipelines.replication import export_replication

    context: Context = ctx.obj
    for path in export_replication(context.home, directory, snapshot):
        typer.echo(path)


@exports.command("rss")
def export_rss(
    ctx: typer.Context,
    output: Annotated[Path, typer.Argument(help="File to write.")] = Path("coverage.rss"),
    topic: Annotated[str | None, typer.Option("--topic", help="Topic; the first by title by default.")] = None,
    link: Annotated[str | None, typer.Option("--link", metavar="URL", help="Where the feed will stand.")] = None,
) -> None:
    """Write the newest articles on a topic as an RSS feed: headlines and links; wire copies stay out."""
    from pipelines.rss import write_rss

    context: Context = ctx.obj
    n = write_rss(context.home, output, topic=topic, link=link)
    typer.echo(output)
    context.progress.say(f"{n} articles")


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(sql)
    app.add_typer(exports, name="export")
