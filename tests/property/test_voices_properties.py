"""What holds of sentences and passages for any text at all."""

import time

from hypothesis import given
from hypothesis import strategies as st

from tracker.model import Part, Voice
from tracker.score.text import make_document
from tracker.score.voices import find_passages

PIECES = st.sampled_from(
    [
        *(
            "Judge Marian Holt",
            "the groups",
            "she",
            "They",
            "it",
            "Mr.",
            "U.S.",
            "lawyers for the agency",
            "plaintiffs'",
        ),
        *(
            "said",
            "says",
            "told",
            "ruled",
            "according to",
            "According to",
            "argued",
            "added",
            "claims",
            "called",
            "who",
        ),
        *("that", "the deal was legal", "in a statement", "on Monday", "to appeal", "data", "and", "but", "while"),
        *("“", "”", '"', "'", "‘", "’", "«", "»", "''", ",", ".", "?", "…", ":", ";", "—", "(", ")", "\n", "\n\n"),
        *("Advertisement", "\u2028", "\t", "é", "裁判所。", "🙂", "\x85", "1.", "3.5"),
    ]
)
NEWS = st.lists(st.tuples(PIECES, st.sampled_from([" ", " ", " ", ""])), max_size=60).map(
    lambda pieces: "".join(piece + gap for piece, gap in pieces)
)
TEXTS = NEWS | st.text(max_size=200)


@given(title=TEXTS, text=TEXTS)
def test_sentences_cover_the_text_and_never_overlap(title, text):
    document = make_document(title, text, "en")
    for part, whole in ((Part.HEADLINE, title), (Part.BODY, text)):
        at = 0
        for sentence in (one for one in document.sentences if one.part is part):
            assert at <= sentence.start < sentence.end
            assert not whole[at : sentence.start].strip()
            assert whole[sentence.start : sentence.end] == sentence.text
            assert sentence.text == sentence.text.strip()
            at = sentence.end
        assert not whole[at:].strip()


@given(title=TEXTS, text=TEXTS, language=st.sampled_from(["en", None, "es"]))
def test_passages_partition_each_part(title, text, language):
    passages = find_passages(make_document(title, text, language))
    for part, whole in ((Part.HEADLINE, title), (Part.BODY, text)):
        at = 0
        for passage in (one for one in passages if one.part is part):
            assert passage.start == at
            assert passage.end > at
            assert passage.camp is None
            assert passage.voice is not Voice.OUTLET or (passage.cue is None and passage.speaker is None)
            at = passage.end
        assert at == len(whole)
    assert [p.part for p in passages] == sorted((p.part for p in passages), key=lambda part: part is Part.BODY)


HOSTILE = ("'a ", "“a ", "a” ", "they said ", "he said. ", "according to ", "said, ", "“x y z” he said. ", ". ", "Mr. ")


def test_hostile_texts_take_no_quadratic_time():
    started = time.perf_counter()
    for piece in HOSTILE:
        find_passages(make_document(piece * 20, piece * 2_000, "en"))
    assert time.perf_counter() - started < 20
