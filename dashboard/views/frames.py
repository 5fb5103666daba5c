"""Frames: which aspects each outlet stresses."""

from __future__ import annotations

import pandas as pd
import streamlit as st
from markupsafe import Markup

from dashboard import charts, data, say, shell, view
from dashboard.markup import Column, link, table
from dashboard.rows import each
from dashboard.view import View
from tracker.report.intervals import MIN_SAMPLE

PACK_TITLES = {
    "policy": "Policy frames (Boydstun et al.)",
    "generic": "Generic news frames (Semetko and Valkenburg)",
    "episodic": "Episodic and thematic (Iyengar)",
}


def show() -> None:
    """Draw the page."""
    shell.head("Which aspects does each outlet stress?")
    now = view.current()
    if shell.is_empty(now):
        return
    cells = data.frame_shares(now.snapshot, now.filters)
    if cells.empty:
        shell.state(
            "No frame found",
            "None of these articles was scored, or no frame is present in them by the rules of its pack.",
            link("Why articles were left unscored", now.href("health")),
        )
        return
    pack = _pack(cells)
    cells = cells[cells["pack"] == pack]
    shell.said(*_words(now, cells))
    _heatmap(now, cells)
    _table(now, cells)


def _pack(cells: pd.DataFrame) -> str:
    packs: list[str] = sorted(cells["pack"].unique(), key=lambda pack: (pack != "policy", pack))
    titles = {PACK_TITLES.get(pack, f"This topic’s own: {say.label(pack)}"): pack for pack in packs}
    chosen = st.segmented_control("Frames of", list(titles), default=next(iter(titles)), key="pack", required=True)
    return titles.get(chosen or "", packs[0])


def _words(now: View, cells: pd.DataFrame) -> list[Markup]:
    total = cells.groupby("outlet")["n_articles"].first().sum()
    by_frame = cells.groupby("frame")["n_with"].sum().sort_values(ascending=False)
    parts = [
        Markup("{} ({})").format(say.label(str(frame)), link(int(n), now.href("article", frame=frame)))
        for frame, n in by_frame.head(3).items()
    ]
    sentences = [Markup("Most often present in {} scored articles: {}.").format(int(total), Markup(", ").join(parts))]
    enough = cells[cells["is_reportable"]]
    leads = enough.sort_values(["n_primary", "share"], ascending=False).drop_duplicates("outlet")
    named = [
        f"{row.outlet_name}: {say.label(row.frame).lower()} (leads {row.n_primary} of {row.n_articles})"
        for row in each(leads[leads["n_primary"] > 0].sort_values("n_articles", ascending=False))
    ]
    if named:
        sentences.append(Markup("What leads, outlet by outlet: {}.").format(say.listing(named, most=5)))
    return sentences


def _heatmap(now: View, cells: pd.DataFrame) -> None:
    st.header("Share of articles in which a frame is present", anchor=False)
    drawn = cells.assign(
        name=[f"{row.outlet_name} (n {row.n_articles})" for row in each(cells)],
        frame_label=cells["frame"].map(say.label),
        ink=cells["share"].where(cells["is_reportable"], 0.15),
        text=[f"{100 * row.share:.0f}" if row.is_reportable else f"{row.n_with}" for row in each(cells)],
        definition=cells["definition"].fillna(""),
        href=[now.href("article", outlet=row.outlet, frame=row.frame) for row in each(cells)],
    )
    st.altair_chart(charts.heatmap(drawn), width="stretch", alt="Outlets by frames, share of articles")
    shell.note(
        "Figures are per cent of the outlet’s scored articles; n beside its name. "
        f"Grey: fewer than {MIN_SAMPLE} articles, so no share is given and the figure is the number of articles. "
        "A frame is present where enough of its words stand in the text, in any voice; click a cell for its articles."
    )


def _table(now: View, cells: pd.DataFrame) -> None:
    st.header("What the frames are", anchor=False)
    rows = []
    for frame, group in cells.groupby("frame"):
        n_with, n_primary = int(group["n_with"].sum()), int(group["n_primary"].sum())
        definition = say.known(group["definition"].iloc[0])
        rows.append(
            (
                n_with,
                say.label(str(frame)),
                link(n_with, now.href("article", frame=frame)),
                link(n_primary, now.href("article", primary=frame)) if n_primary else 0,
                definition or "no definition in this snapshot",
            )
        )
    columns = (
        Column(head="Frame"),
        Column(head="Present in", is_figure=True),
        Column(head="Leads", is_figure=True),
        Column(head="Which is"),
    )
    shell.put(table(columns, [row[1:] for row in sorted(rows, key=lambda row: -row[0])], "Frames and their articles"))


show()
