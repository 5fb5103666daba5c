"""The tables with intervals that are computed when a snapshot is published."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import duckdb
import pandas as pd
import pyarrow as pa

from tracker.report.coding.published import COLUMNS as VALIDITY_COLUMNS
from tracker.report.coding.published import COMMENT as VALIDITY_COMMENT
from tracker.report.coding.published import CORRECTED_COLUMNS, checks, corrected_frames, validity_rows
from tracker.report.intervals import Estimate, mean_estimate, share_estimate, shrink
from tracker.store.publish import Figure

ESTIMATE_COLUMNS = {
    "n": "Articles behind the figure",
    "estimate": "The figure; null below the minimum sample of 5 articles",
    "low": "Lower end of the 95 % interval",
    "high": "Upper end of the 95 % interval",
    "shrunk": "The figure drawn toward the other outlets' by empirical Bayes",
    "is_reportable": "Whether the sample reaches the minimum",
}
KEY_COLUMNS = {
    "topic": "Topic",
    "outlet": "Outlet",
    "scorer": "Scorer of sentiment",
    "part": "headline, body, outlet_voice or quoted_voice",
    "pack": "Pack that defines the frame",
    "frame": "Frame id",
    "voice": "outlet, quoted or reported",
    "camp": "Side of the speaker; null for the outlet's own voice",
    "term_group": "Group of names for the same thing",
    "term": "Term in its dictionary form",
    "stance": "Stance that the term carries",
}
TEXTS = KEY_COLUMNS | ESTIMATE_COLUMNS | CORRECTED_COLUMNS

# One row is an article and a part or voice; partial texts have a headline, but no body to score.
SENTIMENT = """
SELECT m.topic, a.outlet, s.scorer, s.part, s.value, coalesce(a.wire_cluster, a.article) AS cluster
FROM sentiment s
JOIN snapshot_scorers c USING (scorer, scorer_version)
JOIN matches m ON m.topic = s.topic AND m.article = s.article AND m.is_on_topic
JOIN articles a ON a.article = s.article AND a.n_revisions = s.revision
WHERE s.value IS NOT NULL AND (s.part = 'headline' OR a.completeness = 'whole')
    AND (NOT a.is_wire_copy OR NOT $own)
ORDER BY m.topic, s.scorer, s.part, a.outlet, a.article
"""
# One row is an outlet and a frame: how many of its scored articles hold it.
FRAMES = """
WITH scored_articles AS (
    SELECT s.topic, a.outlet, a.article, a.n_revisions AS revision
    FROM scored s
    JOIN matches m ON m.topic = s.topic AND m.article = s.article AND m.is_on_topic
    JOIN articles a ON a.article = s.article AND a.n_revisions = s.revision
    WHERE s.unscored_reason IS NULL AND (NOT a.is_wire_copy OR NOT $own)
), present AS (
    SELECT f.topic, s.outlet, f.pack, f.frame, count(*) AS n_with, count(*) FILTER (f.is_primary) AS n_primary
    FROM frames f JOIN snapshot_scorers c USING (scorer, scorer_version)
    JOIN scored_articles s ON s.topic = f.topic AND s.article = f.article AND s.revision = f.revision
    GROUP BY ALL
), totals AS (SELECT topic, outlet, count(*) AS n FROM scored_articles GROUP BY ALL),
known AS (SELECT DISTINCT topic, pack, frame FROM present)
SELECT t.topic, k.pack, k.frame, t.outlet, coalesce(p.n_with, 0) AS n_with, coalesce(p.n_primary, 0) AS n_primary, t.n
FROM totals t JOIN known k USING (topic)
LEFT JOIN present p ON p.topic = t.topic AND p.outlet = t.outlet AND p.pack = k.pack AND p.frame = k.frame
ORDER BY t.topic, k.pack, k.frame, t.outlet
"""
# One row is an article and a voice with a camp: its share of the article's words.
VOICES = """
WITH words AS (
    SELECT p.topic, a.outlet, a.article, coalesce(a.wire_cluster, a.article) AS cluster,
        p.voice, p.camp, sum(p.n_words) AS n_words
    FROM passages p JOIN snapshot_scorers c USING (scorer, scorer_version)
    JOIN matches m ON m.topic = p.topic AND m.article = p.article AND m.is_on_topic
    JOIN articles a ON a.article = p.article AND a.n_revisions = p.revision
    WHERE p.part = 'body' AND a.completeness = 'whole' AND (NOT a.is_wire_copy OR NOT $own)
    GROUP BY ALL
), articles_with AS (
    SELECT topic, outlet, article, cluster, sum(n_words) AS n_words FROM words GROUP BY ALL HAVING sum(n_words) > 0
), kinds AS (SELECT DISTINCT topic, outlet, voice, camp FROM words)
SELECT k.topic, k.voice, k.camp, k.outlet, coalesce(w.n_words, 0) / t.n_words AS value, t.cluster
FROM kinds k JOIN articles_with t USING (topic, outlet)
LEFT JOIN words w ON w.topic = t.topic AND w.article = t.article AND w.voice = k.voice
    AND w.camp IS NOT DISTINCT FROM k.camp
ORDER BY k.topic, k.voice, k.camp, k.outlet, t.article
"""
# One row is an article that uses a group of names in a voice, and one name's share of those uses: nought where an
# outlet uses the group without that name, so that outlets that avoid a name are among those compared.
LOADED = """
WITH uses AS (
    SELECT l.topic, a.outlet, a.article, coalesce(a.wire_cluster, a.article) AS cluster,
        l.term_group, {name}, l.voice, count(*) AS n_uses
    FROM loaded_terms l JOIN snapshot_scorers c USING (scorer, scorer_version)
    JOIN matches m ON m.topic = l.topic AND m.article = l.article AND m.is_on_topic
    JOIN articles a ON a.article = l.article AND a.n_revisions = l.revision
    WHERE NOT a.is_wire_copy OR NOT $own
    GROUP BY ALL
), per_article AS (
    SELECT topic, outlet, article, cluster, term_group, voice, sum(n_uses) AS n_uses FROM uses GROUP BY ALL
), names AS (SELECT DISTINCT topic, term_group, {name}, voice FROM uses)
SELECT t.topic, t.term_group, {name}, t.voice, p.outlet, coalesce(u.n_uses, 0) / p.n_uses AS value, p.cluster
FROM names t JOIN per_article p USING (topic, term_group, voice)
LEFT JOIN uses u USING (article, topic, term_group, voice, {name})
ORDER BY t.topic, t.term_group, {name}, t.voice, p.outlet, p.article
"""
LOADED_TERMS = LOADED.format(name="term, stance")
LOADED_STANCES = LOADED.format(name="stance")

SENTIMENT_KEYS = ("topic", "scorer", "part")
FRAME_KEYS = ("topic", "pack", "frame")
VOICE_KEYS = ("topic", "voice", "camp")
TERM_KEYS = ("topic", "term_group", "term", "stance", "voice")
STANCE_KEYS = ("topic", "term_group", "stance", "voice")


def figures(connection: duckdb.DuckDBPyConnection) -> Mapping[str, Figure]:
    """Compute the tables that compare outlets, each with and without (``_own``) wire copies."""
    found = checks(connection)
    tables: dict[str, Figure] = {"validity": _figure(validity_rows(found), VALIDITY_COMMENT, VALIDITY_COLUMNS)}
    for suffix, own, note in (("", False, ""), ("_own", True, ", without wire copies")):
        tone = _estimates(_frame(connection, SENTIMENT, own=own), SENTIMENT_KEYS, _mean)
        is_default = tone.scorer.isin(_default_scorers(connection))
        tables[f"outlet_sentiment{suffix}"] = _figure(
            tone[is_default].drop(columns="scorer"),
            f"One row is an outlet's mean valence of a part or voice on a topic, default scorer{note}",
        )
        if not own:
            tables["outlet_sentiment_by_scorer"] = _figure(
                tone, "One row is an outlet's mean valence of a part or voice on a topic by one scorer"
            )
        tables[f"outlet_frames{suffix}"] = _figure(
            corrected_frames(_estimates(_frame(connection, FRAMES, own=own), FRAME_KEYS, _share), found),
            f"One row is the share of an outlet's articles on a topic in which a frame is present{note}",
        )
        tables[f"outlet_voices{suffix}"] = _figure(
            _estimates(_frame(connection, VOICES, own=own), VOICE_KEYS, _mean),
            f"One row is the mean share of an outlet's body words in a voice of a camp{note}",
        )
        tables[f"outlet_loaded_terms{suffix}"] = _figure(
            _estimates(_frame(connection, LOADED_TERMS, own=own), TERM_KEYS, _mean_share),
            f"One row is the mean share of a name among an outlet's names for one thing, by voice{note}",
        )
        tables[f"outlet_loaded_stances{suffix}"] = _figure(
            _estimates(_frame(connection, LOADED_STANCES, own=own), STANCE_KEYS, _mean_share),
            f"One row is the mean share of names of one stance among an outlet's names for one thing, by voice{note}",
        )
    return tables


def _frame(connection: duckdb.DuckDBPyConnection, query: str, *, own: bool) -> pd.DataFrame:
    return connection.execute(query, {"own": own}).fetchdf()


def _default_scorers(connection: duckdb.DuckDBPyConnection) -> list[str]:
    found = connection.execute("SELECT scorer FROM snapshot_scorers WHERE is_default").fetchall()
    return [row[0] for row in found]


def _mean(group: pd.DataFrame) -> Estimate:
    return mean_estimate(group["value"].tolist(), group["cluster"].tolist())


def _mean_share(group: pd.DataFrame) -> Estimate:
    """Return the mean of shares; where all are 0 or all 1 their spread says nothing, so Wilson's interval holds."""
    n, total = len(group), float(group["value"].sum())
    return share_estimate(round(total), n) if total in (0, n) else _mean(group)


def _share(group: pd.DataFrame) -> Estimate:
    row = group.iloc[0]
    return share_estimate(int(row["n_with"]), int(row["n"]))


def _estimates(rows: pd.DataFrame, keys: Sequence[str], estimate: Callable[[pd.DataFrame], Estimate]) -> pd.DataFrame:
    """Return one row for each group of ``keys`` and outlet, shrunk among the outlets of the same keys."""
    records: list[dict[str, object]] = []
    for key, group in rows.groupby(list(keys), dropna=False, sort=True):
        outlets = [(outlet, estimate(part)) for outlet, part in group.groupby("outlet", sort=True)]
        for (outlet, _), one in zip(outlets, shrink([one for _, one in outlets]), strict=True):
            names: dict[str, object] = {
                name: part if isinstance(part, str) else None for name, part in zip(keys, key, strict=True)
            }
            records.append(
                names
                | {"outlet": outlet, "n": one.n, "estimate": one.estimate, "low": one.low, "high": one.high}
                | {"shrunk": one.shrunk, "is_reportable": one.is_reportable}
            )
    return pd.DataFrame.from_records(records, columns=[*keys, "outlet", *ESTIMATE_COLUMNS])


def _figure(rows: pd.DataFrame, comment: str, texts: Mapping[str, str] = TEXTS) -> Figure:
    types: dict[str, pa.DataType] = {"n": pa.int64()}
    types |= dict.fromkeys(("is_reportable", "is_checked", "is_sampled"), pa.bool_())
    types |= dict.fromkeys(
        ("estimate", "low", "high", "shrunk", "corrected", "corrected_low", "corrected_high"), pa.float64()
    )
    schema = pa.schema([(str(name), types.get(str(name), pa.string())) for name in rows.columns])
    return Figure(
        table=pa.Table.from_pandas(rows, schema=schema, preserve_index=False),
        comment=comment,
        columns={str(name): texts[str(name)] for name in rows.columns},
    )
