"""Matching never raises, its spans lie in the text, and what it finds does not depend on case or quotes."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.model import CaseFacts, Part, Topic
from tracker.topic import compile_topic

TOPIC = compile_topic(
    Topic(
        topic="t",
        title="T",
        hash="0",
        query='("irs ice"~5 OR "tax data" OR shar*) AND (judge OR court) AND NOT title:sports',
        facts=CaseFacts(own=("friedrich",), other=("talwani",)),
    )
)
PIECES = st.sampled_from(
    ["IRS", "ICE", "tax", "data", "shared", "judge", "court.", "Friedrich", "Talwani", "\n\n", "“", "é", "I.R.S.", "x"]
)
TEXTS = st.lists(PIECES, max_size=40).map(" ".join) | st.text(max_size=60)


@settings(max_examples=200)
@given(TEXTS, TEXTS)
def test_spans_quote_the_text(title, text):
    match = TOPIC.match(title, text)
    assert 0 <= match.score <= 1
    assert (match.centrality is None) == (match.is_on_topic is False)
    for reason in match.reasons:
        if reason.span is not None:
            part = title if reason.span.part is Part.HEADLINE else text
            assert part[reason.span.start : reason.span.end] == reason.term


@given(st.lists(PIECES, max_size=40).map(" ".join))
def test_case_makes_no_difference(text):
    assert TOPIC.match("t", text).is_on_topic == TOPIC.match("t", text.upper()).is_on_topic
