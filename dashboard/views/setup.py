"""Set up: add an outlet from its address, and edit a topic and see at once what it would match."""

from __future__ import annotations

import tempfile
from pathlib import Path
from urllib.parse import urlsplit

import streamlit as st
from markupsafe import Markup

from dashboard import commands, data, login, say, shell, view
from dashboard.commands import Done
from dashboard.markup import Column, outside, plain, table, title
from dashboard.view import View
from tracker.config import load_outlets, save_topic, topic_path
from tracker.errors import ConfigError, TrackerError
from tracker.model import OutletKind
from tracker.report.topic_preview import Judged, Preview
from tracker.urls import find_outlet, slugify

OUTLETS = "outlets.toml"
MOST = 30  # articles gained or lost that are listed
FOUND_COLUMNS = 4  # address, items, newest, title: what ``tracker feeds discover`` gives


def show() -> None:
    """Draw the page."""
    shell.head("What is followed, and what counts as on the topic?")
    now = view.current()
    if not login.may_write():
        shell.state("Only for coders", "Ask the owner to name your login under [dashboard] coders in tracker.toml.")
        return
    if not (data.home() / OUTLETS).exists():
        shell.state(
            "No files to edit here",
            Markup(
                "This folder holds a snapshot and no <code>outlets.toml</code>: <code>tracker init</code> writes one."
            ),
        )
        return
    shell.said(
        "Outlets and topics live in files, outlets.toml and topics/, which this page edits for you and which stay the "
        "truth: what you change there by hand shows here."
    )
    _outlet()
    _topic(now)


# ---------------------------------------------------------------- an outlet


def _outlet() -> None:
    st.header("Add an outlet", anchor=False)
    with st.form("discover", border=False):
        site = st.text_input(
            "Address of its site, or of a feed", placeholder="https://www.example.org", key="site", bind="query-params"
        )
        is_asked = st.form_submit_button("Look for its feeds")
    if is_asked and site.strip():
        with st.spinner("Asking the site for its feeds …"):
            done = commands.run("feeds", "discover", "--", site.strip())
        st.session_state["discovered"] = (site.strip(), done)
        st.session_state.pop("added", None)
    if "discovered" in st.session_state:
        _found(*st.session_state["discovered"])
    if "added" in st.session_state:
        _added(*st.session_state["added"])


def _found(site: str, done: Done) -> None:
    rows = [line.split("\t") for line in done.lines]
    feeds = {row[0]: row for row in rows if len(row) == FOUND_COLUMNS}
    if not feeds:
        _failed("No feed was found", done)
        return
    shell.note(f"{say.count(len(feeds), 'feed')} answered, the surest first.")
    cells = [(outside(row[0], plain(row[0], 100)), row[1], row[2], title(row[3])) for row in feeds.values()]
    columns = (Column(head="Feed"), Column(head="Lists"), Column(head="Newest"), Column(head="Calls itself"))
    shell.put(table(columns, cells, "Feeds found"))
    with st.form("add", border=False):
        chosen = st.multiselect("Feeds to follow", list(feeds), default=list(feeds)[:1])
        left, right = st.columns(2)
        with left:
            name = st.text_input("Name of the outlet", plain(next(iter(feeds.values()))[3], 80))
        with right:
            kind = st.selectbox("What it is", [one.value for one in OutletKind], index=len(OutletKind) - 1)
        is_asked = st.form_submit_button("Add it and ask for the first time")
    if is_asked and chosen and name.strip():
        with st.spinner("Adding, polling and reading a first article …"):
            st.session_state["added"] = _add(site, name.strip(), str(kind), chosen)


def _add(site: str, name: str, kind: str, feeds: list[str]) -> tuple[str, tuple[Done, ...]]:
    """Add an outlet with its feeds, poll it and read one article; stop at what fails. Return its slug and the steps."""
    address = site if "://" in site else f"https://{site}"
    known = find_outlet(address, load_outlets(data.home() / OUTLETS)[0])
    slug = known.outlet if known else slugify(name)
    scope = (urlsplit(address).hostname or "").removeprefix("www.")
    steps: list[Done] = []
    if not known:
        steps.append(commands.run("outlets", "add", "--scope", scope, "--kind", kind, "--", name))
    for feed in feeds:
        if all(step.code == 0 for step in steps):
            steps.append(commands.run("feeds", "add", "--name", name, "--", feed))
    if all(step.code == 0 for step in steps):
        steps.append(commands.run("poll", "--only", slug))
        steps += _first_article(slug)
    return slug, tuple(steps)


def _first_article(slug: str) -> list[Done]:
    """Read the newest entry's page, if none has been read; it goes through the same steps as every other."""
    look = data.first_look(data.current_snapshot(), slug)
    if look.article or not look.entries:
        return []
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "first.txt"
        file.write_text(f"{look.entries[0].url}\n", encoding="utf-8")
        return [commands.run("backfill", "urls", str(file))]


def _added(slug: str, steps: tuple[Done, ...]) -> None:
    look = data.first_look(data.current_snapshot(), slug)
    failed = next((step for step in steps if step.code not in {0, 1}), None)
    if failed:
        _failed("It stopped on the way", failed)
    shell.said(f"{slug} is followed: its feeds list {say.count(look.n_entries, 'entry', 'entries')}.")
    if look.article:
        one = look.article
        shell.put(
            Markup('<div class="ct-change ct-list"><p class="ct-headline">{}</p><p><bdi>{} …</bdi></p>{}</div>').format(
                title(one.title),
                plain(one.lead),
                Markup('<span class="ct-small">{} · {} · {} · {}</span>').format(
                    one.kind, one.completeness, say.count(one.word_count, "word"), outside(one.url, "at the outlet")
                ),
            )
        )
    rows = [(title(entry.title), outside(entry.url, "at the outlet")) for entry in look.entries]
    if rows:
        shell.put(table((Column(head="Latest entries", is_wide=True), Column(head="Original")), rows, "Latest entries"))
    _typed(steps)


def _failed(heading: str, done: Done) -> None:
    shell.state(heading, plain(done.said) or f"The command ended with {done.code} and said nothing.")
    _typed((done,))


def _typed(steps: tuple[Done, ...]) -> None:
    lines = "\n".join(f"{step.typed}   # ended with {step.code}" for step in steps)
    with st.expander("What was run, as you could type it"):
        st.code(plain(lines), language=None)


# ---------------------------------------------------------------- a topic


def _topic(now: View) -> None:
    st.header("Edit the topic", anchor=False)
    topic = now.filters.topic
    try:
        path = topic_path(data.home(), topic)
        text = path.read_text(encoding="utf-8")
    except (ConfigError, OSError) as error:
        shell.state("The topic’s file cannot be read", f"{error}")
        return
    shell.note(Markup("<code>{}</code>").format(path.relative_to(data.home())))
    edited = st.text_area("Topic file (TOML)", text, height=420, key=f"topic file {topic}")
    left, right = st.columns(2)
    with left:
        is_asked = st.button("See what it would match")
    with right:
        is_saved = st.button("Save the file")
    if is_asked or is_saved:
        try:
            with st.spinner("Judging the archive by these rules …"):
                found = data.topic_preview(now.snapshot, edited, topic, path)
            if is_saved:
                save_topic(edited, topic, path)
        except TrackerError as error:
            shell.state("These rules cannot be read", f"{error}")
            return
        if is_saved:
            shell.state(
                "Saved",
                Markup("The next run applies it to everything; <code>tracker rescore</code> applies it now."),
            )
        _preview(found)


def _preview(found: Preview) -> None:
    newest = "" if found.n_read == found.n_all else f" Judged are the newest {found.n_read:,} of {found.n_all:,}."
    shell.said(
        f"These rules match {say.count(found.n_on, 'article')} (the snapshot has {found.n_before:,}); "
        f"{say.count(found.n_unsure, 'more stays', 'more stay')} unsure. Gained: {len(found.gained)}, "
        f"lost: {len(found.lost)}.{newest}"
    )
    for heading, judged in (("Gained", found.gained), ("Lost", found.lost)):
        if judged:
            st.subheader(heading, anchor=False)
            shell.put(_judged(judged, heading))
    shell.note("What people decided stands, whatever the rules say.")


def _judged(judged: tuple[Judged, ...], heading: str) -> Markup:
    cells = [
        (title(one.title), one.outlet, say.day(one.date), "; ".join(one.reasons)[:300], outside(one.url, "original"))
        for one in judged[:MOST]
    ]
    columns = (
        Column(head="Headline", is_wide=True),
        Column(head="Outlet"),
        Column(head="Day", is_short=True),
        Column(head="Why", is_wide=True),
        Column(head="Text"),
    )
    more = f"; the first {MOST} are shown" if len(judged) > MOST else ""
    return table(columns, cells, f"{heading}: {say.count(len(judged), 'article')}{more}")


show()
