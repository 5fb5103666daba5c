"""The page parsed, once: everything that metadata is read from is collected here, then scripts are dropped."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from lxml.etree import ElementDefaultClassLookup, ParserError, XPath
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from tracker.errors import ExtractError
from tracker.extract.words import tidy

# Elements left once scripts and the like are gone. The largest of 208 real pages has 3,633; the extractor's
# cost grows with their number, and this many take it up to two seconds.
MAX_ELEMENTS = 20_000
MAX_TEXT_CHARS = 1_000_000  # text left once scripts are gone; the largest real page has 0.12 million
MAX_SCRIPT_CHARS = 3_000_000  # of one JSON-LD block; those with a whole article stay below 0.3 million
MAX_META = 1_000  # meta elements read; real pages have some 100
MAX_META_CHARS = 5_000  # of one meta element's content: longer is no metadata
MAX_TIMES = 200  # time elements read; only the first few are the article's own
MAX_BYLINES = 12  # byline elements read: later ones belong to other pieces
MAX_BYLINE_CHARS = 200  # longer is an author's description
MAX_HEADINGS = 20  # h1 elements read

# Never part of a text, and most of a page's bytes: dropped before the tree is copied.
_DROPPED = ("script", "style", "svg", "template", "iframe", "object", "canvas", "noembed")
_HAS_MARKUP = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|div|p|article|title|h1|meta|br|span|table)\b", re.IGNORECASE
)
_OTHER_ROOT = re.compile(rb"\s*(?:<\?xml[^>]*>\s*)?<(rss|feed|urlset|sitemapindex|rdf:rdf)\b", re.IGNORECASE)
_XML_DECLARATION = re.compile(rb"^\s*<\?xml[^>]*>")
_JSON_LD = "application/ld+json"
_JSON = "application/json"
_RICH_TEXT = '"paragraph"'
_BYLINES = XPath(  # by attribute: asking each element for all of them takes twice as long
    " | ".join(
        f"descendant-or-self::*/{attribute}/.."
        for attribute in (
            "@class[contains(., 'yline') or contains(., 'author') or contains(., 'credit-line')]",
            "@rel[. = 'author']",
            "@itemprop[. = 'author']",
            "@data-testid[contains(., 'yline')]",
        )
    )
)
_ONE_CLASS = ElementDefaultClassLookup(element=HtmlElement)
_COUNT = XPath("count(.//*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeTag:
    """A ``<time>`` element: its machine-readable value, what it shows, and how it is labelled."""

    value: str
    shown: str
    label: str  # class, id and itemprop of it and its parent, in lower case


@dataclass(frozen=True, slots=True, kw_only=True)
class Markup:
    """A parsed page. ``tree`` has lost scripts, styles and drawings; what they said is kept beside it."""

    tree: HtmlElement
    title: str
    headings: tuple[str, ...]  # every h1 that shows something, in order
    meta: Mapping[str, tuple[str, ...]]  # by lower-case property, name or itemprop
    canonical: str | None
    times: tuple[TimeTag, ...]
    scripts: tuple[str, ...]  # JSON-LD blocks as written
    states: tuple[str, ...]  # JSON scripts that hold rich text
    bylines: tuple[str, ...]  # what elements marked as byline or author show, in order
    language: str | None  # of the html element
    n_chars: int  # of text, menus and all

    def first(self, *names: str) -> str | None:
        """Return the first content among the given meta names, in the order of the names."""
        return next((value for name in names for value in self.meta.get(name, ())), None)


def parse(source: bytes, url: str) -> Markup:
    """Parse a page in UTF-8.

    Raises ExtractError: ``not_html`` where there is no markup, ``empty`` where there is nothing in it,
    ``too_large`` beyond ``MAX_ELEMENTS`` or ``MAX_TEXT_CHARS``. Nesting beyond 255 levels is cut by
    libxml2's own limit, so that nothing that walks the tree can overflow.
    """
    other = _OTHER_ROOT.match(source[:2_000])
    if other:
        raise ExtractError(f"not_html: a feed or sitemap ({other[1].decode().lower()}), not a page: {url}")
    if not _HAS_MARKUP.search(source):
        raise ExtractError(f"not_html: no HTML markup in it: {url}")
    tree = _tree(source, url)
    scripts = tuple(_scripts(tree, _JSON_LD))
    states = tuple(text for text in _scripts(tree, _JSON) if _RICH_TEXT in text)
    title = _title(tree)
    _drop(tree)
    n_chars = _measured(tree, url)
    return Markup(
        tree=tree,
        title=title,
        headings=tuple(_headings(tree)),
        meta=_meta(tree),
        canonical=_canonical(tree),
        times=tuple(_times(tree)),
        scripts=scripts,
        states=states,
        bylines=tuple(_bylines(tree)),
        language=tree.get("lang") or tree.get("xml:lang"),
        n_chars=n_chars,
    )


def shown_text(element: HtmlElement) -> str:
    """Return what an element shows, white space collapsed."""
    return tidy("".join(element.itertext()))


def _tree(source: bytes, url: str) -> HtmlElement:
    # A parser each time: one that threads share would make them wait for each other.
    parser = HTMLParser(collect_ids=False, encoding="utf-8", remove_comments=True, remove_pis=True)
    # lxml.html asks Python for the class of every element; no form needs one of its own here
    parser.set_element_class_lookup(_ONE_CLASS)
    try:
        tree = document_fromstring(_XML_DECLARATION.sub(b"", source, count=1), parser=parser)
    except ParserError as error:
        raise ExtractError(f"empty: nothing in the markup: {url}") from error
    if not len(tree):
        raise ExtractError(f"empty: nothing in the markup: {url}")
    return tree


def _drop(tree: HtmlElement) -> None:
    for element in list(tree.iter(*_DROPPED)):
        if element.getparent() is not None:
            element.drop_tree()


def _measured(tree: HtmlElement, url: str) -> int:
    n_elements = int(cast("float", _COUNT(tree)))
    n_chars = len(tree.text_content())
    if n_elements > MAX_ELEMENTS:
        raise ExtractError(f"too_large: {n_elements} elements, at most {MAX_ELEMENTS} are read: {url}")
    if n_chars > MAX_TEXT_CHARS:
        raise ExtractError(f"too_large: {n_chars} characters, at most {MAX_TEXT_CHARS} are read: {url}")
    return n_chars


def _scripts(tree: HtmlElement, kind: str) -> Iterator[str]:
    for script in tree.iter("script"):
        if kind in (script.get("type") or "").lower():
            text = script.text
            if text and len(text) <= MAX_SCRIPT_CHARS:
                yield text


def _title(tree: HtmlElement) -> str:
    titles = (shown_text(element) for element in tree.iter("title") if element.getparent().tag != "svg")
    return next(filter(None, titles), "")


def _headings(tree: HtmlElement) -> list[str]:
    headings = [shown_text(element) for _, element in zip(range(MAX_HEADINGS), tree.iter("h1"), strict=False)]
    return [heading for heading in headings if heading]


def _meta(tree: HtmlElement) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for _, element in zip(range(MAX_META), tree.iter("meta"), strict=False):
        content = tidy((element.get("content") or "")[:MAX_META_CHARS])
        if not content:
            continue
        for attribute in ("property", "name", "itemprop"):
            name = (element.get(attribute) or "").strip().lower()
            if name:
                found[name] = (*found.get(name, ()), content)
    return found


def _canonical(tree: HtmlElement) -> str | None:
    for element in tree.iter("link"):
        if "canonical" in (element.get("rel") or "").lower().split() and element.get("href"):
            return str(element.get("href")).strip()
    return None


def _times(tree: HtmlElement) -> list[TimeTag]:
    return [
        TimeTag(value=(element.get("datetime") or "").strip(), shown=shown_text(element), label=_label(element))
        for _, element in zip(range(MAX_TIMES), tree.iter("time"), strict=False)
    ]


def _bylines(tree: HtmlElement) -> list[str]:
    elements = cast("list[HtmlElement]", _BYLINES(tree))[:MAX_BYLINES]
    lines = (tidy(" ".join(element.itertext())) for element in elements)
    return [line for line in lines if 0 < len(line) <= MAX_BYLINE_CHARS]


def _label(element: HtmlElement) -> str:
    parent = element.getparent()
    names = [
        owner.get(attribute) or ""
        for owner in (element, parent)
        if owner is not None
        for attribute in ("class", "id", "itemprop", "data-testid")
    ]
    if element.get("pubdate") is not None:
        names.append("pubdate")
    return " ".join(names).lower()
