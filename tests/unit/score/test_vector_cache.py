import sqlite3

import numpy as np

from tracker.score.vector_cache import VectorCache


def counting(asked):
    def compute(texts):
        asked.extend(texts)
        return np.array([[len(text), 1.0] for text in texts], dtype=np.float32)

    return compute


def test_a_text_is_computed_once(tmp_path):
    asked = []
    cache = VectorCache(tmp_path / "deep" / "v.sqlite")
    first = cache.get(["a", "bb", "a"], 2, counting(asked))
    again = VectorCache(tmp_path / "deep" / "v.sqlite").get(["bb", "a", "ccc"], 2, counting(asked))
    assert asked == ["a", "bb", "ccc"]
    assert first.tolist() == [[1, 1], [2, 1], [1, 1]]
    assert again.tolist() == [[2, 1], [1, 1], [3, 1]]


def test_the_oldest_are_forgotten(tmp_path):
    cache = VectorCache(tmp_path / "v.sqlite", limit=3)
    for text in ("a", "b", "c", "d", "e"):
        cache.get([text], 2, counting([]))
    asked = []
    cache.get(["e", "d", "c", "b", "a"], 2, counting(asked))
    assert asked == ["b", "a"]
    with sqlite3.connect(tmp_path / "v.sqlite") as connection:
        assert connection.execute("SELECT count(*) FROM vectors").fetchone() == (3,)


def test_a_damaged_file_costs_time_and_no_scores(tmp_path, caplog):
    (tmp_path / "v.sqlite").write_bytes(b"no database at all, but long enough to be read as one" * 40)
    cache = VectorCache(tmp_path / "v.sqlite")
    assert cache.get(["aaa"], 2, counting([])).tolist() == [[3, 1]]
    assert "going on without the cache" in caplog.text


def test_nothing_asked_nothing_computed(tmp_path):
    asked = []
    assert VectorCache(None).get([], 2, counting(asked)).shape == (0, 2)
    assert asked == []
