-- The first schema. Public tables live in `main`; plumbing that no reader needs lives in `internal`.
-- Every `_at` is a UTC timestamp; every `_offset` counts Unicode code points, end exclusive.

CREATE SCHEMA IF NOT EXISTS internal;

-- ---------------------------------------------------------------- who is followed

CREATE TABLE outlets (
    outlet VARCHAR PRIMARY KEY,
    name VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    country VARCHAR,
    region VARCHAR,
    language VARCHAR,
    owner VARCHAR,
    lean VARCHAR,
    lean_source VARCHAR,
    is_own BOOLEAN NOT NULL,
    scopes VARCHAR[] NOT NULL
);
COMMENT ON TABLE outlets IS 'One row is an outlet: a publisher as a reader knows it';
COMMENT ON COLUMN outlets.outlet IS 'Slug that names the outlet everywhere';
COMMENT ON COLUMN outlets.name IS 'Name as readers know it';
COMMENT ON COLUMN outlets.kind IS 'national, regional, local, public, broadcast, digital, trade, advocacy, foreign, wire, aggregator or unknown';
COMMENT ON COLUMN outlets.country IS 'ISO 3166-1 code of its home';
COMMENT ON COLUMN outlets.region IS 'Region or state, for regional and local outlets';
COMMENT ON COLUMN outlets.language IS 'Main language, ISO 639-1';
COMMENT ON COLUMN outlets.owner IS 'Who owns it';
COMMENT ON COLUMN outlets.lean IS 'Political lean as supplied by the user; null where none was';
COMMENT ON COLUMN outlets.lean_source IS 'Where the lean comes from';
COMMENT ON COLUMN outlets.is_own IS 'Whether this is the user''s own outlet';
COMMENT ON COLUMN outlets.scopes IS 'Hosts, or hosts with a path, that are the outlet''s own';

CREATE TABLE feeds (
    feed VARCHAR PRIMARY KEY,
    outlet VARCHAR NOT NULL,
    url VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    topic VARCHAR,
    is_active BOOLEAN NOT NULL,
    last_outcome VARCHAR,
    last_status INTEGER,
    last_polled_at TIMESTAMP,
    last_ok_at TIMESTAMP,
    last_new_at TIMESTAMP,
    next_poll_at TIMESTAMP,
    n_failures DOUBLE NOT NULL,
    moved_to VARCHAR
);
COMMENT ON TABLE feeds IS 'One row is a feed of an outlet or aggregator, with its health';
COMMENT ON COLUMN feeds.feed IS 'Stable id of the feed';
COMMENT ON COLUMN feeds.outlet IS 'Outlet that the feed belongs to';
COMMENT ON COLUMN feeds.url IS 'Address as configured';
COMMENT ON COLUMN feeds.kind IS 'feed (RSS, Atom, JSON), sitemap or search';
COMMENT ON COLUMN feeds.topic IS 'Topic that a search feed searches for';
COMMENT ON COLUMN feeds.is_active IS 'Whether it is still configured';
COMMENT ON COLUMN feeds.last_outcome IS 'What became of the last poll; see fetches.outcome';
COMMENT ON COLUMN feeds.last_status IS 'HTTP status of the last poll';
COMMENT ON COLUMN feeds.last_polled_at IS 'When it was last asked';
COMMENT ON COLUMN feeds.last_ok_at IS 'When it last answered well';
COMMENT ON COLUMN feeds.last_new_at IS 'When it last listed something new';
COMMENT ON COLUMN feeds.next_poll_at IS 'When its own rhythm or back-off next allows a poll';
COMMENT ON COLUMN feeds.n_failures IS 'Weighted count of failures in a row';
COMMENT ON COLUMN feeds.moved_to IS 'Where a permanent redirect points';

CREATE TABLE internal.feed_state (
    feed VARCHAR PRIMARY KEY,
    etag VARCHAR,
    last_modified VARCHAR,
    body_hash VARCHAR,
    last_polled_at TIMESTAMP,
    last_ok_at TIMESTAMP,
    last_new_at TIMESTAMP,
    next_poll_at TIMESTAMP,
    n_failures DOUBLE,
    last_outcome VARCHAR,
    last_status INTEGER,
    moved_to VARCHAR,
    moved_since_at TIMESTAMP,
    unconditional_at TIMESTAMP
);

CREATE TABLE internal.host_waits (host VARCHAR PRIMARY KEY, until_at TIMESTAMP NOT NULL);

-- ---------------------------------------------------------------- what was listed

CREATE TABLE entries (
    entry VARCHAR PRIMARY KEY,
    outlet VARCHAR NOT NULL,
    url VARCHAR NOT NULL,
    canonical_url VARCHAR NOT NULL,
    guid VARCHAR,
    title VARCHAR NOT NULL,
    summary VARCHAR NOT NULL,
    content VARCHAR,
    authors VARCHAR[] NOT NULL,
    published_at TIMESTAMP,
    first_seen_at TIMESTAMP NOT NULL,
    via VARCHAR NOT NULL,
    status VARCHAR NOT NULL,
    status_reason VARCHAR,
    n_attempts INTEGER NOT NULL,
    article VARCHAR
);
COMMENT ON TABLE entries IS 'One row is an item that an outlet''s feeds listed, on topic or not: the denominator of attention';
COMMENT ON COLUMN entries.entry IS 'Stable id of (outlet, canonical address)';
COMMENT ON COLUMN entries.outlet IS 'Outlet that published it';
COMMENT ON COLUMN entries.url IS 'Address as listed, which is the one fetched';
COMMENT ON COLUMN entries.canonical_url IS 'Address without tracking, mobile and AMP forms';
COMMENT ON COLUMN entries.guid IS 'The feed''s own id of the item';
COMMENT ON COLUMN entries.title IS 'Title as first listed, plain text';
COMMENT ON COLUMN entries.summary IS 'Summary as first listed, plain text';
COMMENT ON COLUMN entries.content IS 'Full content where the feed gives it, plain text';
COMMENT ON COLUMN entries.authors IS 'Authors as listed';
COMMENT ON COLUMN entries.published_at IS 'Date as listed; null where none or impossible';
COMMENT ON COLUMN entries.first_seen_at IS 'When a poll first saw it';
COMMENT ON COLUMN entries.via IS 'How it came: feed, search, urls, warc, jsonl, …';
COMMENT ON COLUMN entries.status IS 'pending, stored, skipped or failed';
COMMENT ON COLUMN entries.status_reason IS 'Why it was skipped, failed or is still pending';
COMMENT ON COLUMN entries.n_attempts IS 'How often its page was asked for';
COMMENT ON COLUMN entries.article IS 'Article that its page became';

CREATE TABLE entry_feeds (
    entry VARCHAR NOT NULL,
    feed VARCHAR NOT NULL,
    first_seen_at TIMESTAMP NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (entry, feed)
);
COMMENT ON TABLE entry_feeds IS 'One row says that a feed listed an entry';
COMMENT ON COLUMN entry_feeds.entry IS 'Entry listed';
COMMENT ON COLUMN entry_feeds.feed IS 'Feed that listed it';
COMMENT ON COLUMN entry_feeds.first_seen_at IS 'When that feed was first seen to list it';
COMMENT ON COLUMN entry_feeds.position IS 'Place in the feed then, from 0 at the top';

-- ---------------------------------------------------------------- what was read

CREATE TABLE internal.articles (
    article VARCHAR PRIMARY KEY,
    outlet VARCHAR NOT NULL,
    url VARCHAR NOT NULL,
    canonical_url VARCHAR NOT NULL,
    entry VARCHAR,
    first_seen_at TIMESTAMP NOT NULL,
    via VARCHAR NOT NULL,
    last_looked_at TIMESTAMP,
    look_again_at TIMESTAMP,
    gone_at TIMESTAMP,
    standing_revision INTEGER -- the version that stood at the last look: an outlet may go back to an earlier one
);
-- Every address that an article was found under: as listed, after redirects, and as its page declares.
CREATE TABLE internal.addresses (
    outlet VARCHAR NOT NULL, address VARCHAR NOT NULL, article VARCHAR NOT NULL,
    PRIMARY KEY (outlet, address)
);

CREATE TABLE revisions (
    article VARCHAR NOT NULL,
    revision INTEGER NOT NULL,
    revision_hash VARCHAR NOT NULL,
    substance_hash VARCHAR,
    text_hash VARCHAR,
    seen_at TIMESTAMP NOT NULL,
    change_kind VARCHAR NOT NULL,
    change_note VARCHAR,
    title VARCHAR NOT NULL,
    text VARCHAR NOT NULL,
    authors VARCHAR[] NOT NULL,
    published_at TIMESTAMP,
    modified_at TIMESTAMP,
    site_name VARCHAR,
    section VARCHAR,
    language VARCHAR,
    kind VARCHAR NOT NULL,
    completeness VARCHAR NOT NULL,
    completeness_reason VARCHAR,
    word_count INTEGER NOT NULL,
    credit VARCHAR,
    payload_digest VARCHAR,
    extractor VARCHAR NOT NULL,
    extractor_version VARCHAR NOT NULL,
    PRIMARY KEY (article, revision)
);
COMMENT ON TABLE revisions IS 'One row is a version of an article, numbered from 1';
COMMENT ON COLUMN revisions.article IS 'Article';
COMMENT ON COLUMN revisions.revision IS 'Number of the version, from 1';
COMMENT ON COLUMN revisions.revision_hash IS 'Hash of the normalised title and text';
COMMENT ON COLUMN revisions.substance_hash IS 'The same without what changes by itself: times, counters, links to other stories';
COMMENT ON COLUMN revisions.text_hash IS 'Hash of the text alone, without what changes by itself';
COMMENT ON COLUMN revisions.seen_at IS 'When this version was first fetched';
COMMENT ON COLUMN revisions.change_kind IS 'first, trivial, headline, update, correction or retraction, against the version before';
COMMENT ON COLUMN revisions.change_note IS 'Text of a correction or retraction note';
COMMENT ON COLUMN revisions.title IS 'Headline';
COMMENT ON COLUMN revisions.text IS 'Body, paragraphs parted by one blank line';
COMMENT ON COLUMN revisions.authors IS 'Authors as printed';
COMMENT ON COLUMN revisions.published_at IS 'Publication time as the page or feed gives it; null where none or impossible';
COMMENT ON COLUMN revisions.modified_at IS 'Time of last change as the page gives it';
COMMENT ON COLUMN revisions.site_name IS 'Name of the site as the page gives it';
COMMENT ON COLUMN revisions.section IS 'Section as the page gives it';
COMMENT ON COLUMN revisions.language IS 'Language, ISO 639-1';
COMMENT ON COLUMN revisions.kind IS 'news, analysis, opinion, editorial, live, press_release, transcript, media or unknown';
COMMENT ON COLUMN revisions.completeness IS 'whole, partial, blocked or empty';
COMMENT ON COLUMN revisions.completeness_reason IS 'Why it is not whole';
COMMENT ON COLUMN revisions.word_count IS 'Words in the body';
COMMENT ON COLUMN revisions.credit IS 'Byline or credit line as printed';
COMMENT ON COLUMN revisions.payload_digest IS 'Digest of the page in the archive';
COMMENT ON COLUMN revisions.extractor IS 'Extractor that read the page';
COMMENT ON COLUMN revisions.extractor_version IS 'Its version';

-- ---------------------------------------------------------------- what was decided

CREATE TABLE matches (
    topic VARCHAR NOT NULL,
    article VARCHAR NOT NULL,
    revision INTEGER NOT NULL,
    is_on_topic BOOLEAN,
    centrality VARCHAR,
    score DOUBLE NOT NULL,
    reasons VARCHAR[] NOT NULL,
    decided_by VARCHAR NOT NULL,
    decided_at TIMESTAMP,
    topic_hash VARCHAR NOT NULL,
    PRIMARY KEY (topic, article)
);
COMMENT ON TABLE matches IS 'One row is the decision whether an article is on a topic';
COMMENT ON COLUMN matches.topic IS 'Topic';
COMMENT ON COLUMN matches.article IS 'Article';
COMMENT ON COLUMN matches.revision IS 'Revision that was judged';
COMMENT ON COLUMN matches.is_on_topic IS 'true, false, or null where the rules are unsure';
COMMENT ON COLUMN matches.centrality IS 'main, substantial or mention; null off topic';
COMMENT ON COLUMN matches.score IS 'How strongly the query matches, 0..1';
COMMENT ON COLUMN matches.reasons IS 'Rules and terms that decided, in words';
COMMENT ON COLUMN matches.decided_by IS 'rules, or the person who overruled them';
COMMENT ON COLUMN matches.decided_at IS 'When that person decided, UTC; null where the rules did';
COMMENT ON COLUMN matches.topic_hash IS 'SHA-256 of the topic file that decided';

CREATE TABLE internal.fingerprints (
    article VARCHAR PRIMARY KEY,
    revision INTEGER NOT NULL,
    outlet VARCHAR NOT NULL,
    published_at TIMESTAMP,
    n_words INTEGER NOT NULL,
    n_shingles INTEGER NOT NULL,
    signature UBIGINT[] NOT NULL,
    bands UBIGINT[] NOT NULL,
    sketch UBIGINT[] NOT NULL,
    wire_agency VARCHAR
);
CREATE TABLE internal.bands (band UBIGINT NOT NULL, article VARCHAR NOT NULL);
CREATE TABLE internal.copy_edges (
    a VARCHAR NOT NULL, b VARCHAR NOT NULL, similarity DOUBLE NOT NULL, containment DOUBLE NOT NULL,
    PRIMARY KEY (a, b)
);
CREATE TABLE internal.wire_members (
    article VARCHAR PRIMARY KEY,
    wire_cluster VARCHAR,
    is_original BOOLEAN NOT NULL,
    similarity DOUBLE,
    wire_agency VARCHAR
);

-- ---------------------------------------------------------------- what was scored

CREATE TABLE scorers (
    scorer VARCHAR NOT NULL,
    scorer_version VARCHAR NOT NULL,
    data_hash VARCHAR NOT NULL,
    languages VARCHAR[] NOT NULL,
    PRIMARY KEY (scorer, scorer_version, data_hash)
);
COMMENT ON TABLE scorers IS 'One row is a version of a scorer';
COMMENT ON COLUMN scorers.scorer IS 'Name of the scorer';
COMMENT ON COLUMN scorers.scorer_version IS 'Version of its code';
COMMENT ON COLUMN scorers.data_hash IS 'Hash of its lexicon, model and topic terms';
COMMENT ON COLUMN scorers.languages IS 'Languages that it can read, ISO 639-1';

CREATE TABLE scored (
    topic VARCHAR NOT NULL,
    article VARCHAR NOT NULL,
    revision INTEGER NOT NULL,
    scoring_hash VARCHAR NOT NULL,
    unscored_reason VARCHAR
);
COMMENT ON TABLE scored IS 'One row says that a revision was put to the scorers for a topic, and why it was left unscored if it was';
COMMENT ON COLUMN scored.topic IS 'Topic';
COMMENT ON COLUMN scored.article IS 'Article';
COMMENT ON COLUMN scored.revision IS 'Revision';
COMMENT ON COLUMN scored.scoring_hash IS 'Hash over all scorers'' names, versions and data';
COMMENT ON COLUMN scored.unscored_reason IS 'Why nothing was scored, such as its language';

CREATE TABLE passages (
    topic VARCHAR NOT NULL,
    article VARCHAR NOT NULL,
    revision INTEGER NOT NULL,
    scorer VARCHAR NOT NULL,
    scorer_version VARCHAR NOT NULL,
    part VARCHAR NOT NULL,
    start_offset INTEGER NOT NULL,
    end_offset INTEGER NOT NULL,
    voice VARCHAR NOT NULL,
    cue VARCHAR,
    speaker VARCHAR,
    camp VARCHAR,
    n_words INTEGER NOT NULL
);
COMMENT ON TABLE passages IS 'One row is a span of an article with one voice; passages partition headline and body';
COMMENT ON COLUMN passages.topic IS 'Topic whose camps are used';
COMMENT ON COLUMN passages.article IS 'Article';
COMMENT ON COLUMN passages.revision IS 'Revision';
COMMENT ON COLUMN passages.scorer IS 'Name of the scorer';
COMMENT ON COLUMN passages.scorer_version IS 'Its version';
COMMENT ON COLUMN passages.part IS 'headline or body';
COMMENT ON COLUMN passages.start_offset IS 'First code point of the span';
COMMENT ON COLUMN passages.end_offset IS 'Code point after the span';
COMMENT ON COLUMN passages.voice IS 'outlet, quoted or reported';
COMMENT ON COLUMN passages.cue IS 'Words that show the attribution';
COMMENT ON COLUMN passages.speaker IS 'Who speaks, resolved within the article';
COMMENT ON COLUMN passages.camp IS 'Side that the topic file puts the speaker on, else unknown; null for the outlet''s own voice';
COMMENT ON COLUMN passages.n_words IS 'Words in the span';

CREATE TABLE sentiment (
    topic VARCHAR NOT NULL,
    article VARCHAR NOT NULL,
    revision INTEGER NOT NULL,
    scorer VARCHAR NOT NULL,
    scorer_version VARCHAR NOT NULL,
    part VARCHAR NOT NULL,
    value DOUBLE,
    n_sentences INTEGER NOT NULL
);
COMMENT ON TABLE sentiment IS 'One row is the valence of one part or voice of a revision by one scorer';
COMMENT ON COLUMN sentiment.topic IS 'Topic whose neutral terms are used';
COMMENT ON COLUMN sentiment.article IS 'Article';
COMMENT ON COLUMN sentiment.revision IS 'Revision';
COMMENT ON COLUMN sentiment.scorer IS 'Name of the scorer';
COMMENT ON COLUMN sentiment.scorer_version IS 'Its version';
COMMENT ON COLUMN sentiment.part IS 'headline, body (all voices), outlet_voice or quoted_voice';
COMMENT ON COLUMN sentiment.value IS 'Mean valence of its sentences, -1..1; null where there is nothing to score';
COMMENT ON COLUMN sentiment.n_sentences IS 'Sentences behind the value';

CREATE TABLE sentence_sentiment (
    topic VARCHAR NOT NULL,
    article VARCHAR NOT NULL,
    revision INTEGER NOT NULL,
    scorer VARCHAR NOT NULL,
    scorer_version VARCHAR NOT NULL,
    part VARCHAR NOT NULL,
    start_offset INTEGER NOT NULL,
    end_offset INTEGER NOT NULL,
    voice VARCHAR NOT NULL,
    value DOUBLE NOT NULL
);
COMMENT ON TABLE sentence_sentiment IS 'One row is the valence of one sentence by one scorer';
COMMENT ON COLUMN sentence_sentiment.topic IS 'Topic whose neutral terms are used';
COMMENT ON COLUMN sentence_sentiment.article IS 'Article';
COMMENT ON COLUMN sentence_sentiment.revision IS 'Revision';
COMMENT ON COLUMN sentence_sentiment.scorer IS 'Name of the scorer';
COMMENT ON COLUMN sentence_sentiment.scorer_version IS 'Its version';
COMMENT ON COLUMN sentence_sentiment.part IS 'headline or body';
COMMENT ON COLUMN sentence_sentiment.start_offset IS 'First code point of the sentence';
COMMENT ON COLUMN sentence_sentiment.end_offset IS 'Code point after the sentence';
COMMENT ON COLUMN sentence_sentiment.voice IS 'Voice that most of the sentence is in';
COMMENT ON COLUMN sentence_sentiment.value IS 'Valence, -1..1';

CREATE TABLE target_sentiment (
    topic VARCHAR NOT NULL,
    article VARCHAR NOT NULL,
    revision INTEGER NOT NULL,
    scorer VARCHAR NOT NULL,
    scorer_version VARCHAR NOT NULL,
    target VARCHAR NOT NULL,
    part VARCHAR NOT NULL,
    start_offset INTEGER NOT NULL,
    end_offset INTEGER NOT NULL,
    label VARCHAR NOT NULL,
    score DOUBLE NOT NULL
);
COMMENT ON TABLE target_sentiment IS 'One row is the sentiment toward one mention of an actor';
COMMENT ON COLUMN target_sentiment.topic IS 'Topic that names the actor';
COMMENT ON COLUMN target_sentiment.article IS 'Article';
COMMENT ON COLUMN target_sentiment.revision IS 'Revision';
COMMENT ON COLUMN target_sentiment.scorer IS 'Name of the scorer';
COMMENT ON COLUMN target_sentiment.scorer_version IS 'Its version';
COMMENT ON COLUMN target_sentiment.target IS 'Actor of the topic';
COMMENT ON COLUMN target_sentiment.part IS 'headline or body';
COMMENT ON COLUMN target_sentiment.start_offset IS 'First code point of the mention';
COMMENT ON COLUMN target_sentiment.end_offset IS 'Code point after the mention';
COMMENT ON COLUMN target_sentiment.label IS 'negative, neutral or positive';
COMMENT ON COLUMN target_sentiment.score IS 'P(positive) - P(negative), -1..1';

CREATE TABLE frames (
    topic VARCHAR NOT NULL,
    article VARCHAR NOT NULL,
    revision INTEGER NOT NULL,
    scorer VARCHAR NOT NULL,
    scorer_version VARCHAR NOT NULL,
    pack VARCHAR NOT NULL,
    frame VARCHAR NOT NULL,
    score DOUBLE NOT NULL,
    is_primary BOOLEAN NOT NULL
);
COMMENT ON TABLE frames IS 'One row is a frame that is present in a revision';
COMMENT ON COLUMN frames.topic IS 'Topic';
COMMENT ON COLUMN frames.article IS 'Article';
COMMENT ON COLUMN frames.revision IS 'Revision';
COMMENT ON COLUMN frames.scorer IS 'Name of the scorer';
COMMENT ON COLUMN frames.scorer_version IS 'Its version';
COMMENT ON COLUMN frames.pack IS 'Pack that defines the frame: policy, the topic''s own, …';
COMMENT ON COLUMN frames.frame IS 'Frame id';
COMMENT ON COLUMN frames.score IS 'Weight of the frame in the article';
COMMENT ON COLUMN frames.is_primary IS 'Whether it leads its pack by the margin; where none does the article is mixed';

CREATE TABLE evidence (
    topic VARCHAR NOT NULL,
    article VARCHAR NOT NULL,
    revision INTEGER NOT NULL,
    scorer VARCHAR NOT NULL,
    scorer_version VARCHAR NOT NULL,
    tag VARCHAR NOT NULL,
    part VARCHAR NOT NULL,
    start_offset INTEGER NOT NULL,
    end_offset INTEGER NOT NULL,
    voice VARCHAR
);
COMMENT ON TABLE evidence IS 'One row is a span that a tag rests on';
COMMENT ON COLUMN evidence.topic IS 'Topic';
COMMENT ON COLUMN evidence.article IS 'Article';
COMMENT ON COLUMN evidence.revision IS 'Revision';
COMMENT ON COLUMN evidence.scorer IS 'Name of the scorer';
COMMENT ON COLUMN evidence.scorer_version IS 'Its version';
COMMENT ON COLUMN evidence.tag IS 'What the span is evidence of: frame:ID or match:RULE';
COMMENT ON COLUMN evidence.part IS 'headline or body';
COMMENT ON COLUMN evidence.start_offset IS 'First code point of the span';
COMMENT ON COLUMN evidence.end_offset IS 'Code point after the span';
COMMENT ON COLUMN evidence.voice IS 'Voice that the span stands in';

CREATE TABLE loaded_terms (
    topic VARCHAR NOT NULL,
    article VARCHAR NOT NULL,
    revision INTEGER NOT NULL,
    scorer VARCHAR NOT NULL,
    scorer_version VARCHAR NOT NULL,
    term_group VARCHAR NOT NULL,
    term VARCHAR NOT NULL,
    text VARCHAR NOT NULL,
    stance VARCHAR NOT NULL,
    part VARCHAR NOT NULL,
    start_offset INTEGER NOT NULL,
    end_offset INTEGER NOT NULL,
    voice VARCHAR NOT NULL
);
COMMENT ON TABLE loaded_terms IS 'One row is one use of a loaded term';
COMMENT ON COLUMN loaded_terms.topic IS 'Topic that lists the term';
COMMENT ON COLUMN loaded_terms.article IS 'Article';
COMMENT ON COLUMN loaded_terms.revision IS 'Revision';
COMMENT ON COLUMN loaded_terms.scorer IS 'Name of the scorer';
COMMENT ON COLUMN loaded_terms.scorer_version IS 'Its version';
COMMENT ON COLUMN loaded_terms.term_group IS 'Group of names for the same thing';
COMMENT ON COLUMN loaded_terms.term IS 'Term in its dictionary form';
COMMENT ON COLUMN loaded_terms.text IS 'As written';
COMMENT ON COLUMN loaded_terms.stance IS 'Stance that the term carries';
COMMENT ON COLUMN loaded_terms.part IS 'headline or body';
COMMENT ON COLUMN loaded_terms.start_offset IS 'First code point';
COMMENT ON COLUMN loaded_terms.end_offset IS 'Code point after it';
COMMENT ON COLUMN loaded_terms.voice IS 'Voice that it stands in';

-- ---------------------------------------------------------------- topics

CREATE TABLE topics (topic VARCHAR PRIMARY KEY, title VARCHAR NOT NULL, topic_hash VARCHAR NOT NULL);
COMMENT ON TABLE topics IS 'One row is a topic';
COMMENT ON COLUMN topics.topic IS 'Slug of the topic';
COMMENT ON COLUMN topics.title IS 'Title of the topic';
COMMENT ON COLUMN topics.topic_hash IS 'SHA-256 of its file';

CREATE TABLE docket (
    topic VARCHAR NOT NULL, date DATE NOT NULL, title VARCHAR NOT NULL,
    court VARCHAR, is_this_case BOOLEAN NOT NULL, note VARCHAR
);
COMMENT ON TABLE docket IS 'One row is a dated event of a topic';
COMMENT ON COLUMN docket.topic IS 'Topic';
COMMENT ON COLUMN docket.date IS 'Day of the event';
COMMENT ON COLUMN docket.title IS 'What happened';
COMMENT ON COLUMN docket.court IS 'Court';
COMMENT ON COLUMN docket.is_this_case IS 'false for an event of another case';
COMMENT ON COLUMN docket.note IS 'Remark';

CREATE TABLE actors (topic VARCHAR NOT NULL, actor VARCHAR NOT NULL, name VARCHAR NOT NULL, camp VARCHAR NOT NULL);
COMMENT ON TABLE actors IS 'One row is somebody who speaks or is spoken of on a topic';
COMMENT ON COLUMN actors.topic IS 'Topic';
COMMENT ON COLUMN actors.actor IS 'Id of the actor';
COMMENT ON COLUMN actors.name IS 'Name';
COMMENT ON COLUMN actors.camp IS 'Side that the topic file puts them on';

CREATE TABLE frame_definitions (
    topic VARCHAR NOT NULL, pack VARCHAR NOT NULL, frame VARCHAR NOT NULL,
    definition VARCHAR NOT NULL, citation VARCHAR NOT NULL
);
COMMENT ON TABLE frame_definitions IS 'One row is a frame as defined for a topic';
COMMENT ON COLUMN frame_definitions.topic IS 'Topic';
COMMENT ON COLUMN frame_definitions.pack IS 'Pack';
COMMENT ON COLUMN frame_definitions.frame IS 'Frame id';
COMMENT ON COLUMN frame_definitions.definition IS 'What the frame is';
COMMENT ON COLUMN frame_definitions.citation IS 'Where it is defined';

CREATE TABLE codings (
    topic VARCHAR NOT NULL, article VARCHAR NOT NULL, variable VARCHAR NOT NULL,
    value VARCHAR NOT NULL, coder VARCHAR NOT NULL, coded_at TIMESTAMP NOT NULL
);
COMMENT ON TABLE codings IS 'One row is what a person said of an article';
COMMENT ON COLUMN codings.topic IS 'Topic';
COMMENT ON COLUMN codings.article IS 'Article';
COMMENT ON COLUMN codings.variable IS 'What was coded';
COMMENT ON COLUMN codings.value IS 'The code';
COMMENT ON COLUMN codings.coder IS 'Who coded';
COMMENT ON COLUMN codings.coded_at IS 'When';

-- ---------------------------------------------------------------- how it was come by

CREATE TABLE runs (
    run VARCHAR PRIMARY KEY,
    command VARCHAR NOT NULL,
    as_of_at TIMESTAMP NOT NULL,
    started_at TIMESTAMP NOT NULL,
    ended_at TIMESTAMP,
    exit_code INTEGER,
    code_version VARCHAR NOT NULL,
    n_feeds INTEGER, n_feeds_failed INTEGER,
    n_entries_listed INTEGER, n_entries_new INTEGER,
    n_chosen INTEGER, n_stored INTEGER, n_skipped INTEGER, n_failed INTEGER, n_pending INTEGER,
    n_articles_new INTEGER, n_revisions_new INTEGER, n_scored INTEGER,
    note VARCHAR
);
COMMENT ON TABLE runs IS 'One row is one execution of a pipeline';
COMMENT ON COLUMN runs.run IS 'Id of the run';
COMMENT ON COLUMN runs.command IS 'Command that ran';
COMMENT ON COLUMN runs.as_of_at IS 'The time that the run took for now; a replay''s differs from the clock';
COMMENT ON COLUMN runs.started_at IS 'When it began, by the clock';
COMMENT ON COLUMN runs.ended_at IS 'When it ended; null where it was killed';
COMMENT ON COLUMN runs.exit_code IS 'Exit code; null where it was killed';
COMMENT ON COLUMN runs.code_version IS 'Version of the tracker';
COMMENT ON COLUMN runs.n_feeds IS 'Feeds polled';
COMMENT ON COLUMN runs.n_feeds_failed IS 'Feeds that could not be read';
COMMENT ON COLUMN runs.n_entries_listed IS 'Items that the feeds listed, each listing counted';
COMMENT ON COLUMN runs.n_entries_new IS 'Entries never seen before';
COMMENT ON COLUMN runs.n_chosen IS 'Entries whose pages were chosen to be fetched';
COMMENT ON COLUMN runs.n_stored IS 'Chosen entries that ended as articles';
COMMENT ON COLUMN runs.n_skipped IS 'Chosen entries skipped with a reason';
COMMENT ON COLUMN runs.n_failed IS 'Chosen entries that failed with a reason';
COMMENT ON COLUMN runs.n_pending IS 'Chosen entries to be tried again';
COMMENT ON COLUMN runs.n_articles_new IS 'Articles never seen before';
COMMENT ON COLUMN runs.n_revisions_new IS 'Revisions of known articles';
COMMENT ON COLUMN runs.n_scored IS 'Revisions scored, per topic';
COMMENT ON COLUMN runs.note IS 'Remark';

CREATE TABLE fetches (
    fetch_id VARCHAR NOT NULL,
    run VARCHAR NOT NULL,
    purpose VARCHAR NOT NULL,
    url VARCHAR NOT NULL,
    final_url VARCHAR NOT NULL,
    status INTEGER,
    outcome VARCHAR NOT NULL,
    detail VARCHAR NOT NULL,
    "at" TIMESTAMP NOT NULL,
    duration_ms INTEGER NOT NULL,
    n_bytes BIGINT NOT NULL,
    n_redirects INTEGER NOT NULL,
    feed VARCHAR,
    entry VARCHAR,
    article VARCHAR,
    payload_digest VARCHAR,
    warc_file VARCHAR,
    warc_offset BIGINT
);
COMMENT ON TABLE fetches IS 'One row is a request and what became of it';
COMMENT ON COLUMN fetches.fetch_id IS 'Id of the request';
COMMENT ON COLUMN fetches.run IS 'Run that made it';
COMMENT ON COLUMN fetches.purpose IS 'feed, page or robots';
COMMENT ON COLUMN fetches.url IS 'Address as asked for first';
COMMENT ON COLUMN fetches.final_url IS 'Address that answered, after redirects';
COMMENT ON COLUMN fetches.status IS 'HTTP status; null where none came';
COMMENT ON COLUMN fetches.outcome IS 'ok, not_modified, unchanged, moved, gone, not_found, client_error, server_error, limited, challenge, robots, timeout, too_large, unreachable, cut, unparsable, empty, refused, loop or host_down';
COMMENT ON COLUMN fetches.detail IS 'The reason in words';
COMMENT ON COLUMN fetches."at" IS 'When it was made, UTC';
COMMENT ON COLUMN fetches.duration_ms IS 'How long it took, milliseconds';
COMMENT ON COLUMN fetches.n_bytes IS 'Bytes of the decompressed body';
COMMENT ON COLUMN fetches.n_redirects IS 'Redirects followed';
COMMENT ON COLUMN fetches.feed IS 'Feed it was made for';
COMMENT ON COLUMN fetches.entry IS 'Entry it was made for';
COMMENT ON COLUMN fetches.article IS 'Article that came of it';
COMMENT ON COLUMN fetches.payload_digest IS 'Digest of the body in the archive';
COMMENT ON COLUMN fetches.warc_file IS 'WARC file, relative to the archive';
COMMENT ON COLUMN fetches.warc_offset IS 'Byte offset of the record in it';

CREATE TABLE gaps (
    outlet VARCHAR NOT NULL,
    feed VARCHAR,
    from_at TIMESTAMP NOT NULL,
    until_at TIMESTAMP NOT NULL,
    reason VARCHAR NOT NULL,
    detail VARCHAR NOT NULL
);
COMMENT ON TABLE gaps IS 'One row is a stretch that was not wholly collected, so that absence says nothing';
COMMENT ON COLUMN gaps.outlet IS 'Outlet';
COMMENT ON COLUMN gaps.feed IS 'Feed; null where the whole outlet is meant';
COMMENT ON COLUMN gaps.from_at IS 'Last time that collection is known to have been whole';
COMMENT ON COLUMN gaps.until_at IS 'When it was whole again, or the time of the last run';
COMMENT ON COLUMN gaps.reason IS 'failed, overflow (no item of a poll was known from the last) or below_band (fewer items than usual)';
COMMENT ON COLUMN gaps.detail IS 'The reason in words';

CREATE TABLE internal.state (key VARCHAR PRIMARY KEY, value VARCHAR NOT NULL);
COMMENT ON TABLE schema_version IS 'One row is a migration of the schema that was applied';
COMMENT ON COLUMN schema_version.version IS 'Number of the migration';
COMMENT ON COLUMN schema_version.applied_at IS 'When it was applied';

CREATE VIEW internal.latest AS
SELECT article, max(revision) AS revision FROM revisions GROUP BY article;
