"""The Wayback Machine: its CDX index as a list of captures, and the address of a page as it was captured.

https://github.com/internetarchive/wayback/tree/master/wayback-cdx-server documents the index. ``id_`` after the
timestamp asks for the page as it came, without the archive's own banner and rewritten links.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from urllib.parse import urlencode

from tracker.collect.plain import plain_line
from tracker.errors import DataError
from tracker.urls import is_http

INDEX = "http://web.archive.org/cdx/search/cdx"
CAPTURE = "http://web.archive.org/web/{stamp}id_/{url}"
PAGE_OF_INDEX = 5_000  # captures an answer; the rest is asked for by its resume key
FIELDS = ("timestamp", "original", "digest")
_STAMP = "%Y%m%d%H%M%S"


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """A page as it stood at one time."""

    url: str  # its own address, then
    at: datetime

    @property
    def address(self) -> str:
        """Where the archive serves it as it came."""
        return CAPTURE.format(stamp=self.at.strftime(_STAMP), url=self.url)


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexPage:
    """One answer of the index; ``resume_key`` asks for what comes after, None at the end."""

    captures: tuple[Capture, ...]
    resume_key: str | None


def index_address(url: str, since: date | None, until: date | None, resume_key: str | None = None) -> str:
    """Return the address that lists captures of ``url`` (a page, or everything below ``example.org/news/*``).

    HTML answers of status 200 alone, and of captures in a row with the same bytes the first.
    """
    parameters = [
        ("url", url),
        ("output", "json"),
        ("fl", ",".join(FIELDS)),
        ("filter", "statuscode:200"),
        ("filter", "mimetype:text/html"),
        ("collapse", "digest"),
        ("limit", str(PAGE_OF_INDEX)),
        ("showResumeKey", "true"),
        *((("from", f"{since:%Y%m%d}"),) if since else ()),
        *((("to", f"{until:%Y%m%d}"),) if until else ()),
        *((("resumeKey", resume_key),) if resume_key else ()),
    ]
    return f"{INDEX}?{urlencode(parameters)}"


def read_index(body: bytes) -> IndexPage:
    """Return the captures of an answer: rows of which the first names the columns; none at all is ``[]``.

    Raises DataError where it is no such answer.
    """
    try:
        rows = json.loads(body) if body.strip() else []
    except ValueError as error:
        said = plain_line(body.decode("utf-8", errors="replace"))[:200]
        raise DataError(f"the Wayback Machine's index: {said or error}; ask for less, or later") from error
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise DataError("the Wayback Machine's index: an answer that is no table; its format may have changed")
    resume_key = None
    if len(rows) > 1 and rows[-2] == []:
        resume_key = str(rows[-1][0])
        rows = rows[:-2]
    if not rows:
        return IndexPage(captures=(), resume_key=resume_key)
    names = [str(name) for name in rows[0]]
    captures = (_capture(dict(zip(names, map(str, row), strict=False))) for row in rows[1:])
    return IndexPage(captures=tuple(one for one in captures if one), resume_key=resume_key)


def _capture(row: dict[str, str]) -> Capture | None:
    try:
        at = datetime.strptime(row.get("timestamp", ""), _STAMP).replace(tzinfo=UTC)
    except ValueError:
        return None
    url = row.get("original", "")
    return Capture(url=url, at=at) if is_http(url) else None
