"""Relative tone: a story's tone less that of the other outlets' stories on the same event.

What happened explains half of tone's variance (docs/methods.md, Sentiment): a story about deaths is
negative in every outlet. Within an event each outlet counts once, so that one that ran ten stories does not
set the measure for all.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from tracker.report.filters import Filters
from tracker.report.intervals import Estimate, mean_estimate, shrink
from tracker.report.samples import Part, tone_sample
from tracker.report.snapshot_report import SnapshotReport

MIN_OTHERS = 2  # outlets beside a story's own on its event: one alone is no measure


@dataclass(frozen=True, slots=True, kw_only=True)
class RelativeTone:
    """An outlet's mean tone beside the others' on the same events; ``n_left_out`` stories had none to compare."""

    outlet: str
    name: str
    tone: Estimate
    n_left_out: int


def relative_tones(
    report: SnapshotReport, filters: Filters, part: Part = "body", scorer: str | None = None
) -> tuple[RelativeTone, ...]:
    """Return each outlet's relative tone with its 95 % interval, by outlet; copies count once, for their author.

    Intervals resample events, in which stories depend on one another. Below the minimum sample the figure is None.
    """
    rows = relative_to_event(tone_sample(report, filters, part, scorer).once)
    groups = [
        (str(outlet), group, mean_estimate(group["relative"].dropna().tolist(), _events(group)))
        for outlet, group in rows[rows["outlet"].notna()].groupby("outlet", sort=True)
    ]
    drawn = shrink([estimate for _, _, estimate in groups])
    return tuple(
        RelativeTone(
            outlet=outlet,
            name=str(group["outlet_name"].iloc[0]),
            tone=tone,
            n_left_out=int(group["relative"].isna().sum()),
        )
        for (outlet, group, _), tone in zip(groups, drawn, strict=True)
    )


def _events(group: pd.DataFrame) -> list[str]:
    return [str(event) for event in group[group["relative"].notna()]["event"]]


def relative_to_event(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows (outlet, event, value) with ``relative``: value less the mean of the other outlets' means.

    It is NaN where fewer than two other outlets covered the event.
    """
    means = rows.groupby(["event", "outlet"], dropna=False)["value"].mean()
    by_event = means.groupby(level="event")
    keys = list(zip(rows["event"], rows["outlet"], strict=True))
    own = means.reindex(pd.MultiIndex.from_tuples(keys, names=["event", "outlet"])).to_numpy()
    total, n_outlets = rows["event"].map(by_event.sum()), rows["event"].map(by_event.size())
    others = (total - own) / (n_outlets - 1).where(n_outlets > MIN_OTHERS)
    return rows.assign(relative=rows["value"] - others)
