"""``tracker snapshot``: which snapshots there are, and keeping one that is cited."""

from __future__ import annotations

from typing import Annotated

import typer

from pipelines.cli.context import Context
from pipelines.cli.group import Group

app = typer.Typer(
    cls=Group, help="Published snapshots: which there are, and keeping one for good.", no_args_is_help=True
)


@app.command("list")
def list_snapshots(ctx: typer.Context) -> None:
    """List the snapshots that there are, oldest first: name, time in UTC, hash of the rows, pinned or not."""
    from tracker.store.pins import held

    context: Context = ctx.obj
    for one in held(context.home):
        typer.echo(f"{one.name}\t{one.as_of:%Y-%m-%d %H:%M}\t{one.rows_hash}\t{'pinned' if one.is_pinned else ''}")


@app.command()
def pin(
    ctx: typer.Context,
    name: Annotated[
        str | None, typer.Argument(help="Its name, or the beginning of its hash; the current one by default.")
    ] = None,
) -> None:
    """Keep a snapshot for good, because something that is published cites it; says how to cite it."""
    from pipelines.manifest import cite_as
    from tracker.store.pins import pin

    context: Context = ctx.obj
    one = pin(context.home, name)
    typer.echo(one.path)
    context.progress.say(f"To cite it: {cite_as(one)}")


@app.command()
def unpin(
    ctx: typer.Context, name: Annotated[str, typer.Argument(help="Its name, or the beginning of its hash.")]
) -> None:
    """Let a pinned snapshot go."""
    from tracker.store.pins import unpin

    context: Context = ctx.obj
    typer.echo(unpin(context.home, name).name)
