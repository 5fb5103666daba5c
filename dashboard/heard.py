"""Speakers and example sentences, as several pages show them."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from markupsafe import Markup

from dashboard import say
from dashboard.markup import Column, link, plain, table, title
from dashboard.rows import each
from dashboard.view import View
from tracker.report.examples import Example

COLUMNS = (
    Column(head="Speaker"),
    Column(head="Camp"),
    Column(head="Share", hint="of all quoted and reported words of the view", is_figure=True),
    Column(head="Words", is_figure=True),
    Column(head="Articles", is_figure=True),
    Column(head="Outlets", is_figure=True),
)


def speakers(now: View, rows: pd.DataFrame) -> Markup:
    """Return who is quoted or reported by name, most words first."""
    cells = [
        (
            plain(row.speaker, 80),
            say.label(row.camp) if row.camp != "unknown" else "on no side",
            say.share(row.share),
            f"{row.n_words:,}",
            link(row.n_articles, now.href("article", speaker=row.speaker)),
            row.n_outlets,
        )
        for row in each(rows)
    ]
    return table(COLUMNS, cells, "Speakers by name")


def examples(now: View, found: Sequence[Example], nothing: str = "No sentence is found in this view.") -> Markup:
    """Return sentences with what is meant in them marked, each with its article."""
    if not found or not now.info.has_text:
        return Markup('<p class="ct-note">{}</p>').format(nothing if now.info.has_text else say.LEFT_OUT)
    return Markup("").join(
        Markup(
            '<blockquote class="ct-example ct-list"><p><bdi>{}<mark>{}</mark>{}</bdi></p>'
            '<span class="ct-small ct-wrap">{} · {} · {}</span></blockquote>'
        ).format(
            plain(one.before),
            plain(one.meant),
            plain(one.after),
            _voice(one),
            now.name(one.outlet),
            link(title(one.title), now.article(one.article)),
        )
        for one in found
    )


def _voice(one: Example) -> str:
    if one.voice == "outlet":
        return "the outlet’s own words"
    camp = f" ({say.label(one.camp)})" if one.camp and one.camp != "unknown" else ""
    return f"{one.voice}: {plain(one.speaker, 80) or 'speaker not named'}{camp}"
