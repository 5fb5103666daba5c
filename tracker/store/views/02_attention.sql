-- A table, made at publication: everybody asks for it, and it reads all entries.
CREATE TABLE attention AS
WITH listed AS (
    -- searches list only what is on the topic: they would flatter the denominator
    SELECT e.entry, e.outlet, e.article, report_day(e.first_seen_at) AS date
    FROM entries e
    WHERE EXISTS (SELECT 1 FROM entry_feeds l JOIN feeds f USING (feed) WHERE l.entry = e.entry AND f.kind <> 'search')
), per_day AS (
    SELECT outlet, date, count(*) AS n_entries FROM listed GROUP BY ALL
), first_listed AS (
    SELECT article, outlet, min(date) AS date FROM listed WHERE article IS NOT NULL GROUP BY ALL
), gap_days AS (
    SELECT DISTINCT outlet,
        unnest(generate_series(report_day(from_at), report_day(until_at), INTERVAL 1 DAY))::DATE AS date
    FROM gaps
), matching AS (
    SELECT m.topic, f.outlet, f.date, count(*) AS n_matching
    FROM first_listed f JOIN matches m USING (article) WHERE m.is_on_topic GROUP BY ALL
)
SELECT
    t.topic, d.outlet, d.date, coalesce(m.n_matching, 0) AS n_matching, d.n_entries,
    coalesce(m.n_matching, 0) / d.n_entries AS share,
    g.date IS NOT NULL AS is_gap
FROM per_day d CROSS JOIN topics t
LEFT JOIN matching m ON m.topic = t.topic AND m.outlet = d.outlet AND m.date = d.date
LEFT JOIN gap_days g ON g.outlet = d.outlet AND g.date = d.date
ORDER BY t.topic, d.outlet, d.date;
COMMENT ON TABLE attention IS 'One row is a topic, an outlet and a day: its on-topic articles among all its entries first seen that day';
COMMENT ON COLUMN attention.topic IS 'Topic';
COMMENT ON COLUMN attention.outlet IS 'Outlet';
COMMENT ON COLUMN attention.date IS 'Day in the report''s time zone on which the entries were first seen';
COMMENT ON COLUMN attention.n_matching IS 'On-topic articles whose entry was first seen that day';
COMMENT ON COLUMN attention.n_entries IS 'All entries that the outlet''s own feeds first listed that day';
COMMENT ON COLUMN attention.share IS 'n_matching / n_entries, 0..1';
COMMENT ON COLUMN attention.is_gap IS 'Whether collection was not whole that day, so that absence says nothing';

CREATE VIEW first_reports AS
WITH firsts AS (
    SELECT topic, outlet, min(published_at) AS published_at,
        -- of two at the same minute always the same one
        min_by(article, (published_at, article)) AS article, min_by(title, (published_at, article)) AS title
    FROM coverage WHERE published_at IS NOT NULL GROUP BY ALL
)
SELECT
    topic, outlet, article, title, published_at,
    (epoch(published_at) - epoch(min(published_at) OVER (PARTITION BY topic))) / 3600 AS lag_hours
FROM firsts;
COMMENT ON VIEW first_reports IS 'One row is an outlet''s first article on a topic';
COMMENT ON COLUMN first_reports.topic IS 'Topic';
COMMENT ON COLUMN first_reports.outlet IS 'Outlet';
COMMENT ON COLUMN first_reports.article IS 'Its first article on the topic';
COMMENT ON COLUMN first_reports.title IS 'Headline of that article';
COMMENT ON COLUMN first_reports.published_at IS 'When that was published, UTC';
COMMENT ON COLUMN first_reports.lag_hours IS 'Hours after the first outlet of all';

CREATE VIEW wire_reach AS
SELECT
    m.topic, a.wire_cluster, max(a.wire_agency) AS wire_agency,
    max(a.title) FILTER (a.is_original) AS title,
    max(a.outlet) FILTER (a.is_original) AS original_outlet,
    count(*) AS n_articles, count(DISTINCT a.outlet) AS n_outlets,
    list(DISTINCT a.outlet ORDER BY a.outlet) AS outlets,
    min(a.published_at) AS first_at, max(a.published_at) AS last_at
FROM articles a JOIN matches m USING (article)
WHERE m.is_on_topic AND a.wire_cluster IS NOT NULL
GROUP BY m.topic, a.wire_cluster;
COMMENT ON VIEW wire_reach IS 'One row is a topic and a wire cluster: how far one text reached';
COMMENT ON COLUMN wire_reach.topic IS 'Topic';
COMMENT ON COLUMN wire_reach.wire_cluster IS 'Cluster of copies of one text';
COMMENT ON COLUMN wire_reach.wire_agency IS 'Agency whose text it is';
COMMENT ON COLUMN wire_reach.title IS 'Headline of the original';
COMMENT ON COLUMN wire_reach.original_outlet IS 'Outlet of the original';
COMMENT ON COLUMN wire_reach.n_articles IS 'On-topic articles that are this text';
COMMENT ON COLUMN wire_reach.n_outlets IS 'Outlets that ran it';
COMMENT ON COLUMN wire_reach.outlets IS 'Those outlets';
COMMENT ON COLUMN wire_reach.first_at IS 'Earliest publication, UTC';
COMMENT ON COLUMN wire_reach.last_at IS 'Latest publication, UTC';
