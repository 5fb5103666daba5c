"""Pieces of text have numbers, and what is known of each is worked out once."""

from collections import Counter

import numpy as np

from tracker.score import pieces
from tracker.score.pieces import Column, Lists, Vocabulary, join, read_words, take

TEXTS = ["a bb  a", "", "ccc—d bb"]


def test_texts_are_numbers_of_their_pieces_and_rows_say_whose_they_are():
    words = read_words(TEXTS, Vocabulary())
    assert words.numbers.tolist() == [0, 1, 0, 2, 1]
    assert words.starts.tolist() == [0, 3, 3, 5]
    assert words.rows.tolist() == [0, 0, 0, 2, 2]
    assert words.rows_with(words.numbers == 1) == [0, 2]


def test_some_of_the_texts_and_more_of_them_are_as_if_read_so():
    vocabulary = Vocabulary()
    words = read_words(TEXTS, vocabulary)
    for made, texts in (
        (take(words, [0, 2]), [TEXTS[0], TEXTS[2]]),
        (take(words, [0, 1, 2]), TEXTS),
        (join(words, read_words(["bb", "e"], vocabulary)), [*TEXTS, "bb", "e"]),
    ):
        expected = read_words(texts, vocabulary)
        assert list(made.texts) == texts
        for name in ("numbers", "starts", "rows"):
            assert getattr(made, name).tolist() == getattr(expected, name).tolist()


def test_a_piece_is_worked_out_once_when_it_is_asked_for():
    asked: Counter[str] = Counter()

    def lengths(found):
        asked.update(found)
        return np.array([len(piece) for piece in found], dtype=np.intp)

    column, vocabulary = Column(lengths), Vocabulary()
    words = read_words(TEXTS, vocabulary)
    assert column(take(words, [0])).tolist() == [1, 2, 1]
    assert asked == {"a": 1, "bb": 1}
    assert column(words).tolist() == [1, 2, 1, 5, 2]
    assert asked == {"a": 1, "bb": 1, "ccc—d": 1}
    assert column(read_words(["bb"], Vocabulary())).tolist() == [2]  # other numbers


def test_lists_of_pieces_follow_each_other():
    lists, vocabulary = (
        Lists(lambda found: [[ord(char) for char in piece if char != "b"] for piece in found], np.intp),
        Vocabulary(),
    )
    flat, starts = lists(read_words(TEXTS, vocabulary))
    assert bytes(flat.tolist()[:2]).decode() == "aa"
    assert starts.tolist() == [0, 2, 2, 7]
    assert lists(read_words(["bb"], vocabulary))[0].tolist() == []
    assert lists(read_words(["xy"], Vocabulary()))[0].tolist() == [120, 121]


def test_numbers_begin_anew_when_there_are_too_many(monkeypatch):
    monkeypatch.setattr(pieces, "MAX_PIECES", 2)
    monkeypatch.setattr(pieces, "_vocabulary", Vocabulary())
    first = read_words(["a b c"])
    second = read_words(["c"])
    assert second.vocabulary is not first.vocabulary
    assert (first.numbers.tolist(), second.numbers.tolist()) == ([0, 1, 2], [0])
