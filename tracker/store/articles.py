"""Articles, their revisions, and the decisions whether they are on a topic."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa

from tracker.model import Article, ArticleKind, Completeness, Match
from tracker.store.database import Database
from tracker.store.rows import Row, aware, naive


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredArticle:
    """An article as the store knows it: its latest revision and when to look again."""

    article: str
    outlet: str
    url: str
    canonical_url: str
    first_seen_at: datetime
    revision: int
    hashes: frozenset[str]  # of every revision so far
    latest: Article
    payload_digest: str | None = None
    last_looked_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRevision:
    """A version of an article to be stored, with the identity it belongs to."""

    article: str
    outlet: str
    url: str
    canonical_url: str
    entry: str | None
    first_seen_at: datetime
    via: str
    revision: int
    revision_hash: str
    seen_at: datetime
    change_kind: str
    change_note: str | None
    content: Article
    payload_digest: str | None


class Articles:
    """``internal.articles``, ``revisions`` and ``matches``."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def stored_articles(self, ids: Sequence[str]) -> dict[str, StoredArticle]:
        """Return the articles of these ids that are known, each with its latest revision."""
        return self._stored("list_contains(?, a.article)", [list(ids)])

    def articles_to_look_at(self, now: datetime, limit: int) -> list[StoredArticle]:
        """Return up to ``limit`` on-topic articles that are due for another look, longest due first."""
        condition = """
            a.look_again_at <= ? AND a.gone_at IS NULL AND a.article IN
            (SELECT article FROM matches WHERE is_on_topic IS DISTINCT FROM false)
            ORDER BY a.look_again_at, a.article LIMIT ?
        """
        return list(self._stored(condition, [naive(now), limit]).values())

    def articles_on(self, topic: str | None = None) -> list[StoredArticle]:
        """Return every article, or those on one topic, by id."""
        if topic is None:
            return list(self._stored("true ORDER BY a.article", []).values())
        condition = "a.article IN (SELECT article FROM matches WHERE topic = ? AND is_on_topic) ORDER BY a.article"
        return list(self._stored(condition, [topic]).values())

    def _stored(self, condition: str, parameters: Sequence[object]) -> dict[str, StoredArticle]:
        found = self.db.dicts(
            f"""
            SELECT a.article, a.outlet, a.url AS article_url, a.canonical_url AS article_canonical, a.first_seen_at,
                a.last_looked_at, r.*, h.hashes
            FROM internal.articles a
            JOIN revisions r ON r.article = a.article
            JOIN (SELECT article, max(revision) AS revision, list(revision_hash) AS hashes
                  FROM revisions GROUP BY article) h ON h.article = r.article AND h.revision = r.revision
            WHERE {condition}
            """,  # noqa: S608 - conditions are constants of this file
            parameters,
        )
        return {str(row["article"]): _stored_article(row) for row in found}

    def save_revisions(self, revisions: Sequence[NewRevision]) -> None:
        """Store new articles and new revisions."""
        self.db.insert("internal.articles", [_identity_row(one) for one in revisions], "INSERT OR IGNORE")
        self.db.insert("revisions", [_revision_row(one) for one in revisions], "INSERT OR IGNORE")

    def save_looks(self, looks: Sequence[tuple[str, datetime, datetime | None, bool]]) -> None:
        """Record (article, looked at, look again at, whether it is gone)."""
        if not looks:
            return
        incoming = pa.table(
            {
                "article": [look[0] for look in looks],
                "looked": pa.array([naive(look[1]) for look in looks], pa.timestamp("us")),
                "again": pa.array([naive(look[2]) for look in looks], pa.timestamp("us")),
                "gone": [look[3] for look in looks],
            }
        )
        self.db.connection.register("incoming", incoming)
        self.db.connection.execute(
            """
            UPDATE internal.articles SET last_looked_at = i.looked, look_again_at = i.again,
                gone_at = CASE WHEN i.gone THEN coalesce(gone_at, i.looked) END
            FROM incoming i WHERE internal.articles.article = i.article
            """
        )
        self.db.connection.unregister("incoming")

    def save_matches(self, matches: Sequence[tuple[str, int, Match]]) -> None:
        """Store (article, revision, match), replacing what the rules said before."""
        self.db.insert(
            "matches",
            [
                {
                    "topic": match.topic,
                    "article": article,
                    "revision": revision,
                    "is_on_topic": match.is_on_topic,
                    "centrality": match.centrality.value if match.centrality else None,
                    "score": match.score,
                    "reasons": [f"{reason.rule}: {reason.term}" for reason in match.reasons],
                    "decided_by": match.decided_by,
                    "topic_hash": match.topic_hash,
                }
                for article, revision, match in matches
            ],
            "INSERT OR REPLACE",
        )

    def match_hashes(self, topic: str) -> dict[str, tuple[int, str]]:
        """Return, for each article judged on a topic, the revision judged and the topic file's hash then."""
        found = self.db.connection.execute("SELECT article, revision, topic_hash FROM matches WHERE topic = ?", [topic])
        return {row[0]: (row[1], row[2]) for row in found.fetchall()}


def _identity_row(one: NewRevision) -> Row:
    return {
        "article": one.article,
        "outlet": one.outlet,
        "url": one.url,
        "canonical_url": one.canonical_url,
        "entry": one.entry,
        "first_seen_at": naive(one.first_seen_at),
        "via": one.via,
    }


def _revision_row(one: NewRevision) -> Row:
    content = one.content
    return {
        "article": one.article,
        "revision": one.revision,
        "revision_hash": one.revision_hash,
        "seen_at": naive(one.seen_at),
        "change_kind": one.change_kind,
        "change_note": one.change_note,
        "title": content.title,
        "text": content.text,
        "authors": list(content.authors),
        "published_at": naive(content.published_at),
        "modified_at": naive(content.modified_at),
        "site_name": content.site_name,
        "section": content.section,
        "language": content.language,
        "kind": content.kind.value,
        "completeness": content.completeness.value,
        "completeness_reason": content.completeness_reason,
        "word_count": content.word_count,
        "credit": content.credit,
        "payload_digest": one.payload_digest,
        "extractor": content.extractor,
        "extractor_version": content.extractor_version,
    }


def _stored_article(row: Mapping[str, object]) -> StoredArticle:
    values = {name: row[name] for name in Article.__dataclass_fields__ if name in row}
    values |= {
        "url": row["article_url"],
        "canonical_url": row["article_canonical"],
        "authors": tuple(row["authors"]),  # type: ignore[arg-type]
        "published_at": aware(row["published_at"]),  # type: ignore[arg-type]
        "modified_at": aware(row["modified_at"]),  # type: ignore[arg-type]
        "kind": ArticleKind(str(row["kind"])),
        "completeness": Completeness(str(row["completeness"])),
    }
    return StoredArticle(
        article=str(row["article"]),
        outlet=str(row["outlet"]),
        url=str(row["article_url"]),
        canonical_url=str(row["article_canonical"]),
        first_seen_at=aware(row["first_seen_at"]),  # type: ignore[arg-type]
        revision=row["revision"],  # type: ignore[arg-type]
        hashes=frozenset(row["hashes"]),  # type: ignore[call-overload]
        latest=Article(**values),  # type: ignore[arg-type]
        payload_digest=row["payload_digest"],  # type: ignore[arg-type]
        last_looked_at=aware(row["last_looked_at"]),  # type: ignore[arg-type]
    )
