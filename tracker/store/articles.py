"""Articles, their revisions, and the decisions whether they are on a topic."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa

from tracker.model import Article, ArticleKind, Completeness, Match, MatchDecision, SeenVersion
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
    revision: int  # the number of the latest
    versions: tuple[SeenVersion, ...]  # every one so far
    latest: Article
    last_looked_at: datetime | None = None
    standing_revision: int | None = None  # the one that stood at the last look, where it is not the latest
    is_gone: bool = False

    @property
    def standing(self) -> int:
        """The number of the version that stood at the last look."""
        return self.standing_revision or self.revision


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """That an article's page was looked at. ``is_gone`` and ``standing_revision`` None leave what is known."""

    article: str
    looked_at: datetime
    look_again_at: datetime | None
    is_gone: bool | None
    standing_revision: int | None = None
    moved_to: str | None = None  # the address to be asked from now on


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionText:
    """One revision to be judged or scored. ``language`` falls back to the outlet's where the text is unsure."""

    article: str
    revision: int
    outlet: str
    language: str | None
    content: Article


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
    substance_hash: str | None = None
    text_hash: str | None = None
    seen_at: datetime
    change_kind: str
    change_note: str | None
    content: Article
    payload_digest: str | None


class Articles:
    """``internal.articles``, ``revisions`` and ``matches``."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def stored(self, ids: Sequence[str]) -> dict[str, StoredArticle]:
        """Return the articles of these ids that are known, each with the version that stood last."""
        return self._stored("a.article IN (SELECT unnest(?))", [list(ids)])

    def to_look_at(self, now: datetime, limit: int) -> list[StoredArticle]:
        """Return up to ``limit`` on-topic articles that are due for another look, longest due first.

        Those whose pages are gone come last: now and then one comes back.
        """
        condition = """
            a.look_again_at <= ? AND a.article IN
            (SELECT article FROM matches WHERE is_on_topic IS DISTINCT FROM false)
            ORDER BY a.gone_at IS NOT NULL, a.look_again_at, a.article LIMIT ?
        """
        return list(self._stored(condition, [naive(now), limit]).values())

    def _stored(self, condition: str, parameters: Sequence[object]) -> dict[str, StoredArticle]:
        """Return the articles of a condition, in its order, each with its versions and the one that stands.

        The few that are wanted are found first: else every article's versions are gone through, at each batch of pages.
        """
        found = self.db.dicts(
            f"""
            WITH wanted AS MATERIALIZED (
                SELECT *, row_number() OVER () AS place FROM (FROM internal.articles a WHERE {condition})
            ), versions AS MATERIALIZED (
                SELECT article, max(revision) AS newest,
                    list((revision, revision_hash, substance_hash, text_hash) ORDER BY revision) AS versions
                FROM revisions SEMI JOIN wanted USING (article) GROUP BY article
            )
            SELECT a.article, a.outlet, a.url AS article_url, a.canonical_url AS article_canonical, a.first_seen_at,
                a.last_looked_at, a.standing_revision, a.gone_at, r.*, v.newest, v.versions
            FROM wanted a JOIN versions v ON v.article = a.article
            JOIN (FROM revisions SEMI JOIN wanted USING (article)) r
                ON r.article = a.article AND r.revision = coalesce(a.standing_revision, v.newest)
            ORDER BY a.place
            """,  # noqa: S608 - conditions are constants of this file
            parameters,
        )
        return {str(row["article"]): _stored_article(row) for row in found}

    def save_revisions(self, revisions: Sequence[NewRevision]) -> None:
        """Store new articles and new revisions."""
        self.db.insert("internal.articles", [_identity_row(one) for one in revisions], "INSERT OR IGNORE")
        self.db.insert("revisions", [_revision_row(one) for one in revisions], "INSERT OR IGNORE")

    def outdated(self, extractor_version: str, after: str, limit: int) -> list[str]:
        """Return up to ``limit`` ids, beyond ``after``, of articles with a page that another version has read."""
        found = self.db.connection.execute(
            "SELECT DISTINCT article FROM revisions WHERE extractor_version <> ? AND payload_digest IS NOT NULL "
            "AND article > ? ORDER BY article LIMIT ?",
            [extractor_version, after, limit],
        )
        return [article for (article,) in found.fetchall()]

    def revisions_of(self, ids: Sequence[str]) -> dict[str, list[NewRevision]]:
        """Return every version of these articles, as stored and in order."""
        found = self.db.dicts(
            """
            SELECT r.*, a.outlet, a.url AS article_url, a.canonical_url AS article_canonical, a.entry,
                a.first_seen_at, a.via
            FROM revisions r JOIN internal.articles a USING (article)
            WHERE list_contains(?, r.article) ORDER BY r.article, r.revision
            """,
            [list(ids)],
        )
        revisions: dict[str, list[NewRevision]] = {}
        for row in found:
            revisions.setdefault(str(row["article"]), []).append(_revision(row))
        return revisions

    def replace_revisions(self, revisions: Sequence[NewRevision]) -> None:
        """Put other facts in the place of stored ones, under the same numbers."""
        self.db.insert("revisions", [_revision_row(one) for one in revisions], "INSERT OR REPLACE")

    def forget_judgements(self, revisions: Sequence[NewRevision]) -> None:
        """Forget what was decided of these versions, so that they are matched, clustered and scored again."""
        incoming = pa.table(
            {
                "article": pa.array([one.article for one in revisions], pa.string()),
                "revision": pa.array([one.revision for one in revisions], pa.int32()),
            }
        )
        self.db.connection.register("incoming", incoming)
        self.db.connection.execute(
            "UPDATE internal.fingerprints f SET revision = 0 FROM incoming i "
            "WHERE f.article = i.article AND f.revision = i.revision"
        )
        for table in ("matches", "scored"):
            self.db.connection.execute(
                f"DELETE FROM {table} t USING incoming i WHERE t.article = i.article AND t.revision = i.revision"  # noqa: S608 - constants
            )
        self.db.connection.unregister("incoming")

    def save_looks(self, looks: Sequence[Look]) -> None:
        """Record that pages were looked at, and what became of them."""
        if not looks:
            return
        incoming = pa.table(
            {
                "article": [look.article for look in looks],
                "looked": pa.array([naive(look.looked_at) for look in looks], pa.timestamp("us")),
                "again": pa.array([naive(look.look_again_at) for look in looks], pa.timestamp("us")),
                "gone": pa.array([look.is_gone for look in looks], pa.bool_()),
                "standing": pa.array([look.standing_revision for look in looks], pa.int32()),
                "moved": pa.array([look.moved_to for look in looks], pa.string()),
            }
        )
        self.db.connection.register("incoming", incoming)
        self.db.connection.execute(
            """
            UPDATE internal.articles SET last_looked_at = i.looked, look_again_at = i.again,
                gone_at = CASE WHEN i.gone THEN coalesce(gone_at, i.looked) WHEN i.gone IS NULL THEN gone_at END,
                standing_revision = coalesce(i.standing, standing_revision), url = coalesce(i.moved, url)
            FROM incoming i WHERE internal.articles.article = i.article
            """
        )
        self.db.connection.unregister("incoming")

    def without_fingerprint(self, limit: int) -> list[RevisionText]:
        """Return up to ``limit`` articles whose latest revision has no fingerprint yet."""
        return self._texts(
            """
            JOIN internal.latest l USING (article, revision)
            LEFT JOIN internal.fingerprints f USING (article, revision)
            WHERE f.article IS NULL ORDER BY r.article LIMIT ?
            """,
            [limit],
        )

    def not_matched(
        self, topic: str, topic_hash: str, limit: int, decisions: Sequence[MatchDecision] = ()
    ) -> list[RevisionText]:
        """Return up to ``limit`` articles that are to be judged for a topic.

        Those whose latest revision this version of the topic has not judged, and those of which people have
        since decided otherwise. ``decisions`` are all that hold for the topic.
        """
        self.db.connection.register("decided", _decisions_table(topic, decisions))
        try:
            return self._texts(
                """
                JOIN internal.latest l USING (article, revision)
                LEFT JOIN matches m ON m.topic = ? AND m.article = r.article AND m.revision = r.revision
                    AND m.topic_hash = ?
                LEFT JOIN decided d ON d.article = r.article
                WHERE m.article IS NULL OR m.decided_at IS DISTINCT FROM d.at
                    OR (d.at IS NOT NULL AND (m.is_on_topic, m.decided_by) IS DISTINCT FROM (d.is_on_topic, d.by))
                ORDER BY r.article LIMIT ?
                """,
                [topic, topic_hash, limit],
            )
        finally:
            self.db.connection.unregister("decided")

    def not_scored(self, topic: str, scoring_hash: str, limit: int) -> list[RevisionText]:
        """Return up to ``limit`` revisions of on-topic articles that this version of the scorers has not seen."""
        return self._texts(
            """
            JOIN matches m ON m.topic = ? AND m.article = r.article AND m.is_on_topic
            LEFT JOIN scored s ON s.topic = m.topic AND s.article = r.article AND s.revision = r.revision
                AND s.scoring_hash = ?
            WHERE s.article IS NULL ORDER BY r.article, r.revision LIMIT ?
            """,
            [topic, scoring_hash, limit],
        )

    def on_topic(self) -> dict[str, int]:
        """Return how many articles are on each topic, by the topic's title."""
        found = self.db.connection.execute(
            "SELECT t.title, count(m.article) FILTER (m.is_on_topic) FROM topics t LEFT JOIN matches m USING (topic) "
            "GROUP BY t.title ORDER BY t.title"
        )
        return dict(found.fetchall())

    def _texts(self, rest: str, parameters: Sequence[object]) -> list[RevisionText]:
        """Return the revisions that ``rest`` picks: their rows first, since texts are wide and most are not wanted."""
        picked = self.db.connection.execute(
            f"SELECT r.rowid FROM revisions r {rest}",  # noqa: S608 - the rest is a constant of this file
            list(parameters),
        ).fetchall()
        wanted = pa.table({"row": pa.array([row for (row,) in picked], pa.int64())})
        self.db.connection.register("wanted", wanted)
        found = self.db.dicts(
            """
            SELECT r.*, a.outlet, o.language AS outlet_language, a.url AS article_url,
                a.canonical_url AS article_canonical
            FROM revisions r JOIN wanted w ON r.rowid = w.row
            JOIN internal.articles a USING (article) LEFT JOIN outlets o USING (outlet)
            ORDER BY r.article, r.revision
            """
        )
        self.db.connection.unregister("wanted")
        return [
            RevisionText(
                article=str(row["article"]),
                revision=int(str(row["revision"])),
                outlet=str(row["outlet"]),
                language=str(row["language"] or row["outlet_language"] or "") or None,
                content=_content(row),
            )
            for row in found
        ]

    def _save_match_evidence(self, matches: Sequence[tuple[str, int, Match]]) -> None:
        keys = sorted({(match.topic, article) for article, _, match in matches})
        self.db.connection.register(
            "incoming", pa.table({"topic": [key[0] for key in keys], "article": [key[1] for key in keys]})
        )
        self.db.connection.execute(
            "DELETE FROM evidence USING incoming i WHERE evidence.topic = i.topic AND evidence.article = i.article "
            "AND evidence.scorer = 'match'"
        )
        self.db.connection.unregister("incoming")
        self.db.insert(
            "evidence",
            [
                {
                    "topic": match.topic,
                    "article": article,
                    "revision": revision,
                    "scorer": "match",
                    "scorer_version": match.topic_hash,
                    "tag": tag,
                    "part": span.part.value,
                    "start_offset": span.start,
                    "end_offset": span.end,
                    "voice": None,
                }
                for article, revision, match in matches
                for tag, span in (
                    *((f"match:{reason.rule}", reason.span) for reason in match.reasons if reason.span),
                    *(("topic:sentence", span) for span in match.sentences),
                )
            ],
        )

    def save_matches(self, matches: Sequence[tuple[str, int, Match]]) -> None:
        """Store (article, revision, match), replacing what the rules said before."""
        if matches:
            self._save_match_evidence(matches)
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
                    "decided_at": naive(match.decided_at),
                    "topic_hash": match.topic_hash,
                }
                for article, revision, match in matches
            ],
            "INSERT OR REPLACE",
        )


def _decisions_table(topic: str, decisions: Sequence[MatchDecision]) -> pa.Table:
    """Return the decisions on one topic that are not left to the rules."""
    held = [one for one in decisions if one.topic == topic and one.is_on_topic is not None]
    return pa.table(
        {
            "article": pa.array([one.article for one in held], pa.string()),
            "is_on_topic": pa.array([one.is_on_topic for one in held], pa.bool_()),
            "by": pa.array([one.by for one in held], pa.string()),
            "at": pa.array([naive(one.at) for one in held], pa.timestamp("us")),
        }
    )


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
        "substance_hash": one.substance_hash,
        "text_hash": one.text_hash,
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


def _revision(row: Mapping[str, object]) -> NewRevision:
    names = ("article", "outlet", "entry", "via", "revision", "revision_hash", "substance_hash", "text_hash")
    values = {name: row[name] for name in (*names, "change_kind", "change_note", "payload_digest")}
    values |= {
        "url": row["article_url"],
        "canonical_url": row["article_canonical"],
        "first_seen_at": aware(row["first_seen_at"]),  # type: ignore[arg-type]
        "seen_at": aware(row["seen_at"]),  # type: ignore[arg-type]
        "content": _content(row),
    }
    return NewRevision(**values)  # type: ignore[arg-type]


def _content(row: Mapping[str, object]) -> Article:
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
    return Article(**values)  # type: ignore[arg-type]


def _stored_article(row: Mapping[str, object]) -> StoredArticle:
    return StoredArticle(
        article=str(row["article"]),
        outlet=str(row["outlet"]),
        url=str(row["article_url"]),
        canonical_url=str(row["article_canonical"]),
        first_seen_at=aware(row["first_seen_at"]),  # type: ignore[arg-type]
        revision=int(str(row["newest"])),
        versions=tuple(
            SeenVersion(revision=number, revision_hash=whole, substance_hash=substance, text_hash=text)
            for number, whole, substance, text in row["versions"]  # type: ignore[attr-defined]
        ),
        latest=_content(row),
        last_looked_at=aware(row["last_looked_at"]),  # type: ignore[arg-type]
        standing_revision=row["standing_revision"],  # type: ignore[arg-type]
        is_gone=row["gone_at"] is not None,
    )
