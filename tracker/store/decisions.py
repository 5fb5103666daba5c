"""What people decided: ``state/decisions.jsonl``, one JSON object a line, only ever appended to.

It outlives the database: every run applies it anew, so no rerun, changed topic or better scorer undoes a
person's word. The latest line on a topic and article holds, of codings the latest of each coder and variable.
Anyone may append while a run is under way: an OS lock keeps lines whole. A line that cannot be read is
reported and costs itself alone.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

from filelock import FileLock, Timeout
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from tracker.errors import LockedError, StoreError
from tracker.model import Coding, CodingSpan, MatchDecision, Part, SampledText

FILE = Path("state", "decisions.jsonl")
LOCK_SECONDS = 10.0  # appending takes milliseconds: longer means that something is stuck
MAX_NOTE_CHARS = 2_000  # a remark; an essay belongs elsewhere
MAX_NAME_CHARS = 100


Decision: TypeAlias = MatchDecision | Coding | SampledText

Name = Annotated[str, Field(min_length=1, max_length=MAX_NAME_CHARS)]
Moment = Annotated[AwareDatetime, AfterValidator(lambda moment: moment.astimezone(UTC))]
Count = Annotated[int, Field(ge=1)]


class _Line(BaseModel):
    """Any line: kinds that are not known belong to others."""

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True)

    kind: str
    topic: Name
    article: Name
    at: Moment


class _MatchLine(_Line):
    """A decision whether an article is on a topic."""

    kind: Literal["match"] = "match"
    is_on_topic: Annotated[bool | None, Field(strict=True)]
    by: Name
    note: Annotated[str, Field(max_length=MAX_NOTE_CHARS)] = ""

    def value(self) -> MatchDecision:
        return MatchDecision(**self.model_dump(exclude={"kind"}))


class _Span(BaseModel):
    variable: Name
    part: Part
    start: Annotated[int, Field(ge=0)]
    end: Count


class _CodingLine(_Line):
    """What one person coded of one version of an article."""

    kind: Literal["coding"] = "coding"
    revision: Count
    coder: Name
    codes: Annotated[dict[Name, Name], Field(min_length=1)]
    spans: list[_Span] = []
    is_final: bool = False

    def value(self) -> Coding:
        values = self.model_dump(exclude={"kind", "codes", "spans"})
        spans = tuple(CodingSpan(**span.model_dump()) for span in self.spans)
        return Coding(**values, codes=tuple(self.codes.items()), spans=spans)


class _SampleLine(_Line):
    """An article drawn to be coded."""

    kind: Literal["sample"] = "sample"
    sample: Name
    revision: Count
    stratum: Name
    n_stratum: Count
    n_drawn: Count
    position: Annotated[int, Field(ge=0)]

    def value(self) -> SampledText:
        return SampledText(**self.model_dump(exclude={"kind"}))


_KINDS: Mapping[str, type[_MatchLine | _CodingLine | _SampleLine]] = {
    "match": _MatchLine,
    "coding": _CodingLine,
    "sample": _SampleLine,
}
_OBJECT = TypeAdapter(dict[str, object])


@dataclass(frozen=True, slots=True, kw_only=True)
class Decisions:
    """What the file holds. ``matches`` and ``codings`` are those in force, in order of topic and article."""

    matches: tuple[MatchDecision, ...] = ()
    codings: tuple[Coding, ...] = ()  # one for each topic, article, coder, and whether it settles
    samples: tuple[SampledText, ...] = ()  # as drawn
    problems: tuple[str, ...] = ()  # lines that cannot be read, each with its place and what is wrong


def append_decision(home: Path, decision: Decision) -> None:
    """Add a decision to the end of ``home``'s file, on disk when this returns; see ``append_decisions``."""
    append_decisions(home, (decision,))


def append_decisions(home: Path, decisions: Sequence[Decision]) -> None:
    """Add decisions to the end of ``home``'s file, together and on disk when this returns.

    Raises StoreError where one could not be read back or the file cannot be written, LockedError where
    another writer does not let go; then none was added.
    """
    path = home / FILE
    try:
        lines = [json.dumps(_line(one), ensure_ascii=False) for one in decisions]
    except ValidationError as error:
        raise StoreError(f"no decision that could be kept: {_what(error)}") from error
    if not lines:
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(path.with_suffix(".lock"), timeout=LOCK_SECONDS):
            _append_lines(path, lines)
    except Timeout as error:
        raise LockedError(f"{path}: somebody else has been writing for {LOCK_SECONDS:g} s: try again") from error
    except OSError as error:
        raise StoreError(f"{path}: cannot be written: {error}") from error


def _line(one: Decision) -> dict[str, object]:
    values = {name: getattr(one, name) for name in one.__dataclass_fields__}
    if isinstance(one, MatchDecision):
        return _MatchLine(**values).model_dump(mode="json")
    if isinstance(one, SampledText):
        return _SampleLine(**values).model_dump(mode="json")
    spans = [_Span(variable=span.variable, part=span.part, start=span.start, end=span.end) for span in one.spans]
    return _CodingLine(**values | {"codes": dict(one.codes), "spans": spans}).model_dump(mode="json")


def read_decisions(home: Path) -> Decisions:
    """Return the decisions in force and the lines that cannot be read; none of either where there is no file."""
    path = home / FILE
    try:
        lines = path.read_bytes().splitlines()
    except FileNotFoundError:
        return Decisions()
    except OSError as error:
        raise StoreError(f"{path}: cannot be read: {error}") from error
    problems: list[str] = []
    matches: dict[tuple[str, str], MatchDecision] = {}
    codings: dict[tuple[str, str, str, bool], Coding] = {}
    samples: list[SampledText] = []
    for one in _parsed(path, lines, problems):
        if isinstance(one, MatchDecision):
            matches[one.topic, one.article] = one
        elif isinstance(one, SampledText):
            samples.append(one)
        else:
            key = one.topic, one.article, one.coder, one.is_final
            codings[key] = _merged(codings.get(key), one)
    return Decisions(
        matches=tuple(matches[key] for key in sorted(matches)),
        codings=tuple(codings[key] for key in sorted(codings)),
        samples=tuple(samples),
        problems=tuple(problems),
    )


def _merged(before: Coding | None, later: Coding) -> Coding:
    """Return a coder's word on one article: the later code of each variable, and the spans marked with it.

    What was said of another version says nothing of this one.
    """
    if before is None or before.revision != later.revision:
        return later
    said = {variable for variable, _ in later.codes}
    kept = tuple(span for span in before.spans if span.variable not in said)
    return replace(later, codes=tuple((dict(before.codes) | dict(later.codes)).items()), spans=kept + later.spans)


def _append_lines(path: Path, lines: Sequence[str]) -> None:
    with path.open("ab+") as file:
        if file.tell():
            file.seek(-1, os.SEEK_END)
            if file.read(1) != b"\n":  # a write that a power cut tore must not take the next line with it
                file.write(b"\n")
        file.write("".join(f"{line}\n" for line in lines).encode())
        file.flush()
        os.fsync(file.fileno())


def _parsed(path: Path, lines: Iterable[bytes], problems: list[str]) -> Iterator[Decision]:
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            kind = _KINDS.get(str(_OBJECT.validate_json(line).get("kind", "match")))
            if kind:
                yield kind.model_validate_json(line).value()
        except ValidationError as error:
            problems.append(f"{path}:{number}: left out: {_what(error)}")


def _what(error: ValidationError) -> str:
    return "; ".join(f"{'.'.join(map(str, one['loc'])) or 'line'}: {one['msg']}" for one in error.errors())
