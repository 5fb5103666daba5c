"""A known trap: a contrast of tone between left- and right-rated outlets that hangs on the word "illegal".

Reads stories with ``id``, ``outlet``, ``lean``, ``title``, ``text`` and perhaps ``date``; scores each body
under plain VADER; says what is found, which word drives it, and what is left without that word.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from pipelines.evaluate.rows import read_rows, text_of
from tracker.model import Measure, Part
from tracker.report.contrasts import Difference, compare
from tracker.report.phrases import Quantity, tone_of
from tracker.report.word_guard import leave_one_word_out, plain_vader, without_word, word_shifts
from tracker.score.sentiment import VaderScorer, read_scorable, score_one
from tracker.score.text import make_document

A, B = "right", "left"
QUANTITY: Quantity = tone_of("body", "vader")


def evaluate(path: Path) -> tuple[Measure, ...]:
    """Return the contrast right minus left, the share of it that the word it hangs on takes, and what is left.

    Raises DataError where the data cannot be read.
    """
    found, without = contrasts(path)
    guard = found.driver
    return (
        _measure("tone, right minus left", found, found.sentence()),
        Measure(
            metric="share of it lost with one word",
            value=guard.share_lost if guard else None,
            n=guard.n_words if guard else 0,
            note=guard.sentence() if guard else "",
        ),
        _measure("tone without that word, right minus left", without, without.sentence()),
    )


def contrasts(path: Path) -> tuple[Difference, Difference]:
    """Return the contrast with its guard, and the contrast once the word that drives it says nothing."""
    rows, texts = _scored(path)
    rows = rows[rows["lean"].isin([A, B])]
    found = compare(rows, quantity=QUANTITY, group_by="lean", a=A, b=B)
    shifts = word_shifts({name: texts[name] for name in rows["article"]}, plain_vader)
    guard = leave_one_word_out(rows, shifts, group_by="lean", a=A, b=B)
    neutral = without_word(rows, shifts.get(guard.word or "", {}))
    without = compare(neutral, quantity=QUANTITY, group_by="lean", a=A, b=B)
    return found.guarded(guard), without


def _scored(path: Path) -> tuple[pd.DataFrame, dict[str, list[str]]]:
    """Return one row a story (article, outlet, lean, event, value) and the sentences that each value rests on."""
    scorer = VaderScorer()
    rows: list[dict[str, object]] = []
    texts: dict[str, list[str]] = {}
    for where, row in read_rows(path):
        article = text_of(row, "id", where)
        document = make_document(text_of(row, "title", where), text_of(row, "text", where), "en")
        scores = score_one(scorer, read_scorable(document, ()))
        value = next((one.value for one in scores.values if one.of == "body"), None)  # noqa: PD011 - no pandas here
        if value is None:
            continue
        texts[article] = [document.body[one.start : one.end] for one in scores.sentences if one.part is Part.BODY]
        day = row.get("date") or article  # one without a date is an event of its own
        lean, outlet = text_of(row, "lean", where), text_of(row, "outlet", where)
        rows.append({"article": article, "outlet": outlet, "lean": lean, "event": str(day), "value": value})
    return pd.DataFrame.from_records(rows, columns=["article", "outlet", "lean", "event", "value"]), texts


def _measure(metric: str, one: Difference, note: str) -> Measure:
    return Measure(metric=metric, value=one.estimate, n=one.n_a + one.n_b, low=one.low, high=one.high, note=note)
