"""A home directory: written once by ``init_home``, and added to by ``add_feeds`` and ``add_outlet``."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, cast

from tracker.config.lines import statements
from tracker.config.outlets import FILE_NAME as OUTLETS
from tracker.config.outlets import feed_kind, load_outlets
from tracker.config.settings import FILE_NAME as SETTINGS
from tracker.config.topics import BUNDLED, DIRECTORY
from tracker.errors import ConfigError
from tracker.model import Feed, FeedKind, Outlet, OutletKind, stable_id

if TYPE_CHECKING:
    from tomlkit import TOMLDocument
    from tomlkit.items import Table

FEED_KEY = "feeds"


def init_home(directory: Path, *, feeds: bool = True) -> tuple[Path, ...]:
    """Write settings, outlets and the bundled topic into a directory, which is made; return the files.

    ``feeds=False`` leaves every outlet without feeds. Raises ``ConfigError`` and writes nothing where one
    of the files exists already.
    """
    texts = {directory / name: _bundled(name) for name in (SETTINGS, OUTLETS, f"{DIRECTORY}/{BUNDLED}.toml")}
    existing = [str(path) for path in texts if path.exists()]
    if existing:
        raise ConfigError(f"not overwritten: {', '.join(existing)}; choose another directory or move them away")
    if not feeds:
        texts[directory / OUTLETS] = without_feeds(texts[directory / OUTLETS])
    try:
        for path, text in texts.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            _write(path, text)
    except OSError as error:
        raise ConfigError(f"{directory}: cannot be written: {error.strerror or error}") from error
    return tuple(texts)


def add_feeds(home: Path, feeds: Iterable[tuple[Outlet, str]]) -> tuple[Feed, ...]:
    """Append feeds to ``outlets.toml``, with their outlets where those are new; return the feeds added.

    Comments and layout of the file are kept. An address that is in the file already, under whichever
    outlet, is left alone. Raises ``ConfigError`` where the result would not load; the file is then as
    it was.
    """
    import tomlkit  # noqa: PLC0415 - slow to import, and only this function writes TOML

    path = home / OUTLETS
    known_outlets, known_feeds = load_outlets(path)
    slugs, urls = {item.outlet for item in known_outlets}, {item.url for item in known_feeds}
    scopes = {scope for item in known_outlets for scope in item.scopes}
    document = tomlkit.parse(path.read_text(encoding="utf-8"))
    added: list[Feed] = []
    for outlet, address in feeds:
        url = address.strip()
        if url in urls:
            continue
        if outlet.outlet not in slugs:
            # a host that another outlet has claimed stays that outlet's
            own = tuple(scope for scope in outlet.scopes if scope not in scopes)
            _append_outlet(document, replace(outlet, scopes=own))
            scopes.update(own)
        kind = feed_kind(url)
        _append_feed(_table_of(document, outlet.outlet), url, kind)
        slugs.add(outlet.outlet)
        urls.add(url)
        added.append(Feed(feed=stable_id(url), outlet=outlet.outlet, url=url, kind=kind))
    if added:
        _replace(path, tomlkit.dumps(document))
    return tuple(added)


def add_outlet(home: Path, outlet: Outlet) -> None:
    """Append an outlet to ``outlets.toml``, whose comments and layout are kept.

    Raises ``ConfigError`` where its slug or one of its scopes is taken, or a value is no good; the file is then
    as it was.
    """
    import tomlkit  # noqa: PLC0415

    path = home / OUTLETS
    load_outlets(path)
    document = tomlkit.parse(path.read_text(encoding="utf-8"))
    _append_outlet(document, outlet)
    _replace(path, tomlkit.dumps(document))


def without_feeds(text: str) -> str:
    """Return an outlets file without its ``feeds`` keys and otherwise as it was."""
    return "".join(item.text for item in statements(text) if item.key != FEED_KEY)


def _bundled(name: str) -> str:
    return (files("tracker") / "data" / name).read_text(encoding="utf-8")


def _write(path: Path, text: str) -> None:
    """Write through a temporary file, so that a killed run leaves the old file or the new one."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        temporary.write_text(text, encoding="utf-8", newline="\n")
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _replace(path: Path, text: str) -> None:
    """Replace an outlets file by one that has been read back first."""
    trial = path.with_name(f".{path.name}.{os.getpid()}.trial")
    try:
        trial.write_text(text, encoding="utf-8", newline="\n")
        load_outlets(trial)
        trial.replace(path)
    except ConfigError as error:
        raise ConfigError(f"{path}: not changed: {str(error).replace(str(trial), path.name)}") from error
    finally:
        trial.unlink(missing_ok=True)


def _table_of(document: TOMLDocument, slug: str) -> Table:
    tables = cast("list[Table]", document["outlets"])
    return next(table for table in tables if table["outlet"] == slug)


def _append_outlet(document: TOMLDocument, outlet: Outlet) -> None:
    import tomlkit  # noqa: PLC0415

    table = tomlkit.table()
    table.trivia.indent = "\n"  # a blank line before it, as between the others
    table.add("outlet", outlet.outlet)
    table.add("name", outlet.name)
    if outlet.kind is not OutletKind.UNKNOWN:
        table.add("kind", outlet.kind.value)
    for key in ("country", "region", "language", "owner", "lean", "lean_source"):
        value = getattr(outlet, key)
        if value is not None:
            table.add(key, value)
    if outlet.is_own:
        table.add("is_own", True)  # noqa: FBT003 - tomlkit's signature
    table.add("scopes", list(outlet.scopes))
    if "outlets" not in document:
        document.add("outlets", tomlkit.aot())
    document["outlets"].append(table)


def _append_feed(table: Table, url: str, kind: FeedKind) -> None:
    import tomlkit  # noqa: PLC0415

    if FEED_KEY not in table:
        table.add(FEED_KEY, tomlkit.array())
    if kind is FeedKind.FEED:
        table[FEED_KEY].append(url)
        return
    item = tomlkit.inline_table()
    item.update({"url": url, "kind": kind.value})
    table[FEED_KEY].append(item)
