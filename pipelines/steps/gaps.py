"""What was not collected although nobody failed just now: feeds in back-off, and those that went quiet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time, timedelta

from pipelines.steps.run import Run
from tracker.collect.band import BAND_DAYS, RECENT_DAYS, Band, band
from tracker.model import Feed, FeedKind, FeedState
from tracker.store.runs import Gap

BEFORE_ALL = datetime.min.replace(tzinfo=UTC)


def note_waiting(run: Run, feeds: Sequence[Feed], states: Mapping[str, FeedState]) -> None:
    """Make longer the gaps of feeds that failed and are not to be asked yet.

    A feed that answered in part at this very time misses nothing so far: a night that is run again says the same.
    """
    run.counts["n_feeds_waiting"] = len(feeds)
    missing = [feed for feed in feeds if (states[feed.feed].last_ok_at or BEFORE_ALL) < run.now]
    _note(run, [_waiting(run, feed, states[feed.feed]) for feed in missing])


def _waiting(run: Run, feed: Feed, state: FeedState) -> Gap:
    return Gap(
        outlet=feed.outlet,
        feed=feed.feed,
        from_at=state.last_ok_at or state.last_polled_at or run.now,
        until_at=run.now,
        reason="failed",
        detail=f"{state.last_outcome}; not asked again before {state.next_poll_at:%Y-%m-%d %H:%M} UTC",
    )


def note_quiet(run: Run, feeds: Sequence[Feed]) -> None:
    """Record outlets that fell below their own band, and feeds that did while their outlet did not.

    Days are the report's, whole ones only. A feed's first day is left out: its first poll lists many days at once.
    """
    report = run.home.settings.report
    today = run.now.astimezone(report.zone).date()
    counts = run.store.entries.new_per_day(report.timezone, today - timedelta(days=BAND_DAYS + RECENT_DAYS), today)
    quiet = {name: found for name, days in counts.items() if (found := band(days)) and found.is_below}
    first = today - timedelta(days=RECENT_DAYS)
    since = datetime.combine(first, time(), report.zone).astimezone(UTC)
    own = [feed for feed in feeds if feed.kind is not FeedKind.SEARCH]
    outlets = sorted({feed.outlet for feed in own} & set(quiet))
    gaps = [_quiet(run, outlet, None, since, quiet[outlet]) for outlet in outlets]
    gaps += [
        _quiet(run, feed.outlet, feed.feed, since, quiet[feed.feed])
        for feed in own
        if feed.feed in quiet and feed.outlet not in quiet
    ]
    _note(run, gaps)


def _quiet(run: Run, outlet: str, feed: str | None, since: datetime, found: Band) -> Gap:
    detail = (
        f"{found.recent:.1f} new items a day in the last {RECENT_DAYS} days, "
        f"{found.mean:.1f} in the {BAND_DAYS} days before; its band ends at {found.low:.1f}"
    )
    return Gap(outlet=outlet, feed=feed, from_at=since, until_at=run.now, reason="below_band", detail=detail)


def _note(run: Run, gaps: Sequence[Gap]) -> None:
    if not gaps:
        return
    with run.store.transaction():
        run.store.runs.save_gaps(gaps)
    for gap in gaps:
        run.count_gap(gap)
