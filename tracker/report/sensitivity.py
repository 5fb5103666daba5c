"""Whether a finding survives other choices.

Without wire, without opinion, without partial texts, over the topic's own sentences alone, under other scorers.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from tracker.report.contrasts import Difference, compare
from tracker.report.filters import Filters
from tracker.report.phrases import group_label, tone_of
from tracker.report.samples import OPINION, Part, by_scorer, by_topic_sentences, once_per_text, scorers, tone_sample
from tracker.report.snapshot_report import SnapshotReport


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """The same comparison under another choice."""

    name: str
    difference: Difference
    flips: bool  # it contradicts the published one: other verdict, or other sign where both are told from zero


@dataclass(frozen=True, slots=True, kw_only=True)
class Sensitivity:
    """A published comparison and what becomes of it under other choices."""

    published: Difference
    variants: tuple[Variant, ...]

    @property
    def flips(self) -> tuple[str, ...]:
        """The choices under which the answer is another one."""
        return tuple(one.name for one in self.variants if one.flips)

    def sentence(self) -> str:
        """Return whether the finding stands, in words."""
        if not self.published.is_reportable:
            return "There is no finding to be tested."
        tested = [one for one in self.variants if one.difference.is_reportable]
        untested = [one.name for one in self.variants if not one.difference.is_reportable]
        left = f" Too few stories to test it {', '.join(untested)}." if untested else ""
        if not self.flips:
            return f"It stands under all {len(tested)} other choices tested.{left}"
        other = "they cannot be told apart" if self.published.is_distinguishable else "they can be told apart"
        return f"Not so {', '.join(self.flips)}: there {other}. Handle with care.{left}"


def tone_sensitivity(
    report: SnapshotReport, filters: Filters, *, group_by: str, a: str, b: str, part: Part = "body"
) -> Sensitivity:
    """Return a comparison of two groups' tone under each other choice that the snapshot allows."""
    names = scorers(report)
    default = tone_sample(report, filters, part)

    def difference(rows: pd.DataFrame, scorer: str) -> Difference:
        return compare(rows, quantity=tone_of(part, scorer), group_by=group_by, a=a, b=b)

    rows = _of_groups(default.rows, group_by, a, b)
    published = difference(once_per_text(rows), default.scorer)
    choices = {
        "with every copy counted where it ran": rows,
        "without wire copies": rows[~rows["is_wire_copy"] & (rows["outlet_kind"] != "wire")],
        "without opinion pieces": once_per_text(rows[~rows["kind"].isin(OPINION)]),
        "without partial texts": once_per_text(rows[rows["completeness"] == "whole"]),
        "over the topic's own sentences": once_per_text(by_topic_sentences(report, default, rows)),
    }
    found = {name: difference(chosen, default.scorer) for name, chosen in choices.items()}
    for scorer in names[1:]:
        found[f"under the scorer {scorer}"] = difference(
            once_per_text(by_scorer(report, default, rows, scorer)), scorer
        )
    variants = tuple(
        Variant(name=name, difference=one, flips=contradicts(published, one)) for name, one in found.items()
    )
    return Sensitivity(published=published, variants=variants)


def _of_groups(rows: pd.DataFrame, group_by: str, a: str, b: str) -> pd.DataFrame:
    """Return the rows of every text that one of the groups ran or wrote: what is compared hangs on no others."""
    texts = rows.loc[rows[group_by].isin([a, b]) | rows["wire_agency"].isin([a, b]), "text_id"]
    return rows[rows["text_id"].isin(set(texts))]


def contradicts(published: Difference, other: Difference) -> bool:
    """Return whether another choice gives another verdict, or the opposite one."""
    if published.estimate is None or other.estimate is None:
        return False
    if published.is_distinguishable != other.is_distinguishable:
        return True
    return published.is_distinguishable and (published.estimate > 0) != (other.estimate > 0)


def label(one: Difference) -> str:
    """Return which two groups are compared, as a heading names them."""
    return f"{group_label(one.group_by, one.a)} against {group_label(one.group_by, one.b)}"
