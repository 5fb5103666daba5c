"""Voices and words: whose words articles are made of, and which names they use for things."""

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

BY_CAMP, BY_VOICE = "Camp", "Voice"
OWN_WORDS, UNNAMED = "outlet’s own words", "speaker without a camp"
VOICE_TITLES = {"outlet": OWN_WORDS, "quoted": "quoted", "reported": "reported"}


def show() -> None:
    """Draw the page."""
    shell.head("Whose words, and which names for things?")
    now = view.current()
    if shell.is_empty(now):
        return
    shares = data.voice_shares(now.snapshot, now.filters)
    _whose(now, shares)
    _names(now, data.term_uses(now.snapshot, now.filters))


# ---------------------------------------------------------------- voices


def _whose(now: View, shares: pd.DataFrame) -> None:
    if shares.empty:
        shell.state("No voices", "None of these articles came whole and was scored.")
        return
    shell.said(*_voice_words(now, shares))
    st.header("Whose words", anchor=False)
    by = st.segmented_control(
        "Words by", [BY_CAMP, BY_VOICE], default=BY_CAMP, key="by", bind="query-params", required=True
    )
    rows, series, colours = _series(now, shares, by or BY_CAMP)
    few = shares[~shares["is_reportable"]]
    chart = charts.stacked(rows, series, colours, "share of body words", is_share=True)
    st.altair_chart(chart, width="stretch", alt=f"Share of words by {str(by).lower()} and outlet")
    note = (
        "Share of the words in the bodies of whole articles. Quoted: inside quotation marks; reported: said indirectly."
    )
    if len(few):
        names = [f"{row.outlet_name} (n {row.n_articles})" for row in each(few.drop_duplicates("outlet"))]
        note += f" Fewer than {MIN_SAMPLE} articles, so a matter of single stories: {say.listing(names, most=12)}."
    shell.note(note)
    _voice_table(now, shares)


def _voice_words(now: View, shares: pd.DataFrame) -> list[Markup]:
    total = shares["n_words"].sum()
    others = shares[shares["voice"] != "outlet"]
    camps = others[others["camp"] != "unknown"].groupby("camp")["n_words"].sum().sort_values(ascending=False)
    sentences = [
        Markup("{} of all words are somebody else’s, quoted or reported.").format(
            say.share(float(others["n_words"].sum() / total))
        )
    ]
    if len(camps):
        named = [
            Markup("{} ({})").format(
                link(say.label(str(camp)), now.href("article", camp=camp)),
                say.share(float(n / others["n_words"].sum())),
            )
            for camp, n in camps.head(3).items()
        ]
        sentences.append(Markup("Of those, most are by: {}.").format(Markup(", ").join(named)))
    return sentences


def _series(now: View, shares: pd.DataFrame, by: str) -> tuple[pd.DataFrame, list[str], list[str]]:
    if by == BY_VOICE:
        series = list(VOICE_TITLES.values())
        colours = list(palette.VOICES.values())
        names, key = shares["voice"].map(VOICE_TITLES), "voice"
    else:
        camps = sorted({camp for camp in shares["camp"].dropna() if camp != "unknown"})
        series = [OWN_WORDS, *(say.label(camp) for camp in camps), UNNAMED]
        colours = ["#b9b3a4", *islice(cycle(palette.CYCLE), len(camps)), palette.NEUTRAL]
        names = shares["camp"].map(
            lambda camp: OWN_WORDS if pd.isna(camp) else UNNAMED if camp == "unknown" else say.label(camp)
        )
        key = "camp"
    rows = (
        shares.assign(series=names)
        .groupby(["outlet", "outlet_name", "series"], as_index=False, dropna=False)
        .agg(value=("share", "sum"), n=("n_words", "sum"), n_articles=("n_articles", "first"), key=(key, "first"))
    )
    others = shares[shares["voice"] != "outlet"].groupby("outlet")["share"].sum()
    rows["order"] = rows["outlet"].map(others).fillna(0.0)
    rows["name"] = rows["outlet_name"]
    rows["href"] = [_to(now, row.outlet, key, row.key) for row in each(rows)]
    return rows, series, colours


def _to(now: View, outlet: str, key: str, value: object) -> str:
    if not isinstance(value, str):
        return now.href("article", outlet=outlet, voice="outlet")
    return now.href("article", outlet=outlet, **{key: value})


def _voice_table(now: View, shares: pd.DataFrame) -> None:
    others = shares[(shares["voice"] != "outlet") & (shares["camp"] != "unknown")]
    rows = [
        (
            Markup("{}{}").format(swatch(now.colours.get(row.outlet, "")), row.outlet_name),
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


# ---------------------------------------------------------------- names


def _names(now: View, uses: pd.DataFrame) -> None:
    st.header("Which names for things", anchor=False)
    if uses.empty:
        shell.note("No name of the topic’s lists is used in these articles.")
        return
    own, others = int(uses["own"].sum()), int(uses["others"].sum())
    shell.note(
        f"Several names exist for one thing, and each carries a stance, as the topic file notes. Here they are used "
        f"{own:,} times in outlets’ own words and {others:,} times in words that they quote or report: using a name is "
        "not the same as quoting somebody who does."
    )
    whose = st.segmented_control(
        "Used in",
        ["Own words", "Others’ words", "All"],
        default="Own words",
        key="names_in",
        bind="query-params",
        required=True,
    )
    column = {"Own words": "own", "Others’ words": "others"}.get(whose or "", "n_uses")
    for group, rows in uses.groupby("term_group"):
        _group(now, str(group), rows, column)


def _group(now: View, group: str, rows: pd.DataFrame, column: str) -> None:
    st.subheader(say.label(group), anchor=False)
    rows = rows[rows[column] > 0]
    if rows.empty:
        shell.note("None in this voice.")
        return
    terms = rows.groupby("term")[column].sum().sort_values(ascending=False).index.tolist()
    drawn = rows.assign(
        name=rows["outlet_name"],
        series=rows["term"],
        value=rows[column],
        order=rows.groupby("outlet")[column].transform("sum"),
        href=[
            now.href(
                "article", outlet=row.outlet, term=row.term, names=group, voice="outlet" if column == "own" else None
            )
            for row in each(rows)
        ],
    )
    colours = list(islice(cycle(palette.CYCLE), len(terms)))
    st.altair_chart(
        charts.stacked(drawn, terms, colours, "uses", is_share=False),
        width="stretch",
        alt=f"Names for {say.label(group)} by outlet",
    )
    totals = rows.groupby(["term", "stance"], as_index=False).agg(n=(column, "sum"), n_articles=("n_articles", "sum"))
    parts = [
        Markup("{} ({}): {} in {}").format(
            row.term,
            row.stance,
            say.count(int(row.n), "use"),
            link(say.count(int(row.n_articles), "article"), now.href("article", term=row.term, names=group)),
        )
        for row in each(totals.sort_values("n", ascending=False))
    ]
    shell.note(Markup("; ").join(parts) + ".")


show()
