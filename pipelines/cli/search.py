"""``tracker search``: full text over titles and bodies."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

import typer

from pipelines.cli.context import Context

Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="With --topic: days of publication.")]


def search(
    ctx: typer.Context,
    query: Annotated[
        str,
        typer.Argument(
            help='Words that must all be there; "a phrase", prefix*, "near words"~5, title:word, AND, OR, NOT, ( ).'
        ),
    ],
    *,
    topic: Annotated[str | None, typer.Option("--topic", help="Only articles on this topic.")] = None,
    outlet: Annotated[
        list[str] | None, typer.Option("--outlet", help="With --topic: only this outlet; may be repeated.")
    ] = None,
    since: Day = None,
    until: Day = None,
    order: Annotated[Literal["relevance", "newest", "oldest"], typer.Option("--order")] = "relevance",
    limit: Annotated[int, typer.Option("--limit", min=1, help="Articles to show.")] = 20,
    output_format: Annotated[
        Literal["text", "jsonl"], typer.Option("--format", help="jsonl: one JSON line an article.")
    ] = "text",
) -> None:
    """Search titles and texts of the published snapshot, newest versions, on any topic or none."""
    import sys

    from pipelines.search import print_found, print_json, search_home
    from tracker.report.filters import Filters

    context: Context = ctx.obj
    if topic is None and (outlet or since or until):
        raise typer.BadParameter("--outlet, --since and --until narrow a topic: name one with --topic")
    filters = topic and Filters(
        topic=topic,
        outlets=tuple(outlet or ()),
        since=since.date() if since else None,
        until=until.date() if until else None,
    )
    result = search_home(context.home, query, filters or None, order=order, limit=limit)
    (print_json if output_format == "jsonl" else print_found)(result, sys.stdout)


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(search)
