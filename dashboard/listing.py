"""The articles behind a figure, as a table of links."""

from __future__ import annotations

import pandas as pd
from markupsafe import Markup

from dashboard import say
from dashboard.markup import Column, link, swatch, table, title
from dashboard.rows import each
from dashboard.view import View

KEPT = 2000  # rows of a download
MOST = 200  # rows: more would be scrolled by nobody; the view can be narrowed

COLUMNS = (
    Column(head="Headline", is_wide=True),
    Column(head="Outlet"),
    Column(head="Published", is_short=True),
    Column(head="Kind"),
    Column(head="Text"),
    Column(head="Headline tone", hint="pleasantness of the headline's wording, −1 to 1", is_figure=True),
    Column(head="Own-voice tone", hint="the same of the outlet's own words in the body", is_figure=True),
)


def articles(now: View, rows: pd.DataFrame, n: int) -> Markup:
    """Return the articles as a table, newest first, at most ``MOST`` of ``n``."""
    caption = f"{say.count(n, 'article')}, newest first"
    if n > MOST:
        caption += f"; the newest {MOST} are shown"
    cells = [
        (
            link(title(row.title), now.article(row.article)),
            Markup("{}{}").format(swatch(now.colours.get(row.outlet, "")), now.name(row.outlet)),
            say.moment(row.first_seen_at if pd.isna(row.published_at) else row.published_at, now.info.timezone),
            say.label(row.kind),
            _text(is_copy=row.is_wire_copy, source=say.known(row.copied_from), completeness=row.completeness),
            say.tone(row.headline_tone),
            say.tone(row.outlet_tone),
        )
        for row in each(rows.head(MOST))
    ]
    return table(COLUMNS, cells, caption)


def _text(*, is_copy: bool, source: str, completeness: str) -> str:
    origin = f"copy of {source or 'another outlet'}" if is_copy else "own"
    return origin if completeness == "whole" else f"{origin}, {completeness}"
