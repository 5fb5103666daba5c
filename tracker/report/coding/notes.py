"""What is to be said beside a figure: how often the machine is right in it on this topic, or that nobody knows."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.report.coding.agreement import Agreement
from tracker.report.coding.scheme import FRAME, YES
from tracker.report.coding.validity import Checked, Validity, group_difference
from tracker.report.intervals import Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """The error behind figures of one variable. ``is_checked`` is False where nobody has coded enough to tell."""

    topic: str
    variable: str
    value: str
    is_checked: bool
    validity: Validity | None
    agreement: Agreement | None
    groups_apart: tuple[str, ...] = ()

    @property
    def subject(self) -> str:
        """The variable as a sentence names it."""
        name = self.variable.removeprefix(FRAME)
        return (name if self.value == YES else f"{name} {self.value}").replace("_", " ")

    def sentence(self) -> str:
        """Return the note in words."""
        one = self.validity
        if not self.is_checked or one is None:
            coded = f" ({one.n} coded texts are too few)" if one else ""
            return f"Nobody has checked {self.subject} on this topic{coded}: how often the machine errs is not known."
        drawn = "randomly drawn " if one.is_sampled else ""
        right = f"precision {_said(one.precision)}, recall {_said(one.recall)}"
        parts = [f"Checked by people on {one.n} {drawn}texts: {right}."]
        if not one.is_sampled:
            parts.append("They were not drawn at random, so that this need not hold for the rest.")
        if one.corrected.estimate is not None:
            parts.append(
                f"The machine's share is {_percent(one.share.estimate)}; corrected for its errors {_range(one)}."
            )
        if self.agreement:
            parts.append(_agreed(self.agreement))
        if self.groups_apart:
            parts.append(f"It is not equally right for {', '.join(self.groups_apart)} outlets.")
        return " ".join(parts)


def note(checked: Checked, variable: str, value: str = YES) -> Note:
    """Return what may be said of the error in one value of a variable."""
    found = checked.of(variable, value)
    is_checked = found is not None and (found.precision.is_reportable or found.recall.is_reportable)
    return Note(
        topic=checked.topic,
        variable=variable,
        value=value,
        is_checked=is_checked,
        validity=found,
        agreement=checked.agreement(variable),
        groups_apart=group_difference(checked, variable, value),
    )


def tone_note(checked: Checked) -> str:
    """Return what may be said of tone: how it goes with what people read."""
    one = checked.tone
    if one.estimate is None or one.low is None or one.high is None:
        return "Nobody has checked tone on this topic: how well it fits what readers see is not known."
    return f"Checked by people on {one.n} texts: the machine's tone goes with theirs by r {_said(one)}."


def _agreed(one: Agreement) -> str:
    if one.alpha.estimate is None:
        return "One person's word: how far coders agree is not known."
    return f"Coders agree by alpha {_said(one.alpha)}: {one.reading}."


def _said(one: Estimate) -> str:
    if one.estimate is None or one.low is None or one.high is None:
        return f"not known ({one.n} texts)"
    return f"{one.estimate:.2f} [{one.low:.2f} to {one.high:.2f}]"


def _range(one: Validity) -> str:
    found = one.corrected
    return f"{_percent(found.estimate)} ({_percent(found.low)} to {_percent(found.high)})"


def _percent(value: float | None) -> str:
    return "unknown" if value is None else f"{100 * value:.0f} %"
