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

WIDTH = 140  # columns, where stdout is no terminal
COLUMNS = (
    "outlet", "articles", "own", "wire", "of all it ran", "own voice's tone", "leading frame", "others' words", "most",
)  # fmt: skip


def print_coverage(home: Path) -> None:
    """Print a table for each topic that has articles."""
    console = Console(width=None if sys.stdout.isatty() else WIDTH)
    with SnapshotReport(snapshot_path(home)) as report:
        for topic in report.topics():
            if topic.n_on_topic:
                console.print(_table(topic, report.outlets(Filters(topic=topic.topic))))
        if report.info().is_invented:
            console.print("Everything in this corpus is invented: outlets, articles and most people.", highlight=False)
    console.print(
        f"Tone: mean valence of the sentences in the outlet's own voice, -1 to 1, with its 95 % interval; withheld "
        f"below {MIN_SAMPLE} whole articles. It says how pleasant the wording is, not which side a text takes.",
        highlight=False,
    )


def _table(topic: TopicInfo, outlets: tuple[OutletRow, ...]) -> Table:
    title = f"{topic.title}: {topic.n_on_topic} articles, {topic.first_date} to {topic.last_date}"
    table = Table(title=Text(title), title_justify="left")
    for name in COLUMNS:
        is_number = name in {"articles", "own", "wire", "of all it ran", "others' words"}
        table.add_column(
            name,
            justify="right" if is_number else "left",
            no_wrap=name in {"outlet", "own voice's tone", "leading frame"},
        )
    for row in outlets:
        frames = row.topic_frames or row.frames
        leading = f"{frames[0][0].replace('_', ' ')} ({frames[0][1]})" if frames else "mixed"
        table.add_row(
            Text(row.name),
            str(row.n_articles),
            str(row.n_own),
            str(row.n_wire or ""),
            "" if row.attention is None else f"{row.attention:.0%} of {row.n_entries}",
            tone(row.outlet_tone),
            leading,
            "" if row.quoted_share is None else f"{row.quoted_share:.0%}",
            (row.top_camp or "").replace("_", " "),
        )
    return table


def tone(estimate: Estimate) -> str:
    """Say an estimate in words: with interval and n, or why it is withheld."""
    if estimate.estimate is None or estimate.low is None or estimate.high is None:
        return f"withheld (n {estimate.n})"
    return f"{estimate.estimate:+.2f} [{estimate.low:+.2f}, {estimate.high:+.2f}] n {estimate.n}"
