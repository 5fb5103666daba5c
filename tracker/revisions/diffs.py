"""Word-level differences of two texts, for people to read."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

MAX_DIFF_TOKENS = 4_000  # of a rewritten stretch; difflib is quadratic, and a longer one is a new text

_TOKEN = re.compile(r"\s*\S+\s*?(?=\s|$)|\s+$")


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffSegment:
    """A stretch of text that both versions share, or that only the older (removed) or newer (added) has."""

    kind: Literal["same", "removed", "added"]
    text: str


def word_diff(before: str, after: str) -> tuple[DiffSegment, ...]:
    """Return the word-level difference of two texts, in reading order, removed before added.

    ``same`` and ``removed`` joined are ``before``, ``same`` and ``added`` joined are ``after``, to the
    character. Lines are matched first, then words within lines that changed (difflib's Ratcliff-Obershelp).
    """
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    merged: list[DiffSegment] = []
    for kind, a, b in blocks(old, new):
        left, right = "".join(a), "".join(b)
        if kind == "equal":
            parts = [DiffSegment(kind="same", text=left)]
        else:
            parts = list(_words_between(_TOKEN.findall(left), _TOKEN.findall(right)))
        for part in parts:
            if merged and merged[-1].kind == part.kind:
                part = DiffSegment(kind=part.kind, text=merged.pop().text + part.text)  # noqa: PLW2901 - joined
            merged.append(part)
    return tuple(part for part in merged if part.text)


def blocks(old: list[str], new: list[str]) -> Iterator[tuple[str, list[str], list[str]]]:
    """Yield what kind of change leads from stretches of one list to those of another (``equal``, ``replace``, …)."""
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        yield kind, old[a:b], new[c:d]


def _words_between(old: list[str], new: list[str]) -> Iterator[DiffSegment]:
    if max(len(old), len(new)) > MAX_DIFF_TOKENS:
        yield DiffSegment(kind="removed", text="".join(old))
        yield DiffSegment(kind="added", text="".join(new))
        return
    for kind, a, b in blocks(old, new):
        if kind == "equal":
            yield DiffSegment(kind="same", text="".join(a))
            continue
        yield DiffSegment(kind="removed", text="".join(a))
        yield DiffSegment(kind="added", text="".join(b))
