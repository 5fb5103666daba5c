-- What retention let go: counted and said, so that nothing is missing without a word.
ALTER TABLE fetches ADD COLUMN let_go_at TIMESTAMP;
COMMENT ON COLUMN fetches.let_go_at IS 'When its page was let go from the archive by a rule of [retention]; null where none did';
COMMENT ON COLUMN fetches.warc_file IS 'WARC file, relative to the archive; null where none is kept';

CREATE TABLE let_go (
    run VARCHAR NOT NULL, what VARCHAR NOT NULL, before_at TIMESTAMP, n BIGINT NOT NULL, n_bytes BIGINT
);
COMMENT ON TABLE let_go IS 'One row says what a run of compact let go by a rule of [retention]';
COMMENT ON COLUMN let_go.run IS 'Run that did';
COMMENT ON COLUMN let_go.what IS 'pages.unused, pages.off_topic, pages.on_topic, requests or scores';
COMMENT ON COLUMN let_go.before_at IS 'What was fetched before then, UTC; null where age did not count';
COMMENT ON COLUMN let_go.n IS 'How many pages, or rows';
COMMENT ON COLUMN let_go.n_bytes IS 'Bytes of their bodies, decompressed; null for rows';
