"""Full-text search over titles and bodies, with the words found marked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import pyarrow as pa

from tracker.model import Part, Span
from tracker.report.filters import Filters
from tracker.report.snapshot_report import SnapshotReport
from tracker.store.search import MAX_FOUND, find_articles
from tracker.topic.searching import CompiledSearch, compile_search

Order = Literal["relevance", "newest", "oldest"]
AROUND = 90  # characters of the text on either side of what was found
MAX_EXCERPTS = 3  # of an article
ORDERS = {
    "relevance": "m.score DESC",
    "newest": "a.published_at DESC NULLS LAST",
    "oldest": "a.published_at NULLS LAST",
}
MATCHING = pa.schema([("article", pa.string()), ("score", pa.float64())])


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text, and whether it is what was searched for."""

    text: str
    is_hit: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An article that was found. Times are UTC without a zone; ``score`` is BM25, higher is better."""

    article: str
    outlet: str
    outlet_name: str
    url: str
    published_at: datetime | None
    kind: str
    completeness: str
    is_wire_copy: bool
    topics: tuple[str, ...]  # that it is on
    score: float
    title: tuple[Piece, ...]
    excerpts: tuple[tuple[Piece, ...], ...]  # of the body, where the words stand; its beginning where none does
    n_hits: int  # places in headline and body


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchResult:
    """One page of what was found, of ``n_found`` articles in all (of the best ``MAX_FOUND``)."""

    query: str
    n_found: int
    found: tuple[Found, ...]
    is_cut: bool  # whether more than MAX_FOUND fulfil the query, before filters


def search(
    report: SnapshotReport,
    query: str,
    filters: Filters | None = None,
    *,
    order: Order = "relevance",
    limit: int = 20,
    offset: int = 0,
) -> SearchResult:
    """Search titles and bodies of the newest versions; with ``filters`` only articles of that view.

    The grammar is that of topics (``tracker/topic/grammar.py``), with words side by side taken for AND: phrases in
    quotation marks, ``prefix*``, ``"near words"~5``, ``title:word``, AND, OR, NOT, parentheses. Case, accents,
    hyphens and abbreviations' stops make no difference. Raises QueryError where the query is none, StoreError
    where the snapshot has no index.
    """
    report.needs_text("search")
    compiled = compile_search(query)
    matching = find_articles(report.path, compiled.expression)
    columns = [[article for article, _ in matching], [score for _, score in matching]]
    tables = {"matching": pa.table(columns, schema=MATCHING)}
    condition, parameters = (filters.condition(), {**filters.parameters}) if filters else ("true", {})
    among = f"matching m JOIN {'coverage' if filters else 'articles'} a USING (article) WHERE {condition}"
    counted = report.rows(f"SELECT count(*) AS n FROM {among}", parameters, tables)  # noqa: S608 - constants
    page = report.rows(
        f"""
        SELECT a.article, m.score, a.outlet, coalesce(a.outlet_name, a.outlet) AS outlet_name, a.url, a.published_at,
            a.kind, a.completeness, a.is_wire_copy
        FROM {among} ORDER BY {ORDERS[order]}, m.score DESC, a.article LIMIT $limit OFFSET $offset
        """,  # noqa: S608 - constants, with parameters
        parameters | {"limit": limit, "offset": offset},
        tables,
    )
    texts = _texts(report, [row["article"] for row in page])
    return SearchResult(
        query=query,
        n_found=counted[0]["n"],
        found=tuple(_found(row, texts[row["article"]], compiled) for row in page),
        is_cut=len(matching) == MAX_FOUND,
    )


def _texts(report: SnapshotReport, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Return title, text and topics of a page's articles alone: texts are most of what a snapshot holds."""
    rows = report.rows(
        """
        SELECT r.article, max_by(r.title, r.revision) AS title, max_by(r.text, r.revision) AS text,
            (SELECT coalesce(list(m.topic ORDER BY m.topic), []) FROM matches m
             WHERE m.article = r.article AND m.is_on_topic) AS topics
        FROM revisions r WHERE list_contains($ids, r.article) GROUP BY r.article
        """,
        {"ids": list(ids)},
    )
    return {row["article"]: row for row in rows}


def _found(row: Mapping[str, Any], texts: Mapping[str, Any], compiled: CompiledSearch) -> Found:
    title, text = texts["title"], texts["text"]
    spans = compiled.spans(title, text)
    headline = [span for span in spans if span.part is Part.HEADLINE]
    body = [span for span in spans if span.part is Part.BODY]
    return Found(
        **row,
        topics=tuple(texts["topics"]),
        title=tuple(_pieces(title, 0, len(title), headline)),
        excerpts=tuple(_excerpts(text, body)),
        n_hits=len(spans),
    )


def _excerpts(text: str, spans: Sequence[Span]) -> Iterator[tuple[Piece, ...]]:
    """Yield stretches of the text around what was found, cut at words; close ones in one."""
    windows: list[tuple[int, int]] = []
    for span in spans:
        start, end = max(0, span.start - AROUND), min(len(text), span.end + AROUND)
        if windows and start <= windows[-1][1]:
            windows[-1] = windows[-1][0], end
        elif len(windows) < MAX_EXCERPTS:
            windows.append((start, end))
        else:
            break
    for start, end in windows or [(0, min(len(text), 2 * AROUND))]:
        yield tuple(_pieces(text, _word_start(text, start), _word_end(text, end), spans))


def _word_start(text: str, at: int) -> int:
    return at if at == 0 else text.find(" ", at) + 1


def _word_end(text: str, at: int) -> int:
    return at if at == len(text) else max(text.rfind(" ", 0, at), 0)


def _pieces(text: str, start: int, end: int, spans: Sequence[Span]) -> Iterator[Piece]:
    """Yield the text from ``start`` to ``end`` in stretches, told apart by whether they are in a span."""
    at = start
    for span in spans:
        if start <= span.start and span.end <= end:
            if at < span.start:
                yield Piece(text[at : span.start], is_hit=False)
            yield Piece(text[span.start : span.end], is_hit=True)
            at = span.end
    if at < end:
        yield Piece(text[at:end], is_hit=False)
