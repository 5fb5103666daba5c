"""Values that the store's tests put in, in as few words as they need."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tracker.model import Article, ArticleKind, Completeness, CopyEdge, Entry, Fingerprint, Listing, Match, Outlet
from tracker.store.articles import Look, NewRevision

AT = datetime(2025, 5, 12, 10, 30, 0, 123456, tzinfo=UTC)
OUTLET = Outlet(outlet="post", name="The Post", language="es", scopes=("post.example",))


def entry(name: str = "e1", **changes: object) -> Entry:
    values: dict[str, object] = {
        "entry": name,
        "outlet": "post",
        "url": f"https://post.example/{name}?utm=1",
        "canonical_url": f"https://post.example/{name}",
        "title": f"Title of {name}",
        "first_seen_at": AT,
    }
    return Entry(**(values | changes))  # type: ignore[arg-type]


def listing(name: str = "e1", feed: str = "f1", position: int = 0) -> Listing:
    return Listing(entry=name, feed=feed, first_seen_at=AT, position=position)


def article(title: str = "A ruling", text: str = "The judge ruled.", **changes: object) -> Article:
    values: dict[str, object] = {"url": "https://post.example/a", "title": title, "text": text}
    return Article(**(values | changes))  # type: ignore[arg-type]


def whole_article() -> Article:
    """Return an article in which no column is left at its default."""
    return article(
        authors=("Ana López", "B. Wu"),
        published_at=AT,
        modified_at=AT + timedelta(hours=2),
        canonical_url="https://post.example/a",
        site_name="The Post",
        section="Law",
        language="en",
        kind=ArticleKind.ANALYSIS,
        completeness=Completeness.PARTIAL,
        completeness_reason="paywall",
        word_count=3,
        credit="By Ana López, North Wire",
        extractor="trafilatura",
        extractor_version="2.3",
    )


def revision(name: str = "a1", number: int = 1, content: Article | None = None, **changes: object) -> NewRevision:
    values: dict[str, object] = {
        "article": name,
        "outlet": "post",
        "url": "https://post.example/a",
        "canonical_url": "https://post.example/a",
        "entry": "e1",
        "first_seen_at": AT,
        "via": "feed",
        "revision": number,
        "revision_hash": f"hash {number}",
        "seen_at": AT + timedelta(days=number),
        "change_kind": "first" if number == 1 else "update",
        "change_note": None,
        "content": content or article(),
        "payload_digest": f"sha1:{number}",
    }
    return NewRevision(**(values | changes))  # type: ignore[arg-type]


def look(name: str = "a1", **changes: object) -> Look:
    values: dict[str, object] = {"article": name, "looked_at": AT, "look_again_at": AT, "is_gone": False}
    return Look(**(values | changes))  # type: ignore[arg-type]


def match(*, is_on_topic: bool | None = True, topic: str = "t", topic_hash: str = "h1") -> Match:
    return Match(topic=topic, topic_hash=topic_hash, is_on_topic=is_on_topic, score=1.0, centrality=None, reasons=())


def fingerprint(name: str, *bands: int, at: datetime | None = AT) -> Fingerprint:
    return Fingerprint(
        article=name,
        outlet="post",
        published_at=at,
        n_words=100,
        n_shingles=97,
        signature=(1, 2**32 - 1),
        bands=bands,
        sketch=(3, 4, 2**32 - 1),
    )


def edge(a: str, b: str) -> CopyEdge:
    return CopyEdge(a=a, b=b, similarity=0.9, containment=1.0)
