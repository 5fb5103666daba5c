"""``tracker search``: what was found, for people and for programs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TextIO

from rich.console import Console
from rich.text import Text

from pipelines.progress import visible
from tracker.report.filters import Filters
from tracker.report.search import Found, Order, Piece, SearchResult, search
from tracker.report.snapshot_report import SnapshotReport
from tracker.store.snapshot import snapshot_path

INDENT = "    "


def search_home(home: Path, query: str, filters: Filters | None, *, order: Order, limit: int) -> SearchResult:
    """Search the snapshot that a home publishes. Raises StoreError where it has none, QueryError for a bad query."""
    with SnapshotReport(snapshot_path(home)) as report:
        return search(report, query, filters, order=order, limit=limit)


def print_found(result: SearchResult, out: TextIO) -> None:
    """Print one article after another with the words found in bold, where ``out`` is a terminal."""
    console = Console(file=out, width=None if out.isatty() else 120, highlight=False)
    for one in result.found:
        day = f"{one.published_at:%Y-%m-%d}" if one.published_at else "no date"
        copy = " · copy" if one.is_wire_copy else ""
        console.print(_marked(one.title) or Text("(no headline)"))
        console.print(
            Text(visible(f"{INDENT}{one.outlet_name} · {day}{copy} · {one.url}"), style="dim"), soft_wrap=True
        )
        for excerpt in one.excerpts:
            console.print(Text(INDENT) + _marked(excerpt), soft_wrap=True)
    more = f"more than {result.n_found:,}" if result.is_cut else f"{result.n_found:,}"
    articles = "article" if result.n_found == 1 else "articles"
    console.print(f"{more} {articles} found" + (f", {len(result.found)} shown" if result.n_found else ""))


def print_json(result: SearchResult, out: TextIO) -> None:
    """Print one JSON line an article; titles and excerpts are lists of [text, whether it was searched for]."""
    out.writelines(json.dumps(_plain(one), ensure_ascii=False) + "\n" for one in result.found)


def _plain(one: Found) -> dict[str, object]:
    values = asdict(one)
    values["published_at"] = one.published_at.isoformat() if one.published_at else None
    values["title"] = _pairs(one.title)
    values["excerpts"] = [_pairs(excerpt) for excerpt in one.excerpts]
    return values


def _pairs(pieces: Sequence[Piece]) -> list[tuple[str, bool]]:
    return [(piece.text, piece.is_hit) for piece in pieces]


def _marked(pieces: Sequence[Piece]) -> Text:
    line = Text()
    for piece in pieces:
        line.append(" ".join(visible(piece.text).splitlines()), style="bold" if piece.is_hit else "")
    return line
