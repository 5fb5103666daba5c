"""Words: which names are used for the same thing, and which words tell two groups apart."""

from __future__ import annotations

from itertools import cycle

import pandas as pd
import streamlit as st
from markupsafe import Markup

from dashboard import charts, data, palette, say, shell, view
from dashboard.markup import Column, link, plain, table
from dashboard.rows import each
from dashboard.view import View
from tracker.report.words import GroupSize, Side

WHOSE = {"Own words": "own", "Others’ words": "others"}
VOICE_OF = {"own": "outlet", "others": "others"}
GROUPED = ("Outlets", "Kinds of outlet")
MOST_OUTLETS = 25  # drawn
MOST_WORDS = 25  # on either side


def show() -> None:
    """Draw the page."""
    shell.head("Which words for the same thing?")
    now = view.current()
    if shell.is_empty(now):
        return
    totals = data.term_totals(now.snapshot, now.filters)
    if totals.empty:
        shell.said("No name of the topic’s lists is used in these articles.")
    else:
        shell.said(*_answer(totals))
        _names(now, totals)
    _distinctive(now)


# ---------------------------------------------------------------- names for things


def _names(now: View, totals: pd.DataFrame) -> None:
    st.header("Which names for things", anchor=False)
    shell.note(
        "Several names exist for one thing, and each carries a stance, as the topic file notes. Using a name is not "
        "the same as quoting somebody who does."
    )
    chosen = st.segmented_control(
        "Used in", list(WHOSE), default=next(iter(WHOSE)), key="whose", bind="query-params", required=True
    )
    whose = WHOSE.get(chosen or "", "own")
    uses = data.term_uses(now.snapshot, now.filters)
    for group, both in totals.groupby("term_group"):
        terms = sorted(set(both["term"]))  # of both voices, so that a colour stays with its name
        st.subheader(say.label(str(group)), anchor=False)
        rows = both[both["whose"] == whose]
        if rows.empty:
            shell.note(f"None of its names stands in {str(chosen).lower()}.")
            continue
        shell.note(_group_words(now, rows, whose))
        _group_chart(now, uses[(uses["term_group"] == group) & (uses["whose"] == whose)], terms)
        when = st.expander("When each was used", key=f"when_{group}", on_change="rerun", bind="query-params")
        if when.open:  # a dozen charts that nobody looks at take half a second
            days = data.term_days(now.snapshot, now.filters)
            of_group = days[(days["term_group"] == group) & (days["whose"] == whose)]
            with when:
                _over_time(now, of_group[["date", "term", "n_uses", "n_articles"]], terms)


def _answer(totals: pd.DataFrame) -> list[str]:
    """Say, for the two things with most names, which name outlets use most themselves."""
    own = totals[totals["whose"] == "own"]
    sizes = own.groupby("term_group")["term"].nunique().sort_values(ascending=False, kind="stable")
    sentences = []
    for group in sizes.index[:2]:
        first, *others = each(own[own["term_group"] == group])
        then = f", then “{others[0].term}” ({others[0].n_uses:,})" if others else ""
        sentences.append(
            f"{say.label(str(group))}: in their own words outlets say “{first.term}” most "
            f"({say.count(first.n_uses, 'use')}){then}."
        )
    return sentences


def _group_words(now: View, rows: pd.DataFrame, whose: str) -> Markup:
    voice = VOICE_OF[whose]
    parts = [
        Markup("{} ({}): {} in {}").format(
            row.term,
            row.stance,
            say.count(row.n_uses, "use"),
            link(
                say.count(row.n_articles, "article"),
                now.href("article", term=row.term, names=row.term_group, voice=voice),
            ),
        )
        for row in each(rows)
    ]
    return Markup("; ").join(parts) + "."


def _group_chart(now: View, uses: pd.DataFrame, terms: list[str]) -> None:
    colours = dict(zip(terms, cycle(palette.CYCLE), strict=False))
    shown = [term for term in terms if term in set(uses["term"])]
    outlets = uses["outlet"].nunique()
    every, uses = uses, uses[uses["n_group"].rank(method="dense", ascending=False) <= MOST_OUTLETS]
    rows = uses.assign(
        name=[charts.with_n(now.name(row.outlet), row.n_group) for row in each(uses)],
        series=uses["term"],
        value=uses["n_uses"],
        order=uses["n_group"],
        href=[
            now.href(
                "article",
                outlet=row.outlet,
                term=row.term,
                names=row.term_group,
                voice=VOICE_OF[row.whose],
            )
            for row in each(uses)
        ],
    )
    chart = charts.stacked(rows, shown, [colours[term] for term in shown], "uses", is_share=False)
    st.altair_chart(chart, width="stretch", alt=f"Names used by outlet: {', '.join(shown)}")
    if outlets > MOST_OUTLETS:
        shell.note(f"The {MOST_OUTLETS} of {outlets} outlets with most uses are drawn; the download has all.")
    shell.download(now, f"Uses by outlet: {', '.join(shown)}", every)


def _over_time(now: View, days: pd.DataFrame, terms: list[str]) -> None:
    colours = dict(zip(terms, cycle(palette.CYCLE), strict=False))
    shown = [term for term in terms if term in set(days["term"])]
    chart = charts.uses_over_time(days, shown, [colours[term] for term in shown])
    st.altair_chart(chart, width="stretch", alt=f"Uses over time of {', '.join(shown)}")
    shell.download(now, f"Uses by day: {', '.join(shown)}", days)


# ---------------------------------------------------------------- words that tell two groups apart


def _distinctive(now: View) -> None:
    st.header("Which words tell two groups apart?", anchor=False)
    by = st.segmented_control(
        "Groups of", list(GROUPED), default=GROUPED[0], key="words_of", bind="query-params", required=True
    )
    is_outlets = by == GROUPED[0]
    ranked = sorted(now.choices.outlets, key=lambda one: -one.n_own)
    options = (
        {now.name(one.outlet): one.outlet for one in ranked}
        if is_outlets
        else {kind: kind for kind in now.choices.outlet_kinds}
    )
    if len(options) < 2:  # noqa: PLR2004 - two groups
        shell.note("There is only one such group.")
        return
    left, right = st.columns(2)
    with left:
        first = st.selectbox("These", list(options), key="words_a", bind="query-params") or next(iter(options))
    with right:
        second = st.selectbox("and those", [one for one in options if one != first], key="words_b", bind="query-params")
    if not st.toggle("Read their texts and compare", key="words_read", bind="query-params"):
        shell.note("Every text of both is read for this: seconds for hundreds of articles, minutes for many thousands.")
        return
    pair = (options[first], options[second or ""])
    found = data.distinctive(now.snapshot, now.filters, *pair, is_outlets=is_outlets)
    words = {side: found.of(side, MOST_WORDS) for side in _SIDES}
    if not any(words.values()):
        shell.said(
            f"No word tells {first} and {second} apart: none is used by one in three stories on two days or more, "
            f"and so much more than by the other that chance would hardly give it ({_size(found.first)}; "
            f"{_size(found.second)})."
        )
        return
    for side, name in zip(_SIDES, (first, second or ""), strict=True):
        st.subheader(f"More at {plain(name, 60)}", anchor=False)
        rows = [
            (
                link(word.word, now.href("ask", q=f'"{word.word}"')),
                f"{one.uses} in {say.count(one.stories, 'story', 'stories')}",
                f"{other.uses} in {say.count(other.stories, 'story', 'stories')}",
                f"{abs(word.z):.1f}",
            )
            for word in words[side]
            for one, other in [(word.first, word.second) if side == "first" else (word.second, word.first)]
        ]
        columns = (
            Column(head="Word"),
            Column(head="Used here", is_figure=True),
            Column(head="and there", is_figure=True),
            Column(head="z", hint="how many standard errors apart", is_figure=True),
        )
        if rows:
            shell.put(table(columns, rows, f"Words used more at {name}"))
        else:
            shell.note("None.")
    shell.note(
        f"Outlets’ own words, copies left out ({_size(found.first)}; {_size(found.second)}). Log-odds with an "
        "informative prior (Monroe et al. 2008), three stories on two days, false discovery rate 5 %."
    )


_SIDES: tuple[Side, Side] = ("first", "second")


def _size(group: GroupSize) -> str:
    return f"{say.count(group.stories, 'story', 'stories')}, {group.words:,} words"


show()
