import pytest

from tests.unit.extract.pages import document, json_ld, make_markup
from tracker.errors import ExtractError
from tracker.extract.markup import MAX_ELEMENTS, MAX_TEXT_CHARS


def test_what_is_collected():
    markup = make_markup(
        document(
            head=(
                '<meta property="OG:Title" content=" A  title ">'
                '<meta name="author" content="A"><meta name="author" content="B">'
                '<link rel="canonical" href="/x"><style>p{}</style>' + json_ld('{"@type":"Article"}')
            ),
            body=(
                '<h1>A <b>big</b>\n day</h1><h1></h1><span class="Byline">By A</span>'
                '<time datetime="2025-05-13" class="Pub">May</time>'
            ),
        )
    )
    assert markup.first("og:title") == "A title"
    assert markup.meta["author"] == ("A", "B")
    assert markup.canonical == "/x"
    assert markup.headings == ("A big day",)
    assert markup.bylines == ("By A",)
    assert (markup.times[0].value, markup.times[0].shown, "pub" in markup.times[0].label) == ("2025-05-13", "May", True)
    assert markup.scripts == ('{"@type":"Article"}',)
    assert markup.language == "en"
    assert next(markup.tree.iter("script", "style"), None) is None


def test_first_goes_by_the_order_of_names():
    markup = make_markup(document(head='<meta name="b" content="2"><meta name="a" content="1">'))
    assert markup.first("a", "b") == "1"
    assert markup.first("c") is None


def test_a_drawing_has_no_say_in_the_title():
    markup = make_markup("<html><body><svg><title>Logo</title></svg><p>x</p></body></html>")
    assert markup.title == ""


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("just words", "not_html"),
        ('{"json": true}', "not_html"),
        ('<?xml version="1.0"?><rss version="2.0"><channel><title>x</title></channel></rss>', "not_html: a feed"),
        ("<html><body>" + "<i>x</i>" * (MAX_ELEMENTS + 1), "too_large"),
        ("<html><body><p>" + "x" * (MAX_TEXT_CHARS + 1), "too_large"),
    ],
)
def test_refusals(body, reason):
    with pytest.raises(ExtractError, match=f"^{reason}"):
        make_markup(body)


def test_nesting_is_cut():
    markup = make_markup("<html><body>" + "<div>" * 100_000 + "deep")
    assert sum(1 for _ in markup.tree.iter()) < 300
