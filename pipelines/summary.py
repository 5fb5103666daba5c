"""What a run did, per outlet, as a table on stdout."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipelines.steps.run import Run

WIDTH = 140  # columns, where stdout is no terminal
COLUMNS = (
    ("listed", "n_entries_listed"),
    ("new", "n_entries_new"),
    ("chosen", "n_chosen"),
    ("stored", "n_stored"),
    ("skipped", "n_skipped"),
    ("failed", "n_failed"),
    ("later", "n_pending"),
    ("articles", "n_articles_new"),
    ("on topic", "n_on_topic"),
    ("revised", "n_revisions_new"),
)

GAPS = {
    "failed": "could not be collected",
    "overflow": "overflowed since the last poll",
    "below_band": "fell below their own 28-day band",
}

DROPPED = {  # the parser's reasons; the last two cost an item its date alone
    "no_link": "without an address",
    "bad_link": "with an address that is none",
    "long_link": "with an address too long to ask",
    "too_many": "beyond the most of one feed",
    "cut_off": "cut off in their middle",
    "impossible_date": "kept without their impossible date",
    "unreadable_date": "kept without their unreadable date",
}


def print_summary(run: Run) -> None:
    """Print one row an outlet that had anything to say, the totals, and what deserves a look."""
    names = {outlet.outlet: outlet.name for outlet in run.home.outlets}
    columns = [(title, key) for title, key in COLUMNS if run.counts[key]]
    table = Table(title=f"As of {run.now:%Y-%m-%d %H:%M} UTC", title_justify="left")
    table.add_column("outlet", no_wrap=True)
    table.add_column("feeds", justify="right")
    for title, _ in columns:
        table.add_column(title, justify="right")
    for outlet, counts in sorted(run.by_outlet.items()):
        feeds = f"{counts['n_feeds'] - counts['n_feeds_failed']}/{counts['n_feeds']}" if counts["n_feeds"] else ""
        table.add_row(Text(names.get(outlet, outlet)), feeds, *_cells(counts, columns))
    table.add_section()
    table.add_row("all", f"{run.counts['n_feeds_ok']}/{run.counts['n_feeds']}", *_cells(run.counts, columns))
    console = Console(width=None if sys.stdout.isatty() else WIDTH)
    console.print(table)
    for line in remarks(run):
        console.print(line, markup=False, highlight=False)


def _cells(counts: Counter[str], columns: Sequence[tuple[str, str]]) -> list[str]:
    return [str(counts[key] or "") for _, key in columns]


def remarks(run: Run) -> list[str]:
    """Return what a person should know of this run, in words."""
    counts = run.counts
    ended = f"{counts['n_stored']} stored + {counts['n_skipped']} skipped + {counts['n_failed']} failed"
    lines = [
        f"{counts['n_chosen']} chosen = {ended} + {counts['n_pending']} to be tried again.",
        f"{counts['n_unlikely']} left unread as unlikely to be on a topic; {counts['n_scored']} revisions scored.",
    ]
    if counts["n_hidden"]:
        lines.append(f"{counts['n_hidden']} left unread because an aggregator's link hides the publisher's address.")
    if counts["n_gaps"]:
        kinds = ", ".join(f"{counts[f'gap {kind}']} {words}" for kind, words in GAPS.items() if counts[f"gap {kind}"])
        lines.append(f"{counts['n_gaps']} gaps, where absence says nothing: {kinds}. 'tracker feeds check' names them.")
    if dropped := [f"{n} {words}" for kind, words in DROPPED.items() if (n := counts[f"dropped {kind}"])]:
        lines.append(f"Items that feeds listed and that are no entries, or lack a date: {', '.join(dropped)}.")
    if counts["n_feeds_waiting"]:
        lines.append(f"{counts['n_feeds_waiting']} of these feeds were not asked: they are in back-off.")
    if run.stop:
        lines.append(f"Stopped by {run.stop.signal}: the next run goes on from here.")
    lines += [
        f"{number} revisions not scored: {name.removeprefix('unscored ')}."
        for name, number in sorted(counts.items())
        if name.startswith("unscored ")
    ]
    for topic, found in run.on_topic.items():
        if not found:
            lines.append(
                f"Nothing on '{topic}' so far: live feeds list the last days only. For what came before, "
                "collect addresses in a file and run 'tracker backfill urls FILE'."
            )
    return lines
