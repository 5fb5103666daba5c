"""Runs of ``tracker nightly`` in processes of their own, to be killed, and what they leave, table by table."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from pipelines.demo_site import DemoSite
from tracker.archive import payload_digest, read_page
from tracker.store.writer import Store

# Small batches give a kill many moments between two transactions.
PROGRAM = """
from pipelines.steps import judge, poll, read
judge.BATCH, poll.BATCH, read.BATCH = 7, 3, 5
from pipelines.cli import main
main()
"""
# Not compared: what says when and how often one ran, not what one found.
TABLES_LEFT_OUT = frozenset({"main.runs", "main.fetches", "main.schema_version"})
COLUMNS_LEFT_OUT = {
    # a second poll of the same night is answered with 304, and the next is due at a time drawn by chance
    "main.feeds": {"last_outcome", "last_status", "n_failures", "next_poll_at"},
    "internal.feed_state": {"last_outcome", "last_status", "n_failures", "next_poll_at"},
    "main.gaps": {"detail"},  # words that name the time of the next poll
}


def start(home: Path, site: DemoSite, now: datetime, *, only: tuple[str, ...]) -> subprocess.Popen[bytes]:
    """Start one night's run."""
    site.set_now(now)
    environment = {k: v for k, v in os.environ.items() if k.lower() not in {"no_proxy", "all_proxy"}}
    environment |= dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"), site.proxy_url)
    outlets = [part for outlet in only for part in ("--only", outlet)]
    arguments = ["--home", str(home), "-q", "nightly", "--all-entries", "--now", now.isoformat(), *outlets]
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *arguments],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


def finish(process: subprocess.Popen[bytes]) -> None:
    """Wait for a run that must end by itself."""
    _, said = process.communicate(timeout=120)
    assert process.returncode in {0, 1}, said.decode()
    assert b"Traceback" not in said, said.decode()


def until_begun(process: subprocess.Popen[bytes], home: Path) -> None:
    """Wait until a run that was just started writes, or has ended; what a killed one left is no sign of it."""
    log = home / "state" / "master.duckdb.wal"
    left = log.stat().st_mtime_ns if log.exists() else None
    deadline = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < deadline:
        with suppress(FileNotFoundError):
            if log.stat().st_mtime_ns != left:
                return
        time.sleep(0.005)


def kill_after(process: subprocess.Popen[bytes], home: Path, seconds: float) -> bool:
    """Send SIGKILL ``seconds`` after the run began to write; return whether it was still under way."""
    until_begun(process, home)
    time.sleep(seconds)
    was_running = process.poll() is None
    process.kill()
    process.communicate(timeout=60)
    return was_running


def rows_left(home: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return the compared columns of every table of a home's database, rows in order of their values."""
    with Store(home / "state" / "master.duckdb") as store:
        tables = store.db.connection.execute(
            "SELECT schema_name || '.' || table_name, list(column_name ORDER BY column_index) FROM duckdb_columns() "
            "WHERE NOT internal AND (database_name, schema_name, table_name) IN "
            "(SELECT (database_name, schema_name, table_name) FROM duckdb_tables() WHERE NOT temporary) GROUP BY ALL"
        ).fetchall()
        left = {}
        for table, columns in sorted(tables):
            if table not in TABLES_LEFT_OUT:
                kept = ", ".join(f'"{c}"' for c in columns if c not in COLUMNS_LEFT_OUT.get(table, ()))
                query = f"SELECT {kept} FROM {table} ORDER BY ALL"  # noqa: S608 - names from the catalogue
                left[table] = store.db.connection.execute(query).fetchall()
        return left


def differences(one: Path, other: Path) -> list[str]:
    """Say, table by table, where two homes hold other rows."""
    left, right = rows_left(one), rows_left(other)
    said = [f"{table}: in one only" for table in sorted(left.keys() ^ right.keys())]
    for table in sorted(left.keys() & right.keys()):
        missing = [row for row in left[table] if row not in right[table]]
        added = [row for row in right[table] if row not in left[table]]
        if missing or added or len(left[table]) != len(right[table]):
            said.append(f"{table}: {len(left[table])} and {len(right[table])} rows; {missing[:2]} != {added[:2]}")
    return said


_ON_TOPIC = "SELECT r.article, r.revision FROM revisions r JOIN matches m ON m.article = r.article AND m.is_on_topic"
# Each phase with a question that finds what it has left to do; the first that finds something is where a run stood.
_PHASES = (
    ("polling", "SELECT 1 WHERE NOT EXISTS (FROM entries)"),
    ("reading", "FROM entries WHERE status = 'pending'"),
    ("matching", "FROM internal.latest l ANTI JOIN matches m ON m.article = l.article AND m.revision = l.revision"),
    ("clustering", "FROM internal.latest l ANTI JOIN internal.fingerprints f USING (article, revision)"),
    ("scoring", f"FROM ({_ON_TOPIC}) o ANTI JOIN scored s ON s.article = o.article AND s.revision = o.revision"),
    ("ending", "FROM (FROM runs ORDER BY started_at DESC LIMIT 1) WHERE ended_at IS NULL"),
)


def phase(home: Path) -> str:
    """Say how far a killed run came, from what it left to do."""
    with Store(home / "state" / "master.duckdb") as store:
        return next((name for name, left in _PHASES if store.db.connection.execute(left).fetchone()), "publishing")


def unreadable_pages(home: Path) -> list[str]:
    """Return the digests of revisions whose page the archive does not give back."""
    with Store(home / "state" / "master.duckdb") as store:
        rows = store.db.connection.execute(
            "SELECT r.payload_digest, f.warc_file, f.warc_offset FROM revisions r LEFT JOIN fetches f "
            "ON f.payload_digest = r.payload_digest AND f.warc_file IS NOT NULL"
        ).fetchall()
    return [
        digest
        for digest, file, offset in rows
        if file is None or payload_digest(read_page(home / "archive", file, offset).body) != digest
    ]
