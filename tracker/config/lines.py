"""Where in a TOML file (https://toml.io/en/v1.0.0) a key stands, so that an error can name the line.

The standard library's parser keeps no positions and tomlkit's are private, so this reads a file that the
parser has already accepted once more, for its statements alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

Location = tuple[str | int, ...]

_TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?"""|\'\'\'.*?\'\'\'|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'|#[^\n]*|[\[\]{}]|\n|[^"\'#\[\]{}\n]+|.',
    re.DOTALL,
)
_KEY_PART = r"""[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*'"""
_KEY = re.compile(rf"\s*((?:{_KEY_PART})(?:\s*\.\s*(?:{_KEY_PART}))*)\s*=")
_PART = re.compile(_KEY_PART)


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A table header or a ``key = value``, with its text as written and its first line, from 1."""

    line: int
    text: str

    @property
    def key(self) -> str | None:
        """The key that it sets, as written, or None for headers, comments and blank lines."""
        found = _KEY.match(self.text)
        return found[1] if found else None


def statements(text: str) -> Iterator[Statement]:
    """Yield a valid TOML file's statements in order; their texts joined are the file."""
    line = start = 1
    depth = 0
    pieces: list[str] = []
    for piece in _TOKEN.findall(text):
        pieces.append(piece)
        line += piece.count("\n")
        depth += (piece in {"[", "{"}) - (piece in {"]", "}"})
        if piece == "\n" and depth == 0:
            yield Statement(line=start, text="".join(pieces))
            pieces, start = [], line
    if pieces:
        yield Statement(line=start, text="".join(pieces))


def find_line(text: str, location: Location, value: object = None) -> int:
    """Return the line, from 1, of the key at ``location`` (names, and indexes of arrays) or of what holds it.

    A string ``value`` inside a longer statement, such as one element of an array, is looked for in it.
    """
    index = _index(text)
    for length in range(len(location), 0, -1):
        statement = index.get(location[:length])
        if statement is not None:
            return statement.line + _offset(statement, value)
    return 1


def _offset(statement: Statement, value: object) -> int:
    if not isinstance(value, str) or not value or value not in statement.text:
        return 0
    return statement.text[: statement.text.index(value)].count("\n")


def _index(text: str) -> dict[Location, Statement]:
    index: dict[Location, Statement] = {}
    lengths: dict[Location, int] = {}
    table: Location = ()
    for statement in statements(text):
        written = statement.text.strip()
        if written.startswith("["):
            table = _table(written, lengths)
            index.setdefault(table, statement)
        elif statement.key is not None:
            index[(*table, *_parts(statement.key))] = statement
    return index


def _table(header: str, lengths: dict[Location, int]) -> Location:
    """Return the location that a header opens, counting the elements of arrays of tables."""
    names = _parts(header.split("]", 1)[0])
    location: Location = ()
    for name in names[:-1]:
        location = (*location, name)
        if location in lengths:
            location = (*location, lengths[location] - 1)
    location = (*location, names[-1])
    if not header.startswith("[["):
        return location
    lengths[location] = lengths.get(location, 0) + 1
    return (*location, lengths[location] - 1)


def _parts(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip("\"'") for part in _PART.findall(dotted))
