"""What a page adds to what is known of an article: filled in, told from what was seen before, numbered."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from pipelines.steps.known import is_alike, redirected_to
from tracker import urls
from tracker.model import Article, Completeness, Entry, Response, SeenVersion
from tracker.revisions import Hashes, change_kind, change_note, is_same_title
from tracker.store.articles import NewRevision, StoredArticle


def completed(article: Article, entry: Entry) -> Article:
    """Fill from the entry what the page did not give: headline, date, authors, and its full content."""
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


def has_left(known: StoredArticle, article: Article, response: Response) -> bool:
    """Return whether the page at an article's address is another page by now: a front page, or elsewhere's story."""
    if article.completeness is Completeness.EMPTY:
        return True
    target = redirected_to(response)
    is_elsewhere = target is not None and target not in {known.canonical_url, urls.canonical_url(known.url)}
    return is_elsewhere and not is_alike(known.latest, article)


def is_lesser_view(known: Article, article: Article) -> bool:
    """Return whether a page only shows less of a text than before: a paywall came down, nobody edited."""
    has_less = known.completeness is Completeness.WHOLE and article.completeness is not Completeness.WHOLE
    return has_less and is_same_title(known.title, article.title)


def first_revision(
    entry: Entry,
    article: Article,
    found: Hashes,
    *,
    name: str,
    canonical_url: str,
    url: str,
    seen_at: datetime,
    digest: str | None,
) -> NewRevision:
    """Return an article's first version, known again by what was ``found`` of its title and text."""
    return NewRevision(
        article=name,
        outlet=entry.outlet,
        url=url,
        canonical_url=canonical_url,
        entry=entry.entry,
        first_seen_at=entry.first_seen_at,
        via=entry.via,
        revision=1,
        revision_hash=found.revision,
        substance_hash=found.substance,
        text_hash=found.text,
        seen_at=seen_at,
        change_kind="first",
        change_note=None,
        content=article,
        payload_digest=digest,
    )


def next_revision(
    known: StoredArticle, article: Article, found: Hashes, *, seen_at: datetime, digest: str | None
) -> NewRevision:
    """Return an article's next version, told by what changed against the one that stood."""
    return NewRevision(
        article=known.article,
        outlet=known.outlet,
        url=known.url,
        canonical_url=known.canonical_url,
        entry=None,
        first_seen_at=known.first_seen_at,
        via="look",
        revision=known.revision + 1,
        revision_hash=found.revision,
        substance_hash=found.substance,
        text_hash=found.text,
        seen_at=seen_at,
        change_kind=change_kind(known.latest, article),
        change_note=change_note(known.latest, article),
        content=article,
        payload_digest=digest,
    )


def with_revision(known: StoredArticle | None, new: NewRevision) -> StoredArticle:
    """Return what is known of an article once a version of it is stored."""
    version = SeenVersion(
        revision=new.revision,
        revision_hash=new.revision_hash,
        substance_hash=new.substance_hash,
        text_hash=new.text_hash,
    )
    return StoredArticle(
        article=new.article,
        outlet=new.outlet,
        url=new.url,
        canonical_url=new.canonical_url,
        first_seen_at=new.first_seen_at,
        revision=new.revision,
        versions=(*(known.versions if known else ()), version),
        latest=new.content,
        standing_revision=new.revision,
    )
