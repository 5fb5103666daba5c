"""Goes through shards: tells which of their pages are asked for, and has those read."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import BinaryIO, cast

import fsspec
import pyarrow as pa

from pipelines.scaleout.job import Job, outlet_of
from pipelines.scaleout.messages import Answer, Ask, Trying, Unreadable
from pipelines.scaleout.pages import (
    PAGES,
    ROWS,
    Given,
    Readout,
    ReadPage,
    ShardPage,
    page_columns,
    readout_columns,
    unread_columns,
)
from tracker import urls
from tracker.archive import page_records, pages_in
from tracker.model import Outcome, Outlet, Page, stable_id

BATCH_PAGES = 8  # that are scored and answered together: as many as scorers take at once
BATCH_BYTES = 4_000_000  # after which a batch is full sooner: all of it is in memory
MAX_TOLD = 200  # pages told of without being read that are answered together; some 1 kB each
N_PAGES, READ, UNLIKELY = "n_pages", "n_read", "n_unlikely"


@dataclass(slots=True)
class Walk:
    """A way through one shard after another of a job."""

    job: Job
    reads: Callable[[Sequence[Given]], list[ReadPage]]
    _outlets: dict[str, tuple[Outlet, bool]] = field(default_factory=dict)
    _shared_hosts: tuple[str, ...] = field(init=False)  # those of which outlets hold a path
    _mentions: Callable[[bytes], bool] = field(init=False)
    _n_before: int = 0  # responses of the shard under way that were answered before
    _n_seen: int = 0
    # What is not answered yet.
    _counts: Counter[str] = field(default_factory=Counter)
    _unread: list[ShardPage] = field(default_factory=list)
    _too_large: list[tuple[ShardPage, ReadPage]] = field(default_factory=list)
    _to_read: list[Given] = field(default_factory=list)

    def __post_init__(self) -> None:
        scopes = {scope for one in self.job.outlets for scope in one.scopes if "/" in scope}
        self._shared_hosts = tuple(scope.partition("/")[0] for scope in scopes)
        self._mentions = words_test(self.job.filters.words)

    def answers(self, ask: Ask) -> Iterator[Answer | Trying | Unreadable]:
        """Yield what the responses that were not seen yet became."""
        self._n_before, self._n_seen = ask.n_seen, 0
        self._outlets.clear()
        self._forget()
        n_alone = ask.n_alone
        for page in self._pages(ask.shard.address):
            if isinstance(page, Unreadable):
                yield page
                return
            self._take(page)
            if n_alone and self._to_read:
                n_alone -= 1
                yield self._trying(page)
                yield self._answer()
            elif self._is_full():
                yield self._answer()
        yield self._answer(is_last=True)

    def _pages(self, address: str) -> Iterator[Page | Unreadable]:
        try:
            with fsspec.open(address, "rb") as file:
                yield from pages_in(cast("BinaryIO", file), address, wants=self._wants, on_damage=self._note_damage)
        except (OSError, ImportError) as error:
            yield Unreadable(f"{address}: cannot be read: {error}")

    def _wants(self, url: str, at: datetime | None, _length: int) -> bool:
        """Tell by a record's header whether its page is asked for."""
        self._n_seen += 1
        return self._n_seen > self._n_before and self._is_asked_for(url, at)

    def _note_damage(self, _what: str) -> None:
        self._counts["n_damaged"] += 1

    def _is_asked_for(self, url: str, at: datetime | None) -> bool:
        self._counts[N_PAGES] += 1
        filters = self.job.filters
        if not urls.is_http(url):
            self._counts["n_other_address"] += 1
        elif at and not filters.is_in_dates(at):  # one without is found damaged
            self._counts["n_other_date"] += 1
        else:
            outlet, is_known = self._outlet(url)
            if filters.takes_outlet(outlet, is_known=is_known):
                return True
            self._counts["n_other_outlet"] += 1
        return False

    def _take(self, page: Page) -> None:
        """Add a page to those to be read, or to those that are not: that lack the words, or are too long."""
        if page.content_type not in {None, "text/html", "application/xhtml+xml"}:
            self._counts["n_other_type"] += 1
        elif not self._mentions(page.body):
            self._counts[UNLIKELY] += 1
            self._unread.append(self._shard_page(page))
        elif len(page.body) > self.job.max_page_bytes:
            self._counts[READ] += 1
            detail = f"{len(page.body)} bytes, at most {self.job.max_page_bytes} are read"
            too_large = ReadPage(Readout(outcome=Outcome.TOO_LARGE, detail=detail), {}, b"")
            self._too_large.append((self._shard_page(page), too_large))
        else:
            self._counts[READ] += 1
            self._to_read.append((page, self._outlet(page.url)[0].language))

    def _is_full(self) -> bool:
        n_bytes = sum(len(page.body) for page, _ in self._to_read)
        n_told = len(self._unread) + len(self._too_large)
        return len(self._to_read) == BATCH_PAGES or n_bytes >= BATCH_BYTES or n_told >= MAX_TOLD

    def _answer(self, *, is_last: bool = False) -> Answer:
        """Read what is to be read, and return all that is not answered yet."""
        read = self.reads(self._to_read) if self._to_read else []
        pages = [self._shard_page(page) for page, _ in self._to_read]
        found = self._told([*self._too_large, *zip(pages, read, strict=True)])._replace(is_last=is_last)
        self._forget()
        return found

    def _trying(self, page: Page) -> Trying:
        row = pa.RecordBatch.from_arrays(page_columns([self._shard_page(page)]), schema=PAGES)
        return Trying(self._told(self._too_large), row, page_records(page))

    def _told(self, read: Sequence[tuple[ShardPage, ReadPage]]) -> Answer:
        unread = [*page_columns(self._unread), *unread_columns(len(self._unread))]
        columns = [*page_columns([page for page, _ in read]), *readout_columns([found for _, found in read])]
        return Answer(
            unread=pa.RecordBatch.from_arrays(unread, schema=ROWS),
            read=pa.RecordBatch.from_arrays(columns, schema=ROWS),
            records=[found.record for _, found in read],
            counts=self._counts,
            n_seen=self._n_seen,
        )

    def _forget(self) -> None:
        """Begin with what is to be answered next."""
        self._counts = Counter()
        for told in (self._unread, self._too_large, self._to_read):
            told.clear()

    def _shard_page(self, page: Page) -> ShardPage:
        outlet, _ = self._outlet(page.url)
        canonical_url = urls.canonical_url(page.url)
        return ShardPage(
            entry=stable_id(outlet.outlet, canonical_url),
            outlet=outlet,
            url=page.url,
            canonical_url=canonical_url,
            final_url=page.final_url,
            fetched_at=page.fetched_at,
            n_bytes=len(page.body),
            payload_digest=page.payload_digest,
        )

    def _outlet(self, url: str) -> tuple[Outlet, bool]:
        """Return an address's outlet, looked up once a host where no outlet's scope is a path of it."""
        host = urls.host(url)
        if host not in self._outlets:
            found = outlet_of(url, self.job.outlets)
            if host.endswith(self._shared_hosts):
                return found
            self._outlets[host] = found
        return self._outlets[host]


def words_test(words: tuple[str, ...]) -> Callable[[bytes], bool]:
    """Return what tells whether one of the words stands in a page's bytes, whole and in whatever case.

    A cheap test, before anything is parsed: entities and markup within a word hide it. Without words all pass.
    """
    wanted = [" ".join(word.split()).lower().encode() for word in words]
    if not wanted:
        return lambda _: True
    alone = [re.compile(rb"(?<![a-z0-9])" + re.escape(word) + rb"(?![a-z0-9])") for word in wanted]

    def mentions(body: bytes) -> bool:
        text = body.lower()
        return any(word in text and whole.search(text) for word, whole in zip(wanted, alone, strict=True))

    return mentions
