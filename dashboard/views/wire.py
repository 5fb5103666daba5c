"""Wire: whose text ran where, and how it was cut and retitled."""

from __future__ import annotations

from dataclasses import asdict

import pandas as pd
import streamlit as st
from markupsafe import Markup

from dashboard import data, say, shell, view
from dashboard.markup import Column, link, paragraphs, plain, swatch, table, title
from dashboard.view import View
from tracker.report.changes import WireCluster, WireCopy
from tracker.report.snapshot_report import OutletRow

MOST = 40  # clusters shown; the view can be narrowed
MOST_RUNNERS = 15  # outlets shown that ran copies
MOST_COPIES = 12  # of a cluster in its table, the earliest; the list of articles has all
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
    shell.head("Who ran whose text?")
    now = view.current()
    if shell.is_empty(now):
        return
    clusters = data.wire_clusters(now.snapshot, now.filters, MOST)
    shell.said(*_words(now, clusters))
    _runners(now)
    _copies(now, clusters)


def _words(now: View, clusters: tuple[WireCluster, ...]) -> list[Markup]:
    n_texts, n_copies = data.wire_totals(now.snapshot, now.filters)
    copied = Markup("{} ran more than once, in {} besides the originals.").format(
        say.count(n_texts, "text"),
        link(say.count(n_copies, "copy", "copies"), now.href("article", copy="yes")),
    )
    if clusters:
        widest = clusters[0]
        copied += Markup(" The widest, “{}”, stood at {}.").format(
            title(widest.title),
            link(say.count(widest.n_outlets, "outlet"), now.href("article", cluster=widest.cluster)),
        )
    return [copied, *_most(now)]


def _most(now: View) -> list[Markup]:
    """Return who ran most copies, and whose texts most of them are."""
    runners = _ranked(now)
    if not runners:
        return []
    most = [row for row in runners if row.n_wire == runners[0].n_wire]
    named = say.listing(
        [link(now.name(row.outlet), now.href("article", outlet=row.outlet, copy="yes")) for row in most]
    )
    ran = Markup("{} ran most of them, {}{}.").format(named, f"{most[0].n_wire:,}", " each" if len(most) > 1 else "")
    sources = data.copy_sources(now.snapshot, now.filters)
    if sources:
        ran += Markup(" Their most frequent source is {} ({}).").format(plain(sources[0][0], 80), f"{sources[0][1]:,}")
    return [ran]


def _ranked(now: View) -> list[OutletRow]:
    """Return the outlets that ran copies, those with most first."""
    rows = [row for row in data.outlets(now.snapshot, now.filters) if row.n_wire]
    return sorted(rows, key=lambda row: (-row.n_wire, now.name(row.outlet)))


# ---------------------------------------------------------------- who ran them


def _runners(now: View) -> None:
    runners = _ranked(now)
    if not runners:
        return
    st.header("Who ran copies", anchor=False)
    columns = (
        Column(head="Outlet"),
        Column(head="Copies", is_figure=True),
        Column(head="Own work", is_figure=True),
        Column(head="Share copied", hint="copies among its articles", is_figure=True),
    )
    cells = [
        (
            Markup("{}{}").format(swatch(now.colours.get(row.outlet, "")), now.name(row.outlet)),
            link(f"{row.n_wire:,}", now.href("article", outlet=row.outlet, copy="yes")),
            link(f"{row.n_own:,}", now.href("article", outlet=row.outlet, copy="no")) if row.n_own else "0",
            say.share(row.n_wire / row.n_articles),
        )
        for row in runners[:MOST_RUNNERS]
    ]
    shell.put(table(columns, cells, "Who ran copies"))
    if len(runners) > MOST_RUNNERS:
        shell.note(f"The {MOST_RUNNERS} with most of {say.count(len(runners), 'outlet')} are shown.")
    sources = data.copy_sources(now.snapshot, now.filters)
    of = say.listing([f"{plain(source, 80)} ({n:,})" for source, n in sources], most=6)
    shell.note(Markup("Whose texts they are: {}. A copy is of an agency, or of another outlet.").format(of))


# ---------------------------------------------------------------- copies


def _copies(now: View, clusters: tuple[WireCluster, ...]) -> None:
    st.header("Texts that ran more than once", anchor=False)
    if not now.filters.with_wire:
        shell.note("Wire copies are left out by the filter: switch “Count wire copies” on to see who ran what.")
    elif not clusters:
        shell.note("No text in this view was found at two places.")
    shell.put(Markup("").join(_cluster(now, cluster, is_open=not place) for place, cluster in enumerate(clusters)))
    if clusters:
        shell.download(now, "Texts that ran more than once", _flat(clusters))
    if len(clusters) == MOST:
        shell.note(f"The {MOST} that went farthest are shown, and are in the download: narrow the view for others.")


def _flat(clusters: tuple[WireCluster, ...]) -> pd.DataFrame:
    """Return one row an article, as a file has it."""
    return pd.DataFrame(
        [{"cluster": one.cluster, "agency": one.agency, **asdict(member)} for one in clusters for member in one.members]
    )


def _cluster(now: View, cluster: WireCluster, *, is_open: bool) -> Markup:
    by = cluster.agency or cluster.original_outlet or "original not found"
    n_retitled = sum(member.is_retitled for member in cluster.members)
    facts = (
        f"{by} · {say.count(len(cluster.members), 'article')} at {say.count(cluster.n_outlets, 'outlet')} · "
        f"{n_retitled} under another headline · first {say.moment(cluster.first_at, now.info.timezone)}"
    )
    rows = [_member(now, member) for member in cluster.members[:MOST_COPIES]]
    rest = len(cluster.members) - MOST_COPIES
    more = link(f"{rest:,} later ones: all articles that share this text", now.href("article", cluster=cluster.cluster))
    return Markup('<details class="ct-cluster"{}><summary>{}<small>{}</small></summary>{}{}</details>').format(
        Markup(" open") if is_open else "",
        title(cluster.title),
        facts,
        table(COLUMNS, rows, "Who ran this text"),
        paragraphs(more, kind="ct-note") if rest > 0 else "",
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


show()
