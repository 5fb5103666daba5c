"""``docs/data-model.md`` from the schema itself: ``python -m pipelines.data_model`` writes it."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from tracker.report.figures import published
from tracker.store.publish import Provenance, publish
from tracker.store.writer import Store

PAGE = Path(__file__).parent.parent / "docs" / "data-model.md"
GLOSSARY = Path(__file__).parent.parent / "docs" / "glossary.md"
HEAD = """\
# Data model

Generated from the schema by `python -m pipelines.data_model`; a test holds it to the schema. What the words mean is in
[the glossary](glossary.md). The snapshot carries the same texts as comments: `SELECT * FROM duckdb_columns()`.

A time that ends in `_at` is UTC, a `_date` is a day in the report's time zone, an `_offset` counts Unicode code points
and its end is exclusive. Tables of the schema `internal` are plumbing and may change.

The word `at` is reserved in SQL: write `"at"` when you ask `fetches` for it.
"""


def render() -> str:
    """Return the page: every public table and view of a snapshot, with its columns."""
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        with Store(home / "state" / "master.duckdb") as store:
            provenance = Provenance(
                as_of=datetime(2025, 5, 12, tzinfo=UTC),
                run="none",
                code_version="none",
                timezone="UTC",
                scorers=(),
                default_scorer="none",
            )
            path = publish(store.db.connection, store.path, home, provenance, published, keep=1)
        with duckdb.connect(str(path), read_only=True) as snapshot:
            relations = snapshot.execute(
                """
                SELECT table_name, comment, 'table' AS kind FROM duckdb_tables() WHERE schema_name = 'main'
                UNION ALL
                SELECT view_name, comment, 'view' FROM duckdb_views() WHERE schema_name = 'main' AND NOT internal
                ORDER BY 1
                """
            ).fetchall()
            sections = [_section(snapshot, *relation) for relation in relations]
    return HEAD + "".join(sections)


def _section(snapshot: duckdb.DuckDBPyConnection, name: str, comment: str | None, kind: str) -> str:
    columns = snapshot.execute(
        "SELECT column_name, data_type, comment FROM duckdb_columns() "
        "WHERE schema_name = 'main' AND table_name = ? ORDER BY column_index",
        [name],
    ).fetchall()
    lines = [f"| `{column}` | {data_type} | {text or ''} |" for column, data_type, text in columns]
    table = "\n".join(["| column | type | what |", "|---|---|---|", *lines])
    return f"\n## {name}\n\n{comment or ''} ({kind}).\n\n{table}\n"


if __name__ == "__main__":
    PAGE.write_text(render(), encoding="utf-8")
