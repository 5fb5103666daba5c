"""Who wrote it: names for counting, and the credit line as printed for telling wire copy."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from tracker.extract.markup import Markup
from tracker.extract.structured import Statement
from tracker.extract.words import words

MIN_NAME_CHARS = 3
MAX_NAME_CHARS = 60
MAX_NAME_WORDS = 6
MAX_AUTHORS = 20

_META = (
    "author", "article:author", "authors", "byl", "byline", "parsely-author", "sailthru.author", "dc.creator",
    "dcterms.creator", "cxenseparse:author", "og:article:author", "citation_author", "article.author",
)  # fmt: skip
_PREFIX = re.compile(
    r"^(?:by|written by|words by|story by|reported by|analysis by|opinion by|from|por|von|par)\b[:\s—–-]+",
    re.IGNORECASE,
)
_SPLIT = re.compile(
    r"\s*(?:;|\||/|&|•|\band\b|\by\b|\bwith\b|\bby\b|\n|,(?!\s*(?:jr|sr|ph\.?d|m\.?d|ii|iii)\b))\s*", re.IGNORECASE
)
_ADDRESS = re.compile(r"https?:|www\.|@|\.com\b|[{}<>\[\]=_#]")
# Where a name ends: at a digit or the page's furniture, and at a role.
_FURNITURE = re.compile(
    r"\s*(?:\d|\b(?:published|updated|posted|last|minutes?|share|follow|view|more|about|bookmark|comments?|link copied|"
    r"special to|getty|istock\w*|image|newsletter|email|twitter|facebook|"
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]*\.? \d+)\b).*$",
    re.IGNORECASE | re.DOTALL,
)
_ROLE = re.compile(
    r"\s*\b(?:(?:senior|chief|guest|contributing|political|national|digital|news|staff) )*(?:staff|writers?|reporters?|"
    r"correspondents?|editors?|columnists?|contributors?|producers?|photographers?|anchors?|desk|newsroom)\b.*$",
    re.IGNORECASE | re.DOTALL,
)
_DOUBLED = re.compile(r"(.+?) \1")
_NO_NAME = frozenset({"admin", "author", "staff", "unknown", "none", "null", "anonymous", "editor", "web"})
_SLUG = re.compile(r"[a-z]+(?:-[a-z]+)+")
_ACRONYMS = frozenset({"AP", "AFP", "BBC", "CBS", "CNN", "NBC", "NPR", "PBS", "TASS", "USA", "UPI", "EFE", "DPA"})
_BY = re.compile(r"\b(?:by|por)\s+\S", re.IGNORECASE)


def find_authors(markup: Markup, statements: Sequence[Statement]) -> tuple[str, ...]:
    """Return the authors' names, in order, without roles, dates or addresses; empty where none is stated."""
    declared = [name for statement in statements for name in statement.authors]
    meta = [name for key in _META for name in markup.meta.get(key, ())]
    for source in (declared, meta, markup.bylines[:1]):
        names = tuple(clean_names(source))
        if names:
            return names[:MAX_AUTHORS]
    return ()


def find_credit(markup: Markup, authors: Sequence[str]) -> str | None:
    """Return the byline as printed, such as "By JOHN DOE Associated Press", or None where none is."""
    named = {word for author in authors for word in words(author)}
    for line in markup.bylines:
        if _BY.search(line) or named.intersection(words(line)):
            return line
    return markup.first("byl", "byline") or next(iter(markup.bylines), None)


def clean_names(texts: Iterable[str]) -> Iterator[str]:
    """Yield the names in texts that may hold several, without prefixes, roles and addresses, each once."""
    seen: list[str] = []
    for text in texts:
        if "://" in text or text.startswith(("@", "www.")):
            continue
        for index, part in enumerate(_SPLIT.split(_PREFIX.sub("", text.strip()))):
            name = _name(part, is_first=index == 0)
            if _is_name(name) and not any(other in name.casefold() for other in seen):
                seen.append(name.casefold())
                yield _cased(name)


def _name(part: str, *, is_first: bool) -> str:
    """Return a part of a byline up to where a role or furniture begins.

    A role behind one word alone belongs to a desk ("Slate Staff"), which is a byline where it comes first.
    """
    shown = _trimmed(_FURNITURE.sub("", _PREFIX.sub("", part)))
    person = _trimmed(_ROLE.sub("", shown))
    name = person if person == shown or " " in person else shown if is_first else ""
    doubled = _DOUBLED.fullmatch(name)
    return doubled[1] if doubled else name


def _trimmed(text: str) -> str:
    return text.strip(" .,:•·-–—*'\"()")


def _is_name(text: str) -> bool:
    if not MIN_NAME_CHARS <= len(text) <= MAX_NAME_CHARS or _ADDRESS.search(text) or text.casefold() in _NO_NAME:
        return False
    return len(text.split()) <= MAX_NAME_WORDS and any(map(str.isalpha, text))


def _cased(name: str) -> str:
    if _SLUG.fullmatch(name):
        return name.replace("-", " ").title()
    is_shouted = name.isupper() and " " in name and not any(word in _ACRONYMS for word in name.split())
    return name.title() if is_shouted else name
