"""Texts and pages as people and programs hand them in: JSON lines, plain texts, HTML files, gzipped or not."""

from __future__ import annotations

import codecs
import gzip
import io
import sys
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, BinaryIO, Generic, Self, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, ValidationError, model_validator

from pipelines.progress import Progress
from tracker.errors import DataError

GZIP_MAGIC = b"\x1f\x8b"  # RFC 1952, 2.3.1
MAX_PAGE_BYTES = 50_000_000  # unpacked: longer is no article but a gzip bomb


class GivenTarget(BaseModel):
    """A target mention, as given."""

    model_config = ConfigDict(extra="ignore")

    id: str | int
    start: int
    end: int


class TextRow(BaseModel):
    """A line of JSON lines, as given."""

    model_config = ConfigDict(extra="ignore")

    id: str | int
    text: str
    title: str | None = None


class TextToScore(TextRow):
    """A text to be scored; ``targets`` are spans of ``text``."""

    language: str | None = None
    targets: list[GivenTarget] | None = None

    @model_validator(mode="after")
    def _spans_lie_in_the_text(self) -> Self:
        for one in self.targets or ():
            if not 0 <= one.start < one.end <= len(self.text):
                span = f"{one.start} to {one.end}"
                raise ValueError(f"target {one.id}: {span} is no span of a text of {len(self.text)} characters")
        return self


class TextToCluster(TextRow):
    """A text to be placed among others; a time without a zone is UTC."""

    outlet: str | None = None
    published_at: Annotated[
        datetime | None,
        BeforeValidator(lambda given: given or None),
        AfterValidator(lambda moment: moment.replace(tzinfo=UTC) if moment and moment.tzinfo is None else moment),
    ] = None


_R = TypeVar("_R", bound=TextRow)


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """An input that could not be read, and why."""

    where: str
    what: str


class Readable(Generic[_R]):
    """The rows that could be read, in order; says what could not, and remembers that there was such."""

    def __init__(self, rows: Iterable[_R | Problem], progress: Progress) -> None:
        self._rows = rows
        self._progress = progress
        self.is_well = True

    def __iter__(self) -> Iterator[_R]:
        for row in self._rows:
            if isinstance(row, Problem):
                self._progress.warn(f"{row.where}: {row.what}")
                self.is_well = False
            else:
                yield row


def read_rows(files: Sequence[str], model: type[_R]) -> Iterator[_R | Problem]:
    """Read JSON lines from ``.jsonl`` files and stdin; any other file is one plain text, whole as it stands.

    Either may be gzipped under a name that ends in ``.gz``.
    """
    if not files:
        yield from _json_lines(sys.stdin.buffer, "stdin", model)
    for path in files:
        try:
            with gzip.open(path) if path.endswith(".gz") else Path(path).open("rb") as file:
                if path.removesuffix(".gz").endswith(".jsonl"):
                    yield from _json_lines(file, path, model)
                else:
                    yield model(id=path, text=file.read().decode())
        except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
            yield Problem(where=path, what=f"cannot be read: {error}")


def _json_lines(lines: BinaryIO | gzip.GzipFile, name: str, model: type[_R]) -> Iterator[_R | Problem]:
    for number, line in enumerate(lines, start=1):
        text = line.removeprefix(codecs.BOM_UTF8) if number == 1 else line
        if not text.strip():
            continue
        try:
            yield model.model_validate_json(text)
        except ValidationError as error:
            what = "; ".join(f"{'.'.join(map(str, e['loc'])) or 'line'}: {e['msg']}" for e in error.errors())
            yield Problem(where=f"{name}:{number}", what=what)


def page_bytes(path: str) -> bytes:
    """Return a page's bytes, unpacked where gzipped. Raises OSError, EOFError, zlib.error or DataError."""
    data = Path(path).read_bytes()
    if not data.startswith(GZIP_MAGIC):
        return data
    with gzip.GzipFile(fileobj=io.BytesIO(data)) as packed:
        body = packed.read(MAX_PAGE_BYTES + 1)
    if len(body) > MAX_PAGE_BYTES:
        raise DataError(f"more than {MAX_PAGE_BYTES // 1_000_000} MB unpacked: no page is that long")
    return body
