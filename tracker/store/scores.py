"""What the scorers said, by article, revision, scorer and version."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

import pyarrow as pa

from tracker.model import ArticleScores, ScorerInfo
from tracker.store.articles import RevisionText
from tracker.store.database import Database
from tracker.store.rows import Row
from tracker.store.score_rows import SCORE_COLUMNS, ScoreRow, score_rows

SCORE_TABLES = tuple(SCORE_COLUMNS)


class Scored(NamedTuple):
    """A revision that was given to scorers, and why they said nothing of it where they did not."""

    article: str
    revision: int
    unscored_reason: str | None = None


class Scores:
    """The score tables, ``scored`` and ``scorers``."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def save(self, topic: str, scored: Sequence[tuple[RevisionText, ArticleScores]], scoring_hash: str) -> None:
        """Store scores, in place of any that the same scorers at the same versions gave the same revisions."""
        tables: dict[str, list[ScoreRow]] = {table: [] for table in SCORE_TABLES}
        for article, scores in scored:
            parts = {"headline": article.content.title, "body": article.content.text}
            for table, values in score_rows(topic, scores, parts, (article.article, article.revision)).items():
                tables[table] += values
        done = [Scored(one.article, one.revision, scores.unscored_reason) for one, scores in scored]
        self._note(topic, done, {info for _, scores in scored for info in scores.scorers}, scoring_hash)
        for table, values in tables.items():
            self.db.insert_tuples(table, ("article", "revision", *SCORE_COLUMNS[table]), values)

    def save_columns(
        self,
        topic: str,
        scored: Sequence[tuple[str, Scored]],
        texts: pa.RecordBatch,
        scorers: Collection[ScorerInfo],
        scoring_hash: str,
    ) -> None:
        """Store, as ``save`` does, scores of one topic that stand in columns of ``score_type``.

        ``texts`` has these and ``entry``; ``scored`` says by its entry which revision a text is.
        """
        self._note(topic, [one for _, one in scored], scorers, scoring_hash)
        placed = pa.table(
            {
                "entry": pa.array([entry for entry, _ in scored], pa.string()),
                "article": pa.array([one.article for _, one in scored], pa.string()),
                "revision": pa.array([one.revision for _, one in scored], pa.int32()),
            }
        )
        connection = self.db.connection
        connection.register("texts", texts)
        connection.register("placed", placed)
        for table in SCORE_TABLES:
            connection.execute(
                f"""
                INSERT INTO {table} BY NAME SELECT p.article, p.revision, s.* EXCLUDE (entry)
                FROM (SELECT entry, unnest({table}, max_depth := 2) FROM texts) s JOIN placed p USING (entry)
                WHERE s.topic = ?
                """,  # noqa: S608 - constants
                [topic],
            )
        connection.unregister("texts")
        connection.unregister("placed")

    def _note(self, topic: str, scored: Sequence[Scored], scorers: Collection[ScorerInfo], scoring_hash: str) -> None:
        """Store that revisions were scored and by whom, and forget what the same scorers said of them before."""
        self._forget_scores(topic, scored, scorers)
        named: list[Row] = [
            {
                "scorer": info.scorer,
                "scorer_version": info.version,
                "data_hash": info.data_hash,
                "languages": sorted(info.languages),
            }
            for info in sorted(scorers, key=lambda info: (info.scorer, info.version, info.data_hash))
        ]
        self.db.insert("scorers", named, "INSERT OR IGNORE")
        self.db.insert("scored", [{"topic": topic, "scoring_hash": scoring_hash, **one._asdict()} for one in scored])

    def _forget_scores(self, topic: str, scored: Sequence[Scored], scorers: Collection[ScorerInfo]) -> None:
        keys = pa.table(
            {
                "article": pa.array([one.article for one in scored], pa.string()),
                "revision": pa.array([one.revision for one in scored], pa.int32()),
            }
        )
        versions = sorted({f"{info.scorer} {info.version}" for info in scorers})
        self.db.connection.register("incoming", keys)
        for table in SCORE_TABLES:
            self.db.connection.execute(
                f"""
                DELETE FROM {table} USING incoming i WHERE {table}.topic = ? AND {table}.article = i.article
                AND {table}.revision = i.revision AND list_contains(?, {table}.scorer || ' ' || {table}.scorer_version)
                """,  # noqa: S608 - constants
                [topic, versions],
            )
        self.db.connection.execute(
            "DELETE FROM scored USING incoming i WHERE scored.topic = ? AND scored.article = i.article "
            "AND scored.revision = i.revision",
            [topic],
        )
        self.db.connection.unregister("incoming")
