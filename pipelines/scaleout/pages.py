"""What is read out of one page, as it travels between processes and through Parquet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pydantic import TypeAdapter

from tracker.model import Article, ArticleScores, Fingerprint, Match, Outcome, Outlet, Topic
from tracker.revisions import Hashes


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
    """What one topic's rules and scorers say of an article. ``scores`` is None where the rules leave it off topic."""

    topic: str
    match: Match
    scoring_hash: str
    scores: ArticleScores | None


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


@dataclass(frozen=True, slots=True, kw_only=True)
class ShardPage:
    """One row of a shard: a page and what was read out of it; ``readout`` is None where it was not worth reading."""

    entry: str
    outlet: Outlet
    url: str
    final_url: str
    fetched_at: datetime
    n_bytes: int
    payload_digest: str
    warc_file: str | None = None
    warc_offset: int | None = None
    readout: Readout | None = None


SHARD_PAGE: TypeAdapter[ShardPage] = TypeAdapter(ShardPage)
