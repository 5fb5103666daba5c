"""``tracker extract``, ``score``, ``cluster`` and ``evaluate``: stages on files; they need no home."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from pipelines.cli.context import Context

Stage = Literal[
    "extraction", "sentiment", "targets", "voices", "frames", "loaded", "words", "copies", "relevance", "contrast"
]


def extract(
    ctx: typer.Context,
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="HTML files, plain or gzipped.")],
    url: Annotated[str | None, typer.Option("--url", help="Address that the pages came from.")] = None,
) -> None:
    """Read articles out of HTML files: one JSON line each."""
    from pipelines.texts import extract_files

    context: Context = ctx.obj
    raise typer.Exit(0 if extract_files(files, url, sys.stdout, context.progress) else 1)


def score(
    ctx: typer.Context,
    files: Annotated[
        list[str] | None, typer.Argument(metavar="[FILE...]", help="JSON lines (.jsonl), or one text a file.")
    ] = None,
    topic: Annotated[Path | None, typer.Option("--topic", help="A topic file; the ruling's by default.")] = None,
) -> None:
    """Score texts: voices, sentiment, targets, frames and loaded terms with their spans, a JSON line each."""
    from pipelines.texts import score_files

    context: Context = ctx.obj
    raise typer.Exit(0 if score_files(files or [], topic, sys.stdout, context.progress) else 1)


def cluster(
    ctx: typer.Context,
    files: Annotated[
        list[str] | None, typer.Argument(metavar="[FILE...]", help="JSON lines; stdin by default.")
    ] = None,
) -> None:
    """Find copies of one text among many: a JSON line each."""
    from pipelines.texts import cluster_files

    context: Context = ctx.obj
    raise typer.Exit(0 if cluster_files(files or [], sys.stdout, context.progress) else 1)


def evaluate(
    stage: Annotated[Stage, typer.Argument(help="What to measure.")],
    data: Annotated[Path, typer.Option("--data", help="Labelled data: JSON lines, plain or gzipped.")],
    output_format: Annotated[Literal["table", "json"], typer.Option("--format")] = "table",
    topic: Annotated[
        Path | None, typer.Option("--topic", help="A topic file, for relevance; the ruling's by default.")
    ] = None,
) -> None:
    """Measure a stage's error against labelled data."""
    from pipelines.evaluate.run import evaluate_stage

    evaluate_stage(stage, data, output_format, sys.stdout, topic)


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    for command in (extract, score, cluster, evaluate):
        app.command()(command)
