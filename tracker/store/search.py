"""Full text: an index of the newest versions' words beside each snapshot, by SQLite's FTS5.

The private index ``state/search.sqlite`` takes in what is new at each publication and is copied beside the snapshot.
It holds words and their places, no text: those who search read texts from the snapshot. It can be made anew from the
master database at any time, and is where the two do not agree. Why FTS5: docs/decisions/0025-search.md.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import duckdb

from tracker.errors import QueryError, StoreError
from tracker.words import folded

SUFFIX = ".sqlite"
STATE = f"search{SUFFIX}"  # beside the master database
BATCH = 2_000  # texts in memory at a time
HEADLINE_WEIGHT = 4.0  # a word in the headline against one in the body
MAX_FOUND = 100_000  # best matches that are looked at: nobody reads on, and a rank costs time
# What nothing points to any more is not found: contentless tables forget no row before SQLite 3.43.
SCHEMA = """
CREATE VIRTUAL TABLE texts USING fts5(title, text, content='', tokenize='unicode61 remove_diacritics 0');
CREATE TABLE documents(document INTEGER PRIMARY KEY, article TEXT NOT NULL UNIQUE);
CREATE TABLE taken(n_revisions INTEGER NOT NULL, last_row INTEGER NOT NULL);
INSERT INTO taken VALUES (0, -1);
"""


def index_of(snapshot: Path) -> Path:
    """Return the index that stands beside a snapshot."""
    return snapshot.with_suffix(SUFFIX)


def copy_index(master: duckdb.DuckDBPyConnection, path: Path, target: Path, *, with_text: bool = True) -> None:
    """Bring the private index at ``path`` up to date with the master database, and copy it to ``target``.

    Without texts an empty one is written: from words and their places a text can be put together again.
    """
    update_index(master, path)
    if with_text:
        shutil.copyfile(path, target)
        return
    with closing(sqlite3.connect(target)) as index:
        index.executescript(SCHEMA)


def update_index(master: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Bring the private index up to date: a fifth of a millisecond a version, which who loads many spreads out."""
    try:
        _take_in(master, path)
    except sqlite3.DatabaseError:  # damaged, by a full disk or an older tracker: nothing is lost that is not in master
        path.unlink(missing_ok=True)
        _take_in(master, path)


def _take_in(master: duckdb.DuckDBPyConnection, path: Path) -> None:
    with closing(sqlite3.connect(path)) as index:
        if not _agrees(master, index):
            index.close()
            path.unlink()
            _take_in(master, path)
            return
        with index:
            for rows in _new_rows(master, index):
                _index(index, rows)


def _agrees(master: duckdb.DuckDBPyConnection, index: sqlite3.Connection) -> bool:
    """Return whether the index was made of the first rows of this master's ``revisions``; a new one is made here."""
    if not index.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
        index.executescript(SCHEMA)
    n_taken, last = index.execute("SELECT n_revisions, last_row FROM taken").fetchone()
    found = master.execute("SELECT count(*) FROM revisions WHERE rowid <= ?", [last]).fetchone()
    return found is not None and found[0] == n_taken


def _new_rows(
    master: duckdb.DuckDBPyConnection, index: sqlite3.Connection
) -> Iterator[Sequence[tuple[int, str, str, str]]]:
    (last,) = index.execute("SELECT last_row FROM taken").fetchone()
    newest = master.execute("SELECT coalesce(max(rowid), -1) FROM revisions").fetchone()
    for start in range(last, newest[0] if newest else -1, BATCH):
        found = master.execute(
            "SELECT rowid, article, title, text FROM revisions WHERE rowid > ? AND rowid <= ? ORDER BY rowid",
            [start, start + BATCH],
        )
        if rows := found.fetchall():  # rows that were deleted leave gaps
            yield rows


def _index(index: sqlite3.Connection, rows: Sequence[tuple[int, str, str, str]]) -> None:
    """Take in versions in the order in which they came: a later one of the same article takes its place."""
    newest = {article: (title, text) for _, article, title, text in rows}
    (first,) = index.execute("SELECT coalesce(max(document), 0) + 1 FROM documents").fetchone()
    documents = [(first + place, article) for place, article in enumerate(newest)]
    index.executemany("INSERT OR REPLACE INTO documents VALUES (?, ?)", documents)
    index.executemany(
        "INSERT INTO texts(rowid, title, text) VALUES (?, ?, ?)",
        ((first + place, folded(title), folded(text)) for place, (title, text) in enumerate(newest.values())),
    )
    index.execute("UPDATE taken SET n_revisions = n_revisions + ?, last_row = ?", [len(rows), rows[-1][0]])


def find_articles(snapshot: Path, expression: str) -> list[tuple[str, float]]:
    """Return the articles that fulfil an FTS5 expression, the best first, with their BM25 (higher is better).

    Raises StoreError where the snapshot has no index, QueryError where FTS5 does not take the expression.
    """
    path = index_of(snapshot)
    if not path.exists():
        raise StoreError(f"{path}: no search index beside the snapshot: 'tracker rescore' publishes one with it")
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)) as index:
        try:
            return index.execute(
                "SELECT article, -bm25(texts, ?, 1.0) AS score FROM texts JOIN documents ON document = texts.rowid "
                "WHERE texts MATCH ? ORDER BY score DESC, article LIMIT ?",
                [HEADLINE_WEIGHT, expression, MAX_FOUND],
            ).fetchall()
        except sqlite3.OperationalError as error:
            raise QueryError(f"the index does not take {expression}: {error}") from error
        except sqlite3.DatabaseError as error:
            raise StoreError(
                f"{path}: the search index cannot be read ({error}): 'tracker rescore' makes one"
            ) from error
