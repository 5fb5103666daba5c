"""Who covered a topic, how much, in what tone and frame and whose words: one row an outlet, on stdout."""

from __future__ import annotations

import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from tracker.report.filters import Filters
from tracker.report.intervals import MIN_SAMPLE, Estimate
from tracker.report.snapshot_report import OutletRow, SnapshotReport, TopicInfo
from tracker.store.snapshot import snapshot_path

WIDTH = 160  # columns, where stdout is no terminal
# (title, whether it is a number); the last three are of the outlet's own work: wire copies would make all alike
COLUMNS = (
    ("outlet", False),
    ("articles", True),
    ("own", True),
    ("wire", True),
    ("of all\nit ran", True),
    ("tone of its\nown voice", False),
    ("own work\nleads with", False),
    ("others' words\nin own work", True),
    ("most\nof them", False),
)


def print_coverage(home: Path) -> None:
    """Print a table for each topic that has articles."""
    console = Console(width=None if sys.stdout.isatty() else WIDTH)
    with SnapshotReport(snapshot_path(home)) as report:
        for topic in report.topics():
            if topic.n_on_topic:
                everything, own = (report.outlets(Filters(topic=topic.topic, with_wire=wire)) for wire in (True, False))
                console.print(_table(topic, everything, own))
        if report.info().is_invented:
            console.print("Everything in this corpus is invented: outlets, articles and most people.", highlight=False)
    console.print(
        f"Tone: mean valence of the sentences in the outlet's own voice, -1 to 1, with its 95 % interval; withheld "
        f"below {MIN_SAMPLE} whole articles. It says how pleasant the wording is, not which side a text takes.",
        highlight=False,
    )


def _table(topic: TopicInfo, everything: tuple[OutletRow, ...], own_work: tuple[OutletRow, ...]) -> Table:
    title = f"{topic.title}: {topic.n_on_topic} articles, {topic.first_date} to {topic.last_date}"
    table = Table(title=Text(title), title_justify="left")
    for name, is_number in COLUMNS:
        table.add_column(name, justify="right" if is_number else "left", no_wrap=True)
    own = {row.outlet: row for row in own_work}
    for row in everything:
        table.add_row(
            Text(row.name),
            str(row.n_articles),
            str(row.n_own),
            str(row.n_wire or ""),
            "" if row.attention is None else f"{row.attention:.0%} of {row.n_entries}",
            tone(row.outlet_tone),
            *_own_work(own.get(row.outlet)),
        )
    return table


def _own_work(row: OutletRow | None) -> tuple[str, str, str]:
    """Return the leading frame with its articles, the share of others' words, and the camp with most of them."""
    if row is None:
        return "", "", ""
    frames = row.topic_frames or row.frames
    leading = f"{frames[0][0].replace('_', ' ')} ({frames[0][1]} of {row.n_own})" if frames else "mixed"
    return leading, "" if row.quoted_share is None else f"{row.quoted_share:.0%}", row.top_camp or ""


def tone(estimate: Estimate) -> str:
    """Say an estimate in words: with interval and n, or why it is withheld."""
    if estimate.estimate is None or estimate.low is None or estimate.high is None:
        return f"withheld (n {estimate.n})"
    return f"{estimate.estimate:+.2f} [{estimate.low:+.2f}, {estimate.high:+.2f}] n {estimate.n}"
