"""Revisions under any text: a diff rebuilds both versions, no change is no revision."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.model import Article
from tracker.revisions import change_kind, hashes, next_look, word_diff

TEXTS = st.lists(
    st.sampled_from(["the", "court", "ruled", ".", "\n\n", "\n", "é", "\u2028", "\r", "x y"]), max_size=30
).map(" ".join) | st.text(max_size=80)
SEEN = datetime(2025, 5, 12, tzinfo=UTC)


@settings(max_examples=300, deadline=None)
@given(TEXTS, TEXTS)
def test_a_diff_rebuilds_both_texts(before, after):
    segments = word_diff(before, after)
    assert "".join(s.text for s in segments if s.kind != "added") == before
    assert "".join(s.text for s in segments if s.kind != "removed") == after
    assert all(a.kind != b.kind for a, b in pairwise(segments))


@settings(max_examples=200, deadline=None)
@given(TEXTS, TEXTS)
def test_versions_with_one_hash_differ_trivially(before, after):
    one, other = Article(url="", title="t", text=before), Article(url="", title="t", text=after)
    assert change_kind(one, one) == "trivial"
    if hashes("t", before).revision == hashes("t", after).revision:
        assert change_kind(one, other) in {"trivial", "update"}


@given(st.integers(0, 60 * 24 * 40))
def test_looks_always_lie_ahead_of_the_last(minutes):
    looked = SEEN + timedelta(minutes=minutes)
    following = next_look(SEEN, looked, looked)
    assert following is None or looked < following < SEEN + timedelta(days=30)
    assert following is not None or minutes >= 27 * 24 * 60
