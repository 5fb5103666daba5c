"""Tone: how pleasant the wording is, outlet by outlet, and whether outlets differ in it."""

from __future__ import annotations

import pandas as pd
import streamlit as st
from markupsafe import Markup

from dashboard import charts, data, say, shell, view
from dashboard.markup import Column, link, paragraphs, plain, swatch, table, withheld
from dashboard.view import View
from tracker.report.answers import MOST_COMPARED, ranked
from tracker.report.coding.notes import tone_note
from tracker.report.contrasts import Difference
from tracker.report.intervals import MIN_INTERVAL, MIN_SAMPLE, Estimate
from tracker.report.samples import GroupBy, Part

PARTS: dict[str, Part] = {
    "Outlets’ own words": "outlet_voice",
    "Quoted words": "quoted_voice",
    "Headlines": "headline",
    "Whole texts": "body",
}
NOBODY = "nobody in particular"
GROUPS: dict[str, GroupBy] = {
    "Outlets": "outlet",
    "Kinds of outlet": "outlet_kind",
    "Leans": "lean",
    "Owners": "owner",
    "Countries": "country",
}
NAMED = 3  # findings in the opening words
NOT_STANCE = (
    "What tone is not: it says how pleasant the wording is, −1 to 1, not what an outlet thinks. A report of an arrest "
    "reads unpleasant, whoever writes it, and within one event tone does not tell which side an outlet takes. Texts "
    "that did not come whole have no figure but their headline’s."
)
TOLD, HINT, SAME, FEW = "differ", "a hint", "not distinguishable", "too few stories"


def show() -> None:
    """Draw the page."""
    shell.head("Do outlets differ in tone?")
    now = view.current()
    if shell.is_empty(now):
        return
    # The choice is drawn below: on a shared address's first run only the address knows it.
    part_name = st.session_state.get("tone_of") or st.query_params.get("tone_of") or ""
    part_name = part_name if part_name in PARTS else next(iter(PARTS))
    found = data.tone_findings(now.snapshot, now.filters, "outlet", PARTS[part_name], 1)
    shell.said(*_words(now, found, part_name))
    shell.note(NOT_STANCE)
    shell.note(tone_note(data.checked(now.snapshot, now.topic.topic, data.decisions_mark())))
    part = _forest(now)
    _pair(now, part)
    _groups(now, part)


# ---------------------------------------------------------------- words


def _words(now: View, found: tuple[Difference, ...], part_name: str) -> list[str]:
    if not found:
        return [f"No two outlets have the {MIN_SAMPLE} whole articles each that a comparison takes."]
    told = [one for one in found if one.is_distinguishable]
    n_outlets = len({outlet for one in found for outlet in (one.a, one.b)})
    wrote = f"{n_outlets} outlets that wrote {MIN_SAMPLE} stories or more (a copy counts for its author)"
    pairs = f"{say.count(len(found), 'pair')} among the {wrote}"
    of = part_name[0].lower() + part_name[1:]
    if not told:
        return [f"By the tone of {of}, no outlet can be told from another: {pairs} compared, none distinguishable."]
    rest = len(found) - len(told)
    others = f"; the other {rest} cannot" if rest else ""
    sentences = [f"By the tone of {of}, {len(told)} of {pairs} can be told apart{others}."]
    for one in told[:NAMED]:
        sides = [(one.a, one.n_a), (one.b, one.n_b)]
        (pleasant, n), (other, n_other) = sides if (one.estimate or 0) > 0 else sides[::-1]
        by = f"{abs(one.estimate or 0):.2f}, n {n} and {n_other}"
        driven = f" — driven by the word “{plain(one.driver.word, 40)}”" if one.driver and one.driver.is_driver else ""
        verb, hedge = ("reads", "") if _verdict(one) == TOLD else ("may read", "; a hint, no finding")
        sentences.append(f"{now.name(pleasant)} {verb} more pleasant than {now.name(other)}, by {by}{driven}{hedge}.")
    return sentences


def _verdict(one: Difference) -> str:
    if not one.is_reportable:
        return FEW
    if not one.is_distinguishable:
        return SAME
    return TOLD if one.may_compare and not one.is_provisional else HINT


# ---------------------------------------------------------------- outlet by outlet


def _forest(now: View) -> Part:
    st.header("Outlet by outlet", anchor=False)
    chosen = st.segmented_control(
        "Tone of", list(PARTS), default=next(iter(PARTS)), key="tone_of", bind="query-params", required=True
    )
    part = PARTS.get(chosen or "", "outlet_voice")
    left, right = st.columns([1, 1])
    targets = {one.name: one for one in data.target_choices(now.snapshot, now.filters)}
    with left:
        named = st.selectbox("Toward", [NOBODY, *targets], key="toward", bind="query-params")
    target = targets.get(named or "")
    with right:
        is_relative = st.toggle(
            "Beside the others on the same event",
            key="relative",
            bind="query-params",
            disabled=target is not None,
            help="A story’s tone less the other outlets’ mean on the same event: what happened explains half of tone.",
        )
    if target:
        found = data.target_tones(now.snapshot, now.filters, target.target)
        rows = [(one.outlet, one.tone, now.href("article", outlet=one.outlet, target=target.target)) for one in found]
        axis, what = "unfavourable ← toward them → favourable", f"Sentiment toward {plain(target.name, 80)}"
    elif is_relative:
        relative = data.relative_tones(now.snapshot, now.filters, part)
        rows = [
            (one.outlet, one.tone, now.href("article", outlet=one.outlet, toned=part))
            for one in relative
            if one.outlet in now.names
        ]
        axis, what = "less pleasant ← than the others → more", f"{chosen}: tone beside the others on the same event"
    else:
        plain_tones = data.outlet_tones(now.snapshot, now.filters, part)
        rows = [(one.outlet, one.tone, now.href("article", outlet=one.outlet, toned=part)) for one in plain_tones]
        axis, what = "unpleasant ← wording → pleasant", f"{chosen}: tone"
    _picture(now, rows, axis, what)
    return part


def _picture(now: View, rows: list[tuple[str, Estimate, str]], axis: str, what: str) -> None:
    shown = pd.DataFrame(
        [
            {
                "name": charts.with_n(now.name(outlet), tone.n),
                "outlet": outlet,
                "n": tone.n,
                "raw": tone.estimate,
                "low": tone.low,
                "high": tone.high,
                "shrunk": tone.shrunk,
                "href": address,
            }
            for outlet, tone, address in rows
            if tone.is_reportable
        ]
    )
    if shown.empty:
        shell.note(f"Withheld everywhere: no outlet has {MIN_SAMPLE} articles with such a figure. Read them instead.")
    else:
        st.altair_chart(
            charts.forest(shown, axis, now.colours),
            width="stretch",
            alt=f"{what}, by outlet with 95 % intervals; the table below has the figures",
        )
        shell.note(
            "Ring: the mean. Line: its 95 % interval. Dot: the mean drawn toward all outlets’, the more so the fewer "
            f"the articles (empirical Bayes). Below {MIN_INTERVAL} articles a figure is provisional. Where lines "
            "overlap, ask below whether two outlets differ: the picture does not say. A copy counts for the outlet "
            "that ran it, unless the filter leaves copies out."
        )
        shell.download(now, what, shown.drop(columns="href"))
    hidden = [
        Markup("{} ({})").format(now.name(outlet), link(f"n {tone.n}", address))
        for outlet, tone, address in rows
        if not tone.is_reportable
    ]
    if hidden:
        shell.note(
            Markup("Withheld, with fewer than {} such articles: {}.").format(MIN_SAMPLE, say.listing(hidden, most=12))
        )
    _figures(now, rows, what)


def _figures(now: View, rows: list[tuple[str, Estimate, str]], what: str) -> None:
    cells = [
        (
            Markup("{}{}").format(swatch(now.colours.get(outlet, "")), now.name(outlet)),
            link(tone.n, address),
            say.tone(tone.estimate) if tone.is_reportable else withheld(tone.n),
            say.span(tone.low, tone.high) if tone.is_reportable else say.NOTHING,
            say.tone(tone.shrunk) if tone.is_reportable else say.NOTHING,
        )
        for outlet, tone, address in sorted(rows, key=lambda row: -(row[1].shrunk or -1))
    ]
    columns = (
        Column(head="Outlet"),
        Column(head="Articles", is_figure=True),
        Column(head="Mean", is_figure=True),
        Column(head="95 % interval", is_figure=True),
        Column(head="Drawn to the pool", is_figure=True),
    )
    with st.expander("Table: the figures, and the articles that they count"):
        shell.put(table(columns, cells, what))


# ---------------------------------------------------------------- two of them


def _pair(now: View, part: Part) -> None:
    st.header("Do these two differ?", anchor=False)
    toned = {row.outlet for row in data.outlet_tones(now.snapshot, now.filters, part)}
    # Those with most work of their own first, whatever the tone is of: an address names what is no default.
    labels = {now.name(outlet): outlet for outlet in ranked(now.choices.outlets) if outlet in toned}
    if len(labels) < 2:  # noqa: PLR2004 - a pair
        shell.note("Fewer than two outlets have such a figure.")
        return
    left, right = st.columns(2)
    with left:
        first = st.selectbox("This outlet", list(labels), key="a", bind="query-params")
    with right:
        others = [name for name in labels if name != first]
        second = st.selectbox("and this one", others, key="b", bind="query-params")
    a, b = labels[first or ""], labels[second or ""]
    one = data.tone_difference(now.snapshot, now.filters, a, b, part)
    shell.said(one.sentence(now.names, with_validity=False))
    if one.is_reportable:
        st.caption("Does it stand under other choices?")
        shell.put(paragraphs(data.tone_sensitivity(now.snapshot, now.filters, a, b, part).sentence(), kind="ct-text"))
    articles = [
        Markup("{} ({})").format(now.name(outlet), link("its articles", now.href("article", outlet=outlet, toned=part)))
        for outlet in (a, b)
    ]
    shell.note(
        Markup("Read them: {}. Each text counts once here, for who wrote it: copies are the agency’s.").format(
            say.listing(articles)
        )
    )


def _groups(now: View, part: Part) -> None:
    st.header("All pairs", anchor=False)
    chosen = st.segmented_control(
        "Compare", list(GROUPS), default=next(iter(GROUPS)), key="compare", bind="query-params", required=True
    )
    group_by = GROUPS.get(chosen or "", "outlet")
    every = st.toggle(
        "Ask of every pair whether one word carries it", key="words_asked", bind="query-params",
        help="Sentences are scored again without each word of the lexicon: seconds for a dozen outlets.",
    )  # fmt: skip
    found = data.tone_findings(now.snapshot, now.filters, group_by, part, None if every else 1)
    if not found:
        shell.note(f"No two groups have {MIN_SAMPLE} stories each, or nobody has said which they are (outlets.toml).")
        return
    order = {TOLD: 0, HINT: 1, SAME: 2, FEW: 3}
    sorted_found = sorted(found, key=lambda one: (order[_verdict(one)], -abs(one.estimate or 0)))
    drivers = [one.driver.sentence() if one.driver and one.is_distinguishable else "" for one in sorted_found]
    has_drivers = any(drivers)
    cells = [
        (
            Markup("{} and {}").format(_group(now, group_by, one.a), _group(now, group_by, one.b)),
            Markup("<b>{}</b>").format(_verdict(one)) if _verdict(one) == TOLD else _verdict(one),
            say.tone(one.estimate),
            say.span(one.low, one.high) if one.is_reportable else say.NOTHING,
            f"{one.n_a} and {one.n_b}",
            *([driven] if has_drivers else []),
        )
        for one, driven in zip(sorted_found, drivers, strict=True)
    ]
    columns = (
        Column(head="Groups"),
        Column(head="Verdict", is_short=True),
        Column(head="Difference", hint="first less second", is_figure=True),
        Column(head="95 % interval", is_figure=True),
        Column(head="Stories", is_figure=True),
        *([Column(head="Does one word carry it?", is_wide=True)] if has_drivers else []),
    )
    shell.put(table(columns, cells, "Pairs compared in tone"))
    shell.download(now, f"Pairs compared in tone by {str(chosen).lower()}", _flat(found))
    n_groups = len({group for pair in found for group in (pair.a, pair.b)})
    limited = f" The {MOST_COMPARED} with most stories are compared." if n_groups == MOST_COMPARED else ""
    shell.note(
        f"{say.count(len(found), 'pair')}: every two of the {n_groups} with {MIN_SAMPLE} stories of their own or more, "
        f"held to a false discovery rate of 10 % together.{limited} Where both covered the same events, they are "
        "compared within events. Each text counts once, for who wrote it, so that copies are the agency’s."
    )


def _flat(found: tuple[Difference, ...]) -> pd.DataFrame:
    """Return the pairs as a file has them."""
    fields = ("a", "b", "n_a", "n_b", "n_pairs", "estimate", "low", "high", "p_value", "p_adjusted", "method")
    return pd.DataFrame(
        [
            {field: getattr(one, field) for field in fields}
            | {"verdict": _verdict(one), "word": one.driver.word if one.driver else None}
            for one in found
        ]
    )


def _group(now: View, group_by: GroupBy, group: str) -> str:
    return now.name(group) if group_by == "outlet" else plain(say.label(group), 80)


show()
