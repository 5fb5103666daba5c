from __future__ import annotations

import pandas as pd

from dashboard import layers
from dashboard.layers import Mark, render
from tracker.revisions import word_diff


def mark(start: int, end: int, kind: str = "k", after: str = "") -> Mark:
    return Mark(start=start, end=end, kind=kind, hint=kind, after=after)


def test_overlapping_marks_are_cut_at_every_edge() -> None:
    html = render("abcdef", [mark(0, 4, "x"), mark(2, 6, "y")])

    assert html == (
        '<span class="x" title="x">ab</span><span class="x y" title="x; y">cd</span><span class="y" title="y">ef</span>'
    )


def test_marks_are_trimmed_to_words_and_bare_ones_ignored() -> None:
    assert render("a \n\n b", [mark(1, 4), mark(3, 99), mark(7, 9), mark(-5, 0)]) == (
        'a \n\n <span class="k" title="k">b</span>'
    )


def test_speaker_stands_after_the_passage() -> None:
    assert render("“Yes,” he said.", [mark(0, 6, after="Judge <A>")]) == (
        '<span class="k" title="k">“Yes,”</span><span class="ct-after">Judge &lt;A&gt;</span> he said.'
    )


def test_voices_mark_others_words_with_speaker_and_camp() -> None:
    passages = pd.DataFrame(
        {
            "part": ["body", "body", "body", "headline"],
            "start_offset": [0, 5, 9, 0],
            "end_offset": [5, 9, 12, 3],
            "voice": ["outlet", "quoted", "reported", "quoted"],
            "speaker": [None, "Judge Alder", None, "X"],
            "camp": [None, "court", "unknown", None],
        }
    )

    marks = layers.voices(passages, "body")

    assert [(one.start, one.kind, one.hint) for one in marks] == [
        (5, "ct-quoted", "quoted: Judge Alder · Court"),
        (9, "ct-reported", "reported: speaker not named"),
    ]


def test_tone_leaves_neutral_sentences_bare() -> None:
    sentences = pd.DataFrame(
        {
            "part": "body",
            "start_offset": [0, 1, 2, 3],
            "end_offset": [1, 2, 3, 4],
            "value": [0.04, -0.06, 0.3, float("nan")],
        }
    )

    kinds = [one.kind for one in layers.tone(sentences, "body")]

    assert kinds == ["ct-unpleasant", "ct-pleasant ct-pleasant-strong"]


def test_frames_can_be_shown_one_at_a_time() -> None:
    evidence = pd.DataFrame(
        {
            "part": "body",
            "tag": ["frame:legality", "frame:economic", "match:query"],
            "start_offset": [0, 1, 2],
            "end_offset": [1, 2, 3],
        }
    )

    assert len(layers.frames(evidence, "body")) == 2
    assert [one.hint for one in layers.frames(evidence, "body", "economic")] == ["frame: Economic"]


def test_difference_marks_words_and_cuts_what_stayed() -> None:
    before, after = "a " * 200 + "old <b>", "a " * 200 + "new <b>"

    html = layers.difference(word_diff(before, after))

    assert "<del> old</del><ins> new</ins>" in html
    assert "&lt;b&gt;" in html
    assert len(html) < 300
