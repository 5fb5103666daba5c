"""Pieces of text have numbers, and what is known of each is worked out once."""

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tracker.score import pieces
from tracker.score.pieces import Column, Lists, Vocabulary, blank_others, joined, read_words, take

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
        (joined([words, read_words(["bb", "e"], vocabulary)]), [*TEXTS, "bb", "e"]),
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
    words = read_words(TEXTS, vocabulary)
    (flat,), ends = lists(words)
    assert bytes(flat.tolist()[:2]).decode() == "aa"
    assert ends[words.starts].tolist() == [0, 2, 2, 7]
    assert lists(read_words(["bb"], vocabulary))[0][0].tolist() == []
    assert lists(read_words(["xy"], Vocabulary()))[0][0].tolist() == [120, 121]


def test_lists_may_hold_rows_of_several_values():
    lists = Lists(lambda found: [[(char, at) for at, char in enumerate(piece)] for piece in found], object, np.intp)
    (chars, places), ends = lists(read_words(["ab c", "ab"], Vocabulary()))
    assert chars.tolist() == ["a", "b", "c", "a", "b"]
    assert places.tolist() == [0, 1, 0, 0, 1]
    assert ends.tolist() == [0, 2, 3, 5]


def test_texts_that_are_not_kept_have_no_pieces():
    words = blank_others(read_words(["a b", "c", "d e"], Vocabulary()), np.array([True, False, True]))
    assert [words.vocabulary.pieces[number] for number in words.numbers] == ["a", "b", "d", "e"]
    assert (words.starts.tolist(), words.rows.tolist()) == ([0, 2, 2, 4], [0, 0, 2, 2])


@given(st.lists(st.text("a bé\n\t\u2003", max_size=12), max_size=5))
def test_places_are_where_pieces_begin(texts):
    words = read_words(texts, Vocabulary())
    pieces_of = [words.vocabulary.pieces[number] for number in words.numbers]
    places = words.places.tolist()
    for row, piece, place in zip(words.rows, pieces_of, places, strict=True):
        assert texts[row][place : place + len(piece)] == piece
        assert not texts[row][max(place - 1, 0) : place].strip()
    assert all(a < b for a, b, same in zip(places, places[1:], np.diff(words.rows) == 0, strict=False) if same)


def test_numbers_begin_anew_when_there_are_too_many(monkeypatch):
    monkeypatch.setattr(pieces, "MAX_PIECES", 2)
    monkeypatch.setattr(pieces, "_vocabulary", Vocabulary())
    first = read_words(["a b c"])
    second = read_words(["c"])
    assert second.vocabulary is not first.vocabulary
    assert (first.numbers.tolist(), second.numbers.tolist()) == ([0, 1, 2], [0])


def test_texts_of_two_vocabularies_are_read_anew_in_one():
    read = joined([read_words(TEXTS, Vocabulary()), read_words(["bb", "e"], Vocabulary())])
    expected = read_words([*TEXTS, "bb", "e"])
    assert list(read.texts) == list(expected.texts)
    assert (read.vocabulary is expected.vocabulary, read.numbers.tolist()) == (True, expected.numbers.tolist())
