"""Who wrote it: names for counting, and the credit line as printed for telling wire copy."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from lxml.etree import XPath
from lxml.html import HtmlElement

from tracker.extract.markup import Markup, shown_text
from tracker.extract.structured import Statement
from tracker.extract.words import words

MAX_NAME_CHARS = 60
MAX_NAME_WORDS = 6
MAX_AUTHORS = 20
MAX_CREDIT_CHARS = 200
MAX_BYLINES = 12  # elements looked at: later ones belong to other pieces

_META = (
    "author", "article:author", "authors", "byl", "byline", "parsely-author", "sailthru.author", "dc.creator",
    "dcterms.creator", "cxenseparse:author", "og:article:author", "citation_author", "article.author",
)  # fmt: skip
_BYLINES = XPath(
    "//*[@itemprop='author' or @rel='author' or @rel='author nofollow'"
    " or contains(translate(@class,'BYLINE','byline'),'byline') or contains(@data-testid,'byline')"
    " or contains(@class,'author-name') or contains(@class,'author__name') or contains(@class,'article-author')"
    " or contains(@class,'c-author') or contains(@class,'credit-line') or contains(@id,'byline')]"
)
_PREFIX = re.compile(
    r"^(?:by|written by|words by|story by|reported by|analysis by|opinion by|from|por|von|par)\b[:\s]+", re.IGNORECASE
)
_SPLIT = re.compile(r"\s*(?:;|\||/|&|\band\b|\by\b|\bwith\b|\n|,(?!\s*(?:jr|sr|ph\.?d|m\.?d|ii|iii)\b))\s*", re.IGNORECASE)
_ADDRESS = re.compile(r"https?:|www\.|@|\.com\b|[{}<>\[\]=_#]|\d")
# What stands beside names and is none.
_NO_NAME = re.compile(
    r"\b(?:published|updated|posted|staff ?writers?|reporters?|correspondents?|editors?|columnists?|contributors?|"
    r"producers?|photographers?|guest|special to|minutes?|read|share|follow|view|more|about|author|admin|getty|"
    r"senior|chief|political|news ?desk|newsroom|digital|web|desk|newsletter|email|twitter|facebook|"
    r"january|february|march|april|may \d|june|july|august|september|october|november|december)\b",
    re.IGNORECASE,
)
_BY = re.compile(r"\b(?:by|por)\s+\w", re.IGNORECASE)


def find_authors(markup: Markup, statements: Sequence[Statement]) -> tuple[str, ...]:
    """Return the authors' names, in order, without titles, dates or addresses; empty where none is stated."""
    declared = [name for statement in statements for name in statement.authors]
    for source in (declared, _meta_names(markup), _printed_names(markup.tree)):
        names = tuple(dict.fromkeys(clean_names(source)))[:MAX_AUTHORS]
        if names:
            return names
    return ()


def find_credit(markup: Markup, authors: Sequence[str]) -> str | None:
    """Return the byline as printed, such as "By JOHN DOE Associated Press", or None where none is."""
    lines = [line for line in _bylines(markup.tree) if len(line) <= MAX_CREDIT_CHARS]
    named = {word for author in authors for word in words(author)}
    for line in lines:
        if _BY.search(line) or named.intersection(words(line)):
            return line
    return next(iter(markup.meta.get("byl", ())), None) or (lines[0] if lines else None)


def clean_names(texts: Iterable[str]) -> Iterator[str]:
    """Yield the names in texts that may hold several, with prefixes, roles and addresses."""
    for text in texts:
        if text.lower().startswith("http"):
            continue
        for part in _SPLIT.split(_PREFIX.sub("", text.strip())):
            name = _PREFIX.sub("", part).strip(" .,:•·-–—*'\"()")
            if _is_name(name):
                yield name.title() if name.isupper() and len(name) > 5 else name


def _is_name(text: str) -> bool:
    if not 2 < len(text) <= MAX_NAME_CHARS or _ADDRESS.search(text) or _NO_NAME.search(text):
        return False
    return len(text.split()) <= MAX_NAME_WORDS and any(map(str.isalpha, text))


def _meta_names(markup: Markup) -> list[str]:
    return [name for key in _META for name in markup.meta.get(key, ())]


def _printed_names(tree: HtmlElement) -> list[str]:
    lines = list(_bylines(tree))
    return lines[:1]


def _bylines(tree: HtmlElement) -> Iterator[str]:
    for element in _BYLINES(tree)[:MAX_BYLINES]:
        line = shown_text(element)
        if words(line):
            yield line
