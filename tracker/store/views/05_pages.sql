-- What pages ask again and again, joined and counted once at publication: no page reads passages or texts to count.
-- One row is an article on a topic at its latest revision, as in coverage but without its text, with its tones.
CREATE TABLE internal.shown AS
SELECT
    c.* EXCLUDE (text, authors, completeness_reason, section, credit, entry, payload_digest),
    EXISTS (SELECT 1 FROM scored s WHERE s.topic = c.topic AND s.article = c.article AND s.revision = c.n_revisions
        AND s.unscored_reason IS NULL) AS is_scored,
    t.headline_tone, t.body_tone, t.outlet_tone, t.quoted_tone
FROM coverage c
LEFT JOIN (
    SELECT topic, article, revision,
        max(value) FILTER (part = 'headline') AS headline_tone, max(value) FILTER (part = 'body') AS body_tone,
        max(value) FILTER (part = 'outlet_voice') AS outlet_tone, max(value) FILTER (part = 'quoted_voice') AS quoted_tone
    FROM internal.default_sentiment GROUP BY ALL
) t ON t.topic = c.topic AND t.article = c.article AND t.revision = c.n_revisions
ORDER BY c.topic, c.article;
COMMENT ON TABLE internal.shown IS 'One row is an article on a topic, as in coverage without its text, with its tones by the default scorer';

-- One row is a voice, a camp and a speaker in an article's body: their words there.
CREATE TABLE internal.heard AS
SELECT a.topic, a.article, p.voice, p.camp, trim(split_part(p.speaker, ',', 1)) AS speaker,
    sum(p.n_words)::BIGINT AS n_words
FROM internal.shown a
JOIN passages p ON p.topic = a.topic AND p.article = a.article AND p.revision = a.n_revisions AND p.part = 'body'
JOIN snapshot_scorers c ON c.scorer = p.scorer AND c.scorer_version = p.scorer_version
GROUP BY ALL ORDER BY a.topic, a.article;
COMMENT ON TABLE internal.heard IS 'One row is a voice, a camp and a speaker (up to the first comma of the name) in an article''s body, with its words';

-- One row is a frame that is present in an article.
CREATE TABLE internal.framed AS
SELECT a.topic, a.article, f.pack, f.frame, f.is_primary
FROM internal.shown a JOIN frames f ON f.topic = a.topic AND f.article = a.article AND f.revision = a.n_revisions
JOIN snapshot_scorers c ON c.scorer = f.scorer AND c.scorer_version = f.scorer_version
ORDER BY a.topic, a.article;
COMMENT ON TABLE internal.framed IS 'One row is a frame that is present in an article''s latest revision, by the scorers of the snapshot';

-- One row is a frame and a voice in an article's body: the spans that the frame rests on there.
CREATE TABLE internal.frame_spans AS
SELECT f.topic, f.article, f.pack, f.frame, e.voice, count(*) AS n_spans
FROM internal.framed f
JOIN internal.shown a ON a.topic = f.topic AND a.article = f.article
JOIN evidence e ON e.topic = f.topic AND e.article = f.article AND e.revision = a.n_revisions
    AND e.tag = 'frame:' || f.frame AND e.part = 'body' AND e.voice IS NOT NULL
JOIN snapshot_scorers c ON c.scorer = e.scorer AND c.scorer_version = e.scorer_version
GROUP BY ALL ORDER BY f.topic, f.article;
COMMENT ON TABLE internal.frame_spans IS 'One row is a frame and a voice in an article''s body, with the spans that the frame rests on';

-- One row is a name for a thing in a voice in an article: its uses there.
CREATE TABLE internal.named AS
SELECT a.topic, a.article, l.term_group, l.term, l.stance, l.voice, count(*) AS n_uses
FROM internal.shown a
JOIN loaded_terms l ON l.topic = a.topic AND l.article = a.article AND l.revision = a.n_revisions
JOIN snapshot_scorers c ON c.scorer = l.scorer AND c.scorer_version = l.scorer_version
GROUP BY ALL ORDER BY a.topic, a.article;
COMMENT ON TABLE internal.named IS 'One row is a loaded term in a voice in an article, with its uses';

-- One row is somebody whom an article names: the mean of the sentiment of its mentions toward them.
CREATE TABLE internal.toward AS
SELECT a.topic, a.article, t.target, avg(t.score) AS value, count(*) AS n_mentions
FROM internal.shown a
JOIN target_sentiment t ON t.topic = a.topic AND t.article = a.article AND t.revision = a.n_revisions
JOIN snapshot_scorers c ON c.scorer = t.scorer AND c.scorer_version = t.scorer_version
GROUP BY ALL ORDER BY a.topic, a.article;
COMMENT ON TABLE internal.toward IS 'One row is somebody whom an article names, with the mean sentiment of its mentions toward them';

-- One row is a change of a headline, as in headline_changes.
CREATE TABLE internal.retitled AS SELECT topic, article, revision FROM headline_changes ORDER BY ALL;
COMMENT ON TABLE internal.retitled IS 'One row is a revision that changed an on-topic article''s headline';
