"""``tracker outlets``: whose coverage is followed, and which hosts and paths are whose."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from pipelines.cli.context import Context
from pipelines.cli.group import Group

# OutletKind in words: the model takes a tenth of a second to import, which help would wait for. A test compares.
Kind = Literal[
    "national",
    "regional",
    "local",
    "public",
    "broadcast",
    "digital",
    "trade",
    "advocacy",
    "foreign",
    "wire",
    "aggregator",
    "unknown",
]

app = typer.Typer(
    cls=Group, help="The outlets: who is followed, and which hosts and paths are whose.", no_args_is_help=True
)


@app.command("list")
def list_outlets(ctx: typer.Context) -> None:
    """List the configured outlets: slug, kind, number of feeds, name, scopes."""
    from collections import Counter

    from pipelines.home import open_home

    context: Context = ctx.obj
    home = open_home(context.home)
    n_feeds = Counter(feed.outlet for feed in home.feeds)
    for outlet in home.outlets:
        scopes = " ".join(outlet.scopes)
        typer.echo(f"{outlet.outlet}\t{outlet.kind}\t{n_feeds[outlet.outlet]}\t{outlet.name}\t{scopes}")


@app.command()
def add(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(help="Name as readers know it.")],
    *,
    scopes: Annotated[
        list[str], typer.Option("--scope", metavar="HOST[/PATH]", help="A host, or a part of one, that is its own.")
    ],
    slug: Annotated[str | None, typer.Option("--slug", help="Short name; made from the name by default.")] = None,
    kind: Annotated[Kind, typer.Option("--kind", help="What it is.")] = "unknown",
    country: Annotated[str | None, typer.Option("--country", help="ISO 3166-1 code of its home: US.")] = None,
    region: Annotated[str | None, typer.Option("--region", help="Region or state, for a local outlet.")] = None,
    language: Annotated[str | None, typer.Option("--language", help="Main language, ISO 639-1: en.")] = None,
    owner: Annotated[str | None, typer.Option("--owner", help="Who owns it.")] = None,
    lean: Annotated[str | None, typer.Option("--lean", help="Political lean, as somebody rates it.")] = None,
    lean_source: Annotated[str | None, typer.Option("--lean-source", help="Whose rating that is.")] = None,
    is_own: Annotated[bool, typer.Option("--own", help="It is the user's own outlet.")] = False,
) -> None:
    """Add an outlet to outlets.toml. Feeds added or found later fall to it by its scopes, the longest first."""
    from tracker.config import add_outlet
    from tracker.model import Outlet, OutletKind
    from tracker.urls import slugify

    context: Context = ctx.obj
    outlet = Outlet(
        outlet=slug or slugify(name),
        name=name,
        kind=OutletKind(kind),
        country=country,
        region=region,
        language=language,
        owner=owner,
        lean=lean,
        lean_source=lean_source,
        is_own=is_own,
        scopes=tuple(scopes),
    )
    add_outlet(context.home, outlet)
    typer.echo(f"{outlet.outlet}\t{outlet.kind}\t{outlet.name}\t{' '.join(outlet.scopes)}")
