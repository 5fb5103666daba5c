"""What a process that maps shards and the one that reads their pages for it tell each other."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

import pyarrow as pa

from pipelines.scaleout.job import Shard


class Ask(NamedTuple):
    """Read a shard on, after so many of its responses; the next ``n_alone`` pages one by one."""

    shard: Shard
    n_seen: int = 0
    n_alone: int = 0


class Answer(NamedTuple):
    """What some responses of a shard became, each told of once: pages as rows of ``ROWS``, and what was counted."""

    unread: pa.RecordBatch
    read: pa.RecordBatch
    records: list[bytes]  # of those that were read, as the archive keeps them; empty where it keeps none
    counts: Counter[str]
    n_seen: int  # responses of the shard up to here
    is_last: bool = False


class Trying(NamedTuple):
    """Said before a page is read alone: what to answer if nothing more is heard, and the page itself.

    ``page`` is its row of ``PAGES``.
    """

    answer: Answer
    page: pa.RecordBatch
    record: bytes


class Unreadable(NamedTuple):
    """That a shard cannot be opened or read on, and why."""

    why: str
