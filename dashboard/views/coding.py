"""Coding: people read a random sample, one article at a time, by keyboard; what they say is kept at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import streamlit as st
from markupsafe import Markup
from streamlit.delta_generator import DeltaGenerator

from dashboard import agreeing, data, login, say, shell, view
from dashboard.view import View
from tracker.report.coding.scheme import FRAME, LEADING, NO, NONE, RELEVANCE, TONE, TONES, UNSURE, YES, Variable
from tracker.report.coding.workplace import Task, coded_by
from tracker.report.decisions import Coding, CodingSpan, Decisions, Part, append_decision

CODER = "coder"  # in the address, so that a coder's link leads back to their work
FRAME_KEYS = "1234567890QWETIOPASDFGHJKL"  # C and R are Streamlit's own, the rest is used below
RELEVANCE_KEYS = {YES: "Y", NO: "N", UNSURE: "U"}
TONE_KEYS = dict(zip(TONES, "ZXVBM", strict=True)) | {UNSURE: "Shift+U"}
PRESENT, LEADS = "present", "leads"
NEXT = {None: PRESENT, PRESENT: LEADS, LEADS: UNSURE, UNSURE: None}  # pressing a frame's key again and again
MARKS = {None: "", PRESENT: "✓ ", LEADS: "★ ", UNSURE: "? "}
CODE, SETTLE, STANDING = "Code", "Settle disagreements", "See how far coders agree"
PER_ROW = 2  # buttons: with more, words break


def show() -> None:
    """Draw the page."""
    shell.head("What do people say that the articles are?")
    if not login.may_write():
        shell.state("Only for coders", "Ask the owner to name your login under [dashboard] coders in tracker.toml.")
        return
    now = view.current()
    coder = st.text_input("Your name, as coder", key=CODER, bind="query-params", max_chars=60).strip()
    todo = data.coding_tasks(now.snapshot, now.topic.topic, data.decisions_mark())
    if not todo:
        shell.state(
            "No sample drawn yet",
            Markup(
                "<code>tracker coding export sheet.xlsx</code> draws a random sample of this topic’s articles, "
                "writes it as a sheet, and puts it here."
            ),
        )
        return
    decisions = data.decisions()
    doing = st.segmented_control(
        "What to do", [CODE, SETTLE, STANDING], default=CODE, key="do", bind="query-params", required=True
    )
    if doing == STANDING:
        agreeing.show(now)
    elif not coder:
        shell.note(f"{say.count(len(todo), 'article')} have been drawn. Give your name to begin.")
    elif doing == SETTLE:
        agreeing.settle(now, coder, todo, decisions)
    else:
        _work(now, coder, todo, decisions)


def _work(now: View, coder: str, todo: Sequence[Task], decisions: Decisions) -> None:
    done = coded_by(decisions.codings, now.topic.topic, coder)
    left = [task for task in todo if task.article not in done]
    st.progress((len(todo) - len(left)) / len(todo), text=f"{len(todo) - len(left)} of {len(todo)} coded")
    if not left:
        shell.state("All coded", f"{say.count(len(todo), 'article')}: thank you.")
        return
    task = left[0]
    scheme = data.coding_scheme(now.snapshot, now.topic.topic)
    text, questions = st.columns([3, 2])
    with text:
        shell.put(agreeing.text(task))
    with questions:
        _questions(now, coder, task, scheme)


def _questions(now: View, coder: str, task: Task, scheme: Sequence[Variable]) -> None:
    said = st.session_state.setdefault(f"said {now.topic.topic} {coder} {task.article}", {})
    by_name = {one.variable: one for one in scheme}
    _choice(said, RELEVANCE, by_name[RELEVANCE].question, RELEVANCE_KEYS)
    st.caption("Frames: press once for present, twice for the one that leads, three times for unsure, four for none.")
    frames = [one for one in scheme if one.variable.startswith(FRAME)]
    for number, (one, cell) in enumerate(zip(frames, _cells(len(frames)), strict=False)):
        frame = one.variable.removeprefix(FRAME)
        key = FRAME_KEYS[number] if number < len(FRAME_KEYS) else None
        cell.button(
            f"{MARKS[said.get(one.variable)]}{say.label(frame)}",
            key=f"{one.variable} {task.article}",
            help=one.rule,
            shortcut=key,
            on_click=_press,
            args=(said, one.variable, [other.variable for other in frames], by_name[LEADING].options),
            wrap=True,
            width="stretch",
        )
    _choice(said, TONE, by_name[TONE].question, TONE_KEYS)
    marked = st.multiselect(
        "Sentences that decided you (optional)",
        range(1, len(task.sentences) + 1),
        key=f"spans {task.article}",
    )
    save = st.button(
        "Keep and go on",
        type="primary",
        shortcut="Enter",
        disabled=RELEVANCE not in said,
        help="One press keeps it for good: a later code of yours replaces it.",
    )
    if save:
        codes = _codes(said, [one.variable for one in frames])
        about = LEADING if LEADING in codes else RELEVANCE
        places = [task.sentences[number - 1] for number in sorted(marked)]
        coding = Coding(
            topic=now.topic.topic,
            article=task.article,
            revision=task.revision,
            coder=coder,
            at=datetime.now(UTC),
            codes=tuple(codes.items()),
            spans=tuple(CodingSpan(variable=about, part=Part.BODY, start=start, end=end) for start, end in places),
        )
        append_decision(data.home(), coding)
        st.rerun()


def _choice(said: dict[str, str], variable: str, question: str, keys: dict[str, str]) -> None:
    st.caption(question)
    for (value, key), cell in zip(keys.items(), _cells(len(keys)), strict=False):
        mark = "✓ " if said.get(variable) == value else ""
        cell.button(
            f"{mark}{say.label(value) if value not in TONES else value.replace('-', '−')}",
            key=f"{variable} {value}",
            shortcut=key,
            width="stretch",
            wrap=True,
            on_click=said.update,
            args=({variable: value},),
        )


def _cells(n: int) -> list[DeltaGenerator]:
    """Return places for at least ``n`` buttons, row by row, so that a phone, which stacks them, keeps their order."""
    return [cell for _ in range(0, n, PER_ROW) for cell in st.columns(PER_ROW)]


def _press(said: dict[str, str], variable: str, frames: Sequence[str], may_lead: Sequence[str]) -> None:
    """Move a frame on: present, leading, unsure, neither. One frame leads, and only one of the pack that compares."""
    state = NEXT[said.get(variable)]
    if state == LEADS and variable.removeprefix(FRAME) not in may_lead:
        state = UNSURE
    if state == LEADS:
        said.update({other: PRESENT for other in frames if said.get(other) == LEADS})
    if state is None:
        said.pop(variable, None)
    else:
        said[variable] = state


def _codes(said: dict[str, str], frames: Sequence[str]) -> dict[str, str]:
    """Return the codes of one article: where it is not relevant nothing more, else every frame is there or not."""
    if said[RELEVANCE] != YES:
        return {RELEVANCE: said[RELEVANCE]}
    leading = next((one.removeprefix(FRAME) for one in frames if said.get(one) == LEADS), NONE)
    codes = {RELEVANCE: YES, LEADING: leading} | {one: _present(said.get(one)) for one in frames}
    return codes | ({TONE: said[TONE]} if TONE in said else {})


def _present(state: str | None) -> str:
    return NO if state is None else UNSURE if state == UNSURE else YES


show()
