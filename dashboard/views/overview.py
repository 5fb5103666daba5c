"""Overview: who covered the topic, and how much."""

from __future__ import annotations

from datetime import timedelta
from itertools import groupby
from operator import attrgetter
from string import ascii_uppercase
from typing import Any

import pandas as pd
import streamlit as st
from markupsafe import Markup

from dashboard import charts, data, palette, say, shell, view
from dashboard.markup import link, paragraphs, plain, swatch, title
from dashboard.rows import each
from dashboard.view import View
from tracker.report.coding.notes import note
from tracker.report.coding.scheme import RELEVANCE
from tracker.report.intervals import MIN_SAMPLE
from tracker.report.lately import WEEK
from tracker.report.overview import Summary

BY_KIND, BY_ORIGIN = "Kinds of outlet", "Own work and wire"
CARDS = 12  # outlets whose latest headlines stand side by side
EACH = 2  # headlines an outlet
TONIGHT = timedelta(days=1)  # before the snapshot
EVENT_MARGIN = pd.Timedelta(days=14)  # events this near to the coverage are drawn; others would flatten it


def show() -> None:
    """Draw the page."""
    shell.head("Who covered it, and how much?")
    now = view.current()
    if shell.is_empty(now):
        _health(now)
        return
    found = data.summary(now.snapshot, now.filters)
    shell.said(_how_much(now, found), _by_whom(now, found))
    _new(now)
    _over_time(now)
    _headlines(now)
    _differences(now)
    _health(now)


def _how_much(now: View, found: Summary) -> Markup:
    articles = link(say.count(found.n_articles, "article"), now.href("article"))
    own = link(f"{found.n_own:,}", now.href("article", copy="no"))
    wire = link(say.count(found.n_wire, "wire copy", "wire copies"), now.href("article", copy="yes"))
    origin = Markup("{} their own work and {}").format(own, wire) if found.n_wire else "all their own work"
    return Markup("From {}, {} ran {}: {}.").format(
        say.days(found.first_date, found.last_date),
        link(say.count(found.n_outlets, "outlet"), now.href("outlets")),
        articles,
        origin,
    )


def _by_whom(now: View, found: Summary) -> Markup:
    most = say.listing(
        [
            Markup("{} ({})").format(now.name(outlet), link(f"{n}", now.href("article", outlet=outlet)))
            for outlet, _, n in found.leaders
        ]
    )
    peak = Markup("{} ({})").format(
        say.day(found.peak_date), link(found.n_peak, now.href("article", day=found.peak_date))
    )
    said = Markup("{} covered it most; the day with most articles was {}.").format(most, peak)
    rows = data.outlets(now.snapshot, now.filters)
    most_own = max(row.n_own for row in rows)
    if not found.n_wire or not most_own:
        return said
    own = say.listing(
        [
            Markup("{} ({})").format(
                now.name(row.outlet), link(f"{row.n_own:,}", now.href("article", outlet=row.outlet, copy="no"))
            )
            for row in rows
            if row.n_own == most_own
        ]
    )
    return said + Markup(" Most own work: {}.").format(own)


def _new(now: View) -> None:
    found = data.lately(now.snapshot, now.filters)
    zone = now.info.timezone
    if found.previous_at is None:
        since = "This is the first snapshot: there is none before it to compare with."
    elif found.n_new or found.n_changed:
        since = (
            f"Since the snapshot before ({say.moment(found.previous_at, zone)}): "
            f"{say.count(found.n_new, 'new article')} at {say.count(found.n_new_outlets, 'outlet')}, "
            f"{found.n_new_own} of them own work; {say.count(found.n_changed, 'article')} changed."
        )
    else:
        since = f"Nothing is new since the snapshot before ({say.moment(found.previous_at, zone)})."
    week = Markup("In the seven days to {}: {}, after {} in the seven before.").format(
        say.day(found.week_from + timedelta(days=WEEK - 1)),
        link(say.count(found.n_week, "article"), now.href("article", since=found.week_from))
        if found.n_week
        else "none",
        found.n_week_before or "none",
    )
    st.header("What is new", anchor=False)
    shell.put(paragraphs(Markup("{} {}").format(since, week), kind="ct-text"))
    if found.newest:
        items = [
            Markup("<li>{} <span class='ct-small'>{}</span></li>").format(
                link(title(one.title), now.article(one.article)), now.name(one.outlet)
            )
            for one in found.newest
        ]
        shell.put(Markup('<ul class="ct-list ct-new">{}</ul>').format(Markup("").join(items)))


def _over_time(now: View) -> None:
    st.header("Coverage over time", anchor=False)
    by = st.segmented_control(
        "Colours show", [BY_KIND, BY_ORIGIN], default=BY_KIND, key="colours", bind="query-params", required=True
    )
    days, column, colours = _series(now, by or BY_KIND)
    events = _events(now, days)
    gaps = data.gap_days(now.snapshot, now.filters)
    gaps = gaps[(gaps["date"] >= days["date"].min()) & (gaps["date"] <= days["date"].max())]
    near = events[events["is_near"]]
    chart = charts.coverage(days, column, near, gaps, colours)
    st.altair_chart(chart, width="stretch", alt=f"Articles a day by {column}, with dated events and gaps")
    shell.download(now, f"Coverage by day and {column}", days)
    _key(events, has_gaps=bool(len(gaps)))


def _series(now: View, by: str) -> tuple[pd.DataFrame, str, dict[str, str]]:
    days = data.coverage_by_day(now.snapshot, now.filters)
    if by == BY_ORIGIN:
        return charts.by_origin(days), "text is", palette.ORIGINS
    days = days.assign(kind=days["outlet_kind"].fillna("unknown"))
    return days, "kind", palette.assign(now.choices.outlet_kinds)


def _events(now: View, days: pd.DataFrame) -> pd.DataFrame:
    events = data.docket(now.snapshot, now.filters.topic)
    first, last = pd.Timestamp(days["date"].min()), pd.Timestamp(days["date"].max())
    dates = pd.to_datetime(events["date"])
    events = events.assign(is_near=(dates >= first - EVENT_MARGIN) & (dates <= last + EVENT_MARGIN))
    letters = iter(ascii_uppercase * (1 + len(events) // len(ascii_uppercase)))
    return events.assign(letter=[next(letters) for _ in range(len(events))])


def _key(events: pd.DataFrame, *, has_gaps: bool) -> None:
    items = [
        Markup("<li><b>{}</b> {}: {}{}{}</li>").format(
            row.letter,
            say.day(row.date),
            row.title,
            f" ({row.court})" if say.known(row.court) else "",
            "" if row.is_near else " — outside the picture",
        )
        for row in each(events)
    ]
    if has_gaps:
        items.append(
            Markup(
                "<li><b>▒</b> Grey: days on which some outlets were not wholly collected, darker for more of them; "
                "few articles there may mean few collected. Dashed rules: events of another case.</li>"
            )
        )
    shell.put(Markup('<ul class="ct-key">{}</ul>').format(Markup("").join(items)) if items else Markup(""))


def _headlines(now: View) -> None:
    rows = data.headlines(now.snapshot, now.filters, each=EACH)
    is_tonight = bool(now.info.as_of - rows["published_at"].max() < TONIGHT)
    st.header("Tonight’s headlines, side by side" if is_tonight else "The last headlines, side by side", anchor=False)
    groups = [(str(outlet), [*group]) for outlet, group in groupby(each(rows), key=attrgetter("outlet"))]
    cards = [_card(now, outlet, group) for outlet, group in groups[:CARDS]]
    shell.put(Markup('<div class="ct-cards ct-list">{}</div>').format(Markup("").join(cards)))
    if len(groups) > CARDS:
        shell.note(
            Markup("{} besides: {}.").format(
                say.count(len(groups) - CARDS, "outlet"), link("all articles", now.href("article"))
            )
        )


def _card(now: View, outlet: str, rows: list[Any]) -> Markup:
    colour = now.colours.get(outlet, palette.NEUTRAL)
    parts = [
        Markup('<p class="ct-headline">{}</p><span class="ct-small">{}{}</span>').format(
            link(title(row.title), now.article(row.article)),
            say.moment(row.published_at, now.info.timezone),
            _what(row.kind, say.known(row.copied_from), is_copy=row.is_wire_copy, is_changed=row.n_revisions > 1),
        )
        for row in rows
    ]
    return Markup('<div class="ct-card" style="border-color:{}"><h3>{}{} · {}</h3>{}</div>').format(
        colour,
        swatch(colour),
        now.name(outlet),
        link(say.count(int(rows[0].n_articles), "article"), now.href("article", outlet=outlet)),
        Markup("").join(parts),
    )


def _what(kind: str, source: str, *, is_copy: bool, is_changed: bool) -> str:
    parts = [kind.replace("_", " ")] if kind not in {"news", "unknown"} else []
    if is_copy:
        parts.append(f"copy of {source or 'another outlet'}")
    if is_changed:
        parts.append("changed since")
    return "".join(f" · {part}" for part in parts)


def _differences(now: View) -> None:
    st.header("Where outlets differ", anchor=False)
    found = data.reportable(now.snapshot, now.filters)
    if not found:
        shell.note(f"No two outlets have the {MIN_SAMPLE} whole texts of their own each that a comparison takes.")
        return
    n = found[0].n_compared
    if not any(one.is_distinguishable for one in found):
        shell.put(
            paragraphs(
                f"No two outlets can be told apart: of {say.count(n, 'comparison')} in tone, frames and others’ words "
                "none stands. These came nearest:",
                kind="ct-text",
            )
        )
    items = Markup("").join(Markup("<li>{}</li>").format(plain(one.sentence(now.names))) for one in found)
    shell.put(Markup('<ol class="ct-found">{}</ol>').format(items))
    shell.note(
        Markup(
            "The surest of {} between the outlets with most stories, held together to a false discovery rate of 10 %; "
            "each text once, for who wrote it. More, and whether one word carries a difference in tone: {} and {}."
        ).format(say.count(n, "comparison"), link("tone", now.href("tone")), link("frames", now.href("frames")))
    )


def _health(now: View) -> None:
    st.header("Was everything collected?", anchor=False)
    health = data.collection_health(now.snapshot, now.filters.topic)
    verdict = f"{health.n_feeds_well} of {say.count(health.n_feeds, 'feed')} answered well when last asked"
    if health.n_gaps:
        verdict += f"; {say.count(health.n_gaps, 'gap')} at {say.count(health.n_gap_outlets, 'outlet')}"
    if health.n_failed:
        verdict += f"; {say.count(health.n_failed, 'page')} could not be read"
    if health.n_unscored:
        verdict += f"; {say.count(health.n_unscored, 'article')} left unscored"
    shell.put(
        Markup('<p class="ct-note">{}. {}</p>').format(verdict, link("What was not collected", now.href("health")))
    )
    shell.note(note(data.checked(now.snapshot, now.topic.topic, data.decisions_mark()), RELEVANCE).sentence())


show()
