"""``tracker backfill``: history, from wherever it can be had."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from pipelines.cli.context import Context
from pipelines.cli.group import Group
from pipelines.cli.runs import Only

if TYPE_CHECKING:
    from pipelines.backfill_texts import GivenStory
    from pipelines.given import Problem

app = typer.Typer(cls=Group, help="History, through the same steps as the nightly run.", no_args_is_help=True)


@app.command("urls")
def from_urls(
    ctx: typer.Context, file: Annotated[Path, typer.Argument(help="One address a line; # begins a remark.")]
) -> None:
    """Fetch a list of addresses and put them through the same steps as the nightly run."""
    import asyncio

    from pipelines.backfill import backfill_urls
    from pipelines.summary import print_summary

    context: Context = ctx.obj
    code, run = asyncio.run(backfill_urls(context.home, file, context.progress))
    print_summary(run)
    raise typer.Exit(code)


@app.command("warc")
def from_warc(
    ctx: typer.Context,
    paths: Annotated[
        list[str],
        typer.Argument(
            metavar="PATH...", help="WARC files: paths, globs, directories, fsspec addresses, or @FILE that lists them."
        ),
    ],
    *,
    only: Only = None,
    since: Annotated[str | None, typer.Option("--since", metavar="DAY", help="Captured on this day or later.")] = None,
    until: Annotated[str | None, typer.Option("--until", metavar="DAY", help="Captured on this day or before.")] = None,
    text: Annotated[
        list[str] | None,
        typer.Option("--text", metavar="WORDS", help="Read only pages that hold one of these words; may be repeated."),
    ] = None,
    workers: Annotated[int, typer.Option("--workers", min=1, max=256, help="Processes that read pages.")] = 1,
    engine: Annotated[Literal["local", "dask"], typer.Option("--engine", help="This process's, or dask's.")] = "local",
    scheduler: Annotated[
        str | None, typer.Option("--scheduler", metavar="ADDRESS", help="Of a dask scheduler; default: one of our own.")
    ] = None,
    store: Annotated[
        str | None,
        typer.Option("--store", metavar="ADDRESS", help="Where shards go: a directory, or what fsspec writes to."),
    ] = None,
    only_known: Annotated[
        bool, typer.Option("--only-known", help="Only outlets of outlets.toml; others are made from addresses.")
    ] = False,
) -> None:
    """Bring the pages of WARC files, such as CC-NEWS, through the same steps as the nightly run. No network."""
    from pipelines.backfill_warc import Means, backfill_warc, said
    from pipelines.scaleout.job import Filters
    from pipelines.summary import print_summary

    context: Context = ctx.obj
    filters = Filters(
        outlets=frozenset(only or ()),
        only_known=only_known,
        since=_day(since, "--since"),
        until=_day(until, "--until"),
        words=tuple(text or ()),
    )
    means = Means(workers=workers, engine=engine, scheduler=scheduler, store=store)
    code, run, mapped = backfill_warc(context.home, paths, filters, means, context.progress)
    print_summary(run)
    typer.echo(said(mapped))
    raise typer.Exit(code)


@app.command("wayback")
def from_wayback(
    ctx: typer.Context,
    url: Annotated[str, typer.Argument(help="A page, or all below one: 'example.org/news/*'.")],
    *,
    since: Annotated[str | None, typer.Option("--since", metavar="DAY", help="Captured on this day or later.")] = None,
    until: Annotated[str | None, typer.Option("--until", metavar="DAY", help="Captured on this day or before.")] = None,
) -> None:
    """Take in pages as the Wayback Machine captured them then, several captures of one as its versions."""
    from pipelines.backfill_warc import said
    from pipelines.backfill_wayback import backfill_wayback
    from pipelines.summary import print_summary

    context: Context = ctx.obj
    days = _day(since, "--since"), _day(until, "--until")
    code, run, mapped = backfill_wayback(context.home, url, *days, context.progress)
    print_summary(run)
    typer.echo(said(mapped))
    raise typer.Exit(code)


AllEntries = Annotated[
    bool, typer.Option("--all-entries", help="Fetch the pages of all addresses, not only of likely ones.")
]


@app.command("sitemap")
def from_sitemap(
    ctx: typer.Context,
    url: Annotated[str, typer.Argument(help="A sitemap, or an index of sitemaps.")],
    *,
    all_entries: AllEntries = False,
) -> None:
    """Take in the pages that a site's sitemaps list."""
    import asyncio

    from pipelines.backfill import backfill_sitemap
    from pipelines.summary import print_summary

    context: Context = ctx.obj
    code, run = asyncio.run(backfill_sitemap(context.home, url, context.progress, all_entries=all_entries))
    print_summary(run)
    raise typer.Exit(code)


@app.command("gdelt")
def from_gdelt(
    ctx: typer.Context,
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="[FILE...]", help="Its 15-minute files, or .json answers.")
    ] = None,
    *,
    query: Annotated[str | None, typer.Option("--query", help="Ask its DOC API for this, three months back.")] = None,
    since: Annotated[str | None, typer.Option("--since", metavar="DAY", help="For --query: from this day on.")] = None,
    until: Annotated[str | None, typer.Option("--until", metavar="DAY", help="For --query: up to this day.")] = None,
    all_entries: AllEntries = False,
) -> None:
    """Take in the pages of addresses that GDELT saw."""
    import asyncio
    from datetime import UTC, datetime, time, timedelta

    from pipelines.backfill import Asked, backfill_gdelt
    from pipelines.summary import print_summary

    first, last = _day(since, "--since"), _day(until, "--until")
    if (not files and not query) or (query and not first):
        raise typer.BadParameter("give files, or --query with --since DAY")
    asked = None
    if query and first:
        end = datetime.combine(last, time(), UTC) + timedelta(days=1) if last else datetime.now(UTC)
        asked = Asked(query=query, since=datetime.combine(first, time(), UTC), until=end)
    context: Context = ctx.obj
    work = backfill_gdelt(context.home, files or (), asked, context.progress, all_entries=all_entries)
    code, run = asyncio.run(work)
    print_summary(run)
    raise typer.Exit(code)


def _day(text: str | None, option: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise typer.BadParameter(f"{option} {text!r} is no day; write one like 2026-01-07") from error


@app.command("jsonl")
def from_jsonl(
    ctx: typer.Context,
    file: Annotated[
        Path,
        typer.Argument(help="JSON lines: outlet, title, text; perhaps id, date or published_at, url, authors, kind."),
    ],
) -> None:
    """Bring texts that one already holds, with outlet and date, through the same steps. No network."""
    from pipelines.backfill_texts import backfill_texts
    from pipelines.summary import print_summary

    context: Context = ctx.obj
    code, run = backfill_texts(context.home, file, context.progress)
    print_summary(run)
    raise typer.Exit(code)


Exported = Annotated[list[Path], typer.Argument(metavar="FILE...", help="Files as exported, in any number.")]


@app.command("nexis")
def from_nexis(ctx: typer.Context, files: Exported) -> None:
    """Bring articles exported from Nexis Uni as Word files (.docx, full documents). No network."""
    from pipelines.database_exports import read_nexis

    _bring(ctx, "nexis", files, read_nexis(files))


@app.command("factiva")
def from_factiva(ctx: typer.Context, files: Exported) -> None:
    """Bring articles saved from Factiva as HTML with "Full Article/Report plus Indexing". No network."""
    from pipelines.database_exports import read_factiva

    _bring(ctx, "factiva", files, read_factiva(files))


def _bring(ctx: typer.Context, via: str, files: Sequence[Path], stories: Iterable[GivenStory | Problem]) -> None:
    from pipelines.backfill_texts import backfill_stories
    from pipelines.summary import print_summary

    context: Context = ctx.obj
    name = files[0].name if len(files) == 1 else f"{len(files)} files"
    code, run = backfill_stories(context.home, via, name, stories, context.progress)
    print_summary(run)
    raise typer.Exit(code)
