from html import escape

from tests.unit.extract.pages import URL, document, make_markup
from tracker.extract.structured import own_statements, read_statements


def only(script):
    (statement,) = read_statements([script])
    return statement


def test_an_article():
    statement = only(
        '{"@type":["NewsArticle"],"headline":"A &amp; B","author":[{"@type":"Person","name":"X"},"Y"],'
        '"wordCount":"120","isAccessibleForFree":"False","articleSection":["Courts","US"],"publisher":{"name":"P"},'
        '"mainEntityOfPage":{"@id":"https://a.example/b"},"datePublished":"2025-05-13"}'
    )
    assert statement.is_article
    assert statement.headline == "A & B"
    assert statement.authors == ("X", "Y")
    assert (statement.word_count, statement.is_free, statement.section) == (120, False, "Courts")
    assert (statement.publisher, statement.url, statement.published) == ("P", "https://a.example/b", "2025-05-13")


def test_graphs_lists_and_broken_blocks():
    scripts = ['[{"@graph":[{"@type":"WebPage"},{"@type":"Article","headline":"x"}]}]', "{broken", ""]
    assert [sorted(statement.types) for statement in read_statements(scripts)] == [["webpage"], ["article"]]


def test_repairs():
    assert only('{"@type":"Article","headline":"x",}').headline == "x"
    assert only('<!-- {"@type":"Article","headline":"x"} -->').headline == "x"
    assert only(escape('{"@type":"Article","headline":"x"}')).headline == "x"
    assert only('{"@type":"Article","headline":"a\nb"}').headline == "a b"


def test_odd_values_are_no_statements_of_anything():
    statement = only('{"@type":7,"headline":{"a":1},"author":[null,{"name":["N"]}],"wordCount":true,"articleBody":[]}')
    assert statement.types == frozenset()
    assert (statement.headline, statement.word_count, statement.body) == (None, None, None)
    assert statement.authors == ("N",)


def test_deep_json_ends():
    assert read_statements(['{"@graph":[' * 50_000, "[" * 100_000]) == ()


def test_own_is_told_by_address_then_headline():
    markup = make_markup(document(title="Judge lets deal stand"))
    other = '{"@type":"NewsArticle","headline":"Ferry fares rise","url":"https://www.harborledger.example/ferry"}'
    own = f'{{"@type":"NewsArticle","headline":"Deal stands","url":"{URL}"}}'
    statements = read_statements([other, own])
    assert [found.headline for found in own_statements(statements, markup, URL)] == ["Deal stands"]
    assert [found.headline for found in own_statements(statements, markup, "https://x.example/y")] == [
        "Ferry fares rise"
    ]


def test_a_page_or_part_that_is_not_free_closes_the_article():
    markup = make_markup(document(title="Judge lets deal stand"))
    article = f'{{"@type":"NewsArticle","headline":"Deal stands","url":"{URL}"}}'
    page = f'{{"@type":"WebPage","url":"{URL}","isAccessibleForFree":"false"}}'
    elsewhere = '{"@type":"WebPage","url":"https://www.harborledger.example/ferry","isAccessibleForFree":false}'
    part = article.replace("}", ',"hasPart":{"@type":"WebPageElement","isAccessibleForFree":false}}')

    def is_free(*scripts: str) -> list[bool | None]:
        return [found.is_free for found in own_statements(read_statements(scripts), markup, URL)]

    assert is_free(article) == [None]
    assert is_free(article, elsewhere) == [None]
    assert is_free(article, page) == [False]
    assert is_free(page) == [False]
    assert is_free(part) == [False]
