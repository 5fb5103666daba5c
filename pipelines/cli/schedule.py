"""``tracker schedule``: have the system poll hourly and run once a night."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from pipelines.cli.context import Context
from pipelines.cli.group import Group

app = typer.Typer(cls=Group, help="An hourly poll and a nightly run by systemd or cron.", no_args_is_help=True)

System = Annotated[
    Literal["systemd", "cron"] | None, typer.Option("--system", help="Which; systemd where it is there, else cron.")
]


@app.command("install")
def install_timers(ctx: typer.Context, *, system: System = None) -> None:
    """Install user timers of systemd, which catch up after sleep, or lines of the crontab; again changes nothing."""
    from pipelines.schedule import install

    context: Context = ctx.obj
    for line in install(context.home, system, Path.home() / ".config" / "systemd" / "user"):
        typer.echo(line)


@app.command("show")
def show_timers(ctx: typer.Context, *, system: System = "systemd") -> None:
    """Show what would be installed, and install nothing."""
    from pipelines.schedule import crontab, units

    context: Context = ctx.obj
    home = context.home.resolve()
    if system == "cron":
        typer.echo(crontab(home, ""), nl=False)
        return
    for unit in units(home):
        typer.echo(f"# {unit.name}\n{unit.text}")
