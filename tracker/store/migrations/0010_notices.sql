-- What was told by itself: alerts and digests, so that an alert fires once and a failed one is tried again.
CREATE TABLE notices (
    notice VARCHAR NOT NULL, kind VARCHAR NOT NULL, channel VARCHAR NOT NULL, as_of_at TIMESTAMP NOT NULL,
    outcome VARCHAR NOT NULL, detail VARCHAR, text VARCHAR NOT NULL
);
COMMENT ON TABLE notices IS 'One row is an alert or a digest handed to a channel, and what became of it';
COMMENT ON COLUMN notices.notice IS 'What it is about: the same event, the same notice';
COMMENT ON COLUMN notices.kind IS 'headline, attention, feed or digest';
COMMENT ON COLUMN notices.channel IS 'email, webhook or command';
COMMENT ON COLUMN notices.as_of_at IS 'Time of the run that told it, UTC';
COMMENT ON COLUMN notices.outcome IS 'sent or failed';
COMMENT ON COLUMN notices.detail IS 'Why it failed';
COMMENT ON COLUMN notices.text IS 'What was said';
