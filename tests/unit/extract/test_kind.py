import pytest

from tests.unit.extract.pages import PROSE, document, make_markup
from tracker.extract.kind import find_kind
from tracker.extract.structured import read_statements
from tracker.model import ArticleKind

A = "https://a.example"


def kind(*, url=f"{A}/x", head="", title="Judge lets deal stand", section=None, authors=(), text=PROSE * 20, types=()):
    statements = read_statements([f'{{"@type":"{name}"}}' for name in types])
    markup = make_markup(document(head=head, body=f"<h1>{title}</h1>", title=title), url=url)
    return find_kind(markup, statements, url=url, section=section, authors=authors, text=text)


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ({}, ArticleKind.UNKNOWN),
        ({"types": ["NewsArticle"]}, ArticleKind.NEWS),
        ({"types": ["Article"], "section": "Politics"}, ArticleKind.NEWS),
        ({"types": ["NewsArticle"], "url": f"{A}/opinion/a"}, ArticleKind.OPINION),
        ({"types": ["OpinionNewsArticle"]}, ArticleKind.OPINION),
        ({"types": ["NewsArticle"], "section": "Opinion | Columnists"}, ArticleKind.OPINION),
        ({"types": ["OpinionNewsArticle"], "url": f"{A}/opinion/editorials/a"}, ArticleKind.EDITORIAL),
        ({"authors": ["The Ledger Editorial Board"]}, ArticleKind.EDITORIAL),
        ({"types": ["LiveBlogPosting"]}, ArticleKind.LIVE),
        ({"url": f"{A}/news/live/a"}, ArticleKind.LIVE),
        ({"title": "Address hearing: live updates"}, ArticleKind.LIVE),
        ({"title": "Opinion | Let the deal stand"}, ArticleKind.OPINION),
        ({"title": "Analysis: what the ruling means", "types": ["NewsArticle"]}, ArticleKind.ANALYSIS),
        ({"types": ["AnalysisNewsArticle"]}, ArticleKind.ANALYSIS),
        ({"url": f"{A}/press-releases/a"}, ArticleKind.PRESS_RELEASE),
        ({"text": "PIER CITY, May 13, 2025 /PRNewswire/ -- " + PROSE}, ArticleKind.PRESS_RELEASE),
        ({"url": f"{A}/transcripts/a"}, ArticleKind.TRANSCRIPT),
        ({"url": f"{A}/video/a", "text": "A short line."}, ArticleKind.MEDIA),
        ({"url": f"{A}/video/a"}, ArticleKind.UNKNOWN),  # a long text with a player is an article
        ({"types": ["VideoObject"], "text": "A short line."}, ArticleKind.MEDIA),
        # words in the headline or text say nothing: only labels do
        ({"title": "Opinion polls shift after ruling", "types": ["NewsArticle"]}, ArticleKind.NEWS),
        ({"text": "In my opinion this is an outrage. " * 30, "types": ["NewsArticle"]}, ArticleKind.NEWS),
        ({"url": f"{A}/news/opinion-polls-shift", "types": ["NewsArticle"]}, ArticleKind.NEWS),
    ],
)
def test_kinds(given, wanted):
    assert kind(**given) is wanted
