"""What people decided: ``state/decisions.jsonl``, one JSON object a line, only ever appended to.

It outlives the database: every run applies it anew, so no rerun, changed topic or better scorer undoes a
person's word. The latest line on a topic and article holds. Anyone may append while a run is under way: an
OS lock keeps lines whole. A line that cannot be read is reported and costs itself alone.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from typing import Annotated, Literal

from filelock import FileLock, Timeout
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from tracker.errors import LockedError, StoreError
from tracker.model import MatchDecision

FILE = Path("state", "decisions.jsonl")
LOCK_SECONDS = 10.0  # appending takes milliseconds: longer means that something is stuck
MAX_NOTE_CHARS = 2_000  # a remark; an essay belongs elsewhere
MAX_NAME_CHARS = 100


class _Line(BaseModel):
    """Any line: other kinds than ``match`` belong to others."""

    model_config = ConfigDict(extra="ignore")

    kind: str


class _MatchLine(BaseModel):
    """A decision whether an article is on a topic."""

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True)

    kind: Literal["match"] = "match"
    topic: Annotated[str, Field(min_length=1, max_length=MAX_NAME_CHARS)]
    article: Annotated[str, Field(min_length=1, max_length=MAX_NAME_CHARS)]
    is_on_topic: Annotated[bool | None, Field(strict=True)]
    by: Annotated[str, Field(min_length=1, max_length=MAX_NAME_CHARS)]
    at: Annotated[AwareDatetime, AfterValidator(lambda moment: moment.astimezone(UTC))]
    note: Annotated[str, Field(max_length=MAX_NOTE_CHARS)] = ""

    def value(self) -> MatchDecision:
        return MatchDecision(**self.model_dump(exclude={"kind"}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Decisions:
    """What the file holds: ``matches`` are the decisions in force, in order of topic and article."""

    matches: tuple[MatchDecision, ...]
    problems: tuple[str, ...]  # lines that cannot be read, each with its place and what is wrong


def append_decision(home: Path, decision: MatchDecision) -> None:
    """Add a decision to the end of ``home``'s file, on disk when this returns.

    Raises StoreError where the decision is not one that could be read back or the file cannot be written,
    LockedError where another writer does not let go.
    """
    path = home / FILE
    try:
        line = _MatchLine(
            topic=decision.topic,
            article=decision.article,
            is_on_topic=decision.is_on_topic,
            by=decision.by,
            at=decision.at,
            note=decision.note,
        ).model_dump(mode="json")
    except ValidationError as error:
        raise StoreError(f"no decision that could be kept: {_what(error)}") from error
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(path.with_suffix(".lock"), timeout=LOCK_SECONDS):
            _append_line(path, json.dumps(line, ensure_ascii=False))
    except Timeout as error:
        raise LockedError(f"{path}: somebody else has been writing for {LOCK_SECONDS:g} s: try again") from error
    except OSError as error:
        raise StoreError(f"{path}: cannot be written: {error}") from error


def read_decisions(home: Path) -> Decisions:
    """Return the decisions in force and the lines that cannot be read; none of either where there is no file."""
    path = home / FILE
    try:
        lines = path.read_bytes().splitlines()
    except FileNotFoundError:
        return Decisions(matches=(), problems=())
    except OSError as error:
        raise StoreError(f"{path}: cannot be read: {error}") from error
    problems: list[str] = []
    latest = {(one.topic, one.article): one for one in _parsed(path, lines, problems)}
    return Decisions(matches=tuple(latest[key] for key in sorted(latest)), problems=tuple(problems))


def _append_line(path: Path, line: str) -> None:
    with path.open("ab+") as file:
        if file.tell():
            file.seek(-1, os.SEEK_END)
            if file.read(1) != b"\n":  # a write that a power cut tore must not take the next line with it
                file.write(b"\n")
        file.write(line.encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())


def _parsed(path: Path, lines: Iterable[bytes], problems: list[str]) -> Iterator[MatchDecision]:
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            if _Line.model_validate_json(line).kind == "match":
                yield _MatchLine.model_validate_json(line).value()
        except ValidationError as error:
            problems.append(f"{path}:{number}: left out: {_what(error)}")


def _what(error: ValidationError) -> str:
    return "; ".join(f"{'.'.join(map(str, one['loc'])) or 'line'}: {one['msg']}" for one in error.errors())
