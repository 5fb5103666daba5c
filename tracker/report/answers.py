"""What pages ask of a whole topic and takes seconds, answered once, at publication.

A view that leaves anything out is answered when it is asked for.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated, Concatenate, Final, Generic, ParamSpec, TypeVar

import duckdb
import pandas as pd
import pyarrow as pa
from pydantic import PlainSerializer, PlainValidator, TypeAdapter

from tracker.report import speakers, wording
from tracker.report.choices import OutletChoice, choices
from tracker.report.contrasts import Difference
from tracker.report.filters import Filters
from tracker.report.findings import tone_difference, tone_findings
from tracker.report.reportable import reportable
from tracker.report.samples import GroupBy, Part, forget, tone_sample
from tracker.report.sensitivity import Sensitivity, tone_sensitivity
from tracker.report.snapshot_report import DraftReport, OutletRow, SnapshotReport
from tracker.store.publish import Figure

MOST_COMPARED: Final = 12  # groups: 66 pairs; beyond, chance alone would give findings
MOST_SPEAKERS = 40  # by name
FIRST_PART: Final[Part] = "outlet_voice"  # what pages show where nobody has chosen

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question(Generic[P, T]):
    """A question of a view, and what its answer is; arguments are words and numbers."""

    name: str
    answer: TypeAdapter[T]
    work_out: Callable[Concatenate[SnapshotReport, Filters, P], T]

    def ask(self, report: SnapshotReport, filters: Filters, *arguments: P.args, **named: P.kwargs) -> T:
        """Return the answer as it was published, or worked out now."""
        if not named and filters == Filters(topic=filters.topic):
            query = "SELECT answer FROM internal.answers WHERE question = $question"
            for row in report.rows(query, {"question": self._key(filters.topic, arguments)}):
                return self.answer.validate_json(row["answer"])
        return self.work_out(report, filters, *arguments, **named)

    def row(self, report: SnapshotReport, topic: str, *arguments: P.args, **named: P.kwargs) -> Mapping[str, str]:
        """Return the row to be published."""
        answer = self.work_out(report, Filters(topic=topic), *arguments, **named)
        return {"question": self._key(topic, arguments), "answer": self.answer.dump_json(answer).decode()}

    def _key(self, topic: str, arguments: Iterable[object]) -> str:
        return json.dumps([self.name, topic, *arguments])


def _findings(
    report: SnapshotReport, filters: Filters, group_by: GroupBy, part: Part, most_guarded: int | None
) -> tuple[Difference, ...]:
    return tone_findings(report, filters, group_by=group_by, part=part, most=MOST_COMPARED, most_guarded=most_guarded)


def _difference(report: SnapshotReport, filters: Filters, a: str, b: str, part: Part) -> Difference:
    return tone_difference(report, filters, group_by="outlet", a=a, b=b, part=part)


def _sensitivity(report: SnapshotReport, filters: Filters, a: str, b: str, part: Part) -> Sensitivity:
    return tone_sensitivity(report, filters, group_by="outlet", a=a, b=b, part=part)


def _reportable(report: SnapshotReport, filters: Filters) -> tuple[Difference, ...]:
    return reportable(report, filters)


_DIFFERENCES = TypeAdapter(tuple[Difference, ...])
FINDINGS = Question(name="tone_findings", answer=_DIFFERENCES, work_out=_findings)
DIFFERENCE = Question(name="tone_difference", answer=TypeAdapter(Difference), work_out=_difference)
SENSITIVITY = Question(name="tone_sensitivity", answer=TypeAdapter(Sensitivity), work_out=_sensitivity)
REPORTABLE = Question(name="reportable", answer=_DIFFERENCES, work_out=_reportable)


def _packed(frame: pd.DataFrame) -> str:
    sink = pa.BufferOutputStream()
    table = pa.Table.from_pandas(frame)
    with pa.ipc.new_stream(sink, table.schema) as stream:
        stream.write_table(table)
    return b64encode(sink.getvalue()).decode()


def _unpacked(text: str) -> pd.DataFrame:
    frame: pd.DataFrame = pa.ipc.open_stream(b64decode(text)).read_pandas()
    return frame


# A table keeps its types and the order of its rows in Arrow's own form.
_TABLE = TypeAdapter(Annotated[pd.DataFrame, PlainValidator(_unpacked), PlainSerializer(_packed)])
OUTLETS = Question(name="outlets", answer=TypeAdapter(tuple[OutletRow, ...]), work_out=SnapshotReport.outlets)
FRAME_SHARES = Question(name="frame_shares", answer=_TABLE, work_out=wording.frame_shares)
FRAME_TOTALS = Question(name="frame_totals", answer=_TABLE, work_out=wording.frame_totals)
VOICE_SHARES = Question(name="voice_shares", answer=_TABLE, work_out=wording.voice_shares)
VOICE_SUMMARY = Question(name="voice_summary", answer=TypeAdapter(wording.VoiceSummary), work_out=wording.voice_summary)
SPEAKERS = Question(name="speakers", answer=_TABLE, work_out=speakers.speakers)
LEADING_SPEAKERS = Question(
    name="leading_speakers", answer=TypeAdapter(dict[str, str]), work_out=speakers.leading_speakers
)
CAMPS_BY_OUTLET = Question(name="camps_by_outlet", answer=_TABLE, work_out=speakers.camps_by_outlet)
TERM_TOTALS = Question(name="term_totals", answer=_TABLE, work_out=wording.term_totals)
TERM_USES = Question(name="term_uses", answer=_TABLE, work_out=wording.term_uses)
TERM_DAYS = Question(name="term_days", answer=_TABLE, work_out=wording.term_days)
WHOLE = (
    OUTLETS, FRAME_SHARES, FRAME_TOTALS, VOICE_SHARES, VOICE_SUMMARY, LEADING_SPEAKERS, CAMPS_BY_OUTLET, TERM_TOTALS,
    TERM_USES, TERM_DAYS, REPORTABLE,
)  # fmt: skip


def ranked(outlets: Sequence[OutletChoice]) -> list[str]:
    """Return the outlets in the order in which they are offered for a comparison: most work of their own first."""
    return [one.outlet for one in sorted(outlets, key=lambda one: (-one.n_own, one.outlet))]


def answers(connection: duckdb.DuckDBPyConnection) -> Figure:
    """Return the table of answers of a snapshot that is being filled."""
    report = DraftReport(connection)
    rows = [row for topic in report.topics() if topic.n_on_topic for row in _rows(report, topic.topic)]
    forget()
    kinds = pa.schema([("question", pa.string()), ("answer", pa.string())])
    return Figure(
        table=pa.Table.from_pylist(rows, schema=kinds),
        comment="One row is a question of a whole topic that takes seconds, answered at publication",
        columns={
            "question": "Its name, the topic and what else was asked, as JSON",
            "answer": "The answer as JSON; a table is one text of it, an Arrow stream in base64",
        },
    )


def _rows(report: SnapshotReport, topic: str) -> Iterator[Mapping[str, str]]:
    yield FINDINGS.row(report, topic, "outlet", FIRST_PART, 1)
    yield SPEAKERS.row(report, topic, MOST_SPEAKERS)
    for question in WHOLE:
        yield question.row(report, topic)
    toned = set(tone_sample(report, Filters(topic=topic), FIRST_PART).rows["outlet"])
    offered = [outlet for outlet in ranked(choices(report, topic).outlets) if outlet in toned]
    for a, b in list(pairwise(offered))[:1]:  # the two that the page shows first
        yield DIFFERENCE.row(report, topic, a, b, FIRST_PART)
        yield SENSITIVITY.row(report, topic, a, b, FIRST_PART)
