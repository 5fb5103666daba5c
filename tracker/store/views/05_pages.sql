-- What pages ask again and again, joined and counted once at publication: no page reads passages or texts to count.
-- One row is an article on a topic at its latest revision, as in coverage but without its text, with its tones.
CREATE TABLE internal.shown AS
SELECT
    (row_number() OVER (ORDER BY c.topic, c.article))::INTEGER AS place,  -- joins on numbers take a fifth of the time
    c.* EXCLUDE (text, authors, completeness_reason, section, credit, entry, payload_digest),
    coalesce(c.wire_agency, o.name) AS copied_from,
    EXISTS (SELECT 1 FROM scored s WHERE s.topic = c.topic AND s.article = c.article AND s.revision = c.n_revisions
        AND s.unscored_reason IS NULL) AS is_scored,
    t.headline_tone, t.body_tone, t.outlet_tone, t.quoted_tone
FROM coverage c
LEFT JOIN wire_clusters w ON w.wire_cluster = c.wire_cluster
LEFT JOIN outlets o ON o.outlet = w.original_outlet
LEFT JOIN (
    SELECT topic, article, revision,
        max(value) FILTER (part = 'headline') AS headline_tone, max(value) FILTER (part = 'body') AS body_tone,
        max(value) FILTER (part = 'outlet_voice') AS outlet_tone, max(value) FILTER (part = 'quoted_voice') AS quoted_tone
    FROM internal.default_sentiment GROUP BY ALL
) t ON t.topic = c.topic AND t.article = c.article AND t.revision = c.n_revisions
ORDER BY place;
COMMENT ON TABLE internal.shown IS 'One row is an article on a topic, as in coverage without its text, with its tones by the default scorer; place is its number in the tables beside it';

-- One row is a voice, a camp and a speaker in an article's body: their words there.
CREATE TABLE internal.heard AS
SELECT a.place, p.voice, p.camp, trim(split_part(p.speaker, ',', 1)) AS speaker, sum(p.n_words)::BIGINT AS n_words,
    count(*) AS n_passages
FROM internal.shown a
JOIN passages p ON p.topic = a.topic AND p.article = a.article AND p.revision = a.n_revisions AND p.part = 'body'
JOIN snapshot_scorers c ON c.scorer = p.scorer AND c.scorer_version = p.scorer_version
GROUP BY ALL ORDER BY a.place;
COMMENT ON TABLE internal.heard IS 'One row is a voice, a camp and a speaker (up to the first comma of the name) in an article''s body, with its words and passages';

CREATE VIEW voices AS
SELECT a.topic, a.article, a.outlet, a.outlet_name, a.title, a.kind, a.completeness, a.is_wire_copy,
    h.voice, h.camp, h.speaker, h.n_words, h.n_passages
FROM internal.heard h JOIN internal.shown a USING (place);
COMMENT ON VIEW voices IS 'One row is a voice, a camp and a speaker in the body of an on-topic article''s latest revision: passages, counted at publication';
COMMENT ON COLUMN voices.topic IS 'Topic';
COMMENT ON COLUMN voices.article IS 'Article';
COMMENT ON COLUMN voices.outlet IS 'Outlet that published it';
COMMENT ON COLUMN voices.outlet_name IS 'Name of the outlet';
COMMENT ON COLUMN voices.title IS 'Headline';
COMMENT ON COLUMN voices.kind IS 'Kind of the article';
COMMENT ON COLUMN voices.completeness IS 'whole, partial, blocked or empty';
COMMENT ON COLUMN voices.is_wire_copy IS 'Whether the text is a copy of an agency''s or of another outlet''s';
COMMENT ON COLUMN voices.voice IS 'outlet, quoted or reported';
COMMENT ON COLUMN voices.camp IS 'Side that the topic file puts the speaker on, else unknown; null for the outlet''s own voice';
COMMENT ON COLUMN voices.speaker IS 'Who speaks, up to the first comma of the name';
COMMENT ON COLUMN voices.n_words IS 'Words in those passages';
COMMENT ON COLUMN voices.n_passages IS 'Passages';


-- One row is a frame that is present in an article.
CREATE TABLE internal.framed AS
SELECT a.place, f.pack, f.frame, f.is_primary
FROM internal.shown a JOIN frames f ON f.topic = a.topic AND f.article = a.article AND f.revision = a.n_revisions
JOIN snapshot_scorers c ON c.scorer = f.scorer AND c.scorer_version = f.scorer_version
ORDER BY a.place;
COMMENT ON TABLE internal.framed IS 'One row is a frame that is present in an article''s latest revision, by the scorers of the snapshot';

-- One row is a frame and a voice in an article's body: the spans that the frame rests on there.
CREATE TABLE internal.frame_spans AS
SELECT f.place, f.pack, f.frame, e.voice, count(*) AS n_spans
FROM internal.framed f
JOIN internal.shown a ON a.place = f.place
JOIN evidence e ON e.topic = a.topic AND e.article = a.article AND e.revision = a.n_revisions
    AND e.tag = 'frame:' || f.frame AND e.part = 'body' AND e.voice IS NOT NULL
JOIN snapshot_scorers c ON c.scorer = e.scorer AND c.scorer_version = e.scorer_version
GROUP BY ALL ORDER BY f.place;
COMMENT ON TABLE internal.frame_spans IS 'One row is a frame and a voice in an article''s body, with the spans that the frame rests on';

-- One row is a name for a thing in a voice in an article: its uses there.
CREATE TABLE internal.named AS
SELECT a.place, l.term_group, l.term, l.stance, l.voice, count(*) AS n_uses
FROM internal.shown a
JOIN loaded_terms l ON l.topic = a.topic AND l.article = a.article AND l.revision = a.n_revisions
JOIN snapshot_scorers c ON c.scorer = l.scorer AND c.scorer_version = l.scorer_version
GROUP BY ALL ORDER BY a.place;
COMMENT ON TABLE internal.named IS 'One row is a loaded term in a voice in an article, with its uses';

-- One row is somebody whom an article names: the mean of the sentiment of its mentions toward them.
CREATE TABLE internal.toward AS
SELECT a.place, t.target, avg(t.score) AS value, count(*) AS n_mentions
FROM internal.shown a
JOIN target_sentiment t ON t.topic = a.topic AND t.article = a.article AND t.revision = a.n_revisions
JOIN snapshot_scorers c ON c.scorer = t.scorer AND c.scorer_version = t.scorer_version
GROUP BY ALL ORDER BY a.place;
COMMENT ON TABLE internal.toward IS 'One row is somebody whom an article names, with the mean sentiment of its mentions toward them';

-- One row is a part or voice of an article: its tone over the topic's own sentences, as in topic_tone.
CREATE TABLE internal.topic_toned AS
WITH topical AS (
    SELECT a.place, e.part, e.start_offset, e.end_offset FROM evidence e
    JOIN internal.shown a ON a.topic = e.topic AND a.article = e.article AND a.n_revisions = e.revision
    WHERE e.tag = 'topic:sentence'
), said AS (
    SELECT a.place, s.part, s.voice, s.start_offset, s.end_offset, s.value FROM sentence_sentiment s
    JOIN snapshot_scorers c ON c.scorer = s.scorer AND c.scorer_version = s.scorer_version AND c.is_default
    JOIN internal.shown a ON a.topic = s.topic AND a.article = s.article AND a.n_revisions = s.revision
)
FROM (
    SELECT s.place,
        avg(s.value) FILTER (s.part = 'headline') AS headline, avg(s.value) FILTER (s.part = 'body') AS body,
        avg(s.value) FILTER (s.part = 'body' AND s.voice = 'outlet') AS outlet_voice,
        avg(s.value) FILTER (s.part = 'body' AND s.voice = 'quoted') AS quoted_voice
    FROM said s SEMI JOIN topical t ON t.place = s.place AND t.part = s.part
        AND t.start_offset < s.end_offset AND s.start_offset < t.end_offset
    GROUP BY s.place
) UNPIVOT (value FOR part IN (headline, body, outlet_voice, quoted_voice)) ORDER BY place;
COMMENT ON TABLE internal.topic_toned IS 'One row is a part or voice of an article, with its tone over the topic''s own sentences by the default scorer';

-- One row is a version that changed an article's headline or its text against the one before.
CREATE TABLE internal.changed AS
WITH versions AS MATERIALIZED (  -- texts are read once, and only their hashes kept
    SELECT a.place, r.revision, r.seen_at, r.title, hash(r.text) AS text
    FROM internal.shown a JOIN revisions r ON r.article = a.article WHERE a.n_revisions > 1
)
SELECT r.place, r.revision, r.seen_at, r.title <> p.title AS has_new_title, r.text <> p.text AS has_new_text
FROM versions r JOIN versions p ON p.place = r.place AND p.revision = r.revision - 1
WHERE has_new_title OR has_new_text
ORDER BY r.seen_at DESC, r.place, r.revision;
COMMENT ON TABLE internal.changed IS 'One row is a version that changed an on-topic article''s headline or text against the one before';
