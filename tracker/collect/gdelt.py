"""GDELT's DOC 2.0 API as a list of addresses: how to ask it, and how to read what it answers.

https://blog.gdeltproject.org/gdelt-doc-2-0-api-debuts/ documents both. It lists what GDELT saw, not what outlets
listed: a way to addresses, never a denominator.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlencode

from tracker.collect.plain import plain_line
from tracker.errors import DataError
from tracker.urls import is_http

ENDPOINT = "https://api.gdeltproject.org/api/v2/doc/doc"
MAX_RECORDS = 250  # the API's own limit for one answer; longer spans are asked in pieces
SECONDS_APART = 5.0  # the API's own wish, said in its refusals: "one every 5 seconds"
_SEEN = "%Y%m%dT%H%M%SZ"
_ASKED = "%Y%m%d%H%M%S"
# GDELT passes titles' backslashes through unescaped (gdelt-doc-api issue 26), which no JSON parser takes
_ESCAPE = re.compile(r'\\(["\\/bfnrt]|u[0-9a-fA-F]{4})?')


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """An article that GDELT saw. ``seen_at`` is when, to the quarter hour: not when it was published."""

    url: str
    title: str = ""
    seen_at: datetime | None = None
    domain: str | None = None
    language: str | None = None  # in words, as GDELT writes it: English
    country: str | None = None  # of the outlet, in words


def gdelt_address(query: str, since: datetime, until: datetime) -> str:
    """Return the address that lists what matches ``query`` between two aware times, earliest first.

    Raises ValueError where the span is empty.
    """
    if until <= since:
        raise ValueError(f"GDELT is asked for a span of time, not for {since} to {until}")
    parameters = {
        "query": query,
        "mode": "artlist",
        "format": "json",
        "sort": "dateasc",
        "maxrecords": MAX_RECORDS,
        "startdatetime": since.astimezone(UTC).strftime(_ASKED),
        "enddatetime": until.astimezone(UTC).strftime(_ASKED),
    }
    return f"{ENDPOINT}?{urlencode(parameters)}"


def read_gdelt(body: bytes) -> tuple[Sighting, ...]:
    """Return the articles of an answer, each address once. An answer without any is ``{}``.

    Raises ``DataError`` with GDELT's own words where it refused: it does so in plain text and status 200.
    """
    text = body.decode("utf-8-sig", errors="replace").strip()
    if not text.startswith("{"):
        raise DataError(f"GDELT: {plain_line(text)[:200] or 'an empty answer'}; ask for less, or later")
    try:
        document = json.loads(_ESCAPE.sub(lambda found: found[0] if found[1] else r"\\", text), strict=False)
    except (ValueError, RecursionError) as error:
        raise DataError(f"GDELT: an answer that is no JSON ({error}); ask for a shorter span") from error
    listed = document.get("articles", [])
    if not isinstance(listed, list):
        raise DataError("GDELT: an answer without a list of articles; its format may have changed")
    found: dict[str, Sighting] = {}
    for item in listed:
        if isinstance(item, dict) and (one := _sighting(item)):
            found.setdefault(one.url, one)
    return tuple(found.values())


def _sighting(item: dict[str, object]) -> Sighting | None:
    url = _text(item, "url")
    if not is_http(url):
        return None
    return Sighting(
        url=url,
        title=plain_line(_text(item, "title")),
        seen_at=_moment(_text(item, "seendate")),
        domain=_text(item, "domain") or None,
        language=_text(item, "language") or None,
        country=_text(item, "sourcecountry") or None,
    )


def _text(item: dict[str, object], name: str) -> str:
    value = item.get(name)
    return value.strip() if isinstance(value, str) else ""


def _moment(written: str) -> datetime | None:
    try:
        return datetime.strptime(written, _SEEN).replace(tzinfo=UTC)
    except ValueError:
        return None


# ---------------------------------------------------------------- its files

_GKG_COLUMNS, _EVENT_COLUMNS, _MENTION_COLUMNS = 27, 61, 16  # of GKG 2.1, events 2.0 and mentions 2.0
_WEB = "1"  # the collection of addresses, in GKG and mentions; others are broadcasts and papers
_STAMP = "%Y%m%d%H%M%S"


def read_gdelt_file(name: str, data: bytes) -> tuple[Sighting, ...]:
    """Return the articles in one of GDELT's 15-minute files (GKG 2.1, events or mentions), zipped or not, each once.

    ``*.json`` is an answer of the DOC API. The columns are those of GDELT's code books:
    http://data.gdeltproject.org/documentation/. Raises ``DataError`` where the file is none of these.
    """
    if name.endswith(".json"):
        return read_gdelt(data)
    try:
        if data.startswith(b"PK"):
            with zipfile.ZipFile(io.BytesIO(data)) as packed, packed.open(packed.namelist()[0]) as file:
                data = file.read(_MAX_FILE_BYTES)
    except (zipfile.BadZipFile, IndexError, OSError) as error:
        raise DataError(f"{name}: cannot be unpacked: {error}") from error
    found: dict[str, Sighting] = {}
    n_rows = 0
    for line in data.decode("utf-8", errors="replace").splitlines():
        cells = line.split("\t")
        place = _PLACES.get(len(cells))
        if place is None:
            continue
        n_rows += 1
        url, seen, collection = place
        if is_http(cells[url]) and (collection is None or cells[collection] == _WEB):
            found.setdefault(cells[url], Sighting(url=cells[url], seen_at=_stamp(cells[seen])))
    if data.strip() and not n_rows:
        raise DataError(f"{name}: no file of GDELT 2: its rows have 27 (GKG), 61 (events) or 16 (mentions) columns")
    return tuple(found.values())


# by the number of columns: where the address, the time and the kind of collection stand
_PLACES = {_GKG_COLUMNS: (4, 1, 2), _EVENT_COLUMNS: (60, 59, None), _MENTION_COLUMNS: (5, 2, 3)}
_MAX_FILE_BYTES = 1_000_000_000


def _stamp(written: str) -> datetime | None:
    try:
        return datetime.strptime(written, _STAMP).replace(tzinfo=UTC)
    except ValueError:
        return None
