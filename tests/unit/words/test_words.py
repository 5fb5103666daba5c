from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

import pytest

from tracker.report import words
from tracker.report.word_masks import Masks, people_in
from tracker.report.words import StoryText, distinctive_words

DAY = date(2025, 5, 12)
COMMON = "The judge let the agency share the records of the office."


def stories(text: str, n: int, *, outlets: int = 3, days: int = 3, prefix: str = "") -> list[StoryText]:
    return [
        StoryText(
            story=f"{prefix}{i}",
            outlet=f"outlet-{i % outlets}",
            day=DAY + timedelta(days=i * days // n),
            text=f"{text} Item {'abcdefghijklmnopqrstuvwxyz'[i]}x of the list. {COMMON}",
        )
        for i in range(n)
    ]


def found(first: Iterable[StoryText], second: Iterable[StoryText], **options: list[str]) -> dict[str, list[str]]:
    result = distinctive_words(first, second, **options)
    return {side: [word.word for word in result.of(side)] for side in ("first", "second")}  # type: ignore[arg-type]


def test_each_side_gets_its_own_words_and_pairs() -> None:
    sides = found(
        stories("Undocumented immigrants fear raids.", 20), stories("Illegal aliens draw benefits.", 20, prefix="b")
    )
    assert {"undocumented", "immigrants", "undocumented immigrants"} <= set(sides["first"])
    assert {"illegal", "aliens", "illegal aliens"} <= set(sides["second"])


def test_what_both_use_alike_is_on_neither_side() -> None:
    sides = found(stories("Families wait.", 20), stories("Officers wait.", 20, prefix="b"))
    assert not {"judge", "the", "wait", "share the"} & {*sides["first"], *sides["second"]}


def test_counts_and_sizes_are_what_was_given() -> None:
    result = distinctive_words(stories("Raids, raids and raids.", 20), stories("Benefits.", 10, prefix="b"))
    word = next(w for w in result.words if w.word == "raids")
    assert (word.first.uses, word.first.stories, word.first.days, word.first.outlets) == (60, 20, 3, 3)
    assert (word.second.uses, word.second.stories) == (0, 0)
    assert (result.first.stories, result.first.days, result.first.outlets) == (20, 3, 3)
    assert word.log_odds > 0 < word.z


@pytest.mark.parametrize(
    ("n", "days", "outlets", "is_tested"), [(3, 2, 2, True), (2, 2, 2, False), (6, 1, 2, False), (6, 2, 2, True)]
)
def test_three_stories_on_two_days_by_two_outlets(n: int, days: int, outlets: int, *, is_tested: bool) -> None:
    rest = stories("Nothing here.", 12, prefix="r")
    special = stories("Raids began.", n, days=days, outlets=outlets, prefix="s")
    tested = {w.word for w in distinctive_words([*special, *rest], stories("Calm.", 12, prefix="b")).words}
    assert ("raids" in tested) == is_tested


def test_a_word_of_one_outlet_is_house_style_in_a_group_but_not_alone() -> None:
    one = stories("Blotter.", 6, outlets=1, prefix="s")
    others = stories("Quiet.", 6, outlets=3, prefix="q")
    background = stories("Calm.", 12, prefix="b")
    in_group = {w.word for w in distinctive_words([*one, *others[1:2], *others[2:3]], background).words}
    alone = {w.word for w in distinctive_words(one, background).words}
    assert "blotter" in alone
    assert "blotter" not in in_group


def test_one_story_that_repeats_a_word_proves_little() -> None:
    burst = stories("Calm.", 20)
    burst[5:8] = [
        StoryText(story=s.story, outlet=s.outlet, day=s.day, text="Caravan. " * n + s.text)
        for s, n in zip(burst[5:8], (30, 1, 1), strict=True)
    ]
    spread = [
        StoryText(story=s.story, outlet=s.outlet, day=s.day, text=f"Caravan. Caravan. {s.text}")
        for s in stories("Calm.", 16)
    ]
    other = stories("Calm.", 20, prefix="b")
    z = {
        name: {w.word: w.z for w in distinctive_words(group, other).words}["caravan"]
        for name, group in (("burst", burst), ("spread", spread))
    }
    assert z["burst"] < 0.6 * z["spread"]  # as many uses in both


def test_a_line_printed_again_counts_once() -> None:
    lines = [
        StoryText(story=s.story, outlet=s.outlet, day=s.day, text=f"{s.text}\nSubmit tips to our desk here.")
        for s in stories("Calm.", 12)
    ]
    tested = {w.word for w in distinctive_words(lines, stories("Other.", 12, prefix="b")).words}
    assert "tips" not in tested
    assert "calm" in tested


def test_nothing_gives_nothing() -> None:
    assert distinctive_words([], []).words == ()
    assert distinctive_words(stories("Raids.", 9), []).words == ()


def test_memory_is_bounded_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words, "MAX_TERMS", 150)
    letters = "abcdefghijklmnopqrstuvwxyz"
    many = [
        StoryText(
            story=s.story,
            outlet=s.outlet,
            day=s.day,
            text=f"{s.text} {' '.join(f'zq{letters[i]}{c}' for c in letters)}",
        )
        for i, s in enumerate(stories("Raids began.", 26))
    ]
    result = distinctive_words(many, stories("Calm.", 20, prefix="b"))
    assert result.first.is_pruned
    assert "raids" in {w.word for w in result.words}


# ------------------------------------------------------------ masks

MASKS = Masks(["The Hill", "Fox News", "Washington Times", "New York Times - News", "CNN (Web News)", "Reason"])


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Mr. Lee met Mrs. Moss", [["lee", "met"], ["moss"]]),
        ("PHOENIX, Ariz. (AP) — Agents left", [["agents", "left"]]),
        ("He told Fox News that Fox lied", [["he"], ["that"], ["lied"]]),
        ("the reason is plain, wrote Reason", [["the", "reason", "is", "plain"], ["wrote"]]),
        ("The Times and the washington times agree", [["and", "the"], ["agree"]]),
        ("Sen. Ada Moss (R-Texas) agreed on Tuesday", [["ada", "moss"], ["agreed", "on"]]),
        ("they march in March", [["they", "march", "in"]]),
        ("Obama’s plan cost $3 million", [["obama", "plan", "cost"], ["million"]]),
        ("see www.example.org or a@b.example now", [["see"], ["or"], ["now"]]),
        ("", []),
    ],
)
def test_runs_are_what_is_left(line: str, expected: list[list[str]]) -> None:
    assert list(MASKS.runs(line)) == expected


def test_reporters_are_masked_by_metadata_and_byline() -> None:
    people = people_in("By Ada Moss\nThe Moss report came.", ["Bob van Lee, Staff"])
    assert people >= {"Ada", "Moss", "Bob", "Lee"}
    assert list(MASKS.runs("The Moss report came", people)) == [["the"], ["report", "came"]]
    assert list(MASKS.runs("moss grows", people)) == [["moss", "grows"]]


def test_pairs_have_no_function_word_at_an_end() -> None:
    assert list(MASKS.pairs(["of", "illegal", "immigrants", "and", "families"])) == ["illegal immigrants"]


def test_function_words_are_not_counted_and_modal_verbs_are() -> None:
    assert list(MASKS.words(["they", "should", "not", "be", "deported"])) == ["should", "deported"]
