"""Vectors on disk, by the hash of what they are of: a text is embedded once on a machine."""

from __future__ import annotations

import hashlib
import logging
import os
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np

from tracker.score.embeddings import Floats

MAX_VECTORS = 100_000  # about 200 MB; past it the oldest are forgotten
CHUNK = 500  # keys in one query; SQLite takes some thousands of parameters
WAIT = 30.0  # seconds for another process that writes
_log = logging.getLogger(__name__)


class VectorCache:
    """A bounded SQLite file of vectors. Several processes may share it."""

    def __init__(self, path: Path | None, limit: int = MAX_VECTORS) -> None:
        """Take the file, made on first use, and how many vectors it may hold; without a file nothing is kept."""
        self._path = path
        self._limit = limit

    def get(self, texts: Sequence[str], width: int, compute: Callable[[Sequence[str]], Floats]) -> Floats:
        """Return a row for each text, ``width`` numbers wide; ``compute`` gives those that are not there yet."""
        keys = [hashlib.sha256(f"{width}\0{text}".encode("utf-8", "surrogatepass")).digest() for text in texts]
        known = self._read(keys)
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        waiting = sorted(missing, key=lambda key: len(missing[key]))  # texts of like length are computed together
        for first in range(0, len(waiting), CHUNK):
            some = waiting[first : first + CHUNK]
            new = dict(zip(some, compute([missing[key] for key in some]), strict=True))
            self._write(new)  # each part as it is done: a run that is stopped begins where it was
            known |= new
            if len(waiting) > CHUNK:
                _log.info("%d of %d texts embedded", first + len(some), len(waiting))
        return np.array([known[key] for key in keys], dtype=np.float32).reshape(len(keys), width)

    def _read(self, keys: Sequence[bytes]) -> dict[bytes, Floats]:
        found: dict[bytes, Floats] = {}
        if self._path is None or not self._path.exists():
            return found
        try:
            with closing(self._open(self._path)) as connection:
                for first in range(0, len(keys), CHUNK):
                    chunk = keys[first : first + CHUNK]
                    marks = ",".join("?" * len(chunk))
                    rows = connection.execute(f"SELECT key, vector FROM vectors WHERE key IN ({marks})", chunk)  # noqa: S608 - question marks
                    found |= {key: np.frombuffer(vector, dtype=np.float32) for key, vector in rows}
        except (sqlite3.Error, OSError) as error:
            self._give_up(error)
        return found

    def _write(self, vectors: dict[bytes, Floats]) -> None:
        if self._path is None:
            return
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with closing(self._open(self._path)) as connection, connection:
                rows = [(key, np.asarray(vector, dtype=np.float32).tobytes()) for key, vector in vectors.items()]
                connection.executemany("INSERT OR IGNORE INTO vectors (key, vector) VALUES (?, ?)", rows)
                connection.execute("DELETE FROM vectors WHERE id <= (SELECT max(id) FROM vectors) - ?", (self._limit,))
        except (sqlite3.Error, OSError) as error:
            self._give_up(error)

    def _give_up(self, error: Exception) -> None:
        """Go on without the cache: scores are the same, only slower."""
        _log.warning("%s: %s; going on without the cache of vectors", self._path, error)
        self._path = None

    @staticmethod
    def _open(path: Path) -> sqlite3.Connection:
        connection = sqlite3.connect(path, timeout=WAIT)
        connection.execute(
            "CREATE TABLE IF NOT EXISTS vectors "
            "(id INTEGER PRIMARY KEY, key BLOB UNIQUE NOT NULL, vector BLOB NOT NULL)"
        )
        return connection


def cache_file(model_hash: str) -> Path | None:
    """Return where vectors of a model are kept: in the user's cache folder; None where they have no home."""
    folder = os.environ.get("XDG_CACHE_HOME")
    try:
        base = Path(folder) if folder else Path.home() / ".cache"
    except RuntimeError:
        return None
    return base / "coverage-tracker" / f"minilm-{model_hash[:12]}.sqlite"
