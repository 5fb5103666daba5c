"""``tracker match``: what people decide about relevance, which outlives the rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from pipelines.cli.context import Context
from pipelines.cli.group import Group

if TYPE_CHECKING:
    from pathlib import Path

app = typer.Typer(cls=Group, help="What people decide about relevance: it outlives the rules.", no_args_is_help=True)

TopicName = Annotated[str | None, typer.Option("--topic", metavar="TOPIC", help="Needed where there are several.")]


@app.command("set")
def set_match(
    ctx: typer.Context,
    article: Annotated[str, typer.Argument(metavar="ARTICLE", help="Id of the article, or its address.")],
    verdict: Annotated[
        Literal["on", "off", "rules"], typer.Argument(metavar="on|off|rules", help="'rules' takes a decision back.")
    ],
    topic: TopicName = None,
    *,
    note: Annotated[str, typer.Option("--note", help="Why; kept with the decision.")] = "",
    by: Annotated[str | None, typer.Option("--by", help="Who decides; the user's name by default.")] = None,
) -> None:
    """Decide that an article is on a topic, or off it, for good: every later run holds to it."""
    from datetime import UTC, datetime

    from tracker.report.decisions import MatchDecision, append_decision, find_article
    from tracker.report.snapshot_report import SnapshotReport
    from tracker.store.snapshot import snapshot_path

    context: Context = ctx.obj
    with SnapshotReport(snapshot_path(context.home)) as report:
        found = find_article(report, article)
    decision = MatchDecision(
        topic=topic_of(context.home, topic),
        article=found,
        is_on_topic={"on": True, "off": False, "rules": None}[verdict],
        by=by or user(),
        at=datetime.now(UTC),
        note=note,
    )
    append_decision(context.home, decision)
    typer.echo(f"{found}\t{decision.topic}\t{verdict}\t{decision.by}")
    context.progress.say("Holds from the next run on; 'tracker rescore' applies it now")


@app.command("list")
def list_matches(ctx: typer.Context, topic: TopicName = None) -> None:
    """List the decisions in force: article, topic, on or off, by whom, when, applied or pending, headline, note."""
    from pipelines.progress import visible
    from tracker.report.decisions import read_decisions, standing
    from tracker.report.snapshot_report import SnapshotReport
    from tracker.store.snapshot import snapshot_path

    context: Context = ctx.obj
    decisions = read_decisions(context.home)
    for problem in decisions.problems:
        context.progress.warn(problem)
    with SnapshotReport(snapshot_path(context.home)) as report:
        listed = standing(report, decisions, topic)
    words = {True: "on", False: "off", None: "rules"}
    for one in listed:
        made = one.decision
        state = "pending" if one.is_pending else "applied"
        known = f"{one.outlet}: {one.title}" if one.title is not None else "(not in the snapshot)"
        cells = (made.article, made.topic, words[made.is_on_topic], made.by, f"{made.at:%Y-%m-%d %H:%M} UTC", state)
        typer.echo(
            "\t".join(visible(cell).replace("\t", " ").replace("\n", " ") for cell in (*cells, known, made.note))
        )
    raise typer.Exit(1 if decisions.problems else 0)


def topic_of(home: Path, named: str | None) -> str:
    """Return the topic that is meant. Raises ConfigError where it is unknown, or not named among several."""
    from tracker.config import load_topics
    from tracker.errors import ConfigError

    known = [one.topic for one in load_topics(home)]
    if named is None and len(known) == 1:
        return known[0]
    if named is None:
        raise ConfigError(f"which topic is meant? --topic is one of {', '.join(known)}")
    if named not in known:
        raise ConfigError(f"--topic {named}: no such topic in {home / 'topics'}: {', '.join(known)}")
    return named


def user() -> str:
    """Return the name of who is logged in. Raises ConfigError where the system does not say."""
    import getpass

    from tracker.errors import ConfigError

    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError) as error:
        raise ConfigError("the system does not say who you are: give --by NAME") from error
