"""Frames: which aspects each outlet stresses."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st
from markupsafe import Markup

from dashboard import data, say, shell, view
from dashboard.markup import Cell, Column, heat_table, link, swatch, table
from dashboard.rows import each
from dashboard.view import View
from tracker.report.coding.notes import note
from tracker.report.coding.scheme import FRAME
from tracker.report.intervals import MIN_SAMPLE

PACK_TITLES = {
    "policy": "Policy frames",
    "generic": "Generic news frames",
    "episodic": "Episodic and thematic",
}
OWN_PACK = "This topic’s own"
NAMED = 3  # frames named in the opening sentence


def show() -> None:
    """Draw the page."""
    shell.head("Which aspects does each outlet stress?")
    now = view.current()
    if shell.is_empty(now):
        return
    totals = data.frame_totals(now.snapshot, now.filters)
    if totals.empty:
        shell.state(
            "No frame found",
            "None of these articles was scored, or no frame is present in them by the rules of its pack.",
            link("Why articles were left unscored", now.href("health")),
        )
        return
    pack = _pack(sorted(totals["pack"].unique(), key=lambda pack: (pack != "policy", pack)))
    totals = totals[totals["pack"] == pack]
    shell.said(*_words(now, totals))
    _heat(now, pack, totals["frame"].tolist())
    _error(now, totals["frame"].tolist())
    _table(now, totals)


def _pack(packs: list[str]) -> str:
    titles = {PACK_TITLES.get(pack, OWN_PACK): pack for pack in packs}
    chosen = st.segmented_control(
        "Frames of", list(titles), default=next(iter(titles)), key="pack", bind="query-params", required=True
    )
    return titles.get(chosen or "", packs[0])


def _words(now: View, totals: pd.DataFrame) -> list[Markup]:
    first = totals.iloc[0]
    often = [
        Markup("{} ({})").format(say.label(row.frame).lower(), link(row.n_with, now.href("article", frame=row.frame)))
        for row in each(totals.head(NAMED))
    ]
    sentences = [Markup("Most often present in {} scored articles: {}.").format(first.n_articles, say.listing(often))]
    led = [row for row in each(totals) if len(row.outlets_led)]
    led.sort(key=lambda row: -len(row.outlets_led))
    return sentences + [
        Markup("{} leads most articles at {}.").format(say.label(row.frame), say.listing(list(row.outlets_led)))
        for row in led[:NAMED]
    ]


def _heat(now: View, pack: str, frames: list[str]) -> None:
    st.header("Share of articles in which a frame is present", anchor=False)
    cells = data.frame_shares(now.snapshot, now.filters)
    rows = []
    for outlet, group in cells[cells["pack"] == pack].groupby("outlet", sort=False):
        by_frame = {row.frame: row for row in each(group)}
        name = Markup("{}{} <span class='ct-small'>n {}</span>").format(
            swatch(now.colours.get(str(outlet), "")), now.name(str(outlet)), group.iloc[0]["n_articles"]
        )
        rows.append((name, [_cell(now, by_frame[frame]) for frame in frames]))
    shell.put(
        heat_table([say.label(frame) for frame in frames], rows, "Share of articles by outlet and frame, per cent")
    )
    shell.note(
        "Figures are per cent of the outlet’s scored articles (n beside its name): choose one for the articles. "
        f"Dashed: fewer than {MIN_SAMPLE} articles, so no share is given, and the figure is the number of articles. "
        "A frame is present where enough of its words stand in the text, in any voice."
    )


def _cell(now: View, row: Any) -> Cell:
    return Cell(
        text=f"{100 * row.share:.0f}" if row.is_reportable else str(row.n_with),
        address=now.href("article", outlet=row.outlet, frame=row.frame),
        hint=f"{say.label(row.frame)}: in {row.n_with} of {say.count(row.n_articles, 'article')}",
        ink=row.share,
        is_reportable=bool(row.is_reportable),
    )


def _error(now: View, frames: list[str]) -> None:
    """Say beside the shares how often the machine is right in each, or that nobody knows."""
    st.header("How often the machine is right", anchor=False)
    known = data.checked(now.snapshot, now.topic.topic, data.decisions_mark())
    notes = [(frame, note(known, f"{FRAME}{frame}")) for frame in frames]
    if not any(one.is_checked for _, one in notes):
        shell.note(
            "Nobody has checked these frames on this topic: how often the machine errs is not known, and no interval "
            "here holds that doubt. tracker coding export draws a sample to be coded."
        )
        return
    shell.put(table((Column(head="Frame"), Column(head="Error", is_wide=True)),
                    [(say.label(frame), one.sentence()) for frame, one in notes], "Error by frame"))  # fmt: skip


def _table(now: View, totals: pd.DataFrame) -> None:
    st.header("What the frames are", anchor=False)
    rows = [
        (
            say.label(row.frame),
            link(f"{row.n_with} of {row.n_articles}", now.href("article", frame=row.frame)),
            link(row.n_primary, now.href("article", primary=row.frame)) if row.n_primary else 0,
            say.known(row.definition) or "no definition in this snapshot",
        )
        for row in each(totals)
    ]
    columns = (
        Column(head="Frame"),
        Column(head="Present in", is_figure=True),
        Column(head="Leads", hint="articles in which it leads its pack by a margin", is_figure=True),
        Column(head="Which is", is_wide=True),
    )
    shell.put(table(columns, rows, "Frames and their articles"))


show()
