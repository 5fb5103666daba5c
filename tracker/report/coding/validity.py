"""How often the machine is right on a topic, from what people coded, and shares put right by it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from tracker.report.coding.agreement import Agreement, agreement
from tracker.report.coding.corrected import design_share
from tracker.report.coding.scheme import FRAME, LEADING, NO, NONE, RELEVANCE, TONE, YES, Variable
from tracker.report.coding.texts import settled, weighted
from tracker.report.coding.weighted import Design, Moments, Values, ratio, recall_and_f1, weighted_share
from tracker.report.intervals import CONFIDENCE, MIN_SAMPLE, Estimate, share_estimate

EVERY = "all"  # group: all kinds of outlets together
MIN_PAIRS = 10  # texts behind a correlation


@dataclass(frozen=True, slots=True, kw_only=True)
class Validity:
    """How the machine does in one value of one variable, in one group of outlets."""

    topic: str
    variable: str
    value: str
    group: str  # kind of outlet, or ``all``
    n: int  # texts coded
    is_sampled: bool  # drawn at random, so that it stands for the archive
    precision: Estimate
    recall: Estimate
    f1: Estimate
    share: Estimate  # the machine's own
    corrected: Estimate  # the share put right
    sensitivity: Moments | None = None
    specificity: Moments | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """All that is known of a topic's variables. ``tone`` is the correlation of the machine's tone with people's."""

    topic: str
    agreements: tuple[Agreement, ...]
    validities: tuple[Validity, ...]
    tone: Estimate
    n_coded: int  # texts with a settled code

    def of(self, variable: str, value: str = YES, group: str = EVERY) -> Validity | None:
        """Return what is known of one value of a variable, or None where nothing is."""
        wanted = (variable, value, group)
        return next((one for one in self.validities if (one.variable, one.value, one.group) == wanted), None)

    def agreement(self, variable: str) -> Agreement | None:
        """Return how far coders agree on a variable, or None where nobody coded it."""
        return next((one for one in self.agreements if one.variable == variable), None)


def unchecked(topic: str) -> Checked:
    """Return what is known of a topic of which nobody has coded a text."""
    return Checked(topic=topic, agreements=(), validities=(), tone=_nothing(0), n_coded=0)


def check(
    topic: str, texts: pd.DataFrame, codes: pd.DataFrame, samples: pd.DataFrame, variables: Sequence[Variable]
) -> Checked:
    """Return agreement and validity of every variable that people coded.

    ``texts``, ``codes`` and ``samples`` are those of ``texts.py``. Where it is settled that a text is not on the topic,
    what a coder said of it beside that is left out.
    """
    truth = settled(codes)
    wide = truth.set_index(["article", "revision", "variable"])["value"].unstack().reset_index()  # noqa: PD010 - one a key
    coded = weighted(wide.merge(texts, on=["article", "revision"]), samples) if len(wide) else pd.DataFrame()
    if RELEVANCE in coded.columns:
        coded.loc[coded[RELEVANCE] == NO, coded.columns.intersection([v.variable for v in variables[1:]])] = np.nan
    asked = [one for one in variables if one.variable in coded.columns]
    is_sampled = not samples.empty
    found = [
        one
        for variable in asked
        for value in _classes(variable)
        for one in _by_group(topic, texts, coded, variable.variable, value, is_sampled=is_sampled)
    ]
    present = set(codes["variable"])
    return Checked(
        topic=topic,
        agreements=tuple(agreement(codes, one) for one in variables if one.variable in present),
        validities=tuple(found),
        tone=_tone(coded) if TONE in coded.columns else _nothing(0),
        n_coded=int(coded["article"].nunique()) if len(coded) else 0,
    )


def _classes(variable: Variable) -> tuple[str, ...]:
    if variable.variable == TONE:
        return ()
    return tuple(value for value in variable.options if value not in {NO, NONE})


def machine_says(texts: pd.DataFrame, variable: str, value: str) -> Values:
    """Return 1 for each text of which the machine says ``value``, else 0."""
    if variable == RELEVANCE:
        said = texts["is_on_topic"]
    elif variable == LEADING:
        said = texts["leading_frame"] == value
    else:
        frame = variable.removeprefix(FRAME)
        said = pd.Series([frame in frames for frames in texts["frames"]], index=texts.index, dtype=bool)
    found: Values = said.to_numpy(dtype=float)
    return found


def _domain(texts: pd.DataFrame, variable: str) -> pd.Series[bool]:
    """Return whether a variable's figures speak of a text: of frames, those on the topic that were scored."""
    everything = pd.Series(data=True, index=texts.index)
    return everything if variable == RELEVANCE else texts["is_on_topic"] & texts["is_scored"]


def _by_group(
    topic: str, texts: pd.DataFrame, coded: pd.DataFrame, variable: str, value: str, *, is_sampled: bool
) -> Iterator[Validity]:
    everywhere = texts[texts["is_latest"] & _domain(texts, variable)]
    known = coded[coded[variable].notna() & _domain(coded, variable)]
    if known.empty:
        return
    said, true = machine_says(known, variable, value), _is(known[variable], value)
    weights, strata = known["weight"].to_numpy(dtype=float), known["stratum"].to_numpy(dtype=object)
    said_everywhere = machine_says(everywhere, variable, value)
    kinds, kinds_everywhere = known["outlet_kind"].to_numpy(object), everywhere["outlet_kind"].to_numpy(object)
    for group in (EVERY, *sorted(set(kinds))):
        here = np.full(len(known), fill_value=True) if group == EVERY else kinds == group
        machine, truth = said[here], true[here]
        design = Design(weights=weights[here], strata=strata[here])
        tagged = said_everywhere if group == EVERY else said_everywhere[kinds_everywhere == group]
        untagged, without = 1 - machine, 1 - truth
        recall, f1 = recall_and_f1(machine, truth, design)
        yield Validity(
            topic=topic,
            variable=variable,
            value=value,
            group=group,
            n=len(truth),
            is_sampled=is_sampled,
            precision=weighted_share(machine * truth, machine, design),
            recall=recall,
            f1=f1,
            share=share_estimate(int(tagged.sum()), len(tagged)),
            corrected=design_share(tagged, machine, truth, design) if is_sampled else _nothing(len(truth)),
            sensitivity=ratio(machine * truth, truth, design) if truth.any() else None,
            specificity=ratio(untagged * without, without, design) if without.any() else None,
        )


def _is(values: pd.Series[str], value: str) -> Values:
    found: Values = (values == value).to_numpy().astype(float)
    return found


def _nothing(n: int) -> Estimate:
    return Estimate(n=n, estimate=None, low=None, high=None)


def _tone(coded: pd.DataFrame) -> Estimate:
    """Return Pearson's r of the machine's tone of the outlet's words with people's, with Fisher's interval."""
    both = coded[coded[TONE].notna() & coded["tone"].notna()]
    people, machine = both[TONE].astype(float), both["tone"].astype(float)
    n = len(both)
    if n < max(MIN_PAIRS, MIN_SAMPLE) or people.std() == 0 or machine.std() == 0:
        return _nothing(n)
    found = stats.pearsonr(machine, people)
    interval = found.confidence_interval(CONFIDENCE)
    return Estimate(n=n, estimate=float(found.statistic), low=float(interval.low), high=float(interval.high))


def group_difference(checked: Checked, variable: str, value: str = YES) -> tuple[str, ...]:
    """Return the kinds of outlets in which the machine's F1 lies outside the interval of all together."""
    every = checked.of(variable, value)
    if every is None or every.f1.low is None or every.f1.high is None:
        return ()
    low, high = every.f1.low, every.f1.high
    groups = [one for one in checked.validities if (one.variable, one.value) == (variable, value)]
    apart = [
        one.group
        for one in groups
        if one.group != EVERY and one.f1.low is not None and one.f1.high is not None
        if one.f1.high < low or one.f1.low > high
    ]
    return tuple(apart)
