"""What the scorers said, by article, revision, scorer and version."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from tracker.model import ArticleScores
from tracker.store.articles import RevisionText
from tracker.store.database import Database
from tracker.store.rows import Row
from tracker.store.score_rows import SCORE_COLUMNS, ScoreRow, score_rows

SCORE_TABLES = tuple(SCORE_COLUMNS)


class Scores:
    """The score tables, ``scored`` and ``scorers``."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def save(
        self,
        topic: str,
        scored: Sequence[tuple[RevisionText, ArticleScores]],
        scoring_hash: str,
    ) -> None:
        """Store scores, in place of any that the same scorers at the same versions gave the same revisions."""
        tables: dict[str, list[ScoreRow]] = {table: [] for table in SCORE_TABLES}
        done: list[Row] = []
        scorers: dict[tuple[str, str, str], Row] = {}
        for article, scores in scored:
            parts = {"headline": article.content.title, "body": article.content.text}
            for table, values in score_rows(topic, article.article, article.revision, scores, parts).items():
                tables[table] += values
            done.append(
                {
                    "topic": topic,
                    "article": article.article,
                    "revision": article.revision,
                    "scoring_hash": scoring_hash,
                    "unscored_reason": scores.unscored_reason,
                }
            )
            for info in scores.scorers:
                scorers[info.scorer, info.version, info.data_hash] = {
                    "scorer": info.scorer,
                    "scorer_version": info.version,
                    "data_hash": info.data_hash,
                    "languages": sorted(info.languages),
                }
        self._forget_scores(topic, [(article.article, article.revision) for article, _ in scored], set(scorers))
        self.db.insert("scorers", list(scorers.values()), "INSERT OR IGNORE")
        for table, values in tables.items():
            self.db.insert_tuples(table, SCORE_COLUMNS[table], values)
        self.db.insert("scored", done)

    def _forget_scores(
        self, topic: str, revisions: Sequence[tuple[str, int]], scorers: set[tuple[str, str, str]]
    ) -> None:
        keys = pa.table(
            {
                "article": pa.array([article for article, _ in revisions], pa.string()),
                "revision": pa.array([revision for _, revision in revisions], pa.int32()),
            }
        )
        versions = [f"{scorer} {version}" for scorer, version, _ in sorted(scorers)]
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
