"""Numbers, days and ids as words that a reader says."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from markupsafe import Markup

NOTHING = "–"

LEFT_OUT = (
    "The texts are left out of this snapshot ([publish] text = false): no excerpts, search or words; figures are whole."
)


def count(n: int, one: str, many: str | None = None) -> str:
    """Return ``3 articles``, ``1 article``, ``1,204 articles``."""
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def share(value: float | None) -> str:
    """Return a share 0..1 as ``12 %``; one decimal below ten per cent, so that small ones differ."""
    if value is None or math.isnan(value):
        return NOTHING
    percent = 100 * value
    return f"{percent:.1f} %" if 0 < percent < 10 else f"{percent:.0f} %"  # noqa: PLR2004 - two digits suffice above


def tone(value: float | None) -> str:
    """Return a valence −1..1 with its sign, as ``+0.12`` or ``−0.05``; what two digits make nought has three."""
    if value is None or math.isnan(value):
        return NOTHING
    digits = next((one for one in (2, 3) if round(value, one)), 2)
    return f"{round(value, digits) + 0.0:+.{digits}f}".replace("-", "−")  # the sum takes the sign off a zero


def span(low: float | None, high: float | None) -> str:
    """Return an interval −1..1 as ``−0.12 to +0.05``, with the digits that show on which side of nought an end lies."""
    if low is None or high is None or math.isnan(low) or math.isnan(high):
        return NOTHING
    digits = next((one for one in (2, 3, 4) if all(not end or round(end, one) for end in (low, high))), 4)
    return " to ".join(f"{round(end, digits) + 0.0:+.{digits}f}".replace("-", "−") for end in (low, high))


def size(n_bytes: float) -> str:
    """Return a size as ``1.2 MB``."""
    for unit in ("B", "kB", "MB", "GB"):
        if n_bytes < 1000:  # noqa: PLR2004 - of one unit
            return f"{n_bytes:.0f} {unit}" if unit == "B" or n_bytes >= 10 else f"{n_bytes:.1f} {unit}"  # noqa: PLR2004
        n_bytes /= 1000
    return f"{n_bytes:,.1f} TB"


def day(value: date | None) -> str:
    """Return ``12 May 2025``."""
    return f"{value.day} {value:%b} {value.year}" if value else NOTHING


def days(first: date | None, last: date | None) -> str:
    """Return a stretch of days in words."""
    if first is None or last is None:
        return "no day"
    if first == last:
        return day(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} to {day(last)}"
    return f"{day(first)} to {day(last)}"


def moment(value: datetime | None, zone: str) -> str:
    """Return a UTC time (aware or naive) in the report's time zone, as ``12 May 2025, 08:00``."""
    if value is None or value != value:  # noqa: PLR0124 - pandas' missing time is not equal to itself
        return NOTHING
    local = value.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)) if value.tzinfo is None else value
    local = local.astimezone(ZoneInfo(zone))
    return f"{day(local.date())}, {local:%H:%M}"


def hours(value: float | None) -> str:
    """Return a lag in hours, in days from two days on."""
    if value is None or math.isnan(value):
        return NOTHING
    if value == 0:
        return "first"
    return f"+{value:.1f} h" if value < 48 else f"+{value / 24:.1f} d"  # noqa: PLR2004 - two days


def label(identifier: str | None) -> str:
    """Return an id such as ``quality_of_life`` as a label; the unknown camp is somebody unnamed."""
    if not identifier:
        return NOTHING
    words = identifier.replace("_", " ").replace("-", " ").strip()
    return words[:1].upper() + words[1:]


def listing(names: Sequence[str | Markup], most: int = 4) -> Markup:
    """Return names (escaped where they are no Markup) joined as in a sentence; beyond ``most`` they are counted."""
    shown = [Markup("{}").format(name) for name in names[:most]]
    if len(names) > most:
        shown = [*shown[: most - 1], Markup("{} others").format(len(names) - most + 1)]
    if len(shown) < 2:  # noqa: PLR2004 - one name needs no joining
        return Markup("").join(shown)
    return Markup("{} and {}").format(Markup(", ").join(shown[:-1]), shown[-1])


def known(value: object) -> str:
    """Return a text that may be missing (pandas says so in several ways), else the empty string."""
    return value if isinstance(value, str) else ""
