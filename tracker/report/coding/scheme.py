"""What is coded of an article: one variable for each thing that the machine says, with its values in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

RELEVANCE, LEADING, TONE, FRAME = "relevance", "leading_frame", "tone", "frame:"
YES, NO, UNSURE, NONE = "yes", "no", "unsure", "none"
TONES: Final = ("-2", "-1", "0", "1", "2")


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """A frame as coders see it."""

    pack: str
    frame: str
    definition: str
    examples: tuple[str, ...] = ()  # words that point to it


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """One question to the coder and the values that answer it, "unsure" apart; ordered where they are a scale."""

    variable: str
    question: str
    options: tuple[str, ...]
    rule: str
    examples: tuple[str, ...] = ()


def variables(title: str, frames: Iterable[Frame], leading_pack: str) -> tuple[Variable, ...]:
    """Return the variables of a topic called ``title``, in the order in which they are coded."""
    known = tuple(frames)
    leading = tuple(one.frame for one in known if one.pack == leading_pack)
    relevance = Variable(
        variable=RELEVANCE,
        question=f"Is the article about: {title}?",
        options=(YES, NO),
        rule="Yes where this is a subject of the article, main or beside others. No where it is only named in passing, "
        "or where the article is about another case. Where no, the rest is left out.",
    )
    leads = Variable(
        variable=LEADING,
        question="Which frame leads?",
        options=(*leading, NONE),
        rule="The one that headline and first paragraphs set, and most of the text follows; none where no frame does.",
    )
    tone = Variable(
        variable=TONE,
        question="How pleasant is the outlet's own wording?",
        options=TONES,
        rule="From -2 (very unpleasant) to 2 (very pleasant). The outlet's words alone: leave out what it quotes. "
        "Judge the wording, not whether the events are good.",
    )
    present = (
        Variable(
            variable=f"{FRAME}{one.frame}",
            question=f"Is this aspect present: {one.frame.replace('_', ' ')}?",
            options=(YES, NO),
            rule=f"{one.definition} Present where at least one whole sentence is about it, whoever says it.",
            examples=one.examples,
        )
        for one in known
    )
    return (relevance, leads, *present, tone)


def is_ordered(variable: Variable) -> bool:
    """Whether the values are a scale."""
    return variable.variable == TONE
