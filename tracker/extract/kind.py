"""What an article is, from metadata alone: schema.org types, sections, addresses, bylines. Never from tone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from urllib.parse import unquote, urlsplit

from tracker.extract.markup import Markup
from tracker.extract.structured import Statement
from tracker.model import ArticleKind

# schema.org subtypes of NewsArticle and CreativeWork that name a kind by themselves.
_TYPES = {
    "liveblogposting": ArticleKind.LIVE,
    "opinionnewsarticle": ArticleKind.OPINION,
    "analysisnewsarticle": ArticleKind.ANALYSIS,
    "backgroundnewsarticle": ArticleKind.ANALYSIS,
    "reviewnewsarticle": ArticleKind.OPINION,
    "advertisercontentarticle": ArticleKind.PRESS_RELEASE,
    "reportagenewsarticle": ArticleKind.NEWS,
}
_MEDIA_TYPES = frozenset({"videoobject", "imagegallery", "mediagallery", "audioobject", "podcastepisode"})
_NEWS_TYPES = frozenset({"newsarticle", "article", "report"})

# Words of a section's name or of a path's folder, whole words, most telling first.
_EDITORIAL = r"editorials?|editorial[- ]board|leaders|our[- ]view"
_OPINION = (
    r"opinions?|op-?eds?|columns?|columnists?|commentary|comment|comment-?is-?free|commentisfree|perspectives?|"
    r"letters(?:[- ]to[- ]the[- ]editor)?|viewpoints?|voices|ideas|contributors|opinion[- ]contributors|"
    r"opini[oó]n(?:es)?|columnas|tribunas?"
)
_ANALYSIS = r"analysis|news[- ]analysis|explainers?|explained|fact-?checks?|an[aá]lisis"
_LIVE = r"live|live-?blogs?|live[- ]updates|live-news|livestory|directo|en-vivo|minuto-a-minuto"
_RELEASE = (
    r"press[- ]?releases?|news-?releases?|prnewswire|business-?wire|globe-?newswire|pr-?newswire|comunicados?|"
    r"sponsored|partner-content|paid-content|newsroom/releases"
)
_TRANSCRIPT = r"transcripts?|transcripciones|transcripci[oó]n"
_MEDIA = (
    r"videos?|watch|galler(?:y|ies)|slideshows?|photos?|pictures|in-pictures|podcasts?|audio|cartoons?|"
    r"fotogaler[ií]as?"
)
_NEWS = (
    r"news|politics|world|us|usa|nation|national|local|uk|business|economy|crime|courts?|elections?|"
    r"immigration|international|mundo|pol[ií]tica|noticias"
)

_RULES = (
    (ArticleKind.PRESS_RELEASE, _RELEASE),
    (ArticleKind.TRANSCRIPT, _TRANSCRIPT),
    (ArticleKind.EDITORIAL, _EDITORIAL),
    (ArticleKind.OPINION, _OPINION),
    (ArticleKind.LIVE, _LIVE),
    (ArticleKind.ANALYSIS, _ANALYSIS),
    (ArticleKind.MEDIA, _MEDIA),
)
_NAMED = tuple((kind, re.compile(rf"(?:{words})", re.IGNORECASE)) for kind, words in _RULES)
_NEWS_NAME = re.compile(rf"(?:{_NEWS})", re.IGNORECASE)
_SECTION_SPLIT = re.compile(r"\s*(?:[/|>,:;]|\s[-–—]\s)\s*")
_BOARD = re.compile(r"\beditorial board\b|\bthe editors\b|\bconsejo editorial\b", re.IGNORECASE)
_TITLE_LABEL = re.compile(
    r"^\W*(?P<label>opinion|editorial|op-ed|column|commentary|analysis|news analysis|explainer|transcript|"
    r"full transcript|"
    r"letters?(?: to the editor)?|watch|video|live updates?|live|opini[oó]n|an[aá]lisis)\b\s*[|:]"
    r"|\|\s*(?P<tail>editorial|opinion|analysis|commentary|column)\s*$|\b(?P<live>live updates?|live blog)\s*$",
    re.IGNORECASE,
)
_RELEASE_WIRE = re.compile(
    r"\(?(?:PRNewswire|Business Wire|GLOBE NEWSWIRE|PR Newswire|ACCESSWIRE)\)?|^FOR IMMEDIATE RELEASE\b", re.IGNORECASE
)
RELEASE_HEAD_CHARS = 300  # where a release names its wire or says so
MIN_TEXT_WORDS = 150  # a page of a video or gallery with more text than this is an article with one


def find_kind(
    markup: Markup,
    statements: Sequence[Statement],
    *,
    url: str,
    section: str | None,
    authors: Sequence[str],
    text: str,
) -> ArticleKind:
    """Return what the article is, ``unknown`` where nothing but its tone would tell.

    In order: a board's byline, schema.org types, labels printed with the headline, sections, the folders
    of the address; news where the page declares a news type or section and nothing more particular.
    """
    if any(map(_BOARD.search, authors)):
        return ArticleKind.EDITORIAL
    types = frozenset[str]().union(*(statement.types for statement in statements))
    by_type = next((kind for name, kind in _TYPES.items() if name in types), None)
    named: ArticleKind | None = None if by_type is ArticleKind.NEWS else by_type
    named = named or _by_label(_titles(markup)) or _by_names(_sections(markup, section)) or _by_names(_folders(url))
    if named is ArticleKind.OPINION and _by_names(_folders(url)) is ArticleKind.EDITORIAL:
        return ArticleKind.EDITORIAL
    if _RELEASE_WIRE.search(text[:RELEASE_HEAD_CHARS]):
        return ArticleKind.PRESS_RELEASE
    if named is ArticleKind.MEDIA and len(text.split()) > MIN_TEXT_WORDS:
        named = None
    if named is not None:
        return named
    return _plain(markup, types, section, url, len(text.split()))


def _plain(markup: Markup, types: frozenset[str], section: str | None, url: str, n_words: int) -> ArticleKind:
    og_type = (markup.first("og:type") or "").lower()
    if n_words <= MIN_TEXT_WORDS and (types & _MEDIA_TYPES or og_type.startswith("video")) and not types & _NEWS_TYPES:
        return ArticleKind.MEDIA
    is_news_section = any(map(_NEWS_NAME.fullmatch, [*_sections(markup, section), *_folders(url)]))
    if "newsarticle" in types or "reportagenewsarticle" in types or is_news_section:
        return ArticleKind.NEWS
    return ArticleKind.UNKNOWN


def _titles(markup: Markup) -> list[str]:
    return [*markup.meta.get("og:title", ()), markup.title, *markup.headings[:1]]


def _by_label(titles: Iterable[str]) -> ArticleKind | None:
    for title in titles:
        found = _TITLE_LABEL.search(title)
        if found:
            label = (found["label"] or found["tail"] or found["live"]).lower()
            return _by_names(
                [label.removeprefix("full ").replace("live updates", "live").replace("live update", "live")]
            )
    return None


def _by_names(names: Iterable[str]) -> ArticleKind | None:
    listed = list(names)
    return next((kind for kind, rule in _NAMED if any(map(rule.fullmatch, listed))), None)


def _sections(markup: Markup, section: str | None) -> list[str]:
    stated = [section or "", *markup.meta.get("article:section", ()), *markup.meta.get("parsely-section", ())]
    return [part.strip() for text in stated for part in _SECTION_SPLIT.split(text) if part.strip()]


def _folders(url: str) -> list[str]:
    """Return the folders of an address's path; its last part names the piece, not what it is."""
    try:
        path = unquote(urlsplit(url).path)
    except ValueError:
        return []
    return [part for part in path.split("/")[:-1] if part]
