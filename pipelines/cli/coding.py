"""``tracker coding``: samples for people to code, their codes, and how far they and the machine agree."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.context import Context
from pipelines.cli.frames import topic_in
from pipelines.cli.group import Group
from pipelines.cli.match import user

app = typer.Typer(
    cls=Group, help="Checked by people: samples to be coded, codes, agreement and error.", no_args_is_help=True
)

Named = Annotated[str | None, typer.Option("--topic", metavar="TOPIC", help="Needed where there are several.")]
Sheet = Annotated[Path, typer.Argument(metavar="SHEET", help="A file that ends in .xlsx or .csv.")]


@app.command("export")
def export_sheet(
    ctx: typer.Context,
    sheet: Sheet,
    topic: Named = None,
    n: Annotated[int, typer.Option("--n", min=10, help="Texts to be drawn; 100 is the least for a claim.")] = 100,
    *,
    again: Annotated[bool, typer.Option("--again", help="Write the sample that was drawn last, for a coder.")] = False,
) -> None:
    """Draw a stratified random sample and write a sheet to be filled in, with a codebook beside it.

    The sheet names neither outlets nor what the machine says. The dashboard's page Coding shows the same sample.
    """
    from datetime import UTC, datetime

    from pipelines.coding.codebook import codebook, scheme_of
    from pipelines.coding.sheets import write_sheet
    from tracker.errors import DataError
    from tracker.report.coding.draw import draw
    from tracker.report.coding.texts import texts
    from tracker.report.coding.workplace import tasks
    from tracker.report.decisions import append_decisions, read_decisions
    from tracker.report.snapshot_report import SnapshotReport
    from tracker.store.snapshot import snapshot_path

    context: Context = ctx.obj
    meant = topic_in(context.home, topic)
    with SnapshotReport(snapshot_path(context.home)) as report:
        if not again:
            append_decisions(context.home, draw(texts(report.frame, meant.topic), meant.topic, n, datetime.now(UTC)))
        found = tasks(report, meant.topic, read_decisions(context.home).samples)
    if not found:
        raise DataError(f"{meant.topic}: no sample has been drawn yet: leave --again out")
    scheme = scheme_of(meant)
    write_sheet(sheet, found, scheme)
    book = sheet.with_name(f"{sheet.stem}-codebook.md")
    book.write_text(codebook(meant, scheme), encoding="utf-8")
    typer.echo(f"{sheet}\t{len(found)} texts")
    typer.echo(f"{book}\t{len(scheme)} variables")


@app.command("import")
def import_sheet(
    ctx: typer.Context,
    sheet: Sheet,
    topic: Named = None,
    *,
    coder: Annotated[str | None, typer.Option("--coder", help="Who coded; the user's name by default.")] = None,
    final: Annotated[bool, typer.Option("--final", help="These codes settle what coders disagree on.")] = False,
) -> None:
    """Take over a filled sheet. A later sheet of the same coder replaces the codes that it gives."""
    from datetime import UTC, datetime

    from pipelines.coding.codebook import scheme_of
    from pipelines.coding.sheets import read_sheet
    from tracker.report.decisions import append_decisions
    from tracker.report.snapshot_report import SnapshotReport
    from tracker.store.snapshot import snapshot_path

    context: Context = ctx.obj
    meant = topic_in(context.home, topic)
    codings = read_sheet(
        sheet,
        topic=meant.topic,
        coder=coder or user(),
        at=datetime.now(UTC),
        variables=scheme_of(meant),
        is_final=final,
    )
    with SnapshotReport(snapshot_path(context.home)) as report:
        known = {(row["article"], row["revision"]) for row in report.rows("SELECT article, revision FROM revisions")}
    held = [one for one in codings if (one.article, one.revision) in known]
    for one in codings:
        if (one.article, one.revision) not in known:
            context.progress.warn(f"{sheet}: {one.article}, version {one.revision}: no such article, left out")
    append_decisions(context.home, held)
    typer.echo(f"{len(held)} texts\t{sum(len(one.codes) for one in held)} codes")
    context.progress.say("In the dashboard at once, in figures and SQL from the next run on ('tracker rescore')")
    raise typer.Exit(1 if len(held) < len(codings) else 0)


@app.command()
def status(ctx: typer.Context, topic: Named = None) -> None:
    """Say how far coders agree, what is still to be settled, and how often the machine is right."""
    from tracker.report.coding.checked import checked
    from tracker.report.coding.notes import note, tone_note
    from tracker.report.coding.texts import frame_of_codings, undecided
    from tracker.report.decisions import read_decisions
    from tracker.report.snapshot_report import SnapshotReport
    from tracker.store.snapshot import snapshot_path

    context: Context = ctx.obj
    meant = topic_in(context.home, topic)
    decisions = read_decisions(context.home)
    with SnapshotReport(snapshot_path(context.home)) as report:
        found = checked(report, meant.topic, decisions)
    for agreed in found.agreements:
        typer.echo(agreed.sentence())
    for one in found.validities:
        if one.group == "all":
            typer.echo(f"{one.variable} {one.value}: {note(found, one.variable, one.value).sentence()}")
    typer.echo(tone_note(found))
    for row in undecided(frame_of_codings(decisions.codings, meant.topic)).to_dict("records"):
        typer.echo(f"to be settled\t{row['article']}\t{row['variable']}\t{row['said']}")
