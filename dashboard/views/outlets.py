"""Outlets: how they compare in amount, origin, tone, frames and voices; one outlet's own page where one is chosen."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import groupby

import altair as alt
import pandas as pd
import streamlit as st
from markupsafe import Markup

from dashboard import charts, data, one_outlet, palette, row_charts, say, shell, view
from dashboard.markup import Column, Row, link, plain, swatch, table, withheld
from dashboard.rows import each
from dashboard.view import View
from tracker.report.choices import OutletChoice
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
ALL = "All together"
TOGETHER: dict[str, Callable[[OutletChoice], str | None]] = {
    "Kinds": lambda one: one.kind,
    "Countries": lambda one: one.country,
    "Leans": lambda one: one.lean,
    "Owners": lambda one: one.owner,
}
COLUMNS = (
    Column(head="Outlet"),
    Column(head="Articles", hint="own work and copies of another organisation's text", is_figure=True),
    Column(head="Attention", hint="on-topic articles among everything its feeds listed, and its course"),
    Column(head="Own-voice tone", hint="mean pleasantness of the outlet's own words, −1 to 1, with 95 % interval"),
    Column(head="Headline tone", hint="the same of its headlines", is_figure=True),
    Column(head="Leading frames", hint="frames that lead an article, by number of articles"),
    Column(head="Others’ words", hint="share of body words that are quoted or reported, and the camp with most"),
    Column(head="Says most", hint="loaded name that it uses most in its own words, with its uses"),
    Column(head="First report", hint="hours after the first outlet of the view", is_figure=True),
)
TOP_FRAMES = 2
MOST = 100  # rows: more would be scrolled by nobody; the view can be narrowed
MOST_BARS = 25


def _sortable(one: Estimate) -> float:
    return LEAST if one.estimate is None else one.estimate


def show() -> None:
    """Draw the page."""
    chosen = st.query_params.get(one_outlet.OF)
    if chosen:
        one_outlet.show(chosen)
        return
    shell.head("How do outlets compare?")
    now = view.current()
    if shell.is_empty(now):
        return
    rows = data.outlets(now.snapshot, now.filters)
    shell.said(*_words(now, rows))
    _table(now, rows)
    _attention(now, rows)


# ---------------------------------------------------------------- words


def _words(now: View, rows: tuple[OutletRow, ...]) -> list[Markup]:
    toned = [row for row in rows if row.outlet_tone.is_reportable]
    first = [now.name(row.outlet) for row in rows if row.lag_hours == 0]
    most = [row for row in rows if row.n_articles == rows[0].n_articles]
    sentences = [
        Markup("{} ran {}. {} covered it most ({}); {} was first.").format(
            say.count(len(rows), "outlet"),
            link(say.count(sum(row.n_articles for row in rows), "article"), now.href("article")),
            say.listing([link(now.name(row.outlet), now.outlet(row.outlet)) for row in most]),
            link(rows[0].n_articles, now.href("article", outlet=rows[0].outlet)),
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
            Markup(
                "In their own words, {} differ from neutral: {}. Whether two of them differ is asked under {}."
            ).format(
                f"{len(apart)} of {say.count(len(toned), 'outlet')}",
                say.listing(
                    [
                        f"{now.name(row.outlet)} ({say.tone(row.outlet_tone.estimate)}, n {row.outlet_tone.n})"
                        for row in apart
                    ]
                ),
                link("Tone", now.href("tone")),
            )
        )
    return sentences


def _straddles_zero(one: Estimate) -> bool:
    return one.low is None or one.high is None or one.low <= 0 <= one.high


# ---------------------------------------------------------------- the table


def _table(now: View, rows: tuple[OutletRow, ...]) -> None:
    st.header("All figures", anchor=False)
    left, right = st.columns(2)
    with left:
        chosen = st.selectbox("Sort by", list(SORTS), key="sort", bind="query-params")
    known = {one.outlet: one for one in now.choices.outlets}
    groupings = [name for name, of in TOGETHER.items() if len({of(one) for one in known.values()} - {None}) > 1]
    with right:
        by = st.selectbox(
            "Together by", [ALL, *groupings], key="together", bind="query-params",
            help="Leans and owners are those that outlets.toml gives.",
        )  # fmt: skip
    group_of = TOGETHER.get(by or ALL, _everything)
    ordered = sorted(rows, key=SORTS[chosen or "Articles"], reverse=True)[:MOST]
    scale = max((abs(end) for row in rows for end in (row.outlet_tone.low, row.outlet_tone.high) if end), default=1.0)
    courses, names = _courses(now), _names(now)
    cells: list[Row] = []
    ordered.sort(key=lambda row: group_of(known[row.outlet]) or "~")
    for group, members in groupby(ordered, key=lambda row: group_of(known[row.outlet])):
        together = [*members]
        if by != ALL:
            cells.append(_group(group, together))
        cells += [_cells(now, row, courses.get(row.outlet, []), names.get(row.outlet, ""), scale) for row in together]
    shell.put(table(COLUMNS, cells, "Outlets compared"))
    if len(rows) > MOST:
        shell.note(f"{len(rows) - MOST} more outlets are not shown: narrow the view.")
    shell.note(
        Markup(
            "{} own work, {} wire copies. Tone is how pleasant the wording is, not what the outlet thinks: the dot is "
            "the mean, the line its 95 % interval, the dashes nought. n is the number of articles behind a figure. "
            "Below {} articles a tone is withheld, not drawn. Leave copies out with the filter to compare own work."
        ).format(swatch(palette.OWN), swatch(palette.WIRE), MIN_SAMPLE)
    )
    shell.download(now, "Outlets compared", _flat(rows))


def _everything(_one: OutletChoice) -> str:
    return ""


def _courses(now: View) -> dict[str, list[float]]:
    """Return each outlet's attention day by day."""
    days = data.attention(now.snapshot, now.filters)
    return {str(outlet): group["share"].tolist() for outlet, group in days.groupby("outlet", sort=False)}


def _names(now: View) -> dict[str, str]:
    """Return the loaded name that each outlet uses most in its own words."""
    uses = data.term_uses(now.snapshot, now.filters)
    own = uses[uses["whose"] == "own"].sort_values(["n_uses", "term"], ascending=[False, True])
    return {row.outlet: f"{row.term} ({row.n_uses})" for row in each(own.drop_duplicates("outlet"))}


def _group(group: str | None, rows: list[OutletRow]) -> Row:
    n_articles, n_own = sum(row.n_articles for row in rows), sum(row.n_own for row in rows)
    n_listed = sum(row.n_entries for row in rows)
    share = sum((row.attention or 0) * row.n_entries for row in rows) / n_listed if n_listed else None
    name = f"{plain(say.label(group), 60)}: {say.count(len(rows), 'outlet')}"
    amount = f"{n_articles:,}, {n_own:,} own"
    return Row((name, amount, say.share(share), *[""] * (len(COLUMNS) - 3)), kind="ct-group")


def _cells(now: View, row: OutletRow, course: list[float], name: str, scale: float) -> Row:
    to = partial(now.href, "article", outlet=row.outlet)
    frames = Markup(", ").join(
        Markup("{} {}").format(say.label(frame), link(n, to(primary=frame))) for frame, n in row.frames[:TOP_FRAMES]
    )
    return Row(
        (
            Markup("{}{}<br><span class='ct-small'>{}</span>").format(
                swatch(now.colours.get(row.outlet, "")),
                link(now.name(row.outlet), now.outlet(row.outlet)),
                " · ".join(part for part in (row.kind, row.lean) if part),
            ),
            _origin(row, to),
            _attention_cell(row, course),
            _tone_cell(row.outlet_tone, scale),
            _tone(row.headline_tone),
            frames or "none leads",
            _others_cell(row, to),
            name or say.NOTHING,
            say.hours(row.lag_hours),
        )
    )


def _origin(row: OutletRow, to: Callable[..., str]) -> Markup:
    bar = row_charts.parts(
        [(row.n_own / row.n_articles, palette.OWN), (row.n_wire / row.n_articles, palette.WIRE)],
        f"{row.n_own} own work, {row.n_wire} wire copies",
    )
    wire = link(f"{row.n_wire} wire", to(copy="yes")) if row.n_wire else "0 wire"
    return Markup("{}{}<span class='ct-small'>{} · {}</span>").format(
        link(row.n_articles, to()), bar, link(f"{row.n_own} own", to(copy="no")), wire
    )


def _attention_cell(row: OutletRow, course: list[float]) -> Markup:
    return Markup("{}{}<span class='ct-small'>of {}</span>").format(
        say.share(row.attention), row_charts.spark(course, "attention day by day"), f"{row.n_entries:,}"
    )


def _tone_cell(one: Estimate, scale: float) -> Markup:
    if one.estimate is None or one.low is None or one.high is None:
        return withheld(one.n)
    span = say.span(one.low, one.high)
    chart = row_charts.reach(one.estimate, one.low, one.high, scale, f"{say.tone(one.estimate)}, 95 % {span}")
    return Markup("{}{}<span class='ct-small'>{}, n {}</span>").format(say.tone(one.estimate), chart, span, one.n)


def _tone(one: Estimate) -> Markup:
    if not one.is_reportable:
        return withheld(one.n)
    return Markup("{}<br><span class='ct-small'>n {}</span>").format(say.tone(one.estimate), one.n)


def _others_cell(row: OutletRow, to: Callable[..., str]) -> Markup | str:
    if row.quoted_share is None:
        return say.NOTHING
    shares = [(row.quoted_share, palette.VOICES["quoted"]), (1 - row.quoted_share, palette.PAPER)]
    most = link(say.label(row.top_camp), to(camp=row.top_camp)) if row.top_camp else "nobody named"
    bar = row_charts.parts(shares, "others’ words, own words")
    return Markup("{}{}<span class='ct-small'>most: {}</span>").format(say.share(row.quoted_share), bar, most)


def _flat(rows: tuple[OutletRow, ...]) -> pd.DataFrame:
    """Return the table as a file has it: one column a figure."""
    return pd.DataFrame(
        [
            {
                "outlet": row.outlet, "name": row.name, "kind": row.kind, "lean": row.lean,
                "n_articles": row.n_articles, "n_own": row.n_own, "n_wire": row.n_wire, "n_entries": row.n_entries,
                "attention": row.attention,
                **{
                    f"{name}_{field}": getattr(tone, field)
                    for name, tone in (("headline_tone", row.headline_tone), ("own_voice_tone", row.outlet_tone))
                    for field in ("n", "estimate", "low", "high", "shrunk")
                },
                "leading_frames": "; ".join(f"{frame} {n}" for frame, n in row.frames),
                "quoted_share": row.quoted_share, "top_camp": row.top_camp, "lag_hours": row.lag_hours,
            }
            for row in rows
        ]
    )  # fmt: skip


# ---------------------------------------------------------------- attention


def _attention(now: View, rows: tuple[OutletRow, ...]) -> None:
    found = sorted((row for row in rows if row.attention is not None), key=lambda row: -(row.attention or 0))
    if not found:
        return
    st.header("Attention", anchor=False)
    shell.note(
        "On-topic articles among everything that an outlet’s own feeds listed in these days; n counts the articles."
    )
    bars = pd.DataFrame(
        {
            "name": [charts.with_n(now.name(row.outlet), row.n_articles) for row in found],
            "outlet": [row.outlet for row in found],
            "attention": [row.attention for row in found],
            "n_articles": [row.n_articles for row in found],
            "n_entries": [row.n_entries for row in found],
            "href": [now.href("article", outlet=row.outlet) for row in found],
        }
    )
    tooltip = [
        alt.Tooltip("outlet:N", title="outlet"),
        alt.Tooltip("attention:Q", title="attention", format=".1%"),
        alt.Tooltip("n_articles:Q", title="articles (n)"),
        alt.Tooltip("n_entries:Q", title="entries listed", format=","),
    ]
    chart = charts.bars(bars.head(MOST_BARS), "attention", "share of all entries", now.colours, tooltip)
    st.altair_chart(chart, width="stretch", alt="Attention by outlet")
    if len(bars) > MOST_BARS:
        shell.note(f"The {MOST_BARS} outlets with most attention are drawn; the download has all.")
    shell.download(now, "Attention by outlet", bars.drop(columns=["href", "name"]))


show()
