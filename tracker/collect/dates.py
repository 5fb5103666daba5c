"""Dates as feeds write them where feedparser gives up: RFC 822's order with months in other languages."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, timedelta, timezone

# First letters without accents, in English, Spanish, Portuguese, French, Italian, German and Dutch
_MONTHS = (
    ("jan", "ene", "gen"),
    ("feb", "fev"),
    ("mar", "mrz", "maa"),
    ("apr", "abr", "avr"),
    ("may", "mai", "mag", "mei"),
    ("jun", "juin", "giu"),
    ("jul", "juil", "lug"),
    ("aug", "ago", "aou"),
    ("sep", "set"),
    ("oct", "out", "okt", "ott"),
    ("nov",),
    ("dec", "dez", "dic"),
)
_NUMBERS = {name: number for number, names in enumerate(_MONTHS, start=1) for name in names}
_DATE = re.compile(
    r"\b(\d{1,2})[\s.-]+(?:de\s+)?([a-z]{3,10})\.?[\s.,-]+(?:de\s+)?(\d{4})"
    r"(?:[\s,]+(\d{1,2}):(\d{2})(?::(\d{2}))?)?\s*(?:([+-])(\d{2}):?(\d{2}))?"
)
MAX_DATE_CHARS = 100  # longer is prose


def worded_date(written: str) -> datetime | None:
    """Return the UTC instant of ``Seg, 24 Set 2018 19:42:40 -0300`` and its like, or None.

    Day before month, offset taken as UTC where there is none.
    """
    plain = unicodedata.normalize("NFKD", written[:MAX_DATE_CHARS].lower())
    found = _DATE.search("".join(char for char in plain if not unicodedata.combining(char)))
    if found is None:
        return None
    day, name, year, hour, minute, second, sign, hours, minutes = found.groups()
    month = _NUMBERS.get(name[:4]) or _NUMBERS.get(name[:3])
    if month is None:
        return None
    offset = timedelta(hours=int(hours or 0), minutes=int(minutes or 0)) * (-1 if sign == "-" else 1)
    try:
        zone = timezone(offset)
        moment = datetime(int(year), month, int(day), int(hour or 0), int(minute or 0), int(second or 0), tzinfo=zone)
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
