"""Changes: headlines and texts before and after, and corrections."""

from __future__ import annotations

import pandas as pd
import streamlit as st
from markupsafe import Markup

from dashboard import data, layers, say, shell, view
from dashboard.markup import Column, link, plain, swatch, table, title
from dashboard.rows import each
from dashboard.view import View
from tracker.report.changes import VersionChange
from tracker.report.filters import Narrow

KEPT = 500  # of a download
MOST = 40  # headlines shown; the view can be narrowed
MOST_TEXTS = 20  # a text's difference takes a screen


def show() -> None:
    """Draw the page."""
    shell.head("What was changed afterwards?")
    now = view.current()
    if shell.is_empty(now):
        return
    changes = data.headline_changes(now.snapshot, now.filters, KEPT)
    shell.said(*_words(now, changes))
    _changes(now, changes)
    _texts(now)
    _corrections(now)


def _words(now: View, changes: tuple[VersionChange, ...]) -> list[Markup]:
    n_articles = data.n_articles(now.snapshot, now.filters, Narrow(has_changed_headline=True))
    sentences = [
        Markup("{} changed {}{}.").format(
            link(say.count(n_articles, "article"), now.href("article", changed="yes")),
            "its headline" if n_articles == 1 else "their headlines",
            f", {len(changes)} times in all" if n_articles < len(changes) < KEPT else "",
        )
    ]
    if changes:
        last = changes[0]
        before, after = (
            title("".join(one.text for one in last.headline if one.kind != other)) for other in ("added", "removed")
        )
        sentences.append(
            Markup("The latest, at {}: “{}” became “{}”.").format(
                now.name(last.outlet), before, link(after, now.article(last.article))
            )
        )
    return sentences


def _changes(now: View, changes: tuple[VersionChange, ...]) -> None:
    st.header("Headlines before and after", anchor=False)
    if not changes:
        shell.note("No headline in this view has changed since it was first seen.")
    shell.put(Markup("").join(_change(now, change) for change in changes[:MOST]))
    if changes:
        shell.download(now, "Headlines before and after", _flat(changes))
    if len(changes) > MOST:
        shell.note(f"The newest {MOST} are shown, the newest {KEPT} at most are in the download: narrow the view.")


def _flat(changes: tuple[VersionChange, ...]) -> pd.DataFrame:
    """Return one row a change, as a file has it."""
    return pd.DataFrame(
        [
            {
                "article": one.article, "outlet": one.outlet, "revision": one.revision, "seen_at": one.seen_at,
                "kind": one.change_kind, "tone_before": one.tone_before, "tone_after": one.tone_after,
                "before": "".join(part.text for part in one.headline if part.kind != "added"),
                "after": "".join(part.text for part in one.headline if part.kind != "removed"),
            }
            for one in changes
        ]
    )  # fmt: skip


def _change(now: View, change: VersionChange) -> Markup:
    before = layers.difference([one for one in change.headline if one.kind != "added"])
    after = layers.difference([one for one in change.headline if one.kind != "removed"])
    tones = ""
    if change.tone_before is not None and change.tone_after is not None:
        tones = f" · headline tone {_from_to(change.tone_before, change.tone_after)}"
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


def _texts(now: View) -> None:
    st.header("Texts before and after", anchor=False)
    if not now.info.has_text:
        shell.note(say.LEFT_OUT)
        return
    changes = data.text_changes(now.snapshot, now.filters, MOST_TEXTS)
    if not changes:
        shell.note("No text in this view has changed since it was first seen.")
        return
    shell.note("Struck through: taken out. Bold: put in. Long stretches that stayed are cut.")
    shell.put(Markup("").join(_text_change(now, one, is_open=not place) for place, one in enumerate(changes)))
    if len(changes) == MOST_TEXTS:
        shell.note(f"The newest {MOST_TEXTS} are shown; narrow the view for others.")


def _text_change(now: View, change: VersionChange, *, is_open: bool) -> Markup:
    after = Markup("").join(plain(one.text) for one in change.headline if one.kind != "removed")
    facts = [now.name(change.outlet), f"version {change.revision}", say.moment(change.seen_at, now.info.timezone)]
    facts += [change.change_kind, *_moved(change)]
    return Markup(
        '<details class="ct-cluster"{}><summary>{}<small>{}</small></summary>'
        '<div class="ct-change ct-list"><p class="ct-diff"><bdi>{}</bdi></p><p>{}</p></div></details>'
    ).format(
        Markup(" open") if is_open else "",
        title(after),
        " · ".join(facts),
        layers.difference(change.text),
        link("Read the article with its versions", now.article(change.article)),
    )


def _from_to(before: float, after: float) -> str:
    was, became = say.tone(before), say.tone(after)
    return f"{was} as before" if was == became else f"{was} → {became}"


def _moved(change: VersionChange) -> list[str]:
    """Return what the change moved, in words."""
    moved = []
    if change.body_before is not None and change.body_after is not None:
        moved.append(f"own-voice tone {_from_to(change.body_before, change.body_after)}")
    if change.frames_gained:
        moved.append("frames gained: " + ", ".join(say.label(frame).lower() for frame in change.frames_gained))
    if change.frames_lost:
        moved.append("frames lost: " + ", ".join(say.label(frame).lower() for frame in change.frames_lost))
    return moved or ["no score moved"]


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
