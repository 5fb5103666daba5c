"""Publish the master database as a read-only snapshot, so that no reader ever meets a lock.

The order is what makes it safe at any moment of a kill: copy under a temporary name, fill and close the
copy, make it read-only, sync it, give it its own new name, then move the symlink. Readers that hold an
older file keep it; the next open sees the new one. See docs/decisions/0013-storage.md.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from pathlib import Path

import duckdb
import pyarrow as pa

from tracker.model import ScorerInfo
from tracker.store import days, search
from tracker.store.database import CONFIG, write_anew
from tracker.store.rows import naive

LINK = "coverage.duckdb"
# Megabytes of DuckDB's while it works out the figures, the rest goes to disk: a quarter of the database. With
# 128 not even a small home is published; a million articles are in 512, but what spills costs a quarter more.
LEAST_MEMORY, MOST_MEMORY = 256, 1_000
# Tables whose rows a run leaves whatever happens on the way: a snapshot's hash is taken over them.
HASHED = ("outlets", "entries", "revisions", "matches", "passages", "sentiment", "frames", "evidence", "loaded_terms")

# Last, so that hash and figures are those of the texts. Evidence keeps its offsets, headlines stay. Rows are numbered
# as they will be when the file has been written anew, without the gaps that deleted ones left.
LEAVE_TEXTS_OUT = """
UPDATE revisions SET text = ''; UPDATE entries SET summary = '', content = NULL;
UPDATE internal.newest SET text_row = r.place
FROM (SELECT rowid AS text_row, row_number() OVER (ORDER BY rowid) - 1 AS place FROM revisions) r
WHERE r.text_row = newest.text_row;
"""

# Tables by name, each stored before the next is worked out: a later one may rest on it.
Figures = Callable[[duckdb.DuckDBPyConnection], Iterable[tuple[str, "Figure"]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A table computed at publication, with the comments of its columns."""

    table: pa.Table
    comment: str
    columns: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """What a snapshot says of itself."""

    as_of: datetime
    run: str
    code_version: str
    timezone: str
    scorers: Sequence[ScorerInfo]
    default_scorer: str
    is_invented: bool = False  # the demo's corpus is
    has_text: bool = True  # whether texts go with it


def publish(
    master: duckdb.DuckDBPyConnection,
    master_path: Path,
    home: Path,
    provenance: Provenance,
    figures: Figures,
    *,
    keep: int,
) -> Path:
    """Publish a snapshot into ``home`` and return its path; ``keep`` older and newer files stay."""
    folder = home / "snapshots"
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f".draft-{os.getpid()}.duckdb"
    index = draft.with_suffix(search.SUFFIX)
    spill = folder / ".draft-spill"
    shutil.rmtree(spill, ignore_errors=True)
    for leftover in folder.glob(".*draft-*"):
        leftover.unlink()
    master.execute("CHECKPOINT")
    link = home / LINK
    before = link.resolve() if link.exists() else None
    memory = min(max(master_path.stat().st_size // 4_000_000, LEAST_MEMORY), MOST_MEMORY)
    with ThreadPoolExecutor(1) as beside:  # what the disk takes most of the time for
        copied = beside.submit(shutil.copyfile, master_path, draft)
        master.execute(f"SET memory_limit = '{LEAST_MEMORY}MB'")  # else it would keep all that it has read
        rows = rows_hash(master)
        master.execute("RESET memory_limit")
        copied.result()
        state = master_path.with_name(search.STATE)
        indexed = beside.submit(search.copy_index, master, state, index, with_text=provenance.has_text)
        config = CONFIG | {"memory_limit": f"{memory}MB", "temp_directory": str(spill)}
        with duckdb.connect(str(draft), config=config) as copy:
            has_before = days.attach(copy, before)
            copy.begin()  # hundreds of small statements, of which each alone would be written through to the disk
            _fill(copy, provenance, rows, figures, has_before=has_before)
            if not provenance.has_text:
                copy.execute(LEAVE_TEXTS_OUT)
            copy.commit()
            copy.execute("CHECKPOINT")
            # What was deleted may stand in the file still.
            bare = None if provenance.has_text else write_anew(copy, draft)
        indexed.result()
    if bare:
        bare.replace(draft)
    final = folder / f"snap-{time.time_ns()}.duckdb"
    for made, named in ((index, search.index_of(final)), (draft, final)):  # nobody looks for an index before its file
        _sync(made)
        made.chmod(0o444)
        made.rename(named)
    _sync(folder)
    _point(link, final)
    _forget_all_but(keep, final)
    return final


def _forget_all_but(keep: int, final: Path) -> None:
    """Remove snapshots but the newest ``keep``; a clock that was set back must not take the one just made."""
    older = sorted(path for path in final.parent.glob("snap-*.duckdb") if path != final)
    for old in older[: max(len(older) - (keep - 1), 0)]:
        old.unlink()
    for index in final.parent.glob(f"snap-*{search.SUFFIX}"):
        if not index.with_suffix(final.suffix).exists():
            index.unlink()


def _fill(
    copy: duckdb.DuckDBPyConnection, provenance: Provenance, rows: str, figures: Figures, *, has_before: bool
) -> None:
    """Add to a copy of the master what readers ask; ``rows`` is the hash over its rows."""
    copy.execute(
        """
        CREATE TABLE snapshot_info (
            as_of_at TIMESTAMP NOT NULL, run VARCHAR NOT NULL, code_version VARCHAR NOT NULL,
            timezone VARCHAR NOT NULL, rows_hash VARCHAR NOT NULL, is_invented BOOLEAN NOT NULL,
            has_text BOOLEAN NOT NULL
        );
        COMMENT ON TABLE snapshot_info IS 'One row says where this snapshot comes from';
        COMMENT ON COLUMN snapshot_info.as_of_at IS 'Time of the run that published it, UTC';
        COMMENT ON COLUMN snapshot_info.run IS 'Run that published it';
        COMMENT ON COLUMN snapshot_info.code_version IS 'Version of the tracker';
        COMMENT ON COLUMN snapshot_info.timezone IS 'Time zone in which days are counted';
        COMMENT ON COLUMN snapshot_info.rows_hash IS 'Hash over the rows that runs leave: the same rows, the same hash';
        COMMENT ON COLUMN snapshot_info.is_invented IS 'Whether the articles are an invented demonstration';
        COMMENT ON COLUMN snapshot_info.has_text IS 'Whether texts are in it; [publish] text = false leaves them out';
        CREATE TABLE snapshot_scorers (
            scorer VARCHAR NOT NULL, scorer_version VARCHAR NOT NULL, is_default BOOLEAN NOT NULL
        );
        COMMENT ON TABLE snapshot_scorers IS 'One row is a scorer whose rows the views show';
        COMMENT ON COLUMN snapshot_scorers.scorer IS 'Name of the scorer';
        COMMENT ON COLUMN snapshot_scorers.scorer_version IS 'Its version';
        COMMENT ON COLUMN snapshot_scorers.is_default IS 'Whether it is the default scorer of sentiment';
        """
    )
    copy.execute(
        "INSERT INTO snapshot_info VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            naive(provenance.as_of),
            provenance.run,
            provenance.code_version,
            provenance.timezone,
            rows,
            provenance.is_invented,
            provenance.has_text,
        ],
    )
    for info in provenance.scorers:
        copy.execute(
            "INSERT INTO snapshot_scorers VALUES (?, ?, ?)",
            [info.scorer, info.version, info.scorer == provenance.default_scorer],
        )
    for script in view_scripts():
        copy.execute(script)
    _inherit_comments(copy)
    days.sum_days(copy, has_before=has_before)
    for name, figure in figures(copy):
        copy.register("incoming", figure.table)
        copy.execute(f"CREATE TABLE {name} AS SELECT * FROM incoming")  # noqa: S608 - names are constants of report
        copy.unregister("incoming")
        _comment(copy, name, figure)


def _inherit_comments(copy: duckdb.DuckDBPyConnection) -> None:
    """Give the columns that a view passes on the comments that they have in ``articles`` or ``matches``."""
    found = copy.execute(
        """
        SELECT c.table_name, c.column_name, min_by(k.comment, k.table_name)
        FROM duckdb_columns() c JOIN duckdb_columns() k
            ON k.column_name = c.column_name AND k.table_name IN ('articles', 'matches') AND k.comment IS NOT NULL
        WHERE c.schema_name = 'main' AND c.table_name IN ('coverage', 'own_work') AND c.comment IS NULL
        GROUP BY ALL
        """
    ).fetchall()
    for view, column, text in found:
        copy.execute(f"COMMENT ON COLUMN {view}.{column} IS {_quoted(text)}")


def _quoted(text: str) -> str:
    """Quote a constant text: COMMENT ON takes no parameters."""
    return "'" + text.replace("'", "''") + "'"


def _comment(copy: duckdb.DuckDBPyConnection, name: str, figure: Figure) -> None:
    copy.execute(f"COMMENT ON TABLE {name} IS {_quoted(figure.comment)}")
    for column, text in figure.columns.items():
        copy.execute(f"COMMENT ON COLUMN {name}.{column} IS {_quoted(text)}")


def view_scripts() -> tuple[str, ...]:
    """Return the SQL of the views, in order."""
    folder = files("tracker.store") / "views"
    scripts = sorted((item for item in folder.iterdir() if item.name.endswith(".sql")), key=lambda item: item.name)
    return tuple(script.read_text(encoding="utf-8") for script in scripts)


def rows_hash(connection: duckdb.DuckDBPyConnection) -> str:
    """Return a hash over the rows that runs leave, whatever their order: a sum of row hashes per table."""
    digest = hashlib.sha256()
    for table in HASHED:
        row = connection.execute(f"SELECT count(*), sum(hash(t)) FROM {table} t").fetchone()  # noqa: S608
        digest.update(f"{table}:{row}".encode())
    return digest.hexdigest()


def _sync(path: Path) -> None:
    """Make a file, or the names in a directory, outlast a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _point(link: Path, target: Path) -> None:
    fresh = link.with_name(f".{link.name}-{os.getpid()}")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(os.path.relpath(target, link.parent))
    fresh.replace(link)
    _sync(link.parent)
