"""What counts as a change, what kind, and when to look again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tracker.model import Article, SeenVersion
from tracker.revisions import (
    change_kind,
    change_note,
    hashes,
    known_version,
    next_look,
    word_diff,
)

BODY = (
    "A federal judge on Monday declined to block the agreement.\n\n"
    "“This is about the law,” the spokesman said.\n\n"
    "The groups said that they would appeal."
)
FIRST = Article(url="https://example.org/a", title="Judge lets data sharing go on", text=BODY)
SEEN = datetime(2025, 5, 12, 15, tzinfo=UTC)


def after(text: str | None = None, title: str | None = None) -> Article:
    return replace(FIRST, text=FIRST.text if text is None else text, title=title or FIRST.title)


def test_hash_ignores_case_space_and_punctuation_but_no_word():
    same = hashes("JUDGE lets data-sharing go on!", BODY.replace("“", '"').replace("”", '"').replace("\n\n", " "))
    assert same.revision == hashes(FIRST.title, FIRST.text).revision
    assert hashes(FIRST.title, BODY.replace("declined", "agreed")).revision != same.revision
    assert hashes("", "ab").revision != hashes("a", "b").revision


@pytest.mark.parametrize(
    "text",
    [
        f"Updated May 12, 2025, 3:45 p.m. ET\n\n{BODY}",
        f"By Ann Bell | Published 5 hours ago\n\n{BODY}".replace("By Ann Bell | ", ""),
        f"{BODY}\n\n128 comments",
        f"{BODY}\n\nRelated:\n\nSenate votes on budget\n\nStorm nears the coast",
        f"{BODY}\n\nRead more: What the ruling means",
    ],
)
def test_stamps_counters_and_links_are_trivial(text):
    assert change_kind(FIRST, after(text)) == "trivial"


def test_numbers_and_negations_in_the_news_are_updates():
    toll = after(f"{BODY}\n\nTwelve people were hurt, 12 of them children.")
    assert change_kind(toll, after(f"{BODY}\n\nTwelve people were hurt, 13 of them children.")) == "update"
    assert change_kind(FIRST, after(BODY.replace("declined to block", "blocked"))) == "update"
    assert change_kind(FIRST, after(f"{BODY}\n\nUpdated guidance is due on May 20, the agency said.")) == "update"


def test_another_headline_alone_is_a_headline_change():
    assert change_kind(FIRST, after(BODY + "\n\nMore.", title="Judge refuses to stop data sharing")) == "update"
    assert change_kind(FIRST, after(title="Judge refuses to stop data sharing")) == "headline"
    stamped = f"{BODY}\n\nLast update at 9:30 a.m. on Monday"
    assert change_kind(FIRST, after(stamped, title="Judge refuses to stop data sharing")) == "headline"
    assert change_kind(FIRST, after(title="Judge Lets Data Sharing Go On")) == "trivial"


@pytest.mark.parametrize(
    ("before", "later"),
    [
        ("did not decide wheter to appeal", "did not decide whether to appeal"),  # a letter added
        ("the goverment said", "the government said"),
        ("the agreeement stands", "the agreement stands"),  # left out
        ("they recieve mail", "they receive mail"),  # swapped
        ("those concerned have had their hearing", "those concerned had their hearing"),
        ("said it would appeal", "said that it would appeal"),
        ("the offcials beleive it", "the officials believe it"),  # two at once
    ],
)
def test_mended_spelling_and_little_words_are_trivial(before, later):
    old = after(f"{BODY}\n\nThe groups {before} on Monday, 12 May.")
    new = after(f"{BODY}\n\nThe groups {later} on Monday, 12 May.\n\nUpdated May 12, 2025, 3:45 p.m. ET")
    assert change_kind(old, new) == "trivial"


@pytest.mark.parametrize(
    ("before", "later"),
    [
        ("left by the trial", "left by the trail"),  # both are words
        ("in contact with", "in contract with"),
        ("Hal Nyberg spoke", "Hal Nyborg spoke"),  # a name is a fact
        ("Mr. Smyth spoke", "Mr. Smith spoke"),
        ("paid 1300 people", "paid 1400 people"),
        ("an amoral plan", "a moral plan"),
        ("did not appeal", "did appeal"),
        ("may appeal", "will appeal"),
        ("three groups", "four groups"),
        ("wheter it will not", "whether it will"),  # with another edit beside it
    ],
)
def test_what_says_something_else_is_an_update(before, later):
    assert change_kind(after(f"{BODY}\n\nThey {before}."), after(f"{BODY}\n\nThey {later}.")) == "update"


def test_many_mended_words_are_a_rewriting():
    words = ("recieve", "beleive", "goverment", "wheter")
    old = " and then ".join(words)
    new = "receive and then believe and then government and then whether"
    assert change_kind(after(old), after(new)) == "update"


@pytest.mark.parametrize(
    "note",
    [
        "Correction: An earlier version of this article misstated the judge's name.",
        "CORRECTION (May 13, 2025): The judge is Dabney Friedrich.",
        "This story has been corrected to show that the suit was filed in March.",
        "Editor’s note: This story originally gave an incorrect date.",
        "Una versión anterior de este artículo daba una fecha errónea.",
    ],
)
def test_correction_notes(note):
    new = after(f"{BODY}\n\n{note}")
    assert change_kind(FIRST, new) == "correction"
    assert change_note(FIRST, new) == note
    assert change_kind(new, after(f"{BODY}\n\nThe case goes on.\n\n{note}")) == "update"  # the note is not new


@pytest.mark.parametrize(
    "text",
    ["This article has been retracted.", "Editor's note: We have withdrawn the report; it no longer stands."],
)
def test_retraction_outweighs_everything(text):
    new = after(f"{text}\n\nCorrection: the date.", title="Retraction: Judge story")
    assert change_kind(FIRST, new) == "retraction"


def test_news_about_corrections_is_no_correction():
    news = (
        "The corrections officer said the original version of the bill was withdrawn.\n\n"
        "The journal retracted the study. The report was removed from the agency's site.\n\n"
        "Editor's note: This story describes violence."
    )
    assert change_kind(FIRST, after(f"{BODY}\n\n{news}")) == "update"
    assert change_note(FIRST, after(f"{BODY}\n\n{news}")) is None


def test_word_diff_shows_words_and_rebuilds_both_texts():
    new = BODY.replace("declined to block", "let stand")
    segments = word_diff(BODY, new)
    assert [s.text.strip() for s in segments if s.kind == "removed"] == ["declined to block"]
    assert [s.text.strip() for s in segments if s.kind == "added"] == ["let stand"]
    assert "".join(s.text for s in segments if s.kind != "added") == BODY
    assert "".join(s.text for s in segments if s.kind != "removed") == new


def test_word_diff_of_a_rewritten_book_ends():
    old, new = " ".join(f"a{n}" for n in range(30_000)), " ".join(f"b{n}" for n in range(30_000))
    assert [s.kind for s in word_diff(old, new)] == ["removed", "added"]


@pytest.mark.parametrize(
    ("age", "step"),
    [
        (timedelta(0), timedelta(minutes=15)),
        (timedelta(hours=2, minutes=59), timedelta(minutes=15)),
        (timedelta(hours=3), timedelta(hours=1)),
        (timedelta(days=1), timedelta(hours=3)),
        (timedelta(days=7), timedelta(days=3)),
    ],
)
def test_looks_fall_with_age(age, step):
    assert next_look(SEEN, SEEN + age, SEEN + age) == SEEN + age + step


def test_looks_end_after_thirty_days():
    assert next_look(SEEN, SEEN, SEEN + timedelta(days=30)) is None
    assert next_look(SEEN, SEEN + timedelta(days=28), SEEN + timedelta(days=28)) is None
    n_looks, looked = 0, SEEN
    while (following := next_look(SEEN, looked, looked)) is not None:
        looked, n_looks = following, n_looks + 1
    assert n_looks == 12 + 21 + 48 + 7  # what a month costs: 88 requests an article


STAMPED = after(f"{BODY}\n\nLast update at 9:30 a.m. on Monday")
STAMPED_AGAIN = after(f"{BODY}\n\nLast update at 4:10 p.m. on Tuesday")
UPDATED = after(f"{BODY}\n\nThe case goes on.")
UPDATED_STAMPED = after(f"{BODY}\n\nThe case goes on.\n\nLast update at 9:30 a.m. on Monday")


def versions(*texts: Article) -> tuple[SeenVersion, ...]:
    return tuple(
        SeenVersion(
            revision=number,
            revision_hash=hashes(one.title, one.text).revision,
            substance_hash=hashes(one.title, one.text).substance,
        )
        for number, one in enumerate(texts, start=1)
    )


@pytest.mark.parametrize(
    ("seen", "standing", "page", "expected"),
    [
        ([FIRST], 1, UPDATED, None),
        ([FIRST], 1, after(title="JUDGE lets data sharing go on!"), 1),  # the same letters and digits
        ([FIRST], 1, STAMPED, None),  # trivial, and new
        ([FIRST, STAMPED], 2, STAMPED_AGAIN, 2),  # ticks by itself
        ([FIRST, UPDATED], 2, FIRST, 1),  # back to an earlier one
        ([FIRST, UPDATED], 2, STAMPED, 1),  # back to an earlier one whose clock has ticked
        ([FIRST, UPDATED], 1, UPDATED_STAMPED, 2),
        ([FIRST, STAMPED, UPDATED], 3, STAMPED_AGAIN, 2),
        ([FIRST], 1, after(title="Another headline"), None),
    ],
)
def test_which_version_a_page_shows(seen, standing, page, expected):
    shown = hashes(page.title, page.text)
    assert known_version(versions(*seen), standing, shown.revision, shown.substance) == expected


def test_a_text_is_known_whatever_its_headline_and_clock():
    first = hashes(FIRST.title, FIRST.text)
    assert first.text == hashes("Another", STAMPED.text).text
    assert first.text != hashes(FIRST.title, UPDATED.text).text
    assert first.substance != hashes("Another", FIRST.text).substance
