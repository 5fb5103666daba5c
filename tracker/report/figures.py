"""The tables with intervals that are computed when a snapshot is published."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

import duckdb
import numpy as np
import pyarrow as pa
from pyarrow import compute

from tracker.report.answers import answers
from tracker.report.coding.published import COLUMNS as VALIDITY_COLUMNS
from tracker.report.coding.published import COMMENT as VALIDITY_COMMENT
from tracker.report.coding.published import CORRECTED_COLUMNS, checks, corrected_frames, validity_rows
from tracker.report.intervals import RESAMPLES, Estimates, mean_estimates, share_estimates, shrunken
from tracker.store.publish import Figure

ESTIMATE_COLUMNS = {
    "n": "Articles behind the figure",
    "estimate": "The figure; null below the minimum sample of 5 articles",
    "low": f"Lower end of the 95 % interval; {RESAMPLES:,} resamples where it is a bootstrap's (docs/methods.md)",
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

# The articles on each topic, once for all figures; clusters are numbered in the order of their names.
ON_TOPIC = """
CREATE OR REPLACE TEMP TABLE on_topic AS
SELECT m.topic, a.article, a.n_revisions AS revision, a.outlet, a.completeness = 'whole' AS is_whole, a.is_wire_copy,
    dense_rank() OVER (ORDER BY coalesce(a.wire_cluster, a.article)) AS cluster
FROM matches m JOIN articles a USING (article) WHERE m.is_on_topic
"""
# One row is an article and a part or voice; partial texts have a headline, but no body to score.
SENTIMENT = """
SELECT s.topic, s.scorer, s.part, a.outlet, a.article, a.cluster, s.value
FROM sentiment s
JOIN snapshot_scorers c USING (scorer, scorer_version)
JOIN on_topic a ON a.topic = s.topic AND a.article = s.article AND a.revision = s.revision
WHERE s.value IS NOT NULL AND (s.part = 'headline' OR a.is_whole) AND (NOT a.is_wire_copy OR NOT $own)
"""
# One row is an outlet and a frame: how many of its scored articles hold it.
FRAMES = """
WITH scored_articles AS (
    SELECT a.topic, a.outlet, a.article, a.revision
    FROM scored s JOIN on_topic a ON a.topic = s.topic AND a.article = s.article AND a.revision = s.revision
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
    SELECT a.topic, a.outlet, a.article, a.cluster, p.voice, p.camp, sum(p.n_words) AS n_words
    FROM passages p JOIN snapshot_scorers c USING (scorer, scorer_version)
    JOIN on_topic a ON a.topic = p.topic AND a.article = p.article AND a.revision = p.revision
    WHERE p.part = 'body' AND a.is_whole AND (NOT a.is_wire_copy OR NOT $own)
    GROUP BY ALL
), articles_with AS (
    SELECT topic, outlet, article, cluster, sum(n_words) AS n_words FROM words GROUP BY ALL HAVING sum(n_words) > 0
), kinds AS (SELECT DISTINCT topic, outlet, voice, camp FROM words)
SELECT k.topic, k.voice, k.camp, k.outlet, t.article, t.cluster, coalesce(w.n_words, 0) / t.n_words AS value
FROM kinds k JOIN articles_with t USING (topic, outlet)
LEFT JOIN words w ON w.topic = t.topic AND w.article = t.article AND w.voice = k.voice
    AND w.camp IS NOT DISTINCT FROM k.camp
"""
# One row is an article that uses a group of names in a voice, and one name's share of those uses: nought where an
# outlet uses the group without that name, so that outlets that avoid a name are among those compared.
LOADED = """
WITH uses AS (
    SELECT a.topic, a.outlet, a.article, a.cluster, l.term_group, {name}, l.voice, count(*) AS n_uses
    FROM loaded_terms l JOIN snapshot_scorers c USING (scorer, scorer_version)
    JOIN on_topic a ON a.topic = l.topic AND a.article = l.article AND a.revision = l.revision
    WHERE NOT a.is_wire_copy OR NOT $own
    GROUP BY ALL
), per_article AS (
    SELECT topic, outlet, article, cluster, term_group, voice, sum(n_uses) AS n_uses FROM uses GROUP BY ALL
), names AS (SELECT DISTINCT topic, term_group, {name}, voice FROM uses)
SELECT t.topic, t.term_group, {name}, t.voice, p.outlet, p.article, p.cluster,
    coalesce(u.n_uses, 0) / p.n_uses AS value
FROM names t JOIN per_article p USING (topic, term_group, voice)
LEFT JOIN uses u USING (article, topic, term_group, voice, {name})
"""
LOADED_TERMS = LOADED.format(name="term, stance")
LOADED_STANCES = LOADED.format(name="stance")
# The same rows under the number of their cell, in order: what numbers can say is not said in words a million times.
OBSERVATIONS = "CREATE OR REPLACE TEMP TABLE observations AS {query}"
CELLS = """
CREATE OR REPLACE TEMP TABLE cells AS
SELECT *, row_number() OVER (ORDER BY {keys}, outlet) - 1 AS cell
FROM (SELECT DISTINCT {keys}, outlet FROM observations)
ORDER BY cell
"""
NUMBERED = """
SELECT c.cell, o.cluster, o.value FROM observations o JOIN cells c ON c.outlet = o.outlet AND {same}
ORDER BY c.cell, o.cluster, o.article
"""

SENTIMENT_KEYS = ("topic", "scorer", "part")
FRAME_KEYS = ("topic", "pack", "frame")
VOICE_KEYS = ("topic", "voice", "camp")
TERM_KEYS = ("topic", "term_group", "term", "stance", "voice")
STANCE_KEYS = ("topic", "term_group", "stance", "voice")


def figures(connection: duckdb.DuckDBPyConnection) -> Mapping[str, Figure]:
    """Compute the tables that compare outlets, each with and without (``_own``) wire copies."""
    found = checks(connection)
    tables: dict[str, Figure] = {"validity": _figure(validity_rows(found), VALIDITY_COMMENT, VALIDITY_COLUMNS)}
    connection.execute(ON_TOPIC)
    for suffix, own, note in (("", False, ""), ("_own", True, ", without wire copies")):
        tone = _means(connection, SENTIMENT, SENTIMENT_KEYS, own=own)
        is_default = compute.is_in(tone["scorer"], pa.array(_default_scorers(connection), pa.string()))
        tables[f"outlet_sentiment{suffix}"] = _figure(
            tone.filter(is_default).drop_columns("scorer"),
            f"One row is an outlet's mean valence of a part or voice on a topic, default scorer{note}",
        )
        if not own:
            tables["outlet_sentiment_by_scorer"] = _figure(
                tone, "One row is an outlet's mean valence of a part or voice on a topic by one scorer"
            )
        tables[f"outlet_frames{suffix}"] = _figure(
            corrected_frames(_frame_shares(connection, own=own), found),
            f"One row is the share of an outlet's articles on a topic in which a frame is present{note}",
        )
        tables[f"outlet_voices{suffix}"] = _figure(
            _means(connection, VOICES, VOICE_KEYS, own=own),
            f"One row is the mean share of an outlet's body words in a voice of a camp{note}",
        )
        tables[f"outlet_loaded_terms{suffix}"] = _figure(
            _mean_shares(connection, LOADED_TERMS, TERM_KEYS, own=own),
            f"One row is the mean share of a name among an outlet's names for one thing, by voice{note}",
        )
        tables[f"outlet_loaded_stances{suffix}"] = _figure(
            _mean_shares(connection, LOADED_STANCES, STANCE_KEYS, own=own),
            f"One row is the mean share of names of one stance among an outlet's names for one thing, by voice{note}",
        )
    connection.execute("DROP TABLE on_topic; DROP TABLE IF EXISTS observations; DROP TABLE IF EXISTS cells")
    return tables


def published(connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, Figure]]:
    """Yield all that is worked out when a snapshot is published: ``figures``, then answers that rest on them."""
    yield from figures(connection).items()
    yield "internal.answers", answers(connection)


def _default_scorers(connection: duckdb.DuckDBPyConnection) -> list[str]:
    found = connection.execute("SELECT scorer FROM snapshot_scorers WHERE is_default").fetchall()
    return [row[0] for row in found]


def _means(connection: duckdb.DuckDBPyConnection, query: str, keys: Sequence[str], *, own: bool) -> pa.Table:
    """Return the mean of the values of each group of ``keys`` and outlet."""
    return _shrunken(*_observed(connection, query, keys, own=own), keys)


def _mean_shares(connection: duckdb.DuckDBPyConnection, query: str, keys: Sequence[str], *, own: bool) -> pa.Table:
    """Return means of shares; where all are 0 or all 1 their spread says nothing, so Wilson's interval holds."""
    cells, found = _observed(connection, query, keys, own=own)
    is_flat = (found.estimate == 0) | (found.estimate == 1)
    flat = share_estimates(np.where(found.estimate == 1, found.n, 0), found.n)
    low, high, variance = (
        np.where(is_flat, wilson, other)
        for wilson, other in ((flat.low, found.low), (flat.high, found.high), (flat.variance, found.variance))
    )
    return _shrunken(cells, replace(found, low=low, high=high, variance=variance), keys)


def _frame_shares(connection: duckdb.DuckDBPyConnection, *, own: bool) -> pa.Table:
    cells = connection.execute(FRAMES, {"own": own}).to_arrow_table()
    return _shrunken(cells, share_estimates(cells["n_with"].to_numpy(), cells["n"].to_numpy()), FRAME_KEYS)


def _observed(
    connection: duckdb.DuckDBPyConnection, query: str, keys: Sequence[str], *, own: bool
) -> tuple[pa.Table, Estimates]:
    """Return the groups of ``keys`` and outlet that a query finds, in order, and the mean of each one's values."""
    connection.execute(OBSERVATIONS.format(query=query), {"own": own})
    connection.execute(CELLS.format(keys=", ".join(keys)))
    same = " AND ".join(f"c.{key} IS NOT DISTINCT FROM o.{key}" for key in keys)
    rows = connection.execute(NUMBERED.format(same=same)).to_arrow_table()
    cells = connection.execute("FROM cells").to_arrow_table()
    return cells, mean_estimates(*(rows[name].to_numpy() for name in ("cell", "cluster", "value")))


def _shrunken(cells: pa.Table, found: Estimates, keys: Sequence[str]) -> pa.Table:
    """Return one row for each cell, with what it is when shrunk among the outlets of the same keys."""
    families = cells.select(keys).to_pylist()  # in order, so that outlets of the same keys are neighbours
    firsts = [place for place, family in enumerate(families) if not place or family != families[place - 1]]
    shrunk = found.estimate.copy()
    for first, end in pairwise([*firsts, len(families)]):
        shrunk[first:end] = shrunken(found.estimate[first:end], found.variance[first:end])
    table = cells.select([*keys, "outlet"]).append_column("n", pa.array(found.n))
    for name, column in (("estimate", found.estimate), ("low", found.low), ("high", found.high), ("shrunk", shrunk)):
        table = table.append_column(name, pa.array(column, from_pandas=True))  # nan is null
    return table.append_column("is_reportable", pa.array(~np.isnan(found.estimate)))


def _figure(rows: pa.Table, comment: str, texts: Mapping[str, str] = TEXTS) -> Figure:
    return Figure(table=rows, comment=comment, columns={name: texts[name] for name in rows.column_names})
