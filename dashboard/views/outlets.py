"""Outlets: how they compare in amount, origin, tone, frames and voices."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import altair as alt
import pandas as pd
import streamlit as st
from markupsafe import Markup

from dashboard import charts, data, say, shell, view
from dashboard.markup import Column, link, swatch, table, withheld
from dashboard.view import View
from tracker.report.intervals import MIN_SAMPLE, Estimate
from tracker.report.snapshot_report import OutletRow

LEAST = float("-inf")  # what has no figure sorts last
SORTS: dict[str, Callable[[OutletRow], float]] = {
    "Articles": lambda row: row.n_articles,
    "Own work": lambda row: row.n_own,
    "Wire copies": lambda row: row.n_wire,
    "Attention": lambda row: LEAST if row.attention is None else row.attention,
    "Headline tone": lambda row: _sortable(row.headline_tone),
    "Own-voice tone": lambda row: _sortable(row.outlet_tone),
    "Quoted share": lambda row: LEAST if row.quoted_share is None else row.quoted_share,
    "First to report": lambda row: LEAST if row.lag_hours is None else -row.lag_hours,
}
COLUMNS = (
    Column(head="Outlet"),
    Column(head="Articles", is_figure=True),
    Column(head="Own", hint="articles that are no wire copies", is_figure=True),
    Column(head="Wire", hint="copies of another organisation's text", is_figure=True),
    Column(head="Attention", hint="on-topic articles among everything its feeds listed", is_figure=True),
    Column(head="Headline tone", hint="mean pleasantness of wording, −1 to 1", is_figure=True),
    Column(head="Own-voice tone", hint="the same of the outlet's own words, with 95 % interval", is_figure=True),
    Column(head="Leading frames", hint="frames that lead an article, by number of articles"),
    Column(head="Others’ words", hint="share of body words that are quoted or reported", is_figure=True),
    Column(head="Most quoted", hint="camp with most quoted or reported words"),
    Column(head="First report", hint="hours after the first outlet of the view", is_figure=True),
)
TOP_FRAMES = 2


def _sortable(one: Estimate) -> float:
    return LEAST if one.estimate is None else one.estimate


def show() -> None:
    """Draw the page."""
    shell.head("How do outlets compare?")
    now = view.current()
    if shell.is_empty(now):
        return
    rows = data.outlets(now.snapshot, now.filters)
    shell.said(*_words(now, rows))
    _attention(now, rows)
    _table(now, rows)


def _words(now: View, rows: tuple[OutletRow, ...]) -> list[Markup]:
    toned = [row for row in rows if row.outlet_tone.is_reportable]
    first = [now.name(row.outlet) for row in rows if row.lag_hours == 0]
    sentences = [
        Markup("{} ran {}; {} was first.").format(
            link(say.count(len(rows), "outlet"), now.href("outlets")),
            link(say.count(sum(row.n_articles for row in rows), "article"), now.href("article")),
            say.listing(first) or "nobody known",
        )
    ]
    apart = [row for row in toned if not _straddles_zero(row.outlet_tone)]
    if not toned:
        sentences.append(
            Markup("No outlet has the {} whole articles that a figure of tone takes: tone is withheld.").format(
                MIN_SAMPLE
            )
        )
    elif not apart:
        sentences.append(
            Markup("Of the {} with enough articles, none words its own sentences distinguishably from neutral.").format(
                say.count(len(toned), "outlet")
            )
        )
    else:
        sentences.append(
            Markup("In their own words, {} differ from neutral: {}.").format(
                f"{len(apart)} of {say.count(len(toned), 'outlet')}",
                say.listing(
                    [
                        f"{now.name(row.outlet)} ({say.tone(row.outlet_tone.estimate)}, n {row.outlet_tone.n})"
                        for row in apart
                    ]
                ),
            )
        )
    return sentences


def _straddles_zero(one: Estimate) -> bool:
    return one.low is None or one.high is None or one.low <= 0 <= one.high


def _attention(now: View, rows: tuple[OutletRow, ...]) -> None:
    found = [row for row in rows if row.attention is not None]
    if not found:
        return
    st.header("Attention", anchor=False)
    shell.note("On-topic articles among everything that an outlet’s own feeds listed in these days.")
    table_rows = pd.DataFrame(
        {
            "name": [now.name(row.outlet) for row in found],
            "outlet": [row.outlet for row in found],
            "attention": [row.attention for row in found],
            "n_articles": [row.n_articles for row in found],
            "n_entries": [row.n_entries for row in found],
            "href": [now.href("article", outlet=row.outlet) for row in found],
        }
    )
    tooltip = [
        alt.Tooltip("name:N", title="outlet"),
        alt.Tooltip("attention:Q", title="attention", format=".1%"),
        alt.Tooltip("n_articles:Q", title="articles (n)"),
        alt.Tooltip("n_entries:Q", title="entries listed", format=","),
    ]
    chart = charts.bars(table_rows, "attention", "share of all entries", now.colours, tooltip)
    st.altair_chart(chart, width="stretch", alt="Attention by outlet")


def _table(now: View, rows: tuple[OutletRow, ...]) -> None:
    st.header("All figures", anchor=False)
    chosen = st.selectbox("Sort by", list(SORTS), key="sort", bind="query-params", width=260)
    ordered = sorted(rows, key=SORTS[chosen or "Articles"], reverse=True)
    shell.put(table(COLUMNS, [_cells(now, row) for row in ordered], "Outlets compared"))
    shell.note(
        "Tone is how pleasant the wording is, not what the outlet thinks. "
        f"n is the number of articles behind a figure. Below {MIN_SAMPLE} articles a tone is withheld, not drawn. "
        "Wire copies count as the agency’s text: leave them out with the filter to compare own work alone."
    )


def _cells(now: View, row: OutletRow) -> list[object]:
    to = partial(now.href, "article", outlet=row.outlet)
    frames = Markup(", ").join(
        Markup("{} {}").format(say.label(frame), link(n, to(primary=frame))) for frame, n in row.frames[:TOP_FRAMES]
    )
    return [
        Markup("{}{}<br><span class='ct-small'>{}</span>").format(
            swatch(now.colours.get(row.outlet, "")), now.name(row.outlet), row.kind
        ),
        link(row.n_articles, to()),
        link(row.n_own, to(copy="no")),
        link(row.n_wire, to(copy="yes")) if row.n_wire else 0,
        Markup("{}<br><span class='ct-small'>of {}</span>").format(say.share(row.attention), f"{row.n_entries:,}"),
        _tone(row.headline_tone),
        _tone(row.outlet_tone, with_interval=True),
        frames or "none leads",
        say.share(row.quoted_share),
        link(say.label(row.top_camp), to(camp=row.top_camp)) if row.top_camp else "nobody named",
        say.hours(row.lag_hours),
    ]


def _tone(one: Estimate, *, with_interval: bool = False) -> Markup:
    if not one.is_reportable:
        return withheld(one.n)
    interval = f"{say.tone(one.low)} to {say.tone(one.high)}, " if with_interval else ""
    return Markup("{}<br><span class='ct-small'>{}n {}</span>").format(say.tone(one.estimate), interval, one.n)


show()
