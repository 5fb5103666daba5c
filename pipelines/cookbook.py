"""``docs/sql-cookbook.md`` with its answers: ``python -m pipelines.cookbook [HOME]`` asks the demo's snapshot anew."""

from __future__ import annotations

import re
import sys
from datetime import date, datetime
from pathlib import Path

import duckdb

from tracker.store.snapshot import open_snapshot, snapshot_path

PAGE = Path(__file__).parent.parent / "docs" / "sql-cookbook.md"
DEMO = Path("demo")
# A query in a fence, then its answer as a Markdown table, which may be missing so far.
_QUERY = re.compile(r"```sql\n(?P<query>.*?)\n```\n(?:\n(?:\|[^\n]*\n)+)?", re.DOTALL)


def queries(page: str) -> list[str]:
    """Return the queries of the page, in order."""
    return [found["query"] for found in _QUERY.finditer(page)]


def answered(page: str, home: Path) -> str:
    """Return the page with every query's answer from the snapshot of ``home``."""
    with open_snapshot(snapshot_path(home)) as snapshot:
        return _QUERY.sub(lambda found: f"```sql\n{found['query']}\n```\n\n{_answer(snapshot, found['query'])}", page)


def _answer(snapshot: duckdb.DuckDBPyConnection, query: str) -> str:
    result = snapshot.execute(query)
    names = [str(column[0]) for column in result.description or ()]
    rows = [[_cell(value) for value in row] for row in result.fetchall()]
    return "".join(f"| {' | '.join(line)} |\n" for line in (names, ["---"] * len(names), *rows))


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return ", ".join(map(_cell, value))
    return str(value).replace("|", "\\|").replace("\n", " ")


if __name__ == "__main__":
    home = Path(sys.argv[1]) if len(sys.argv) > 1 else DEMO
    PAGE.write_text(answered(PAGE.read_text(encoding="utf-8"), home), encoding="utf-8")
