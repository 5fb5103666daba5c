"""Ask: full-text search over what was read, and SQL over the snapshot."""

from __future__ import annotations

import re
from collections.abc import Sequence
from importlib.resources import files

import pandas as pd
import streamlit as st
from markupsafe import Markup

from dashboard import data, say, shell, view
from dashboard.markup import Column, link, plain, swatch, table
from dashboard.rows import each
from dashboard.view import View
from tracker.errors import QueryError, StoreError
from tracker.report.search import Found, Order, Piece

ORDERS: dict[str, Order] = {"Best first": "relevance", "Newest first": "newest", "Oldest first": "oldest"}
A_PAGE = 20  # articles found, shown at once
MOST_ROWS = 1_000  # of a query's result; more go into files by ``tracker sql --format csv``
SECONDS = 20.0
CELL = 300  # characters of a value
BAR_ROWS = 60  # a chart of more bars is not read
OWN = "my own"
# A heading, then the query under it, as docs/sql-cookbook.md has them.
_EXAMPLE = re.compile(
    r"^## (?:\d+\. )?(?P<question>[^\n]+)\n(?:(?!^## ).)*?```sql\n(?P<query>.*?)\n```", re.DOTALL | re.MULTILINE
)


def show() -> None:
    """Draw the page."""
    shell.head("Where does it say so?")
    now = view.current()
    shell.said(
        f"Search the words of {say.count(now.info.n_articles, 'article')} that were read, or ask the snapshot in SQL."
    )
    _search(now)
    _sql(now)


# ---------------------------------------------------------------- search


def _search(now: View) -> None:
    st.header("Search the texts", anchor=False)
    left, right = st.columns([3, 1])
    with left:
        query = st.text_input(
            "Words", key="q", bind="query-params", placeholder='"taxpayer data" AND (judge OR court) NOT opinion'
        )
    with right:
        order = st.selectbox("Order", list(ORDERS), key="order", bind="query-params")
    shell.note(
        "Phrases in quotation marks, a star for any ending (immigra*), AND, OR, NOT, parentheses, title:word for "
        "headlines, “two words”~5 for words near each other. The filters beside hold here too."
    )
    if not query:
        return
    try:
        found = data.search(now.snapshot, query, now.filters, order=ORDERS[order or "Best first"], limit=A_PAGE)
    except (QueryError, StoreError) as error:  # a snapshot of before the index has none
        shell.state("No search", f"{error}")
        return
    more = "More than " if found.is_cut else ""
    shown = f", the first {len(found.found)} shown" if found.n_found > len(found.found) else ""
    shell.said(f"{more}{say.count(found.n_found, 'article')} found{shown}.")
    shell.put(Markup("").join(_found(now, one) for one in found.found))


def _found(now: View, one: Found) -> Markup:
    facts = [now.name(one.outlet), say.moment(one.published_at, now.info.timezone), say.count(one.n_hits, "place")]
    facts += ["copy"] * one.is_wire_copy
    excerpts = Markup(" … ").join(_marked(excerpt) for excerpt in one.excerpts)
    return Markup(
        '<div class="ct-change ct-list"><p class="ct-headline">{}</p><span class="ct-small">{}{}</span>'
        "<p><bdi>{}</bdi></p></div>"
    ).format(
        link(_marked(one.title) or "(no headline)", now.article(one.article)),
        swatch(now.colours.get(one.outlet, "")),
        " · ".join(facts),
        excerpts,
    )


def _marked(pieces: Sequence[Piece]) -> Markup:
    hit, rest = Markup("<mark>{}</mark>"), Markup("{}")
    return Markup("").join((hit if piece.is_hit else rest).format(plain(piece.text)) for piece in pieces)


# ---------------------------------------------------------------- SQL


@st.cache_data(show_spinner=False)
def _examples() -> dict[str, str]:
    page = (files("dashboard") / "sql-cookbook.md").read_text(encoding="utf-8")
    return {found["question"]: found["query"] for found in _EXAMPLE.finditer(page)}


def _sql(now: View) -> None:
    st.header("Or ask in SQL", anchor=False)
    examples = _examples()
    chosen = st.selectbox("Start from", [*examples, OWN], key="example", bind="query-params")
    query = st.text_area(
        "Query", examples.get(chosen or "", "SELECT * FROM coverage LIMIT 20"), key=f"sql {chosen}", height=220
    )
    shell.note(
        f"Read-only and sandboxed: no files, no network. Stopped after {SECONDS:g} s; the first {MOST_ROWS:,} rows are "
        "shown. The filters beside do not reach it: say WHERE. docs/data-model.md has every table and column."
    )
    if st.button("Ask"):
        st.session_state["asked"] = query
    if st.session_state.get("asked") != query:
        return
    try:
        answer = data.ask(now.snapshot, query, MOST_ROWS, SECONDS)
    except QueryError as error:
        shell.state("No answer", f"{error}")
        return
    rows = answer.rows
    cut = ": the first are shown, ‘tracker sql --format csv’ writes them all" if answer.is_cut else ""
    shell.said(f"{'More than ' if answer.is_cut else ''}{say.count(len(rows), 'row')}{cut}.")
    if len(rows):
        shell.put(_table(rows))
        _chart(rows)
        shell.download(now, f"SQL: {plain(query, 60)}", rows)


def _table(rows: pd.DataFrame) -> Markup:
    figures = {name: pd.api.types.is_numeric_dtype(rows[name]) for name in rows}
    columns = [Column(head=str(name), is_figure=is_figure) for name, is_figure in figures.items()]
    cells = [[plain(_cell(value), CELL) for value in row] for row in each(rows)]
    return table(columns, cells, "Result of the query")


def _cell(value: object) -> object:
    if isinstance(value, float):
        return "" if pd.isna(value) else f"{value:.4g}"
    return "" if value is None or value is pd.NaT else value


def _chart(rows: pd.DataFrame) -> None:
    """Draw the first column of figures by the first of words, where there is one of each and few rows."""
    words = [name for name in rows if not pd.api.types.is_numeric_dtype(rows[name])]
    figures = [name for name in rows if pd.api.types.is_numeric_dtype(rows[name])]
    if not words or not figures or len(rows) > BAR_ROWS or rows[words[0]].map(str).duplicated().any():
        return
    drawn = pd.DataFrame({"what": rows[words[0]].map(lambda value: plain(value, 60)), "figure": rows[figures[0]]})
    st.bar_chart(
        drawn, x="what", y="figure", x_label=str(figures[0]), y_label="", horizontal=True, sort=False, width="stretch"
    )


show()
