"""Colours: the same for the same thing everywhere, told apart by colour-blind eyes, legible on paper and on black.

After Okabe and Ito (2008), darkened where the original falls below 3:1 against white (WCAG 2.2, 1.4.11).
Colour never carries a meaning alone: whatever has a colour has its name beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

CYCLE = (
    "#0072b2", "#d55e00", "#009e73", "#aa4499", "#b07800", "#3e8fc4",
    "#7b61c9", "#c2477f", "#5e8c31", "#8c6239", "#5f7d8c", "#d1495b",
)  # fmt: skip
NEUTRAL = "#8a8578"
PAPER = "#c9c3b4"  # what is the rest, such as the outlet's own words
OWN, WIRE = "#0072b2", "#b07800"
ORIGINS = {"own work": OWN, "wire copies": WIRE}
VOICES = {"outlet": NEUTRAL, "quoted": "#0072b2", "reported": "#3e9c8f"}
NEGATIVE, POSITIVE = "#d55e00", "#0072b2"
STANCES = {"restrictive": "#d55e00", "critical": "#aa4499", "supportive": "#0072b2", "neutral": NEUTRAL}


def assign(names: Iterable[str]) -> dict[str, str]:
    """Return a colour for each name by its place; give all names at once, so that a filter moves none."""
    return {name: CYCLE[place % len(CYCLE)] for place, name in enumerate(dict.fromkeys(names))}


def scale(colours: Mapping[str, str], shown: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the names that are shown and their colours: domain and range of a chart's colour scale."""
    return list(shown), [colours.get(name, NEUTRAL) for name in shown]
