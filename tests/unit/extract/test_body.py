import json

import pytest

from tests.unit.extract.pages import article, document, json_ld, make_markup
from tracker.extract import body as reading
from tracker.extract.body import read_body
from tracker.extract.structured import read_statements

SENTENCES = [
    f"Point {number} of the order says that clause{number} and rule{number} go with page{number} of file{number}."
    for number in range(12)
]


def body(html):
    markup = make_markup(html)
    return read_body(markup, read_statements(markup.scripts))


def declared(text):
    return json_ld(json.dumps({"@type": "NewsArticle", "headline": "x", "articleBody": text}))


def test_the_page_s_own_paragraphs():
    found = body(article(4))
    assert found.source == "page"
    assert sum("says no more" in block for block in found.blocks) == 4


def test_a_declared_text_that_the_page_lost_is_taken():
    shown = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES[:2])
    found = body(document(head=declared("\n".join(SENTENCES)), body=f"<article>{shown}</article>"))
    assert found.source == "json-ld"
    assert list(found.blocks) == SENTENCES


def test_a_declared_text_in_markup_is_read():
    html_text = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
    found = body(document(head=declared(html_text), body=f"<article><p>{SENTENCES[0]}</p></article>"))
    assert list(found.blocks) == SENTENCES


def test_a_declared_summary_changes_nothing():
    shown = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
    found = body(document(head=declared("A short summary of it all."), body=f"<article>{shown}</article>"))
    assert (found.source, list(found.blocks)) == ("page", SENTENCES)


def test_a_declared_text_tells_what_is_foreign():
    foreign = (
        "Readers of this piece also bought a kettle, a lamp, a chair, two rugs and a garden hose"
        " from our shop in the old harbour last year, it seems."
    )
    shown = "".join(
        f"<p>{sentence}</p>" for sentence in [*SENTENCES[:6], foreign, *SENTENCES[6:], "And that was that."]
    )
    found = body(document(head=declared(" ".join(SENTENCES)), body=f"<article>{shown}</article>"))
    assert list(found.blocks) == SENTENCES


def test_the_script_s_text_is_taken_where_the_page_shows_its_beginning():
    nodes = [{"type": "paragraph", "content": [{"type": "text", "value": sentence}]} for sentence in SENTENCES]
    state = f'<script type="application/json">{json.dumps({"props": {"story": {"body": nodes}}})}</script>'
    found = body(document(head=state, body=f"<article><p>{SENTENCES[0]}</p></article>"))
    assert found.source == "script"
    assert list(found.blocks) == SENTENCES
    other = body(
        document(
            head=state,
            body="<article><p>Ferries ran late all week, and nobody at the port would say why they did.</p></article>",
        )
    )
    assert other.source != "script"


def test_embedded_posts_go():
    post = (
        '<blockquote class="twitter-tweet"><p>Look at this unbelievable ruling, everyone, it is here now</p>'
        "Someone (@someone) May 13</blockquote>"
    )
    assert not any("unbelievable" in block for block in body(article(5, after=post)).blocks)


@pytest.mark.parametrize(("n_left_out", "readings"), [(1, ["narrow"]), (8, ["narrow", "wide"])])
def test_a_short_reading_is_tried_again_only_where_the_page_has_that_much_more(monkeypatch, n_left_out, readings):
    tried = []

    def read(_tree, *, wide):
        tried.append("wide" if wide else "narrow")
        return SENTENCES if wide else SENTENCES[:-n_left_out]

    monkeypatch.setattr(reading, "_trafilatura", read)
    shown = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
    menu = "<span>Menu of things</span>" * 200  # so that the reading is a small part of the page
    found = body(document(body=f"<div>{menu}</div><article>{shown}</article>"))
    assert tried == readings
    assert found.source == ("page-wide" if "wide" in readings else "page")
