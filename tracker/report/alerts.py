"""What somebody wants to be told at once: a headline changed, a topic takes unusual room, a feed fell silent."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from tracker.report.intervals import MIN_SAMPLE
from tracker.report.news import changed_headlines
from tracker.report.phrases import day_of, listed
from tracker.report.snapshot_report import SnapshotReport, TopicInfo

WINDOW = timedelta(days=7)  # what is older is no news, whether somebody was told or not
SPIKE_DAYS = 2  # a day is looked at while it lasts and the day after
USUAL_DAYS, LEAST_DAYS = 28, 14  # what is usual, as in the band of ``collect/band.py``
SPIKE_WIDTH = 2.0  # standard deviations above the mean (Media Cloud's alarm)
SILENT_DAYS = 14  # a feed that lists nothing new for two weeks has probably died
FAILING_DAYS = 3  # an outage of a night or two mends itself
KINDS = ("headline", "attention", "feed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One thing worth telling. The same event has the same ``id`` in every snapshot, so that it is told once."""

    id: str
    kind: str  # headline, attention or feed
    subject: str  # topic or outlet
    text: str
    url: str | None = None


def alerts(report: SnapshotReport, kinds: Collection[str]) -> tuple[Alert, ...]:
    """Return what is worth telling in a snapshot, of the ``kinds`` asked for."""
    as_of, topics = report.info().as_of, report.topics()
    found: list[Alert] = []
    if "headline" in kinds:
        found += [alert for topic in topics for alert in _headlines(report, topic, as_of - WINDOW)]
    if "attention" in kinds:
        found += [alert for topic in topics for alert in _spikes(report, topic)]
    if "feed" in kinds:
        found += _feeds(report)
    return tuple(found)


def _headlines(report: SnapshotReport, topic: TopicInfo, since: datetime) -> Iterator[Alert]:
    for one in changed_headlines(report, topic.topic, since):
        yield Alert(
            id=f"headline:{topic.topic}:{one.article}:{one.revision}",
            kind="headline",
            subject=topic.title,
            text=f"{one.outlet_name} changed a headline: “{one.before}” now reads “{one.after}”.",
            url=one.url,
        )


def _spikes(report: SnapshotReport, topic: TopicInfo) -> Iterator[Alert]:
    """Yield the latest days whose share of on-topic entries lies above what is usual; gaps stay out."""
    days = report.rows(
        """
        SELECT v.date, sum(v.n_matching)::INT AS n_matching, sum(v.n_entries)::INT AS n_entries
        FROM attention v WHERE v.topic = $topic AND NOT v.is_gap GROUP BY v.date ORDER BY v.date
        """,
        {"topic": topic.topic},
    )
    today = report.rows("SELECT report_day(as_of_at) AS day FROM snapshot_info")[0]["day"]
    for place, day in enumerate(days):
        usual = [one["n_matching"] / one["n_entries"] for one in days[max(place - USUAL_DAYS, 0) : place]]
        is_late = (today - day["date"]).days < SPIKE_DAYS
        if is_late and _is_spike(day["n_matching"], day["n_entries"], usual):
            yield Alert(
                id=f"attention:{topic.topic}:{day['date']}",
                kind="attention",
                subject=topic.title,
                text=f"Attention to “{topic.title}” is up: {day['n_matching']} of "
                f"{listed(day['n_entries'], 'entry', 'entries')} on {day_of(day['date'])}, "
                f"where {100 * float(np.mean(usual)):.1f} % were usual.",
            )


def _is_spike(n_matching: int, n_entries: int, usual: Sequence[float]) -> bool:
    """Return whether a day's share lies two deviations above what is usual; they are at least those of chance."""
    if n_matching < MIN_SAMPLE or len(usual) < LEAST_DAYS:
        return False
    mean = float(np.mean(usual))
    deviation = max(float(np.std(usual, ddof=1)), float(np.sqrt(mean * (1 - mean) / n_entries)))
    return n_matching / n_entries > mean + SPIKE_WIDTH * deviation


def _feeds(report: SnapshotReport) -> Iterator[Alert]:
    """Yield the feeds that fell silent or stopped answering; a new silence after new entries is another event."""
    rows = report.rows(
        """
        SELECT f.feed, coalesce(o.name, f.outlet) AS outlet_name, f.url, f.last_outcome, f.n_failures > 0 AS is_failing,
            CASE WHEN f.n_failures > 0 THEN f.last_ok_at ELSE f.last_new_at END AS since
        FROM feeds f CROSS JOIN snapshot_info i LEFT JOIN outlets o USING (outlet)
        WHERE f.is_active AND CASE WHEN f.n_failures > 0
            THEN date_diff('day', f.last_ok_at, i.as_of_at) >= $failing
            ELSE date_diff('day', f.last_new_at, i.as_of_at) >= $silent END
        ORDER BY outlet_name, f.url
        """,
        {"failing": FAILING_DAYS, "silent": SILENT_DAYS},
    )
    for row in rows:
        what = f"has not answered well ({row['last_outcome']})" if row["is_failing"] else "has listed nothing new"
        yield Alert(
            id=f"feed:{row['feed']}:{row['since']:%Y-%m-%dT%H:%M}",
            kind="feed",
            subject=row["outlet_name"],
            text=f"{row['outlet_name']}: {row['url']} {what} since {row['since']:%Y-%m-%d %H:%M} UTC.",
        )
