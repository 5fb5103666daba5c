"""Cached questions to the report, keyed by the snapshot's path: a new snapshot is a new key."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import streamlit as st

from tracker.config import read_topic
from tracker.report import ad_hoc as _ad_hoc
from tracker.report import article_report as _article
from tracker.report import changes as _changes
from tracker.report import choices as _choices
from tracker.report import decisions as _decisions
from tracker.report import findings as _findings
from tracker.report import first_look as _first_look
from tracker.report import health as _health
from tracker.report import outlet_tone as _outlet_tone
from tracker.report import overview as _overview
from tracker.report import relative_tone as _relative_tone
from tracker.report import search as _search
from tracker.report import sensitivity as _sensitivity
from tracker.report import side_by_side as _side
from tracker.report import topic_preview as _topic_preview
from tracker.report import word_groups as _word_groups
from tracker.report import wording as _wording
from tracker.report.ad_hoc import Answer
from tracker.report.article_report import ArticleReport
from tracker.report.changes import VersionChange, WireCluster
from tracker.report.choices import Choices
from tracker.report.coding import checked as _checked
from tracker.report.coding.scheme import Variable
from tracker.report.coding.validity import Checked
from tracker.report.coding.workplace import Task
from tracker.report.coding.workplace import tasks as _tasks
from tracker.report.contrasts import Difference
from tracker.report.decisions import Decisions, Standing, decisions_mark_of, read_decisions
from tracker.report.filters import Filters, Narrow
from tracker.report.first_look import FirstLook
from tracker.report.open import snapshot_path
from tracker.report.outlet_tone import OutletTone, TargetChoice
from tracker.report.overview import CollectionHealth, Summary
from tracker.report.relative_tone import RelativeTone
from tracker.report.samples import GroupBy, Part
from tracker.report.search import Order, SearchResult
from tracker.report.sensitivity import Sensitivity
from tracker.report.side_by_side import DayChoice, MissedDay, MissedText, Story
from tracker.report.snapshot_report import OutletRow, SnapshotInfo, SnapshotReport, TopicInfo
from tracker.report.topic_preview import Preview
from tracker.report.word_groups import TextGroup
from tracker.report.wording import VoiceSummary
from tracker.report.words import DistinctiveWords

OPEN_SNAPSHOTS = 2  # the one that is shown, and the one before, which a slower session may still read
MOST_COMPARED = 12  # groups: 66 pairs; beyond, chance alone would give findings
ANSWERS = 64  # kept for each question: a few people's views of a few pages


def home() -> Path:
    """Return the directory whose snapshot is shown."""
    return Path(os.environ.get("TRACKER_HOME", "."))


def current_snapshot() -> str:
    """Return the path of the snapshot that the home publishes now. Raises StoreError where there is none."""
    return str(snapshot_path(home()))


@st.cache_resource(max_entries=OPEN_SNAPSHOTS, on_release=SnapshotReport.close, show_spinner=False)
def _report(snapshot: str) -> SnapshotReport:
    return SnapshotReport(Path(snapshot))


@st.cache_data(max_entries=ANSWERS, show_spinner=False)
def info(snapshot: str) -> SnapshotInfo:
    """Return where the snapshot comes from."""
    return _report(snapshot).info()


@st.cache_data(max_entries=ANSWERS, show_spinner=False)
def topics(snapshot: str) -> tuple[TopicInfo, ...]:
    """Return the topics, those with most articles first."""
    return tuple(sorted(_report(snapshot).topics(), key=lambda one: (-one.n_on_topic, one.topic)))


@st.cache_data(max_entries=ANSWERS, show_spinner=False)
def choices(snapshot: str, topic: str) -> Choices:
    """Return what the topic's coverage can be narrowed to."""
    return _choices.choices(_report(snapshot), topic)


@st.cache_data(max_entries=ANSWERS, show_spinner=False)
def summary(snapshot: str, filters: Filters) -> Summary:
    """Return the view in numbers."""
    return _overview.summary(_report(snapshot), filters)


@st.cache_data(max_entries=ANSWERS, show_spinner=False)
def coverage_by_day(snapshot: str, filters: Filters) -> pd.DataFrame:
    """Return articles by day and outlet."""
    return _report(snapshot).coverage_by_day(filters)


@st.cache_data(max_entries=ANSWERS, show_spinner=False)
def docket(snapshot: str, topic: str) -> pd.DataFrame:
    """Return the topic's dated events."""
    return _report(snapshot).docket(topic)


@st.cache_data(max_entries=ANSWERS, show_spinner=False)
def gap_days(snapshot: str, filters: Filters) -> pd.DataFrame:
    """Return the days on which outlets were not wholly collected."""
    return _overview.gap_days(_report(snapshot), filters)


@st.cache_data(max_entries=ANSWERS, show_spinner=False)
def headlines(snapshot: str, filters: Filters, each: int) -> pd.DataFrame:
    """Return each outlet's latest headlines."""
    return _overview.headlines(_report(snapshot), filters, each=each)


@st.cache_data(max_entries=ANSWERS, show_spinner=False)
def collection_health(snapshot: str, topic: str) -> CollectionHealth:
    """Return how collection stands."""
    return _overview.collection_health(_report(snapshot), topic)


@st.cache_data(max_entries=ANSWERS, show_spinner=False)
def articles(snapshot: str, filters: Filters, narrow: Narrow) -> pd.DataFrame:
    """Return the articles behind a view or a figure, newest first."""
    return _report(snapshot).articles(filters, narrow)


@st.cache_data(max_entries=ANSWERS, show_spinner=False)
def outlets(snapshot: str, filters: Filters) -> tuple[OutletRow, ...]:
    """Return the outlets compared."""
    return _report(snapshot).outlets(filters)


@st.cache_data(max_entries=ANSWERS, show_spinner=False)
def frame_shares(snapshot: str, filters: Filters) -> pd.DataFrame:
    """Return the share of each outlet's articles in which each frame is present."""
    return _wording.frame_shares(_report(snapshot), filters)


@st.cache_data(max_entries=ANSWERS, show_spinner=False)
def frame_totals(snapshot: str, filters: Filters) -> pd.DataFrame:
    """Return how often each frame is present, all outlets together."""
    return _wording.frame_totals(_report(snapshot), filters)


@st.cache_data(max_entries=ANSWERS, show_spinner=False)
def voice_summary(snapshot: str, filters: Filters) -> VoiceSummary:
    """Return whose words the view is made of, all outlets together."""
    return _wording.voice_summary(_report(snapshot), filters)


@st.cache_data(max_entries=ANSWERS, show_spinner=False)
def term_totals(snapshot: str, filters: Filters) -> pd.DataFrame:
    """Return the uses of loaded terms, all outlets together."""
    return _wording.term_totals(_report(snapshot), filters)


@st.cache_data(max_entries=ANSWERS, show_spinner=False)
def voice_shares(snapshot: str, filters: Filters) -> pd.DataFrame:
    """Return the share of each outlet's words by voice and camp."""
    return _wording.voice_shares(_report(snapshot), filters)


@st.cache_data(max_entries=ANSWERS, show_spinner=False)
def term_uses(snapshot: str, filters: Filters) -> pd.DataFrame:
    """Return each outlet's uses of loaded terms."""
    return _wording.term_uses(_report(snapshot), filters)


@st.cache_data(max_entries=ANSWERS, show_spinner=False)
def wire_clusters(snapshot: str, filters: Filters) -> tuple[WireCluster, ...]:
    """Return the texts that several articles share."""
    return _changes.wire_clusters(_report(snapshot), filters)


@st.cache_data(max_entries=ANSWERS, show_spinner=False)
def headline_changes(snapshot: str, filters: Filters) -> tuple[VersionChange, ...]:
    """Return headlines before and after."""
    return _changes.headline_changes(_report(snapshot), filters)


@st.cache_data(max_entries=ANSWERS, show_spinner=False)
def corrections(snapshot: str, filters: Filters) -> pd.DataFrame:
    """Return corrections and retractions."""
    return _changes.corrections(_report(snapshot), filters)


@st.cache_data(max_entries=ANSWERS, show_spinner=False)
def article(snapshot: str, topic: str, name: str) -> ArticleReport:
    """Return all that is known of one article. Raises StoreError where the snapshot does not hold it."""
    return _article.article_report(_report(snapshot), topic, name)


@st.cache_data(max_entries=ANSWERS, show_spinner=False)
def version_changes(snapshot: str, topic: str, name: str) -> tuple[VersionChange, ...]:
    """Return what each version of an article changed."""
    return _changes.version_changes(_report(snapshot), topic, name)


@st.cache_data(max_entries=ANSWERS, show_spinner=False)
def feeds(snapshot: str) -> pd.DataFrame:
    """Return the feeds with their health."""
    return _health.feeds(_report(snapshot))


@st.cache_data(max_entries=ANSWERS, show_spinner=False)
def outcomes(snapshot: str) -> pd.DataFrame:
    """Return what became of the last run's requests."""
    return _health.outcomes(_report(snapshot))


@st.cache_data(max_entries=ANSWERS, show_spinner=False)
def runs(snapshot: str) -> pd.DataFrame:
    """Return the latest runs."""
    return _health.runs(_report(snapshot))


@st.cache_data(max_entries=ANSWERS, show_spinner=False)
def failures(snapshot: str) -> pd.DataFrame:
    """Return how entries that became no article ended."""
    return _health.failures(_report(snapshot))


@st.cache_data(max_entries=ANSWERS, show_spinner=False)
def unscored(snapshot: str, topic: str) -> pd.DataFrame:
    """Return the on-topic articles left unscored, by reason."""
    return _health.unscored(_report(snapshot), topic)


@st.cache_data(max_entries=ANSWERS, show_spinner=False)
def scorers(snapshot: str) -> pd.DataFrame:
    """Return the scorers and their versions."""
    return _health.scorers(_report(snapshot))


@st.cache_data(max_entries=ANSWERS, show_spinner=False)
def gaps(snapshot: str) -> pd.DataFrame:
    """Return when collection was not whole."""
    return _report(snapshot).gaps()


@st.cache_data(max_entries=ANSWERS, show_spinner=False)
def outlet_tones(snapshot: str, filters: Filters, part: Part) -> tuple[OutletTone, ...]:
    """Return each outlet's tone of a part or voice."""
    return _outlet_tone.outlet_tones(_report(snapshot), filters, part)


@st.cache_data(max_entries=ANSWERS, show_spinner=False)
def target_choices(snapshot: str, filters: Filters) -> tuple[TargetChoice, ...]:
    """Return those toward whom there are figures."""
    return _outlet_tone.target_choices(_report(snapshot), filters)


@st.cache_data(max_entries=ANSWERS, show_spinner=False)
def target_tones(snapshot: str, filters: Filters, target: str) -> tuple[OutletTone, ...]:
    """Return each outlet's sentiment toward somebody."""
    return _outlet_tone.target_tones(_report(snapshot), filters, target)


@st.cache_data(max_entries=ANSWERS, show_spinner=False)
def relative_tones(snapshot: str, filters: Filters, part: Part) -> tuple[RelativeTone, ...]:
    """Return each outlet's tone beside the others' on the same events."""
    return _relative_tone.relative_tones(_report(snapshot), filters, part)


@st.cache_data(max_entries=ANSWERS, show_spinner="Comparing …")
def tone_findings(snapshot: str, filters: Filters, group_by: GroupBy, part: Part) -> tuple[Difference, ...]:
    """Return the groups with most stories compared in tone, pair by pair."""
    return _findings.tone_findings(_report(snapshot), filters, group_by=group_by, part=part, most=MOST_COMPARED)


@st.cache_data(max_entries=ANSWERS, show_spinner=False)
def tone_difference(snapshot: str, filters: Filters, a: str, b: str, part: Part) -> Difference:
    """Return two outlets compared in tone."""
    return _findings.tone_difference(_report(snapshot), filters, group_by="outlet", a=a, b=b, part=part)


@st.cache_data(max_entries=ANSWERS, show_spinner=False)
def tone_sensitivity(snapshot: str, filters: Filters, a: str, b: str, part: Part) -> Sensitivity:
    """Return what becomes of that comparison under other choices."""
    return _sensitivity.tone_sensitivity(_report(snapshot), filters, group_by="outlet", a=a, b=b, part=part)


@st.cache_data(max_entries=ANSWERS, show_spinner=False)
def day_choices(snapshot: str, filters: Filters) -> tuple[DayChoice, ...]:
    """Return the view's days, those with most articles first."""
    return _side.day_choices(_report(snapshot), filters)


@st.cache_data(max_entries=ANSWERS, show_spinner=False)
def stories(snapshot: str, filters: Filters, outlets: tuple[str, ...]) -> tuple[Story, ...]:
    """Return what these outlets ran in a view's days."""
    return _side.stories(_report(snapshot), filters, outlets)


@st.cache_data(max_entries=ANSWERS, show_spinner=False)
def is_gap(snapshot: str, outlet: str, since: date, until: date) -> bool:
    """Return whether an outlet was not wholly collected on these days."""
    return _side.is_gap(_report(snapshot), outlet, since, until)


@st.cache_data(max_entries=ANSWERS, show_spinner=False)
def missed_days(snapshot: str, filters: Filters, outlet: str) -> tuple[MissedDay, ...]:
    """Return the days on which others had the topic and an outlet had not."""
    return _side.missed_days(_report(snapshot), filters, outlet)


@st.cache_data(max_entries=ANSWERS, show_spinner=False)
def missed_texts(snapshot: str, filters: Filters, outlet: str) -> tuple[MissedText, ...]:
    """Return the shared texts that an outlet did not run."""
    return _side.missed_texts(_report(snapshot), filters, outlet)


@st.cache_data(max_entries=ANSWERS, show_spinner="Searching …")
def search(snapshot: str, filters: Filters, query: str, order: Order, limit: int) -> SearchResult:
    """Return the articles of a view that hold what is searched for. Raises QueryError for a bad query."""
    return _search.search(_report(snapshot), query, filters, order=order, limit=limit)


@st.cache_data(max_entries=8, show_spinner="Asking …")
def ask(snapshot: str, query: str, most_rows: int, seconds: float) -> Answer:
    """Return the first rows that a query gives. Raises QueryError where it is refused, wrong or stopped."""
    return _ad_hoc.answer(Path(snapshot), query, most_rows=most_rows, seconds=seconds)


def standing(snapshot: str, topic: str) -> tuple[Standing, ...]:
    """Return what people decided on a topic, now: what is pending changes between snapshots."""
    return _decisions.standing(_report(snapshot), decisions(), topic)


@st.cache_data(max_entries=ANSWERS, show_spinner=False)
def first_look(snapshot: str, outlet: str) -> FirstLook:
    """Return an outlet's newest entries and the newest article that was read of it."""
    return _first_look.first_look(_report(snapshot), outlet)


@st.cache_data(max_entries=8, show_spinner=False)
def topic_preview(snapshot: str, text: str, topic: str, path: Path) -> Preview:
    """Return what a topic's edited text would match. Raises ConfigError where it is none."""
    return _topic_preview.preview(_report(snapshot), read_topic(text, topic, path))


def decisions() -> Decisions:
    """Return what people have decided, as it is on disk now."""
    return read_decisions(home())


def decisions_mark() -> str:
    """Return a mark that is another one once somebody has decided something more: a key for what rests on it."""
    return decisions_mark_of(home())


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
def checked(snapshot: str, topic: str, mark: str) -> Checked:
    """Return how far people have checked the topic, with what was coded since; ``mark`` is that of the decisions."""
    del mark
    return _checked.checked(_report(snapshot), topic, decisions())


@st.cache_data(max_entries=ANSWERS, show_spinner=False)
def term_days(snapshot: str, filters: Filters) -> pd.DataFrame:
    """Return when each name was used, day by day."""
    return _wording.term_days(_report(snapshot), filters)


@st.cache_data(max_entries=ANSWERS, show_spinner="Reading the texts …")
def distinctive(snapshot: str, filters: Filters, first: str, second: str, *, is_outlets: bool) -> DistinctiveWords:
    """Return the words that tell two outlets, or two kinds of outlet, apart."""
    narrowed = [
        replace(filters, outlets=(one,)) if is_outlets else replace(filters, outlet_kinds=(one,))
        for one in (first, second)
    ]
    return _word_groups.words_between(_report(snapshot), *(TextGroup(filters=one) for one in narrowed))


@st.cache_data(max_entries=ANSWERS, show_spinner=False)
def text_changes(snapshot: str, filters: Filters, most: int) -> tuple[VersionChange, ...]:
    """Return the newest changes of texts, with what they moved."""
    return _changes.text_changes(_report(snapshot), filters, most)
