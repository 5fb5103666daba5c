"""What people coded and what was drawn to be coded, as the decisions file has it."""

from __future__ import annotations

from tracker.model import Coding, SampledText
from tracker.store.database import Database
from tracker.store.decisions import Decisions
from tracker.store.rows import Row, naive

TABLES = ("codings", "coding_spans", "coding_samples")


class Codings:
    """``codings``, ``coding_spans`` and ``coding_samples``."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def replace(self, decisions: Decisions) -> None:
        """Make the tables say what the file says, no more and no less."""
        for table in TABLES:
            self.db.connection.execute(f"DELETE FROM {table}")  # noqa: S608 - constants
        self.db.insert("codings", [row for one in decisions.codings for row in _codes(one)])
        self.db.insert("coding_spans", [row for one in decisions.codings for row in _spans(one)])
        self.db.insert("coding_samples", [_sampled(one) for one in decisions.samples])


def _key(one: Coding) -> Row:
    return {"topic": one.topic, "article": one.article, "revision": one.revision, "coder": one.coder}


def _codes(one: Coding) -> list[Row]:
    said = {"is_final": one.is_final, "coded_at": naive(one.at)}
    return [_key(one) | said | {"variable": variable, "value": value} for variable, value in one.codes]


def _spans(one: Coding) -> list[Row]:
    return [
        _key(one)
        | {"variable": span.variable, "part": span.part.value, "start_offset": span.start, "end_offset": span.end}
        for span in one.spans
    ]


def _sampled(one: SampledText) -> Row:
    values: Row = {name: getattr(one, name) for name in one.__dataclass_fields__ if name != "at"}
    return values | {"drawn_at": naive(one.at)}
