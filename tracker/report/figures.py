"""The tables with intervals that are computed when a snapshot is published."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
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

# Articles as pages show them, with the numbers that figures count them under: what numbers can say is not said in words
# a million times. Outlets and wire clusters are numbered in the order of their names.
OBSERVED = """
CREATE OR REPLACE TEMP TABLE observed AS
SELECT place, topic, article, n_revisions AS revision, outlet, dense_rank() OVER (ORDER BY outlet) - 1 AS publisher,
    dense_rank() OVER (ORDER BY coalesce(wire_cluster, article)) AS cluster,
    completeness = 'whole' AS is_whole, NOT is_wire_copy AS is_own, is_scored
FROM internal.shown
"""
# One row is an outlet and a frame: how many of its scored articles hold it.
FRAMES = """
WITH scored AS (SELECT place, topic, outlet FROM observed WHERE is_scored AND (is_own OR NOT $own)),
present AS (
    SELECT s.topic, s.outlet, f.pack, f.frame, count(*) AS n_with
    FROM internal.framed f JOIN scored s USING (place) GROUP BY ALL
), totals AS (SELECT topic, outlet, count(*) AS n FROM scored GROUP BY ALL),
known AS (SELECT DISTINCT topic, pack, frame FROM present)
SELECT t.topic, k.pack, k.frame, t.outlet, coalesce(p.n_with, 0) AS n_with, t.n
FROM totals t JOIN known k USING (topic)
LEFT JOIN present p ON p.topic = t.topic AND p.outlet = t.outlet AND p.pack = k.pack AND p.frame = k.frame
ORDER BY t.topic, k.pack, k.frame, t.outlet
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Family:
    """Figures of one shape: what there is one of for each outlet, and the values of articles that it is the mean of.

    ``kinds`` finds the values of ``keys``, ``rows`` their observations under the number of the kind. A kind that only
    copies show is none of own work, nor are zeros for it.
    """

    keys: tuple[str, ...]
    kinds: str
    rows: str


# One row is an article and a part or voice; partial texts have a headline, but no body to score.
SENTIMENT = _Family(
    keys=("topic", "scorer", "part"),
    kinds="SELECT DISTINCT topic, scorer, part FROM sentiment JOIN snapshot_scorers c USING (scorer, scorer_version)",
    rows="""
    SELECT k.kind, a.publisher, a.cluster, a.place, a.is_own, s.value
    FROM sentiment s JOIN snapshot_scorers c USING (scorer, scorer_version)
    JOIN kinds k ON k.topic = s.topic AND k.scorer = s.scorer AND k.part = s.part
    JOIN observed a ON a.topic = s.topic AND a.article = s.article AND a.revision = s.revision
    WHERE s.value IS NOT NULL AND (s.part = 'headline' OR a.is_whole)
    """,
)
# One row is an article and a voice with a camp that its outlet gives room: its share of the article's words.
VOICES = _Family(
    keys=("topic", "voice", "camp"),
    kinds="SELECT DISTINCT a.topic, h.voice, h.camp FROM internal.heard h JOIN observed a USING (place)",
    rows="""
    WITH words AS (
        SELECT h.place, k.kind, sum(h.n_words) AS n_words
        FROM internal.heard h JOIN observed a ON a.place = h.place AND a.is_whole
        JOIN kinds k ON k.topic = a.topic AND k.voice = h.voice AND k.camp IS NOT DISTINCT FROM h.camp
        GROUP BY ALL
    ), totals AS (
        SELECT place, sum(n_words) AS n_words FROM words GROUP BY ALL HAVING sum(n_words) > 0
    ), given AS (
        SELECT k.topic, w.kind, a.publisher, bool_or(a.is_own) AS is_own
        FROM words w JOIN observed a USING (place) JOIN kinds k USING (kind) GROUP BY ALL
    )
    SELECT g.kind, g.publisher, a.cluster, a.place, a.is_own AND g.is_own AS is_own,
        coalesce(w.n_words, 0) / t.n_words AS value
    FROM given g JOIN observed a USING (topic, publisher) JOIN totals t ON t.place = a.place
    LEFT JOIN words w ON w.place = a.place AND w.kind = g.kind
    """,
)


def _loaded(*name: str) -> _Family:
    """Return the family of a group's names, or of what they stand for.

    One row is an article that uses a group of names in a voice, and one name's share of those uses: nought where an
    outlet uses the group without that name, so that outlets that avoid a name are among those compared.
    """
    keys = ("topic", "term_group", *name, "voice")
    same = " AND ".join(f"k.{key} = n.{key}" for key in keys[1:])
    return _Family(
        keys=keys,
        kinds=f"SELECT DISTINCT {', '.join(keys)} FROM internal.named n JOIN observed a USING (place)",  # noqa: S608
        rows=f"""
        WITH uses AS (
            SELECT n.place, k.kind, sum(n.n_uses) AS n_uses
            FROM internal.named n JOIN observed a USING (place) JOIN kinds k ON k.topic = a.topic AND {same}
            GROUP BY ALL
        ), names AS (
            SELECT k.topic, k.term_group, k.voice, k.kind, bool_or(a.is_own) AS is_own
            FROM uses u JOIN kinds k USING (kind) JOIN observed a USING (place) GROUP BY ALL
        ), per_article AS (
            SELECT u.place, k.topic, k.term_group, k.voice, sum(u.n_uses) AS n_uses
            FROM uses u JOIN kinds k USING (kind) GROUP BY ALL
        )
        SELECT n.kind, a.publisher, a.cluster, a.place, a.is_own AND n.is_own AS is_own,
            coalesce(u.n_uses, 0) / p.n_uses AS value
        FROM names n JOIN per_article p USING (topic, term_group, voice) JOIN observed a USING (place)
        LEFT JOIN uses u ON u.place = p.place AND u.kind = n.kind
        """,  # noqa: S608 - constants
    )


LOADED_TERMS, LOADED_STANCES = _loaded("term", "stance"), _loaded("stance")
FRAME_KEYS = ("topic", "pack", "frame")
KINDS = "CREATE OR REPLACE TEMP TABLE kinds AS SELECT *, row_number() OVER (ORDER BY {keys}) - 1 AS kind FROM ({found})"
ROWS = "FROM ({rows}) ORDER BY kind, publisher, cluster, place"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Observations:
    """The rows of a family in the order of kind, outlet and cluster, and the names that their numbers stand for."""

    kinds: pa.Table
    outlets: pa.Array
    cells: NDArray[np.int64]  # kind and outlet
    clusters: NDArray[np.int64]
    values: NDArray[np.float64]
    is_own: NDArray[np.bool_]

    def means(self, *, own: bool) -> tuple[pa.Table, Estimates]:
        """Return the cells, in order, and the mean of each one's values; of own work alone with ``own``."""
        which = self.is_own if own else np.ones_like(self.is_own)
        cells = self.cells[which]
        is_first = np.diff(cells, prepend=-1) != 0
        kind, outlet = np.divmod(cells[is_first], max(len(self.outlets), 1))
        named = self.kinds.take(kind).append_column("outlet", self.outlets.take(outlet))
        return named, mean_estimates(np.cumsum(is_first) - 1, self.clusters[which], self.values[which])


def figures(connection: duckdb.DuckDBPyConnection) -> Mapping[str, Figure]:
    """Compute the tables that compare outlets, each with and without (``_own``) wire copies."""
    found = checks(connection)
    tables: dict[str, Figure] = {"validity": _figure(validity_rows(found), VALIDITY_COMMENT, VALIDITY_COLUMNS)}
    connection.execute(OBSERVED)
    default = pa.array(_default_scorers(connection), pa.string())
    ways = (("", False, ""), ("_own", True, ", without wire copies"))
    seen = _observations(connection, SENTIMENT)
    for suffix, own, note in ways:
        tone = _means(seen, own=own)
        tables[f"outlet_sentiment{suffix}"] = _figure(
            tone.filter(compute.is_in(tone["scorer"], default)).drop_columns("scorer"),
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
    seen = _observations(connection, VOICES)
    for suffix, own, note in ways:
        tables[f"outlet_voices{suffix}"] = _figure(
            _means(seen, own=own), f"One row is the mean share of an outlet's body words in a voice of a camp{note}"
        )
    for name, family, what in (
        ("terms", LOADED_TERMS, "a name among"),
        ("stances", LOADED_STANCES, "names of one stance among"),
    ):
        seen = _observations(connection, family)
        for suffix, own, note in ways:
            tables[f"outlet_loaded_{name}{suffix}"] = _figure(
                _mean_shares(seen, own=own),
                f"One row is the mean share of {what} an outlet's names for one thing, by voice{note}",
            )
    connection.execute("DROP TABLE observed; DROP TABLE kinds")
    return tables


def published(connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, Figure]]:
    """Yield all that is worked out when a snapshot is published: ``figures``, then answers that rest on them."""
    yield from figures(connection).items()
    yield "internal.answers", answers(connection)


def _default_scorers(connection: duckdb.DuckDBPyConnection) -> list[str]:
    found = connection.execute("SELECT scorer FROM snapshot_scorers WHERE is_default").fetchall()
    return [row[0] for row in found]


def _observations(connection: duckdb.DuckDBPyConnection, family: _Family) -> _Observations:
    connection.execute(KINDS.format(keys=", ".join(family.keys), found=family.kinds))
    rows = connection.execute(ROWS.format(rows=family.rows)).to_arrow_table()
    outlets = connection.execute("SELECT DISTINCT outlet FROM observed ORDER BY outlet").to_arrow_table()["outlet"]
    kind, publisher, clusters, is_own, values = (
        rows[name].to_numpy() for name in ("kind", "publisher", "cluster", "is_own", "value")
    )
    return _Observations(
        kinds=connection.execute("SELECT * EXCLUDE (kind) FROM kinds ORDER BY kind").to_arrow_table(),
        outlets=outlets.combine_chunks(),
        cells=kind * len(outlets) + publisher,
        clusters=clusters,
        values=values,
        is_own=is_own,
    )


def _means(seen: _Observations, *, own: bool) -> pa.Table:
    """Return the mean of the values of each kind and outlet."""
    return _shrunken(*seen.means(own=own))


def _mean_shares(seen: _Observations, *, own: bool) -> pa.Table:
    """Return means of shares; where all are 0 or all 1 their spread says nothing, so Wilson's interval holds."""
    cells, found = seen.means(own=own)
    is_flat = (found.estimate == 0) | (found.estimate == 1)
    flat = share_estimates(np.where(found.estimate == 1, found.n, 0), found.n)
    low, high, variance = (
        np.where(is_flat, wilson, other)
        for wilson, other in ((flat.low, found.low), (flat.high, found.high), (flat.variance, found.variance))
    )
    return _shrunken(cells, replace(found, low=low, high=high, variance=variance))


def _frame_shares(connection: duckdb.DuckDBPyConnection, *, own: bool) -> pa.Table:
    cells = connection.execute(FRAMES, {"own": own}).to_arrow_table()
    shares = share_estimates(cells["n_with"].to_numpy(), cells["n"].to_numpy())
    return _shrunken(cells.select([*FRAME_KEYS, "outlet"]), shares)


def _shrunken(cells: pa.Table, found: Estimates) -> pa.Table:
    """Return one row for each cell, with what it is when shrunk among the outlets of the same keys."""
    families = cells.drop_columns("outlet").to_pylist()  # in order, so that outlets of the same keys are neighbours
    firsts = [place for place, family in enumerate(families) if not place or family != families[place - 1]]
    shrunk = found.estimate.copy()
    for first, end in pairwise([*firsts, len(families)]):
        shrunk[first:end] = shrunken(found.estimate[first:end], found.variance[first:end])
    table = cells.append_column("n", pa.array(found.n))
    for name, column in (("estimate", found.estimate), ("low", found.low), ("high", found.high), ("shrunk", shrunk)):
        table = table.append_column(name, pa.array(column, from_pandas=True))  # nan is null
    return table.append_column("is_reportable", pa.array(~np.isnan(found.estimate)))


def _figure(rows: pa.Table, comment: str, texts: Mapping[str, str] = TEXTS) -> Figure:
    return Figure(table=rows, comment=comment, columns={name: texts[name] for name in rows.column_names})
