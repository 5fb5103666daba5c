-- What an article says in the topic's own sentences: half of a mention's text is about something else.
CREATE VIEW topic_tone AS
SELECT s.topic, s.article, s.revision, s.scorer, s.scorer_version, p.part,
    avg(s.value) AS value, count(*) AS n_sentences
FROM sentence_sentiment s
JOIN (
    SELECT 'headline' AS part, 'headline' AS of_part, NULL AS voice
    UNION ALL SELECT 'body', 'body', NULL
    UNION ALL SELECT 'outlet_voice', 'body', 'outlet'
    UNION ALL SELECT 'quoted_voice', 'body', 'quoted'
) p ON p.of_part = s.part AND (p.voice IS NULL OR p.voice = s.voice)
WHERE EXISTS (
    FROM evidence e
    WHERE e.tag = 'topic:sentence' AND e.topic = s.topic AND e.article = s.article AND e.revision = s.revision
        AND e.part = s.part AND e.start_offset < s.end_offset AND s.start_offset < e.end_offset
)
GROUP BY s.topic, s.article, s.revision, s.scorer, s.scorer_version, p.part;
COMMENT ON VIEW topic_tone IS 'One row is the valence of one part or voice of a revision by one scorer, over the topic''s own sentences alone';
COMMENT ON COLUMN topic_tone.topic IS 'Topic';
COMMENT ON COLUMN topic_tone.article IS 'Article';
COMMENT ON COLUMN topic_tone.revision IS 'Revision';
COMMENT ON COLUMN topic_tone.scorer IS 'Name of the scorer';
COMMENT ON COLUMN topic_tone.scorer_version IS 'Its version';
COMMENT ON COLUMN topic_tone.part IS 'headline, body (all voices), outlet_voice or quoted_voice';
COMMENT ON COLUMN topic_tone.value IS 'Mean valence of its sentences, -1..1';
COMMENT ON COLUMN topic_tone.n_sentences IS 'Sentences behind the value';

CREATE VIEW topic_frames AS
SELECT f.topic, f.article, f.revision, f.scorer, f.scorer_version, f.pack, f.frame, count(*) AS n_hits,
    count(*) FILTER (h.voice = 'outlet') AS n_hits_outlet_voice
FROM frames f
JOIN evidence h ON h.tag = 'frame:' || f.frame AND h.topic = f.topic AND h.article = f.article
    AND h.revision = f.revision AND h.scorer = f.scorer AND h.scorer_version = f.scorer_version
WHERE EXISTS (
    FROM evidence e
    WHERE e.tag = 'topic:sentence' AND e.topic = f.topic AND e.article = f.article AND e.revision = f.revision
        AND e.part = h.part AND e.start_offset <= h.start_offset AND h.end_offset <= e.end_offset
)
GROUP BY f.topic, f.article, f.revision, f.scorer, f.scorer_version, f.pack, f.frame;
COMMENT ON VIEW topic_frames IS 'One row is a frame of a revision that stands in the topic''s own sentences';
COMMENT ON COLUMN topic_frames.topic IS 'Topic';
COMMENT ON COLUMN topic_frames.article IS 'Article';
COMMENT ON COLUMN topic_frames.revision IS 'Revision';
COMMENT ON COLUMN topic_frames.scorer IS 'Name of the scorer';
COMMENT ON COLUMN topic_frames.scorer_version IS 'Its version';
COMMENT ON COLUMN topic_frames.pack IS 'Pack that defines the frame';
COMMENT ON COLUMN topic_frames.frame IS 'Frame id';
COMMENT ON COLUMN topic_frames.n_hits IS 'Words or phrases in those sentences that point to it';
COMMENT ON COLUMN topic_frames.n_hits_outlet_voice IS 'Those in the outlet''s own voice';
