"""``tracker topic``: the topics of a home, and how well their queries find what they should."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from pipelines.cli.context import Context
from pipelines.cli.group import Group
from pipelines.cli.match import TopicName, topic_of

if TYPE_CHECKING:
    from pipelines.topic_sample import Sorted
    from tracker.model import Topic

app = typer.Typer(cls=Group, help="The topics that are tracked, and how well they are found.", no_args_is_help=True)


@app.command("list")
def list_topics(ctx: typer.Context) -> None:
    """List the topics: name, first and last day, articles on it in the snapshot, title."""
    from tracker.config import load_topics
    from tracker.errors import StoreError
    from tracker.report.snapshot_report import SnapshotReport
    from tracker.store.snapshot import snapshot_path

    context: Context = ctx.obj
    counts: dict[str, int] = {}
    try:
        with SnapshotReport(snapshot_path(context.home)) as report:
            counts = {one.topic: one.n_on_topic for one in report.topics()}
    except StoreError as error:
        context.progress.say(str(error))
    for topic in load_topics(context.home):
        days = f"{topic.starts_on or '…'} to {topic.ends_on or '…'}"
        n = f"{counts[topic.topic]} articles" if topic.topic in counts else "not matched yet"
        typer.echo(f"{topic.topic}\t{days}\t{n}\t{topic.title}")


@app.command("test")
def sample_topic(
    ctx: typer.Context,
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="A topic file; the home's topic by default.")
    ] = None,
    topic: TopicName = None,
    *,
    n: Annotated[int, typer.Option("-n", "--sample", min=0, help="Articles shown of each group.")] = 10,
    labels: Annotated[
        Path | None, typer.Option("--labels", help="JSON lines with article (or url) and is_on_topic.")
    ] = None,
    output_format: Annotated[
        Literal["table", "jsonl"], typer.Option("--format", help="jsonl: the sample alone, to be labelled.")
    ] = "table",
) -> None:
    """Show hits, near misses and misses of a topic in the archive, and precision and recall where judged."""
    from pipelines.evaluate.run import write_measures
    from pipelines.topic_sample import as_line, measures, read_labels, sample, sort_archive
    from tracker.report.decisions import read_decisions
    from tracker.report.snapshot_report import SnapshotReport
    from tracker.store.snapshot import snapshot_path

    context: Context = ctx.obj
    wanted = _topic(context.home, file, topic)
    decided = read_decisions(context.home)
    for problem in decided.problems:
        context.progress.warn(problem)
    verdicts = {
        one.article: one.is_on_topic
        for one in decided.matches
        if one.topic == wanted.topic and one.is_on_topic is not None
    } | (read_labels(labels) if labels else {})
    with SnapshotReport(snapshot_path(context.home)) as report:
        articles = sort_archive(report, wanted)
    picked = sample(articles, n)
    if output_format == "jsonl":
        for one in picked:
            typer.echo(as_line(one))
        return
    _print(picked, verdicts)
    write_measures(measures(articles, verdicts), "table", sys.stdout)


def _topic(home: Path, file: Path | None, name: str | None) -> Topic:
    from tracker.config import load_topic, load_topics

    if file:
        return load_topic(file)
    named = topic_of(home, name)
    return next(one for one in load_topics(home) if one.topic == named)


def _print(picked: list[Sorted], verdicts: dict[str, bool]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from pipelines.progress import visible

    table = Table(show_lines=True)
    for title in ("group", "judged", "article", "outlet, day, headline", "why"):
        table.add_column(title, no_wrap=title in {"group", "article"})
    for one in picked:
        verdict = verdicts.get(one.article, verdicts.get(one.url))
        judged = "" if verdict is None else "on" if verdict else "off"
        what = Text(visible(f"{one.outlet}, {one.date}\n{one.title}"))
        table.add_row(one.group.value, judged, one.article, what, Text(visible("\n".join(one.reasons))))
    Console(width=None if sys.stdout.isatty() else 140).print(table)
