"""What is read out of pages, as it travels between processes and through Parquet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, NamedTuple, TypeAlias

import pyarrow as pa
from pydantic import TypeAdapter

from tracker.model import Article, Fingerprint, Match, Outcome, Outlet, Page, Topic
from tracker.revisions import Hashes
from tracker.store.score_rows import SCORE_COLUMNS, ScoreRow, score_column, score_type

Given: TypeAlias = tuple[Page, str | None]  # a page, and its outlet's language


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How pages are read, matched and scored, and what one page may cost."""

    topics: tuple[Topic, ...]
    embeddings: Literal["static", "minilm"]
    page_seconds: float  # of processor time
    page_megabytes: int  # of memory that its process may hold
    wires: tuple[Outlet, ...] = ()  # the agencies of outlets.toml


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What one topic's rules say of an article, and by which scorers it was scored if they leave it on topic."""

    topic: str
    match: Match
    scoring_hash: str | None = None
    unscored_reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Readout:
    """What became of a page in the reader: an article with its judgements, or the reason why there is none.

    Whose copy an article is takes others, and its id: ``fingerprint`` is without id and outlet.
    """

    outcome: Outcome = Outcome.OK
    detail: str = ""
    article: Article | None = None
    hashes: Hashes | None = None
    fingerprint: Fingerprint | None = None
    judgements: tuple[Judgement, ...] = ()


class ReadPage(NamedTuple):
    """A page's readout, the rows of the score tables for all topics, and the page as the archive keeps it."""

    readout: Readout
    scores: Mapping[str, Sequence[ScoreRow]]
    record: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class ShardPage:
    """One row of a shard, but for what was read out of it, which is not there where it was not worth reading."""

    entry: str
    outlet: Outlet
    url: str
    canonical_url: str
    final_url: str
    fetched_at: datetime
    n_bytes: int
    payload_digest: str


READOUT: TypeAdapter[Readout] = TypeAdapter(Readout)
SHARD_PAGE: TypeAdapter[ShardPage] = TypeAdapter(ShardPage)

PAGES = pa.schema(
    [
        ("entry", pa.string()),
        ("fetched_at", pa.timestamp("us")),
        ("url", pa.string()),
        ("outlet", pa.string()),
        ("page", pa.string()),  # the whole ``ShardPage`` as JSON
    ]
)
# What was read there, null where a page was not worth reading: scores, which are most of it, as they go into their
# tables.
READOUTS = pa.schema(
    [("outcome", pa.string()), ("readout", pa.string()), *((table, score_type(table)) for table in SCORE_COLUMNS)]
)
ROWS = pa.schema([*PAGES, *READOUTS])


def page_columns(pages: Sequence[ShardPage]) -> list[pa.Array]:
    """Return the columns of ``PAGES``."""
    values = [
        [one.entry for one in pages],
        [one.fetched_at.astimezone(UTC).replace(tzinfo=None) for one in pages],
        [one.url for one in pages],
        [one.outlet.outlet for one in pages],
        [SHARD_PAGE.dump_json(one).decode() for one in pages],
    ]
    return [pa.array(column, field.type) for column, field in zip(values, PAGES, strict=True)]


def unread_columns(n: int) -> list[pa.Array]:
    """Return the columns of ``READOUTS`` for ``n`` pages that were not read."""
    return [pa.nulls(n, column.type) for column in READOUTS]


def readout_columns(pages: Sequence[ReadPage]) -> list[pa.Array]:
    """Return the columns of ``READOUTS`` for pages that were."""
    return [
        pa.array([page.readout.outcome.value for page in pages], pa.string()),
        pa.array([READOUT.dump_json(page.readout) for page in pages], pa.binary()).cast(pa.string()),
        *(score_column(table, [page.scores.get(table, ()) for page in pages]) for table in SCORE_COLUMNS),
    ]
