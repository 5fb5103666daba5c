"""schema.org statements in JSON-LD (https://schema.org/Article): what a page says of itself to machines."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from html import unescape
from urllib.parse import urlsplit

from tracker.extract.markup import Markup
from tracker.extract.words import f1, tidy, words

MAX_NODES = 2_000  # statements read from one page: live blogs list hundreds of updates
MAX_DEPTH = 6  # of @graph and mainEntity inside each other
PAGE = "webpage"  # the type of a statement about the page as such
MAX_OWN = 4  # statements about one article; pages repeat it for each plug-in
SAME_TITLE = 0.6  # share of words that two titles of one article have in common

# schema.org's Article and its subtypes that news sites use (https://schema.org/Article, "More specific
# types"), with the live blog and the pieces that carry an article's text under another name.
ARTICLE_TYPES = frozenset({
    "article", "newsarticle", "analysisnewsarticle", "askpublicnewsarticle", "backgroundnewsarticle",
    "opinionnewsarticle", "reportagenewsarticle", "reviewnewsarticle", "blogposting", "liveblogposting",
    "socialmediaposting", "report", "advertisercontentarticle", "satiricalarticle", "scholarlyarticle",
    "techarticle", "claimreview", "review",
})  # fmt: skip
_FOLLOWED = ("@graph", "mainEntity", "mainEntityOfPage", "itemReviewed")
_TRAILING_COMMA = re.compile(r",\s*([}\]])")
_WRAPPING = re.compile(r"^\s*(?:<!--|//<!\[CDATA\[|/\*.*?\*/|<!\[CDATA\[)|(?:-->|//\]\]>|\]\]>)\s*;?\s*$", re.DOTALL)


# Tried in turn: as written, without wrappings and trailing commas, escaped as if it were an attribute.
_REPAIRS: tuple[Callable[[str], str], ...] = (
    str,
    lambda script: _TRAILING_COMMA.sub(r"\1", _WRAPPING.sub("", script)),
    unescape,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One schema.org node, of what can be used of it. Dates are as written."""

    types: frozenset[str]  # lower case
    headline: str | None = None
    body: str | None = None
    description: str | None = None
    published: str | None = None
    modified: str | None = None
    authors: tuple[str, ...] = ()
    section: str | None = None
    url: str | None = None
    publisher: str | None = None
    is_free: bool | None = None  # isAccessibleForFree
    word_count: int | None = None
    language: str | None = None
    updates: tuple[str, ...] = ()  # the texts of a live blog, as listed

    @property
    def is_article(self) -> bool:
        """Whether one of the types is an article's."""
        return bool(self.types & ARTICLE_TYPES)


def read_statements(scripts: Iterable[str]) -> tuple[Statement, ...]:
    """Return every statement in a page's JSON-LD blocks, in order; blocks that are no JSON are passed over."""
    nodes: list[Mapping[str, object]] = []
    for script in scripts:
        for node in _flat(_parsed(script), 0):
            nodes.append(node)
            if len(nodes) >= MAX_NODES:
                break
    return tuple(_statement(node) for node in nodes)


def own_statements(statements: Sequence[Statement], markup: Markup, url: str) -> tuple[Statement, ...]:
    """Return the statements that are about this page's article, the best first.

    Pages also state other pieces: related stories, a live blog's siblings, the next article of an
    endless scroll. One is the page's own by its address, else by its headline; where neither tells, the
    first article is. What is said of the page itself, that it is not free, holds for its article.
    """
    articles = [statement for statement in statements if statement.is_article]
    paths = {path for address in (url, markup.canonical, markup.first("og:url")) if (path := _path(address))}
    titles = [
        frozenset(words(title)) for title in (markup.first("og:title"), markup.title, *markup.headings[:2]) if title
    ]
    by_address = [statement for statement in articles if _path(statement.url) in paths]
    by_title = [statement for statement in articles if _is_titled(statement, titles)]
    both = [statement for statement in by_title if statement in by_address]
    own = (both or by_title or by_address or articles[:1])[:MAX_OWN]
    if any(one.is_free is False and PAGE in one.types and _path(one.url) in paths for one in statements):
        own = [replace(one, is_free=False) if one.is_free is None else one for one in own]
        own = own or [Statement(types=frozenset({PAGE}), is_free=False)]
    return tuple(own)


def _is_titled(statement: Statement, titles: Sequence[frozenset[str]]) -> bool:
    headline = frozenset(words(statement.headline or ""))
    return any(f1(headline, title) >= SAME_TITLE for title in titles)


def _path(address: str | None) -> str | None:
    """Return an address's path for comparison, or None for a home page or no address."""
    if not address:
        return None
    try:
        path = urlsplit(address).path.rstrip("/").lower()
    except ValueError:
        return None
    return path or None


def _parsed(script: str) -> object:
    # strict=False: raw line ends and tabs inside strings are common
    for repair in _REPAIRS:
        try:
            return json.loads(repair(script), strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _flat(value: object, depth: int) -> Iterator[Mapping[str, object]]:
    if depth > MAX_DEPTH:
        return
    if isinstance(value, list):
        for item in value:
            yield from _flat(item, depth + 1)
    elif isinstance(value, dict):
        if "@type" in value:
            yield value
        for key in _FOLLOWED:
            if isinstance(value.get(key), (list, dict)):
                yield from _flat(value[key], depth + 1)


def _statement(node: Mapping[str, object]) -> Statement:
    return Statement(
        types=frozenset(name.rsplit("/", 1)[-1].lower() for name in _texts(node.get("@type"))),
        headline=_text(node.get("headline")) or (_text(node.get("name")) if _is_work(node) else None),
        body=_raw(node.get("articleBody")) or _raw(node.get("reviewBody")),
        description=_text(node.get("description")),
        published=_text(node.get("datePublished")) or _text(node.get("dateCreated")) or _text(node.get("uploadDate")),
        modified=_text(node.get("dateModified")),
        authors=tuple(_names(node.get("author") or node.get("creator"))),
        section=next(iter(_texts(node.get("articleSection"))), None),
        url=_address(node),
        publisher=next(iter(_names(node.get("publisher"))), None),
        is_free=_is_free(node),
        word_count=_count(node.get("wordCount")),
        language=next(iter(_names(node.get("inLanguage"))), None),
        updates=tuple(_updates(node.get("liveBlogUpdate"))),
    )


def _is_work(node: Mapping[str, object]) -> bool:
    return any(name.lower() in ARTICLE_TYPES for name in _texts(node.get("@type")))


def _address(node: Mapping[str, object]) -> str | None:
    page = node.get("mainEntityOfPage")
    if isinstance(page, dict):
        page = page.get("@id") or page.get("url")
    return _text(node.get("url")) or _text(page) or _text(node.get("@id"))


def _raw(value: object) -> str | None:
    return value if isinstance(value, str) and value.strip() else None


def _text(value: object) -> str | None:
    """Return a string's text, white space collapsed and entities resolved, or None."""
    if isinstance(value, list) and value:
        value = value[0]
    if not isinstance(value, str):
        return None
    return tidy(unescape(value)) or None


def _texts(value: object) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [text for item in values if isinstance(item, str) and (text := _text(item))]


def _names(value: object) -> Iterator[str]:
    """Yield names from a string, a Person or Organization, or a list of either."""
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, dict):
            yield from _texts(item.get("name"))
        elif isinstance(item, str) and (text := _text(item)):
            yield text


def _updates(value: object) -> Iterator[str]:
    for item in value if isinstance(value, list) else []:
        if isinstance(item, dict) and (text := _raw(item.get("articleBody"))):
            yield text


def _is_free(node: Mapping[str, object]) -> bool | None:
    """Return what a work says of itself; one with a part that is not free is not free."""
    parts = node.get("hasPart")
    for part in parts if isinstance(parts, list) else [parts]:
        if isinstance(part, dict) and _truth(part.get("isAccessibleForFree")) is False:
            return False
    return _truth(node.get("isAccessibleForFree"))


def _truth(value: object) -> bool | None:
    if isinstance(value, bool):
        return value
    return {"true": True, "false": False}.get(value.strip().lower()) if isinstance(value, str) else None


def _count(value: object) -> int | None:
    if isinstance(value, str) and value.strip().isdecimal():
        value = int(value.strip()[:9])
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None
