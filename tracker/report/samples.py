"""Stories as observations: one row a text, with the groups, the event and the value that comparisons need.

A wire copy is another organisation's text. It counts once, for the agency, however many ran it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import Final, Literal

import numpy as np
import pandas as pd

from tracker.report.filters import TONES, Filters
from tracker.report.snapshot_report import SnapshotReport

Part = Literal["headline", "body", "outlet_voice", "quoted_voice"]
GroupBy = Literal["outlet_kind", "lean", "owner", "country", "outlet"]

SAMPLES = 2  # kept: 30 MB each of 70,000 stories
EVENT_DAYS = 3  # days from a dated event on which stories are still about it: a news cycle and the day after
OPINION: Final = ("opinion", "editorial")
PART_NAMES: Final = {
    "headline": "headlines",
    "body": "body texts",
    "outlet_voice": "outlets' own words",
    "quoted_voice": "quoted words",
}

_STORIES = """
SELECT a.article, a.outlet, coalesce(a.outlet_name, a.outlet) AS outlet_name,
    coalesce(a.outlet_kind, 'unknown') AS outlet_kind, a.lean, o.owner, o.country, a.kind, a.completeness,
    a.is_wire_copy, a.wire_agency, coalesce(a.wire_cluster, a.article) AS text_id,
    coalesce(a.published_date, a.first_seen_date) AS day, a.n_revisions AS revision, {value} AS value,
    a.published_date IS NULL AND a.via NOT IN ('feed', 'search') AS is_undated
FROM internal.shown a {values} LEFT JOIN outlets o ON o.outlet = a.outlet
WHERE {condition} AND {value} IS NOT NULL AND ($part = 'headline' OR a.completeness = 'whole')
ORDER BY a.published_at NULLS LAST, a.article
"""
# What a scorer that is not the default one says.
_OTHERS = """
JOIN sentiment s ON s.topic = a.topic AND s.article = a.article AND s.revision = a.n_revisions AND s.part = $part
JOIN snapshot_scorers c ON c.scorer = s.scorer AND c.scorer_version = s.scorer_version AND c.scorer = $scorer
"""


@dataclass(frozen=True, kw_only=True)
class Sample:
    """The stories of a view with one value each.

    ``rows`` has article, outlet, outlet_name, outlet_kind, lean, owner, country, kind (of the article),
    completeness, is_wire_copy, wire_agency, text_id, day, revision, value and event.
    """

    topic: str
    part: Part
    scorer: str
    rows: pd.DataFrame

    @cached_property
    def once(self) -> pd.DataFrame:
        """The rows with each text once, see ``once_per_text``."""
        return once_per_text(self.rows)


@lru_cache(maxsize=SAMPLES)
def scorers(report: SnapshotReport) -> tuple[str, ...]:
    """Return the scorers of sentiment whose rows the snapshot shows, the default first."""
    rows = report.rows(
        "SELECT DISTINCT c.scorer, c.is_default FROM snapshot_scorers c JOIN sentiment s USING (scorer, scorer_version)"
        " ORDER BY c.is_default DESC, c.scorer"
    )
    return tuple(row["scorer"] for row in rows)


def tone_sample(report: SnapshotReport, filters: Filters, part: Part = "body", scorer: str | None = None) -> Sample:
    """Return one row a story of the view that ``scorer`` (the default one where None) gave a valence.

    Partial and paywalled texts have no body value. Copies are all there: see ``once_per_text``. The last samples are
    kept, for one page asks several questions of the same; a snapshot never changes.
    """
    known = scorers(report)
    return _sample(report, filters, part, scorer or (known[0] if known else "none"), known[:1])


def forget() -> None:
    """Let go of the samples kept."""
    _sample.cache_clear()
    scorers.cache_clear()


@lru_cache(maxsize=SAMPLES)
def _sample(report: SnapshotReport, filters: Filters, part: Part, scorer: str, default: tuple[str, ...]) -> Sample:
    is_default = scorer in default
    query = _STORIES.format(
        condition=filters.condition(),
        value=f"a.{TONES[part]}" if is_default else "s.value",
        values="" if is_default else _OTHERS,
    )
    given = {} if is_default else {"scorer": scorer}
    rows = report.frame(query, {**filters.parameters, "part": part, **given})
    return Sample(topic=filters.topic, part=part, scorer=scorer, rows=_with_events(report, filters.topic, rows))


def _with_events(report: SnapshotReport, topic: str, rows: pd.DataFrame) -> pd.DataFrame:
    docket = report.docket(topic)
    dates = pd.to_datetime(docket[docket.is_this_case]["date"]).dt.date.tolist()
    places, days = pd.factorize(rows["day"])
    dated = np.array([day.date() for day in days], dtype=object)
    events = np.array([event_of(day, dates) for day in dated], dtype=object)[places]
    is_undated = rows["is_undated"].to_numpy(dtype=bool)  # the day of a backfill is no day of news
    events[is_undated] = "story " + rows["article"].to_numpy(dtype=object)[is_undated]
    rows = rows.assign(day=dated[places], event=events).drop(columns="is_undated")
    return rows.astype(dict.fromkeys(rows.select_dtypes("str").columns, object))  # ten times as quick to look up in


_BY_SCORER = """
SELECT s.article, s.value FROM sentiment s
JOIN snapshot_scorers c ON c.scorer = s.scorer AND c.scorer_version = s.scorer_version AND c.scorer = $scorer
JOIN internal.shown a ON a.topic = s.topic AND a.article = s.article AND a.n_revisions = s.revision
WHERE s.topic = $topic AND s.part = $part AND s.value IS NOT NULL AND s.article IN (SELECT unnest($articles))
"""
_BY_SENTENCES = """
SELECT a.article, s.value FROM internal.topic_toned s JOIN internal.shown a ON a.place = s.place
WHERE a.topic = $topic AND s.part = $part AND a.article IN (SELECT unnest($articles))
"""


def by_scorer(report: SnapshotReport, sample: Sample, rows: pd.DataFrame, scorer: str) -> pd.DataFrame:
    """Return rows of a sample with the values that another scorer gave them; those that it gave none are left out."""
    return _revalued(report, sample, rows, _BY_SCORER, scorer=scorer)


def by_topic_sentences(report: SnapshotReport, sample: Sample, rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows of a sample with the mean over the topic's own sentences; those without one are left out."""
    return _revalued(report, sample, rows, _BY_SENTENCES)


def _revalued(report: SnapshotReport, sample: Sample, rows: pd.DataFrame, query: str, **more: object) -> pd.DataFrame:
    given = {"topic": sample.topic, "part": sample.part, "articles": rows["article"].tolist(), **more}
    values = report.frame(query, given).set_index("article")["value"]
    found = rows["article"].map(values)
    return rows.assign(value=found)[found.notna()]


def event_of(day: date, dates: Sequence[date]) -> str:
    """Return what a story of ``day`` is about: the last dated event in reach, else its own day."""
    near = [one for one in dates if 0 <= (day - one).days <= EVENT_DAYS]
    return f"event {max(near)}" if near else f"day {day}"


def once_per_text(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with each copied text once, for who wrote it.

    Where the original is among them the copies go. Else the earliest copy stands for the agency: it leaves
    its outlet's groups, for neither its lean nor its owner nor its country wrote the text.
    """
    copies = rows[rows["is_wire_copy"]]
    written = set(rows.loc[~rows["is_wire_copy"], "text_id"])
    standing = copies[~copies["text_id"].isin(written)].drop_duplicates("text_id")
    agency = standing["wire_agency"].fillna("a wire service")
    standing = standing.assign(
        outlet=agency, outlet_name=agency, outlet_kind="wire", lean=None, owner=None, country=None
    )
    own = rows[~rows["is_wire_copy"]].drop_duplicates(["text_id", "outlet"])
    return pd.concat([own, standing]).sort_index() if len(standing) else own
