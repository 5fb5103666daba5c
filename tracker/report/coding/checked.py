"""The check of a topic, from a snapshot as it was published or with what people have coded since."""

from __future__ import annotations

import pandas as pd

from tracker.report.coding.scheme import Frame, Variable, variables
from tracker.report.coding.texts import CODES, DRAWN, LEADING_PACK, Ask, frame_of_codings, frame_of_samples, texts
from tracker.report.coding.validity import Checked, check, unchecked
from tracker.report.snapshot_report import SnapshotReport
from tracker.store.decisions import Decisions


def scheme(ask: Ask, topic: str) -> tuple[Variable, ...]:
    """Return what is coded of a topic, as a snapshot knows it."""
    titles = ask("SELECT title FROM topics WHERE topic = $topic", {"topic": topic})["title"].tolist()
    rows = ask(
        "SELECT pack, frame, definition FROM frame_definitions WHERE topic = $topic ORDER BY pack = $pack DESC, rowid",
        {"topic": topic, "pack": LEADING_PACK},
    )
    frames = [
        Frame(pack=str(pack), frame=str(frame), definition=str(definition))
        for pack, frame, definition in zip(rows["pack"], rows["frame"], rows["definition"], strict=True)
    ]
    return variables(next(iter(titles), topic), frames, LEADING_PACK)


def checked(report: SnapshotReport, topic: str, decisions: Decisions | None = None) -> Checked:
    """Return how far people have checked a topic: by the snapshot's codings, or those of ``decisions`` where given."""
    if decisions is None:
        return checked_by(report.frame, topic)
    codes, samples = frame_of_codings(decisions.codings, topic), frame_of_samples(decisions.samples, topic)
    return _check(report.frame, topic, codes, samples)


def checked_by(ask: Ask, topic: str) -> Checked:
    """Return how far people have checked a topic by the codings that a database holds."""
    codes = ask(f"SELECT {', '.join(CODES)} FROM codings WHERE topic = $topic ORDER BY ALL", {"topic": topic})  # noqa: S608 - constants
    samples = ask(f"SELECT {', '.join(DRAWN)} FROM coding_samples WHERE topic = $topic ORDER BY ALL", {"topic": topic})  # noqa: S608 - constants
    return _check(ask, topic, codes, samples)


def _check(ask: Ask, topic: str, codes: pd.DataFrame, samples: pd.DataFrame) -> Checked:
    if codes.empty:  # as on most topics: reading every text would be for nothing
        return unchecked(topic)
    return check(topic, texts(ask, topic), codes, samples, scheme(ask, topic))
