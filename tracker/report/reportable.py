"""The differences between outlets that may be reported, the surest first: in tone, frames and whose words they give."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

import pandas as pd

from tracker.report.coding.checked import checked
from tracker.report.coding.notes import note, tone_note
from tracker.report.coding.scheme import FRAME
from tracker.report.coding.validity import Checked
from tracker.report.contrasts import Difference, adjusted, compare
from tracker.report.filters import Filters
from tracker.report.intervals import MIN_SAMPLE
from tracker.report.phrases import Quantity, tone_of
from tracker.report.samples import tone_sample
from tracker.report.snapshot_report import FRAME_PACK, SnapshotReport

OUTLETS = 4  # with most stories: six pairs for each quantity
FRAMES = 4  # policy frames that are present in most stories
OTHERS_WORDS = Quantity(
    name="share of words quoted or reported", more="made more of others' words", less="made less of others' words"
)


def reportable(report: SnapshotReport, filters: Filters, most: int = 3) -> tuple[Difference, ...]:
    """Return the ``most`` surest differences between two outlets in tone, in a policy frame or in others' words.

    One a quantity. All comparisons are held together to a false discovery rate of 10 %. Those that may be reported
    come first, then hints, then the surest of those that cannot be told from nothing: ``Difference.sentence`` says
    which. The word that a difference in tone may hang on is asked for on its own (``findings``). Empty where no two
    outlets have stories enough.
    """
    sample = tone_sample(report, filters, "outlet_voice")
    rows = sample.once
    largest = _largest(rows)
    rows = rows.loc[rows["outlet"].isin(largest), ["article", "outlet", "event", "value"]]
    view = replace(filters, outlets=tuple(largest))
    candidates = [("tone", tone_of("outlet_voice", sample.scorer), rows), *_frames(report, view, rows)]
    candidates += [("voices", OTHERS_WORDS, _others(report, view, rows))]
    pairs = [
        (key, quantity, values, *pair) for key, quantity, values in candidates for pair in combinations(largest, 2)
    ]
    found = adjusted(
        [compare(values, quantity=quantity, group_by="outlet", a=a, b=b) for _, quantity, values, a, b in pairs]
    )
    known = [(pair[0], one) for pair, one in zip(pairs, found, strict=True) if one.is_reportable]
    first = dict[str, Difference]()
    for key, one in sorted(known, key=lambda pair: _rank(pair[1])):
        first.setdefault(key, one)
    known_errors = checked(report, filters.topic)
    return tuple(replace(one, validity=_error(known_errors, key)) for key, one in [*first.items()][:most])


def _error(known: Checked, key: str) -> str | None:
    """Return what may be said of the error in a quantity; voices are not coded."""
    if key == "tone":
        return tone_note(known)
    return note(known, f"{FRAME}{key.removeprefix('frame ')}").sentence() if key.startswith("frame ") else None


def _rank(one: Difference) -> tuple[bool, bool, float]:
    """Return what sorts a difference: told apart, more than a hint, half-widths of its interval from nought."""
    width = (one.high or 0.0) - (one.low or 0.0)
    sureness = 2 * abs(one.estimate or 0.0) / width if width else 0.0
    return not one.is_distinguishable, not one.may_compare or one.is_provisional, -sureness


def _largest(rows: pd.DataFrame) -> list[str]:
    """Return the outlets with most stories."""
    sizes = rows["outlet"].value_counts()
    known = [str(outlet) for outlet, n in sizes.items() if n >= MIN_SAMPLE]
    return sorted(known, key=lambda outlet: (-sizes[outlet], outlet))[:OUTLETS]


def _frames(
    report: SnapshotReport, filters: Filters, rows: pd.DataFrame
) -> Iterator[tuple[str, Quantity, pd.DataFrame]]:
    """Yield, for each policy frame of the view, 1 or 0 for every story of ``rows``: whether it is present."""
    present = report.frame(
        f"""
        SELECT f.frame, a.article FROM internal.shown a
        JOIN internal.framed f ON f.place = a.place AND f.pack = $pack
        WHERE {filters.condition()} ORDER BY f.frame, a.article
        """,  # noqa: S608 - the condition is a constant with parameters
        {**filters.parameters, "pack": FRAME_PACK},
    )
    often = present["frame"].value_counts().index[:FRAMES]
    for frame, group in present[present["frame"].isin(often)].groupby("frame", sort=True):
        name = str(frame).replace("_", " ")
        quantity = Quantity(
            name=f"share of stories with the frame “{name}”",
            more=f"more often about the aspect “{name}”",
            less=f"less often about the aspect “{name}”",
        )
        is_there = rows["article"].isin(set(group["article"]))
        yield f"frame {frame}", quantity, rows.assign(value=is_there.astype(float))


def _others(report: SnapshotReport, filters: Filters, rows: pd.DataFrame) -> pd.DataFrame:
    """Return each story of ``rows`` with the share of its body words that are quoted or reported."""
    shares = report.frame(
        f"""
        SELECT a.article, sum(p.n_words) FILTER (p.voice <> 'outlet') AS n_others, sum(p.n_words) AS n_words
        FROM internal.shown a JOIN internal.heard p ON p.place = a.place
        WHERE {filters.condition()} AND a.completeness = 'whole'
        GROUP BY a.article HAVING sum(p.n_words) > 0 ORDER BY a.article
        """,  # noqa: S608 - the condition is a constant with parameters
        {**filters.parameters},
    )
    shares["share"] = shares["n_others"].fillna(0) / shares["n_words"]
    return rows.drop(columns="value").merge(
        shares[["article", "share"]].rename(columns={"share": "value"}), on="article"
    )
