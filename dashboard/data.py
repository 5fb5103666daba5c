"""Cached questions to the report, keyed by the snapshot's path: a new snapshot is a new key."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

import pandas as pd
import streamlit as st

from tracker.config import read_topic
from tracker.report import ad_hoc as _ad_hoc
from tracker.report import answers as _answers
from tracker.report import article_report as _article
from tracker.report import changes as _changes
from tracker.report import choices as _choices
from tracker.report import decisions as _decisions
from tracker.report import disk as _disk
from tracker.report import examples as _examples
from tracker.report import first_look as _first_look
from tracker.report import frame_use as _frame_use
from tracker.report import health as _health
from tracker.report import lately as _lately
from tracker.report import outlet_tone as _outlet_tone
from tracker.report import overview as _overview
from tracker.report import relative_tone as _relative_tone
from tracker.report import search as _search
from tracker.report import side_by_side as _side
from tracker.report import topic_preview as _topic_preview
from tracker.report import word_groups as _word_groups
from tracker.report.ad_hoc import Answer
from tracker.report.answers import Question
from tracker.report.coding import agreement as _agreement
from tracker.report.coding import checked as _checked
from tracker.report.coding.scheme import Variable
from tracker.report.coding.texts import frame_of_codings
from tracker.report.coding.texts import undecided as _undecided
from tracker.report.coding.validity import Checked
from tracker.report.coding.workplace import Task
from tracker.report.coding.workplace import tasks as _tasks
from tracker.report.decisions import Decisions, Standing, decisions_mark_of, read_decisions
from tracker.report.disk import Disk
from tracker.report.filters import Filters
from tracker.report.open import snapshot_path
from tracker.report.snapshot_report import SnapshotReport, TopicInfo
from tracker.report.topic_preview import Preview
from tracker.report.word_groups import TextGroup
from tracker.report.words import DistinctiveWords

OPEN_SNAPSHOTS = 2  # the one that is shown, and the one before, which a slower session may still read
# That DuckDB may hold, beyond which it spills to disk: pages ask tables that were counted at publication. One limit for
# all, since a process cannot open a file under two.
MEMORY = "128MB"
ANSWERS = 64  # kept for each question: a few people's views of a few pages

P = ParamSpec("P")
T = TypeVar("T")


def home() -> Path:
    """Return the directory whose snapshot is shown."""
    return Path(os.environ.get("TRACKER_HOME", "."))


def current_snapshot() -> str:
    """Return the path of the snapshot that the home publishes now. Raises StoreError where there is none."""
    return str(snapshot_path(home()))


@st.cache_resource(max_entries=OPEN_SNAPSHOTS, on_release=SnapshotReport.close, show_spinner=False)
def _report(snapshot: str) -> SnapshotReport:
    return SnapshotReport(Path(snapshot), MEMORY)


def _kept(
    ask: Callable[Concatenate[SnapshotReport, P], T], saying: str | None = None
) -> Callable[Concatenate[str, P], T]:
    """Return a question to the report as one to a snapshot's path, its answers kept; ``saying`` shows while it waits.

    ``wraps`` gives each its own name and source, by which Streamlit tells their answers apart.
    """

    @wraps(ask)
    def asked(snapshot: str, /, *arguments: P.args, **named: P.kwargs) -> T:
        return ask(_report(snapshot), *arguments, **named)

    kept: Callable[Concatenate[str, P], T] = st.cache_data(max_entries=ANSWERS, show_spinner=saying or False)(asked)
    return kept


def _answered(question: Question[P, T], saying: str | None = None) -> Callable[Concatenate[str, Filters, P], T]:
    """Return a question that publication answers of a whole topic, as ``_kept`` has it."""

    def asked(snapshot: str, filters: Filters, /, *arguments: P.args, **named: P.kwargs) -> T:
        return question.ask(_report(snapshot), filters, *arguments, **named)

    asked.__qualname__ = f"asked {question.name}"  # Streamlit tells answers apart by it
    kept: Callable[Concatenate[str, Filters, P], T] = st.cache_data(max_entries=ANSWERS, show_spinner=saying or False)(
        asked
    )
    return kept


info = _kept(SnapshotReport.info)
docket = _kept(SnapshotReport.docket)
gaps = _kept(SnapshotReport.gaps)
coverage_by_day = _kept(SnapshotReport.coverage_by_day)
attention = _kept(SnapshotReport.attention)
articles = _kept(SnapshotReport.articles)
n_articles = _kept(SnapshotReport.n_articles)
outlets = _answered(_answers.OUTLETS)

choices = _kept(_choices.choices)
summary = _kept(_overview.summary)
lately = _kept(_lately.lately)
gap_days = _kept(_overview.gap_days)
headlines = _kept(_overview.headlines)
collection_health = _kept(_overview.collection_health)

frame_shares = _answered(_answers.FRAME_SHARES)
frame_totals = _answered(_answers.FRAME_TOTALS)
frame_voices = _kept(_frame_use.frame_voices)
frame_days = _kept(_frame_use.frame_days)
frame_examples = _kept(_examples.frame_examples)
voice_summary = _answered(_answers.VOICE_SUMMARY)
voice_shares = _answered(_answers.VOICE_SHARES)
speakers = _answered(_answers.SPEAKERS)
leading_speakers = _answered(_answers.LEADING_SPEAKERS)
camps_by_outlet = _answered(_answers.CAMPS_BY_OUTLET)
quotations = _kept(_examples.quotations)
term_totals = _answered(_answers.TERM_TOTALS)
term_uses = _answered(_answers.TERM_USES)
term_days = _answered(_answers.TERM_DAYS)

reportable = _answered(_answers.REPORTABLE, "Comparing …")
tone_findings = _answered(_answers.FINDINGS, "Comparing …")
tone_difference = _answered(_answers.DIFFERENCE, "Comparing …")
tone_sensitivity = _answered(_answers.SENSITIVITY, "Comparing …")
outlet_tones = _kept(_outlet_tone.outlet_tones)
target_choices = _kept(_outlet_tone.target_choices)
target_tones = _kept(_outlet_tone.target_tones)
relative_tones = _kept(_relative_tone.relative_tones)

day_choices = _kept(_side.day_choices)
stories = _kept(_side.stories)
is_gap = _kept(_side.is_gap)
missed_days = _kept(_side.missed_days)
missed_texts = _kept(_side.missed_texts)
wire_totals = _kept(_changes.wire_totals)
copy_sources = _kept(_changes.copy_sources)
wire_clusters = _kept(_changes.wire_clusters)
headline_changes = _kept(_changes.headline_changes)
text_changes = _kept(_changes.text_changes)
corrections = _kept(_changes.corrections)

article = _kept(_article.article_report)
version_changes = _kept(_changes.version_changes)
search = _kept(_search.search, "Searching …")
first_look = _kept(_first_look.first_look)

feeds = _kept(_health.feeds)
outcomes = _kept(_health.outcomes)
runs = _kept(_health.runs)
failures = _kept(_health.failures)
unscored = _kept(_health.unscored)
scorers = _kept(_health.scorers)


@st.cache_data(max_entries=ANSWERS, show_spinner=False)
def topics(snapshot: str) -> tuple[TopicInfo, ...]:
    """Return the topics, those with most articles first."""
    return tuple(sorted(_report(snapshot).topics(), key=lambda one: (-one.n_on_topic, one.topic)))


@st.cache_data(max_entries=ANSWERS, show_spinner="Reading the texts …")
def distinctive(snapshot: str, filters: Filters, first: str, second: str, *, is_outlets: bool) -> DistinctiveWords:
    """Return the words that tell two outlets, or two kinds of outlet, apart."""
    narrowed = [
        replace(filters, outlets=(one,)) if is_outlets else replace(filters, outlet_kinds=(one,))
        for one in (first, second)
    ]
    return _word_groups.words_between(_report(snapshot), *(TextGroup(filters=one) for one in narrowed))


@st.cache_data(max_entries=8, show_spinner="Asking …")
def ask(snapshot: str, query: str, most_rows: int, seconds: float) -> Answer:
    """Return the first rows that a query gives. Raises QueryError where it is refused, wrong or stopped."""
    return _ad_hoc.answer(Path(snapshot), query, most_rows=most_rows, seconds=seconds, memory_limit=MEMORY)


@st.cache_data(max_entries=8, show_spinner=False)
def topic_preview(snapshot: str, text: str, topic: str, path: Path) -> Preview:
    """Return what a topic's edited text would match. Raises ConfigError where it is none."""
    return _topic_preview.preview(_report(snapshot), read_topic(text, topic, path))


@st.cache_data(max_entries=2, ttl=60, show_spinner=False)
def disk(snapshot: str) -> Disk:
    """Return what the home takes on disk, as it was a minute ago at most."""
    del snapshot
    return _disk.disk(home())


# ---------------------------------------------------------------- what people decided


def decisions() -> Decisions:
    """Return what people have decided, as it is on disk now."""
    return read_decisions(home())


def decisions_mark() -> str:
    """Return a mark that is another one once somebody has decided something more: a key for what rests on it."""
    return decisions_mark_of(home())


def standing(snapshot: str, topic: str) -> tuple[Standing, ...]:
    """Return what people decided on a topic, now: what is pending changes between snapshots."""
    return _decisions.standing(_report(snapshot), decisions(), topic)


@st.cache_data(max_entries=ANSWERS, show_spinner=False)
def coding_tasks(snapshot: str, topic: str, mark: str) -> tuple[Task, ...]:
    """Return the texts of the newest sample; ``mark`` is that of the decisions."""
    del mark
    return _tasks(_report(snapshot), topic, decisions().samples)


@st.cache_data(max_entries=ANSWERS, show_spinner=False)
def coding_scheme(snapshot: str, topic: str) -> tuple[Variable, ...]:
    """Return what is coded."""
    return _checked.scheme(_report(snapshot).frame, topic)


@st.cache_data(max_entries=ANSWERS, show_spinner=False)
def confusion(topic: str, variable: str, mark: str) -> pd.DataFrame:
    """Return what one coder took for what, as ``agreement.confusion`` has it; ``mark`` is that of the decisions."""
    del mark
    return _agreement.confusion(frame_of_codings(decisions().codings, topic), variable)


def undecided(topic: str) -> pd.DataFrame:
    """Return what coders disagree on and nobody has settled, now."""
    return _undecided(frame_of_codings(decisions().codings, topic))


@st.cache_data(max_entries=ANSWERS, show_spinner=False)
def checked(snapshot: str, topic: str, mark: str) -> Checked:
    """Return how far people have checked the topic, with what was coded since; ``mark`` is that of the decisions."""
    del mark
    return _checked.checked(_report(snapshot), topic, decisions())
