"""Whatever is marked, the text that a reader sees is the article's text."""

from __future__ import annotations

import html
import re

from hypothesis import given
from hypothesis import strategies as st

from dashboard.layers import Mark, render
from dashboard.markup import plain

OFFSETS = st.integers(min_value=-5, max_value=60)
MARKS = st.builds(
    lambda start, length, kind: Mark(start=start, end=start + length, kind=kind, hint=kind),
    OFFSETS,
    st.integers(min_value=-3, max_value=40),
    st.sampled_from(["ct-quoted", "ct-frame", "ct-term"]),
)


@given(text=st.text(max_size=50), marks=st.lists(MARKS, max_size=8))
def test_taking_the_tags_away_gives_the_text(text: str, marks: list[Mark]) -> None:
    shown = html.unescape(re.sub(r"<[^>]*>", "", str(render(text, marks))))

    assert shown == plain(text)


@given(text=st.text(alphabet="<>&\"' ab", max_size=50), marks=st.lists(MARKS, max_size=8))
def test_no_tag_but_our_own_comes_out(text: str, marks: list[Mark]) -> None:
    tags = re.findall(r"<[^>]*>", str(render(text, marks)))

    assert all(tag == "</span>" or tag.startswith('<span class="ct-') for tag in tags)
