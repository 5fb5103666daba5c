"""Small homes with a published snapshot, built through the real store: for tests that read snapshots."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from tracker.model import (
    Actor,
    Article,
    ArticleKind,
    ArticleScores,
    Centrality,
    Completeness,
    DocketEvent,
    Entry,
    EntryStatus,
    Evidence,
    Feed,
    FeedState,
    FrameDefinition,
    FrameScore,
    Label,
    Listing,
    LoadedTerm,
    Match,
    Outlet,
    OutletKind,
    Part,
    Passage,
    Reason,
    ScorerInfo,
    SentenceSentiment,
    Sentiment,
    SentimentScores,
    Span,
    TargetSentiment,
    Topic,
    Voice,
    WireMember,
    stable_id,
)
from tracker.report.figures import published
from tracker.store.articles import NewRevision, RevisionText
from tracker.store.entries import EntryOutcome
from tracker.store.publish import Provenance, publish
from tracker.store.runs import Gap, RunCounts
from tracker.store.writer import Store

NOW = datetime(2025, 5, 20, 4, 0, tzinfo=UTC)
RULING = date(2025, 5, 12)
SCORERS = tuple(
    ScorerInfo(scorer=name, version="1", data_hash="0" * 8, languages=frozenset({"en"}))
    for name in ("voices", "tone", "targets", "frames", "loaded_terms")
)
TOPIC = Topic(
    topic="test-ruling",
    title="A test ruling on taxes",
    hash="f" * 64,
    query="ruling",
    actors=(
        Actor(id="judge", name="Judge Alder", camp="court"),
        Actor(id="agency", name="The Agency", camp="government"),
    ),
    camps={"court": "Courts", "government": "Government"},
    docket=(
        DocketEvent(date=RULING, title="Injunction denied", court="D. Test"),
        DocketEvent(date=date(2026, 2, 5), title="Another case decided", is_this_case=False),
    ),
)
FRAMES = tuple(
    FrameDefinition(id=frame, pack="policy", definition=f"What {frame} is.", citation="Test 2025", seeds=("law",))
    for frame in ("economic", "legality")
)
WIRE = Outlet(outlet="north-wire", name="North Wire", kind=OutletKind.WIRE, scopes=("wire.example",))
POST = Outlet(outlet="east-post", name="The East Post", kind=OutletKind.NATIONAL, scopes=("post.example",))
HERALD = Outlet(outlet="hill-herald", name="Hill Herald", kind=OutletKind.LOCAL, scopes=("herald.example",))
OUTLETS = (WIRE, POST, HERALD)
QUOTE = "“This order is a terrible mistake,”"
BODY = (
    f"The judge ruled on Monday that the agency may share the data. {QUOTE} said Judge Alder in court.\n\n"
    "The court found the law clear. Officials praised the illegal alien policy as good for the economy."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One article to be, in as few words as a test needs."""

    outlet: Outlet
    title: str
    text: str = BODY
    at: datetime = NOW
    url: str = ""
    cluster: str | None = None
    is_original: bool = True
    agency: str | None = None
    kind: ArticleKind = ArticleKind.NEWS
    completeness: Completeness = Completeness.WHOLE
    retitled: str | None = None  # a second version's headline
    tone: float = 0.1
    camp: str = "court"
    frame: str = "legality"
    speaker: str = "Judge Alder"
    toward: float | None = None  # sentiment toward "agency", in three mentions

    @property
    def address(self) -> str:
        return self.url or f"https://{self.outlet.scopes[0]}/{stable_id(self.title, str(self.at))}"

    @property
    def article(self) -> str:
        return stable_id(self.outlet.outlet, self.address)


def usual_pieces() -> tuple[Piece, ...]:
    """Return six pieces each of two outlets and three of a wire, with copies and a changed headline."""
    pieces: list[Piece] = []
    for day in range(6):
        at = datetime(2025, 5, 12 + day, 12, tzinfo=UTC)
        pieces.append(Piece(outlet=POST, title=f"Post story {day}", at=at, tone=0.05 * day, camp="government"))
        pieces.append(Piece(outlet=HERALD, title=f"Herald story {day}", at=at, tone=-0.05 * day, frame="economic"))
    wire = Piece(outlet=WIRE, title="Judge lets agency share data", at=datetime(2025, 5, 12, 10, tzinfo=UTC))
    wire = replace(wire, cluster="c1", agency="North Wire")
    copy = replace(wire, outlet=POST, title="Agency may share data, judge rules", is_original=False)
    pieces += [wire, replace(copy, at=wire.at + timedelta(hours=3))]
    pieces[0] = replace(pieces[0], retitled="Post story 0, corrected")
    pieces[2] = replace(pieces[2], completeness=Completeness.PARTIAL)
    return tuple(pieces)


@dataclass(slots=True)
class HomeBuilder:
    """Writes pieces into a home's master database and publishes it."""

    path: Path
    outlets: Sequence[Outlet] = OUTLETS
    topic: Topic = TOPIC
    is_invented: bool = False
    has_text: bool = True
    run: str = "run-1"
    pieces: list[Piece] = field(default_factory=list)

    def build(self, pieces: Sequence[Piece] = (), now: datetime = NOW) -> Path:
        """Store the pieces and publish; return the snapshot's path."""
        with Store(self.path / "state" / "master.duckdb") as store:
            with store.transaction():
                self._begin(store, now)
                self._store(store, pieces)
                self._end(store, now, len(pieces))
            return self._publish(store, now)

    def _begin(self, store: Store, now: datetime) -> None:
        store.runs.begin(self.run, "nightly", now, now, "test")
        feeds = tuple(
            Feed(feed=stable_id(outlet.outlet), outlet=outlet.outlet, url=f"https://{outlet.scopes[0]}/feed")
            for outlet in self.outlets
        )
        store.feeds.save_configuration(self.outlets, feeds, (self.topic,), {self.topic.topic: FRAMES})
        for number, feed in enumerate(feeds):
            is_well = number < len(feeds) - 1
            state = FeedState(
                feed=feed.feed,
                last_polled_at=now,
                last_ok_at=now if is_well else None,
                n_failures=0 if is_well else 2,
                last_outcome="ok" if is_well else "timeout",
                last_status=200 if is_well else None,
            )
            store.feeds.save(feed, state)
        gap = Gap(
            outlet=self.outlets[-1].outlet,
            feed=feeds[-1].feed,
            from_at=datetime(2025, 5, 14, tzinfo=UTC),
            until_at=datetime(2025, 5, 15, tzinfo=UTC),
            reason="failed",
            detail="timeout",
        )
        store.runs.save_gaps([gap])

    def _end(self, store: Store, now: datetime, n: int) -> None:
        store.runs.end(self.run, now, 0, RunCounts(n_feeds=len(self.outlets), n_stored=n, n_chosen=n), None)

    def _publish(self, store: Store, now: datetime) -> Path:
        provenance = Provenance(
            as_of=now,
            run=self.run,
            code_version="test",
            timezone="America/New_York",
            scorers=SCORERS,
            default_scorer="tone",
            is_invented=self.is_invented,
            has_text=self.has_text,
        )
        return publish(store.db.connection, store.path, self.path, provenance, published, keep=3)

    def _store(self, store: Store, pieces: Sequence[Piece]) -> None:
        entries = [
            Entry(
                entry=stable_id("entry", piece.article),
                outlet=piece.outlet.outlet,
                url=piece.address,
                canonical_url=piece.address,
                title=piece.title,
                first_seen_at=piece.at,
            )
            for piece in pieces
        ]
        listings = [
            Listing(entry=entry.entry, feed=stable_id(entry.outlet), first_seen_at=entry.first_seen_at, position=0)
            for entry in entries
        ]
        store.entries.save(entries, listings)
        store.entries.save_outcomes(
            [
                EntryOutcome(entry=entry.entry, status=EntryStatus.STORED, article=piece.article)
                for entry, piece in zip(entries, pieces, strict=True)
            ]
        )
        firsts = [(piece, _revision(piece, piece.title, 1)) for piece in pieces]
        seconds = [(piece, _revision(piece, piece.retitled, 2)) for piece in pieces if piece.retitled]
        store.articles.save_revisions([revision for _, revision in [*firsts, *seconds]])
        store.articles.save_matches(
            [(piece.article, 2 if piece.retitled else 1, _match(self.topic, piece)) for piece in pieces]
        )
        store.copies.save_members(
            [
                WireMember(
                    article=piece.article,
                    wire_cluster=piece.cluster,
                    is_original=piece.is_original,
                    similarity=1.0 if piece.cluster else None,
                    wire_agency=piece.agency,
                )
                for piece in pieces
            ]
        )
        scored = [(_text(revision), _scores(piece, revision.content.title)) for piece, revision in [*firsts, *seconds]]
        store.scores.save(self.topic.topic, scored, "h")


def _revision(piece: Piece, title: str, number: int) -> NewRevision:
    return NewRevision(
        article=piece.article,
        outlet=piece.outlet.outlet,
        url=piece.address,
        canonical_url=piece.address,
        entry=stable_id("entry", piece.article),
        first_seen_at=piece.at,
        via="feed",
        revision=number,
        revision_hash=stable_id(title, piece.text),
        seen_at=piece.at + timedelta(hours=number),
        change_kind="first" if number == 1 else "headline",
        change_note=None,
        content=Article(
            url=piece.address,
            title=title,
            text=piece.text,
            published_at=piece.at,
            language="en",
            kind=piece.kind,
            completeness=piece.completeness,
            word_count=len(piece.text.split()),
        ),
        payload_digest=None,
    )


def _text(one: NewRevision) -> RevisionText:
    return RevisionText(
        article=one.article, revision=one.revision, outlet=one.outlet, language="en", content=one.content
    )


def _match(topic: Topic, piece: Piece) -> Match:
    reason = Reason(rule="query", term="ruling")
    return Match(
        topic=topic.topic,
        topic_hash=topic.hash,
        is_on_topic=True,
        score=1.0,
        centrality=Centrality.MAIN,
        reasons=(reason,),
        sentences=(
            Span(part=Part.HEADLINE, start=0, end=len(piece.retitled or piece.title)),
            Span(part=Part.BODY, start=0, end=min(len(piece.text), 40)),
        ),
    )


def _scores(piece: Piece, title: str) -> ArticleScores:
    text = piece.text
    if not text:
        return ArticleScores(scorers=SCORERS, unscored_reason="empty")
    start = max(text.find("“"), 0)
    end = text.find("”") + 1 or min(len(text), start + 10)
    passages = [Passage(part=Part.HEADLINE, start=0, end=len(title), voice=Voice.OUTLET)]
    passages += [
        Passage(part=Part.BODY, start=a, end=b, voice=voice, speaker=speaker, camp=camp)
        for a, b, voice, speaker, camp in (
            (0, start, Voice.OUTLET, None, None),
            (start, end, Voice.QUOTED, piece.speaker, piece.camp),
            (end, len(text), Voice.OUTLET, None, None),
        )
        if a < b
    ]
    return ArticleScores(
        passages=tuple(passages),
        sentiment=(_sentiment(piece, title),),
        targets=_targets(piece),
        frames=(_frame(piece, text),),
        loaded_terms=_loaded(text),
        scorers=SCORERS,
    )


def _sentiment(piece: Piece, title: str) -> SentimentScores:
    values = tuple(
        Sentiment(of=part, value=piece.tone, n_sentences=3)  # type: ignore[arg-type]
        for part in ("headline", "body", "outlet_voice", "quoted_voice")
    )
    sentences = tuple(
        SentenceSentiment(part=part, start=0, end=end, voice=Voice.OUTLET, value=piece.tone)
        for part, end in ((Part.HEADLINE, len(title)), (Part.BODY, min(len(piece.text), 40)))
    )
    return SentimentScores(scorer="tone", values=values, sentences=sentences)


def _targets(piece: Piece) -> tuple[TargetSentiment, ...]:
    if piece.toward is None:
        return ()
    label: Label = "positive" if piece.toward > 0 else "negative"
    return tuple(
        TargetSentiment(id="agency", part=Part.BODY, start=n, end=n + 1, label=label, score=piece.toward)
        for n in range(3)
    )


def _frame(piece: Piece, text: str) -> FrameScore:
    at = max(text.find("ruled"), 0)
    evidence = Evidence(part=Part.BODY, start=at, end=min(len(text), at + 5), voice=Voice.OUTLET)
    return FrameScore(frame=piece.frame, pack="policy", score=2.0, is_primary=True, evidence=(evidence,))


def _loaded(text: str) -> tuple[LoadedTerm, ...]:
    at = text.find("illegal alien")
    if at < 0:
        return ()
    return (
        LoadedTerm(
            term="illegal alien",
            text="illegal alien",
            group="people",
            stance="restrictive",
            part=Part.BODY,
            start=at,
            end=at + len("illegal alien"),
            voice=Voice.OUTLET,
        ),
    )
