from __future__ import annotations

import pytest
from markupsafe import Markup

from dashboard.markup import Column, href, link, outside, plain, table, title


def test_plain_takes_away_what_moves_others_and_keeps_the_rest() -> None:
    assert plain("a\x1b[31mb\u202ec\u200fd\te\nf é 🔥") == "a[31mbcd\te\nf é 🔥"


def test_plain_cuts_on_one_line_with_a_sign() -> None:
    assert plain("one\n\ntwo   three", 9) == "one two…"
    assert plain("one two " + 100 * "x", 50) == "one two " + 41 * "x" + "…"
    assert plain(None, 9) == ""


def test_title_is_escaped_once_and_isolated() -> None:
    assert title("<b>&</b>") == "<bdi>&lt;b&gt;&amp;&lt;/b&gt;</bdi>"
    assert title("\u202e") == "<bdi>(no headline)</bdi>"


def test_href_encodes_parameters() -> None:
    assert href("article", [("outlet", "A & B"), ("outlet", "C=D")]) == "article?outlet=A+%26+B&outlet=C%3DD"
    assert href("") == "./"


def test_link_escapes_label_and_address_but_keeps_markup() -> None:
    html = link(Markup("<i>x</i>"), 'a?b="c"&d', "<hint>")

    assert html == '<a href="a?b=&#34;c&#34;&amp;d" target="_self" title="&lt;hint&gt;"><i>x</i></a>'


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "//host/path", "ftp://x/", "http://", "http://[x", "file:///etc"]
)
def test_outside_links_to_web_addresses_alone(url: str) -> None:
    assert "<a " not in outside(url, "there")
    assert outside("https://x.example/?a=1&b=2", "there").startswith('<a href="https://x.example/?a=1&amp;b=2"')


def test_table_escapes_cells_and_marks_figures() -> None:
    html = table([Column(head="Name"), Column(head="n", is_figure=True)], [("<x>", 3)], "A & B")

    assert '<td class="" data-head="Name">&lt;x&gt;</td><td class="ct-figure" data-head="n">3</td>' in html
    assert "<caption>A &amp; B</caption>" in html
