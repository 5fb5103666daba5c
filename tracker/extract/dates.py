"""When an article was published and changed: what the page states first, a search of the page last."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from dateutil.parser import ParserError, parse
from htmldate import find_date
from lxml.html import HtmlElement

from tracker.extract.markup import Markup, TimeTag
from tracker.extract.structured import Statement

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)  # before the Web: earlier dates are errors, such as "1679"
MAX_AHEAD = timedelta(days=2)  # after the fetch: time zones and embargoes, not more
MIN_STAMP_CHARS = 6  # of a date as written: "1/2/24"
MAX_STAMP_CHARS = 60  # of a date as written
MAX_LOCAL_TIMES = 5  # time elements looked at for the newsroom's own time: later ones are other pieces'
MAX_OFFSET = timedelta(hours=14)  # the farthest zone from UTC, Kiribati's
MAX_SEARCHED_ELEMENTS = 6_000  # a date search reads the whole page: on huge ones it is left out

# Meta names that say "published" outright, and those that need the printed date's word against theirs.
_PUBLISHED = (
    "article:published_time", "og:article:published_time", "article:published", "article_published_time",
    "article_date_original", "datepublished", "parsely-pub-date", "cxenseparse:publishtime",
    "cxenseparse:recs:publishtime", "dc.date.issued", "dcterms.issued", "iso-8601-publish-date",
    "publish-date", "publishdate", "publish_date", "pubdate", "pub_date", "published_at", "published_time",
    "story:published_time", "og:published_time", "og:pubdate", "prism.publicationdate",
    "citation_publication_date",
)  # fmt: skip
_DATED = (
    "sailthru.date", "dcterms.created", "dcterms.date", "dcsext.articlefirstpublished", "date.release",
    "publisheddate", "dc.date", "dc.date.created", "date.created", "datecreated", "og:datepublished", "date",
    "ptime", "timestamp", "uploaddate",
)  # fmt: skip
_MODIFIED = (
    "article:modified_time", "og:article:modified_time", "article:modified", "article_modified_time",
    "article_date_updated", "datemodified", "og:updated_time", "dcterms.modified", "cxenseparse:modified_time",
    "lastmod", "last-modified", "last_modified", "last_updated_date", "lastpublisheddate", "date.updated",
    "date.modified", "lastupdate", "moddate",
)  # fmt: skip
_PUBLISHED_TIME = re.compile(r"publi|posted|pubdate|entry-date|datecreated")
_OTHER_TIME = re.compile(r"modif|updat|comment|related|card|teaser|expire|event")
_URL_DATE = re.compile(r"/((?:19|20)\d\d)[/-]?(\d\d|[a-z]{3})[/-]?(\d\d?)(?=[/-])", re.IGNORECASE)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_HAS_TIME = re.compile(r"\d{1,2}:\d\d|T\d{4}|\d ?[ap]\.?m", re.IGNORECASE)
_PARENTHESIS = re.compile(r"\s*\([^()]*\)\s*$")
_ZONES = {  # RFC 2822 section 4.3, and the names that British and Australian outlets write
    "UT": 0, "UTC": 0, "GMT": 0, "Z": 0, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6,
    "PST": -8, "PDT": -7, "ET": -5, "BST": 1, "CET": 1, "CEST": 2, "AEST": 10, "AEDT": 11, "IST": 5.5,
}  # fmt: skip
_SECONDS_PER_HOUR = 3_600


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """A date as stated: the moment in UTC, the page's own offset from it, and whether it names a time."""

    at: datetime
    offset_minutes: int | None
    has_time: bool

    def days(self) -> frozenset[str]:
        """Return the day in UTC and in the page's own offset, as ISO dates."""
        own = self.at + timedelta(minutes=self.offset_minutes or 0)
        return frozenset({self.at.date().isoformat(), own.date().isoformat()})


@dataclass(frozen=True, slots=True, kw_only=True)
class Dates:
    """An article's dates; None where the page states none that is possible."""

    published: Stamp | None
    modified: Stamp | None


def find_dates(markup: Markup, statements: Sequence[Statement], *, url: str, fetched_at: datetime) -> Dates:
    """Return when the page says its article was published and changed.

    Impossible dates, before ``EARLIEST`` or more than ``MAX_AHEAD`` after the fetch, are passed over, and
    so is a change before publication. Dates without a time are midnight UTC of that date.
    """
    latest = fetched_at + MAX_AHEAD
    stated = list(_possible(_published(markup, statements, url), latest))
    published = _localised(_finest(stated), markup.times) or _searched(markup.tree, url, latest)
    changed = _possible((*(s.modified for s in statements), *_contents(markup, _MODIFIED)), latest)
    modified = next((stamp for stamp in changed if published is None or stamp.at >= published.at), None)
    return Dates(published=published, modified=modified)


def read_stamp(text: str | None) -> Stamp | None:
    """Return a date as written (ISO 8601, RFC 2822, Unix time, English), or None where it is none."""
    written = _PARENTHESIS.sub("", (text or "").strip().strip("'\"")).strip()
    if not MIN_STAMP_CHARS <= len(written) <= MAX_STAMP_CHARS:
        return None
    moment = _from_digits(written) if written.isdecimal() else _iso(written) or _english(written)
    if moment is None:
        return None
    offset = moment.utcoffset()
    try:
        at = moment.replace(tzinfo=UTC) if offset is None else moment.astimezone(UTC)
    except OverflowError:
        return None
    minutes = None if offset is None else int(offset.total_seconds() // 60)
    return Stamp(at=at, offset_minutes=minutes, has_time=bool(_HAS_TIME.search(written)) or written.isdecimal())


def _published(markup: Markup, statements: Sequence[Statement], url: str) -> Iterator[str | None]:
    yield from (statement.published for statement in statements)
    yield from _contents(markup, _PUBLISHED)
    own = [tag for tag in markup.times if not _OTHER_TIME.search(tag.label)]
    yield from (tag.value or tag.shown for tag in own if _PUBLISHED_TIME.search(tag.label))
    yield from _contents(markup, _DATED)
    yield _url_date(url)
    yield from (tag.value or tag.shown for tag in own[:1])


def _contents(markup: Markup, names: Iterable[str]) -> Iterator[str]:
    for name in names:
        yield from markup.meta.get(name, ())


def _possible(texts: Iterable[str | None], latest: datetime) -> Iterator[Stamp]:
    for stamp in map(read_stamp, texts):
        if stamp is not None and EARLIEST <= stamp.at <= latest:
            yield stamp


def _finest(stated: Sequence[Stamp]) -> Stamp | None:
    """Return the first date, or the time of day that a later statement of the same day adds to it."""
    if not stated or stated[0].has_time:
        return stated[0] if stated else None
    day = stated[0].at.date().isoformat()
    return next((stamp for stamp in stated if stamp.has_time and day in stamp.days()), stated[0])


def _localised(stamp: Stamp | None, times: Sequence[TimeTag]) -> Stamp | None:
    """Return the stamp with the offset in which the page prints that very moment, where it does so.

    Metadata is mostly written in UTC, the date line in the newsroom's own time: late evening in New York
    is the next day in UTC.
    """
    if stamp is None or not stamp.has_time or stamp.offset_minutes:
        return stamp
    for shown in filter(None, (read_stamp(tag.value) for tag in times[:MAX_LOCAL_TIMES])):
        if shown.offset_minutes is not None:
            minutes = shown.offset_minutes if abs(shown.at - stamp.at) < timedelta(minutes=1) else 0
        else:
            minutes = _quarters(shown.at - stamp.at) if shown.has_time else 0
        if minutes:
            return replace(stamp, offset_minutes=minutes)
    return stamp


def _quarters(difference: timedelta) -> int:
    """Return a difference of whole quarter hours below ``MAX_OFFSET`` in minutes, else 0."""
    if abs(difference) > MAX_OFFSET or difference % timedelta(minutes=15):
        return 0
    return int(difference.total_seconds() // 60)


def _searched(tree: HtmlElement, url: str, latest: datetime) -> Stamp | None:
    if sum(1 for _ in tree.iter()) > MAX_SEARCHED_ELEMENTS:
        return None
    found = find_date(
        tree,
        url=url,
        original_date=True,
        extensive_search=True,
        min_date=EARLIEST.date().isoformat(),
        max_date=latest.date().isoformat(),
    )
    return next(_possible((found,), latest), None)


def _url_date(url: str) -> str | None:
    found = _URL_DATE.search(url)
    if not found:
        return None
    year, month, day = found[1], found[2].lower(), int(found[3])
    number = _MONTHS.index(month) + 1 if month in _MONTHS else int(month) if month.isdecimal() else 0
    return f"{year}-{number:02}-{day:02}"


def _from_digits(written: str) -> datetime | None:
    """Read 20240131, seconds since 1970, or milliseconds since 1970, told apart by their length."""
    if len(written) == len("20240131"):
        return _iso(written)
    divisor = {len("1706700000"): 1, len("1706700000000"): 1_000}.get(len(written))
    return datetime.fromtimestamp(int(written) / divisor, tz=UTC) if divisor else None


def _iso(written: str) -> datetime | None:
    try:
        return datetime.fromisoformat(re.sub(r"\s+(?=[+-]\d\d:?\d\d$)", "", written))
    except ValueError:
        return None


def _english(written: str) -> datetime | None:
    """Parse a date in words or in RFC 2822's form, if it names its year, month and day.

    What is missing must not be guessed, so it is parsed on two defaults that must agree.
    """
    moments = []
    for default in (datetime(1991, 1, 1), datetime(1992, 2, 2)):  # noqa: DTZ001  # only fill what is missing
        try:
            moments.append(parse(written, default=default, tzinfos=_offset))
        except (ParserError, ValueError, OverflowError, TypeError):
            return None
    return moments[0] if moments[0].date() == moments[1].date() else None


def _offset(name: str | None, offset: int | None) -> int | None:
    if offset is not None:
        return offset
    hours = _ZONES.get((name or "").upper())
    return None if hours is None else int(hours * _SECONDS_PER_HOUR)
