"""Which article a page is: the same story at a new address, or under a new feed id, is one article.

Known again, in this order, within one outlet: by the address that the page declares as its own
(rel=canonical), the one that redirects led to, the one listed; by the feed's own id of the item where texts
are alike; by the very text under another address within days.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from tracker import urls
from tracker.copies import compare, fingerprint
from tracker.model import Article, ArticleKind, Completeness, Entry, Response, stable_id
from tracker.revisions import Hashes, is_same_title
from tracker.store.articles import StoredArticle
from tracker.store.writer import Store

SAME_TEXT_WITHIN = timedelta(days=7)  # a text that comes back later is a yearly notice or a reprint of one's own
MIN_SAME_WORDS = 100  # below, pages of videos and newsletters share whole texts under different headlines
MIN_SAME_TITLED_WORDS = 40  # with the same headline
CONSENT = "consent"  # the reason why a page is not whole that says that it is somebody else's: a consent wall


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What a page and its entry say of who they are. ``own`` are the addresses that led to the page."""

    entry: Entry
    article: Article
    declared: str | None
    own: tuple[str, ...]  # where redirects led, then as listed
    hashes: Hashes
    text: str | None  # hash of a text that is long and whole enough to be known by

    @property
    def outlet(self) -> str:
        """The outlet within which it is to be known."""
        return self.entry.outlet


def claim_of(entry: Entry, article: Article, found: Hashes, response: Response) -> Claim:
    """Read off a page what it may be known by."""
    is_whole = article.completeness is Completeness.WHOLE
    is_its_page = article.completeness is not Completeness.EMPTY and article.completeness_reason != CONSENT
    own = dict.fromkeys(filter(None, (redirected_to(response) if is_its_page else None, entry.canonical_url)))
    return Claim(
        entry=entry,
        article=article,
        declared=urls.canonical_url(article.canonical_url) if article.canonical_url else None,
        own=tuple(own),
        hashes=found,
        text=found.text if is_whole and article.word_count >= MIN_SAME_TITLED_WORDS else None,
    )


def redirected_to(response: Response) -> str | None:
    """Return the canonical address that redirects led to, or None where they led nowhere else, or to a front page."""
    if response.final_url == response.request.url:
        return None
    final = urls.canonical_url(response.final_url)
    if final == urls.canonical_url(response.request.url) or not urlsplit(final).path.strip("/"):
        return None
    return final


def is_alike(a: Article, b: Article) -> bool:
    """Return whether two pages tell one story: the same headline, or one text, or a live blog that goes on."""
    if is_same_title(a.title, b.title) or ArticleKind.LIVE in (a.kind, b.kind):
        return True
    return (
        compare(*(fingerprint(article=n, outlet="", title=x.title, text=x.text) for n, x in (("a", a), ("b", b))))
        is not None
    )


class Known:
    """The articles that a batch of pages may turn out to be, those of the batch itself included."""

    def __init__(self, store: Store, claims: Iterable[Claim], looked_at: Sequence[str]) -> None:
        claims = list(claims)
        addresses = {(one.outlet, address) for one in claims for address in (one.declared, *one.own) if address}
        self._at = store.addresses.articles_at(addresses)
        guids = {(one.outlet, one.entry.guid) for one in claims if one.entry.guid}
        self._of_guid = store.addresses.articles_of_guids(guids)
        texts = {(one.outlet, one.text) for one in claims if one.text}
        self._with_text = store.addresses.articles_with_texts(texts)
        ids = {*looked_at, *self._at.values(), *(a for found in self._of_guid.values() for a in found)}
        ids |= {article for found in self._with_text.values() for _, article in found}
        self._articles = store.articles.stored(sorted(ids))
        self.new_addresses: list[tuple[str, str, str]] = []

    def article(self, name: str) -> StoredArticle | None:
        """Return what is known of an article by its id."""
        return self._articles.get(name)

    def find(self, claim: Claim) -> StoredArticle | None:
        """Return the article that a page is, or None for one never seen."""
        for address in claim.own:
            if found := self._articles.get(self._at.get((claim.outlet, address), "")):
                return found
        return self._declared(claim) or self._by_guid(claim) or self._by_text(claim)

    def identity(self, claim: Claim) -> tuple[str, str]:
        """Return a new article's id and canonical address: the page's own claim where it can be believed."""
        taken = claim.declared is not None and (claim.outlet, claim.declared) in self._at
        canonical = claim.declared if claim.declared and not taken else claim.own[0]
        return stable_id(claim.outlet, canonical), canonical

    def add(self, article: StoredArticle, claim: Claim) -> None:
        """Remember an article, and what else it is known by now."""
        self._articles[article.article] = article
        self.add_addresses(article, (*claim.own, claim.declared))
        if claim.entry.guid:
            self._of_guid.setdefault((claim.outlet, claim.entry.guid), set()).add(article.article)
        if claim.text:
            self._with_text.setdefault((claim.outlet, claim.text), []).append((article.first_seen_at, article.article))

    def add_addresses(self, article: StoredArticle, addresses: Iterable[str | None]) -> None:
        """Remember under which further addresses an article was found; what belongs to another stays its own."""
        for address in addresses:
            if address and (article.outlet, address) not in self._at:
                self._at[article.outlet, address] = article.article
                self.new_addresses.append((article.outlet, address, article.article))

    def update(self, article: StoredArticle) -> None:
        """Take over a newer state of an article."""
        self._articles[article.article] = article

    def _declared(self, claim: Claim) -> StoredArticle | None:
        """Find by the declared address; some sites declare one address for all their pages."""
        found = self._articles.get(self._at.get((claim.outlet, claim.declared or ""), ""))
        return found if found and is_alike(found.latest, claim.article) else None

    def _by_guid(self, claim: Claim) -> StoredArticle | None:
        """Find by the feed's id of the item; some feeds give all their items one."""
        names = self._of_guid.get((claim.outlet, claim.entry.guid or ""), set())
        found = self._articles.get(next(iter(names))) if len(names) == 1 else None
        return found if found and is_alike(found.latest, claim.article) else None

    def _by_text(self, claim: Claim) -> StoredArticle | None:
        """Find by the very text, within days; a short one needs the same headline too."""
        is_long = claim.article.word_count >= MIN_SAME_WORDS
        for at, name in self._with_text.get((claim.outlet, claim.text or ""), ()):
            found = self._articles[name]
            is_near = abs(claim.entry.first_seen_at - at) <= SAME_TEXT_WITHIN
            if is_near and (is_long or is_same_title(found.latest.title, claim.article.title)):
                return found
        return None
