-- What a snapshot shows by default: the latest revision, the scorers of the code that published it.
CREATE VIEW internal.default_sentiment AS
SELECT s.* FROM sentiment s JOIN snapshot_scorers c USING (scorer, scorer_version) WHERE c.is_default;
