"""The article's text: trafilatura's reading of the page, checked against what the page says of itself.

Which reading is taken is decided page by page, on evidence: how much running text each gives, and how
far they are the same text. No rule names an outlet.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import cast

import trafilatura
from lxml.etree import XPath
from lxml.html import HtmlElement, document_fromstring
from trafilatura.settings import Document, Extractor

from tracker.extract.cleaning import is_prose, paragraphs
from tracker.extract.markup import Markup
from tracker.extract.region import n_running, narrow
from tracker.extract.state import state_paragraphs
from tracker.extract.structured import Statement
from tracker.extract.words import Shingle, containment, shingles

# A first reading that is short, and a small part of what the page shows, or mostly not running text, may
# have missed the article: a second, wider one is tried.
SHORT_CHARS = 2_000
SMALL_SHARE = 0.5
MIN_PROSE_SHARE = 0.3
MIN_GAIN = 1.5  # the wider reading must give this much more running text (trafilatura's own ratio)
# Declared text and read text are the same article where nearly all of one is in the other.
SAME = 0.9
LOST = 1.3  # a declared text that holds the read one and is this much longer has what the reading lost
VERIFYING = 0.8  # a declared text of at least this share of the read one's length can tell what is not in it
FOREIGN = 0.2  # a paragraph of which less than this is in the verifying text is not the article's
BEGINNING = 0.5  # share of what is shown that must be in a script's text: the dek and captions are not
LONG_WORDS = 25  # a paragraph this long is no subheading
MIN_BODY_WORDS = 60  # a shorter declared text is a summary

_EMBEDS = XPath(
    "descendant::blockquote[contains(@class,'twitter-tweet') or contains(@class,'twitter-video')"
    " or contains(@class,'instagram-media') or contains(@class,'tiktok-embed') or contains(@class,'bluesky-embed')"
    " or contains(@class,'fb-post') or contains(@class,'text-post-media')]"
)
# What trafilatura would take out as well, but only after it has copied the page three times.
_AROUND = (
    "nav", "footer", "noscript", "button", "select", "option", "input", "picture", "source", "video", "audio",
    "dialog", "map", "datalist", "menu",
)  # fmt: skip
_MARKUP = re.compile(r"<(?:p|br|div|h\d|li)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """A text's paragraphs, not yet cleaned, and where they were read."""

    blocks: tuple[str, ...]
    source: str  # "page" | "page-wide" | "json-ld" | "script"

    @property
    def prose(self) -> int:
        """Characters of running text."""
        return sum(len(block) for block in self.blocks if is_prose(block))

    @property
    def n_chars(self) -> int:
        """Characters of all paragraphs."""
        return sum(map(len, self.blocks))


def read_body(markup: Markup, statements: Sequence[Statement]) -> Body:
    """Return the article's paragraphs by the best reading of the page; none where there is no text.

    ``statements`` are those about this page. ``markup.tree`` loses menus, players, embedded posts of social
    networks, and what lies beside the running text.
    """
    _drop_around(markup.tree)
    narrow(markup.tree)
    body = _from_page(markup)
    for statement in statements:
        body = _checked(body, statement)
    return _from_state(body, markup)


def _drop_around(tree: HtmlElement) -> None:
    for element in [*cast("list[HtmlElement]", _EMBEDS(tree)), *tree.iter(*_AROUND)]:
        if element.getparent() is not None:
            element.drop_tree()


def _from_page(markup: Markup) -> Body:
    first = Body(blocks=tuple(_trafilatura(markup.tree, wide=False)), source="page")
    # On 208 real pages 33 are doubtful and 12 of them have more to give; the wider reading found it on 2.
    if not _is_doubtful(first, markup.n_chars) or n_running(markup.tree) < MIN_GAIN * first.prose:
        return first
    second = Body(blocks=tuple(_trafilatura(markup.tree, wide=True)), source="page-wide")
    return second if second.prose >= MIN_GAIN * first.prose and second.prose else first


def _is_doubtful(body: Body, n_page_chars: int) -> bool:
    is_small = body.n_chars < SHORT_CHARS and body.n_chars < SMALL_SHARE * n_page_chars
    return is_small or body.prose < MIN_PROSE_SHARE * body.n_chars


@cache
def _options(*, wide: bool) -> Extractor:
    return Extractor(output_format="python", fast=True, recall=wide, comments=False, tables=True, formatting=False)


def _trafilatura(tree: HtmlElement, *, wide: bool) -> list[str]:
    document = trafilatura.bare_extraction(tree, options=_options(wide=wide))
    return paragraphs(document.text or "") if isinstance(document, Document) else []


def _checked(body: Body, statement: Statement) -> Body:
    """Return the declared text where the reading lost it, else the reading without foreign paragraphs."""
    declared = _declared(statement)
    declared_shingles = shingles("\n".join(declared))
    if len(declared_shingles) < MIN_BODY_WORDS:
        return body
    read_shingles = shingles("\n".join(body.blocks))
    if _has_lost(read_shingles, declared_shingles):
        return Body(blocks=tuple(declared), source="json-ld")
    if _verifies(declared_shingles, read_shingles):
        return Body(blocks=tuple(_own(body.blocks, declared_shingles)), source=body.source)
    return body


def _from_state(body: Body, markup: Markup) -> Body:
    """Return the text that the page's script carries, where what is shown is the beginning of it."""
    if not markup.states or body.prose >= SHORT_CHARS:
        return body
    blocks = state_paragraphs(markup.states)
    shown = frozenset().union(*(shingles(block) for block in body.blocks if is_prose(block)))
    carried = shingles("\n".join(blocks))
    if len(carried) > LOST * len(shown) and containment(shown, carried) >= BEGINNING:
        return Body(blocks=tuple(blocks), source="script")
    return body


def _has_lost(read: frozenset[Shingle], declared: frozenset[Shingle]) -> bool:
    return len(declared) > LOST * len(read) and containment(read, declared) >= SAME


def _verifies(declared: frozenset[Shingle], read: frozenset[Shingle]) -> bool:
    return len(declared) >= VERIFYING * len(read) and containment(declared, read) >= SAME


def _own(blocks: Sequence[str], declared: frozenset[Shingle]) -> list[str]:
    """Drop what follows the last paragraph of the declared text, and long paragraphs that are not in it.

    Short ones stay: declared texts leave out subheadings and lists.
    """
    is_own = [containment(shingles(block), declared) >= FOREIGN for block in blocks]
    end = max((index for index, own in enumerate(is_own) if own), default=len(blocks) - 1) + 1
    pairs = zip(blocks[:end], is_own, strict=False)
    return [block for block, own in pairs if own or len(block.split()) < LONG_WORDS]


def _declared(statement: Statement) -> list[str]:
    text = statement.body or "\n".join(statement.updates)
    if not text.strip():
        return []
    if _MARKUP.search(text):
        root = document_fromstring(f"<div>{text}</div>")
        for element in root.iter("p", "br", "div", "li", "h1", "h2", "h3", "h4"):
            element.tail = "\n" + (element.tail or "")
        text = "".join(map(str, root.itertext()))
    return paragraphs(text)
