"""How figures are said: quantities, groups, signs and intervals in a sentence that can be quoted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tracker.report.samples import PART_NAMES, Part


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """What is compared, and what a story is called that has more or less of it."""

    name: str
    more: str
    less: str


def tone_of(part: Part, scorer: str) -> Quantity:
    """Return the tone of a part by a scorer. It says how pleasant the wording is, not where an outlet stands."""
    return Quantity(
        name=f"tone of {PART_NAMES[part]} ({scorer})",
        more="worded more pleasantly",
        less="worded less pleasantly",
    )


def group_label(group_by: str, group: str) -> str:
    """Return a group of outlets as a sentence names it."""
    forms = {
        "outlet_kind": f"{group} outlets",
        "lean": f"outlets rated {group}",
        "owner": f"outlets of {group}",
        "country": f"outlets in {group}",
    }
    return forms.get(group_by, group)


def signed(value: float | None) -> str:
    """Return a difference with its sign, to three decimals."""
    return "unknown" if value is None else f"{value:+.3f}".replace("-", "−")


def interval(low: float, high: float) -> str:
    """Return a 95 % interval in words."""
    return f"95 % interval {signed(low)} to {signed(high)}"


def listed(n: int, one: str, many: str | None = None) -> str:
    """Return ``1 event``, ``3 events``."""
    return f"{n:,} {one if n == 1 else many or f'{one}s'}"


def validity_said(validity: str | None, *, with_validity: bool) -> list[str]:
    """Return what is known of the figures' own error, where there is something and it is asked for."""
    return [validity] if validity and with_validity else []


def day_of(value: date) -> str:
    """Return ``12 May 2025``."""
    return f"{value.day} {value:%B} {value.year}"
