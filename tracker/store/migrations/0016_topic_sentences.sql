-- The topic's own sentences are evidence of a match; articles matched before are matched again for them.
UPDATE matches SET topic_hash = '' WHERE is_on_topic IS DISTINCT FROM false;
COMMENT ON COLUMN evidence.tag IS 'What the span is evidence of: frame:ID, match:RULE, or topic:sentence, a sentence of the topic''s own';
