"""Safe HTML: every value from outside is escaped on its way in, by markupsafe, and loses what could move others.

Headlines come from strangers. Streamlit's markdown would read ``:material/…:``, ``$…$`` and links in them, so
whatever comes from outside goes through here into ``st.html`` (or into tables and charts, which draw text).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from markupsafe import Markup, escape

_CELL_END = Markup("</td>")
LONGEST_WORD = 30  # characters: what is cut within a longer one is no word of a language that sets spaces
MAX_TITLE = 240  # characters: longer headlines are cut in lists
# Control characters, and the marks that turn the direction of whatever follows (Unicode TR 9, TR 36).
_UNSAFE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
Params = Iterable[tuple[str, str]]


def plain(value: object, limit: int | None = None) -> str:
    """Return text without control and direction characters, on one line where ``limit`` (characters) is given."""
    text = _UNSAFE.sub("", "" if value is None else str(value))
    if limit is None:
        return text
    text = " ".join(text.split())
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    whole, space, word = cut.rpartition(" ")
    return (whole if space and len(word) < LONGEST_WORD else cut) + "…"


def title(value: object) -> Markup:
    """Return a headline for a list: cut, escaped, kept apart from the direction of its surroundings."""
    return Markup("<bdi>{}</bdi>").format(plain(value, MAX_TITLE) or "(no headline)")


def href(page: str, params: Params = ()) -> str:
    """Return the relative address of a page of this app; the page called ``""`` is the first."""
    query = urlencode([*params])
    return f"{page or './'}?{query}" if query else page or "./"


def link(label: object, address: str, hint: str = "") -> Markup:
    """Return a link within the app."""
    return Markup('<a href="{}" target="_self" title="{}">{}</a>').format(address, hint, escape(label))


def outside(url: str, label: str) -> Markup:
    """Return a link to the web where the address is http or https, else the address as text."""
    try:
        is_web = urlsplit(url).scheme in {"http", "https"} and bool(urlsplit(url).hostname)
    except ValueError:
        is_web = False
    if not is_web:
        return Markup("<code>{}</code>").format(plain(url, MAX_TITLE))
    return Markup('<a href="{}" target="_blank" rel="noopener noreferrer nofollow">{}</a>').format(url, label)


def swatch(colour: str) -> Markup:
    """Return a small square of colour that stands before a name."""
    return Markup('<span class="ct-swatch" style="background:{}" aria-hidden="true"></span>&#8288;').format(colour)


def paragraphs(*parts: object, kind: str = "") -> Markup:
    """Return paragraphs; parts that are no Markup are escaped."""
    return Markup("").join(Markup('<p class="{}">{}</p>').format(kind, part) for part in parts if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a table: its head, what the head means, and whether it holds figures."""

    head: str
    hint: str = ""
    is_figure: bool = False
    is_short: bool = False  # a date: kept on one line
    is_wide: bool = False  # running text: kept wide enough to be read, also on a phone


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table that is not like the others: a group's head."""

    cells: Sequence[object]
    kind: str = ""


def table(columns: Sequence[Column], rows: Sequence[Row | Sequence[object]], caption: str) -> Markup:
    """Return a table whose rows are cards on narrow screens. Cells are escaped."""
    head = Markup("").join(
        Markup('<th scope="col" class="{}" title="{}">{}</th>').format(_kind(column), column.hint, column.head)
        for column in columns
    )
    opened = [
        Markup('<td class="{}" data-head="{}">').format(_kind(column), column.head) for column in columns
    ]  # once: a table may have a thousand cells
    body = Markup("").join(_row(opened, row if isinstance(row, Row) else Row(row)) for row in rows)
    return Markup(
        '<div class="ct-scroll" tabindex="0" role="region" aria-label="{0}"><table class="ct-table">'
        "<caption>{0}</caption><thead><tr>{1}</tr></thead><tbody>{2}</tbody></table></div>"
    ).format(caption, head, body)


def _row(opened: Sequence[Markup], row: Row) -> Markup:
    cells = Markup("").join(start + escape(cell) + _CELL_END for start, cell in zip(opened, row.cells, strict=True))
    return Markup('<tr class="{}">{}</tr>').format(row.kind, cells)


def _kind(column: Column) -> str:
    return "ct-figure" if column.is_figure else "ct-wide" if column.is_wide else "ct-short" if column.is_short else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A cell of a heat table: what it shows, where it leads, how much ink (0..1), whether it counts."""

    text: str
    address: str
    hint: str
    ink: float
    is_reportable: bool


def heat_table(heads: Sequence[str], rows: Sequence[tuple[Markup, Sequence[Cell]]], caption: str) -> Markup:
    """Return a table whose cells carry as much ink as their figure; cells that do not count are grey."""
    head = Markup("").join(Markup('<th scope="col"><span>{}</span></th>').format(name) for name in ("", *heads))
    body = Markup("").join(
        Markup('<tr><th scope="row">{}</th>{}</tr>').format(name, Markup("").join(map(_heat_cell, heads, cells)))
        for name, cells in rows
    )
    return Markup(
        '<div class="ct-scroll" tabindex="0" role="region" aria-label="{0}"><table class="ct-heat">'
        "<caption>{0}</caption><thead><tr>{1}</tr></thead><tbody>{2}</tbody></table></div>"
    ).format(caption, head, body)


def _heat_cell(head: str, cell: Cell) -> Markup:
    kind = "ct-cell" if cell.is_reportable else "ct-cell-small"
    return Markup('<td class="{}" style="--ink:{:.0f}%" data-head="{}">{}</td>').format(
        kind, 100 * cell.ink, head, link(cell.text, cell.address, cell.hint)
    )


def withheld(n: int) -> Markup:
    """Return what stands in place of a figure whose sample is too small."""
    return Markup('<span class="ct-withheld" title="below the minimum sample">withheld (n {})</span>').format(n)
