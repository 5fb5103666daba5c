"""Write a WARC file of the archive anew without some of its pages, to the byte as they were for the others."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fastwarc import ArchiveIterator, WarcRecordType

from tracker.errors import ArchiveError

_SUFFIX: Final = re.compile(r"(?:\.(\d+))?\.warc\.gz$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Thinned:
    """A file that took another's place; ``name`` is None where no page was left for it."""

    name: str | None
    offsets: Mapping[int, int]  # of each page that stays: before, now
    n_bytes_freed: int


def thin(directory: Path, name: str, *, keep: Collection[int], drop: Collection[int]) -> Thinned:
    """Write the file's successor beside it, without the pages at the offsets ``drop``; the file itself stays.

    A page goes with its request. Records that are in neither set, such as those that a killed run wrote and nobody
    knows of, go too. The successor's name follows from the file's, so that a repetition after a kill writes the same
    file. Raises ArchiveError, with nothing written, where a page of either set is not found: the file is damaged.
    """
    path = directory / name
    try:
        starts = _responses(path)
        size = path.stat().st_size
    except (OSError, ValueError) as error:
        raise ArchiveError(f"cannot read {path}: {error}") from error
    if missing := sorted({*keep, *drop} - set(starts)):
        raise ArchiveError(f"{path} is damaged: no page at {missing[0]}, where one was written")
    if not keep:
        return Thinned(name=None, offsets={}, n_bytes_freed=size)
    ends = dict(zip(starts, [*starts[1:], size], strict=True))
    successor = _successor(name)
    draft = (directory / successor).with_name(f".{Path(successor).name}.new")
    offsets = {}
    try:
        with path.open("rb") as old, draft.open("wb") as new:
            new.write(old.read(starts[0]))  # what the file says of itself
            for start in sorted(keep):
                offsets[start] = new.tell()
                old.seek(start)
                new.write(old.read(ends[start] - start))
            new.flush()
            os.fsync(new.fileno())
            freed = size - new.tell()
        draft.replace(directory / successor)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise ArchiveError(f"cannot write {directory / successor}: {error}; make room or check the disk") from error
    return Thinned(name=successor, offsets=offsets, n_bytes_freed=freed)


def _responses(path: Path) -> list[int]:
    """Return where the file's responses begin."""
    with path.open("rb") as file:
        records = ArchiveIterator(file, record_types=WarcRecordType.response, parse_http=False)
        return [record.stream_pos for record in records]


def _successor(name: str) -> str:
    """Return the name of a file's next writing: ``x.warc.gz``, ``x.2.warc.gz``, ``x.3.warc.gz``."""
    return _SUFFIX.sub(lambda found: f".{int(found[1] or 1) + 1}.warc.gz", name)
