"""Fetch the pages of chosen entries, archive them, read articles out of them, and store those."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import datetime

from pipelines.steps.in_order import in_order
from pipelines.steps.run import Run
from tracker import urls
from tracker.archive import ArchiveWriter, page_of
from tracker.collect.search import publisher_link
from tracker.errors import ExtractError
from tracker.extract import extract_page
from tracker.fetch.client import Fetcher
from tracker.model import (
    Article,
    Completeness,
    Entry,
    EntryStatus,
    Outcome,
    Request,
    Response,
    stable_id,
)
from tracker.revisions import change_kind, change_note, next_look, revision_hash
from tracker.store.articles import NewRevision, StoredArticle
from tracker.store.entries import EntryOutcome

BATCH = 50  # pages a transaction: what a kill can cost to fetch again
WINDOW = 96  # pages under way or waiting their turn; at 3 MB a page at most, 300 MB at the very worst
READABLE = frozenset({Outcome.OK, Outcome.MOVED, Outcome.CUT})
GONE = frozenset({Outcome.GONE, Outcome.NOT_FOUND})
UNAVAILABLE_FOR_LEGAL_REASONS = 451  # RFC 7725
# What a later run may well get: the entry stays pending until its attempts are used up.
PASSING = frozenset(
    {
        Outcome.TIMEOUT,
        Outcome.UNREACHABLE,
        Outcome.SERVER_ERROR,
        Outcome.LIMITED,
        Outcome.HOST_DOWN,
        Outcome.CHALLENGE,
        Outcome.EMPTY,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A page to be fetched: for an entry, or for another look at a known article."""

    entry: Entry | None = None
    n_attempts: int = 0
    article: StoredArticle | None = None

    @property
    def url(self) -> str:
        """The address to ask for: as listed, or the publisher's where an aggregator's link carries it."""
        if self.entry:
            return publisher_link(self.entry.url) or self.entry.url
        return self.article.url if self.article else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What one page became: an article, or the outcome that says why not."""

    wanted: Wanted
    response: Response
    article: Article | None


async def read(run: Run, fetcher: Fetcher, wanted: Sequence[Wanted], title: str) -> None:
    """Fetch, archive, extract and store, in the order given, one transaction a batch."""
    if not wanted:
        return
    agent = run.home.settings.fetch.user_agent_line
    with (
        ArchiveWriter(run.home.archive, run.clock, user_agent=agent) as archive,
        run.progress.bar(title, len(wanted)) as advance,
    ):
        batch: list[Read] = []

        async def fetch(one: Wanted) -> Response:
            entry, article = one.entry, one.article
            return await fetcher.fetch(
                Request(url=one.url, entry=entry.entry if entry else None, article=article.article if article else None)
            )

        n_saved = 0
        try:
            async with aclosing(in_order(wanted, fetch, window=WINDOW)) as responses:
                async for one, response in responses:
                    kept = archive.append(response) if response.body else response
                    batch.append(await asyncio.to_thread(_read, one, kept))
                    advance()
                    if len(batch) >= BATCH:
                        _save(run, fetcher, archive, batch)
                        n_saved, batch = n_saved + len(batch), []
        except asyncio.CancelledError:
            _save(run, fetcher, archive, batch)
            _leave(run, wanted[n_saved + len(batch) :])
            raise
        _save(run, fetcher, archive, batch)


def _leave(run: Run, wanted: Sequence[Wanted]) -> None:
    """Count what a run that was asked to end did not come to: its entries stay pending."""
    for one in wanted:
        if one.entry:
            run.count("n_pending", one.entry.outlet)


def _read(wanted: Wanted, response: Response) -> Read:
    if response.outcome not in READABLE:
        return Read(wanted=wanted, response=response, article=None)
    try:
        article = extract_page(page_of(response))
    except ExtractError as error:
        outcome = Outcome.CHALLENGE if str(error).startswith("challenge") else Outcome.UNPARSABLE
        failed = replace(response, outcome=outcome, detail=str(error), body=b"")
        return Read(wanted=wanted, response=failed, article=None)
    return Read(wanted=wanted, response=replace(response, body=b""), article=article)


def _save(run: Run, fetcher: Fetcher, archive: ArchiveWriter, batch: Sequence[Read]) -> None:
    if not batch:
        return
    archive.flush()  # before the commit: the database never points at a page that a crash could take
    store = run.store
    identities = {id(one): _identity(one) for one in batch if one.article}
    known = store.articles.stored(sorted({article for article, _ in identities.values()}))
    revisions: list[NewRevision] = []
    outcomes: list[EntryOutcome] = []
    looks: list[tuple[str, datetime, datetime | None, bool]] = []
    responses: list[Response] = []
    with store.transaction():
        for one in batch:
            article_id: str | None = None
            if one.article:
                article_id, canonical = identities[id(one)]
                new = _revision(run, one, article_id, canonical, known.get(article_id))
                if new:
                    revisions.append(new)
                    known[article_id] = _stored(new, known.get(article_id))
                first_seen = known[article_id].first_seen_at
                looks.append((article_id, run.clock(), next_look(first_seen, run.clock(), run.clock()), False))
            elif one.wanted.article:
                looks.append(_failed_look(run, one.wanted.article, one.response))
            if one.wanted.entry:
                outcomes.append(_outcome(run, one, article_id))
            responses.append(replace(one.response, request=replace(one.response.request, article=article_id)))
        store.articles.save_revisions(revisions)
        store.articles.save_looks(looks)
        store.entries.save_outcomes(outcomes)
        store.runs.save_fetches(run.id, [*fetcher.drain_side_fetches(), *responses])
        store.feeds.save_host_waits(fetcher.host_waits)
    _count(run, batch, revisions, outcomes)


def _identity(one: Read) -> tuple[str, str]:
    """Return an article's id and canonical address: the page's own claim where it makes one."""
    if one.wanted.article:
        return one.wanted.article.article, one.wanted.article.canonical_url
    entry, article = one.wanted.entry, one.article
    if entry is None or article is None:
        raise ValueError("an article is identified by an entry and what its page says")
    canonical = urls.canonical_url(article.canonical_url) if article.canonical_url else entry.canonical_url
    return stable_id(entry.outlet, canonical), canonical


def _revision(run: Run, one: Read, article_id: str, canonical: str, known: StoredArticle | None) -> NewRevision | None:
    """Return the version to be stored, or None where it has been seen before."""
    article = _completed(one)
    digest = revision_hash(article.title, article.text)
    if known and (digest in known.hashes or one.wanted.article is None):
        return None  # seen before, or another address of an article that is known by its first
    entry = one.wanted.entry
    return NewRevision(
        article=article_id,
        outlet=known.outlet if known else entry.outlet if entry else "",
        url=known.url if known else one.wanted.url,
        canonical_url=canonical,
        entry=entry.entry if entry else None,
        first_seen_at=known.first_seen_at if known else entry.first_seen_at if entry else run.now,
        via=entry.via if entry else "look",
        revision=known.revision + 1 if known else 1,
        revision_hash=digest,
        seen_at=run.clock(),
        change_kind=change_kind(known.latest, article) if known else "first",
        change_note=change_note(known.latest, article) if known else None,
        content=article,
        payload_digest=one.response.payload_digest,
    )


def _completed(one: Read) -> Article:
    """Fill from the entry what the page did not give: headline, date, authors, and its full content."""
    article, entry = one.article, one.wanted.entry
    if article is None:
        raise ValueError("no article was read")
    if entry is None:
        known = one.wanted.article
        published = article.published_at or (known.latest.published_at if known else None)
        return replace(article, published_at=published)
    content_words = len(entry.content.split()) if entry.content else 0
    if entry.content and article.completeness is not Completeness.WHOLE and content_words > article.word_count:
        article = replace(
            article,
            text=entry.content,
            word_count=content_words,
            completeness=Completeness.WHOLE,
            completeness_reason="text from the feed, which gives more than the page",
        )
    return replace(
        article,
        title=article.title or entry.title,
        published_at=article.published_at or entry.published_at,
        authors=article.authors or entry.authors,
    )


def _stored(new: NewRevision, known: StoredArticle | None) -> StoredArticle:
    return StoredArticle(
        article=new.article,
        outlet=new.outlet,
        url=new.url,
        canonical_url=new.canonical_url,
        first_seen_at=new.first_seen_at,
        revision=new.revision,
        hashes=(known.hashes if known else frozenset()) | {new.revision_hash},
        latest=new.content,
        payload_digest=new.payload_digest,
    )


def _failed_look(run: Run, article: StoredArticle, response: Response) -> tuple[str, datetime, datetime | None, bool]:
    is_gone = response.outcome in GONE or response.status == UNAVAILABLE_FOR_LEGAL_REASONS
    return article.article, run.clock(), next_look(article.first_seen_at, run.clock(), run.clock()), is_gone


def _outcome(run: Run, one: Read, article_id: str | None) -> EntryOutcome:
    entry, outcome = one.wanted.entry, one.response.outcome
    if entry is None:
        raise ValueError("only entries have outcomes")
    if article_id:
        return EntryOutcome(entry=entry.entry, status=EntryStatus.STORED, article=article_id)
    reason = f"{outcome}: {one.response.detail}" if one.response.detail else outcome.value
    is_attempt = outcome is not Outcome.HOST_DOWN
    if outcome is Outcome.ROBOTS:
        status = EntryStatus.SKIPPED
    elif outcome in PASSING and one.wanted.n_attempts + is_attempt < run.home.settings.collect.page_attempts:
        status = EntryStatus.PENDING
    else:
        status = EntryStatus.FAILED
    return EntryOutcome(entry=entry.entry, status=status, reason=reason, is_attempt=is_attempt)


def _count(run: Run, batch: Sequence[Read], revisions: Sequence[NewRevision], outcomes: Sequence[EntryOutcome]) -> None:
    outlets = {one.wanted.entry.entry: one.wanted.entry.outlet for one in batch if one.wanted.entry}
    for outcome in outcomes:
        run.count(f"n_{outcome.status.value}", outlets[outcome.entry])
    for revision in revisions:
        run.count("n_articles_new" if revision.revision == 1 else "n_revisions_new", revision.outlet)
