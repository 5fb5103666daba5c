"""Everything a snapshot knows of one article: text, layers with their spans, versions, copies, reasons."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from tracker.errors import StoreError
from tracker.report.filters import MIN_MENTIONS
from tracker.report.snapshot_report import SnapshotReport


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleReport:
    """One article on one topic. The frames hold offsets into ``facts.title`` and ``facts.text``."""

    facts: pd.Series
    match: pd.Series
    passages: pd.DataFrame  # part, start_offset, end_offset, voice, cue, speaker, camp
    evidence: pd.DataFrame  # tag, part, start_offset, end_offset, voice
    frames: pd.DataFrame  # pack, frame, score, is_primary, definition
    loaded_terms: pd.DataFrame  # term_group, term, text, stance, part, start_offset, end_offset, voice
    sentences: pd.DataFrame  # part, start_offset, end_offset, voice, value
    sentiment: pd.DataFrame  # scorer, part, value, n_sentences
    targets: pd.DataFrame  # target, n_mentions, score
    revisions: pd.DataFrame  # revision, seen_at, change_kind, change_note, title, text
    copies: pd.DataFrame  # article, outlet_name, title, published_at, is_original


def article_report(report: SnapshotReport, topic: str, article: str) -> ArticleReport:
    """Return what is known of an article. Raises StoreError where the snapshot does not hold it."""
    key: dict[str, object] = {"topic": topic, "article": article}
    facts = report.frame("SELECT * FROM articles WHERE article = $article", {"article": article})
    match = report.frame("SELECT * FROM matches WHERE topic = $topic AND article = $article", key)
    if facts.empty or match.empty:
        raise StoreError(f"article {article}: not in this snapshot under topic {topic}: it may have been withdrawn")
    key |= {"revision": int(facts.iloc[0].n_revisions)}
    here = "t.topic = $topic AND t.article = $article AND t.revision = $revision"
    current = "JOIN snapshot_scorers c USING (scorer, scorer_version)"

    def rows(query: str) -> pd.DataFrame:
        return report.frame(query, key)

    return ArticleReport(
        facts=facts.iloc[0],
        match=match.iloc[0],
        passages=rows(f"SELECT t.* FROM passages t {current} WHERE {here} ORDER BY part DESC, start_offset"),  # noqa: S608
        evidence=rows(f"SELECT * FROM evidence t WHERE {here} ORDER BY part DESC, start_offset"),  # noqa: S608
        frames=rows(
            "SELECT t.pack, t.frame, t.score, t.is_primary, d.definition "  # noqa: S608
            f"FROM frames t {current} LEFT JOIN frame_definitions d ON d.topic = t.topic AND d.pack = t.pack "
            f"AND d.frame = t.frame WHERE {here} ORDER BY t.pack, t.score DESC"
        ),
        loaded_terms=rows(f"SELECT t.* FROM loaded_terms t {current} WHERE {here} ORDER BY part DESC, start_offset"),  # noqa: S608
        sentences=rows(
            f"SELECT t.* FROM sentence_sentiment t {current} WHERE {here} AND c.is_default "  # noqa: S608
            "ORDER BY part DESC, start_offset"
        ),
        sentiment=rows(
            f"SELECT t.scorer, t.part, t.value, t.n_sentences FROM sentiment t {current} WHERE {here} "  # noqa: S608
            "ORDER BY t.scorer, t.part"
        ),
        targets=rows(
            "SELECT coalesce(a.name, t.target) AS target, count(*) AS n_mentions, "  # noqa: S608
            f"CASE WHEN count(*) >= {MIN_MENTIONS} THEN avg(t.score) END AS score "
            f"FROM target_sentiment t {current} LEFT JOIN actors a ON a.topic = t.topic AND a.actor = t.target "
            f"WHERE {here} GROUP BY ALL ORDER BY n_mentions DESC, target"
        ),
        revisions=report.frame(
            "SELECT * FROM revisions WHERE article = $article ORDER BY revision", {"article": article}
        ),
        copies=report.frame(
            "SELECT b.article, b.outlet_name, b.title, b.url, b.published_at, b.is_original, b.word_count "
            "FROM articles a JOIN articles b ON b.wire_cluster = a.wire_cluster AND b.article <> a.article "
            "WHERE a.article = $article ORDER BY b.is_original DESC, b.published_at",
            {"article": article},
        ),
    )
