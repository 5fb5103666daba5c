"""Data to charts. Every mark says its n, and where a row has an ``href`` a click leads to the articles behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import altair as alt
import pandas as pd

from dashboard import palette

ROW = 32  # pixels a row of a horizontal chart: a name, its n below it, and a finger's breadth
DAYS_HEIGHT = 300  # pixels
USES_HEIGHT = 140  # pixels
SHADE = 0.32  # opacity where every outlet has a gap
LEGEND = 50  # pixels of a legend above
FEW_DAYS = 45  # up to here each day is a bar; beyond, weeks are


WIDE_COLUMNS = 4  # of a legend with short words; with long ones fewer fit
# Charts follow their container: on a phone, names get a third of it and legends fewer columns.
_IS_NARROW = "containerSize()[0] < 520"
_NAME_WIDTH = f"{_IS_NARROW} ? 125 : 260"
_LEGEND_WIDTH = f"{_IS_NARROW} ? 190 : 260"
_LINE = " · "  # an axis breaks a name here; a downloaded table has it in one line

Chart = alt.Chart | alt.LayerChart | alt.FacetChart


def coverage(
    days: pd.DataFrame, by: str, events: pd.DataFrame, gaps: pd.DataFrame, colours: Mapping[str, str]
) -> Chart:
    """Return articles a day (a week in long views), stacked; dated events as lettered rules, gaps shaded behind.

    ``days`` has date, n_articles and the column ``by``; ``events`` date, letter, title, is_this_case; ``gaps``
    date, n_outlets, n_followed, names.
    """
    keys = ["date", by, *(["href"] if "href" in days else [])]
    days = days.groupby(keys)[["n_articles"]].sum().reset_index()  # a hundred outlets' days are not sent to draw kinds
    days["date"] = pd.to_datetime(days["date"])
    is_long = (days["date"].max() - days["date"].min()).days > FEW_DAYS
    unit = "yearweek" if is_long else "yearmonthdate"
    series = sorted(days[by].unique())
    domain, colour_range = palette.scale(colours, series)
    bars = (
        alt.Chart(days)
        .mark_bar()
        .encode(
            x=alt.X(f"{unit}(date):T", title=None, axis=alt.Axis(format="%-d %b", labelOverlap=True, tickCount=8)),
            y=alt.Y("sum(n_articles):Q", title="articles", axis=alt.Axis(tickMinStep=1)),
            color=alt.Color(
                f"{by}:N",
                title=None,
                scale=alt.Scale(domain=domain, range=colour_range),
                legend=_legend(5),
            ),
            tooltip=[
                alt.Tooltip(f"{unit}(date):T", title="week of" if is_long else "day", format="%-d %b %Y"),
                alt.Tooltip(f"{by}:N", title="of"),
                alt.Tooltip("sum(n_articles):Q", title="articles (n)"),
            ],
            **({"href": alt.Href("href:N")} if "href" in days else {}),
        )
    )
    layers = [_shades(gaps), bars] if len(gaps) else [bars]
    if len(events):
        layers += _rules(events)
    return alt.layer(*layers).properties(height=DAYS_HEIGHT)


def with_n(name: str, n: int) -> str:
    """Return a name as an axis has it, with the articles behind its bar in a second line."""
    return f"{name}{_LINE}n {n:,}"


ORIGINS = {"n_own": "own work", "n_wire": "wire copies"}


def by_origin(days: pd.DataFrame) -> pd.DataFrame:
    """Return date, ``text is`` and n_articles: articles a day (of ``coverage_by_day``) by whose text it is."""
    long = days[["date", *ORIGINS]].melt(id_vars=["date"], value_vars=[*ORIGINS], value_name="n_articles")
    return long[long["n_articles"] > 0].assign(**{"text is": lambda rows: rows["variable"].map(ORIGINS)})


def _names() -> alt.Axis:
    return alt.Axis(
        labelLimit=alt.ExprRef(_NAME_WIDTH),
        labelOverlap=False,
        ticks=False,
        labelExpr=f"split(datum.label, '{_LINE}')",
        labelLineHeight=11,
    )


def _legend(columns: int) -> alt.Legend:
    narrow = f"{_IS_NARROW} ? 2 : {columns}" if columns > WIDE_COLUMNS else f"{_IS_NARROW} ? 1 : {columns}"
    return alt.Legend(orient="top", columns=alt.ExprRef(narrow), labelLimit=alt.ExprRef(_LEGEND_WIDTH))


def _shades(gaps: pd.DataFrame) -> alt.Chart:
    rows = gaps.assign(
        start=pd.to_datetime(gaps["date"]),
        end=pd.to_datetime(gaps["date"]) + pd.Timedelta(days=1),
        opacity=SHADE * gaps["n_outlets"] / gaps["n_followed"],
    )
    shades: alt.Chart = (
        alt.Chart(rows)
        .mark_rect(color=palette.NEUTRAL)
        .encode(
            x=alt.X("start:T"),
            x2=alt.X2("end:T"),
            opacity=alt.Opacity("opacity:Q", scale=None, legend=None),
            tooltip=[
                alt.Tooltip("start:T", title="not whole on", format="%-d %b %Y"),
                alt.Tooltip("n_outlets:Q", title="outlets with a gap (n)"),
                alt.Tooltip("n_followed:Q", title="outlets followed"),
                alt.Tooltip("names:N", title="which"),
            ],
        )
    )
    return shades


def _rules(events: pd.DataFrame) -> list[alt.Chart]:
    rows = events.assign(
        date=pd.to_datetime(events["date"]) + pd.Timedelta(hours=12),  # the middle of the day's bar
        case=events["is_this_case"].map({True: "this case", False: "another case"}),
    )
    tooltip = [
        alt.Tooltip("date:T", title="day", format="%-d %b %Y"),
        alt.Tooltip("title:N", title="event"),
        alt.Tooltip("case:N", title="of"),
    ]
    base = alt.Chart(rows).encode(x=alt.X("date:T"), tooltip=tooltip)
    dash = alt.StrokeDash(
        "case:N", scale=alt.Scale(domain=["this case", "another case"], range=[[1, 0], [4, 3]]), legend=None
    )
    return [
        base.mark_rule(color=palette.NEUTRAL, size=1.5).encode(strokeDash=dash),
        base.mark_text(color=palette.NEUTRAL, fontWeight="bold", baseline="bottom").encode(
            text=alt.Text("letter:N"), y=alt.value(-3)
        ),
    ]


def forest(rows: pd.DataFrame, axis: str, colours: Mapping[str, str]) -> Chart:
    """Return figures by outlet: raw (ring) with its 95 % interval, and drawn to the pool (dot).

    ``rows`` has name, outlet, n, raw, low, high, shrunk and href.
    """
    table = rows.sort_values(["shrunk", "name"], ascending=[False, True])
    tooltip = [
        alt.Tooltip("name:N", title="outlet"),
        alt.Tooltip("n:Q", title="articles (n)"),
        alt.Tooltip("raw:Q", title="mean", format="+.3f"),
        alt.Tooltip("low:Q", title="95 % from", format="+.3f"),
        alt.Tooltip("high:Q", title="95 % to", format="+.3f"),
        alt.Tooltip("shrunk:Q", title="drawn to the pool", format="+.3f"),
    ]
    domain, colour_range = palette.scale(colours, table["outlet"].tolist())
    base = alt.Chart(table).encode(
        y=alt.Y("name:N", sort=table["name"].tolist(), title=None, axis=_names()),
        color=alt.Color("outlet:N", scale=alt.Scale(domain=domain, range=colour_range), legend=None),
        tooltip=tooltip,
        href=alt.Href("href:N"),
    )
    across = alt.X("low:Q", title=axis, axis=alt.Axis(tickCount=6, format="+.2f"))
    nought = alt.Chart(pd.DataFrame({"zero": [0]})).mark_rule(color=palette.NEUTRAL, strokeDash=[3, 3])
    return alt.layer(
        nought.encode(x=alt.X("zero:Q")),
        base.mark_rule(size=2).encode(x=across, x2=alt.X2("high:Q")),
        base.mark_point(size=70, filled=False).encode(x=alt.X("raw:Q", title=axis)),
        base.mark_point(size=70, filled=True, opacity=1).encode(x=alt.X("shrunk:Q", title=axis)),
    ).properties(height=alt.Step(ROW))


def bars(
    rows: pd.DataFrame, value: str, axis: str, colours: Mapping[str, str], tooltip: Sequence[alt.Tooltip]
) -> Chart:
    """Return one bar a row: ``rows`` has outlet, name, href and ``value`` (a share), largest first."""
    order = rows.sort_values(value, ascending=False)["name"].tolist()
    domain, colour_range = palette.scale(colours, rows["outlet"].tolist())
    chart: Chart = (
        alt.Chart(rows)
        .mark_bar(height={"band": 0.7})
        .encode(
            y=alt.Y("name:N", sort=order, title=None, axis=_names()),
            x=alt.X(f"{value}:Q", title=axis, axis=alt.Axis(format="%", tickCount=5)),
            color=alt.Color("outlet:N", scale=alt.Scale(domain=domain, range=colour_range), legend=None),
            tooltip=[*tooltip],
            href=alt.Href("href:N"),
        )
        .properties(height=alt.Step(ROW))
    )
    return chart


def uses_over_time(days: pd.DataFrame, series: Sequence[str], colours: Sequence[str]) -> Chart:
    """Return uses a day (a week in long views), stacked, in the colours of the chart above that has the legend.

    ``days`` has date, term, n_uses and n_articles.
    """
    days = days.assign(date=pd.to_datetime(days["date"]))
    is_long = (days["date"].max() - days["date"].min()).days > FEW_DAYS
    unit, every = ("yearweek", "week") if is_long else ("yearmonthdate", "day")
    chart: Chart = (
        alt.Chart(days)
        .mark_bar()
        .encode(
            x=alt.X(f"{unit}(date):T", title=None, axis=alt.Axis(format="%-d %b %Y", labelOverlap=True, tickCount=6)),
            y=alt.Y("sum(n_uses):Q", title=f"uses a {every}", axis=alt.Axis(tickMinStep=1)),
            color=alt.Color("term:N", scale=alt.Scale(domain=[*series], range=[*colours]), legend=None),
            tooltip=[
                alt.Tooltip(f"{unit}(date):T", title=every, format="%-d %b %Y"),
                alt.Tooltip("term:N", title="name"),
                alt.Tooltip("sum(n_uses):Q", title="uses (n)"),
                alt.Tooltip("sum(n_articles):Q", title="articles (n)"),
            ],
        )
        .properties(height=USES_HEIGHT)
    )
    return chart


def with_and_without(days: pd.DataFrame, what: str) -> Chart:
    """Return articles a day (a week in long views) with something and without: ``days`` has date, n_with, n_without."""
    rows = days.melt(id_vars=["date"], value_vars=["n_with", "n_without"], value_name="n_articles")
    names = {"n_with": f"with {what.lower()}", "n_without": "without"}
    rows = rows.assign(date=pd.to_datetime(rows["date"]), kind=rows["variable"].map(names))
    is_long = (rows["date"].max() - rows["date"].min()).days > FEW_DAYS
    unit, every = ("yearweek", "week") if is_long else ("yearmonthdate", "day")
    chart: Chart = (
        alt.Chart(rows[rows["n_articles"] > 0])
        .mark_bar()
        .encode(
            x=alt.X(f"{unit}(date):T", title=None, axis=alt.Axis(format="%-d %b %Y", labelOverlap=True, tickCount=6)),
            y=alt.Y("sum(n_articles):Q", title=f"articles a {every}", axis=alt.Axis(tickMinStep=1)),
            color=alt.Color(
                "kind:N",
                title=None,
                scale=alt.Scale(domain=[*names.values()], range=[palette.OWN, palette.PAPER]),
                legend=_legend(2),
            ),
            order=alt.Order("kind:N", sort="ascending"),
            tooltip=[
                alt.Tooltip(f"{unit}(date):T", title=every, format="%-d %b %Y"),
                alt.Tooltip("kind:N", title="of"),
                alt.Tooltip("sum(n_articles):Q", title="articles (n)"),
            ],
        )
        .properties(height=USES_HEIGHT + LEGEND)
    )
    return chart


def stacked(rows: pd.DataFrame, series: Sequence[str], colours: Sequence[str], axis: str, *, is_share: bool) -> Chart:
    """Return one stacked bar an outlet: ``rows`` has name, series, value, n_words or n_uses as n, n_articles, href."""
    order = rows.groupby("name")["order"].first().sort_values(ascending=False).index.tolist()
    rows = rows.assign(place=rows["series"].map({name: place for place, name in enumerate(series)}))
    chart: Chart = (
        alt.Chart(rows)
        .mark_bar(height={"band": 0.72})
        .encode(
            y=alt.Y("name:N", sort=order, title=None, axis=_names()),
            x=alt.X("value:Q", title=axis, stack="zero", axis=alt.Axis(format="%" if is_share else "d", tickCount=5)),
            color=alt.Color(
                "series:N",
                title=None,
                scale=alt.Scale(domain=[*series], range=[*colours]),
                legend=_legend(3),
            ),
            order=alt.Order("place:Q"),
            tooltip=[
                alt.Tooltip("name:N", title="outlet"),
                alt.Tooltip("series:N", title="of"),
                alt.Tooltip("value:Q", title="share" if is_share else "uses (n)", format=".1%" if is_share else "d"),
                *([alt.Tooltip("n:Q", title="words (n)", format=",")] if is_share else []),
                alt.Tooltip("n_articles:Q", title="articles (n)"),
            ],
            href=alt.Href("href:N"),
        )
        .properties(height=alt.Step(ROW))
    )
    return chart
