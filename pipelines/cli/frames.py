"""``tracker frames``: what the frames are, whether their seeds are sound, and learning them from coded stories."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli.context import Context
from pipelines.cli.group import Group
from pipelines.cli.match import topic_of

if TYPE_CHECKING:
    from tracker.model import Topic

app = typer.Typer(
    cls=Group, help="The frames: what they are, whether their seeds are sound, and learning them.", no_args_is_help=True
)

Named = Annotated[str | None, typer.Option("--topic", help="Topic, where the home has several.")]


@app.command("list")
def list_frames(ctx: typer.Context, topic: Named = None) -> None:
    """List a topic's frames: pack, id, definition."""
    from pipelines.train.frames import topic_scorer

    context: Context = ctx.obj
    for one in topic_scorer(topic_in(context.home, topic)).definitions:
        typer.echo(f"{one.pack}\t{one.id}\t{one.definition}")


@app.command()
def check(ctx: typer.Context, topic: Named = None) -> None:
    """Look for faults in a topic's frames: names that carry a stance among seeds, dead seeds, overlaps."""
    from pipelines.train.frames import topic_scorer
    from tracker.score.frames import validate

    context: Context = ctx.obj
    frames = topic_scorer(topic_in(context.home, topic)).definitions
    problems = validate(frames)
    for problem in problems:
        typer.echo(f"{problem.kind}\t{problem.message}")
    context.progress.say(
        f"{len(frames)} frames, {sum(len(one.seeds) for one in frames)} seeds, problems: {len(problems)}"
    )
    if problems:
        raise typer.Exit(1)


@app.command()
def train(
    ctx: typer.Context,
    codings: Annotated[
        Path | None,
        typer.Option(
            "--codings",
            help="JSON lines: text, title, and frames (a list) or frame (one or null). By default what people coded "
            "in this home ('tracker coding').",
        ),
    ] = None,
    topic: Named = None,
    *,
    relevance: Annotated[
        bool,
        typer.Option(
            "--relevance",
            help="Learn what is on the topic instead (--codings: title, text, is_on_topic). It decides where the "
            "topic file says learned_relevance = true.",
        ),
    ] = False,
) -> None:
    """Learn a topic's frames from coded stories, on top of the seeds; later runs use what was learned."""
    from pipelines.train.frames import train_for_home

    context: Context = ctx.obj
    if relevance:
        _train_relevance(context, topic_in(context.home, topic), codings)
        return
    card = train_for_home(context.home, topic_in(context.home, topic), codings)
    typer.echo("frame\tstories\tF1\tF1 of seeds")
    for one in card.frames:
        typer.echo(f"{one.frame}\t{one.n_stories}\t{one.f1:.2f}\t{one.f1_seeds:.2f}")
    typer.echo(f"macro-F1\t{card.n_stories}\t{card.macro_f1:.2f}\t{card.macro_f1_seeds:.2f}")
    for n, macro_f1 in card.curve:
        typer.echo(f"learned from {n}\t\t{macro_f1:.2f}\t{card.macro_f1_seeds:.2f}")
    if card.left_to_seeds:
        context.progress.say(f"coded too rarely to be learned, left to seeds: {', '.join(card.left_to_seeds)}")
    context.progress.say(
        f"{card.judged}, {card.folds}-fold cross-validated; 'tracker rescore' scores what is stored anew"
    )


def _train_relevance(context: Context, topic: Topic, codings: Path | None) -> None:
    from pipelines.train.relevance import train_relevance_for_home

    found = train_relevance_for_home(context.home, topic, codings)
    typer.echo("relevance\tstories\tprecision\trecall\tF1")
    for name, one in (("learned", found.learned), ("rules", found.rules)):
        typer.echo(f"{name}\t{found.n_stories}\t{one.precision:.2f}\t{one.recall:.2f}\t{one.f1:.2f}")
    context.progress.say(f"{found.n_fulfilling} stories fulfil the query, {found.folds}-fold cross-validated")
    if topic.learned_relevance:
        context.progress.say("'tracker rescore' judges what is stored anew")
    else:
        context.progress.say("Not used yet: set learned_relevance = true in the topic file, then 'tracker rescore'")


def topic_in(home: Path, named: str | None) -> Topic:
    """Return the topic that is meant. Raises ConfigError where it is unknown, or not named among several."""
    from tracker.config import load_topics

    chosen = topic_of(home, named)
    return next(one for one in load_topics(home) if one.topic == chosen)
