"""Cutting a page down to where its running text stands."""

from lxml.html import document_fromstring

from tracker.extract.region import n_running, narrow

SENTENCE = "The court said on Monday that the agencies may go on sharing the records while the case is heard."


def narrowed(body):
    tree = document_fromstring(f"<html><head><title>T</title></head><body>{body}</body></html>")
    narrow(tree)
    return [element.get("id") for element in tree.iter() if element.get("id")]


def test_what_lies_beside_the_text_is_cut_and_what_it_stands_in_stays():
    text = "".join(f"<p id=p{n}>{SENTENCE} Part {n} of it was read aloud.</p>" for n in range(6))
    page = (
        "<div id=menu><a>News</a></div>"
        f"<main id=main><section id=story><h2 id=dek>Dek</h2><div id=body>{text}</div></section>"
        f"<aside id=more><p id=teaser>Read more.</p></aside></main><div id=end><p>Contact us.</p></div>"
    )
    assert narrowed(page) == ["main", "story", "dek", "body", *(f"p{n}" for n in range(6))]


def test_text_in_two_columns_is_kept_whole():
    column = "".join(f"<p>{SENTENCE}</p>" for _ in range(6))
    columns = f"<div id=both><div id=one>{column}</div><div id=ad></div><div id=two>{column}</div></div>"
    assert narrowed(f"<div id=all>{columns}</div><div id=end></div>") == ["all", "both", "one", "ad", "two"]


def test_a_page_whose_text_stands_in_no_paragraph_is_left_whole():
    comments = "".join(f"<p>{SENTENCE}</p>" for _ in range(8))
    page = f"<div id=story>{(SENTENCE + '<br>') * 30}</div><div id=comments>{comments}</div>"
    assert narrowed(page) == ["story", "comments"]


def test_a_page_with_little_text_is_left_whole():
    assert narrowed(f"<div id=a><p>{SENTENCE}</p></div><div id=b></div>") == ["a", "b"]


def test_running_text_is_counted_once_wherever_it_stands():
    tree = document_fromstring(f"<div>{SENTENCE} And so on.<p>{SENTENCE}</p><p>Menu</p><a>Home</a></div>")
    assert n_running(tree) == len(f"{SENTENCE} And so on.") + len(SENTENCE)
