"""From what a parser or pydantic says to one ``ConfigError`` that names file, line, key and a suggestion."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from tracker.config.lines import Location, find_line
from tracker.errors import ConfigError

SIMILAR = 0.6  # difflib's own default for what a reader takes for the same word
MAX_SHOWN = 20  # problems listed in one message; more are counted
MAX_VALUE_CHARS = 60  # of a wrong value that is repeated in the message
MAX_FILE_BYTES = 5_000_000  # a file written by people; 40 outlets are 20 kB


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is wrong with a file: where, and in words."""

    location: Location
    message: str
    value: object = None


def read_toml(path: Path) -> tuple[dict[str, Any], str]:
    """Return a TOML file's values and its text.

    Raises ``ConfigError`` where it is missing, too large, not UTF-8 or not TOML.
    """
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise ConfigError(f"{path}: larger than {MAX_FILE_BYTES} bytes; is this the right file?")
        text = path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        raise ConfigError(f"{path}: there is no such file; `tracker init` writes one") from None
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: not UTF-8 at byte {error.start}; save it as UTF-8") from error
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror or error}") from error
    try:
        return tomllib.loads(text), text.replace("\r\n", "\n")
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ConfigError(f"{_place(path, _line_of(str(error), text))}: not valid TOML: {error}") from error


def config_error(path: Path, text: str, problems: Iterable[Problem]) -> ConfigError:
    """Return one error that lists every problem of a file by line."""
    found = sorted({(find_line(text, p.location, p.value), _dotted(p.location), p.message) for p in problems})
    shown = [f"{_place(path, line)}: {f'{key}: ' if key else ''}{message}" for line, key, message in found[:MAX_SHOWN]]
    if len(found) > MAX_SHOWN:
        shown.append(f"… and {len(found) - MAX_SHOWN} more")
    return ConfigError("\n".join(shown))


def problems_of(error: ValidationError, model: type[BaseModel]) -> tuple[Problem, ...]:
    """Return pydantic's findings as problems with a suggestion where a known name is close."""
    return tuple(
        Problem(location=details["loc"], message=_message(details, model), value=details["input"])
        for details in error.errors(include_url=False)
    )


def suggestion(word: object, known: Sequence[str]) -> str:
    """Return ``; did you mean 'x'?`` for a near miss, else ``; known are …``, else nothing."""
    close = get_close_matches(str(word), known, n=1, cutoff=SIMILAR)
    if close:
        return f"; did you mean {close[0]!r}?"
    return f"; known are {', '.join(known)}" if known else ""


def duplicates(names: Iterable[tuple[str, Location]], what: str) -> tuple[Problem, ...]:
    """Return a problem for every name that was used before; ``what`` says what the names are."""
    seen: set[str] = set()
    problems: list[Problem] = []
    for name, location in names:
        if name in seen:
            message = f"{what} {name!r} is used twice; give each its own"
            problems.append(Problem(location=location, message=message, value=name))
        seen.add(name)
    return tuple(problems)


def _message(details: ErrorDetails, model: type[BaseModel]) -> str:
    location, value, kind = details["loc"], details["input"], details["type"]
    if kind == "extra_forbidden":
        return f"unknown key{suggestion(location[-1], known_keys(model, location[:-1]))}"
    if kind == "missing":
        return "this key is required"
    shown = repr(value)
    if len(shown) > MAX_VALUE_CHARS:
        shown = f"{shown[:MAX_VALUE_CHARS]}…"
    expected = re.findall(r"'([^']*)'", str(details.get("ctx", {}).get("expected", "")))
    if expected:
        return f"{shown} is not one of its values{suggestion(value, expected)}"
    said = details["msg"].removeprefix("Value error, ")
    return f"{said[:1].lower()}{said[1:]} (got {shown})"


def known_keys(model: type[BaseModel], location: Location) -> tuple[str, ...]:
    """Return the keys that the model has at a location, following lists and tables."""
    for part in location:
        if isinstance(part, str) and part in model.model_fields:
            inner = _inner_model(model.model_fields[part].annotation)
            if inner is None:
                return ()
            model = inner
    return tuple(model.model_fields)


def _inner_model(annotation: object) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for arg in get_args(annotation) if (found := _inner_model(arg))), None)


def _dotted(location: Location) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location).lstrip(".")


def _place(path: Path, line: int | None) -> str:
    return f"{path}:{line}" if line else str(path)


def _line_of(message: str, text: str) -> int | None:
    found = re.search(r"at line (\d+)", message)
    if found:
        return int(found[1])
    return text.count("\n") + 1 if "end of document" in message else None
