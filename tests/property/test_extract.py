"""Whatever the bytes: an article or an ExtractError, nothing else, and the article keeps its promises."""

import unicodedata
from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tracker.errors import ExtractError
from tracker.extract.cleaning import clean, paragraphs
from tracker.extract.dates import EARLIEST, MAX_AHEAD, read_stamp
from tracker.extract.page import extract_page
from tracker.extract.structured import read_statements
from tracker.model import Page

FETCHED_AT = datetime(2025, 5, 14, tzinfo=UTC)
# Pieces that reach every part of the package, in any order, broken anywhere.
PIECES = [
    *("<html lang='es'>", "<head>", "<title>", "</title>", "<body>", "<article>", "</article>", "<h1>", "</h1>"),
    *("<p>", "</p>", "<div>", "</div>", "<table><tr><td>", "<li>", "<br>", "<a href='/x'>", "</a>", "<!--", "-->"),
    *("<time datetime='", "'>", "<meta name='", "' content='", "<link rel=canonical href='http://[", "<![CDATA["),
    *("article:published_time", "author", "By John Doe and ", "2025-05-13", "9999-12-31T23:59:59-14:00", "1e5"),
    *("<script type='application/ld+json'>", "</script>", '{"@type":"NewsArticle",', '"headline":', '"articleBody":"'),
    *('"datePublished":"0001-01-01T00:00:00+14:00"', "[[[", "}", "&#0;", "&#xD800;", "\x00", "\u202e", "é", "😀", " "),
    *("<svg><title>", "<blockquote class='twitter-tweet'>", "paragraph", "| a | b |", "...", "Read more: "),
    *("<script type='application/json'>", "Subscribe to continue", "٣٤٥", "١٢٣٤٥٦٧٨"),
    "The judge refused on Tuesday to stop the office from handing over the addresses. ",
]
MARKUP = st.lists(st.sampled_from(PIECES) | st.text(max_size=20), max_size=60).map("".join)
SLOW = settings(max_examples=120, suppress_health_check=[HealthCheck.too_slow])


def read(body, charset=None):
    page = Page(
        url="https://a.example/b", final_url="https://a.example/b", body=body, charset=charset, fetched_at=FETCHED_AT,
        payload_digest="",
    )  # fmt: skip
    try:
        return extract_page(page)
    except ExtractError as refused:
        reason = str(refused).split(": ")[0]
    assert reason in {"not_html", "challenge", "soft404", "empty", "too_large"}
    return None


def check_promises(article):
    blocks = article.text.split("\n\n")
    assert all(block == block.strip() and block for block in blocks)
    assert unicodedata.is_normalized("NFC", article.text)
    assert not any(unicodedata.category(char) == "Cc" and char != "\n" for char in article.text + article.title)
    assert article.word_count == len(article.text.split())
    for moment in (article.published_at, article.modified_at):
        assert moment is None or (moment.tzinfo is UTC and EARLIEST <= moment <= FETCHED_AT + MAX_AHEAD)


@SLOW
@given(st.binary(max_size=2_000), st.none() | st.text(max_size=12))
@example(b"<p>\xff\xfe\x00", "utf-16")
def test_bytes(body, charset):
    article = read(body, charset)
    if article is not None:
        check_promises(article)


@SLOW
@given(MARKUP)
def test_markup(markup):
    article = read(markup.encode("utf-8", errors="surrogatepass"))
    if article is not None:
        check_promises(article)


@given(st.text(max_size=80))
def test_stamps(text):
    stamp = read_stamp(text)
    assert stamp is None or stamp.at.utcoffset() == timedelta(0)


@given(st.text(max_size=300))
def test_statements(script):
    assert isinstance(read_statements([script]), tuple)


@given(st.lists(st.text(max_size=120), max_size=12), st.text(max_size=40))
def test_cleaning_only_takes_away(lines, title):
    blocks = paragraphs("\n".join(lines))
    left = iter(blocks)
    assert all(block in left for block in clean(blocks, title=title))  # in order, none made up
