"""Small charts that stand in the rows of tables: spans with a style, since st.html takes no SVG.

Each stands beside its figure in words and says itself what it shows, so nothing rests on the picture alone.
"""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

FULL = 100.0  # per cent of a chart's width or height
MOST_POINTS = 60  # of a sparkline: more would be narrower than a pixel and a half


def spark(values: Sequence[float], hint: str) -> Markup:
    """Return the course of values (days in order) as an area; empty where there are fewer than two."""
    if len(values) < 2 or not max(values):  # noqa: PLR2004 - a course
        return Markup("")
    values = _thinned(values)
    top, step = max(values), FULL / (len(values) - 1)
    points = [f"{place * step:.1f}% {FULL - FULL * value / top:.0f}%" for place, value in enumerate(values)]
    shape = ", ".join(["0% 100%", *points, "100% 100%"])
    return Markup(
        '<span class="ct-spark" role="img" aria-label="{0}" title="{0}"><i style="clip-path:polygon({1})"></i></span>'
    ).format(hint, shape)


def _thinned(values: Sequence[float]) -> Sequence[float]:
    """Return the means of stretches of days where there are more days than points."""
    size = -(-len(values) // MOST_POINTS)
    chunks = [values[start : start + size] for start in range(0, len(values), size)]
    return [sum(chunk) / len(chunk) for chunk in chunks]


def parts(shares: Sequence[tuple[float, str]], hint: str) -> Markup:
    """Return a bar of several shares (0..1) in their colours."""
    pieces = Markup("").join(
        Markup('<i style="width:{:.1f}%;background:{}"></i>').format(FULL * share, colour)
        for share, colour in shares
        if share > 0
    )
    return Markup('<span class="ct-parts" role="img" aria-label="{0}" title="{0}">{1}</span>').format(hint, pieces)


def reach(estimate: float, low: float, high: float, most: float, hint: str) -> Markup:
    """Return a figure with its interval on a scale from −``most`` to ``most``, nought in the middle."""

    def place(value: float) -> float:
        return FULL / 2 * (1 + max(-1.0, min(1.0, value / most)))

    return Markup(
        '<span class="ct-reach" role="img" aria-label="{0}" title="{0}"><i class="ct-nought"></i>'
        '<i class="ct-range" style="left:{1:.1f}%;width:{2:.1f}%"></i>'
        '<i class="ct-dot" style="left:{3:.1f}%"></i></span>'
    ).format(hint, place(low), place(high) - place(low), place(estimate))
