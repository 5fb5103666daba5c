"""Voices: whose words articles are made of."""

from __future__ import annotations

from itertools import cycle, islice
from typing import Any

import pandas as pd
import streamlit as st
from markupsafe import Markup

from dashboard import charts, data, heard, palette, say, shell, view
from dashboard.markup import Cell, Column, heat_table, link, paragraphs, plain, swatch, table
from dashboard.rows import each
from dashboard.view import View
from tracker.report.answers import MOST_SPEAKERS
from tracker.report.intervals import MIN_SAMPLE
from tracker.report.wording import VoiceSummary

BY_CAMP, BY_VOICE = "Camp", "Voice"
OWN_WORDS, UNNAMED = "outlet’s own words", "speaker without a camp"
SHOWN_SPEAKERS = 12
MOST_OUTLETS = 25  # drawn, and in tables
ANYBODY = "anybody"
NAMED = 3  # camps named in the opening sentence
VOICE_TITLES = {"outlet": OWN_WORDS, "quoted": "quoted", "reported": "reported"}


def show() -> None:
    """Draw the page."""
    shell.head("Whose words are these?")
    now = view.current()
    if shell.is_empty(now):
        return
    _whose(now)


# ---------------------------------------------------------------- voices


def _whose(now: View) -> None:
    shares = data.voice_shares(now.snapshot, now.filters)
    if shares.empty:
        shell.state("No voices", "None of these articles came whole and was scored.")
        return
    names = data.speakers(now.snapshot, now.filters, MOST_SPEAKERS)
    shell.said(*_words(now, data.voice_summary(now.snapshot, now.filters)), *_loudest(names))
    shell.note(
        "No coder has checked on this topic whose words these are: the codebook does not ask. docs/methods.md has the "
        "error that was measured on other texts."
    )
    st.header("Whose words", anchor=False)
    by = st.segmented_control(
        "Words by", [BY_CAMP, BY_VOICE], default=BY_CAMP, key="by", bind="query-params", required=True
    )
    sizes = shares.groupby("outlet")["n_articles"].first().sort_values(ascending=False, kind="stable")
    drawn = shares[shares["outlet"].isin(sizes.index[:MOST_OUTLETS])]
    rows, series, colours = _series(now, drawn, by or BY_CAMP)
    chart = charts.stacked(rows, series, colours, "share of body words", is_share=True)
    st.altair_chart(chart, width="stretch", alt=f"Share of words by {str(by).lower()} and outlet")
    shell.download(now, f"Share of words by {str(by).lower()} and outlet", shares)
    shell.note(
        "Share of the words in the bodies of whole articles. Quoted: inside quotation marks; reported: said "
        "indirectly. A camp is the side that the topic file puts a speaker on."
    )
    few = shares[~shares["is_reportable"]].drop_duplicates("outlet")
    single: list[str | Markup] = [f"{now.name(row.outlet)} (n {row.n_articles})" for row in each(few)]
    if single:
        shell.note(
            Markup("Fewer than {} articles, so a matter of single stories: {}.").format(
                MIN_SAMPLE, say.listing(single, most=12)
            )
        )
    if len(sizes) > MOST_OUTLETS:
        shell.note(f"The {MOST_OUTLETS} of {len(sizes)} outlets with most articles are drawn; the download has all.")
    voices = st.expander(
        "Table: words by outlet, camp and voice", key="voice_table", on_change="rerun", bind="query-params"
    )
    if voices.open:
        with voices:
            _voice_table(now, drawn)
    _speakers(now, names)
    _where(now)
    _quotations(now, names)


def _words(now: View, found: VoiceSummary) -> list[Markup]:
    sentences = [
        Markup("{} of the words in {} are somebody else’s, quoted or reported.").format(
            say.share(found.others_share), link(say.count(found.n_articles, "whole article"), now.href("article"))
        )
    ]
    named = [
        Markup("{} ({} of those words, in {})").format(
            say.label(camp),
            say.share(n_words / found.n_others),
            link(say.count(n_articles, "article"), now.href("article", camp=camp)),
        )
        for camp, n_words, n_articles in found.camps[:NAMED]
    ]
    if named:
        sentences.append(Markup("Most heard: {}.").format(say.listing(named)))
    return sentences


def _series(now: View, shares: pd.DataFrame, by: str) -> tuple[pd.DataFrame, list[str], list[str]]:
    if by == BY_VOICE:
        series, colours = list(VOICE_TITLES.values()), list(palette.VOICES.values())
        names = shares["voice"].map(VOICE_TITLES)
    else:
        camps = now.choices.camps
        series = [OWN_WORDS, *(say.label(camp) for camp in camps), UNNAMED]
        colours = [palette.PAPER, *islice(cycle(palette.CYCLE), len(camps)), palette.NEUTRAL]
        names = shares["camp"].map(lambda camp: _camp(say.known(camp)))
        series = [name for name in series if name in set(names)]
        colours = [
            colour
            for name, colour in zip([OWN_WORDS, *map(say.label, camps), UNNAMED], colours, strict=True)
            if name in series
        ]
    rows = shares.assign(
        name=[charts.with_n(now.name(row.outlet), row.n_articles) for row in each(shares)],
        series=names,
        value=shares["share"],
        n=shares["n_words"],
        order=shares["others_share"],
        href=[
            now.href("article", outlet=row.outlet, voice=row.voice, camp=row.camp if say.known(row.camp) else None)
            for row in each(shares)
        ],
    )
    return rows, series, colours


def _camp(camp: str) -> str:
    return OWN_WORDS if not camp else UNNAMED if camp == "unknown" else say.label(camp)


def _loudest(names: pd.DataFrame) -> list[str]:
    if names.empty:
        return []
    first = names.iloc[0]
    where = f"{say.count(int(first.n_articles), 'article')} at {say.count(int(first.n_outlets), 'outlet')}"
    share = say.share(first.share)
    return [f"By name, {plain(first.speaker, 60)} is quoted most: {share} of others’ words, in {where}."]


def _speakers(now: View, names: pd.DataFrame) -> None:
    st.header("Who is quoted most", anchor=False)
    if names.empty:
        shell.note("Nobody is named as a speaker in these articles.")
        return
    shell.put(heard.speakers(now, names.head(SHOWN_SPEAKERS)))
    shell.note(
        "By the name as the text gives it, so that one person may stand here under two. Choose an outlet beside."
    )
    shell.download(now, "Speakers by name", names)


def _where(now: View) -> None:
    """Show which outlet lets which camp be heard, and which never."""
    st.header("Who is heard where, and who never", anchor=False)
    rows = data.camps_by_outlet(now.snapshot, now.filters)
    rows = rows[rows["n_articles"] >= MIN_SAMPLE]
    if rows.empty:
        shell.note(f"No outlet has {MIN_SAMPLE} whole scored articles, so that silence says nothing.")
        return
    silent = rows.groupby("camp")["n_with"].max()
    nowhere = [say.label(str(camp)).lower() for camp in silent.index[silent == 0]]
    never = rows[(rows["n_with"] == 0) & ~rows["camp"].isin(silent.index[silent == 0])]
    by_camp = [
        Markup("{} at {}").format(say.label(str(camp)), say.listing([now.name(one) for one in group["outlet"]]))
        for camp, group in never.groupby("camp")
    ]
    sentences = [f"Nowhere heard: {say.listing(nowhere, most=8)}."] if nowhere else []
    sentences += [Markup("Never heard: {}.").format(Markup("; ").join(by_camp))] if by_camp else []
    shell.put(paragraphs(*(sentences or ["Every camp is heard at each of these outlets."]), kind="ct-text"))
    camps, leading = sorted(rows["camp"].unique()), data.leading_speakers(now.snapshot, now.filters)
    cells = []
    sizes = rows.groupby("outlet")["n_articles"].first().sort_values(ascending=False, kind="stable")
    for outlet, group in rows[rows["outlet"].isin(sizes.index[:MOST_OUTLETS])].groupby("outlet", sort=False):
        most = plain(leading.get(str(outlet), ""), 40)
        name = Markup("{}{} <span class='ct-small'>n {}{}</span>").format(
            swatch(now.colours.get(str(outlet), "")),
            link(now.name(str(outlet)), now.outlet(str(outlet))),
            group.iloc[0]["n_articles"],
            Markup("<br>most: {}").format(link(most, now.href("article", outlet=outlet, speaker=leading[str(outlet)])))
            if most
            else "",
        )
        by_name = {row.camp: row for row in each(group)}
        cells.append((name, [_heard_cell(now, by_name[camp]) for camp in camps]))
    shell.put(heat_table([say.label(camp) for camp in camps], cells, "Articles in which each camp is heard, by outlet"))
    shell.note(
        f"Per cent of an outlet’s whole articles that quote or report the camp; outlets with {MIN_SAMPLE} or more. "
        "“Most” is who is named with most words there. “Never” rests on n articles: the camp may be there under a name "
        "that the topic file does not know."
    )
    shell.download(now, "Camps heard by outlet", rows)


def _heard_cell(now: View, row: Any) -> Cell:
    share = row.n_with / row.n_articles
    return Cell(
        text=f"{100 * share:.0f}" if row.n_with else "never",
        address=now.href("article", outlet=row.outlet, camp=row.camp, voice="others"),
        hint=f"{say.label(row.camp)}: in {row.n_with} of {say.count(row.n_articles, 'article')}",
        ink=share,
        is_reportable=True,
    )


def _quotations(now: View, names: pd.DataFrame) -> None:
    st.header("In their words", anchor=False)
    camps = {say.label(camp): camp for camp in now.choices.camps}
    people = [plain(name, 80) for name in names["speaker"]]
    left, right = st.columns(2)
    with left:
        camp = st.selectbox("Camp", [ANYBODY, *camps], key="camp_heard", bind="query-params")
    with right:
        speaker = st.selectbox("Speaker", [ANYBODY, *people], key="who", bind="query-params")
    found = data.quotations(
        now.snapshot, now.filters, camp=camps.get(camp or ""), speaker=speaker if speaker in people else None
    )
    shell.put(heard.examples(now, found, "Nobody of that kind is quoted in this view."))


def _voice_table(now: View, shares: pd.DataFrame) -> None:
    others = shares[(shares["voice"] != "outlet") & (shares["camp"] != "unknown")]
    rows = [
        (
            Markup("{}{}").format(swatch(now.colours.get(row.outlet, "")), now.name(row.outlet)),
            say.label(row.camp),
            row.voice,
            say.share(row.share),
            f"{row.n_words:,}",
            link(
                f"{row.n_with} of {row.n_articles}",
                now.href("article", outlet=row.outlet, camp=row.camp, voice=row.voice),
            ),
        )
        for row in each(others.sort_values(["outlet_name", "n_words"], ascending=[True, False]))
    ]
    columns = (
        Column(head="Outlet"),
        Column(head="Camp"),
        Column(head="Voice"),
        Column(head="Share of words", is_figure=True),
        Column(head="Words", is_figure=True),
        Column(head="Articles", is_figure=True),
    )
    shell.put(table(columns, rows, "Words by outlet, camp and voice"))


show()
