"""Store what pages became: articles, new versions of known ones, and where each entry ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from pipelines.steps.known import Claim, Known, claim_of, redirected_to
from pipelines.steps.run import Run
from pipelines.steps.versions import (
    completed,
    first_revision,
    has_left,
    is_lesser_view,
    next_revision,
    with_revision,
)
from tracker import urls
from tracker.collect.search import publisher_link
from tracker.model import Article, Entry, EntryStatus, Outcome, Response
from tracker.revisions import Hashes, hashes, known_version, next_look
from tracker.store.articles import Look, NewRevision, StoredArticle
from tracker.store.entries import EntryOutcome

GONE = frozenset({Outcome.GONE, Outcome.NOT_FOUND})
UNAVAILABLE_FOR_LEGAL_REASONS = 451  # RFC 7725
SAYS_THAT_IT_IS_GONE = "soft404"  # the reason word of an ExtractError
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
    """What one page became: an article and by what it is known again, or the outcome that says why not."""

    wanted: Wanted
    response: Response
    article: Article | None = None
    hashes: Hashes | None = None


@dataclass(slots=True)
class Batch:
    """What a batch of pages adds to the store; ``place`` each page in order, then ``save`` in a transaction."""

    run: Run
    known: Known
    revisions: list[NewRevision] = field(default_factory=list)
    looks: dict[str, Look] = field(default_factory=dict)
    outcomes: list[EntryOutcome] = field(default_factory=list)
    responses: list[Response] = field(default_factory=list)

    def place(self, one: Read, claim: Claim | None) -> None:
        """Decide what a page is to the store; an entry's page that can be read has a claim."""
        entry, looked_at = one.wanted.entry, one.wanted.article
        name: str | None = None
        if claim:
            name = self._place_entry(claim, one)
        elif looked_at:
            name = looked_at.article
            self._place_look(self.known.article(name) or looked_at, one)
        if entry:
            self.outcomes.append(_outcome(self.run, one, entry, name))
        self.responses.append(replace(one.response, request=replace(one.response.request, article=name)))

    def save(self) -> None:
        """Store it all; to be called inside a transaction."""
        store = self.run.store
        store.articles.save_revisions(self.revisions)
        store.articles.save_looks(list(self.looks.values()))
        store.addresses.save(self.known.new_addresses)
        store.entries.save_outcomes(self.outcomes)
        store.runs.save_fetches(self.run.id, self.responses)

    def _place_entry(self, claim: Claim, one: Read) -> str:
        """Return the id of the article that an entry's page is; one known already gains the entry's address."""
        entry = claim.entry
        found = self.known.find(claim)
        if found:
            self.known.add(found, claim)
            if found.is_gone and one.wanted.url != found.url:  # the story stands elsewhere by now
                self._look(found, one.response, is_gone=False, moved_to=one.wanted.url)
            return found.article
        name, canonical = self.known.identity(claim)
        article = completed(claim.article, entry)
        is_as_read = (article.title, article.text) == (claim.article.title, claim.article.text)
        new = first_revision(
            entry,
            article,
            claim.hashes if is_as_read else hashes(article.title, article.text),
            name=name,
            canonical_url=canonical,
            url=one.wanted.url,
            seen_at=one.response.at,
            digest=one.response.payload_digest,
        )
        stored = with_revision(None, new)
        self.revisions.append(new)
        self.known.add(stored, claim)
        self._look(stored, one.response, is_gone=False, standing=new.revision)
        return name

    def _place_look(self, known: StoredArticle, one: Read) -> None:
        article, found = one.article, one.hashes
        if article is None or found is None:
            self._look(known, one.response, is_gone=True if _is_gone(one.response) else None)
        elif has_left(known, article, one.response):
            self._look(known, one.response, is_gone=True)
        elif is_lesser_view(known.latest, article):
            self._look(known, one.response, is_gone=False)
        else:
            declared = urls.canonical_url(article.canonical_url) if article.canonical_url else None
            self.known.add_addresses(known, (redirected_to(one.response), declared))
            self._look(known, one.response, is_gone=False, standing=self._version(known, article, found, one.response))

    def _version(self, known: StoredArticle, article: Article, found: Hashes, response: Response) -> int:
        """Return the number of the version that a page shows, after adding it where it is new."""
        seen = known_version(known.versions, known.standing, found.revision, found.substance)
        if seen is not None:
            return seen
        article = replace(article, published_at=article.published_at or known.latest.published_at)
        new = next_revision(known, article, found, seen_at=response.at, digest=response.payload_digest)
        self.revisions.append(new)
        self.known.update(with_revision(known, new))
        return new.revision

    def _look(
        self,
        known: StoredArticle,
        response: Response,
        *,
        is_gone: bool | None,
        standing: int | None = None,
        moved_to: str | None = None,
    ) -> None:
        self.looks[known.article] = Look(
            article=known.article,
            looked_at=response.at,
            look_again_at=next_look(known.first_seen_at, response.at, self.run.clock()),
            is_gone=is_gone,
            standing_revision=standing,
            moved_to=moved_to,
        )


def _is_gone(response: Response) -> bool:
    is_soft = response.outcome is Outcome.UNPARSABLE and response.detail.startswith(SAYS_THAT_IT_IS_GONE)
    return is_soft or response.outcome in GONE or response.status == UNAVAILABLE_FOR_LEGAL_REASONS


def _outcome(run: Run, one: Read, entry: Entry, name: str | None) -> EntryOutcome:
    """Return where an entry ended: stored, to be tried again, or given up with its reason."""
    outcome = one.response.outcome
    if name:
        return EntryOutcome(entry=entry.entry, status=EntryStatus.STORED, article=name)
    reason = f"{outcome}: {one.response.detail}" if one.response.detail else outcome.value
    is_attempt = outcome is not Outcome.HOST_DOWN
    if outcome is Outcome.ROBOTS:
        status = EntryStatus.SKIPPED
    elif outcome in PASSING and one.wanted.n_attempts + is_attempt < run.home.settings.collect.page_attempts:
        status = EntryStatus.PENDING
    else:
        status = EntryStatus.FAILED
    return EntryOutcome(entry=entry.entry, status=status, reason=reason, is_attempt=is_attempt)


def batch_of(run: Run, pages: Sequence[Read]) -> Batch:
    """Place a batch of pages, in order, among all that is known."""
    claims = [
        claim_of(one.wanted.entry, one.article, one.hashes, one.response)
        if one.wanted.entry and one.article and one.hashes
        else None
        for one in pages
    ]
    looked_at = [one.wanted.article.article for one in pages if one.wanted.article]
    batch = Batch(run, Known(run.store, filter(None, claims), looked_at))
    for one, claim in zip(pages, claims, strict=True):
        batch.place(one, claim)
    return batch
