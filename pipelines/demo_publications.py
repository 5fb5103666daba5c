"""The demo's timeline: what stands at each address, from when, in which version, and whose text it is.

A pure function of the corpus: the same files always give the same addresses, times and texts.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache

from pipelines.demo_corpus import Brief, Change, Corpus, Dud, Edit, Notice, Piece, Reprint, Rule, Site
from tracker.errors import DataError
from tracker.model import ArticleKind, Outlet, OutletKind, stable_id
from tracker.urls import host

SLUG_WORDS = 9  # as news sites do: enough to recognise the story in the address
LOCAL_AFTER = 2  # a local paragraph goes in after the second one, where desks put it
CUT_SHARE = 0.5  # a cut reprint keeps whole paragraphs, from the top, up to half of the words
DESKS = {
    ArticleKind.NEWS: "news",
    ArticleKind.ANALYSIS: "analysis",
    ArticleKind.OPINION: "opinion",
    ArticleKind.EDITORIAL: "editorials",
    ArticleKind.LIVE: "live",
    ArticleKind.PRESS_RELEASE: "press-releases",
    ArticleKind.TRANSCRIPT: "transcripts",
    ArticleKind.MEDIA: "videos",
}
CARRY_DELAY = timedelta(minutes=25)  # between a brief on the wire and each outlet that carries it


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """What an address said from ``at`` on."""

    at: datetime
    headline: str
    body: str
    change: Change | None = None  # None for the first


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """One address and all its versions, oldest first. ``origin`` is whose text it is."""

    url: str
    outlet: Outlet
    source_id: str  # of the piece or the brief
    piece: Piece | None
    byline: str
    credit: str  # a line at the end that says where the text is from; may be empty
    kind: ArticleKind
    section: str
    language: str
    versions: tuple[Version, ...]
    origin: Outlet
    copy_of: str | None = None  # the original's address
    rule: Rule | None = None
    is_paywalled: bool = False
    moves: tuple[tuple[datetime, str], ...] = ()  # when it got which new address, oldest first
    gone_at: datetime | None = None  # when its outlet took it down
    notice: Notice | None = None  # what stands there instead of a story

    @property
    def published_at(self) -> datetime:
        """When the first version appeared."""
        return self.versions[0].at

    def version_at(self, now: datetime) -> Version | None:
        """Return the version that stands at ``now``; None before publication and after it was taken down."""
        if self.gone_at is not None and self.gone_at <= now:
            return None
        return next((version for version in reversed(self.versions) if version.at <= now), None)

    def standing_at(self, now: datetime) -> Publication:
        """Return it with the address that it has at ``now``."""
        return replace(self, url=next((url for at, url in reversed(self.moves) if at <= now), self.url))


@cache
def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", re.sub(r"['’]", "", plain))[:SLUG_WORDS])


def publications(corpus: Corpus) -> tuple[Publication, ...]:
    """Return every address of the demo, oldest first; raises ``DataError`` for an edit that does not fit."""
    originals = {piece.id: _original(corpus, piece) for piece in corpus.pieces.values()}
    reprints = (_reprint(corpus, originals[reprint.piece], reprint) for reprint in corpus.reprints)
    briefs = (publication for brief in corpus.briefs for publication in _brief(corpus, brief))
    duds = (_dud(corpus, dud) for dud in corpus.duds)
    return tuple(
        sorted((*originals.values(), *reprints, *briefs, *duds), key=lambda item: (item.published_at, item.url))
    )


def _address(
    corpus: Corpus, outlet: str, at: datetime, source_id: str, *, kind: ArticleKind, section: str, headline: str
) -> str:
    path = corpus.sites[outlet].path.format(
        date=f"{at:%Y/%m/%d}",
        section=_slug(section),
        desk=DESKS[kind],
        slug=_slug(headline),
        id=stable_id(outlet, source_id)[:8],
    )
    return f"http://{host(corpus.feed_urls[outlet])}{path}"


# ---------------------------------------------------------------- originals and their edits


def _original(corpus: Corpus, piece: Piece) -> Publication:
    outlet, site = corpus.outlets[piece.outlet], corpus.sites[piece.outlet]
    first = Version(at=piece.published_at, headline=piece.headline, body=_with_dateline(piece, site.label))
    edits = [edit for edit in corpus.edits if edit.piece == piece.id]
    return Publication(
        url=_own_address(corpus, piece, piece.headline),
        moves=tuple((m.at, _own_address(corpus, piece, m.slug)) for m in corpus.moves if m.piece == piece.id),
        gone_at=next((removal.at for removal in corpus.removals if removal.piece == piece.id), None),
        outlet=outlet,
        source_id=piece.id,
        piece=piece,
        byline=piece.byline,
        credit="",
        kind=piece.kind,
        section=piece.section,
        language=piece.language,
        versions=tuple(_versions(first, edits)),
        origin=outlet,
        is_paywalled=site.paywall and not piece.free,
    )


def _own_address(corpus: Corpus, piece: Piece, headline: str) -> str:
    return _address(
        corpus,
        piece.outlet,
        piece.published_at,
        piece.id,
        kind=piece.kind,
        section=piece.section,
        headline=headline,
    )


def _with_dateline(piece: Piece, label: str | None) -> str:
    if not piece.dateline:
        return piece.body
    lead, _, rest = piece.body.partition("\n\n")
    if lead.isupper():  # a press release's "FOR IMMEDIATE RELEASE" stands above the dateline
        return f"{lead}\n\n{piece.dateline} — {rest}"
    return f"{piece.dateline}{f' ({label})' if label else ''} — {piece.body}"


def _versions(first: Version, edits: Iterable[Edit]) -> Iterator[Version]:
    yield first
    for edit in edits:
        first = _edited(first, edit)
        yield first


def _edited(before: Version, edit: Edit) -> Version:
    body = before.body
    for swap in edit.replace:
        if body.count(swap.old) != 1:
            raise DataError(f"plan.toml: edit of {edit.piece}: {swap.old!r} must stand in its text exactly once")
        body = body.replace(swap.old, swap.new)
    blocks = [block for block in (edit.prepend.strip(), body, edit.append.strip()) if block]
    after = Version(at=edit.at, headline=edit.headline or before.headline, body="\n\n".join(blocks), change=edit.change)
    if (after.headline, after.body) == (before.headline, before.body) or after.at <= before.at:
        raise DataError(f"plan.toml: edit of {edit.piece} at {edit.at}: changes nothing or comes too early")
    return after


# ---------------------------------------------------------------- reprints


def _reprint(corpus: Corpus, original: Publication, reprint: Reprint) -> Publication:
    source = original.version_at(reprint.at)
    piece = original.piece
    if source is None or piece is None:
        raise DataError(f"plan.toml: {reprint.outlet} reprints {reprint.piece} before it is published")
    site = corpus.sites[reprint.outlet]
    headline = reprint.headline or source.headline
    section = reprint.section or original.section
    return Publication(
        url=_address(
            corpus, reprint.outlet, reprint.at, reprint.piece, kind=original.kind, section=section, headline=headline
        ),
        outlet=corpus.outlets[reprint.outlet],
        source_id=piece.id,
        piece=piece,
        byline=_credited(site.byline, original),
        credit=_credited(site.footer, original),
        kind=original.kind,
        section=section,
        language=original.language,
        versions=(Version(at=reprint.at, headline=headline, body=_reprinted(source, reprint, original, site, corpus)),),
        origin=original.outlet,
        copy_of=original.url,
        rule=reprint.rule,
    )


def _credited(pattern: str, original: Publication) -> str:
    return pattern.format(author=original.byline, agency=original.outlet.name)


def _reprinted(source: Version, reprint: Reprint, original: Publication, site: Site, corpus: Corpus) -> str:
    body = source.body
    label = corpus.sites[original.outlet.outlet].label
    if label and not site.dateline:
        body = body.replace(f" ({label})", "", 1)
    if reprint.rule == "cut":
        return first_half(body)
    if reprint.rule == "retitled" and reprint.headline is None:
        raise DataError(f"plan.toml: {reprint.outlet} retitles {reprint.piece} without a headline")
    if reprint.rule == "local":
        if reprint.local is None:
            raise DataError(f"plan.toml: {reprint.outlet} adds to {reprint.piece} without a local paragraph")
        blocks = body.split("\n\n")
        return "\n\n".join((*blocks[:LOCAL_AFTER], reprint.local.strip(), *blocks[LOCAL_AFTER:]))
    return body


def first_half(body: str) -> str:
    """Return whole paragraphs from the top until half of the words are there; no subhead comes last."""
    wanted = len(body.split()) * CUT_SHARE
    kept: list[str] = []
    for block in body.split("\n\n"):
        if sum(len(part.split()) for part in kept) >= wanted:
            break
        kept.append(block)
    while kept[-1].startswith("## "):
        kept.pop()
    return "\n\n".join(kept)


# ---------------------------------------------------------------- ordinary news


def _brief(corpus: Corpus, brief: Brief) -> Iterator[Publication]:
    """Yield a brief on its own outlet’s site and on those that carry it, one after another."""
    original = _brief_at(corpus, brief, brief.outlet, brief.at, None)
    yield original
    for place, slug in enumerate(brief.carried_by, start=1):
        yield _brief_at(corpus, brief, slug, brief.at + place * CARRY_DELAY, original)


def _brief_at(corpus: Corpus, brief: Brief, slug: str, at: datetime, original: Publication | None) -> Publication:
    origin, site = corpus.outlets[brief.outlet], corpus.sites[slug]
    source_id = f"brief-{stable_id(brief.outlet, brief.headline)[:8]}"
    is_wire = origin.kind is OutletKind.WIRE
    body = brief.text.strip()
    if original is not None and not site.dateline:
        body = body.replace(f" ({corpus.sites[brief.outlet].label})", "", 1)
    return Publication(
        url=_address(corpus, slug, at, source_id, kind=brief.kind, section=brief.section, headline=brief.headline),
        outlet=corpus.outlets[slug],
        source_id=source_id,
        piece=None,
        byline=origin.name if is_wire else "",
        credit="" if original is None else site.footer.format(agency=origin.name),
        kind=brief.kind,
        section=brief.section,
        language=brief.language,
        versions=(Version(at=at, headline=brief.headline, body=body),),
        origin=origin,
        copy_of=original.url if original else None,
        rule="verbatim" if original else None,
        is_paywalled=site.paywall and original is None,
    )


# ---------------------------------------------------------------- what is listed and not there


def _dud(corpus: Corpus, dud: Dud) -> Publication:
    outlet = corpus.outlets[dud.outlet]
    source_id = f"dud-{dud.notice}"
    return Publication(
        url=_address(
            corpus, dud.outlet, dud.at, source_id, kind=ArticleKind.NEWS, section=dud.section, headline=dud.headline
        ),
        outlet=outlet,
        source_id=source_id,
        piece=None,
        byline="",
        credit="",
        kind=ArticleKind.UNKNOWN,
        section=dud.section,
        language=outlet.language or "en",
        versions=(Version(at=dud.at, headline=dud.headline, body=dud.summary),),
        origin=outlet,
        notice=dud.notice,
    )
