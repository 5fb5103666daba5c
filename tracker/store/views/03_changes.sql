CREATE VIEW headline_changes AS
SELECT
    m.topic, a.outlet, r.article, r.revision, r.seen_at,
    p.title AS title_before, r.title AS title_after, r.change_kind,
    h.value AS tone_after, hp.value AS tone_before, h.value - hp.value AS tone_change
FROM revisions r
JOIN revisions p ON p.article = r.article AND p.revision = r.revision - 1
JOIN internal.articles a ON a.article = r.article
JOIN matches m ON m.article = r.article AND m.is_on_topic
LEFT JOIN internal.default_sentiment h
    ON h.topic = m.topic AND h.article = r.article AND h.revision = r.revision AND h.part = 'headline'
LEFT JOIN internal.default_sentiment hp
    ON hp.topic = m.topic AND hp.article = p.article AND hp.revision = p.revision AND hp.part = 'headline'
WHERE r.title <> p.title;
COMMENT ON VIEW headline_changes IS 'One row is a change of an on-topic article''s headline';
COMMENT ON COLUMN headline_changes.topic IS 'Topic';
COMMENT ON COLUMN headline_changes.outlet IS 'Outlet';
COMMENT ON COLUMN headline_changes.article IS 'Article';
COMMENT ON COLUMN headline_changes.revision IS 'Revision that brought the change';
COMMENT ON COLUMN headline_changes.seen_at IS 'When it was first seen, UTC';
COMMENT ON COLUMN headline_changes.title_before IS 'Headline before';
COMMENT ON COLUMN headline_changes.title_after IS 'Headline after';
COMMENT ON COLUMN headline_changes.change_kind IS 'Kind of the change as a whole';
COMMENT ON COLUMN headline_changes.tone_after IS 'Headline''s valence after, default scorer';
COMMENT ON COLUMN headline_changes.tone_before IS 'Headline''s valence before';
COMMENT ON COLUMN headline_changes.tone_change IS 'After minus before';

CREATE VIEW corrections AS
SELECT m.topic, a.outlet, r.article, r.revision, r.seen_at, r.change_kind, r.change_note, r.title
FROM revisions r
JOIN internal.articles a ON a.article = r.article
JOIN matches m ON m.article = r.article AND m.is_on_topic
WHERE r.change_kind IN ('correction', 'retraction');
COMMENT ON VIEW corrections IS 'One row is a correction or retraction of an on-topic article';
COMMENT ON COLUMN corrections.topic IS 'Topic';
COMMENT ON COLUMN corrections.outlet IS 'Outlet';
COMMENT ON COLUMN corrections.article IS 'Article';
COMMENT ON COLUMN corrections.revision IS 'Revision that brought it';
COMMENT ON COLUMN corrections.seen_at IS 'When it was first seen, UTC';
COMMENT ON COLUMN corrections.change_kind IS 'correction or retraction';
COMMENT ON COLUMN corrections.change_note IS 'Text of the note';
COMMENT ON COLUMN corrections.title IS 'Headline after';
