"""One outlet's page: how much, how it reads, whose words, which frames, what it changed, and its latest headlines."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st
from markupsafe import Markup

from dashboard import charts, data, heard, listing, palette, say, shell, view
from dashboard.markup import Column, link, plain, swatch, table, title
from dashboard.rows import each
from dashboard.view import View
from tracker.report.choices import OutletChoice
from tracker.report.filters import Narrow
from tracker.report.intervals import MIN_SAMPLE
from tracker.report.snapshot_report import OutletRow

OF = "of"  # in the address: the outlet's slug
LATEST = 12  # headlines listed
FRAMES = 6
CHANGES = 5


def show(slug: str) -> None:
    """Draw the page."""
    now = view.current()
    choice = next((one for one in now.choices.outlets if one.outlet == slug), None)
    if choice is None:
        shell.head("How do outlets compare?")
        shell.state(
            "No such outlet",
            f"“{plain(slug, 80)}” has no article on this topic.",
            link("All outlets", now.href("outlets")),
        )
        return
    shell.head("What does this outlet make of it?")
    shell.put(  # a name is a stranger's: not into a title, which is markdown
        Markup('<div class="ct-masthead">{}<bdi>{}</bdi></div><p class="ct-note">{}</p>').format(
            swatch(now.colours.get(slug, "")), now.name(slug), link("← All outlets", now.href("outlets"))
        )
    )
    mine = replace(now.filters, outlets=(slug,))
    found = data.outlets(now.snapshot, replace(now.filters, outlets=()))
    row = next((one for one in found if one.outlet == slug), None)
    if row is None:
        shell.state("Nothing in this view", link("Show everything", view.whole(now).outlet(slug)))
        return
    alone = replace(now, filters=mine)
    shell.said(*_words(now, choice, row, found))
    _days(alone)
    _frames(alone, row)
    _voices(alone)
    _names(alone)
    _changes(alone)
    _latest(alone)


def _words(now: View, choice: OutletChoice, row: OutletRow, found: tuple[OutletRow, ...]) -> list[Markup]:
    place = 1 + sum(one.n_articles > row.n_articles for one in found)
    to = now.href("article", outlet=row.outlet)
    facts = [part for part in (choice.kind, choice.country, choice.owner) if part and part != "unknown"]
    rated = f", rated “{plain(choice.lean, 40)}” in outlets.toml" if choice.lean else ""
    amount = Markup("{} ({}{}) ran {}: {} its own work, {} wire copies. By number it is {} of {}.").format(
        now.name(row.outlet),
        plain(", ".join(facts), 80) or "kind unknown",
        rated,
        link(say.count(row.n_articles, "article"), to),
        link(row.n_own, now.href("article", outlet=row.outlet, copy="no")),
        link(row.n_wire, now.href("article", outlet=row.outlet, copy="yes")) if row.n_wire else "no",
        f"number {place}",
        say.count(len(found), "outlet"),
    )
    return [amount, _tone(row)]


def _tone(row: OutletRow) -> Markup:
    one = row.outlet_tone
    if one.low is None or one.high is None:
        return Markup("Too few whole texts ({} of {}) to say how its own words read.").format(one.n, MIN_SAMPLE)
    side = "pleasant" if one.low > 0 else "unpleasant" if one.high < 0 else ""
    verdict = f"read {side} more often than not" if side else "cannot be told from neutral"
    return Markup("Its own words {}: tone {} (95 % {}, n {}).").format(
        verdict, say.tone(one.estimate), say.span(one.low, one.high), one.n
    )


def _days(now: View) -> None:
    st.header("When", anchor=False)
    days = data.coverage_by_day(now.snapshot, now.filters)
    by_origin = charts.by_origin(days)
    gaps = data.gap_days(now.snapshot, now.filters)
    gaps = gaps[(gaps["date"] >= days["date"].min()) & (gaps["date"] <= days["date"].max())]
    events = data.docket(now.snapshot, now.filters.topic).iloc[:0]
    chart = charts.coverage(by_origin, "text is", events, gaps, palette.ORIGINS)
    st.altair_chart(chart, width="stretch", alt="Its articles a day, own work and wire copies, gaps in grey")
    if len(gaps):
        shell.note("Grey: days on which it was not wholly collected; few articles there may mean few collected.")
    shell.download(now, f"Coverage by day at {now.filters.outlets[0]}", by_origin.drop(columns="variable"))


def _frames(now: View, row: OutletRow) -> None:
    st.header("Which frames", anchor=False)
    shares = data.frame_shares(now.snapshot, now.filters)
    own = shares[shares["pack"] == "policy"].sort_values(["n_with", "frame"], ascending=[False, True]).head(FRAMES)
    if own.empty:
        shell.note("No frame was found in its articles.")
        return
    led = dict(row.frames)
    cells = [
        (
            say.label(one.frame),
            link(f"{one.n_with} of {one.n_articles}", now.href("article", frame=one.frame)),
            link(led[one.frame], now.href("article", primary=one.frame)) if one.frame in led else 0,
        )
        for one in each(own)
    ]
    columns = (Column(head="Frame"), Column(head="Present in", is_figure=True), Column(head="Leads", is_figure=True))
    shell.put(table(columns, cells, "Frames of this outlet"))
    shell.download(now, f"Frames at {now.filters.outlets[0]}", own)


def _voices(now: View) -> None:
    st.header("Who is quoted", anchor=False)
    rows = data.speakers(now.snapshot, now.filters, 8)
    if rows.empty:
        shell.note("Nobody is named as a speaker in its whole texts.")
        return
    shell.put(heard.speakers(now, rows))
    shell.put(heard.examples(now, data.quotations(now.snapshot, now.filters, most=2)))


def _names(now: View) -> None:
    totals = data.term_totals(now.snapshot, now.filters)
    own = totals[totals["whose"] == "own"]
    if own.empty:
        return
    st.header("Which names it uses itself", anchor=False)
    parts = [
        Markup("{} ({})").format(
            row.term, link(row.n_uses, now.href("article", term=row.term, names=row.term_group, voice="outlet"))
        )
        for row in each(own.sort_values(["n_uses", "term"], ascending=[False, True]).head(8))
    ]
    shell.put(Markup('<p class="ct-text">{}.</p>').format(say.listing(parts, most=8)))


def _changes(now: View) -> None:
    changes = data.headline_changes(now.snapshot, now.filters, CHANGES)
    if not changes:
        return
    st.header("What it retitled", anchor=False)
    items = [
        Markup("<li>{} → {}</li>").format(
            title("".join(one.text for one in change.headline if one.kind != "added")),
            link(
                title("".join(one.text for one in change.headline if one.kind != "removed")),
                now.article(change.article),
            ),
        )
        for change in changes[:CHANGES]
    ]
    shell.put(Markup('<ul class="ct-list ct-new">{}</ul>').format(Markup("").join(items)))


def _latest(now: View) -> None:
    st.header("Its latest articles", anchor=False)
    rows = data.articles(now.snapshot, now.filters, Narrow(), most=LATEST)
    shell.put(listing.articles(now, rows, len(rows)))
    shell.note(Markup("{}.").format(link("All its articles", now.href("article"))))
