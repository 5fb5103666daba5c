"""The demo corpus: invented outlets and pieces, and the plan of who publishes, edits and reprints what.

Reads the files of ``tracker/data/demo`` into values. What becomes of them, address by address, is worked out in
``demo_publications``, how pages look in ``demo_pages``, how they are served in ``demo_site``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, AwareDatetime, ConfigDict, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from tracker.config import load_outlets
from tracker.errors import DataError
from tracker.model import ArticleKind, Centrality, Outlet

_STRICT = ConfigDict(extra="forbid")
_FENCE = "+++"
_T = TypeVar("_T")

Utc = Annotated[AwareDatetime, AfterValidator(lambda at: at.astimezone(UTC))]
Rule = Literal["verbatim", "cut", "retitled", "local"]
# ``return``: a desk goes back to what it had before
Change = Literal["headline", "update", "correction", "retraction", "trivial", "return"]
Notice = Literal["soft404", "challenge"]


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class Piece:
    """One text written for the demo. ``body`` has blocks parted by blank lines; ``## `` starts a subhead."""

    id: str
    outlet: str
    headline: str
    byline: str
    published_at: Utc
    kind: ArticleKind
    section: str
    on_topic: bool
    body: str
    about: str = ""
    dateline: str = ""
    language: str = "en"
    near_miss: bool = False
    unsure: bool = False  # as much about another case as about this one: a reader could say either
    centrality: Centrality | None = None
    free: bool = False
    frames: tuple[str, ...] = ()
    camps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class Brief:
    """A short item of ordinary news, off topic; ``carried_by`` outlets print it word for word."""

    outlet: str
    at: Utc
    section: str
    headline: str
    text: str
    kind: ArticleKind = ArticleKind.NEWS
    language: str = "en"
    carried_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class Site:
    """How an outlet's site works, and what a reader should find in its own pieces."""

    outlet: str
    markup: Literal["jsonld", "graph", "microdata", "og", "plain", "dublin"]
    feed: Literal["rss", "atom", "json"]
    path: str
    byline: str
    footer: str
    dateline: bool
    voice: str
    frames: tuple[str, ...]
    label: str | None = None
    paywall: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class Outage:
    """A stretch in which an outlet's feed answers 500 (``error``) or ends in the middle of an item (``cut``)."""

    outlet: str
    starts: Utc
    ends: Utc
    what: Literal["error", "cut"]


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class Swap:
    """Words that an edit replaces; they must stand in the text exactly once."""

    old: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class Edit:
    """One later version of a piece on its own outlet's site."""

    piece: str
    at: Utc
    change: Change
    headline: str | None = None
    prepend: str = ""
    append: str = ""
    replace: tuple[Swap, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class Reprint:
    """One outlet printing another's piece."""

    piece: str
    outlet: str
    at: Utc
    rule: Rule
    headline: str | None = None
    local: str | None = None
    section: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class Move:
    """A piece that gets a new address, made of ``slug``; the old one redirects there for good."""

    piece: str
    at: Utc
    slug: str


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class Removal:
    """A piece that its outlet takes down: its address answers 410 from then on."""

    piece: str
    at: Utc


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class Dud:
    """An item that a feed lists, and behind whose address a notice stands instead of a story."""

    outlet: str
    at: Utc
    section: str
    headline: str
    summary: str
    notice: Notice


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """Everything in the demo's files, checked for references that lead nowhere."""

    outlets: Mapping[str, Outlet]
    feed_urls: Mapping[str, str]
    sites: Mapping[str, Site]
    pieces: Mapping[str, Piece]
    briefs: tuple[Brief, ...]
    edits: tuple[Edit, ...]
    reprints: tuple[Reprint, ...]
    outages: tuple[Outage, ...]
    moves: tuple[Move, ...] = ()
    removals: tuple[Removal, ...] = ()
    duds: tuple[Dud, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class _Plan:
    site: tuple[Site, ...]
    outage: tuple[Outage, ...]
    edit: tuple[Edit, ...]
    reprint: tuple[Reprint, ...]
    move: tuple[Move, ...]
    removal: tuple[Removal, ...]
    dud: tuple[Dud, ...]


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class _Briefs:
    brief: tuple[Brief, ...]


def nights() -> tuple[datetime, ...]:
    """Return the demo's simulated nights, 04:00 UTC (midnight in Washington, when a night's cron runs).

    They lie closer around the ruling, so that edits fall between them, and end with two single nights, on the
    orders of 21 November 2025 and 5 February 2026 in other cases.
    """
    may = [datetime(2025, 4, 29, 4, tzinfo=UTC)]
    may += [datetime(2025, 5, day, 4, tzinfo=UTC) for day in (3, 7, 10, 13, 14, 15, 16, 18)]
    return (*may, datetime(2025, 11, 22, 4, tzinfo=UTC), datetime(2026, 2, 6, 4, tzinfo=UTC))


# ---------------------------------------------------------------- files


@cache
def load_corpus() -> Corpus:
    """Read the bundled files. Raises ``DataError`` that names the file and what is wrong in it."""
    root = resources.files("tracker").joinpath("data", "demo")
    with resources.as_file(root.joinpath("outlets.toml")) as path:
        outlets, feeds = load_outlets(path)
    plan = _read(root.joinpath("plan.toml"), TypeAdapter(_Plan))
    pieces = sorted(root.joinpath("pieces").iterdir(), key=lambda entry: entry.name)
    corpus = Corpus(
        outlets={outlet.outlet: outlet for outlet in outlets},
        feed_urls={feed.outlet: feed.url for feed in feeds},
        sites={site.outlet: site for site in plan.site},
        pieces={piece.id: piece for piece in map(read_piece, pieces)},
        briefs=_read(root.joinpath("briefs.toml"), TypeAdapter(_Briefs)).brief,
        edits=tuple(sorted(plan.edit, key=lambda edit: edit.at)),
        reprints=plan.reprint,
        outages=plan.outage,
        moves=plan.move,
        removals=plan.removal,
        duds=plan.dud,
    )
    _check(corpus)
    return corpus


def read_piece(file: Traversable) -> Piece:
    """Read one ``pieces/*.md``: TOML front matter between ``+++`` lines, then the text."""
    parts = file.read_text(encoding="utf-8").split(_FENCE, 2)
    if len(parts) != 3 or parts[0].strip():  # noqa: PLR2004 - nothing, front matter, text
        raise DataError(f"{file.name}: must begin with front matter between two lines of {_FENCE}")
    table = _toml(parts[1], file.name) | {"body": parts[2].strip()}
    piece = _validated(TypeAdapter(Piece), table, file.name)
    if file.name != f"{piece.id}.md":
        raise DataError(f"{file.name}: id is {piece.id!r}; name the file {piece.id}.md")
    return piece


def _read(file: Traversable, adapter: TypeAdapter[_T]) -> _T:
    return _validated(adapter, _toml(file.read_text(encoding="utf-8"), file.name), file.name)


def _toml(text: str, name: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise DataError(f"{name}: not TOML: {error}") from error


def _validated(adapter: TypeAdapter[_T], table: dict[str, Any], name: str) -> _T:
    try:
        return adapter.validate_python(table)
    except ValidationError as error:
        raise DataError(f"{name}: {error}") from error


def _check(corpus: Corpus) -> None:
    used = {brief.outlet for brief in corpus.briefs} | {slug for b in corpus.briefs for slug in b.carried_by}
    used |= {piece.outlet for piece in corpus.pieces.values()} | {r.outlet for r in corpus.reprints}
    used |= {dud.outlet for dud in corpus.duds}
    if unknown := used - corpus.outlets.keys() | corpus.outlets.keys() ^ corpus.sites.keys():
        raise DataError(f"plan.toml: outlets without a site or an entry in outlets.toml: {sorted(unknown)}")
    named = {edit.piece for edit in corpus.edits} | {reprint.piece for reprint in corpus.reprints}
    named |= {move.piece for move in corpus.moves} | {removal.piece for removal in corpus.removals}
    if missing := named - corpus.pieces.keys():
        raise DataError(f"plan.toml: no such pieces: {sorted(missing)}")
