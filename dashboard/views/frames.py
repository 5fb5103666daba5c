"""Frames: which aspects each outlet stresses."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st
from markupsafe import Markup

from dashboard import charts, data, heard, palette, say, shell, view
from dashboard.markup import Cell, Column, heat_table, link, paragraphs, swatch, table
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
MOST = 40  # outlets in the table
VOICE_TITLES = {"outlet": "outlets’ own words", "quoted": "quoted", "reported": "reported"}
EVERYWHERE, ANY_VOICE = "all outlets", "any voice"
WHOSE = {ANY_VOICE: None, "the outlet’s own words": "outlet", "quoted or reported words": "others"}


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
    _voices(now, pack)
    _one_frame(now, totals["frame"].tolist())
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
    cells = cells[cells["pack"] == pack]
    sizes = cells.groupby("outlet")["n_articles"].first().sort_values(ascending=False, kind="stable")
    shown = cells[cells["outlet"].isin(sizes.index[:MOST])]
    for outlet, group in shown.groupby("outlet", sort=False):
        by_frame = {row.frame: row for row in each(group)}
        name = Markup("{}{} <span class='ct-small'>n {}</span>").format(
            swatch(now.colours.get(str(outlet), "")), now.name(str(outlet)), group.iloc[0]["n_articles"]
        )
        rows.append((name, [_cell(now, by_frame[frame]) for frame in frames]))
    shell.put(
        heat_table([say.label(frame) for frame in frames], rows, "Share of articles by outlet and frame, per cent")
    )
    if len(sizes) > MOST:
        shell.note(f"The {MOST} outlets with most scored articles are shown; the download has all {len(sizes)}.")
    shell.download(now, "Share of articles by outlet and frame", cells.drop(columns="definition"))
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


def _voices(now: View, pack: str) -> None:
    """Show in whose voice the words of each frame stand: using a frame is not the same as quoting one who does."""
    rows = data.frame_voices(now.snapshot, now.filters)
    rows = rows[rows["pack"] == pack]
    if rows.empty:
        return
    st.header("Own voice against quoted", anchor=False)
    own = rows[(rows["voice"] == "outlet") & (rows["n_frame"] >= MIN_SAMPLE)].sort_values("share")
    if len(own) > 1:
        least, most = own.iloc[0], own.iloc[-1]
        shell.put(
            paragraphs(
                f"{say.label(most.frame)} is most the outlets’ own way of putting it ({say.share(most.share)} of its "
                f"words are theirs), {say.label(least.frame).lower()} most that of those whom they quote "
                f"({say.share(least.share)}).",
                kind="ct-text",
            )
        )
    drawn = rows.assign(
        name=[charts.with_n(say.label(row.frame), row.n_frame) for row in each(rows)],
        series=rows["voice"].map(VOICE_TITLES),
        value=rows["share"],
        n=rows["n_spans"],
        order=rows["n_frame"],
        href=[now.href("article", frame=row.frame) for row in each(rows)],
    )
    chart = charts.stacked(
        drawn, list(VOICE_TITLES.values()), list(palette.VOICES.values()), "share of the frame’s words", is_share=True
    )
    st.altair_chart(chart, width="stretch", alt="In whose voice the words of each frame stand")
    shell.note("n counts the pieces of evidence in article bodies on which the frame rests.")
    shell.download(now, "Frames by voice", rows)


def _one_frame(now: View, frames: list[str]) -> None:
    """Show one frame over time, and sentences that it rests on, at all outlets or one."""
    st.header("One frame: when, and in which sentences", anchor=False)
    labels = {say.label(frame): frame for frame in frames}
    names = {now.name(outlet.outlet): outlet.outlet for outlet in now.choices.outlets}
    left, middle, right = st.columns(3)
    with left:
        frame = labels[st.selectbox("Frame", list(labels), key="one", bind="query-params") or next(iter(labels))]
    with middle:
        at = st.selectbox("At", [EVERYWHERE, *sorted(names)], key="at", bind="query-params")
    with right:
        whose = st.selectbox("In", list(WHOSE), key="in", bind="query-params")
    filters = replace(now.filters, outlets=(names[at],)) if at in names else now.filters
    days = data.frame_days(now.snapshot, filters, frame)
    if days.empty:
        shell.note("No scored article in this view.")
        return
    st.altair_chart(
        charts.with_and_without(days, say.label(frame)), width="stretch", alt=f"Articles with and without {frame}"
    )
    shell.download(now, f"Articles by day with {frame}", days)
    found = data.frame_examples(now.snapshot, filters, frame, voice=WHOSE[whose or ANY_VOICE])
    shell.put(heard.examples(now, found))


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
