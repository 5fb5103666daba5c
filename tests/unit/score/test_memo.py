"""Words are worked out once, and the memory of them is bounded."""

from collections import Counter

from tracker.score import memo


def test_a_word_is_worked_out_once_and_the_memory_starts_afresh_when_full(monkeypatch):
    monkeypatch.setattr(memo, "MAX_WORDS", 2)
    asked: Counter[str] = Counter()

    def length(word: str) -> int:
        asked[word] += 1
        return len(word)

    lengths = memo.Memo(length)
    assert list(map(lengths.__getitem__, ["a", "bb", "a"])) == [1, 2, 1]
    assert asked == {"a": 1, "bb": 1}
    assert lengths["ccc"] == 3
    assert dict(lengths) == {"ccc": 3}


def test_debris_is_not_remembered():
    lengths = memo.Memo(len)
    assert lengths["x" * 65] == 65
    assert not lengths
