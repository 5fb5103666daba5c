"""The seed automaton against a naive regular expression per seed, and its promises on any text."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from tracker.score.row import fold
from tracker.score.seeds import SeedAutomaton

WORDS = st.sampled_from(
    ["tax", "Tax", "taxes", "cut", "CUTS", "a", "Élan", "e\u0301lan", "o", "brien", "law", "lawful"]
)
GAPS = st.sampled_from([" ", "  ", "-", "’", "'", ". ", " \n ", "_", ", ", "; ", " — ", '" ', " (", ") ", ": "])
TEXTS = st.lists(st.tuples(WORDS, GAPS), max_size=14).map(lambda pairs: "".join(w + g for w, g in pairs))

PATTERN = st.tuples(st.sampled_from(["tax", "cut", "law", "a", "élan", "o", "brien"]), st.booleans()).map(
    lambda pair: pair[0] + ("*" if pair[1] and len(pair[0]) > 1 else "")
)
PHRASES = st.lists(PATTERN, min_size=1, max_size=3).map(" ".join)
NEARNESS = st.tuples(PHRASES, st.integers(1, 4), PHRASES).map(lambda t: f"{t[0]} ~{t[1]} {t[2]}")

JOINING = r"(?:[^\w,;:!?]|_)+"
BEFORE, AFTER = r"(?<![^\W_])", r"(?![^\W_])"


def naive_phrase(phrase: str, text: str) -> list[tuple[int, int]]:
    """Every place of a phrase, by one regular expression over a text in which é is one code point."""
    words = [re.escape(w.rstrip("*")) + (r"[^\W_]*" if w.endswith("*") else "") + AFTER for w in phrase.split()]
    pattern = re.compile(BEFORE + JOINING.join(words), re.IGNORECASE)
    return [m.span() for start in range(len(text)) if (m := pattern.match(text, start))]


def naive_near(left: str, distance: int, right: str, text: str) -> set[tuple[int, int]]:
    """Each place on the left with the nearest on the right, before and after, if within the distance."""
    found = set()
    others = naive_phrase(right, text)
    for start, end in naive_phrase(left, text):
        after = min((b for b in others if b[0] >= end), default=None)
        before = max((b for b in others if b[1] <= start), default=None)
        if after and words_between(text, end, after[0]) < distance:
            found.add((start, after[1]))
        if before and words_between(text, before[1], start) < distance:
            found.add((before[0], end))
    return found


def words_between(text: str, start: int, end: int) -> int:
    return len(re.findall(r"[^\W_]+", text[start:end]))


def composed(text: str) -> str:
    return text.replace("e\u0301", "é")


@given(st.lists(PHRASES, min_size=1, max_size=6), TEXTS.map(composed))
def test_phrases_are_found_where_a_regex_finds_them(seeds: list[str], text: str) -> None:
    hits = SeedAutomaton(seeds).find(text)
    for number, seed in enumerate(seeds):
        assert [(h.start, h.end) for h in hits if h.seed == number] == naive_phrase(seed, text)


@given(st.lists(NEARNESS, min_size=1, max_size=3), TEXTS.map(composed))
def test_nearness_is_found_where_brute_force_finds_it(seeds: list[str], text: str) -> None:
    hits = SeedAutomaton(seeds).find(text)
    for number, seed in enumerate(seeds):
        left, distance, right = re.split(r" ~(\d+) ", seed)
        assert {(h.start, h.end) for h in hits if h.seed == number} == naive_near(left, int(distance), right, text)


@given(PHRASES, TEXTS)
def test_composed_and_decomposed_letters_are_one(seed: str, text: str) -> None:
    automaton = SeedAutomaton([seed])
    assert len(automaton.find(text)) == len(automaton.find(composed(text)))


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_word_is_found_again_in_any_text(before: str, after: str) -> None:
    text = f"{before} Straße {after}"
    hits = SeedAutomaton(["strasse", "strass*"]).find(text)
    assert len(before) + 1 in {hit.start for hit in hits}
    for hit in hits:
        assert fold(text[hit.start : hit.end]).startswith("strass")


@given(st.text(min_size=1, max_size=12), st.text(max_size=60), st.text(max_size=60))
def test_offsets_stay_true_where_folding_changes_lengths(word: str, before: str, after: str) -> None:
    core = "İ" + "".join(char for char in word if char.isalnum()) + "ŉ"
    text = f"{before}, {core} {after}"
    assert any(text[h.start : h.end] == core for h in SeedAutomaton([core]).find(text))


@given(TEXTS, st.lists(PHRASES, min_size=1, max_size=5))
def test_more_seeds_never_change_what_one_finds(text: str, others: list[str]) -> None:
    alone = [(h.start, h.end) for h in SeedAutomaton(["tax* cut*"]).find(text)]
    among = [(h.start, h.end) for h in SeedAutomaton(["tax* cut*", *others]).find(text) if h.seed == 0]
    assert among == alone
