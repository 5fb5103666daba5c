"""What people's checks give to the snapshot: the table ``validity``, and corrected shares beside the machine's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import duckdb
import pandas as pd
import pyarrow as pa

from tracker.report.coding.checked import checked_by
from tracker.report.coding.corrected import matrix_share
from tracker.report.coding.scheme import FRAME, TONE, YES
from tracker.report.coding.validity import EVERY, Checked, Validity
from tracker.report.intervals import Estimate

COLUMNS = {
    "topic": "Topic",
    "variable": "What was coded: relevance, leading_frame, tone, or frame: and a frame's id",
    "value": "The code that the figure is about; null where it is about the variable",
    "outlet_kind": "Kind of the outlets, or all",
    "metric": "alpha (coders' agreement), precision, recall, f1, share (the machine's), corrected_share, correlation",
    "n": "Texts behind the figure",
    "estimate": "The figure; null below the minimum sample of 5 texts",
    "low": "Lower end of the 95 % interval",
    "high": "Upper end of the 95 % interval",
    "is_reportable": "Whether the sample reaches the minimum",
    "is_sampled": "Whether the texts were drawn at random, so that the figure holds for the archive",
    "reading": "Of alpha: reliable (from .80), tentative (from .667), experimental or unknown; else null",
}
COMMENT = "One row is a measure of how far people agree, or of how often the machine is right, on a topic"
CORRECTED_COLUMNS = {
    "corrected": "The share put right for the classifier's error by texts that people coded; null where too few were",
    "corrected_low": "Lower end of its 95 % interval, which holds the doubt about the error",
    "corrected_high": "Upper end of its 95 % interval",
    "is_checked": "Whether people have checked the frame on the topic; if not, intervals leave its error out",
}
TYPES = {
    "n": pa.int64(),
    **dict.fromkeys(("estimate", "low", "high"), pa.float64()),
    **dict.fromkeys(("is_reportable", "is_sampled", "is_checked"), pa.bool_()),
}


def checks(connection: duckdb.DuckDBPyConnection) -> dict[str, Checked]:
    """Return each topic's check, from the codings that a database holds."""

    def ask(query: str, parameters: dict[str, object]) -> pd.DataFrame:
        return connection.execute(query, parameters).fetchdf()

    topics = connection.execute("SELECT topic FROM topics ORDER BY topic").fetchall()
    return {topic: checked_by(ask, topic) for (topic,) in topics}


def validity_rows(found: Mapping[str, Checked]) -> pa.Table:
    """Return the rows of ``validity``."""
    rows = [dict(zip(COLUMNS, row, strict=True)) for one in found.values() for row in _rows(one)]
    return pa.Table.from_pylist(rows, schema=pa.schema({name: TYPES.get(name, pa.string()) for name in COLUMNS}))


def _rows(one: Checked) -> Iterator[tuple[object, ...]]:
    is_sampled = any(known.is_sampled for known in one.validities)
    for agreed in one.agreements:
        yield (one.topic, agreed.variable, None, EVERY, "alpha", *_figures(agreed.alpha), is_sampled, agreed.reading)
    for known in one.validities:
        for metric, figure in _metrics(known):
            key = (known.topic, known.variable, known.value, known.group, metric)
            yield (*key, *_figures(figure), known.is_sampled, None)
    if one.tone.n:
        yield (one.topic, TONE, None, EVERY, "correlation", *_figures(one.tone), is_sampled, None)


def _metrics(one: Validity) -> tuple[tuple[str, Estimate], ...]:
    return (
        ("precision", one.precision),
        ("recall", one.recall),
        ("f1", one.f1),
        ("share", one.share),
        ("corrected_share", one.corrected),
    )


def _figures(one: Estimate) -> tuple[object, ...]:
    return one.n, one.estimate, one.low, one.high, one.is_reportable


def corrected_frames(cells: pa.Table, found: Mapping[str, Checked]) -> pa.Table:
    """Return outlets' frame shares (topic, frame, n, estimate) with the columns of ``CORRECTED_COLUMNS``.

    Single outlets are put right by the error of all together: a sample holds few texts of one of them.
    """
    keys = zip(*(cells[name].to_pylist() for name in ("topic", "frame", "n", "estimate")), strict=True)
    estimates = [_corrected(topic, frame, n, share, found) for topic, frame, n, share in keys]
    rows = [(one.estimate, one.low, one.high, is_checked) for one, is_checked in estimates]
    for place, name in enumerate(CORRECTED_COLUMNS):
        cells = cells.append_column(name, pa.array([row[place] for row in rows], TYPES.get(name, pa.float64())))
    return cells


def _corrected(
    topic: str, frame: str, n: int, share: float | None, found: Mapping[str, Checked]
) -> tuple[Estimate, bool]:
    nothing = Estimate(n=n, estimate=None, low=None, high=None)
    known = found[topic].of(f"{FRAME}{frame}", YES) if topic in found else None
    if known is None or not known.corrected.is_reportable or not (known.sensitivity and known.specificity):
        return nothing, False
    if share is None:
        return nothing, True
    return matrix_share(round(share * n), n, known.sensitivity, known.specificity), True
