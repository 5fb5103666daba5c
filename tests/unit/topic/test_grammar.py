import pytest

from tracker.errors import ConfigError
from tracker.model import Topic
from tracker.topic import compile_topic


def holds(query, text, title=""):
    topic = compile_topic(Topic(topic="t", title="T", hash="0", query=query))
    return topic.match(title or "-", text).is_on_topic


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("irs", "The I.R.S. said"),
        ("IRS AND dhs", "DHS and the IRS"),
        ('"data sharing"', "a data-sharing deal"),
        ('"data-sharing"', "data\nsharing"),
        ("\u201cdata sharing\u201d", "data sharing"),
        ("immigra*", "Immigrants came"),
        ('"shar* data"~6', "data that it would rather not share"),
        ('"d.c. circuit"', "the D.C. Circuit affirmed"),
        ("won't", "it won\u2019t do"),
        ("opinion", "La Opini\u00f3n"),
        ("opini\u00f3n", "La Opinion"),
        ("a OR b AND c", "a"),
        ("NOT x AND y", "y"),
        ("y AND NOT (x OR z)", "y"),
        ("title:head", "body"),
        ("title:(head AND line)", "body"),
        ('"one two"~3', "two three one"),
        ("caf\u00e9*", "cafeteria"),
        ("stra\u00dfe", "STRASSE"),
    ],
)
def test_queries_that_hold(query, text):
    assert holds(query, text, title="head line")


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("ice", "licence and iced"),
        ("immigra", "immigrants"),
        ('"data sharing"', "sharing data"),
        ('"shar* data"~3', "share one two three data"),
        ('"shar* shares"~3', "shares"),
        ("title:body", "body"),
        ('"line body"', "body"),
        ('"line body"~5', "body"),
        ("y AND NOT x", "x y"),
    ],
)
def test_queries_that_do_not_hold(query, text):
    assert holds(query, text, title="head line") is False


@pytest.mark.parametrize(
    ("query", "place", "hint"),
    [
        ("a b", "line 1, column 3", "AND or OR is missing before 'b'"),
        ("a and b", "line 1, column 3", "operators are capitals: AND"),
        ("a AND\nb AND", "line 2, column 6", "the end"),
        ("a AND\n (b OR c", "line 2, column 2", "never closed"),
        ("a) AND b", "line 1, column 2", "closes nothing"),
        ('a AND "b', "line 1, column 7", "no other end"),
        ("", "line 1, column 1", "empty"),
        ("a*b", "line 1, column 1", "end of a word"),
        ("*", "line 1, column 1", "end of a word"),
        ("tax~3 AND a", "line 1, column 1", 'nearness needs quotation marks: "tax data"~3'),
        ('"a b"~500', "line 1, column 1", "1 to 50"),
        ('"a b"~2.5', "query", "must be whole"),
        ("+a", "line 1, column 1", "AND instead of +"),
        ("a^2", "line 1, column 1", "weights"),
        ("/a/", "line 1, column 1", "prefix*"),
        ("[a TO b]", "line 1, column 1", "starts_on"),
        ("titel:a", "line 1, column 1", "did you mean 'title'?"),
        ("NOT a", "line 1, column 1", "only excludes"),
        ("NOT a AND NOT b", "line 1, column 1", "only excludes"),
        ("a AND OR b", "line 1, column 7", "both sides"),
        ("... AND a", "line 1, column 1", "holds no word"),
        ("(" * 200 + "a" + ")" * 200, "line 1, column 61", "parentheses"),
        ("a AND \\", "line 1, column 7", "cannot stand here"),
    ],
)
def test_mistakes_are_named_with_place_and_hint(query, place, hint):
    with pytest.raises(ConfigError) as caught:
        compile_topic(Topic(topic="t", title="T", hash="0", query=query))
    assert "topic t: query" in str(caught.value)
    assert place in str(caught.value)
    assert hint in str(caught.value)
