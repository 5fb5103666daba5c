"""Coding beside each other: a frame one is unsure of, a disagreement settled, and what one took for what."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.dashboard.conftest import Show, words_of
from tests.snapshots import NOW, TOPIC, HomeBuilder, usual_pieces
from tracker.model import Coding, SampledText
from tracker.report.decisions import append_decisions, read_decisions

FIRST, SECOND = (piece.article for piece in usual_pieces()[1:4:2])


@pytest.fixture
def sampled(tmp_path: Path) -> Path:
    """A home with a sample of two texts."""
    HomeBuilder(tmp_path).build(usual_pieces())
    drawn = [
        SampledText(
            topic=TOPIC.topic, sample="s", article=article, revision=1, stratum="all", n_stratum=14, n_drawn=2,
            position=place, at=NOW,
        )
        for place, article in enumerate((FIRST, SECOND))
    ]  # fmt: skip
    append_decisions(tmp_path, drawn)
    return tmp_path


def said(coder: str, article: str, frame: str) -> Coding:
    codes = (("relevance", "yes"), ("leading_frame", frame))
    return Coding(topic=TOPIC.topic, article=article, revision=1, coder=coder, at=datetime.now(UTC), codes=codes)


def test_a_frame_may_be_unsure(show: Show, sampled: Path) -> None:
    app = show(sampled, "coding", coder="ana")
    press = lambda label: next(one for one in app.button if one.label.endswith(label)).click().run()  # noqa: E731
    press("Yes")
    for _ in range(3):
        press("Legality")
    press("Economic")
    press("Keep and go on")

    (kept,) = read_decisions(sampled).codings
    codes = dict(kept.codes)
    assert (codes["frame:legality"], codes["frame:economic"], codes["leading_frame"]) == ("unsure", "yes", "none")


def test_what_coders_disagree_on_is_settled_and_shown(show: Show, sampled: Path) -> None:
    append_decisions(sampled, [said("ana", FIRST, "legality"), said("bo", FIRST, "economic")])
    append_decisions(sampled, [said("ana", SECOND, "none"), said("bo", SECOND, "none")])

    app = show(sampled, "coding", coder="both", do="Settle disagreements")
    assert "1 text with codes that differ" in words_of(app)
    assert "ana: Legality; bo: Economic" in words_of(app)
    app.radio[0].set_value("legality")
    next(one for one in app.button if one.label == "This holds").click().run()

    (final,) = [one for one in read_decisions(sampled).codings if one.is_final]
    assert (final.article, final.coder, final.codes) == (FIRST, "both", (("leading_frame", "legality"),))
    assert "Nothing to settle" in words_of(app)
    words = words_of(show(sampled, "coding", do="See how far coders agree", confused="Leading frame"))
    assert "ana and bo Legality Economic differ 1" in words
    assert "ana and bo None None the same 1" in words
