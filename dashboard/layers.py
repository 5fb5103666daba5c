"""An article's text as safe HTML, with layers of highlighted spans that may overlap.

The text is cut wherever a span of any layer begins or ends, so that overlapping spans need no nesting; each
piece carries the classes of all spans that cover it. Taking the tags away gives back the text, but for
control characters.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import pandas as pd
from markupsafe import Markup

from dashboard import say
from dashboard.markup import plain
from dashboard.rows import each
from tracker.report.changes import DiffSegment

VOICES, FRAMES, TERMS, TONE = "voices", "frames", "names", "tone"
LAYERS = {
    VOICES: "Voices",
    FRAMES: "Frames",
    TERMS: "Loaded names",
    TONE: "Sentence tone",
}
TONE_STEPS = (0.05, 0.25)  # |valence| below the first: neutral (VADER's own threshold); from the second on: strong

MAX_AFTER = 48  # characters of a speaker's name in the text; the whole of it is in the hint
CONTEXT = 90  # characters of unchanged text kept on either side of a change


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A highlighted span: half-open code-point offsets, a class, what it says, and a label to stand after it."""

    start: int
    end: int
    kind: str
    hint: str
    after: str = ""


def render(text: str, marks: Iterable[Mark]) -> Markup:
    """Return the text with its marks, trimmed to what they hold of it; marks without a letter are ignored."""
    kept = [mark for mark in (_trimmed(mark, text) for mark in marks) if mark]
    edges = sorted({0, len(text), *(mark.start for mark in kept), *(mark.end for mark in kept)})
    starting = sorted(kept, key=lambda mark: mark.start)
    html, active, place = [Markup("")], list[Mark](), 0
    for start, end in pairwise(edges):
        while place < len(starting) and starting[place].start <= start:
            active.append(starting[place])
            place += 1
        active = [mark for mark in active if mark.end > start]
        html.append(_piece(text[start:end], active))
        html += [_after(mark) for mark in active if mark.after and mark.end == end]
    return Markup("").join(html)


def _trimmed(mark: Mark, text: str) -> Mark | None:
    start = max(mark.start, 0)
    held = text[start : max(mark.end, start)]
    if not any(character.isalnum() for character in held):
        return None
    start += len(held) - len(held.lstrip())
    return replace(mark, start=start, end=start + len(held.strip()))


def _piece(text: str, marks: Sequence[Mark]) -> Markup:
    if not marks:
        return Markup("{}").format(plain(text))
    kinds = " ".join(dict.fromkeys(mark.kind for mark in marks))
    hints = "; ".join(dict.fromkeys(mark.hint for mark in marks if mark.hint))
    return Markup('<span class="{}" title="{}">{}</span>').format(kinds, plain(hints), plain(text))


def _after(mark: Mark) -> Markup:
    return Markup('<span class="ct-after">{}</span>').format(plain(mark.after, MAX_AFTER))


def voices(passages: pd.DataFrame, part: str) -> list[Mark]:
    """Return marks for quoted and reported passages, each with its speaker and camp."""
    marks = []
    for row in each(passages[passages.part == part]):
        if row.voice == "outlet":
            continue
        speaker, camp = say.known(row.speaker), say.known(row.camp)
        parts = (speaker, say.label(camp) if camp and camp != "unknown" else "")
        named = " · ".join(one for one in parts if one) or "speaker not named"
        marks.append(_mark(row.start_offset, row.end_offset, f"ct-{row.voice}", f"{row.voice}: {named}", named))
    return marks


def frames(evidence: pd.DataFrame, part: str, frame: str | None = None) -> list[Mark]:
    """Return marks for the spans that frames rest on, of one frame where it is given."""
    marks = []
    for row in each(evidence[evidence.part == part]):
        tag, _, name = str(row.tag).partition(":")
        if tag == "frame" and frame in {None, name}:
            marks.append(_mark(row.start_offset, row.end_offset, "ct-frame", f"frame: {say.label(name)}"))
    return marks


def terms(loaded: pd.DataFrame, part: str) -> list[Mark]:
    """Return marks for loaded terms."""
    return [
        _mark(
            row.start_offset,
            row.end_offset,
            "ct-term",
            f"{row.term} ({row.stance}; a name for {say.label(row.term_group).lower()})",
        )
        for row in each(loaded[loaded.part == part])
    ]


def tone(sentences: pd.DataFrame, part: str) -> list[Mark]:
    """Return marks for sentences whose wording is pleasant or unpleasant; neutral ones stay bare."""
    marks = []
    for row in each(sentences[sentences.part == part]):
        value = float(row.value)
        if math.isnan(value) or abs(value) < TONE_STEPS[0]:
            continue
        kind = "ct-pleasant" if value > 0 else "ct-unpleasant"
        strong = f" {kind}-strong" if abs(value) >= TONE_STEPS[1] else ""
        marks.append(_mark(row.start_offset, row.end_offset, kind + strong, f"tone {say.tone(value)}"))
    return marks


def difference(segments: Sequence[DiffSegment]) -> Markup:
    """Return two versions as one text with what was taken out and put in; long stretches that stayed are cut."""
    return Markup("").join(_segment(segment) for segment in segments)


def _segment(segment: DiffSegment) -> Markup:
    text = plain(segment.text)
    if segment.kind == "removed":
        return Markup("<del>{}</del>").format(text)
    if segment.kind == "added":
        return Markup("<ins>{}</ins>").format(text)
    if len(text) > 2 * CONTEXT:
        head, tail = text[:CONTEXT], text[-CONTEXT:]
        text = f"{head.rpartition(' ')[0] or head} … {tail.partition(' ')[2] or tail}"
    return Markup("{}").format(text)


def _mark(start: int, end: int, kind: str, hint: str, after: str = "") -> Mark:
    return Mark(start=int(start), end=int(end), kind=kind, hint=hint, after=after)
