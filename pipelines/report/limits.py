"""What could not be seen, and how sure all of it is."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from pipelines.methods_paragraph import methods_paragraphs
from pipelines.report.parts import Section, Table, enumerated, text
from pipelines.report.tone import choices
from tracker.report import health
from tracker.report.filters import Filters
from tracker.report.overview import collection_health, summary
from tracker.report.phrases import day_of, listed
from tracker.report.sensitivity import Sensitivity
from tracker.report.snapshot_report import SnapshotReport, TopicInfo

GAP_REASONS = {
    "failed": "the feed could not be read",
    "overflow": "the feed lists fewer items than came in between two polls",
    "below_band": "the feed listed far fewer items than it usually does",
}
BEYOND = (
    "Feeds list the last days only. What ran before collection began, what feeds leave out, and what outlets that are "
    "not followed ran is not in here."
)
ESTIMATES = (
    "Counts are counts. Everything else is an estimate: each carries its sample and interval, small samples are "
    "withheld. No figure here was checked by people against a coded sample unless it says so."
)


def not_seen(report: SnapshotReport, view: Filters) -> Section:
    """Return the gaps, the silent feeds, the texts that did not come whole and the articles left unscored."""
    seen, state = summary(report, view), collection_health(report, view.topic)
    gaps = report.gaps(seen.first_date, seen.last_date)
    unscored = health.unscored(report, view.topic)
    answer = (
        _gaps_said(gaps),
        _feeds_said(health.feeds(report)),
        _partial_said(seen.n_withheld),
        f"{listed(state.n_failed, 'page')} could not be read at all." if state.n_failed else "",
        f"Not scored: {_reasons(unscored)}." if len(unscored) else "",
        BEYOND,
    )
    return Section(
        id="unseen",
        question="What could we not see?",
        answer=tuple(filter(None, answer)),
        tables=(_gaps(gaps),) if len(gaps) else (),
    )


def _feeds_said(feeds: pd.DataFrame) -> str:
    unwell = sorted(set(feeds.loc[feeds["n_failures"] > 0, "outlet_name"]))
    if unwell:
        return f"Feeds that did not answer well at the last look: {enumerated(unwell)}."
    return f"All {listed(len(feeds), 'feed')} answered well at the last look." if len(feeds) else "No feed is followed."


def _partial_said(n: int) -> str:
    if not n:
        return "Every article came with its whole text."
    return (
        f"{listed(n, 'article')} came without the whole text (paywalls, broken pages): headlines count, bodies do not."
    )


def _gaps_said(gaps: pd.DataFrame) -> str:
    if gaps.empty:
        return "Collection was whole on every day of this coverage."
    names = sorted(set(gaps["outlet_name"]))
    return f"On some days {enumerated(names)} could not be followed wholly: that nothing is there says nothing."


def _reasons(unscored: pd.DataFrame) -> str:
    pairs = zip(unscored["reason"], unscored["n_articles"], strict=True)
    return enumerated([f"{listed(int(n), 'article')} ({reason})" for reason, n in pairs])


def _gaps(gaps: pd.DataFrame) -> Table:
    return Table(
        caption="One row is a stretch that was not wholly collected",
        head=("outlet", "from", "until", "why"),
        rows=tuple(
            (
                text(row["outlet_name"]),
                text(day_of(pd.Timestamp(row["from_date"]).date())),
                text(day_of(pd.Timestamp(row["until_date"]).date())),
                text(GAP_REASONS.get(row["reason"], row["reason"])),
            )
            for row in gaps.to_dict("records")
        ),
    )


def how_sure(report: SnapshotReport, topic: TopicInfo, tested: Sequence[Sensitivity]) -> Section:
    """Return how the figures were come by, and what becomes of findings under other choices."""
    scorers = health.scorers(report).drop_duplicates(["scorer", "scorer_version"])
    return Section(
        id="sure",
        question="How sure are we?",
        answer=(ESTIMATES, *_robust(tested), *methods_paragraphs(report, topic)),
        tables=(*(choices(one) for one in tested), _scorers(scorers)),
    )


def _robust(tested: Sequence[Sensitivity]) -> list[str]:
    """Say how many of the differences that were told apart stand under every other choice."""
    if not tested:
        return []
    n = sum(not one.flips for one in tested)
    which = "None" if not n else "All" if n == len(tested) else str(n)
    apart = f"{which} of the {listed(len(tested), 'difference')} of tone that could be told apart"
    return [f"{apart} {'stand' if n > 1 else 'stands'} under every other choice tested: the tables below have them."]


def _scorers(rows: pd.DataFrame) -> Table:
    return Table(
        caption="One row is a scorer in use; the hash covers its words and model",
        head=("scorer", "version", "default", "hash"),
        rows=tuple(
            (
                text(row["scorer"]),
                text(row["scorer_version"]),
                text("yes" if row["is_default"] else ""),
                text(str(row["data_hash"] or "")[:12]),
            )
            for row in rows.to_dict("records")
        ),
    )
