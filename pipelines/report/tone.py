"""In what tone: groups of outlets compared, outlets beside each other, before and after the event."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from pipelines.report import charts
from pipelines.report.parts import Cell, Picture, Section, Table, enumerated, number, text, tone
from tracker.report.coding.checked import checked
from tracker.report.coding.notes import tone_note
from tracker.report.contrasts import Difference
from tracker.report.event_change import Change
from tracker.report.filters import Filters
from tracker.report.findings import GROUPS, tone_changes, tone_findings
from tracker.report.intervals import MIN_INTERVAL, MIN_SAMPLE
from tracker.report.phrases import group_label, listed
from tracker.report.samples import Part
from tracker.report.sensitivity import Sensitivity, label, tone_sensitivity
from tracker.report.snapshot_report import OutletRow, SnapshotReport

PART: Part = "outlet_voice"  # what an outlet says itself: quoted words are their speakers'
GROUP_NAMES = {"outlet_kind": "kind", "lean": "lean", "owner": "owner", "country": "country"}
NOT_STANCE = (
    "Tone is how pleasant the wording is, −1 to 1. It is not where an outlet stands: within one event, tone does not "
    "recover stance."
)


def compared_groups(report: SnapshotReport, view: Filters) -> tuple[Difference, ...]:
    """Return every comparison of groups of outlets that the sample allows, by kind, lean, owner and country."""
    return tuple(one for group in GROUPS for one in tone_findings(report, view, group_by=group, part=PART))


def what_tone(report: SnapshotReport, view: Filters, compared: Sequence[Difference]) -> Section:
    """Return what can be said of tone: findings first, then how many comparisons showed nothing."""
    changes = [one for one in tone_changes(report, view, PART) if one.is_reportable]
    outlets = report.outlets(view)
    rows = _outlet_rows(outlets)
    answer = [*_verdicts(compared), *(one.sentence(with_validity=False) for one in changes), *_outlets_said(outlets)]
    return Section(
        id="tone",
        question="In what tone?",
        answer=tuple(answer),
        picture=_picture(rows) if len(rows) else None,
        tables=tuple(table for table in (_comparisons(compared), _changes(changes)) if table.rows),
        notes=(NOT_STANCE, tone_note(checked(report, view.topic))),
    )


def _picture(rows: pd.DataFrame) -> Picture:
    return Picture(
        svg=charts.tones(rows),
        alt="Tone of each outlet's own words with its interval; the table of comparisons says which groups differ.",
        caption=(
            "Mean tone of each outlet's own words (articles in brackets, copies included) with 95 % intervals; hollow "
            f"below {MIN_INTERVAL} articles. Where intervals overlap widely, nothing tells outlets apart."
        ),
    )


def _verdicts(compared: Sequence[Difference]) -> list[str]:
    if not compared:
        return [f"No two groups of outlets have the {MIN_SAMPLE} stories each that a comparison takes."]
    told = [one for one in compared if one.is_distinguishable]
    findings = [one.sentence(with_validity=False) for one in told if one.may_compare and not one.is_provisional]
    hints = [one.sentence(with_validity=False) for one in told if not one.may_compare or one.is_provisional]
    rest = len(compared) - len(told)
    groups = listed(len(compared), "pair")
    if not told:
        visible = [one.smallest_visible for one in compared if one.smallest_visible is not None]
        seen = f" Differences below {min(visible):.2f} would have gone unseen everywhere." if visible else ""
        return [f"No group of outlets can be told from another by tone: {groups} compared, none distinguishable.{seen}"]
    others = [f"Of {groups} of groups compared, {rest} cannot be told apart."] if rest else []
    return [*findings, *hints, *others]


def _outlets_said(outlets: Sequence[OutletRow]) -> list[str]:
    small = [row.name for row in outlets if not row.outlet_tone.is_reportable]
    if not small:
        return []
    return [f"Withheld for want of {MIN_SAMPLE} whole texts: {enumerated(small)}. Read them instead."]


def _outlet_rows(outlets: Sequence[OutletRow]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "name": f"{row.name} ({row.outlet_tone.n})",
                "estimate": row.outlet_tone.estimate,
                "low": row.outlet_tone.low,
                "high": row.outlet_tone.high,
                "is_provisional": row.outlet_tone.n < MIN_INTERVAL,
            }
            for row in sorted(outlets, key=lambda row: row.outlet_tone.estimate or 0.0)
            if row.outlet_tone.is_reportable
        ]
    )


def _comparisons(compared: Sequence[Difference]) -> Table:
    return Table(
        caption="One row is a comparison of two groups of outlets; each text counts once, for who wrote it",
        head=("by", "groups", "stories", "difference", "95 % interval", "told apart?", "smallest that would show"),
        rows=tuple(
            (
                text(GROUP_NAMES.get(one.group_by, one.group_by)),
                text(f"{_group(one, one.a, one.n_outlets_a)} − {_group(one, one.b, one.n_outlets_b)}"),
                number(f"{one.n_a} and {one.n_b}"),
                number(tone(one.estimate)),
                number(_ends(one.low, one.high)),
                text(_verdict(one)),
                number("" if one.smallest_visible is None else f"{one.smallest_visible:.2f}"),
            )
            for one in compared
        ),
    )


def _group(one: Difference, group: str, n_outlets: int) -> str:
    """Return a group's name; one outlet alone is said to be one, since a group is more."""
    return group_label(one.group_by, group) + (" (one outlet)" if n_outlets == 1 else "")


def _verdict(one: Difference) -> str:
    if not one.is_reportable:
        return "too few stories"
    if one.is_lost_among_many:
        return "not among so many comparisons"
    if not one.is_distinguishable:
        return "not distinguishable"
    if one.driver and one.is_driven_by_a_word:
        return f"driven by the word “{one.driver.word}”"
    return "a hint" if one.is_provisional or not one.may_compare else "yes"


def _ends(low: float | None, high: float | None) -> str:
    return "" if low is None else f"{tone(low)} to {tone(high)}"


def _changes(changes: Sequence[Change]) -> Table:
    return Table(
        caption="One row is a dated event: tone in the 28 days after it minus the 28 days before",
        head=("event", "stories", "change", "95 % interval", "p", "smallest that would show"),
        rows=tuple(_change(one) for one in changes),
    )


def _change(one: Change) -> tuple[Cell, ...]:
    return (
        text(one.event),
        number(f"{one.n_before} and {one.n_after}"),
        number(tone(one.estimate)),
        number(_ends(one.low, one.high)),
        number("" if one.p_value is None else f"{one.p_value:.2f}"),
        number("" if one.smallest_visible is None else f"{one.smallest_visible:.2f}"),
    )


def sensitivities(report: SnapshotReport, view: Filters, compared: Sequence[Difference]) -> tuple[Table, ...]:
    """Return what becomes of each comparison that was told apart under other choices: a table each."""
    return tuple(
        _sensitivity(tone_sensitivity(report, view, group_by=one.group_by, a=one.a, b=one.b, part=PART), one)
        for one in compared
        if one.is_distinguishable
    )


def _sensitivity(tested: Sensitivity, one: Difference) -> Table:
    return Table(
        caption=f"Tone of {label(one)} under other choices. {tested.sentence()}",
        head=("choice", "stories", "difference", "95 % interval", "stands?"),
        rows=tuple(
            (
                text(variant.name),
                number(f"{variant.difference.n_a} and {variant.difference.n_b}"),
                number(tone(variant.difference.estimate)),
                number(_ends(variant.difference.low, variant.difference.high)),
                text(_stands(variant.difference, flips=variant.flips)),
            )
            for variant in tested.variants
        ),
    )


def _stands(one: Difference, *, flips: bool) -> str:
    if not one.is_reportable:
        return "too few stories"
    return "no" if flips else "yes"
