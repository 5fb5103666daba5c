"""The comparisons that a topic's coverage allows, the sound ones first: groups of outlets, stories paired by event."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import combinations

import pandas as pd

from tracker.report.coding.checked import checked
from tracker.report.coding.notes import note, tone_note
from tracker.report.coding.scheme import RELEVANCE
from tracker.report.contrasts import Difference, adjusted, compare, compare_paired
from tracker.report.event_change import AFTER, BEFORE, Change, around, change_at
from tracker.report.filters import Filters
from tracker.report.intervals import MIN_COMPARISON, MIN_SAMPLE
from tracker.report.phrases import Quantity, tone_of
from tracker.report.samples import GroupBy, Part, Sample, tone_sample
from tracker.report.snapshot_report import SnapshotReport
from tracker.report.word_guard import leave_one_word_out, read_of, rescore_of, sentences, word_shifts

GROUPS: tuple[GroupBy, ...] = ("outlet_kind", "lean", "owner", "country")
GROUP_COLUMNS: tuple[GroupBy, ...] = (*GROUPS, "outlet")
UNKNOWN = "unknown"  # is no group: what nobody has said of these outlets
ATTENTION = Quantity(name="attention (share of all entries)", more="more numerous", less="less numerous")


def tone_findings(
    report: SnapshotReport,
    filters: Filters,
    *,
    group_by: GroupBy,
    part: Part = "body",
    scorer: str | None = None,
    most: int | None = None,
    most_guarded: int | None = None,
) -> tuple[Difference, ...]:
    """Return every pair of groups with enough stories compared in tone, adjusted to each other.

    With ``most`` only the groups with most stories are compared: pairs grow with the square of the groups.
    Where a side has fewer than 30 stories and both covered the same events, the pair is taken within events.
    Those that are told apart carry the word that they hang on most: with ``most_guarded`` only the largest ones, for
    that takes longest.
    """
    sample = tone_sample(report, filters, part, scorer)
    rows = sample.once
    quantity = tone_of(part, sample.scorer)
    groups = _groups(rows, group_by)[:most]
    of = {group: rows[rows[group_by] == group][["article", "value", "event", *GROUP_COLUMNS]] for group in groups}
    found = adjusted([_best(pd.concat([of[a], of[b]]), quantity, group_by, a, b) for a, b in combinations(groups, 2)])
    told = sorted((one for one in found if one.is_distinguishable), key=lambda one: -abs(one.estimate or 0))
    with_word = {(one.a, one.b): one for one in guarded(report, sample, told[:most_guarded])}
    error = tone_note(checked(report, filters.topic))
    return tuple(replace(with_word.get((one.a, one.b), one), validity=error) for one in found)


def tone_difference(
    report: SnapshotReport, filters: Filters, *, group_by: GroupBy, a: str, b: str, part: Part = "body"
) -> Difference:
    """Return two groups compared in tone as ``tone_findings`` compares them, but alone."""
    sample = tone_sample(report, filters, part)
    found = _best(sample.once, tone_of(part, sample.scorer), group_by, a, b)
    return replace(guarded(report, sample, (found,))[0], validity=tone_note(checked(report, filters.topic)))


def guarded(report: SnapshotReport, sample: Sample, found: Sequence[Difference]) -> tuple[Difference, ...]:
    """Return comparisons of a sample's groups, those told apart with the word that they hang on most.

    A scorer that cannot be asked anew, or a snapshot without texts, leaves them as they are.
    """
    told_apart = [one for one in found if one.is_distinguishable]
    rescore = rescore_of(sample.scorer)
    if rescore is None or not told_apart or not report.has_text():
        return tuple(found)
    rows, group_by = sample.once, told_apart[0].group_by
    groups = sorted({group for one in told_apart for group in (one.a, one.b)})
    wanted = {name for group in groups for name in read_of(rows[rows[group_by] == group]["article"])}
    shifts = word_shifts(sentences(report, sample, wanted), rescore)
    return tuple(
        one.guarded(leave_one_word_out(rows, shifts, group_by=group_by, a=one.a, b=one.b, read=wanted))
        if one.is_distinguishable
        else one
        for one in found
    )


def _groups(rows: pd.DataFrame, group_by: GroupBy) -> Sequence[str]:
    """Return the groups with enough stories for a figure, largest first."""
    sizes = rows[group_by].dropna().value_counts()
    known = {str(name): int(n) for name, n in sizes.items() if n >= MIN_SAMPLE and name != UNKNOWN}
    return sorted(known, key=lambda name: (-known[name], name))


def _best(rows: pd.DataFrame, quantity: Quantity, group_by: GroupBy, a: str, b: str) -> Difference:
    plain = compare(rows, quantity=quantity, group_by=group_by, a=a, b=b)
    if min(plain.n_a, plain.n_b) >= MIN_COMPARISON:
        return plain
    paired = compare_paired(rows, quantity=quantity, group_by=group_by, a=a, b=b)
    return paired if paired.is_reportable else plain


def tone_changes(report: SnapshotReport, filters: Filters, part: Part = "body") -> tuple[Change, ...]:
    """Return how tone changed at each event of the topic's own docket, in order of their dates.

    Those that are told from chance carry the word that they hang on most.
    """
    sample = tone_sample(report, filters, part)
    rows, quantity = sample.once, tone_of(part, sample.scorer)
    error = tone_note(checked(report, filters.topic))
    return tuple(
        replace(
            _guarded_change(report, sample, change_at(rows, on=on, event=title, quantity=quantity)),
            validity=error,
        )
        for on, title in _events(report, filters)
    )


def _guarded_change(report: SnapshotReport, sample: Sample, change: Change) -> Change:
    """Return a change with the word that it hangs on most, where it is told from chance."""
    rescore = rescore_of(sample.scorer)
    if rescore is None or not change.is_distinguishable or not report.has_text():
        return change
    near = around(sample.once, change.on)
    read = {name for side in (AFTER, BEFORE) for name in read_of(near[near["side"] == side]["article"])}
    shifts = word_shifts(sentences(report, sample, read), rescore)
    return replace(change, driver=leave_one_word_out(near, shifts, group_by="side", a=AFTER, b=BEFORE, read=read))


def attention_changes(report: SnapshotReport, filters: Filters) -> tuple[Change, ...]:
    """Return how the share of on-topic entries changed at each event; days that were not wholly collected stay out."""
    days = report.attention(filters)
    days = days[~days["is_gap"]].groupby("date")[["n_matching", "n_entries"]].sum().reset_index()
    rows = pd.DataFrame({"day": pd.to_datetime(days["date"]).dt.date, "value": days["n_matching"] / days["n_entries"]})
    error = note(checked(report, filters.topic), RELEVANCE).sentence()
    return tuple(
        replace(change_at(rows, on=on, event=title, quantity=ATTENTION), validity=error)
        for on, title in _events(report, filters)
    )


def _events(report: SnapshotReport, filters: Filters) -> list[tuple[date, str]]:
    docket = report.docket(filters.topic)
    own = docket[docket["is_this_case"]]
    return [(day, str(title)) for day, title in zip(pd.to_datetime(own["date"]).dt.date, own["title"], strict=True)]
