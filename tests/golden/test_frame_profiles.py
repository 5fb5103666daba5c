"""Each invented outlet's frames against those that its writer noted for it (``plan.toml``).

A profile is relative: the share of an outlet's own stories in which a frame is present, minus the corpus's.
Legality is in every story on a ruling, so for it the score is compared, and only where it was noted first.
After a change that is meant, regenerate with ``REGENERATE_GOLDENS=1`` and read the difference: would a reader
accept the words as evidence? The files guard the code; they prove nothing about the method.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import pytest

from pipelines.demo_corpus import load_corpus
from pipelines.demo_publications import Publication, publications
from tracker.config import bundled_topic
from tracker.model import Document, FrameScore, Part
from tracker.score.frames import FrameScorer, load_packs
from tracker.score.text import make_document
from tracker.score.voices import find_passages

GOLDEN = Path(__file__).parent / "frames" / "profiles.json"
SITES = load_corpus().sites
#: The writer's word for the topic's own frame.
FRAME = {"privacy": "taxpayer_privacy"}
#: Frames are read in English: the Spanish daily's are noted, and not scored.
ENGLISH = sorted(name for name, outlet in load_corpus().outlets.items() if outlet.language == "en")
NOTED = {outlet: tuple(FRAME.get(frame, frame) for frame in SITES[outlet].frames) for outlet in ENGLISH}

Stories = Mapping[str, Sequence[tuple[Publication, Document, tuple[FrameScore, ...]]]]


@cache
def stories() -> Stories:
    """Return each outlet's own English stories on the ruling, in the version that stands."""
    scorer = FrameScorer((*load_packs(["policy"]), *bundled_topic().frames))
    found: dict[str, list[tuple[Publication, Document, tuple[FrameScore, ...]]]] = {}
    for item in publications(load_corpus()):
        if item.copy_of or item.piece is None or not item.piece.on_topic or item.language != "en":
            continue
        document = make_document(item.versions[-1].headline, item.versions[-1].body, "en")
        scores = scorer.score(document, find_passages(document))
        found.setdefault(item.outlet.outlet, []).append((item, document, scores))
    return found


def share(frame: str, outlet: str | None = None) -> float:
    own = [one for name, listed in stories().items() for one in listed if outlet in (None, name)]
    return sum(any(score.frame == frame for score in scores) for _, _, scores in own) / len(own)


def salience(frame: str, outlet: str | None = None) -> float:
    own = [one for name, listed in stories().items() for one in listed if outlet in (None, name)]
    return sum(score.score for _, _, scores in own for score in scores if score.frame == frame) / len(own)


def words(document: Document, score: FrameScore) -> list[str]:
    texts = {Part.HEADLINE: document.headline, Part.BODY: document.body}
    return sorted({texts[e.part][e.start : e.end].lower() for e in score.evidence})


def test_every_outlet_has_stories_of_its_own() -> None:
    assert sorted(stories()) == ENGLISH


@pytest.mark.parametrize("outlet", ENGLISH)
def test_the_profile_is_the_one_that_its_writer_noted(outlet: str) -> None:
    for frame in NOTED[outlet]:
        if frame != "legality":
            assert share(frame, outlet) > share(frame), frame
            assert salience(frame, outlet) > salience(frame), frame
        else:
            assert share(frame, outlet) == 1.0
    if NOTED[outlet][0] == "legality":
        assert salience("legality", outlet) > salience("legality")


@pytest.mark.parametrize("outlet", ENGLISH)
def test_evidence_of_the_noted_frames(outlet: str) -> None:
    found = {
        item.source_id: {score.frame: words(document, score) for score in scores if score.frame in NOTED[outlet]}
        for item, document, scores in stories()[outlet]
    }
    golden = json.loads(GOLDEN.read_text(encoding="utf-8")) if GOLDEN.exists() else {}
    if os.environ.get("REGENERATE_GOLDENS"):
        kept = json.dumps(golden | {outlet: found}, indent=1, ensure_ascii=False, sort_keys=True)
        GOLDEN.write_text(kept + "\n", encoding="utf-8")
        return
    assert found == golden[outlet]
