"""Who covered it, how much, and what changed afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

import pandas as pd

from pipelines.report import charts
from pipelines.report.parts import (
    Picture,
    Section,
    Table,
    enumerated,
    moment,
    number,
    percent,
    stamp,
    text,
    tone,
)
from tracker import urls
from tracker.report.changes import VersionChange, corrections, headline_changes
from tracker.report.coding.checked import checked
from tracker.report.coding.notes import note
from tracker.report.coding.scheme import RELEVANCE
from tracker.report.filters import Filters
from tracker.report.overview import Summary, summary
from tracker.report.phrases import day_of, listed
from tracker.report.snapshot_report import OutletRow, SnapshotReport

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
MAX_CHANGES = 20  # headline changes in the report; the rest are counted
LAG_IN_DAYS = 48  # hours from which a lag is said in days


def who_covered_it(report: SnapshotReport, view: Filters) -> Section:
    """Return who covered the topic, how much, when, and who came first."""
    seen, outlets, zone = summary(report, view), report.outlets(view), report.info().timezone
    per_day = report.coverage_by_day(view)
    events = _events(report, view, seen)
    answer = [_how_much(seen), _who_first(outlets, zone)]
    silent = _silent(report, view)
    if silent:
        answer.append(f"Followed and without an article on it: {enumerated(silent)}.")
    key = "; ".join(f"{row['letter']} {day_of(row['date'])}: {row['title']}" for row in events.to_dict("records"))
    picture = Picture(
        svg=charts.days(per_day, events),
        alt=f"Articles a day, own work and copies. {_how_much(seen)}",
        caption=f"Articles by day of publication ({zone}). {key}".strip(),
    )
    ran = "“Of all it ran”: among everything that the outlet's own feeds listed; results of searches do not count."
    return Section(
        id="who",
        question="Who covered it, and how much?",
        answer=tuple(filter(None, answer)),
        picture=picture if len(per_day) else None,
        tables=(_outlets(outlets),),
        notes=(ran, note(checked(report, view.topic), RELEVANCE).sentence()),
    )


def _how_much(seen: Summary) -> str:
    if seen.first_date is None or seen.last_date is None or seen.peak_date is None:
        return "No article on it is in this snapshot."
    leaders = enumerated([name for _, name, _ in seen.leaders])
    are = "are copies" if seen.n_wire > 1 else "is a copy"
    copies = (
        f"{seen.n_own} are their own work, {seen.n_wire} ({percent(seen.n_wire / seen.n_articles)}) {are} of another "
        f"organisation's text, run by {listed(seen.n_wire_outlets, 'outlet')}."
        if seen.n_wire
        else "All are their own work."
    )
    return (
        f"{listed(seen.n_articles, 'article')} by {listed(seen.n_outlets, 'outlet')}, {day_of(seen.first_date)} to "
        f"{day_of(seen.last_date)}, most on {day_of(seen.peak_date)} ({seen.n_peak}). {copies} {leaders} ran most "
        f"({seen.leaders[0][2]}{' each' if len(seen.leaders) > 1 else ''})."
    )


def _who_first(outlets: Sequence[OutletRow], zone: str) -> str:
    timed = sorted((row for row in outlets if row.lag_hours is not None), key=lambda row: row.lag_hours or 0.0)
    if not timed:
        return ""
    first = f"First of those followed was {timed[0].name}, {moment(timed[0].first_at, zone)}"
    if len(timed) == 1:
        return f"{first}."
    return (
        f"{first}; next came {timed[1].name}, {_lag(timed[1].lag_hours)} later, by the times that outlets print "
        "themselves."
    )


def _lag(hours: float | None) -> str:
    if not hours:
        return "first"
    return f"{hours:.1f} hours" if hours < LAG_IN_DAYS else f"{hours / 24:.1f} days"


def _silent(report: SnapshotReport, view: Filters) -> list[str]:
    rows = report.rows(
        "SELECT o.name FROM outlets o WHERE EXISTS (SELECT 1 FROM feeds f WHERE f.outlet = o.outlet AND f.is_active) "
        "AND NOT EXISTS (SELECT 1 FROM coverage c WHERE c.topic = $topic AND c.outlet = o.outlet) ORDER BY o.name",
        {"topic": view.topic},
    )
    return [row["name"] for row in rows]


def _outlets(outlets: Sequence[OutletRow]) -> Table:
    return Table(
        caption="One row is an outlet",
        head=("outlet", "articles", "own work", "copies", "of all it ran", "began"),
        rows=tuple(
            (
                text(row.name),
                number(row.n_articles),
                number(row.n_own),
                number(row.n_wire or ""),
                number(f"{percent(row.attention)} of {row.n_entries}" if row.n_entries else ""),
                number(_lag(row.lag_hours) + (" later" if row.lag_hours else "") if row.first_at else ""),
            )
            for row in outlets
        ),
    )


def _events(report: SnapshotReport, view: Filters, seen: Summary) -> pd.DataFrame:
    """Return the docket's events of the days covered, each with a letter."""
    docket = report.docket(view.topic)
    dates = pd.to_datetime(docket["date"]).dt.date
    docket = docket.assign(date=dates)
    if seen.first_date and seen.last_date:
        docket = docket[(dates >= seen.first_date) & (dates <= seen.last_date)]
    return docket.assign(letter=list(islice(LETTERS, len(docket))) + [""] * max(0, len(docket) - len(LETTERS)))


def what_changed(report: SnapshotReport, view: Filters) -> Section:
    """Return how headlines changed, and what was corrected."""
    changes, mended = headline_changes(report, view), corrections(report, view)
    n_outlets = len({one.outlet for one in changes})
    answer = (
        f"{listed(len(changes), 'headline')} of {listed(n_outlets, 'outlet')} changed after publication."
        if changes
        else "No headline was seen to change after publication."
    )
    fixed = f"{listed(len(mended), 'correction or retraction', 'corrections or retractions')} appeared."
    left_out = [f"The newest {MAX_CHANGES} are shown."] if len(changes) > MAX_CHANGES else []
    zone = report.info().timezone
    return Section(
        id="changed",
        question="What changed after publication?",
        answer=(f"{answer} {fixed if len(mended) else 'No correction was seen.'}",),
        tables=tuple(
            table for table in (_headlines(changes[:MAX_CHANGES], zone), _corrections(mended, zone)) if table.rows
        ),
        notes=("Changes are seen between two looks of the tracker, so that short-lived ones escape it.", *left_out),
    )


def _headlines(changes: Sequence[VersionChange], zone: str) -> Table:
    def side(one: VersionChange, left_out: str) -> str:
        return "".join(part.text for part in one.headline if part.kind != left_out).strip()

    return Table(
        caption="One row is a change of a headline, the newest first",
        head=("outlet", "before", "after", "seen", "tone"),
        rows=tuple(
            (
                text(one.outlet_name),
                text(side(one, "added")),
                text(side(one, "removed")),
                stamp(moment(one.seen_at, zone)),
                number(f"{tone(one.tone_before)} → {tone(one.tone_after)}"),
            )
            for one in changes
        ),
    )


def _corrections(rows: pd.DataFrame, zone: str) -> Table:
    return Table(
        caption="One row is a correction or retraction",
        head=("outlet", "article", "note", "seen"),
        rows=tuple(
            (
                text(row["outlet_name"]),
                text(row["title"]),
                text(row["change_note"]),
                stamp(moment(row["seen_at"], zone)),
            )
            for row in rows.to_dict("records")
        ),
    )


def further_reading(report: SnapshotReport, view: Filters) -> Table:
    """Return the topic's own-work articles, newest first, each with its address."""
    rows = report.articles(view)
    rows = rows[~rows["is_wire_copy"]]
    zone = report.info().timezone
    return Table(
        caption="One row is an article that is the outlet's own work, the newest first",
        head=("published", "outlet", "headline"),
        rows=tuple(
            (
                stamp(moment(None if pd.isna(row["published_at"]) else row["published_at"], zone)),
                text(row["outlet_name"]),
                text(row["title"], row["url"] if urls.is_http(row["url"]) else None),
            )
            for row in rows.to_dict("records")
        ),
    )
