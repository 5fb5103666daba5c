-- A day is a day in the report's time zone, which the snapshot carries.
CREATE MACRO report_day(moment) AS
    CAST(timezone((SELECT timezone FROM snapshot_info), timezone('UTC', moment)) AS DATE);

-- A table, so that no question pays for the join again; without texts, which are most of a snapshot and stand in it once.
CREATE TABLE internal.newest AS
WITH last AS (SELECT article, max(revision) AS revision FROM revisions GROUP BY article)
SELECT
    a.article, a.outlet, o.name AS outlet_name, o.kind AS outlet_kind, o.lean,
    a.url, a.canonical_url, r.title, r.authors,
    r.published_at, report_day(r.published_at) AS published_date,
    r.modified_at, a.first_seen_at, report_day(a.first_seen_at) AS first_seen_date,
    r.language, r.kind, r.completeness, r.completeness_reason, r.word_count, r.section, r.credit,
    w.wire_agency, w.wire_cluster, coalesce(w.is_original, true) AS is_original,
    (w.wire_agency IS NOT NULL AND o.kind IS DISTINCT FROM 'wire')
        OR (w.wire_cluster IS NOT NULL AND NOT w.is_original) AS is_wire_copy,
    r.revision AS n_revisions, a.standing_revision, a.entry, a.via, a.gone_at, r.payload_digest, r.rowid AS text_row
FROM internal.articles a
JOIN last l ON l.article = a.article
JOIN revisions r ON r.article = l.article AND r.revision = l.revision
LEFT JOIN outlets o ON o.outlet = a.outlet
LEFT JOIN internal.wire_members w ON w.article = a.article;
COMMENT ON TABLE internal.newest IS 'One row is an article at its latest revision, as in articles but without its text, which is at row text_row of revisions';

-- By row number, so that DuckDB reads the texts that are asked for and no others: a snapshot's rows never move.
CREATE VIEW articles AS
SELECT
    a.article, a.outlet, a.outlet_name, a.outlet_kind, a.lean, a.url, a.canonical_url, a.title, r.text,
    a.* EXCLUDE (article, outlet, outlet_name, outlet_kind, lean, url, canonical_url, title, text_row)
FROM internal.newest a JOIN revisions r ON r.rowid = a.text_row;
COMMENT ON VIEW articles IS 'One row is an article at its latest revision, with outlet, dates, kind, completeness and wire facts';
COMMENT ON COLUMN articles.article IS 'Stable id of the article';
COMMENT ON COLUMN articles.outlet IS 'Outlet that published it';
COMMENT ON COLUMN articles.outlet_name IS 'Name of the outlet';
COMMENT ON COLUMN articles.outlet_kind IS 'Kind of the outlet';
COMMENT ON COLUMN articles.lean IS 'Lean of the outlet, where the user supplied one';
COMMENT ON COLUMN articles.url IS 'Address as listed and fetched';
COMMENT ON COLUMN articles.canonical_url IS 'Address without tracking, mobile and AMP forms, or as the page declares it';
COMMENT ON COLUMN articles.title IS 'Headline';
COMMENT ON COLUMN articles.text IS 'Body, paragraphs parted by one blank line';
COMMENT ON COLUMN articles.authors IS 'Authors as printed';
COMMENT ON COLUMN articles.published_at IS 'Publication time, UTC; null where none or impossible';
COMMENT ON COLUMN articles.published_date IS 'Day of publication in the report''s time zone';
COMMENT ON COLUMN articles.modified_at IS 'Time of last change as the page gives it, UTC';
COMMENT ON COLUMN articles.first_seen_at IS 'When it was first seen, UTC';
COMMENT ON COLUMN articles.first_seen_date IS 'Day it was first seen in the report''s time zone';
COMMENT ON COLUMN articles.language IS 'Language, ISO 639-1';
COMMENT ON COLUMN articles.kind IS 'news, analysis, opinion, editorial, live, press_release, transcript, media or unknown';
COMMENT ON COLUMN articles.completeness IS 'whole, partial, blocked or empty';
COMMENT ON COLUMN articles.completeness_reason IS 'Why it is not whole';
COMMENT ON COLUMN articles.word_count IS 'Words in the body';
COMMENT ON COLUMN articles.section IS 'Section as the page gives it';
COMMENT ON COLUMN articles.credit IS 'Byline or credit line as printed';
COMMENT ON COLUMN articles.wire_agency IS 'Agency whose text it is; null where none was found';
COMMENT ON COLUMN articles.wire_cluster IS 'Cluster of copies of one text; null for an article that stands alone';
COMMENT ON COLUMN articles.is_original IS 'Whether it is the original of its cluster; true for an article that stands alone';
COMMENT ON COLUMN articles.is_wire_copy IS 'Whether its text is another organisation''s';
COMMENT ON COLUMN articles.n_revisions IS 'Versions seen so far';
COMMENT ON COLUMN articles.standing_revision IS 'Version that stood at the last look; an earlier one where the outlet went back to it';
COMMENT ON COLUMN articles.entry IS 'Entry that led to it';
COMMENT ON COLUMN articles.via IS 'How it came: feed, search, urls, warc, jsonl, …';
COMMENT ON COLUMN articles.gone_at IS 'When the page was found gone; null while it stands';
COMMENT ON COLUMN articles.payload_digest IS 'Digest of the page in the archive';

CREATE VIEW own_work AS SELECT * FROM articles WHERE NOT is_wire_copy;
COMMENT ON VIEW own_work IS 'One row is an article that is no wire copy; columns as in articles';

CREATE VIEW wire_clusters AS
SELECT
    w.wire_cluster, max(w.wire_agency) AS wire_agency,
    min(a.article) FILTER (w.is_original) AS original,
    min(a.outlet) FILTER (w.is_original) AS original_outlet,
    count(*) AS n_articles, count(DISTINCT a.outlet) AS n_outlets
FROM internal.wire_members w JOIN internal.articles a USING (article)
WHERE w.wire_cluster IS NOT NULL
GROUP BY w.wire_cluster;
COMMENT ON VIEW wire_clusters IS 'One row is a set of articles that are copies of one text';
COMMENT ON COLUMN wire_clusters.wire_cluster IS 'Id of the cluster';
COMMENT ON COLUMN wire_clusters.wire_agency IS 'Agency whose text it is; null where none was found';
COMMENT ON COLUMN wire_clusters.original IS 'Article that is the original: the agency''s, else the earliest';
COMMENT ON COLUMN wire_clusters.original_outlet IS 'Outlet of the original';
COMMENT ON COLUMN wire_clusters.n_articles IS 'Articles in it';
COMMENT ON COLUMN wire_clusters.n_outlets IS 'Outlets that ran it';

CREATE VIEW coverage AS
SELECT
    m.topic, m.centrality, m.is_on_topic, m.decided_by, a.*
FROM matches m JOIN articles a USING (article)
WHERE m.is_on_topic;
COMMENT ON VIEW coverage IS 'One row is an article on a topic; columns as in articles, with topic and centrality before them';
