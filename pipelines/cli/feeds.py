"""``tracker feeds``: the feeds and their health."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli.context import Context
from pipelines.cli.group import Group

if TYPE_CHECKING:
    from tracker.model import Feed

app = typer.Typer(cls=Group, help="The feeds and their health.", no_args_is_help=True)


@app.command("list")
def list_feeds(ctx: typer.Context) -> None:
    """List the configured feeds: outlet, kind, address."""
    from pipelines.home import open_home
    from pipelines.runs import feeds_of

    context: Context = ctx.obj
    for feed in feeds_of(open_home(context.home)):
        typer.echo(f"{feed.outlet}\t{feed.kind}\t{feed.url}")


@app.command()
def add(
    ctx: typer.Context,
    url: Annotated[str, typer.Argument(help="Address of the feed.")],
    name: Annotated[str | None, typer.Option("--name", help="Outlet's name, where its address is not known.")] = None,
) -> None:
    """Add one feed to outlets.toml."""
    _list(_add(ctx.obj, [(name, url)]))


@app.command()
def discover(
    ctx: typer.Context,
    site: Annotated[str, typer.Argument(help="Address of the site, or of its page of feeds.")],
    limit: Annotated[int, typer.Option("--limit", min=1, max=200, help="Addresses to ask, at most.")] = 20,
    name: Annotated[str | None, typer.Option("--name", help="Outlet's name, where its address is not known.")] = None,
    *,
    add: Annotated[bool, typer.Option("--add", help="Add what is found to outlets.toml.")] = False,
) -> None:
    """Ask a site for its feeds and news sitemaps: address, items, newest, title; exit with 1 where there is none."""
    import asyncio

    from pipelines.discover import discover
    from tracker.config import Settings, load_settings
    from tracker.config.settings import FILE_NAME

    context: Context = ctx.obj
    settings = load_settings(context.home) if (context.home / FILE_NAME).exists() else Settings()
    found = asyncio.run(discover(site, settings, context.progress, limit=limit))
    for feed in found:
        newest = f"{feed.newest_at:%Y-%m-%d %H:%M} UTC" if feed.newest_at else "no dates"
        typer.echo(f"{feed.url}\t{feed.n_items} items\t{newest}\t{feed.title}")
    if add:
        _add(context, [(name, feed.url) for feed in found])
    elif found:
        context.progress.say("Add them with --add, or single ones with 'tracker feeds add URL'")
    raise typer.Exit(0 if found else 1)


@app.command()
def search(ctx: typer.Context) -> None:
    """Add Google News and Bing News searches for each topic's phrases to outlets.toml."""
    from pipelines.home import open_home
    from tracker.collect.search import search_feeds

    context: Context = ctx.obj
    topics = open_home(context.home).topics
    _list(_add(context, [(name, url) for topic in topics for name, url in search_feeds(topic)]))


@app.command("import")
def import_feeds(ctx: typer.Context, file: Annotated[Path, typer.Argument(help="An OPML file.")]) -> None:
    """Add the feeds of an OPML file to outlets.toml."""
    from tracker.collect.opml import read_opml
    from tracker.errors import DataError

    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{file}: cannot be read: {error}") from error
    _list(_add(ctx.obj, [(feed.name, feed.url) for feed in read_opml(text)]))


def _list(feeds: tuple[Feed, ...]) -> None:
    for feed in feeds:
        typer.echo(f"{feed.outlet}\t{feed.url}")


def _add(context: Context, feeds: list[tuple[str | None, str]]) -> tuple[Feed, ...]:
    from pipelines.home import open_home
    from tracker.config import add_feeds
    from tracker.urls import find_outlet, outlet_from

    outlets = list(open_home(context.home).outlets)
    found = []
    for name, url in feeds:
        outlet = find_outlet(url, outlets) or outlet_from(url, name)
        if all(outlet.outlet != known.outlet for known in outlets):
            outlets.append(outlet)
        found.append((outlet, url))
    added = add_feeds(context.home, found)
    context.progress.say(f"{len(added)} added, {len(feeds) - len(added)} already there")
    return added


@app.command("export")
def export_feeds(ctx: typer.Context) -> None:
    """Write the configured feeds as OPML to stdout."""
    from pipelines.home import open_home
    from tracker.collect.opml import write_opml

    context: Context = ctx.obj
    home = open_home(context.home)
    typer.echo(write_opml(home.outlets, home.feeds))


@app.command()
def check(ctx: typer.Context) -> None:
    """Show the health of feeds as of the last run; exit with 1 where one needs a look."""
    from pipelines.feed_health import feed_health

    context: Context = ctx.obj
    troubles = 0
    for feed in feed_health(context.home):
        troubles += not feed.is_well
        typer.echo(f"{'ok  ' if feed.is_well else 'LOOK'}  {feed.outlet}\t{feed.url}\t{feed.text}")
    raise typer.Exit(1 if troubles else 0)
