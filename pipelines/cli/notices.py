"""``tracker digest`` and ``tracker alerts``: what a nightly run mails, to be seen or tried out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.context import Context, parse_now


def digest(
    ctx: typer.Context,
    since: Annotated[
        str | None, typer.Option("--since", metavar="TIME", help="By default the last digest, or the run before.")
    ] = None,
    html: Annotated[Path | None, typer.Option("--html", metavar="FILE", help="Write it as HTML, too.")] = None,
) -> None:
    """Print what is new since people were last told. Nightly runs mail it to those in '[digest] email'."""
    from pipelines.notices.digest import digest_of, message_of, write_html
    from tracker.report.snapshot_report import SnapshotReport
    from tracker.store.snapshot import snapshot_path

    context: Context = ctx.obj
    moment = parse_now(since)
    with SnapshotReport(snapshot_path(context.home)) as report:
        message = message_of(digest_of(report, moment.replace(tzinfo=None) if moment else None))
    typer.echo(message.text, nl=False)
    if html:
        write_html(message, html)


def alerts(
    ctx: typer.Context,
    *,
    trial: Annotated[bool, typer.Option("--trial", help="Send a trial message by every way in '[alerts]'.")] = False,
) -> None:
    """List what is worth telling in the snapshot, whether it was told or not. Runs tell it as '[alerts]' says."""
    import asyncio

    from pipelines.notices.alerts import TRIAL, channels
    from tracker.config import load_settings
    from tracker.report.alerts import KINDS, alerts
    from tracker.report.snapshot_report import SnapshotReport
    from tracker.store.snapshot import snapshot_path

    context: Context = ctx.obj
    if trial:
        for way in channels(load_settings(context.home)):
            asyncio.run(way.send(TRIAL))
            typer.echo(f"{way.name}: sent")
        return
    with SnapshotReport(snapshot_path(context.home)) as report:
        for one in alerts(report, KINDS):
            typer.echo(f"{one.kind}\t{one.text}" + (f"\t{one.url}" if one.url else ""))


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(digest)
    app.command()(alerts)
