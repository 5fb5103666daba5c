"""Lines that are nobody's prose: captions, credits, newsletter lines, an outlet's name after a headline."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence

from tracker.score.lexicon import read_table, strings

MAX_LINE_CHARS = 400  # a longer line is prose, whatever it mentions
_SUFFIX = re.compile(r"\s(?P<mark>\||[-–—•·])\s(?=[^|]{2,40}$)(?P<name>.+)$")
_OUTLET_WORD = re.compile(
    r"(?:\b(?:News|Times|Post|Journal|Tribune|Herald|Gazette|Press|Today|Magazine|Review|Radio|TV|Daily|Report"
    r"|Globe|Guardian|Reuters|Bloomberg|Politico|Axios|Newsweek|Breitbart|Telegraph|Observer|Examiner|Chronicle"
    r"|[A-Z]{2,5})\b|\.(?:com|org|net)\b)"
)


def is_boilerplate(line: str, hints: Sequence[str]) -> bool:
    """Whether a line of the body is a caption, a credit, a promotion or furniture of the page.

    ``hints`` are those of ``hints_in`` the body.
    """
    if len(line) > MAX_LINE_CHARS:
        return False
    at_start, anywhere, _ = _boilerplate()
    if at_start.match(line):
        return True
    low = line.lower() if hints else ""
    return any(hint in low for hint in hints) and anywhere.search(line) is not None


def hints_in(text: str) -> tuple[str, ...]:
    """Return the words of a text without which the patterns for any place in a line fail."""
    low = text.lower()
    return tuple(hint for hint in _boilerplate()[2] if hint in low)


def outlet_suffix(headline: str) -> int | None:
    """Return where the mark before an outlet's name begins (``Judge rules | Fox News``), or None."""
    match = _SUFFIX.search(headline)
    if match is None:
        return None
    name = match.group("name")
    is_bar = match.group("mark") == "|"
    return match.start("mark") if is_bar or (name[0].isupper() and _OUTLET_WORD.search(name)) else None


@functools.cache
def _boilerplate() -> tuple[re.Pattern[str], re.Pattern[str], tuple[str, ...]]:
    """Return the patterns for a line's beginning and for any place in it, and words without which the latter fail."""
    table = read_table("boilerplate")
    whole, opening = "|".join(strings(table, "whole")), "|".join(strings(table, "opening"))
    return (
        re.compile(rf"\s*(?:(?:{whole})\s*\Z|(?:{opening}))", re.IGNORECASE),
        re.compile("|".join(strings(table, "anywhere")), re.IGNORECASE),
        strings(table, "hints"),
    )
