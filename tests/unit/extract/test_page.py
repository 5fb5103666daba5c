import logging

import pytest

from tests.unit.extract.pages import PROSE, URL, article, document, json_ld, make_page
from tracker.errors import ExtractError
from tracker.extract.page import extract_page, forget_pages
from tracker.extract.reference import trafilatura_alone
from tracker.extract.version import EXTRACTOR_VERSION
from tracker.model import Completeness


def completeness(html, url=URL):
    found = extract_page(make_page(html, url=url))
    return found.completeness, found.completeness_reason


def statement(rest):
    return json_ld(f'{{"@type":"NewsArticle","headline":"Judge lets deal stand",{rest}}}')


@pytest.mark.parametrize(
    ("html", "wanted"),
    [
        (article(6), (Completeness.WHOLE, None)),
        (article(1), (Completeness.PARTIAL, "short")),
        (article(6, head=statement('"wordCount":900')), (Completeness.PARTIAL, "declared_words")),
        (article(6, head=statement('"wordCount":1')), (Completeness.WHOLE, None)),
        (article(4, head=statement('"isAccessibleForFree":false')), (Completeness.PARTIAL, "paywall")),
        (article(12, head=statement('"isAccessibleForFree":false')), (Completeness.WHOLE, "paywall")),
        (article(4, head='<meta property="article:content_tier" content="locked">'), (Completeness.PARTIAL, "paywall")),
        (article(4, after="<p>Subscribe to continue reading this story.</p>"), (Completeness.PARTIAL, "teaser")),
        (article(4, after="<p>The judge went on to say that the office…</p>"), (Completeness.PARTIAL, "teaser")),
    ],
)
def test_completeness(html, wanted):
    assert completeness(html) == wanted


def test_a_home_page_is_empty():
    assert completeness(article(6), url="https://a.example/") == (Completeness.EMPTY, "home_page")


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        (document(title="Just a moment...", body="<p>Checking your browser</p>"), "challenge"),
        (
            document(
                title="Access Denied", body="<h1>Access Denied</h1><p>You don't have permission to access this.</p>"
            ),
            "challenge",
        ),
        (document(title="ledger.example", body="<p>Please enable JS and disable any ad blocker</p>"), "challenge"),
        (
            document(title="Before you continue", body="<p>We and our partners store and/or access information.</p>"),
            "challenge",
        ),
        (document(title="404", body="<h1>Sorry</h1><p>Back to the front page</p>"), "soft404"),
        (document(title="Ledger", body="<p>The page you are looking for could not be found.</p>"), "soft404"),
        (document(title="Página no encontrada", body="<p>Volver al inicio</p>"), "soft404"),
        (document(title="Judge lets deal stand", body="<h1>Judge lets deal stand</h1>"), "empty"),
        ("<html><frameset><frame src='a'></frameset></html>", "empty"),
    ],
)
def test_notices_are_no_articles(html, reason):
    with pytest.raises(ExtractError, match=f"^{reason}: "):
        extract_page(make_page(html))


@pytest.mark.parametrize(
    "title",
    ["Site blocked in three states", "Error in ballot count found", "Page not found: a memoir of the early web"],
)
def test_articles_about_such_things_are_articles(title):
    assert extract_page(make_page(article(12, title=title))).title == title


def test_a_page_with_a_summary_alone_is_an_article():
    html = document(
        head='<meta property="article:published_time" content="2025-05-13T10:00:00Z">',
        body="<article><h1>Judge lets deal stand</h1><p>The court ruled on Tuesday.</p></article>",
    )
    found = extract_page(make_page(html))
    assert (found.text, found.completeness_reason) == ("The court ruled on Tuesday.", "short")


def test_the_summary_in_the_head_is_better_than_nothing():
    html = document(
        head='<meta name="description" content="The court ruled on Tuesday.">', body="<h1>Judge lets deal stand</h1>"
    )
    assert extract_page(make_page(html)).text == "The court ruled on Tuesday."


@pytest.mark.parametrize(
    ("declared", "wanted"),
    [
        ("https://www.harborledger.example/x?utm_source=y", "https://harborledger.example/x"),
        ("/x", "https://harborledger.example/x"),
        ("https://amp.harborledger.example/", None),
        ("https://partner.example/x", None),
        ("javascript:alert(1)", None),
        ("http://[bad", None),
    ],
)
def test_canonical_addresses_are_believed_or_not(declared, wanted):
    html = article(6, head=f'<link rel="canonical" href="{declared}">')
    assert extract_page(make_page(html)).canonical_url == wanted


def test_text_is_in_paragraphs_without_the_headline():
    found = extract_page(make_page(article(3, before="<p>Judge lets deal stand</p>")))
    assert len(found.text.split("\n\n")) == 3
    assert not found.text.startswith("Judge lets")
    assert found.word_count == len(found.text.split())
    assert found.extractor_version == EXTRACTOR_VERSION
    assert found.language == "en"


def test_short_texts_have_the_stated_language_or_none():
    short = "<article><h1>Hola</h1><p>El tribunal mantiene el acuerdo.</p></article>"
    assert extract_page(make_page(document(body=short, language="es-MX"))).language == "es"
    assert extract_page(make_page(document(body=short, language=""))).language is None


def test_libraries_keep_quiet(caplog):
    with caplog.at_level(logging.DEBUG), pytest.raises(ExtractError):
        extract_page(make_page("<html><body><p></p></body></html>"))
    assert [record for record in caplog.records if record.name.startswith(("trafilatura", "htmldate"))] == []


def test_forgetting_changes_nothing():
    before = extract_page(make_page(article(3)))
    forget_pages()
    assert extract_page(make_page(article(3))) == before


def test_trafilatura_alone_never_raises():
    assert trafilatura_alone(make_page(b"\x00\x01")).text == ""
    assert PROSE.strip() in trafilatura_alone(make_page(article(4))).text
