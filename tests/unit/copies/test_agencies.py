"""Whose text it is, from where credits stand."""

from __future__ import annotations

import pytest

from tracker.copies import Agencies, is_agency_outlet, wire_agency

STORY = "A judge ruled on Monday that the agencies may go on.\n\nThe groups said that they would appeal."


@pytest.mark.parametrize(
    ("text", "agency"),
    [
        (f"WASHINGTON (AP) — {STORY}", "AP"),
        (f"Judge rules.\n\nCAMBRIDGE, Mass., Dec. 11 (UPI) — {STORY}", "UPI"),
        (f"Mexico City (AFP) – {STORY}", "AFP"),
        (f"KYIV, Dec 24 (Reuters) - {STORY}", "Reuters"),
        (f"(Reuters) - {STORY}", "Reuters"),
        (f"MOSCOW (AFP/Sputnik) -- {STORY}", "AFP"),
        (f"(The Center Square) – {STORY}", "The Center Square"),
        (f"MADRID, 12 May (EUROPA PRESS) - {STORY}", "Europa Press"),
        (f"{STORY}\n\n- Reuters.", "Reuters"),
        (f"{STORY}\n\n(Reporting by Ann Bell; Editing by John Roe)", "Reuters"),
        (f"{STORY}\n\n© Copyright 2025 The Associated Press. All rights reserved.", "AP"),
        (f"{STORY}\n\nThe-CNN-Wire™ & © 2025 Cable News Network, Inc.", "CNN Wire"),
        (f"{STORY}\n\nDistributed by Tribune Content Agency, LLC.", "Tribune News Service"),
        (f"{STORY}\n\nThis story was originally published by Stateline, part of a network.", "States Newsroom"),
        (f"{STORY}\n\nThis article first appeared on KFF Health News and is republished here.", "KFF Health News"),
        (f"By Ann Bell, Associated Press\n\n{STORY}", "AP"),
        (f"By BLOOMBERG NEWS\n\n{STORY}", "Bloomberg"),
    ],
)
def test_credits_in_the_text(text, agency):
    assert wire_agency("Judge rules", text, (), None) == agency


@pytest.mark.parametrize(
    "text",
    [
        STORY,
        f"{STORY}\n\n“We will appeal,” Bell told The Associated Press.",
        f"{STORY}\n\nThe memo was first reported by Reuters, and Bloomberg News has seen it.",
        f"{STORY}\n\nThe video was first published by ProPublica on Monday.",
        f"{STORY}\n\nThe Associated Press contributed to this report.",
        f"{STORY}\n\nReporting was contributed by Ann Bell of Reuters.",
        f"Image copyright Reuters Image caption The court\n\n{STORY}",
        f"The court in May. (Ann Bell/AP)\n\n{STORY}",
        f"{STORY}\n\nASSOCIATED PRESS\n\nThe picture is above.\n\nIt has until May.\n\nSo.",
        f"Sen. Ann Bell (R-Md.) — the first to speak — said no.\n\n{STORY}",
        f"Harrisburg (PA) - {STORY}",
        "By Ann Bell\n\n" + STORY,
        "",
    ],
)
def test_mentions_help_and_pictures_are_no_credit(text):
    assert wire_agency("Judge rules", text, ("Ann Bell",), None) is None


@pytest.mark.parametrize(
    ("authors", "credit", "agency"),
    [
        (("The Associated Press",), None, "AP"),
        (("Ann Bell", "AP"), None, "AP"),
        (("Reuters Staff",), None, "Reuters"),
        ((), "By JANE DOE and JOHN ROE / The Associated Press", "AP"),
        ((), "By Jane Doe | States Newsroom", "States Newsroom"),
        ((), "Jane Doe, CNN Newsource", "CNN Wire"),
        (("Center Square",), None, "The Center Square"),
        (("Ann Apple",), "By Ann Apple, with files from The Associated Press", None),
        (("Reuter Smith", "Ana Press"), None, None),
    ],
)
def test_bylines(authors, credit, agency):
    assert wire_agency("", STORY, authors, credit) == agency


@pytest.mark.parametrize(
    ("outlet", "agency"),
    [
        ("associated-press", "AP"),
        ("ap", "AP"),
        ("reuters", "Reuters"),
        ("cnn", "CNN Wire"),
        ("the-center-square", "The Center Square"),
        ("fox-news", None),
        ("", None),
    ],
)
def test_outlets_that_are_agencies(outlet, agency):
    assert is_agency_outlet(outlet) == agency


def test_long_hostile_text_is_quick():
    assert (
        wire_agency("", "By " + "a, " * 200_000 + "\n" + "(c) " * 200_000, ("by " * 50_000,), "x" * 1_000_000) is None
    )


def test_the_users_own_agencies_are_known_by_dateline_byline_and_outlet() -> None:
    agencies = Agencies({"north-wire": "North Wire", "associated-press": "Associated Press of ours"})

    assert agencies.credited("Judge rules", f"SALEM (North) — {STORY}", (), None) == "North Wire"
    assert agencies.credited("Judge rules", STORY, ("Ann Bell, North Wire",), None) == "North Wire"
    assert agencies.of_outlet("north-wire") == "North Wire"
    assert agencies.of_outlet("associated-press") == "AP"  # known already
    assert wire_agency("Judge rules", f"SALEM (North) — {STORY}", (), None) is None
