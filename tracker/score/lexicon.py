"""Word lists of the scoring rules, read once from the TOML files in ``tracker/score/data``."""

from __future__ import annotations

import functools
import hashlib
import tomllib
from dataclasses import dataclass
from importlib import resources
from typing import cast

Table = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Abbreviations:
    """What a full stop after a word means; see ``data/abbreviations.toml``."""

    never_final: frozenset[str]
    before_number: frozenset[str]
    often_final: frozenset[str]
    starters: frozenset[str]
    all: frozenset[str]  # of the first three


def read_bytes(name: str) -> bytes:
    """Return the bytes of ``data/<name>.toml``."""
    return resources.files("tracker.score").joinpath("data", f"{name}.toml").read_bytes()


def read_table(name: str) -> Table:
    """Return ``data/<name>.toml`` parsed."""
    return cast(Table, tomllib.loads(read_bytes(name).decode()))


def data_hash(*names: str) -> str:
    """Return the hex SHA-256 over the named data files: part of a scorer's identity."""
    return hashlib.sha256(b"\0".join(read_bytes(name) for name in names)).hexdigest()


def strings(table: Table, key: str) -> tuple[str, ...]:
    """Return a list of strings of the table."""
    return tuple(cast("list[str]", table[key]))


@functools.cache
def load_abbreviations() -> Abbreviations:
    """Return the table of abbreviations."""
    table = read_table("abbreviations")
    never_final, before_number, often_final = (
        frozenset(strings(table, name)) for name in ("never_final", "before_number", "often_final")
    )
    return Abbreviations(
        never_final=never_final,
        before_number=before_number,
        often_final=often_final,
        starters=frozenset(strings(table, "starters")),
        all=never_final | before_number | often_final,
    )
