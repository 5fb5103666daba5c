"""The part of a page in which its running text stands: what an extractor need not look at is cut off before it does."""

from __future__ import annotations

from collections import Counter
from typing import cast

from lxml.etree import XPath
from lxml.html import HtmlElement

from tracker.extract.cleaning import is_prose
from tracker.extract.markup import shown_text

HELD = 0.98  # share of all running text that the part must hold: what lies outside is menus and teasers
MIN_CHARS = 500  # of running text; a page with less is left whole
LONG_CHARS = 100  # of a stretch of text that may be an article's although it stands in no paragraph
IN_PARAGRAPHS = 0.5  # share of all long stretches that must stand in paragraphs, for them to tell where the text is
_LONG = XPath(f"descendant::text()[string-length() >= {LONG_CHARS}]", smart_strings=False)
_LONG_ELSEWHERE = XPath(f"descendant::text()[not(ancestor::p)][string-length() >= {LONG_CHARS}]", smart_strings=False)
_OUTERMOST = frozenset({"html", "body", "main", "article"})


def narrow(tree: HtmlElement) -> None:
    """Cut from a parsed page what lies beside the element that holds nearly all running text, and its parent.

    What that element stands in is kept, for its classes tell an extractor what it is; so is the page's head. On
    208 real pages a third of the elements is left, and trafilatura takes half the time. A page whose text does not
    stand in paragraphs is left as it is.
    """
    held: Counter[HtmlElement] = Counter()
    for paragraph in tree.iter("p"):
        text = shown_text(paragraph)
        if is_prose(text):
            held.update(dict.fromkeys(paragraph.iterancestors(), len(text)))
    total = held[tree]
    if total < MIN_CHARS or total < IN_PARAGRAPHS * sum(map(len, cast("list[str]", _LONG(tree)))):
        return
    inner = tree
    while (child := next((one for one in inner if held[one] >= HELD * total), None)) is not None:
        inner = child
    _keep_only(inner if inner.tag in _OUTERMOST else inner.getparent())


def n_running(tree: HtmlElement) -> int:
    """Return how many characters of running text a page has, be it in paragraphs or in long stretches elsewhere."""
    shown = map(shown_text, tree.iter("p"))
    return sum(map(len, (*filter(is_prose, shown), *cast("list[str]", _LONG_ELSEWHERE(tree)))))


def _keep_only(inner: HtmlElement) -> None:
    while (parent := inner.getparent()) is not None:
        for other in list(parent):
            if other is not inner and other.tag != "head":
                parent.remove(other)
        inner = parent
