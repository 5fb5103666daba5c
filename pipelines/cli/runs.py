"""``tracker nightly``, ``poll``, ``rescore``, ``reextract``, ``compact``, ``demo`` and ``dashboard``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.context import Context, Now, parse_now

Only = Annotated[list[str] | None, typer.Option("--only", metavar="OUTLET", help="Only this outlet; may be repeated.")]


def nightly(
    ctx: typer.Context,
    now: Now = None,
    only: Only = None,
    *,
    all_entries: Annotated[
        bool, typer.Option("--all-entries", help="Fetch the pages of all entries, not only of likely ones.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be polled; ask nobody.")] = False,
) -> None:
    """Do one whole run: poll, fetch, read, match, score, publish. This is the cron job."""
    import asyncio

    from pipelines.nightly import dry, nightly
    from pipelines.runs import Options
    from pipelines.summary import print_summary

    context: Context = ctx.obj
    options = Options(now=parse_now(now), only=frozenset(only or ()), all_entries=all_entries)
    if dry_run:
        for line in dry(context.home, options):
            typer.echo(line)
        return
    code, run = asyncio.run(nightly(context.home, options, context.progress))
    print_summary(run)
    raise typer.Exit(code)


def poll(ctx: typer.Context, now: Now = None, only: Only = None) -> None:
    """Store what feeds list and fetch no page: light enough for an hourly cron beside the nightly run."""
    import asyncio

    from pipelines.nightly import poll_only
    from pipelines.runs import Options
    from pipelines.summary import print_summary

    context: Context = ctx.obj
    options = Options(now=parse_now(now), only=frozenset(only or ()))
    code, run = asyncio.run(poll_only(context.home, options, context.progress))
    print_summary(run)
    raise typer.Exit(code)


def watch(
    ctx: typer.Context,
    only: Only = None,
    *,
    all_entries: Annotated[
        bool, typer.Option("--all-entries", help="Fetch the pages of all entries, not only of likely ones.")
    ] = False,
) -> None:
    """Keep running on the feeds' own schedule: poll, read, publish, until SIGTERM or Ctrl-C. Takes cron's place."""
    import asyncio

    from pipelines.runs import Options
    from pipelines.summary import print_summary
    from pipelines.watch import watch

    context: Context = ctx.obj
    options = Options(only=frozenset(only or ()), all_entries=all_entries)
    code, run = asyncio.run(watch(context.home, options, context.progress))
    print_summary(run)
    raise typer.Exit(code)


def rescore(
    ctx: typer.Context,
    *,
    compare: Annotated[
        bool, typer.Option("--compare", help="Afterwards, say what moved since earlier versions of the scorers.")
    ] = False,
) -> None:
    """Match, cluster and score again what is stored, where topics or scorers have changed. No network."""
    from pipelines.runs import judge_again
    from pipelines.summary import print_summary

    context: Context = ctx.obj
    code, run = judge_again(context.home, context.progress)
    print_summary(run)
    if compare:
        from tracker.report.snapshot_report import SnapshotReport
        from tracker.report.versions import lines, version_changes

        with SnapshotReport(context.home / "coverage.duckdb") as report:
            for line in lines(version_changes(report)):
                typer.echo(line)
    raise typer.Exit(code)


def reextract(ctx: typer.Context) -> None:
    """Read archived pages again with the present extractor, then match, cluster and score anew. No network."""
    from pipelines.reextract import reextract, said

    context: Context = ctx.obj
    code, run = reextract(context.home, context.progress)
    for line in said(run):
        typer.echo(line)
    raise typer.Exit(code)


def compact(ctx: typer.Context, now: Now = None) -> None:
    """Let go what [retention] no longer keeps, and write the database anew without the room that left. No network."""
    from pipelines.compact import compact, said
    from pipelines.runs import Options

    context: Context = ctx.obj
    code, run = compact(context.home, Options(now=parse_now(now)), context.progress)
    for line in said(run):
        typer.echo(line)
    raise typer.Exit(code)


def demo(
    ctx: typer.Context,
    port: Annotated[int, typer.Option("--port", help="Port of the dashboard; 0 takes a free one.")] = 0,
    *,
    no_dashboard: Annotated[bool, typer.Option("--no-dashboard", help="End when the nights are done.")] = False,
) -> None:
    """Run simulated nights on the bundled, invented corpus over loopback, then show the dashboard."""
    import asyncio

    from pipelines.demo import run_demo
    from pipelines.serve import serve_dashboard

    context: Context = ctx.obj
    home = Path("demo") if context.is_default_home else context.home
    asyncio.run(run_demo(home, context.progress))
    if not no_dashboard:
        serve_dashboard(home, address="127.0.0.1", port=port, progress=context.progress)


def dashboard(
    ctx: typer.Context,
    port: Annotated[int | None, typer.Option("--port", help="Port; as configured by default.")] = None,
) -> None:
    """Show the dashboard over the published snapshot."""
    from pipelines.serve import serve_dashboard
    from tracker.config import load_settings

    context: Context = ctx.obj
    settings = load_settings(context.home).dashboard
    serve_dashboard(
        context.home,
        address=settings.address,
        port=settings.port if port is None else port,
        progress=context.progress,
    )


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    for command in (nightly, poll, watch, demo, dashboard, rescore, reextract, compact):
        app.command()(command)
