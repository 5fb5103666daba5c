"""What surrounds every page: style, banner, page head, states in words, and the watch for a new snapshot."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from importlib.resources import files
from pathlib import Path

import pandas as pd
import streamlit as st
from markupsafe import Markup

from dashboard import data, say, view
from dashboard.markup import link, paragraphs, plain
from dashboard.view import View
from tracker.errors import TextsLeftOutError
from tracker.report.chart_data import packed
from tracker.report.filters import Filters
from tracker.report.open import StoreError
from tracker.urls import slugify

POLL_SECONDS = 15  # between looks at the symlink: a snapshot comes once a night, or every ten minutes in long runs
INVENTED = (
    "Invented demonstration: the outlets, the articles and most people in them are made up, to show what the tracker "
    "does. The court case that they write about is real."
)


def style() -> None:
    """Put the style sheet in."""
    st.html(Path(str(files("dashboard") / "style.css")))


def put(html: Markup) -> None:
    """Show safe HTML without control and direction characters; nothing where it is empty."""
    if html:
        st.html(plain(html))


def masthead() -> None:
    """Head the sidebar."""
    put(
        Markup(
            '<div class="ct-masthead">Coverage tracker</div><p class="ct-note">Show only what passes these filters:</p>'
        )
    )


def head(question: str) -> None:
    """Draw a page's head: topic, the question that the page answers, as of when, and what is left out."""
    now = view.current()
    put(Markup('<div class="ct-kicker"><bdi>{}</bdi></div>').format(now.topic.title))
    st.title(question, anchor=False)
    as_of = say.moment(now.info.as_of, now.info.timezone)
    dateline = f"As of {as_of} ({now.info.timezone})"
    put(Markup('<div class="ct-dateline">{}{}</div>').format(dateline, _narrowing(now)))


def _narrowing(now: View) -> Markup:
    filters = now.filters
    parts: list[Markup | str] = (
        [say.listing([now.name(outlet) for outlet in filters.outlets])] if filters.outlets else []
    )
    if filters.outlet_kinds:
        parts.append(say.listing(filters.outlet_kinds) + " outlets")
    if filters.leans:
        parts.append("outlets rated " + say.listing(filters.leans))
    if filters.countries:
        parts.append("outlets in " + say.listing(filters.countries))
    if filters.kinds:
        parts.append(say.listing([say.label(kind).lower() for kind in filters.kinds]))
    if filters.since:
        parts.append(f"from {say.day(filters.since)}")
    if filters.until:
        parts.append(f"until {say.day(filters.until)}")
    parts += ["without wire copies"] * (not filters.with_wire) + ["whole texts only"] * (not filters.with_partial)
    if not parts:
        return Markup("")
    everything = link("show everything", view.whole(now).href(""))
    return Markup(" · Showing only: {} ({})").format(Markup("; ").join(parts), everything)


def left_out_banner(*, has_text: bool) -> None:
    """Say on every page of a snapshot without texts that they are left out."""
    if not has_text:
        put(Markup('<div class="ct-banner" role="note">{}</div>').format(say.LEFT_OUT))


def invented_banner(*, is_invented: bool) -> None:
    """Say on every page of the demonstration that it is one."""
    if is_invented:
        put(Markup('<div class="ct-banner" role="note">{}</div>').format(INVENTED))


def said(*sentences: Markup | str) -> None:
    """Show the page's answer in words."""
    put(paragraphs(*sentences, kind="ct-lede"))


def note(text: Markup | str) -> None:
    """Show a standing note in small print."""
    put(paragraphs(text, kind="ct-note"))


def download(now: View, title: str, rows: pd.DataFrame) -> None:
    """Offer a chart's data with a manifest that says what it shows and of which snapshot; packed when asked for."""
    st.download_button(
        "Download data and manifest",
        partial(packed, now.info, now.filters, title, rows),
        file_name=f"{slugify(title)}.zip",
        mime="application/zip",
        key=f"download {title}",
        help="A ZIP: the figures as CSV, and a manifest that says what they show and of which snapshot",
        on_click="ignore",
    )


def state(heading: str, *lines: Markup | str) -> None:
    """Say in words why there is nothing to see, and what to do about it."""
    put(Markup('<div class="ct-state" role="status"><h2>{}</h2>{}</div>').format(heading, paragraphs(*lines)))


def is_empty(now: View) -> bool:
    """Say what to do where a view holds nothing, and return whether it does."""
    if data.summary(now.snapshot, now.filters).n_articles:
        return False
    if view.is_narrowed(now.filters) and data.summary(now.snapshot, Filters(topic=now.filters.topic)).n_articles:
        state(
            "Nothing in this view",
            Markup("{} articles are on this topic, but none passes these filters: {}.").format(
                now.topic.n_on_topic, link("show everything", view.whole(now).href(""))
            ),
        )
        return True
    n = now.info
    state(
        "Nothing on this topic yet",
        f"The snapshot holds {say.count(n.n_entries, 'entry', 'entries')} that feeds listed and "
        f"{say.count(n.n_articles, 'article')} that were read, but none is on this topic.",
        Markup(
            "Feeds list only the last hours or days: live feeds no longer carry May 2025. For a story of the past, "
            "put addresses into a file, one a line, and run <code>tracker backfill urls FILE</code>. For a story of "
            "today, run <code>tracker nightly</code> again tomorrow, or widen the topic’s query "
            "(<code>tracker topic test</code>)."
        ),
    )
    return True


def no_topic() -> None:
    """Say what to do where the snapshot follows no topic."""
    state(
        "No topic",
        Markup(
            "This snapshot follows no topic. Put one into <code>topics/</code> (<code>tracker init</code> writes one "
            "to begin with) and run <code>tracker nightly</code>."
        ),
    )


@contextmanager
def states() -> Iterator[None]:
    """Turn what is wrong with a snapshot into words; anything else into a plain page, with details in the log."""
    try:
        yield
    except TextsLeftOutError as error:
        state("This page needs the texts", f"{error}")
    except StoreError as error:
        if (data.home() / "coverage.duckdb").exists():
            state(
                "The snapshot cannot be read",
                f"{error}",
                Markup(
                    "Publish a new one with <code>tracker rescore</code> (no network is needed) or "
                    "<code>tracker nightly</code>; <code>tracker doctor</code> says what is wrong. This page looks "
                    "again by itself."
                ),
            )
        else:
            state(
                "No snapshot yet",
                Markup(
                    "Nothing has been published in <code>{}</code>. Run <code>tracker nightly</code> there, or "
                    "<code>tracker demo</code> for the demonstration. This page appears by itself once it is done."
                ).format(data.home()),
            )


@st.fragment(run_every=POLL_SECONDS)
def watch(shown: str) -> None:
    """Draw the page anew when another snapshot has been published; the filters stay."""
    if _current() != shown:
        st.rerun()


def _current() -> str:
    try:
        return data.current_snapshot()
    except StoreError:
        return ""
