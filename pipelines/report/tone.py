"""In what tone: groups of outlets compared, outlets beside each other, before and after the event."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from pipelines.report import charts
from pipelines.report.parts import Cell, Picture, Section, Table, enumerated, number, text
from tracker.report.coding.checked import checked
from tracker.report.coding.notes import tone_note
from tracker.report.contrasts import Difference
from tracker.report.event_change import Change
from tracker.report.filters import Filters
from tracker.report.findings import GROUPS, tone_changes, tone_findings
from tracker.report.intervals import MIN_INTERVAL, MIN_SAMPLE
from tracker.report.phrases import group_label, listed, signed
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


def what_tone(
    report: SnapshotReport, view: Filters, compared: Sequence[Difference], tested: Sequence[Sensitivity]
) -> Section:
    """Return what can be said of tone: the verdict, each difference with what becomes of it, then the change."""
    changes = [one for one in tone_changes(report, view, PART) if one.is_reportable]
    outlets = report.outlets(view)
    rows = _outlet_rows(outlets)
    answer = [
        _verdict_in_short(compared, tested),
        *_verdicts(compared, tested),
        *(one.sentence(with_validity=False) for one in changes),
        *_outlets_said(outlets),
    ]
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


def _is_finding(one: Difference) -> bool:
    return one.is_distinguishable and one.may_compare and not one.is_provisional


def _verdict_in_short(compared: Sequence[Difference], tested: Sequence[Sensitivity]) -> str:
    """Return the answer for who reads one sentence: how many pairs differ, which, and how many cannot be told apart."""
    if not compared:
        return f"No two groups of outlets have the {MIN_SAMPLE} stories each that a comparison takes."
    told = [one for one in compared if one.is_distinguishable]
    findings, hints = ([one for one in told if _is_finding(one) is wanted] for wanted in (True, False))
    pairs = listed(len(compared), "pair")
    if not told:
        visible = [one.smallest_visible for one in compared if one.smallest_visible is not None]
        seen = f" Differences below {min(visible):.2f} would have gone unseen everywhere." if visible else ""
        return f"No group of outlets can be told from another by tone: {pairs} compared, none distinguishable.{seen}"
    parts = [
        *([f"{len(findings)} {_differ(findings)}: {_named(findings)}"] if findings else ["none differs for certain"]),
        *([f"{len(hints)} {_differ(hints, 'a hint', 'hints')} from few stories: {_named(hints)}"] if hints else []),
    ]
    if len(compared) > len(told):
        parts.append(f"{len(compared) - len(told)} cannot be told apart")
    doubt = "That does not stand" if len(told) == 1 else "None of that stands"
    tail = f" {doubt} under every other choice of method." if all(one.flips for one in tested) else ""
    return f"Of {pairs} of groups of outlets compared by tone, {'; '.join(parts)}.{tail}"


def _differ(found: Sequence[Difference], one: str = "", many: str = "") -> str:
    if not one:
        return "differs" if len(found) == 1 else "differ"
    return f"is {one}" if len(found) == 1 else f"are {many}"


def _named(found: Sequence[Difference]) -> str:
    """Return which groups are worded how, the less pleasantly worded one first."""
    pairs = [(one.a, one.b) if (one.estimate or 0) < 0 else (one.b, one.a) for one in found]
    said = [
        f"{group_label(one.group_by, lower)} are worded less pleasantly than {group_label(one.group_by, higher)}"
        for one, (lower, higher) in zip(found, pairs, strict=True)
    ]
    return enumerated(said)


def _verdicts(compared: Sequence[Difference], tested: Sequence[Sensitivity]) -> list[str]:
    """Return each difference that was told apart with its figures, findings first, and whether it stands."""
    stands = {_pair(one.published): one.sentence() for one in tested}
    told = sorted((one for one in compared if one.is_distinguishable), key=lambda one: not _is_finding(one))
    return [f"{one.sentence(with_validity=False)} {stands[_pair(one)]}" for one in told]


def _pair(one: Difference) -> tuple[str, str, str]:
    return one.group_by, one.a, one.b


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
    """Return the pairs told apart, those lost among many, and those of two real groups; the rest is counted."""
    shown = [
        one
        for one in compared
        if one.is_distinguishable or one.is_lost_among_many or min(one.n_outlets_a, one.n_outlets_b) > 1
    ]
    left_out = len(compared) - len(shown)
    more = f"; {listed(left_out, 'pair')} with a single outlet on a side, not distinguishable, left out"
    return Table(
        caption="One row is a comparison of two groups of outlets; each text counts once, for who wrote it"
        + (more if left_out else ""),
        head=("groups, by", "stories", "difference", "95 % interval", "told apart?", "smallest that would show"),
        rows=tuple(
            (
                text(
                    f"{_group(one, one.a, one.n_outlets_a)} − {_group(one, one.b, one.n_outlets_b)}, "
                    f"{GROUP_NAMES.get(one.group_by, one.group_by)}"
                ),
                number(f"{one.n_a} and {one.n_b}"),
                number(signed(one.estimate)),
                number(_ends(one.low, one.high)),
                text(_verdict(one)),
                number("" if one.smallest_visible is None else f"{one.smallest_visible:.3f}"),
            )
            for one in shown
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
    return "" if low is None else f"{signed(low)} to {signed(high)}"


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
        number(signed(one.estimate)),
        number(_ends(one.low, one.high)),
        number("" if one.p_value is None else f"{one.p_value:.2f}"),
        number("" if one.smallest_visible is None else f"{one.smallest_visible:.3f}"),
    )


def sensitivities(report: SnapshotReport, view: Filters, compared: Sequence[Difference]) -> tuple[Sensitivity, ...]:
    """Return what becomes of each comparison that was told apart under other choices."""
    return tuple(
        tone_sensitivity(report, view, group_by=one.group_by, a=one.a, b=one.b, part=PART)
        for one in compared
        if one.is_distinguishable
    )


def choices(tested: Sensitivity) -> Table:
    """Return a comparison under other choices as a table."""
    return Table(
        caption=f"Tone of {label(tested.published)} under other choices. {tested.sentence()}",
        head=("choice", "stories", "difference", "95 % interval", "stands?"),
        rows=tuple(
            (
                text(variant.name),
                number(f"{variant.difference.n_a} and {variant.difference.n_b}"),
                number(signed(variant.difference.estimate)),
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
