"""Compare: two or three outlets on the same days, and what the others ran that one did not."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import date, timedelta

import pandas as pd
import streamlit as st
from markupsafe import Markup

from dashboard import data, palette, say, shell, view
from dashboard.markup import Column, link, plain, swatch, table, title
from dashboard.view import View
from tracker.report.side_by_side import DayChoice, MissedDay, MissedText, Story

MOST = 3  # outlets side by side: a fourth would be too narrow to read
SPANS = {"That day": 0, "And the two days after": 2}
MOST_STORIES = 20  # of an outlet side by side; a big day has hundreds
MOST_MISSED = 30  # days and texts listed


def show() -> None:
    """Draw the page."""
    shell.head("How did they play it?")
    now = view.current()
    if shell.is_empty(now):
        return
    outlets = _outlets(now)
    days = data.day_choices(now.snapshot, now.filters)
    day, until = _days(days)
    filters = replace(now.filters, since=day, until=until)
    found = data.stories(now.snapshot, filters, tuple(outlets))
    shell.said(_words(now, outlets, found, day, until))
    _cards(now, outlets, found)
    _missed(now)


# ---------------------------------------------------------------- what is compared


def _outlets(now: View) -> list[str]:
    ranked = sorted(now.choices.outlets, key=lambda one: (-one.n_own, -one.n_articles))
    wanted = [one.outlet for one in ranked if not now.filters.outlets or one.outlet in now.filters.outlets]
    labels = {now.name(outlet): outlet for outlet in wanted}
    chosen = st.multiselect(
        "Outlets",
        list(labels),
        default=list(labels)[:2],
        max_selections=MOST,
        key="side",
        bind="query-params",
        placeholder="two or three outlets",
    )
    return [labels[name] for name in chosen or list(labels)[:2]]


def _days(days: tuple[DayChoice, ...]) -> tuple[date, date]:
    left, right = st.columns([2, 1])
    labels = {_day_label(one): one.date for one in days}
    with left:
        chosen = st.selectbox("Day", list(labels), key="on", bind="query-params", help="Days with most articles first.")
    with right:
        span = st.segmented_control(
            "How long", list(SPANS), default=next(iter(SPANS)), key="span", bind="query-params", required=True
        )
    first = labels.get(chosen or "", days[0].date)
    return first, first + timedelta(days=SPANS.get(span or "", 0))


def _day_label(one: DayChoice) -> str:
    events = f" · {plain('; '.join(one.events), 70)}" if one.events else ""
    return (
        f"{say.day(one.date)}: {say.count(one.n_articles, 'article')} at {say.count(one.n_outlets, 'outlet')}{events}"
    )


def _words(now: View, outlets: list[str], found: tuple[Story, ...], day: date, until: date) -> Markup:
    parts = []
    for outlet in outlets:
        mine = [one for one in found if one.outlet == outlet]
        if mine:
            n_own = sum(not one.is_wire_copy for one in mine)
            address = now.href("article", outlet=outlet, since=day, until=until)
            text = Markup("{} ran {}, {} of its own").format(
                now.name(outlet), link(say.count(len(mine), "article"), address), n_own or "none"
            )
        else:
            was_gap = data.is_gap(now.snapshot, outlet, day, until)
            why = ", but was not wholly collected then: that may be why" if was_gap else " that was found"
            text = Markup("{} ran nothing{}").format(now.name(outlet), why)
        parts.append(text)
    return Markup("{}: {}.").format(say.days(day, until), Markup("; ").join(parts))


# ---------------------------------------------------------------- side by side


def _cards(now: View, outlets: list[str], found: tuple[Story, ...]) -> None:
    st.header("Headline by headline, lead by lead", anchor=False)
    columns = [_column(now, outlet, [one for one in found if one.outlet == outlet]) for outlet in outlets]
    shell.put(Markup('<div class="ct-cards ct-side ct-list">{}</div>').format(Markup("").join(columns)))
    if any(sum(one.outlet == outlet for one in found) > MOST_STORIES for outlet in outlets):
        shell.note(f"The first {MOST_STORIES} of each are shown; the numbers above lead to all, the download has them.")
    if found:
        shell.download(now, "Stories side by side", pd.DataFrame([asdict(one) for one in found]))
    shell.note(
        "Earliest first. The frame is the one that leads by the policy codebook; tone is the headline’s, −1 to 1: how "
        "pleasant its wording is."
    )


def _column(now: View, outlet: str, stories: list[Story]) -> Markup:
    colour = now.colours.get(outlet, palette.NEUTRAL)
    body = Markup("").join(_story(now, one) for one in stories[:MOST_STORIES]) or Markup(
        "<p class='ct-note'>nothing</p>"
    )
    return Markup('<div class="ct-card" style="border-color:{}"><h3>{}{}</h3>{}</div>').format(
        colour, swatch(colour), now.name(outlet), body
    )


def _story(now: View, one: Story) -> Markup:
    facts = [say.moment(one.published_at, now.info.timezone)]
    if one.is_wire_copy:
        facts.append(f"copy of {plain(one.copied_from, 80) or 'another outlet'}")
    if one.kind not in {"news", "unknown"}:
        facts.append(one.kind.replace("_", " "))
    if one.completeness != "whole":
        facts.append(one.completeness)
    if one.primary_frame:
        facts.append(f"frame: {say.label(one.primary_frame).lower()}")
    if one.tone is not None:
        facts.append(f"tone {say.tone(one.tone)}")
    return Markup(
        '<p class="ct-headline">{}</p><p class="ct-lead"><bdi>{}</bdi></p><span class="ct-small ct-wrap">{}</span>'
    ).format(link(title(one.title), now.article(one.article)), plain(one.lead, 240), " · ".join(facts))


# ---------------------------------------------------------------- what one of them did not run


def _missed(now: View) -> None:
    st.header("What did the others run that this one did not?", anchor=False)
    ranked = sorted(now.choices.outlets, key=lambda one: (not one.is_own, -one.n_articles))
    labels = {now.name(one.outlet): one.outlet for one in ranked}
    chosen = st.selectbox(
        "Outlet", list(labels), key="missed", bind="query-params", help="Your own outlet comes first."
    )
    outlet = labels[chosen or next(iter(labels))]
    days = data.missed_days(now.snapshot, now.filters, outlet)
    texts = data.missed_texts(now.snapshot, now.filters, outlet)
    n_gaps = sum(one.is_gap for one in days)
    gaps = f", on {n_gaps} of which it was not wholly collected" if n_gaps else ""
    shell.said(
        Markup("{} had nothing on {} on which others did{}, and did not run {} that two or more others shared.").format(
            now.name(outlet), say.count(len(days), "day"), gaps, say.count(len(texts), "text")
        )
    )
    if days:
        _missed_days(now, outlet, days)
    if texts:
        _missed_texts(now, texts)


def _missed_days(now: View, outlet: str, whole: tuple[MissedDay, ...]) -> None:
    cells = [
        (
            link(say.day(one.date), now.href("article", day=one.date)),
            say.count(one.n_outlets, "outlet"),
            link(say.count(one.n_articles, "article"), now.href("article", day=one.date)),
            "not wholly: says nothing" if one.is_gap else "yes",
            Markup("; ").join(
                Markup("{} ({})").format(link(title(head.title), now.article(head.article)), now.name(head.outlet))
                for head in one.examples
            ),
        )
        for one in whole[:MOST_MISSED]
    ]
    columns = (
        Column(head="Day", is_short=True),
        Column(head="Who had it", is_short=True),
        Column(head="With", is_short=True),
        Column(head="Was it collected?", hint="whether this outlet's feeds were wholly read that day", is_short=True),
        Column(head="For example", is_wide=True),
    )
    shell.put(table(columns, cells, "Days on which others had the topic and this outlet did not"))
    flat = pd.DataFrame([asdict(one) for one in whole]).drop(columns="examples")
    shell.download(now, f"Days that {outlet} did not have", flat)
    if len(whole) > MOST_MISSED:
        shell.note(f"{len(whole) - MOST_MISSED} more days are not listed: narrow the view.")


def _missed_texts(now: View, texts: tuple[MissedText, ...]) -> None:
    cells = [
        (
            link(title(one.first.title), now.article(one.first.article)),
            now.name(one.first.outlet),
            link(say.count(one.n_outlets, "outlet"), now.href("article", cluster=one.cluster)),
        )
        for one in texts[:MOST_MISSED]
    ]
    columns = (Column(head="Shared text", is_wide=True), Column(head="Of"), Column(head="Ran at", is_short=True))
    shell.put(table(columns, cells, "Texts that others shared and this outlet did not run"))


show()
