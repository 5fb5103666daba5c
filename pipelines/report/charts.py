"""The charts of the written report as SVG: drawn by vl-convert from Altair, so that no script runs in the file."""

from __future__ import annotations

import altair as alt
import pandas as pd
import vl_convert

WIDTH = 790  # pixels, names of rows included: the column of text on a screen; a print scales it to A4
ROW = 24  # pixels a row of a horizontal chart
DAYS_HEIGHT = 200
INK, SOFT, GRID = "#222222", "#5f5a50", "#e4e0d6"
# After Okabe and Ito (2008), darkened to 3:1 against white; names stand beside colours everywhere.
OWN, PALE, COPY, EVENT = "#0072b2", "#8fbfe0", "#d9b45b", "#8c2d04"
FONT = "Liberation Sans, Arial, Helvetica, sans-serif"


def svg(chart: alt.Chart | alt.LayerChart | alt.FacetChart) -> str:
    """Return a chart as SVG, in the report's dress. Nothing is fetched."""
    dressed = (
        chart.properties(autosize=alt.AutoSizeParams(type="fit-x", contains="padding"))
        .configure(font=FONT, background="white")
        .configure_axis(
            labelColor=INK,
            titleColor=SOFT,
            titleFontWeight="normal",
            gridColor=GRID,
            domainColor=SOFT,
            labelFontSize=12,
        )
        .configure_view(stroke=None)
        .configure_legend(labelColor=INK, orient="top", title=None, labelFontSize=12, symbolType="square")
    )
    drawn: str = vl_convert.vegalite_to_svg(dressed.to_dict())
    return drawn


def days(rows: pd.DataFrame, events: pd.DataFrame) -> str:
    """Return articles a day, own work and copies stacked; ``rows`` has date, n_own, n_wire, ``events`` date, letter."""
    names = {"n_own": "own work", "n_wire": "copies of others' texts"}
    long = rows.groupby("date", as_index=False)[list(names)].sum().melt("date", var_name="what", value_name="n")
    long = long.assign(date=pd.to_datetime(long["date"]), what=long["what"].map(names))
    bars = (
        alt.Chart(long)
        .mark_bar()
        .encode(
            x=alt.X("yearmonthdate(date):T", title=None, axis=alt.Axis(format="%-d %b", tickCount=8, grid=False)),
            y=alt.Y("sum(n):Q", title="articles", axis=alt.Axis(tickMinStep=1, tickCount=5)),
            color=alt.Color("what:N", scale=alt.Scale(domain=list(names.values()), range=[OWN, COPY])),
            order=alt.Order("what:N", sort="descending"),
        )
    )
    layers: list[alt.Chart] = [bars]
    if len(events):
        rule = alt.Chart(events.assign(date=pd.to_datetime(events["date"]))).encode(x="yearmonthdate(date):T")
        layers += [
            rule.mark_rule(color=EVENT, strokeDash=[4, 3]),
            rule.mark_text(color=EVENT, dy=-8, fontWeight="bold").encode(y=alt.value(0), text="letter:N"),
        ]
    return svg(alt.layer(*layers).properties(width=WIDTH, height=DAYS_HEIGHT))


def shares(rows: pd.DataFrame, title: str) -> str:
    """Return bars of shares with intervals; ``rows`` has name, share, low, high (perhaps null), in order."""
    base = alt.Chart(rows).encode(y=_names())
    scale = alt.Scale(domain=[0, 1])
    bars = base.mark_bar(color=PALE, height=12).encode(
        x=alt.X("share:Q", title=title, scale=scale, axis=alt.Axis(format="%", tickCount=5))
    )
    reach = base.mark_rule(color=INK, strokeWidth=1.5).encode(x="low:Q", x2="high:Q")
    return svg(alt.layer(bars, reach).properties(width=WIDTH, height=ROW * len(rows)))


def tones(rows: pd.DataFrame) -> str:
    """Return a dot and an interval a row; ``rows`` has name, estimate, low, high and is_provisional, in order."""
    base = alt.Chart(rows).encode(y=_names())
    zero = alt.Chart(pd.DataFrame({"x": [0.0]})).mark_rule(color=SOFT, strokeDash=[3, 3]).encode(x="x:Q")
    reach = base.mark_rule(color=OWN, strokeWidth=2).encode(
        x=alt.X("low:Q", title="less pleasant ← tone → more pleasant", axis=alt.Axis(format="+.2f", tickCount=6)),
        x2="high:Q",
    )
    dots = base.mark_point(size=70, strokeWidth=2, color=OWN, opacity=1).encode(
        x="estimate:Q",
        fill=alt.Fill("is_provisional:N", scale=alt.Scale(domain=[True, False], range=["white", OWN]), legend=None),
    )
    return svg(alt.layer(zero, reach, dots).properties(width=WIDTH, height=ROW * len(rows)))


def stacked(rows: pd.DataFrame, title: str, colours: dict[str, str]) -> str:
    """Return stacked shares a row; ``rows`` has name, what, share; rows and parts in order."""
    chart = (
        alt.Chart(rows)
        .transform_calculate(place=f"indexof({list(colours)}, datum.what)")
        .mark_bar(height=14)
        .encode(
            y=_names(),
            x=alt.X(
                "sum(share):Q", title=title, scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format="%", tickCount=5)
            ),
            color=alt.Color(
                "what:N",
                scale=alt.Scale(domain=list(colours), range=list(colours.values())),
                legend=alt.Legend(columns=4),
            ),
            order=alt.Order("place:Q"),
        )
    )
    return svg(chart.properties(width=WIDTH, height=ROW * rows["name"].nunique()))


def uses(rows: pd.DataFrame) -> str:
    """Return how often names are used; ``rows`` has name, whose, n_uses."""
    colours = {"in the outlets' own words": OWN, "in others' words": COPY}
    chart = (
        alt.Chart(rows)
        .mark_bar(height=12)
        .encode(
            y=_names(),
            x=alt.X("sum(n_uses):Q", title="uses", axis=alt.Axis(tickMinStep=1)),
            color=alt.Color("whose:N", scale=alt.Scale(domain=list(colours), range=list(colours.values()))),
            order=alt.Order("whose:N", sort="descending"),
        )
    )
    return svg(chart.properties(width=WIDTH, height=ROW * rows["name"].nunique()))


def _names() -> alt.Y:
    return alt.Y("name:N", sort=None, title=None, axis=alt.Axis(labelLimit=190, ticks=False, domain=False))
