"""Coders beside each other: what they disagree on is settled here, and how far they agree is shown."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import streamlit as st
from markupsafe import Markup

from dashboard import data, say, shell
from dashboard.markup import Column, plain, table
from dashboard.rows import each
from dashboard.view import View
from tracker.report.coding.scheme import FRAME, UNSURE, Variable
from tracker.report.coding.workplace import Task
from tracker.report.decisions import Coding, Decisions, append_decision

COLUMNS = (
    Column(head="Variable"),
    Column(head="Texts", hint="coded by two or more", is_figure=True),
    Column(head="Alpha", hint="Krippendorff’s alpha", is_figure=True),
    Column(head="95 %", is_figure=True),
    Column(head="Same code", is_figure=True),
    Column(head="Reading", hint="from .80 reliable, from .667 tentative", is_wide=True),
)


def text(task: Task) -> Markup:
    """Return a task's text with its sentences numbered."""
    numbered = [
        Markup("<sup>{}</sup>{}").format(number, task.text[start:end])
        for number, (start, end) in enumerate(task.sentences, start=1)
    ]
    return Markup('<article class="ct-article"><h2>{}</h2><div class="ct-body">{}</div></article>').format(
        task.title, Markup(" ").join(numbered)
    )


# ---------------------------------------------------------------- settling


def settle(now: View, coder: str, todo: Sequence[Task], decisions: Decisions) -> None:
    """Draw the next text that coders disagree on; what is chosen is kept as the code that settles."""
    topic = now.topic.topic
    disputed = data.undecided(topic)
    tasks = {task.article: task for task in todo}
    waiting = [article for article in tasks if article in set(disputed["article"])]
    if not waiting:
        shell.state(
            "Nothing to settle",
            "Coders agree on all that two of them have coded, or somebody has settled it."
            if len(decisions.codings)
            else "Nobody has coded yet.",
        )
        return
    shell.note(f"{say.count(len(waiting), 'text')} with codes that differ. Decide together; what you keep here holds.")
    task = tasks[waiting[0]]
    names = set(disputed[disputed["article"] == task.article]["variable"])
    scheme = [one for one in data.coding_scheme(now.snapshot, topic) if one.variable in names]
    left, right = st.columns([3, 2])
    with left:
        shell.put(text(task))
    with right, st.form(f"settle {task.article}", border=False):
        chosen = {one.variable: _ask(one, _said(decisions, topic, task, one.variable)) for one in scheme}
        is_kept = st.form_submit_button("This holds", type="primary")
    if is_kept and not all(chosen.values()):
        shell.note("Choose a code for each.")
    elif is_kept:
        codes = tuple((variable, value) for variable, value in chosen.items() if value)
        at = datetime.now(UTC)
        append_decision(
            data.home(),
            Coding(
                topic=topic, article=task.article, revision=task.revision, coder=coder, at=at, codes=codes,
                is_final=True,
            ),
        )  # fmt: skip
        st.rerun()


def _said(decisions: Decisions, topic: str, task: Task, variable: str) -> str:
    """Return who gave which code."""
    found = [
        f"{plain(one.coder, 40)}: {say.label(value)}"
        for one in decisions.codings
        if (one.topic, one.article, one.is_final) == (topic, task.article, False)
        for name, value in one.codes
        if name == variable
    ]
    return "; ".join(sorted(found))


def _ask(variable: Variable, said: str) -> str | None:
    shell.note(f"{variable.question} {said}.")
    return st.radio(
        variable.question, [*variable.options, UNSURE], index=None, horizontal=True, format_func=_shown,
        label_visibility="collapsed",
    )  # fmt: skip


def _shown(value: str) -> str:
    return value.replace("-", "−") if value.lstrip("-").isdigit() else say.label(value)


# ---------------------------------------------------------------- agreement


def show(now: View) -> None:
    """Draw how far coders agree, variable by variable, and what one took for what."""
    mark = data.decisions_mark()
    found = data.checked(now.snapshot, now.topic.topic, mark)
    if not found.agreements:
        shell.state("Nobody has coded yet", "Agreement shows here as soon as two coders have coded the same texts.")
        return
    st.header("How far coders agree", anchor=False)
    rows = [
        (
            _name(one.variable),
            one.alpha.n,
            say.NOTHING if one.alpha.estimate is None else f"{one.alpha.estimate:.2f}",
            say.NOTHING if one.alpha.low is None else f"{one.alpha.low:.2f} to {one.alpha.high:.2f}",
            say.share(one.share_same),
            one.reading,
        )
        for one in found.agreements
    ]
    shell.put(table(COLUMNS, rows, "Agreement of coders by variable"))
    shell.note("Codes count here at once; in figures of the snapshot and in SQL from the next run on.")
    st.header("What one took for what", anchor=False)
    labels = {_name(one.variable): one.variable for one in found.agreements}
    chosen = st.selectbox("Variable", list(labels), key="confused", bind="query-params")
    confused = data.confusion(now.topic.topic, labels[chosen or next(iter(labels))], mark)
    if confused.empty:
        shell.note("No text has been coded by two in this.")
        return
    cells = [
        (
            f"{plain(row.coder_a, 40)} and {plain(row.coder_b, 40)}",
            _shown(row.value_a),
            _shown(row.value_b),
            "the same" if row.value_a == row.value_b else "differ",
            row.n,
        )
        for row in each(confused.sort_values("n", ascending=False))
    ]
    columns = (
        Column(head="Coders"),
        Column(head="First said"),
        Column(head="Second said"),
        Column(head="Codes"),
        Column(head="Texts", is_figure=True),
    )
    shell.put(table(columns, cells, "Codes of two coders beside each other"))
    shell.download(now, f"Confusion of coders: {chosen}", confused)


def _name(variable: str) -> str:
    return say.label(variable.removeprefix(FRAME))
