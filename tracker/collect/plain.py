"""Markup of any vintage to plain text: what feeds put into titles, summaries and content."""

from __future__ import annotations

import html
import re

from lxml import etree
from lxml import html as lxml_html

# A tag, comment or declaration. A "<" before a space or digit is a less-than sign and stays.
_TAG = re.compile(r"<[a-zA-Z/!?][^<>]*>")
_MARKUP = re.compile(r"<[a-zA-Z/!?]|&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
# XML 1.0 section 2.2: characters that no document may hold; lxml refuses them.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
# Beyond Unicode, and from 4,300 digits on more than Python makes a number of
_LONG_REFERENCE = re.compile(r"&#(?:\d{8,}|[xX][0-9a-fA-F]{7,});?")
_SPACE = re.compile(r"\s+")
_BLOCKS = [
    "address",
    "article",
    "aside",
    "blockquote",
    "br",
    "dd",
    "div",
    "dl",
    "dt",
    "figcaption",
    "figure",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "li",
    "main",
    "ol",
    "p",
    "pre",
    "section",
    "table",
    "td",
    "th",
    "tr",
    "ul",
]
# What these hold is code or a fallback for machines, never what the publisher says.
_UNREAD = ("script", "style", "noscript", "template", "iframe", "object", "svg", "head")
_MAX_ROUNDS = 3  # feeds escape twice, a few three times; more is an attack
MAX_MARKUP_CHARS = 2_000_000  # of one field; the longest article with markup has below a tenth of it


def plain_line(markup: str | None) -> str:
    """Return the text of a title or summary in one line: no tags, no entities, single spaces.

    Script and style elements go with what they contain. Doubly escaped markup is undone as well, so that
    ``&amp;lt;b&amp;gt;`` never shows as a tag. Input is what an XML parser hands over (one level unescaped).
    """
    return _SPACE.sub(" ", _plain(markup or "")).strip()


def plain_paragraphs(markup: str | None) -> str:
    """Return the text of a content field with block elements as paragraphs, parted by one blank line."""
    lines = (_SPACE.sub(" ", line).strip() for line in _plain(markup or "").split("\n\n"))
    return "\n\n".join(line for line in lines if line)


def _plain(markup: str) -> str:
    text = _LONG_REFERENCE.sub("\ufffd", _FORBIDDEN.sub("", markup[:MAX_MARKUP_CHARS]))
    for _ in range(_MAX_ROUNDS):
        if not _MARKUP.search(text):
            break
        text = _without_tags(text) if _TAG.search(text) else html.unescape(text)
    return _FORBIDDEN.sub("", _TAG.sub(" ", text))


def _without_tags(markup: str) -> str:
    try:
        root = lxml_html.document_fromstring(f"<div>{markup}</div>")
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return html.unescape(_TAG.sub(" ", markup))  # what even a forgiving parser gives up on
    etree.strip_elements(root, etree.Comment, etree.ProcessingInstruction, *_UNREAD, with_tail=False)
    for block in root.iter(*_BLOCKS):
        block.text = f"\n\n{block.text or ''}"
        block.tail = f"\n\n{block.tail or ''}"
    return "".join(map(str, root.itertext()))
