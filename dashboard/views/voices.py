"""Voices: whose words articles are made of."""

from __future__ import annotations

from itertools import cycle, islice

import pandas as pd
import streamlit as st
from markupsafe import Markup

from dashboard import charts, data, palette, say, shell, view
from dashboard.markup import Column, link, swatch, table
from dashboard.rows import each
from dashboard.view import View
from tracker.report.intervals import MIN_SAMPLE
from tracker.report.wording import VoiceSummary

BY_CAMP, BY_VOICE = "Camp", "Voice"
OWN_WORDS, UNNAMED = "outlet’s own words", "speaker without a camp"
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
    shell.said(*_words(now, data.voice_summary(now.snapshot, now.filters)))
    st.header("Whose words", anchor=False)
    by = st.segmented_control(
        "Words by", [BY_CAMP, BY_VOICE], default=BY_CAMP, key="by", bind="query-params", required=True
    )
    rows, series, colours = _series(now, shares, by or BY_CAMP)
    chart = charts.stacked(rows, series, colours, "share of body words", is_share=True)
    st.altair_chart(chart, width="stretch", alt=f"Share of words by {str(by).lower()} and outlet")
    shell.note(
        "Share of the words in the bodies of whole articles. Quoted: inside quotation marks; reported: said "
        "indirectly. A camp is the side that the topic file puts a speaker on."
    )
    few = shares[~shares["is_reportable"]].drop_duplicates("outlet")
    names: list[str | Markup] = [f"{now.name(row.outlet)} (n {row.n_articles})" for row in each(few)]
    if names:
        shell.note(
            Markup("Fewer than {} articles, so a matter of single stories: {}.").format(
                MIN_SAMPLE, say.listing(names, most=12)
            )
        )
    _voice_table(now, shares)


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
        name=[now.name(outlet) for outlet in shares["outlet"]],
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
    with st.expander("Table: words by outlet, camp and voice"):
        shell.put(table(columns, rows, "Words by outlet, camp and voice"))


show()
