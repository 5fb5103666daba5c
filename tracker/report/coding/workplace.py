"""What coders work on: the texts of a sample, blind to the outlet and to the machine's answer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tracker.model import Coding, Part, SampledText
from tracker.report.snapshot_report import SnapshotReport
from tracker.score.text import make_document

MASK = "▒"  # as many as the name has characters: marked spans keep their places
_ADDRESS = re.compile(r"https?://\S+|www\.\S+|\b[\w.-]+\.(?:com|org|net|gov|edu)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One text to be coded; names of outlets and addresses are blacked out."""

    article: str
    revision: int
    position: int  # in the sample
    title: str
    text: str

    @property
    def sentences(self) -> tuple[tuple[int, int], ...]:
        """Where the sentences of the text stand."""
        found = make_document("", self.text, "en").sentences
        return tuple((one.start, one.end) for one in found if one.part is Part.BODY)


def tasks(report: SnapshotReport, topic: str, samples: Iterable[SampledText]) -> tuple[Task, ...]:
    """Return the texts of a topic's newest sample in their random order; none where nothing was drawn."""
    mine = [one for one in samples if one.topic == topic]
    if not mine:
        return ()
    report.needs_text("coding")
    newest = max(mine, key=lambda one: one.at).sample
    drawn = {(one.article, one.revision): one for one in mine if one.sample == newest}
    names = [row["name"] for row in report.rows("SELECT name FROM outlets")]
    rows = report.rows(
        "SELECT article, revision, title, text FROM revisions WHERE list_contains($articles, article)",
        {"articles": [article for article, _ in drawn]},
    )
    mask = _mask(names)
    found = [
        Task(
            article=row["article"],
            revision=row["revision"],
            position=drawn[row["article"], row["revision"]].position,
            title=_masked(row["title"], mask),
            text=_masked(row["text"], mask),
        )
        for row in rows
        if (row["article"], row["revision"]) in drawn
    ]
    return tuple(sorted(found, key=lambda one: one.position))


def coded_by(codings: Iterable[Coding], topic: str, coder: str) -> dict[str, Coding]:
    """Return what a coder has coded of a topic, by article."""
    return {one.article: one for one in codings if (one.topic, one.coder, one.is_final) == (topic, coder, False)}


def _mask(names: Sequence[str]) -> re.Pattern[str]:
    bare = {re.sub(r"^the ", "", name.strip(), flags=re.IGNORECASE) for name in names}
    written = map(_as_written, sorted(filter(None, bare), key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{'|'.join(written) or '(?!)'})(?!\w)")


def _as_written(name: str) -> str:
    """Return an outlet's name as a pattern; one of one word with a capital, since "time" is no outlet where Time is."""
    if len(name.split()) > 1:
        return rf"(?i:{re.escape(name)})"
    return "|".join(map(re.escape, {name, name[0].upper() + name[1:], name.upper()}))


def _masked(text: str, mask: re.Pattern[str]) -> str:
    for pattern in (_ADDRESS, mask):
        text = pattern.sub(lambda found: MASK * len(found.group()), text)
    return text
