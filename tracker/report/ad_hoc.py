"""Queries that somebody types: one statement at a time on a sandboxed snapshot, stopped after a while."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import duckdb
import pandas as pd

from tracker.errors import QueryError
from tracker.store.snapshot import MEMORY_LIMIT, open_snapshot, time_limit

ASKING = frozenset({duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN})  # SHOW and DESCRIBE are SELECTs
REACHING = frozenset(
    {"ATTACH", "CALL", "COPY", "COPY_DATABASE", "DETACH", "EXPORT", "EXTENSION", "LOAD", "SET", "VARIABLE_SET"}
)
READ_ONLY = "refused: the snapshot is read-only"
REFUSED = "refused: queries reach no files, network, settings or extensions"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The first rows of a query's result, and whether there were more."""

    rows: pd.DataFrame
    is_cut: bool


def answer(path: Path, query: str, *, most_rows: int, seconds: float, memory_limit: str = MEMORY_LIMIT) -> Answer:
    """Ask a snapshot on a connection of its own, so that stopping it stops nobody else's query.

    Raises QueryError where the query is refused, wrong, stopped or more than one statement; StoreError where
    the snapshot cannot be read.
    """
    with open_snapshot(path, memory_limit) as connection:
        check_query(connection, query)
        with stopped_after(connection, seconds):
            connection.execute(query)
            names = column_names(connection)
            rows = connection.fetchmany(most_rows + 1)
    return Answer(rows=pd.DataFrame(rows[:most_rows], columns=names), is_cut=len(rows) > most_rows)


def check_query(connection: duckdb.DuckDBPyConnection, query: str) -> None:
    """Raise QueryError unless ``query`` is one statement that asks: SELECT, DESCRIBE, SHOW, SUMMARIZE, EXPLAIN.

    What asks may still reach for files or settings: the connection, made by ``open_snapshot``, refuses that.
    """
    try:
        statements = connection.extract_statements(query)
    except duckdb.Error as error:
        raise QueryError(str(error)) from error
    if len(statements) != 1:
        raise QueryError(f"one statement at a time, please: this is {len(statements)}")
    kind = statements[0].type
    if kind not in ASKING:
        why = REFUSED if kind.name in REACHING else READ_ONLY
        raise QueryError(f"{why}: this is {kind.name}; ask with SELECT, DESCRIBE, SHOW, SUMMARIZE or EXPLAIN")


@contextmanager
def stopped_after(connection: duckdb.DuckDBPyConnection, seconds: float) -> Iterator[None]:
    """Stop what runs inside after ``seconds``; turn the engine's errors into ours."""
    with time_limit(connection, seconds):
        try:
            yield
        except duckdb.InterruptException as error:
            raise QueryError(f"stopped after {seconds:g} s: ask for less, or pass --timeout") from error
        except duckdb.Error as error:
            raise QueryError(_explain(error)) from error


def column_names(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Return the names of a result's columns, told apart where they repeat."""
    names: list[str] = []
    for column in connection.description or ():
        name = str(column[0])
        taken = (f"{name}_{number}" for number in count(1))
        names.append(name if name not in names else next(other for other in taken if other not in names))
    return names


def _explain(error: duckdb.Error) -> str:
    text = str(error)
    if "read-only" in text:
        return f"{READ_ONLY} ({text})"
    if isinstance(error, duckdb.PermissionException) or "locked" in text or "disabled" in text:
        return f"{REFUSED} ({text})"
    return text
