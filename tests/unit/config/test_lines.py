import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.config.lines import find_line, statements

TEXT = '''\
# [not.a.header]
title = "x = [" # ]
query = """
[not] = "a header"
"""
list = [
  "one", # ]
  'two',
]
[a.b]
c = 1
d.e = 2
[[a.x]]
k = 1
[[a.x]]
k = 2
[[a.x.y]]
z = 1
[[a.x.y]]
z = { p = "[[", q = 2 }
'''


@pytest.mark.parametrize(
    ("location", "value", "line"),
    [
        (("title",), None, 2),
        (("list", 1), "two", 8),
        (("a", "b", "c"), None, 11),
        (("a", "b", "d", "e"), None, 12),
        (("a", "x", 0, "k"), None, 14),
        (("a", "x", 1, "k"), None, 16),
        (("a", "x", 1, "missing"), None, 15),
        (("a", "x", 1, "y", 1, "z"), None, 20),
        (("a", "x", 1, "y", 1, "z", "q"), 2, 20),
        (("nowhere",), None, 1),
    ],
)
def test_lines_of_keys(location, value, line):
    tomllib.loads(TEXT)
    assert find_line(TEXT, location, value) == line


@given(st.lists(st.sampled_from([*TEXT, *TEXT.splitlines(keepends=True), '"""', "'''"]), max_size=40).map("".join))
def test_statements_joined_are_the_text(text):
    assert "".join(statement.text for statement in statements(text)) == text
