"""Wire and changes: what is copied, and what changed."""

from __future__ import annotations

import streamlit as st
from markupsafe import Markup

from dashboard import data, layers, say, shell, view
from dashboard.markup import Column, link, plain, swatch, table, title
from dashboard.rows import each
from dashboard.view import View
from tracker.report.changes import VersionChange, WireCluster, WireCopy

MOST = 40  # clusters and changes shown; the view can be narrowed
COLUMNS = (
    Column(head="Outlet"),
    Column(head="Headline", is_wide=True),
    Column(head="Published", is_short=True),
    Column(head="Role"),
    Column(head="Words", is_figure=True),
    Column(head="Alike", hint="similarity of the text to the original's, 0 to 1", is_figure=True),
)


def show() -> None:
    """Draw the page."""
    shell.head("What is copied, and what changed?")
    now = view.current()
    if shell.is_empty(now):
        return
    clusters = data.wire_clusters(now.snapshot, now.filters)
    changes = data.headline_changes(now.snapshot, now.filters)
    shell.said(*_words(now, clusters, changes))
    _copies(now, clusters)
    _changes(now, changes)
    _corrections(now)


def _words(now: View, clusters: tuple[WireCluster, ...], changes: tuple[VersionChange, ...]) -> list[Markup]:
    n_copies = sum(not member.is_original for cluster in clusters for member in cluster.members)
    copied = Markup("{} ran more than once, in {} besides the originals.").format(
        say.count(len(clusters), "text"),
        link(say.count(n_copies, "copy", "copies"), now.href("article", copy="yes")),
    )
    if clusters:
        widest = clusters[0]
        copied += Markup(" The widest, “{}”, stood at {}.").format(
            title(widest.title),
            link(say.count(widest.n_outlets, "outlet"), now.href("article", cluster=widest.cluster)),
        )
    n_articles = len({change.article for change in changes})
    changed = Markup("{} changed {}.").format(
        link(say.count(n_articles, "article"), now.href("article", changed="yes")),
        "its headline" if n_articles == 1 else "their headlines",
    )
    return [copied, changed]


# ---------------------------------------------------------------- copies


def _copies(now: View, clusters: tuple[WireCluster, ...]) -> None:
    st.header("Texts that ran more than once", anchor=False)
    if not now.filters.with_wire:
        shell.note("Wire copies are left out by the filter: switch “Count wire copies” on to see who ran what.")
    elif not clusters:
        shell.note("No text in this view was found at two places.")
    shell.put(
        Markup("").join(_cluster(now, cluster, is_open=not place) for place, cluster in enumerate(clusters[:MOST]))
    )
    if len(clusters) > MOST:
        shell.note(f"{len(clusters) - MOST} more are not shown: narrow the view.")


def _cluster(now: View, cluster: WireCluster, *, is_open: bool) -> Markup:
    by = cluster.agency or cluster.original_outlet or "original not found"
    n_retitled = sum(member.is_retitled for member in cluster.members)
    facts = (
        f"{by} · {say.count(len(cluster.members), 'article')} at {say.count(cluster.n_outlets, 'outlet')} · "
        f"{n_retitled} under another headline · first {say.moment(cluster.first_at, now.info.timezone)}"
    )
    rows = [_member(now, member) for member in cluster.members]
    return Markup('<details class="ct-cluster"{}><summary>{}<small>{}</small></summary>{}</details>').format(
        Markup(" open") if is_open else "", title(cluster.title), facts, table(COLUMNS, rows, "Who ran this text")
    )


def _member(now: View, member: WireCopy) -> list[object]:
    role = "original" if member.is_original else "copy, retitled" if member.is_retitled else "copy"
    return [
        Markup("{}{}").format(swatch(now.colours.get(member.outlet, "")), now.name(member.outlet)),
        link(title(member.title), now.article(member.article)),
        say.moment(member.published_at, now.info.timezone),
        role,
        f"{member.word_count:,}",
        say.NOTHING if member.similarity is None else f"{member.similarity:.2f}",
    ]


# ---------------------------------------------------------------- changes


def _changes(now: View, changes: tuple[VersionChange, ...]) -> None:
    st.header("Headlines before and after", anchor=False)
    if not changes:
        shell.note("No headline in this view has changed since it was first seen.")
    shell.put(Markup("").join(_change(now, change) for change in changes[:MOST]))
    if len(changes) > MOST:
        shell.note(f"{len(changes) - MOST} more are not shown: narrow the view.")


def _change(now: View, change: VersionChange) -> Markup:
    before = layers.difference([one for one in change.headline if one.kind != "added"])
    after = layers.difference([one for one in change.headline if one.kind != "removed"])
    tones = ""
    if change.tone_before is not None and change.tone_after is not None:
        tones = f" · headline tone {say.tone(change.tone_before)} → {say.tone(change.tone_after)}"
    return Markup(
        '<div class="ct-change ct-list"><span class="ct-small">{}{} · seen {} · {}{}</span>'
        "<p>before: <bdi>{}</bdi></p><p>after: <bdi>{}</bdi></p></div>"
    ).format(
        swatch(now.colours.get(change.outlet, "")),
        now.name(change.outlet),
        say.moment(change.seen_at, now.info.timezone),
        change.change_kind,
        tones,
        before,
        link(after, now.article(change.article)),
    )


def _corrections(now: View) -> None:
    st.header("Corrections and retractions", anchor=False)
    rows = data.corrections(now.snapshot, now.filters)
    if rows.empty:
        shell.note("None was seen in this view.")
        return
    columns = (
        Column(head="Headline", is_wide=True),
        Column(head="Outlet"),
        Column(head="Seen", is_short=True),
        Column(head="What"),
        Column(head="Note", is_wide=True),
    )
    cells = [
        (
            link(title(row.title), now.article(row.article)),
            now.name(row.outlet),
            say.moment(row.seen_at, now.info.timezone),
            row.change_kind,
            plain(say.known(row.change_note), 600),
        )
        for row in each(rows)
    ]
    shell.put(table(columns, cells, "Corrections and retractions"))


show()
