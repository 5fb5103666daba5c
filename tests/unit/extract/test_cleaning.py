import pytest

from tests.unit.extract.pages import PROSE
from tracker.extract.cleaning import clean, is_furniture, is_prose, paragraphs
from tracker.extract.words import _INVISIBLE


@pytest.mark.parametrize(
    "line",
    [
        "Advertisement",
        "Story continues below advertisement",
        "Article content",
        "Read more: Ferry fares to rise in June",
        "Related: Ferry fares to rise in June",
        "Lea también: Suben las tarifas del transbordador",
        "Sign up for our morning newsletter and get the news in your inbox.",
        "Subscribe to continue reading this story.",
        "Already a subscriber? Log in",
        "CLICK HERE TO GET THE LEDGER APP",
        "Share this article on Facebook",
        "Photo: Jo Lind/Harbor Ledger",
        "(Photo by Jo Lind/Getty Images)",
        "Copyright 2025 Continental Press. All rights reserved.",
        "This material may not be published, broadcast, rewritten or redistributed.",
        "14 comments",
        "Nell Okafor can be reached at nokafor@ledger.example.",
    ],
)
def test_furniture(line):
    assert is_furniture(line)


@pytest.mark.parametrize(
    "line",
    [
        "“I was there when he started crawling, but I was in London when he started to walk.",
        "This isn’t the only area where the port is facing competition.",
        "Readers who share this view have written to us in numbers.",
        "The photo shows a ferry on Pier Street.",
        "HERE IS WHAT THE ORDER SAYS",
        "More than 40,000 people are affected.",
        "The officers said that they would subscribe to the new rules, and that the newspaper had it wrong.",
        "Related charges were dropped on Monday.",
        "See you in court, she said.",
        "Watch the door, he told them.",
        "Contact between the agencies was rare.",
        PROSE,
    ],
)
def test_sentences_are_no_furniture(line):
    assert not is_furniture(line)


def test_paragraphs_are_normal_and_visible():
    assert paragraphs("- Cafe\u0301\u200b  au\u00a0lait\n\n***\n| a | b |\n") == ["Café au lait", "a | b"]


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("- * A point", "A point"),
        ("| a cell | and one |", "a cell | and one"),
        ("-\u200b | a cell |", "a cell"),
        ("-5 degrees", "-5 degrees"),
        ("\u202eturned\u202c cafe\u0301", "turned caf\u00e9"),
    ],
)
def test_a_line_loses_its_bullet_its_table_and_what_does_not_show(line, shown):
    assert paragraphs(line) == [shown]


def test_what_shows_nothing_is_not_printable():
    """``tidy`` looks for such characters in texts alone that are not."""
    assert not any(char.isprintable() for char in filter(_INVISIBLE.match, map(chr, range(0x110000))))


@pytest.mark.parametrize(
    ("end", "is_it"), [(".", True), (".”)", True), ("…'", True), ("word", False), ("”", False), (". More", False)]
)
def test_prose_ends_like_a_sentence(end, is_it):
    assert is_prose("The court ruled on the appeal of the groups on Tuesday, and will hear them again" + end) is is_it


def test_head_matter_goes():
    blocks = [
        "Courts",
        "Judge lets the deal stand",
        "By Nell Okafor",
        "Updated May 13, 2025, 9:20 p.m.",
        "Nell Okafor",
        PROSE,
    ]
    assert clean(blocks, title="Judge lets deal stand", authors=["Nell Okafor"], section="courts") == [PROSE]


def test_tail_goes_unless_the_article_goes_on():
    body = [PROSE * 3] * 1 + [f"{PROSE}{number}." for number in range(3)]
    listed = ["More from Harbor Ledger", "Ferry fares to rise", "Bridge works begin"]
    assert clean(body + listed, title="x") == body
    assert clean([*body, listed[0], f"{PROSE}9."], title="x")[-1] == f"{PROSE}9."
    assert clean([*listed, *body], title="x")[0] == listed[0]


def test_repeats_go():
    assert clean([PROSE, "Yes.", PROSE, "Yes."], title="x") == [PROSE, "Yes.", "Yes."]
