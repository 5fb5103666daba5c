"""What another group needs to check the figures: addresses, hashes of texts, decisions, scores, rules; no text."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb

from pipelines.export import make_directory, public_columns, select
from pipelines.manifest import ExportedTable, cite_as, sha256, write_manifest
from pipelines.methods_paragraph import methods_paragraphs
from pipelines.spreadsheet import write_csv
from tracker.report.snapshot_report import SnapshotReport
from tracker.store.pins import HeldSnapshot, find_snapshot
from tracker.store.snapshot import open_snapshot

# Where each version of each article was, and by what its text is known again by whoever fetches it.
ADDRESSES = """
SELECT a.article, a.outlet, a.url, a.canonical_url, r.revision, r.published_at, r.seen_at, r.language, r.kind,
    r.completeness, r.word_count, sha256(r.title) AS title_sha256,
    CASE WHEN r.text <> '' THEN sha256(r.text) END AS text_sha256,
    r.revision_hash, r.text_hash, a.wire_cluster, a.wire_agency, a.is_original, r.extractor, r.extractor_version
FROM revisions r JOIN articles a USING (article) ORDER BY a.outlet, a.article, r.revision
"""
# Tables that hold decisions, scores and what they rest on; with the columns below left out they hold no text.
TABLES = (
    "outlets", "topics", "docket", "actors", "frame_definitions", "matches", "codings", "coding_samples",
    "coding_spans", "scored", "scorers", "snapshot_scorers", "snapshot_info", "sentiment", "sentence_sentiment",
    "target_sentiment", "frames", "evidence", "passages", "loaded_terms", "gaps", "attention", "outlet_sentiment",
    "outlet_frames", "outlet_voices", "outlet_loaded_terms", "validity",
)  # fmt: skip
OF_TEXTS = ("text", "content", "summary", "title", "cue", "reasons")
TITLED = ("topics", "docket")  # whose titles are ours, not the outlets'
EXPLAINED = (
    "## What is here\n\n`addresses.csv` says where each version of each article stood and gives the SHA-256 of its "
    "headline and body (UTF-8, paragraphs parted by one blank line) as they were scored. The other tables hold "
    "decisions, codings and scores by article and revision; offsets count Unicode code points. `manifest.json` "
    "gives the query of each table and what its columns mean. The outlets' texts are theirs and are not in here."
)


def export_replication(home: Path, directory: Path, snapshot: str | None = None) -> list[Path]:
    """Write a replication package of a snapshot (the current one for None) into ``directory``; return its files.

    Raises StoreError where there is no such snapshot, DataError where files cannot be written.
    """
    held = find_snapshot(home, snapshot)
    make_directory(directory)
    with open_snapshot(held.path) as connection:
        tables = [_write(connection, directory, table, query) for table, query in _queries(connection)]
        others = [*_topics(connection, home, directory), _methods(held, directory), _citation(held, directory)]
        manifest = write_manifest(connection, held, directory, tables, others)
    return [*(directory / one.file for one in tables), *others, manifest]


def _queries(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    bare, titled = dict(public_columns(connection, OF_TEXTS)), dict(public_columns(connection))
    known = [table for table in TABLES if table in bare]
    return [
        ("addresses", ADDRESSES.strip()),
        *((table, select(table, (titled if table in TITLED else bare)[table])) for table in known),
    ]


def _write(connection: duckdb.DuckDBPyConnection, directory: Path, table: str, query: str) -> ExportedTable:
    path = directory / f"{table}.csv"
    return ExportedTable(table=table, file=path.name, query=query, n_rows=write_csv(connection, query, path))


def _topics(connection: duckdb.DuckDBPyConnection, home: Path, directory: Path) -> list[Path]:
    """Copy the topic files that the snapshot was matched with; one that has changed since is not its file."""
    hashes = {row[0] for row in connection.execute("SELECT topic_hash FROM topics").fetchall()}
    copied = []
    for path in sorted((home / "topics").glob("*.toml")):
        if sha256(path) in hashes:
            target = directory / f"topic-{path.name}"
            target.write_bytes(path.read_bytes())
            copied.append(target)
    return copied


def _methods(held: HeldSnapshot, directory: Path) -> Path:
    with SnapshotReport(held.path) as report:
        parts = [f"# How these figures were come by\n\n{cite_as(held)}."]
        for topic in report.topics():
            parts += [f"## {topic.title}", *methods_paragraphs(report, topic)]
    path = directory / "methods.md"
    path.write_text("\n\n".join([*parts, EXPLAINED]) + "\n", encoding="utf-8")
    return path


def _citation(held: HeldSnapshot, directory: Path) -> Path:
    """Write a CITATION.cff (Citation File Format 1.2.0) for the data."""
    quote = json.dumps  # a JSON string is a YAML one (YAML 1.2, 1.3)
    lines = [
        "cff-version: 1.2.0",
        "message: " + quote("If you use these data, cite the snapshot that they come from."),
        "type: dataset",
        "title: " + quote(cite_as(held)),
        "authors:",
        "  - name: " + quote("The newsroom that collected it (put its name here)"),
        "version: " + quote(held.rows_hash),
        f"date-released: {held.as_of:%Y-%m-%d}",
    ]
    path = directory / "CITATION.cff"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
