"""The tables with intervals that are computed when a snapshot is published."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
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
from tracker.report.intervals import (
    MAX_RESAMPLED,
    RESAMPLES,
    ClusterSums,
    Estimates,
    mean_estimates,
    share_estimates,
    shrunken,
    sum_estimates,
)
from tracker.store.days import UNIT
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
FRAME_KEYS = ("topic", "pack", "frame")
CLUSTER_SUMS = tuple(one.name for one in fields(ClusterSums))
# By what each family of figures compares outlets, in the order of its rows.
KEYS = {
    "tone": ("topic", "scorer", "part"),
    "voices": ("topic", "voice", "camp"),
    "terms": ("topic", "term_group", "term", "stance", "voice"),
    "stances": ("topic", "term_group", "stance", "voice"),
}
# One row is a figure: an outlet and a kind, of all its articles or of its own work, both under one number. What only
# copies show is none of own work. An outlet that avoids a name is compared, at nought; one that gives a camp no room is
# left out.
CELLS = """
WITH sums AS (
    SELECT kind, outlet, is_own, sum(total) AS total, sum(squared) AS squared, sum(total_squared) AS total_squared,
        sum(total_by_n) AS total_by_n
    FROM internal.day_sums SEMI JOIN (FROM internal.kinds WHERE family = $family) USING (kind) GROUP BY ALL
), samples AS (
    SELECT base, outlet, is_own, sum(n)::BIGINT AS n, sum(n_clusters)::BIGINT AS n_clusters,
        sum(n_squared)::DOUBLE AS n_squared
    FROM internal.day_samples GROUP BY ALL
), known AS (SELECT DISTINCT kind, is_own FROM sums)
SELECT {keys}, m.outlet, k.kind, k.base, m.is_own, m.n, m.n_clusters, m.n_squared,
    (dense_rank() OVER (ORDER BY {keys}, m.outlet) - 1)::INTEGER AS cell,
    coalesce(s.total::DOUBLE / $unit, 0) AS total, coalesce(s.squared::DOUBLE / $unit^2, 0) AS squared,
    coalesce(s.total_squared::DOUBLE / $unit^2, 0) AS total_squared,
    coalesce(s.total_by_n::DOUBLE / $unit, 0) AS total_by_n
FROM known JOIN internal.kinds k USING (kind) JOIN samples m ON m.base = k.base AND m.is_own = known.is_own
LEFT JOIN sums s ON s.kind = k.kind AND s.outlet = m.outlet AND s.is_own = m.is_own
WHERE s.kind IS NOT NULL OR k.family <> 'voices'
ORDER BY cell
"""
# One row is an article in a sample of few clusters, whose interval sums do not give.
FEW = """
SELECT c.cell, a.cluster, a.is_own, coalesce(v.value, 0) AS value
FROM few c JOIN observed a USING (topic, outlet) JOIN sampled s ON s.place = a.place AND s.base = c.base
LEFT JOIN valued v ON v.place = a.place AND v.kind = c.kind
ORDER BY c.cell, a.cluster, a.place
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Family:
    """The figures of a family, and the articles of those whose samples are of few clusters, in the order of cells."""

    keys: tuple[str, ...]
    cells: pa.Table
    few: pa.Table

    def means(self, *, own: bool) -> tuple[pa.Table, Estimates]:
        """Return keys and outlet of each cell, in order, and the mean of its values; of own work alone with ``own``."""
        cells = self.cells.filter(compute.equal(self.cells["is_own"], own))
        numbers, n_clusters = cells["cell"].to_numpy(), cells["n_clusters"].to_numpy()
        large, small = np.flatnonzero(n_clusters > MAX_RESAMPLED), np.flatnonzero(n_clusters <= MAX_RESAMPLED)
        rows = self.few.filter(compute.is_in(self.few["cell"], pa.array(numbers[small])))
        rows = rows.filter(rows["is_own"]) if own else rows
        by_article = mean_estimates(
            np.searchsorted(numbers[small], rows["cell"].to_numpy()),
            rows["cluster"].to_numpy(),
            rows["value"].to_numpy(),
        )
        by_sums = _by_sums(cells.take(large))
        return cells.select([*self.keys, "outlet"]), _joined(((large, by_sums), (small, by_article)))


def _by_sums(cells: pa.Table) -> Estimates:
    column = {name: cells[name].to_numpy() for name in ("n", "total", "squared", *CLUSTER_SUMS)}
    clusters = ClusterSums(**{name: column.pop(name) for name in CLUSTER_SUMS})
    return sum_estimates(**column, clusters=clusters)


def _joined(parts: Sequence[tuple[NDArray[np.intp], Estimates]]) -> Estimates:
    """Return the figures of places that were worked out apart, in the order of places."""
    order = np.argsort(np.concatenate([places for places, _ in parts]))
    names = [one.name for one in fields(Estimates)]
    return Estimates(**{name: np.concatenate([getattr(found, name) for _, found in parts])[order] for name in names})


def figures(connection: duckdb.DuckDBPyConnection) -> Mapping[str, Figure]:
    """Compute the tables that compare outlets, each with and without (``_own``) wire copies."""
    found = checks(connection)
    tables: dict[str, Figure] = {"validity": _figure(validity_rows(found), VALIDITY_COMMENT, VALIDITY_COLUMNS)}
    default = pa.array(_default_scorers(connection), pa.string())
    ways = (("", False, ""), ("_own", True, ", without wire copies"))
    seen = _family(connection, "tone")
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
    seen = _family(connection, "voices")
    for suffix, own, note in ways:
        tables[f"outlet_voices{suffix}"] = _figure(
            _means(seen, own=own), f"One row is the mean share of an outlet's body words in a voice of a camp{note}"
        )
    for name, what in (("terms", "a name among"), ("stances", "names of one stance among")):
        seen = _family(connection, name)
        for suffix, own, note in ways:
            tables[f"outlet_loaded_{name}{suffix}"] = _figure(
                _mean_shares(seen, own=own),
                f"One row is the mean share of {what} an outlet's names for one thing, by voice{note}",
            )
    connection.execute("DROP TABLE observed; DROP TABLE valued; DROP TABLE sampled")
    return tables


def published(connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, Figure]]:
    """Yield all that is worked out when a snapshot is published: ``figures``, then answers that rest on them."""
    yield from figures(connection).items()
    yield "internal.answers", answers(connection)


def _default_scorers(connection: duckdb.DuckDBPyConnection) -> list[str]:
    found = connection.execute("SELECT scorer FROM snapshot_scorers WHERE is_default").fetchall()
    return [row[0] for row in found]


def _family(connection: duckdb.DuckDBPyConnection, family: str) -> _Family:
    """Return a family's cells from the sums by day, and the articles of small ones."""
    query = CELLS.format(keys=", ".join(f"k.{key}" for key in KEYS[family]))
    cells = connection.execute(query, {"family": family, "unit": UNIT}).to_arrow_table()
    few = cells.filter(compute.less_equal(cells["n_clusters"], MAX_RESAMPLED))
    few = few.group_by(["cell", "kind", "base", "topic", "outlet"], use_threads=False).aggregate([])
    connection.register("few", few)
    rows = connection.execute(FEW).to_arrow_table()
    connection.unregister("few")
    return _Family(keys=KEYS[family], cells=cells, few=rows)


def _means(seen: _Family, *, own: bool) -> pa.Table:
    """Return the mean of the values of each kind and outlet."""
    return _shrunken(*seen.means(own=own))


def _mean_shares(seen: _Family, *, own: bool) -> pa.Table:
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
