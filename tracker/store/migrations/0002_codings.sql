-- What people coded, whole: 0001 had a table for it that nothing ever wrote. Rows are those of state/decisions.jsonl.

DROP TABLE codings;

CREATE TABLE codings (
    topic VARCHAR NOT NULL, article VARCHAR NOT NULL, revision INTEGER NOT NULL, variable VARCHAR NOT NULL,
    value VARCHAR NOT NULL, coder VARCHAR NOT NULL, is_final BOOLEAN NOT NULL, coded_at TIMESTAMP NOT NULL
);
COMMENT ON TABLE codings IS 'One row is what a person said of an article in one variable';
COMMENT ON COLUMN codings.topic IS 'Topic';
COMMENT ON COLUMN codings.article IS 'Article';
COMMENT ON COLUMN codings.revision IS 'Version that was read';
COMMENT ON COLUMN codings.variable IS 'What was coded: relevance, leading_frame, tone, or frame: and a frame''s id';
COMMENT ON COLUMN codings.value IS 'The code: yes, no, a frame''s id, none, -2 to 2, or unsure';
COMMENT ON COLUMN codings.coder IS 'Who coded';
COMMENT ON COLUMN codings.is_final IS 'Whether it settles what coders disagreed on';
COMMENT ON COLUMN codings.coded_at IS 'When, UTC';

CREATE TABLE coding_spans (
    topic VARCHAR NOT NULL, article VARCHAR NOT NULL, revision INTEGER NOT NULL, variable VARCHAR NOT NULL,
    coder VARCHAR NOT NULL, part VARCHAR NOT NULL, start_offset INTEGER NOT NULL, end_offset INTEGER NOT NULL
);
COMMENT ON TABLE coding_spans IS 'One row is a stretch of an article that a person marked as the ground for a code';
COMMENT ON COLUMN coding_spans.topic IS 'Topic';
COMMENT ON COLUMN coding_spans.article IS 'Article';
COMMENT ON COLUMN coding_spans.revision IS 'Version that was read';
COMMENT ON COLUMN coding_spans.variable IS 'What it is the ground for';
COMMENT ON COLUMN coding_spans.coder IS 'Who marked it';
COMMENT ON COLUMN coding_spans.part IS 'headline or body';
COMMENT ON COLUMN coding_spans.start_offset IS 'First character';
COMMENT ON COLUMN coding_spans.end_offset IS 'Character after the last';

CREATE TABLE coding_samples (
    topic VARCHAR NOT NULL, sample VARCHAR NOT NULL, article VARCHAR NOT NULL, revision INTEGER NOT NULL,
    stratum VARCHAR NOT NULL, n_stratum INTEGER NOT NULL, n_drawn INTEGER NOT NULL, position INTEGER NOT NULL,
    drawn_at TIMESTAMP NOT NULL
);
COMMENT ON TABLE coding_samples IS 'One row is an article drawn at random to be coded';
COMMENT ON COLUMN coding_samples.topic IS 'Topic';
COMMENT ON COLUMN coding_samples.sample IS 'Id of the sample';
COMMENT ON COLUMN coding_samples.article IS 'Article';
COMMENT ON COLUMN coding_samples.revision IS 'Version to be read';
COMMENT ON COLUMN coding_samples.stratum IS 'Stratum: predicted class, kind of outlet, month';
COMMENT ON COLUMN coding_samples.n_stratum IS 'Texts of the stratum in the archive; over n_drawn it is the weight';
COMMENT ON COLUMN coding_samples.n_drawn IS 'Texts drawn from it';
COMMENT ON COLUMN coding_samples.position IS 'Place in the random order in which the sample is coded';
COMMENT ON COLUMN coding_samples.drawn_at IS 'When, UTC';
