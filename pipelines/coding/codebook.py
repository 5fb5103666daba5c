"""The codebook of a topic, from its topic and frame files: questions, codes, decision rules, examples."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.train.frames import topic_scorer
from tracker.model import Topic
from tracker.report.coding.scheme import UNSURE, Frame, Variable, variables
from tracker.report.coding.texts import LEADING_PACK

EXAMPLES = 12  # words that point to a frame: a coder needs a notion, not the machine's list
RULES = """\
- Code alone: speak with the other coders about the codebook before, about the texts only afterwards.
- Read headline and text whole. Outlets' names are blacked out: do not guess them.
- Say "unsure" rather than guess. It counts as no code, and how often it was said is kept.
- Where relevance is no, leave the rest out.
- Mark the stretch of text that decided you, where the page lets you.
"""


def scheme_of(topic: Topic) -> tuple[Variable, ...]:
    """Return what is coded of a topic, with words that point to its frames as examples."""
    frames = (
        Frame(
            pack=one.pack,
            frame=one.id,
            definition=one.definition,
            examples=tuple(seed for seed in one.seeds if "~" not in seed)[:EXAMPLES],
        )
        for one in topic_scorer(topic).definitions
    )
    return variables(topic.title, frames, LEADING_PACK)


def codebook(topic: Topic, scheme: Sequence[Variable]) -> str:
    """Return the codebook as Markdown."""
    parts = [f"# Codebook: {topic.title}\n", f"Topic file {topic.hash[:12]}.\n", "## How to code\n", RULES]
    for one in scheme:
        codes = ", ".join(f"`{code}`" for code in (*one.options, UNSURE))
        parts += [f"## {one.variable}\n", f"{one.question}\n", f"Codes: {codes}.\n", f"{one.rule}\n"]
        if one.examples:
            parts.append(f"Words that may point to it: {', '.join(one.examples)}.\n")
    return "\n".join(parts)
