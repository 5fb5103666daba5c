from __future__ import annotations

from datetime import UTC, date, datetime

import pandas as pd
import pytest
from markupsafe import Markup

from dashboard import palette, say


def test_counts_shares_and_tones_as_words() -> None:
    assert say.count(1, "entry", "entries") == "1 entry"
    assert say.count(1204, "article") == "1,204 articles"
    assert [say.share(value) for value in (0.0, 0.004, 0.125, 1.0, None, float("nan"))] == [
        "0 %", "0.4 %", "12 %", "100 %", "–", "–",
    ]  # fmt: skip
    assert say.span(-0.12, 0.05) == "−0.12 to +0.05"
    assert say.span(-0.08, -0.004) == "−0.080 to −0.004"  # on which side of nought it ends is said
    assert say.span(None, 0.1) == "–"
    assert [say.size(n) for n in (512, 1_500, 27_800_000)] == ["512 B", "1.5 kB", "28 MB"]
    assert [say.tone(value) for value in (0.123, -0.05, None)] == ["+0.12", "−0.05", "–"]
    assert [say.tone(value) for value in (-0.004, -0.0001)] == ["−0.004", "+0.00"]


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2025, 5, 12), date(2025, 5, 12), "12 May 2025"),
        (date(2025, 5, 2), date(2025, 5, 12), "2 to 12 May 2025"),
        (date(2025, 4, 30), date(2025, 5, 12), "30 Apr 2025 to 12 May 2025"),
        (None, None, "no day"),
    ],
)
def test_days_in_words(first: date | None, last: date | None, words: str) -> None:
    assert say.days(first, last) == words


def test_moments_are_told_in_the_reports_zone() -> None:
    assert say.moment(datetime(2025, 5, 13, 3, 30), "America/New_York") == "12 May 2025, 23:30"  # noqa: DTZ001
    assert say.moment(datetime(2025, 5, 13, 3, 30, tzinfo=UTC), "UTC") == "13 May 2025, 03:30"
    assert say.moment(pd.NaT, "UTC") == "–"  # type: ignore[arg-type]


def test_hours_and_labels() -> None:
    assert [say.hours(value) for value in (0.0, 2.04, 72.0, None)] == ["first", "+2.0 h", "+3.0 d", "–"]
    assert say.label("quality_of_life") == "Quality of life"
    assert say.label(None) == "–"


def test_listing_joins_counts_the_rest_and_escapes() -> None:
    assert say.listing(["A", "B", "C"]) == "A, B and C"
    assert say.listing(["A", "B", "C", "D", "E"], most=3) == "A, B and 3 others"
    assert say.listing(["<A>", Markup("<i>B</i>")]) == "&lt;A&gt; and <i>B</i>"
    assert say.listing([]) == ""


def test_colours_do_not_depend_on_what_is_shown() -> None:
    colours = palette.assign(["a", "b", "a", "c"])

    assert list(colours) == ["a", "b", "c"]
    assert palette.scale(colours, ["c", "x"]) == (["c", "x"], [palette.CYCLE[2], palette.NEUTRAL])
    assert len(set(palette.CYCLE)) == len(palette.CYCLE)


def test_colours_stand_out_from_paper_and_from_black() -> None:
    """WCAG 2.2, 1.4.11 asks 3:1 of what carries meaning; the lightest and darkest grounds are ours."""
    for colour in palette.CYCLE:
        for ground in ("#fdfcf9", "#161513"):
            assert _contrast(colour, ground) >= 3.0, (colour, ground)


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    channels = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
