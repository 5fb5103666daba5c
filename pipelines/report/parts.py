"""What a written report is made of: questions, answers in sentences, a chart, a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

NOTHING: Final = "–"
NAMED = 8  # names in a sentence: beyond, nobody reads on
SMALL_PERCENT = 10  # below, one decimal tells small shares apart


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell: its text, and an address where it leads somewhere."""

    text: str
    url: str | None = None
    is_number: bool = False  # set to the right
    is_stamp: bool = False  # kept on one line


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table with a caption that says what one row is."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A chart as SVG, what it shows in words, and how to read it."""

    svg: str
    alt: str
    caption: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One question with its answer."""

    id: str
    question: str
    answer: tuple[str, ...]  # paragraphs; the first says it shortest
    picture: Picture | None = None
    tables: tuple[Table, ...] = ()
    notes: tuple[str, ...] = ()  # how to read it, and what it does not say


def text(value: object, url: str | None = None) -> Cell:
    """Return a cell of words."""
    return Cell(text=str(value) if value else NOTHING, url=url)


def number(value: object) -> Cell:
    """Return a cell of a figure, set to the right."""
    return Cell(text=str(value) if value not in (None, "") else NOTHING, is_number=True)


def stamp(value: str) -> Cell:
    """Return a cell of a time."""
    return Cell(text=value, is_stamp=True)


def percent(value: float | None) -> str:
    """Return a share 0..1 as ``12 %``, with a decimal below ten."""
    if value is None:
        return NOTHING
    share = 100 * value
    return f"{share:.1f} %" if 0 < share < SMALL_PERCENT else f"{share:.0f} %"


def of_all(n: int, total: int) -> str:
    """Return ``18 of 35 (51 %)``."""
    return f"{n:,} of {total:,} ({percent(n / total)})" if total else f"{n:,}"


def tone(value: float | None) -> str:
    """Return a valence with its sign, to two decimals."""
    return NOTHING if value is None else f"{value:+.2f}".replace("-", "−")


def label(identifier: str) -> str:
    """Return an id such as ``quality_of_life`` as words."""
    return identifier.replace("_", " ").replace("-", " ")


def moment(value: datetime | None, zone: str) -> str:
    """Return a UTC time (as the snapshot holds it, without a zone) in the report's time zone."""
    if value is None:
        return NOTHING
    local = value.replace(tzinfo=UTC).astimezone(ZoneInfo(zone))
    return f"{local.day} {local:%B %Y, %H:%M}"


def enumerated(names: Sequence[str], most: int = NAMED) -> str:
    """Return ``a``, ``a and b``, ``a, b and c``; beyond ``most`` the rest is counted."""
    if len(names) > most:
        return f"{', '.join(names[:most])} and {len(names) - most} more"
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names)
