"""``outlets.toml``: whose coverage is tracked, and where their feeds are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_validator

from tracker.config.lines import Location
from tracker.config.problems import Problem, config_error, duplicates, problems_of, read_toml
from tracker.model import Feed, FeedKind, Outlet, OutletKind, stable_id

FILE_NAME = "outlets.toml"
MAX_URL_CHARS = 2_048  # Media Cloud's limit, and what old browsers and proxies took

Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
_SCOPE = re.compile(r"[\w-]+(\.[\w-]+)*(/[^\s?#]*)?")


def _feed_table(value: object) -> object:
    """Let a feed be written as its address alone."""
    return {"url": value} if isinstance(value, str) else value


class FeedModel(BaseModel):
    """A feed as written in the file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str = Field(max_length=MAX_URL_CHARS)
    kind: FeedKind = FeedKind.FEED
    topic: Slug | None = None
    verify_tls: bool = True

    @field_validator("url")
    @classmethod
    def _web_address(cls, value: str) -> str:
        url = value.strip()
        try:
            parts = urlsplit(url)
            reachable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
        except ValueError:
            reachable = False
        if not reachable or any(char.isspace() for char in url):
            raise ValueError("must be a whole address that begins with https:// or http://")
        return url


class OutletModel(BaseModel):
    """An outlet as written in the file."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    outlet: Slug
    name: str = Field(min_length=1, max_length=200)
    kind: OutletKind = OutletKind.UNKNOWN
    country: str | None = Field(default=None, pattern=r"^[A-Z]{2}$")  # ISO 3166-1 alpha-2
    region: str | None = None
    language: str | None = Field(default=None, pattern=r"^[a-z]{2}$")  # ISO 639-1
    owner: str | None = None
    lean: str | None = None
    lean_source: str | None = None
    is_own: bool = False
    scopes: tuple[str, ...] = ()
    feeds: tuple[Annotated[FeedModel, BeforeValidator(_feed_table)], ...] = ()

    @field_validator("scopes")
    @classmethod
    def _hosts(cls, scopes: tuple[str, ...]) -> tuple[str, ...]:
        lowered = tuple(scope.strip().lower() for scope in scopes)
        for scope in lowered:
            if not _SCOPE.fullmatch(scope):
                raise ValueError(f"scope {scope!r} must be a host or host/path, without https:// and without *")
        return lowered


class OutletsModel(BaseModel):
    """The whole file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    outlets: tuple[OutletModel, ...] = ()


def load_outlets(path: Path) -> tuple[tuple[Outlet, ...], tuple[Feed, ...]]:
    """Read ``outlets.toml``: outlets and feeds in the file's order.

    Raises ``ConfigError`` that lists unknown keys, bad values, and slugs, scopes or feeds used twice.
    """
    data, text = read_toml(path)
    model = _validated(data, path, text)
    problems = tuple(_problems(model))
    if problems:
        raise config_error(path, text, problems)
    outlets = tuple(_outlet(item) for item in model.outlets)
    feeds = tuple(_feed(item.outlet, feed) for item in model.outlets for feed in item.feeds)
    return outlets, feeds


def feed_kind(url: str) -> FeedKind:
    """Return how an address that somebody gives as a feed is probably to be read.

    A last path segment ``search`` with a query is a search, one with ``sitemap`` in it is a news sitemap;
    everything else is read as a feed.
    """
    parts = urlsplit(url)
    last = parts.path.rstrip("/").rpartition("/")[2].lower()
    if last == "search" and "q=" in parts.query:
        return FeedKind.SEARCH
    return FeedKind.SITEMAP if "sitemap" in last else FeedKind.FEED


def _validated(data: dict[str, Any], path: Path, text: str) -> OutletsModel:
    try:
        return OutletsModel(**data)
    except ValidationError as error:
        raise config_error(path, text, problems_of(error, OutletsModel)) from error


def _problems(model: OutletsModel) -> Iterator[Problem]:
    items = list(enumerate(model.outlets))
    yield from duplicates(((o.outlet, ("outlets", i, "outlet")) for i, o in items), "the slug")
    yield from duplicates(((s, ("outlets", i, "scopes")) for i, o in items for s in o.scopes), "the scope")
    yield from duplicates(((f.url, ("outlets", i, "feeds")) for i, o in items for f in o.feeds), "the feed")
    for i, item in items:
        if item.lean and not item.lean_source:
            location: Location = ("outlets", i, "lean")
            yield Problem(location=location, message="a lean needs a lean_source: say whose rating it is")


def _outlet(item: OutletModel) -> Outlet:
    return Outlet(
        outlet=item.outlet,
        name=item.name,
        kind=item.kind,
        country=item.country,
        region=item.region,
        language=item.language,
        owner=item.owner,
        lean=item.lean,
        lean_source=item.lean_source,
        is_own=item.is_own,
        scopes=item.scopes,
    )


def _feed(outlet: str, item: FeedModel) -> Feed:
    return Feed(
        feed=stable_id(item.url),
        outlet=outlet,
        url=item.url,
        kind=item.kind,
        topic=item.topic,
        verify_tls=item.verify_tls,
    )
