"""The values that pass between stages: frozen, slotted, keyword-only, with aware UTC times.

Standard library only; imports nothing of the tracker. The words are those of the glossary in
``docs/data-model.md``. Offsets are half-open and count Unicode code points of the part they refer to.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Literal, NamedTuple

# ---------------------------------------------------------------- words


class OutletKind(StrEnum):
    """What an outlet is."""

    NATIONAL = "national"
    REGIONAL = "regional"
    LOCAL = "local"
    PUBLIC = "public"
    BROADCAST = "broadcast"
    DIGITAL = "digital"
    TRADE = "trade"
    ADVOCACY = "advocacy"
    FOREIGN = "foreign"
    WIRE = "wire"
    AGGREGATOR = "aggregator"
    UNKNOWN = "unknown"


class FeedKind(StrEnum):
    """How a feed's body is to be read."""

    FEED = "feed"  # RSS, Atom or JSON Feed
    SITEMAP = "sitemap"  # a news sitemap
    SEARCH = "search"  # a feed that is itself a search for a topic


class Outcome(StrEnum):
    """What became of a request (``fetches.outcome``)."""

    OK = "ok"
    NOT_MODIFIED = "not_modified"
    UNCHANGED = "unchanged"  # 200 with the very bytes seen last time
    MOVED = "moved"  # answered after a permanent redirect
    GONE = "gone"  # 410
    NOT_FOUND = "not_found"  # 404
    CLIENT_ERROR = "client_error"  # other 4xx
    SERVER_ERROR = "server_error"  # 5xx
    LIMITED = "limited"  # 429, or 503 with Retry-After
    CHALLENGE = "challenge"  # a bot challenge instead of the page
    ROBOTS = "robots"  # robots.txt says no
    TIMEOUT = "timeout"
    TOO_LARGE = "too_large"
    UNREACHABLE = "unreachable"  # DNS, connection or TLS failed
    CUT = "cut"  # the body ended early; what came is kept
    UNPARSABLE = "unparsable"  # fetched, but no feed or article in it
    EMPTY = "empty"  # fetched, zero bytes
    REFUSED = "refused"  # not a public http(s) address
    LOOP = "loop"  # too many redirects
    HOST_DOWN = "host_down"  # not asked: the host failed or asked us to wait


class EntryStatus(StrEnum):
    """Where an entry ended: each is accounted for."""

    PENDING = "pending"  # not yet looked at, or to be tried again
    STORED = "stored"  # its page became an article
    SKIPPED = "skipped"  # with a reason: unlikely to be on a topic, robots, …
    FAILED = "failed"  # with a reason


class ArticleKind(StrEnum):
    """What an article is, from metadata, never from tone."""

    NEWS = "news"
    ANALYSIS = "analysis"
    OPINION = "opinion"
    EDITORIAL = "editorial"
    LIVE = "live"
    PRESS_RELEASE = "press_release"
    TRANSCRIPT = "transcript"
    MEDIA = "media"
    UNKNOWN = "unknown"


class Completeness(StrEnum):
    """How much of the article the page gave."""

    WHOLE = "whole"
    PARTIAL = "partial"
    BLOCKED = "blocked"
    EMPTY = "empty"


class Centrality(StrEnum):
    """How much of an article is about the topic."""

    MAIN = "main"
    SUBSTANTIAL = "substantial"
    MENTION = "mention"


class Part(StrEnum):
    """The part of an article that offsets refer to."""

    HEADLINE = "headline"
    BODY = "body"


class Voice(StrEnum):
    """Who speaks in a passage."""

    OUTLET = "outlet"
    QUOTED = "quoted"
    REPORTED = "reported"


Label = Literal["negative", "neutral", "positive"]


def stable_id(*parts: str) -> str:
    """Return 16 hex digits that name the given parts for good.

    64 bits of BLAKE2b (RFC 7693): at a million rows the chance of one collision is below 3e-8.
    """
    return hashlib.blake2b("\x1f".join(parts).encode(), digest_size=8).hexdigest()


# ---------------------------------------------------------------- outlets, feeds, topics


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """A publisher as a reader knows it. ``scopes`` are hosts, or hosts with a path, that are its own."""

    outlet: str
    name: str
    kind: OutletKind = OutletKind.UNKNOWN
    country: str | None = None
    region: str | None = None
    language: str | None = None
    owner: str | None = None
    lean: str | None = None
    lean_source: str | None = None
    is_own: bool = False
    scopes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """One feed of an outlet or an aggregator; ``feed`` is the stable id of its address as configured."""

    feed: str
    outlet: str
    url: str
    kind: FeedKind = FeedKind.FEED
    topic: str | None = None  # set where the feed is a search for that topic
    verify_tls: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedState:
    """What is remembered of a feed between polls."""

    feed: str
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    last_polled_at: datetime | None = None
    last_ok_at: datetime | None = None
    last_new_at: datetime | None = None
    next_poll_at: datetime | None = None
    n_failures: float = 0.0  # weighted
    last_outcome: str | None = None
    last_status: int | None = None
    moved_to: str | None = None
    moved_since_at: datetime | None = None
    unconditional_at: datetime | None = None  # last full fetch without validators


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Somebody who speaks or is spoken of on a topic."""

    id: str
    name: str
    camp: str
    aliases: tuple[str, ...] = ()
    is_target: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class DocketEvent:
    """A dated event of the topic; ``is_this_case`` is false for events of other cases."""

    date: date
    title: str
    court: str | None = None
    is_this_case: bool = True
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedVariant:
    """One of several names for the same thing, with the stance that it carries."""

    term: str  # the dictionary form
    forms: tuple[str, ...]  # what is looked for, case-insensitive whole words; a trailing * is a prefix
    stance: str
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedGroup:
    """A group of names for one thing."""

    id: str
    title: str
    variants: tuple[LoadedVariant, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameDefinition:
    """A frame as data: what it is, where it is defined, and the words that point to it.

    ``seeds`` and ``exclude`` use the seed language of ``tracker/score/frames.py``.
    """

    id: str
    pack: str
    definition: str
    citation: str
    seeds: tuple[str, ...]
    exclude: tuple[str, ...] = ()
    threshold: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFacts:
    """What tells the topic's own event from near misses: terms for it and terms that point elsewhere."""

    own: tuple[str, ...] = ()
    other: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """What is tracked, as read from one TOML file. ``hash`` is the hex SHA-256 of that file's bytes."""

    topic: str
    title: str
    hash: str
    query: str
    language: str = "en"
    hint: str | None = None  # a looser query over headline, summary and address: worth fetching?
    starts_on: date | None = None
    ends_on: date | None = None
    actors: tuple[Actor, ...] = ()
    camps: Mapping[str, str] = field(default_factory=dict)  # id → title
    facts: CaseFacts = field(default_factory=CaseFacts)
    docket: tuple[DocketEvent, ...] = ()
    neutral_terms: tuple[str, ...] = ()
    loaded_groups: tuple[LoadedGroup, ...] = ()
    frames: tuple[FrameDefinition, ...] = ()  # the topic's own
    packs: tuple[str, ...] = ("policy",)  # frame packs to use beside them
    frame_similarity: bool = False  # whether each frame found is also compared with its definition
    searches: tuple[str, ...] = ()  # search phrases for aggregators
    frame_model: Path | None = None  # what `tracker frames train` learned from coded stories
    learned_relevance: bool = False  # whether what was learned of relevance decides rather than the rules
    relevance_model: Path | None = None  # where that lies; None where the rules alone decide


# ---------------------------------------------------------------- fetch


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One address to be fetched, and for whom."""

    url: str
    purpose: Literal["feed", "page", "robots"] = "page"
    etag: str | None = None
    last_modified: str | None = None
    feed: str | None = None
    article: str | None = None
    entry: str | None = None
    verify_tls: bool = True
    max_bytes: int | None = None  # decompressed; default by purpose


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """One request and what became of it: a row of ``fetches``, with the body beside it.

    ``body`` is decompressed; it is there whenever bytes came that may be of use (also for ``cut``).
    ``payload_digest`` names the body in the archive. ``headers`` have lower-case names.
    """

    fetch: str
    request: Request
    final_url: str
    status: int | None
    outcome: Outcome
    detail: str = ""
    at: datetime
    duration_ms: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    n_bytes: int = 0
    redirects: tuple[tuple[int, str], ...] = ()  # (status, address it pointed to), in order
    retry_at: datetime | None = None
    payload_digest: str | None = None
    warc_file: str | None = None
    warc_offset: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page's bytes with where they came from: what extraction reads, live or from the archive."""

    url: str  # as listed
    final_url: str
    body: bytes
    content_type: str | None = None
    charset: str | None = None
    fetched_at: datetime
    payload_digest: str


# ---------------------------------------------------------------- collect


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedItem:
    """One item as a feed lists it, before it has an outlet."""

    url: str  # empty where it has no usable one
    guid: str | None = None
    title: str = ""
    summary: str = ""
    content: str | None = None  # full content, where the feed gives it, as plain text
    authors: tuple[str, ...] = ()
    published_at: datetime | None = None
    source_name: str | None = None  # an aggregator's <source>
    source_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedFeed:
    """What a feed's body held; ``dropped`` counts items left out, by reason."""

    title: str = ""
    items: tuple[FeedItem, ...] = ()
    dropped: Mapping[str, int] = field(default_factory=dict)
    ttl_minutes: int | None = None
    problem: str | None = None  # malformed, yet read as far as it went
    sitemaps: tuple[str, ...] = ()  # of a sitemap index: the sitemaps that it points to


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One item that an outlet's feeds listed, unique by (outlet, canonical address)."""

    entry: str
    outlet: str
    url: str  # as listed, and as fetched
    canonical_url: str
    guid: str | None = None
    title: str = ""
    summary: str = ""
    content: str | None = None
    authors: tuple[str, ...] = ()
    published_at: datetime | None = None
    first_seen_at: datetime
    via: str = "feed"  # feed | search | urls | warc | jsonl | …


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """That a feed listed an entry."""

    entry: str
    feed: str
    first_seen_at: datetime
    position: int  # from 0, top of the feed


# ---------------------------------------------------------------- extract


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """What was read out of a page. ``text`` has paragraphs parted by one blank line."""

    url: str
    title: str
    text: str
    authors: tuple[str, ...] = ()
    published_at: datetime | None = None
    modified_at: datetime | None = None
    published_offset: int | None = None  # minutes east of UTC that the page's own date was written in
    canonical_url: str | None = None  # as the page declares it, where believable
    site_name: str | None = None
    section: str | None = None
    language: str | None = None  # ISO 639-1
    kind: ArticleKind = ArticleKind.UNKNOWN
    completeness: Completeness = Completeness.WHOLE
    completeness_reason: str | None = None
    word_count: int = 0
    credit: str | None = None  # byline or credit line as printed, for wire detection
    extractor: str = ""
    extractor_version: str = ""


# ---------------------------------------------------------------- match, copies, revisions


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Half-open code-point offsets into one part."""

    part: Part
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why a match was decided as it was: a rule, the text that set it off, and where."""

    rule: str
    term: str
    span: Span | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchDecision:
    """What a person decided on one article and topic; ``is_on_topic`` None leaves it to the rules again."""

    topic: str
    article: str
    is_on_topic: bool | None
    by: str
    at: datetime
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodingSpan:
    """A stretch of an article that a person marked as the ground for a code of ``variable``."""

    variable: str
    part: Part
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Coding:
    """What one person said of one version of an article: ``codes`` are pairs of variable and value.

    ``is_final`` settles what coders disagreed on.
    """

    topic: str
    article: str
    revision: int
    coder: str
    at: datetime
    codes: tuple[tuple[str, str], ...]
    spans: tuple[CodingSpan, ...] = ()
    is_final: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SampledText:
    """An article drawn at random to be coded; it stands for ``n_stratum / n_drawn`` texts of its stratum."""

    topic: str
    sample: str
    article: str
    revision: int
    stratum: str
    n_stratum: int
    n_drawn: int
    position: int  # in the random order in which the sample is coded
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Whether an article is on a topic. ``is_on_topic`` is None where the rules are unsure.

    ``sentences`` are the topic's own: the headline and the sentences that fulfil half of the query's parts or more.
    """

    topic: str
    topic_hash: str
    is_on_topic: bool | None
    score: float
    centrality: Centrality | None
    reasons: tuple[Reason, ...]
    sentences: tuple[Span, ...] = ()
    decided_by: str = "rules"
    decided_at: datetime | None = None  # when a person decided it


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenVersion:
    """A stored version of an article, by number and by the hashes of ``tracker/revisions``."""

    revision: int
    revision_hash: str
    substance_hash: str | None = None
    text_hash: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """What copy detection keeps of a text: a MinHash signature, its LSH bands, and hashed shingles.

    ``sketch`` is the sorted bottom-k of shingle hashes (containment); ``n_shingles`` the full number.
    """

    article: str
    outlet: str
    published_at: datetime | None
    n_words: int
    n_shingles: int
    signature: tuple[int, ...]
    bands: tuple[int, ...]
    sketch: tuple[int, ...]
    wire_agency: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyEdge:
    """Two articles whose texts are one text. ``a < b``."""

    a: str
    b: str
    similarity: float
    containment: float


@dataclass(frozen=True, slots=True, kw_only=True)
class WireMember:
    """An article's place among copies. ``wire_cluster`` is None for an article that stands alone."""

    article: str
    wire_cluster: str | None
    is_original: bool
    similarity: float | None
    wire_agency: str | None


# ---------------------------------------------------------------- score


class Sentence(NamedTuple):
    """A sentence: its span, whether it is part of the lead, its text, and whether it is to be scored.

    An article has a hundred sentences, passages and values of sentences: hence no dataclasses.
    """

    part: Part
    start: int
    end: int
    text: str
    is_lead: bool = False
    is_scored: bool = True  # false for boilerplate, captions, newsletter lines


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A text as scorers see it: two parts, split into sentences once."""

    headline: str
    body: str
    language: str | None
    sentences: tuple[Sentence, ...]


class Passage(NamedTuple):
    """A span with one voice; passages partition each part and never nest."""

    part: Part
    start: int
    end: int
    voice: Voice
    cue: str | None = None
    speaker: str | None = None
    camp: str | None = None  # None for the outlet's own voice; "unknown" where nobody can be named


class SentenceSentiment(NamedTuple):
    """A sentence's valence, −1..1, and the voice that most of it is in."""

    part: Part
    start: int
    end: int
    voice: Voice
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentiment:
    """A part's or voice's valence, −1..1: the mean over ``n_sentences`` sentences."""

    of: Literal["headline", "body", "outlet_voice", "quoted_voice"]
    value: float | None
    n_sentences: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetSpan:
    """A mention to be judged. ``id`` is the caller's, or the actor's."""

    id: str
    part: Part
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetSentiment:
    """Sentiment toward one mention. ``score`` is P(positive) − P(negative)."""

    id: str
    part: Part
    start: int
    end: int
    label: Label
    score: float


class Evidence(NamedTuple):
    """A span that a tag rests on, and the voice it stands in. An article has a hundred: hence no dataclass."""

    part: Part
    start: int
    end: int
    voice: Voice


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameScore:
    """A frame's weight in an article. Only frames that are present are reported.

    ``similarity`` is the cosine (-1..1) of the sentences that hit the frame and its definition, where that was asked.
    """

    frame: str
    pack: str
    score: float
    is_primary: bool
    evidence: tuple[Evidence, ...]
    similarity: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedTerm:
    """One use of a loaded term. ``text`` is as written, ``term`` the dictionary form."""

    term: str
    text: str
    group: str
    stance: str
    part: Part
    start: int
    end: int
    voice: Voice


@dataclass(frozen=True, slots=True, kw_only=True)
class ScorerInfo:
    """Who scored: name, version, hash of its data, and the languages it can read."""

    scorer: str
    version: str
    data_hash: str
    languages: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class SentimentScores:
    """One sentiment scorer's answer for one article."""

    scorer: str
    values: tuple[Sentiment, ...]
    sentences: tuple[SentenceSentiment, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleScores:
    """Everything the scoring stage says of one revision. ``unscored_reason`` is set where it says nothing."""

    passages: tuple[Passage, ...] = ()
    sentiment: tuple[SentimentScores, ...] = ()
    targets: tuple[TargetSentiment, ...] = ()
    frames: tuple[FrameScore, ...] = ()
    loaded_terms: tuple[LoadedTerm, ...] = ()
    scorers: tuple[ScorerInfo, ...] = ()
    unscored_reason: str | None = None


# ---------------------------------------------------------------- evaluation


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One measured figure of a stage against labelled data: what, how much, of how many."""

    metric: str
    value: float | None
    n: int
    low: float | None = None  # 95 % interval where one was computed
    high: float | None = None
    note: str = ""
