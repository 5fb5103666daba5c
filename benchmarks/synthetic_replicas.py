"""The rest of a large home: what was drawn article by article, again under other names, by statements of DuckDB.

A replica keeps its stories, reprints, versions and scores, so that sizes of clusters and outlets, bursts of days and
shares stay as drawn. Every id is a hash of its own and the replica's number, every article moves by some hours, outlets
change places with those of nearly their size, agencies among each other, and a text ends with the replica's number, so
that no two of two replicas are packed as one.
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from benchmarks.synthetic_sentences import SPANS
from pipelines.progress import Progress

ALIKE = 10  # outlets next to each other by size that change places
REACH = 12 * 3600  # seconds between the furthest that an article moves back and forward

# Which outlet's rows a replica gives to whom.
PLACES = """
CREATE TEMP TABLE places AS
WITH sizes AS (
    SELECT o.outlet, o.kind = 'wire' AS is_wire, count(e.entry) AS n
    FROM outlets o LEFT JOIN entries e USING (outlet) GROUP BY ALL
), ranked AS (
    SELECT outlet, is_wire, row_number() OVER (PARTITION BY is_wire ORDER BY n DESC, outlet) - 1 AS rank FROM sizes
), classes AS (
    SELECT outlet, is_wire, rank // $alike AS class, rank % $alike AS place,
        count(*) OVER (PARTITION BY is_wire, rank // $alike) AS n
    FROM ranked
)
SELECT r.replica, a.outlet, b.outlet AS other
FROM range(1, $replicas) r(replica) CROSS JOIN classes a
JOIN classes b ON b.is_wire = a.is_wire AND b.class = a.class AND b.place = (a.place + r.replica) % a.n
"""
# What was drawn, which every replica is made of.
DRAWN = "CREATE TEMP TABLE drawn_{name} AS FROM {table}"
MACROS = """
CREATE TEMP MACRO named(id, replica) AS printf('%016x', hash(id, replica));
CREATE TEMP MACRO moved(moment, id, replica) AS
    moment + to_seconds((hash(replica, id) % {reach})::BIGINT - {reach} // 2);
CREATE TEMP MACRO address(outlet, url, replica) AS
    'https://' || replace(outlet, '-', '') || '.example/' || replica || '-' || split_part(url, '/', 4);
"""
# Columns that a replica has otherwise, by table; in it ``t`` is the row drawn and ``p`` says whose it becomes.
OWNED = {
    "entries": """
        named(t.entry, p.replica) AS entry, p.other AS outlet, address(p.other, t.url, p.replica) AS url,
        address(p.other, t.canonical_url, p.replica) AS canonical_url,
        moved(t.published_at, coalesce(t.article, t.entry), p.replica) AS published_at,
        moved(t.first_seen_at, coalesce(t.article, t.entry), p.replica) AS first_seen_at,
        CASE WHEN t.article IS NOT NULL THEN named(t.article, p.replica) END AS article
    """,
    "internal.articles": """
        named(t.article, p.replica) AS article, p.other AS outlet, address(p.other, t.url, p.replica) AS url,
        address(p.other, t.canonical_url, p.replica) AS canonical_url, named(t.entry, p.replica) AS entry,
        moved(t.first_seen_at, t.article, p.replica) AS first_seen_at,
        moved(t.last_looked_at, t.article, p.replica) AS last_looked_at
    """,
}
LISTED = """
INSERT INTO entry_feeds BY NAME
SELECT named(l.entry, p.replica) AS entry, f.feed,
    moved(l.first_seen_at, coalesce(e.article, e.entry), p.replica) AS first_seen_at, l.position
FROM drawn_entry_feeds l JOIN drawn_entries e USING (entry)
JOIN places p ON p.outlet = e.outlet AND p.replica = $replica JOIN feeds f ON f.outlet = p.other
"""
BY_ARTICLE = {
    "revisions": """
        md5(t.revision_hash || $replica) AS revision_hash, md5(t.substance_hash || $replica) AS substance_hash,
        md5(t.text_hash || $replica) AS text_hash, moved(t.seen_at, t.article, $replica) AS seen_at,
        moved(t.published_at, t.article, $replica) AS published_at, t.text || ' Edition ' || $replica || '.' AS text
    """,
    "internal.wire_members": """
        CASE WHEN t.wire_cluster IS NOT NULL THEN named(t.wire_cluster, $replica) END AS wire_cluster
    """,
    "fetches": """
        named(t.fetch_id, $replica) AS fetch_id, moved(t."at", t.article, $replica) AS "at",
        replace(t.url, '.example/', '.example/' || $replica || '-') AS url,
        replace(t.final_url, '.example/', '.example/' || $replica || '-') AS final_url
    """,
    **dict.fromkeys(("matches", "scored", "sentiment", "frames", *SPANS), ""),
}


def replicate(connection: duckdb.DuckDBPyConnection, replicas: int, progress: Progress) -> None:
    """Make of the articles in the master database ``replicas`` times as many, what is there being the first."""
    connection.execute(PLACES, {"alike": ALIKE, "replicas": replicas})
    connection.execute(MACROS.format(reach=REACH))
    tables = (*OWNED, "entry_feeds", *BY_ARTICLE)
    for table in tables:
        connection.execute(DRAWN.format(name=_plain(table), table=table))
    for replica in range(1, replicas):
        connection.begin()
        for statement in _statements():
            connection.execute(statement, {"replica": replica})
        connection.commit()
        progress.say(f"replica {replica + 1} of {replicas}")
    for table in tables:
        connection.execute(f"DROP TABLE drawn_{_plain(table)}")


def _statements() -> Sequence[str]:
    owned = [
        f"INSERT INTO {table} BY NAME SELECT t.* REPLACE ({columns}) FROM drawn_{_plain(table)} t "  # noqa: S608 - constants
        "JOIN places p ON p.outlet = t.outlet AND p.replica = $replica"
        for table, columns in OWNED.items()
    ]
    by_article = [
        f"INSERT INTO {table} BY NAME SELECT t.* REPLACE (named(t.article, $replica) AS article"  # noqa: S608 - constants
        f"{', ' if columns else ''}{columns}) FROM drawn_{_plain(table)} t"
        for table, columns in BY_ARTICLE.items()
    ]
    return (*owned, LISTED, *by_article)


def _plain(table: str) -> str:
    return table.rpartition(".")[2]
