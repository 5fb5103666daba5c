"""JSON lines of labelled data, plain or gzipped, as checked rows: what the evaluations read."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import cast

from tracker.errors import DataError


def read_rows(path: Path) -> Iterator[tuple[str, Mapping[str, object]]]:
    """Yield ``(where, row)`` for every line; ``where`` names it in messages. Raises DataError."""
    opener = gzip.open if path.suffix == ".gz" else open
    try:
        with opener(path, "rt", encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    yield f"{path}, line {number}", _row(line, f"{path}, line {number}")
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise DataError(f"{path} cannot be read ({error}); give JSON lines, plain or gzipped") from error


def text_of(row: Mapping[str, object], key: str, where: str) -> str:
    """Return a required text. Raises DataError where it is missing or something else."""
    value = row.get(key)
    if not isinstance(value, str):
        raise DataError(f"{where}: {key!r} must be a text, not {value!r}")
    return value


def _row(line: str, where: str) -> Mapping[str, object]:
    try:
        row: object = json.loads(line)
    except ValueError as error:
        raise DataError(f"{where} is not JSON ({error})") from error
    if not isinstance(row, dict):
        raise DataError(f"{where}: expected an object, not {type(row).__name__}")
    return cast("Mapping[str, object]", row)
