-- A second opinion on a frame, for topics that ask for it.
ALTER TABLE frames ADD COLUMN similarity DOUBLE;
COMMENT ON COLUMN frames.similarity IS 'Cosine of the sentences that hit the frame and its definition, -1..1; null unless the topic sets frame_similarity';
