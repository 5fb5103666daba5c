"""Sums by day of what the published figures are means of, which each publication takes on from the one before.

Means and intervals of large samples follow from sums over their clusters, and sums over clusters from sums by day: a
cluster counts whole on the day its first article was seen. A day's sums are those of the snapshot before where all that
they are sums of is the same, told by a hash over it. So nothing need say that a day has changed, be it by a page that
came late, a correction, a decision, a new scorer or what was let go. They are sums of whole numbers: the same whatever
was taken over, to the digit.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import duckdb

UNIT = 10**12  # values are added up in millionths of a millionth, as whole numbers, of which millions fit squared

# A kind is what there is one figure of for each outlet, its base what it is a share or mean of. Both are hashes of
# names: the same in every snapshot, and at hand without a join.
TABLES = """
CREATE OR REPLACE TEMP MACRO kind_of(family, topic, scorer, part, term_group, term, stance, voice, camp) AS hash(
    family, topic, scorer::VARCHAR, part::VARCHAR, term_group::VARCHAR, term::VARCHAR, stance::VARCHAR, voice::VARCHAR,
    camp::VARCHAR
);
CREATE OR REPLACE TEMP MACRO base_of(topic, scorer, part, term_group, voice) AS hash(
    topic, scorer::VARCHAR, part::VARCHAR, term_group::VARCHAR, CASE WHEN term_group IS NOT NULL THEN voice::VARCHAR END
);
CREATE OR REPLACE TABLE internal.kinds (
    kind UBIGINT NOT NULL, base UBIGINT NOT NULL, family VARCHAR NOT NULL, topic VARCHAR NOT NULL, scorer VARCHAR,
    part VARCHAR, term_group VARCHAR, term VARCHAR, stance VARCHAR, voice VARCHAR, camp VARCHAR
);
CREATE OR REPLACE TABLE internal.days (
    topic VARCHAR NOT NULL, day DATE NOT NULL, n BIGINT NOT NULL, content HUGEINT NOT NULL
);
CREATE OR REPLACE TABLE internal.day_samples (
    base UBIGINT NOT NULL, outlet VARCHAR NOT NULL, day DATE NOT NULL, is_own BOOLEAN NOT NULL,
    n BIGINT NOT NULL, n_clusters BIGINT NOT NULL, n_squared BIGINT NOT NULL
);
CREATE OR REPLACE TABLE internal.day_sums (
    kind UBIGINT NOT NULL, outlet VARCHAR NOT NULL, day DATE NOT NULL, is_own BOOLEAN NOT NULL,
    total HUGEINT NOT NULL, squared HUGEINT NOT NULL, total_squared HUGEINT NOT NULL, total_by_n HUGEINT NOT NULL
);
COMMENT ON TABLE internal.kinds IS
    'One row is what figures compare outlets by, such as the tone of a part or a camp''s share of words';
COMMENT ON TABLE internal.days IS
    'One row is a UTC day on which articles of a topic were first seen: their values, how many and a hash over them';
COMMENT ON TABLE internal.day_samples IS
    'One row is an outlet''s sample of a day, of all articles or own work: articles, clusters, their articles squared';
COMMENT ON TABLE internal.day_sums IS
    'One row is a kind in a sample: values and their squares; over clusters, sums squared, and sums by their articles';
"""

# Articles as pages show them, with the numbers that figures count them under, and the day that their cluster began.
OBSERVED = """
CREATE OR REPLACE TEMP TABLE observed AS
WITH clusters AS (
    SELECT topic, wire_cluster, min(first_seen_at) AS first_seen_at, count(*) > 1 AS is_shared
    FROM internal.shown WHERE wire_cluster IS NOT NULL GROUP BY ALL
)
SELECT a.place, a.topic, a.article, a.n_revisions AS revision, a.outlet,
    dense_rank() OVER (ORDER BY coalesce(a.wire_cluster, a.article)) AS cluster,
    coalesce(c.first_seen_at, a.first_seen_at)::DATE AS day, coalesce(c.is_shared, false) AS is_shared,
    a.completeness = 'whole' AS is_whole, NOT a.is_wire_copy AS is_own, a.is_scored,
    hash(a.article, coalesce(a.wire_cluster, a.article), a.outlet, a.is_wire_copy) AS identity
FROM internal.shown a LEFT JOIN clusters c ON c.topic = a.topic AND c.wire_cluster = a.wire_cluster
"""
KINDS = """
INSERT INTO internal.kinds BY NAME
SELECT kind_of(family, topic, scorer, part, term_group, term, stance, voice, camp) AS kind,
    base_of(topic, scorer, part, term_group, voice) AS base, *
FROM (
    SELECT DISTINCT 'tone' AS family, topic, scorer, part, NULL AS term_group, NULL AS term, NULL AS stance,
        NULL AS voice, NULL AS camp
    FROM sentiment JOIN snapshot_scorers USING (scorer, scorer_version)
    UNION ALL BY NAME
    SELECT DISTINCT 'voices' AS family, topic, voice, camp FROM internal.heard JOIN observed USING (place)
    UNION ALL BY NAME
    SELECT DISTINCT 'terms' AS family, topic, term_group, term, stance, voice
    FROM internal.named JOIN observed USING (place)
    UNION ALL BY NAME
    SELECT DISTINCT 'stances' AS family, topic, term_group, stance, voice
    FROM internal.named JOIN observed USING (place)
)
"""
# One row is an article and a kind: its tone of a part, where it was scored; partial texts have a headline alone.
TONE = """
CREATE OR REPLACE TEMP TABLE valued AS
SELECT a.place, kind_of('tone', s.topic, s.scorer, s.part, NULL, NULL, NULL, NULL, NULL) AS kind,
    base_of(s.topic, s.scorer, s.part, NULL, NULL) AS base, s.value
FROM sentiment s JOIN snapshot_scorers USING (scorer, scorer_version)
JOIN observed a ON a.topic = s.topic AND a.article = s.article AND a.revision = s.revision
WHERE isfinite(s.value) AND (s.part = 'headline' OR a.is_whole)
"""
# A voice's share of the body's words, by camp; an article that does not hear it has none of it, and no row.
VOICES = """
INSERT INTO valued
WITH words AS (
    SELECT h.place, a.topic, h.voice, h.camp, sum(h.n_words) AS n_words
    FROM internal.heard h JOIN observed a ON a.place = h.place AND a.is_whole GROUP BY ALL
), totals AS (SELECT place, sum(n_words) AS n_words FROM words GROUP BY ALL)
SELECT w.place, kind_of('voices', w.topic, NULL, NULL, NULL, NULL, NULL, w.voice, w.camp),
    base_of(w.topic, NULL, NULL, NULL, NULL), w.n_words / t.n_words
FROM words w JOIN totals t USING (place) WHERE t.n_words > 0
"""
# A name's share of an article's names for one thing in a voice, and that of all names of its stance.
NAMES = """
INSERT INTO valued
WITH uses AS (
    SELECT n.*, a.topic FROM internal.named n JOIN observed a USING (place)
), totals AS (
    SELECT place, term_group, voice, sum(n_uses) AS n_uses FROM uses GROUP BY ALL
), parts AS (
    SELECT 'terms' AS family, place, topic, term_group, term, stance, voice, sum(n_uses) AS n_uses
    FROM uses GROUP BY ALL
    UNION ALL BY NAME
    SELECT 'stances' AS family, place, topic, term_group, stance, voice, sum(n_uses) AS n_uses
    FROM uses GROUP BY ALL
)
SELECT p.place, kind_of(p.family, p.topic, NULL, NULL, p.term_group, p.term, p.stance, p.voice, NULL),
    base_of(p.topic, NULL, NULL, p.term_group, p.voice), p.n_uses / t.n_uses
FROM parts p JOIN totals t USING (place, term_group, voice)
"""
# One row is an article in a sample: what it has no value of counts as nought there.
SAMPLED = "CREATE OR REPLACE TEMP TABLE sampled AS SELECT DISTINCT place, base FROM valued"
DAYS = """
INSERT INTO internal.days
SELECT a.topic, a.day, count(*), sum(hash($format, a.identity, v.kind, v.value))
FROM valued v JOIN observed a USING (place) GROUP BY ALL
"""
TAKEN_OVER = """
CREATE OR REPLACE TEMP TABLE taken_over AS
SELECT topic, day FROM internal.days SEMI JOIN before.internal.days USING (topic, day, n, content);
INSERT INTO internal.day_samples BY NAME SELECT s.* FROM before.internal.day_samples s
SEMI JOIN (SELECT DISTINCT base, day FROM internal.kinds JOIN taken_over USING (topic)) t USING (base, day);
INSERT INTO internal.day_sums BY NAME SELECT s.* FROM before.internal.day_sums s
SEMI JOIN (SELECT kind, day FROM internal.kinds JOIN taken_over USING (topic)) t USING (kind, day);
"""
NOTHING_TAKEN_OVER = "CREATE OR REPLACE TEMP TABLE taken_over AS SELECT topic, day FROM internal.days WHERE false"
# Of what is no copy a cluster is an article, so that its sums need no sums of their own.
SAMPLES = """
CREATE OR REPLACE TEMP TABLE shared_samples AS
SELECT s.base, a.outlet, a.day, a.cluster, count(*) AS n, count(*) FILTER (a.is_own) AS n_own
FROM sampled s JOIN observed a USING (place) ANTI JOIN taken_over USING (topic, day)
WHERE a.is_shared GROUP BY ALL;
INSERT INTO internal.day_samples
WITH alone AS (
    SELECT s.base, a.outlet, a.day, a.is_own, count(*) AS n
    FROM sampled s JOIN observed a USING (place) ANTI JOIN taken_over USING (topic, day)
    WHERE NOT a.is_shared GROUP BY ALL
)
SELECT base, outlet, day, is_own, sum(n), sum(n_clusters), sum(n_squared) FROM (
    SELECT base, outlet, day, false AS is_own, n, n AS n_clusters, n AS n_squared FROM alone
    UNION ALL SELECT base, outlet, day, true, n, n, n FROM alone WHERE is_own
    UNION ALL SELECT base, outlet, day, false, n, 1, n * n FROM shared_samples
    UNION ALL SELECT base, outlet, day, true, n_own, 1, n_own * n_own FROM shared_samples WHERE n_own > 0
) GROUP BY ALL;
"""
DAY_SUMS = """
INSERT INTO internal.day_sums
WITH rows AS (
    SELECT v.kind, v.base, a.outlet, a.day, a.cluster, a.is_own, a.is_shared, round(v.value * $unit)::BIGINT AS value
    FROM valued v JOIN observed a USING (place) ANTI JOIN taken_over USING (topic, day)
), alone AS (
    SELECT kind, outlet, day, is_own, sum(value) AS total, sum(value::HUGEINT * value) AS squared
    FROM rows WHERE NOT is_shared GROUP BY ALL
), shared AS (
    SELECT kind, base, outlet, day, cluster, sum(value) AS total, sum(value::HUGEINT * value) AS squared,
        sum(value) FILTER (is_own) AS own_total, sum(value::HUGEINT * value) FILTER (is_own) AS own_squared
    FROM rows WHERE is_shared GROUP BY ALL
), sized AS (SELECT s.*, n.n, n.n_own FROM shared s JOIN shared_samples n USING (base, outlet, day, cluster))
SELECT kind, outlet, day, is_own, sum(total), sum(squared), sum(total_squared), sum(total_by_n) FROM (
    SELECT kind, outlet, day, false AS is_own, total, squared, squared AS total_squared, total AS total_by_n FROM alone
    UNION ALL SELECT kind, outlet, day, true, total, squared, squared, total FROM alone WHERE is_own
    UNION ALL SELECT kind, outlet, day, false, total, squared, total * total, total * n FROM sized
    UNION ALL SELECT kind, outlet, day, true, own_total, own_squared, own_total * own_total, own_total * n_own
    FROM sized WHERE own_total IS NOT NULL
) GROUP BY ALL ORDER BY kind, is_own, outlet, day
"""
# What is added up, and how: another where a later version does it otherwise, which then takes over nothing.
FORMAT = hashlib.sha256(
    "\0".join((str(UNIT), TABLES, OBSERVED, KINDS, TONE, VOICES, NAMES, SAMPLED, SAMPLES, DAY_SUMS)).encode()
).hexdigest()
SAME_COLUMNS = """
SELECT count(*) > 0 AND bool_and(n = 2) FROM (
    SELECT count(*) AS n FROM duckdb_columns()
    WHERE database_name IN (current_database(), 'before') AND schema_name = 'internal'
        AND table_name IN ('kinds', 'days', 'day_samples', 'day_sums')
    GROUP BY table_name, column_name, data_type
)
"""


def attach(copy: duckdb.DuckDBPyConnection, before: Path | None) -> bool:
    """Let ``sum_days`` read the snapshot before; return whether it can. What cannot be read is worked out anew."""
    if before is None:
        return False
    quoted = str(before).replace("'", "''")  # ATTACH takes no parameters
    try:
        copy.execute(f"ATTACH '{quoted}' AS before (READ_ONLY)")
    except duckdb.Error:
        return False
    return True


def sum_days(copy: duckdb.DuckDBPyConnection, *, has_before: bool = False) -> int:
    """Leave the tables of sums in a copy of the master with its views; return how many days' were taken over.

    ``has_before`` says that a snapshot is attached to take them from. The temporary tables ``observed``, ``valued`` and
    ``sampled`` stay for figures that sums do not give.
    """
    for statement in (TABLES, OBSERVED, KINDS, TONE, VOICES, NAMES, SAMPLED):
        copy.execute(statement)
    copy.execute(DAYS, {"format": FORMAT})
    can_take_over = has_before and copy.execute(SAME_COLUMNS).fetchone() == (True,)
    copy.execute(TAKEN_OVER if can_take_over else NOTHING_TAKEN_OVER)
    copy.execute(SAMPLES)
    copy.execute(DAY_SUMS, {"unit": UNIT})
    (n,) = copy.execute("SELECT count(*) FROM taken_over").fetchall()[0]
    copy.execute("DROP TABLE taken_over; DROP TABLE shared_samples")
    return int(n)
