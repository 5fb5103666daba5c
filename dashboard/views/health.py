"""Health: what was not collected, and what collected and scored it."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st
from markupsafe import Markup

from dashboard import data, say, shell, view
from dashboard.markup import Column, paragraphs, plain, table
from dashboard.rows import each
from dashboard.view import View

EXIT_WORDS = {0: "all well", 1: "some failures", 2: "configuration", 3: "locked out", 4: "nothing collected"}
MOST = 100  # gaps and reasons shown


def show() -> None:
    """Draw the page."""
    shell.head("What was not collected?")
    now = view.current()
    shell.said(*_words(now))
    _feeds(now)
    _gaps(now)
    _left_out(now)
    _disk(now)
    _runs(now)
    _versions(now)


def _words(now: View) -> list[Markup]:
    health = data.collection_health(now.snapshot, now.filters.topic)
    n_ill = health.n_feeds - health.n_feeds_well
    feeds = (
        f"All {say.count(health.n_feeds, 'feed')} answered well when last asked."
        if not n_ill
        else f"{n_ill} of {say.count(health.n_feeds, 'feed')} did not answer well when last asked."
    )
    gaps = (
        "No gap is known: nothing was missed between polls."
        if not health.n_gaps
        else f"{say.count(health.n_gaps, 'gap')} at {say.count(health.n_gap_outlets, 'outlet')}: "
        "there, few articles may mean few collected."
    )
    pages = f"{say.count(health.n_failed, 'page')} could not be read" if health.n_failed else "Every page could be read"
    rest = f"{pages}; {say.count(health.n_unscored, 'article')} on the topic left unscored."
    return [Markup("{} {} {}").format(feeds, gaps, rest)]


def _feeds(now: View) -> None:
    st.header("Feeds", anchor=False)
    zone = now.info.timezone
    rows = [
        (
            row.outlet_name,
            "well" if not row.n_failures and not pd.isna(row.last_ok_at) else f"failing ({row.n_failures:g})",
            _answer(say.known(row.last_outcome), row.last_status),
            say.moment(row.last_ok_at, zone),
            say.moment(row.last_new_at, zone),
            f"{row.n_entries:,}",
            Markup("<code>{}</code>{}").format(plain(row.url, 200), _moved(say.known(row.moved_to))),
        )
        for row in each(data.feeds(now.snapshot))
    ]
    columns = (
        Column(head="Outlet"),
        Column(head="State", hint="weighted count of failures in a row"),
        Column(head="Last answer"),
        Column(head="Last well", is_short=True),
        Column(head="Last new", is_short=True),
        Column(head="Entries", is_figure=True),
        Column(head="Feed"),
    )
    if rows:
        shell.put(table(columns, rows[:MOST], "Feeds and their health"))
        if len(rows) > MOST:
            shell.note(f"{len(rows) - MOST} more feeds, which answered well, are in the download.")
        shell.download(now, "Feeds and their health", data.feeds(now.snapshot))
    else:
        shell.note(
            Markup(
                "No feed is configured: <code>tracker feeds add URL</code> or <code>tracker feeds import OPML</code>."
            )
        )


def _answer(outcome: str, status: float) -> str:
    words = outcome.replace("_", " ") or "never asked"
    return words if pd.isna(status) else f"{words}, {status:.0f}"


def _moved(address: str) -> Markup:
    return (
        Markup("<br><span class='ct-small'>moved to {}</span>").format(plain(address, 200)) if address else Markup("")
    )


def _gaps(now: View) -> None:
    st.header("Gaps", anchor=False)
    rows = data.gaps(now.snapshot)
    if rows.empty:
        shell.note("None known.")
        return
    cells = [
        (row.outlet_name, say.moment(row.from_at, now.info.timezone), say.moment(row.until_at, now.info.timezone),
         row.reason, plain(row.detail, 200))
        for row in each(rows.tail(MOST)[::-1])
    ]  # fmt: skip
    columns = (
        Column(head="Outlet"),
        Column(head="From", is_short=True),
        Column(head="Until", is_short=True),
        Column(head="Reason", hint="failed: it did not answer; overflow: items were pushed out between two polls"),
        Column(head="Detail", is_wide=True),
    )
    shell.put(table(columns, cells, "Stretches that were not wholly collected"))
    if len(rows) > MOST:
        shell.note(f"The newest {MOST} of {len(rows):,} are shown.")
    shell.download(now, "Gaps", rows)


def _left_out(now: View) -> None:
    st.header("Left out, with the reason", anchor=False)
    left, right = st.columns(2, gap="large")
    with left:
        st.subheader("Entries that became no article", anchor=False)
        failures = data.failures(now.snapshot)
        counted = [
            (row.status, plain(row.reason, 120) or say.NOTHING, f"{row.n:,}") for row in each(failures.head(MOST))
        ]
        _counts(("Status", "Reason", "Entries"), counted, "Entries that became no article")
    with right:
        st.subheader("Articles left unscored", anchor=False)
        unscored = data.unscored(now.snapshot, now.filters.topic)
        _counts(
            ("Reason", "Articles"), [(row.reason, f"{row.n_articles:,}") for row in each(unscored)], "Unscored articles"
        )
        st.subheader("Requests of the last run", anchor=False)
        outcomes = data.outcomes(now.snapshot)
        _counts(
            ("For", "Outcome", "Requests"),
            [(row.purpose, row.outcome.replace("_", " "), f"{row.n:,}") for row in each(outcomes)],
            "Requests of the last run",
        )


def _counts(heads: tuple[str, ...], rows: Sequence[tuple[str, ...]], caption: str) -> None:
    if not rows:
        shell.note("None.")
        return
    columns = [Column(head=head, is_figure=head == heads[-1]) for head in heads]
    shell.put(table(columns, rows, caption))


def _disk(now: View) -> None:
    st.header("Disk", anchor=False)
    found = data.disk(now.snapshot)
    shell.put(
        paragraphs(
            f"This home takes {say.size(found.n_used)}; {say.size(found.n_free)} of {say.size(found.n_total)} are free "
            "on its disk.",
            kind="ct-text",
        )
    )
    cells = [(room.folder, room.what, f"{room.n_files:,}", say.size(room.n_bytes)) for room in found.rooms]
    columns = (
        Column(head="Folder"),
        Column(head="Holds", is_wide=True),
        Column(head="Files", is_figure=True),
        Column(head="Takes", is_figure=True),
    )
    shell.put(table(columns, cells, "What the home takes on disk"))


def _runs(now: View) -> None:
    st.header("Runs", anchor=False)
    cells = [
        (
            say.moment(row.as_of_at, now.info.timezone),
            row.command,
            "killed" if pd.isna(row.exit_code) else EXIT_WORDS.get(int(row.exit_code), f"code {row.exit_code:.0f}"),
            *(_whole(value) for value in (row.n_feeds, row.n_entries_new, row.n_articles_new, row.n_revisions_new)),
            _whole(row.n_failed),
            say.known(row.note),
        )
        for row in each(data.runs(now.snapshot))
    ]
    columns = (
        Column(head="As of", is_short=True),
        Column(head="Command"),
        Column(head="Ended"),
        Column(head="Feeds", is_figure=True),
        Column(head="New entries", is_figure=True),
        Column(head="New articles", is_figure=True),
        Column(head="New versions", is_figure=True),
        Column(head="Failed pages", is_figure=True),
        Column(head="Remark", is_wide=True),
    )
    shell.put(table(columns, cells, "The latest runs"))


def _whole(value: float) -> str:
    return say.NOTHING if pd.isna(value) else f"{value:,.0f}"


def _versions(now: View) -> None:
    st.header("What this rests on", anchor=False)
    cells = [
        (row.scorer, row.scorer_version, "default for tone" if row.is_default else "", say.known(row.data_hash)[:12])
        for row in each(data.scorers(now.snapshot))
    ]
    columns = (Column(head="Scorer"), Column(head="Version"), Column(head="Role"), Column(head="Data"))
    shell.put(table(columns, cells, "Scorers and their versions"))
    info = now.info
    shell.note(
        Markup("Tracker {}; {} and {} in the snapshot; rows <code>{}</code>; file <code>{}</code>.").format(
            info.code_version,
            say.count(info.n_entries, "entry", "entries"),
            say.count(info.n_articles, "article"),
            info.rows_hash[:16],
            now.snapshot.rpartition("/")[2],
        )
    )


show()
