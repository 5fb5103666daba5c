"""The headline as printed, found by agreement: what several parts of the page call the page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import unescape

from tracker.extract.markup import Markup
from tracker.extract.structured import Statement
from tracker.extract.words import f1, tidy, words

MAX_TITLE_CHARS = 300  # longer is no headline; the longest of the measured set has 170
AGREEING = 0.5  # share of words that make two titles versions of one: search titles are often rewritten
LOOSELY_AGREEING = 0.25  # enough for an h1 that is long enough to be a headline
MIN_HEADLINE_WORDS = 4
MAX_SITE_WORDS = 6  # a longer part behind a separator is half of a headline, not a site's name

_TAG = re.compile(r"<[^<>]{1,200}>")
_SEPARATOR = re.compile(r"\s+[|–—·•»:-]\s+|\s*\|\s*")
_LABEL = re.compile(
    r"^(?:opinion|editorial|analysis|column|commentary|op-ed|letters?|review|watch|video|live|exclusive|perspective)\s*\|\s+",
    re.IGNORECASE,
)


def find_title(markup: Markup, statements: Sequence[Statement], site_name: str | None) -> str:
    """Return the headline as the page prints it, or an empty string where there is none.

    An ``h1`` that agrees with what the page calls itself elsewhere (Open Graph, schema.org, ``<title>``)
    is the headline; without one, the best of those names, freed of the site's name and of labels.
    """
    names = declared_titles(markup, statements, site_name)
    headings = [_tidy(heading) for heading in markup.headings]
    printed = _printed(headings, names)
    if printed:
        return _without_kicker(printed, names)
    if names:
        return names[0]
    return next((heading for heading in headings if heading), "")


def declared_titles(markup: Markup, statements: Sequence[Statement], site_name: str | None) -> list[str]:
    """Return what the page calls itself, best first, site names and labels taken off."""
    raw = (
        markup.first("og:title"),
        *(statement.headline for statement in statements),
        markup.first("twitter:title", "dc.title", "sailthru.title", "parsely-title", "headline"),
        markup.title,
    )
    titles = [_tidy(text) for text in raw if text]
    return list(dict.fromkeys(filter(None, (_bare(title, titles, site_name) for title in titles))))


def _printed(headings: Iterable[str], names: Sequence[str]) -> str | None:
    candidates = [heading for heading in headings if heading]
    scored = [(max((_agreement(heading, name) for name in names), default=0.0), heading) for heading in candidates]
    best = max(scored, key=lambda pair: pair[0], default=(0.0, ""))
    enough = LOOSELY_AGREEING if len(words(best[1])) >= MIN_HEADLINE_WORDS else AGREEING
    if names and best[0] >= enough:
        return best[1]
    only = candidates[0] if len(candidates) == 1 else ""
    return only if len(words(only)) >= MIN_HEADLINE_WORDS else None


def _agreement(heading: str, name: str) -> float:
    return f1(frozenset(words(heading)), frozenset(words(name)))


def _without_kicker(printed: str, names: Sequence[str]) -> str:
    """Take off a section label printed before the headline, where the page itself leaves it off."""
    for name in names:
        head, tail = printed[: -len(name)].strip(), printed[-len(name) :]
        if head and tail.casefold() == name.casefold() and len(words(head)) <= MAX_SITE_WORDS:
            return tail
    return _LABEL.sub("", printed)


def _bare(title: str, others: Sequence[str], site_name: str | None) -> str:
    """Take labels and the site's name off a title."""
    parts = [part.strip() for part in _SEPARATOR.split(_LABEL.sub("", title)) if part.strip()]
    if len(parts) <= 1:
        return parts[0] if parts else ""
    site = set(words(site_name or ""))
    bare = _LABEL.sub("", title)
    for first, cut in ((True, parts[0]), (False, parts[-1])):
        is_site = bool(site) and set(words(cut)) <= site | {"news", "the", "com", "online", "www"}
        shorter = _cut(bare, cut, first=first)
        is_left_off = any(shorter.casefold() == other.casefold() for other in others if other != title)
        if (is_site or is_left_off) and len(words(cut)) <= MAX_SITE_WORDS and len(words(shorter)) > 1:
            return _bare(shorter, others, site_name)
    return bare


def _cut(title: str, part: str, *, first: bool) -> str:
    if first:
        return title[title.index(part) + len(part) :].lstrip(" |–—·•»:-")
    return title[: title.rindex(part)].rstrip(" |–—·•»:-")


def _tidy(text: str) -> str:
    shown = tidy(_TAG.sub("", unescape(text)))
    return shown if len(shown) <= MAX_TITLE_CHARS else ""
