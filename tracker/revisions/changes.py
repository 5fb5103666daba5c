"""What kind of change lies between two versions, and the note that owns up to it."""

from __future__ import annotations

import re
from typing import Literal

from tracker.model import Article
from tracker.revisions.spelling import is_mended
from tracker.revisions.substance import normal, substance
from tracker.revisions.versions import is_same_title

MAX_NOTE_CHARS = 1_000

# Notes that own up: only "this" text counts, since news is full of other people's corrections
_THIS = r"\b(?:this|our) (?:\w+ ){0,3}?(?:article|story|report|column|post|piece|headline)"
_EDITORS_NOTE = r"^\W*(?:editor['’]?s['’]? note|nota del editor)\b"
_ERROR = (
    r"(?:correct|clarif|inaccura|incorrect|misstat|misidentif|mistak|erro(?:r|neous)|earlier version|versión anterior)"
)
_CORRECTED = "(?:corrections?|corrected|clarifications?|correction note|corrección|aclaración)"
_CORRECTION = re.compile(
    "|".join(
        (
            rf"^\W*{_CORRECTED}(?: \([^)]{{1,40}}\)|,? [^:.]{{1,30}})?\s*[:—–]",
            rf"{_EDITORS_NOTE}.{{0,400}}\b{_ERROR}",
            r"\b(?:an?|the) (?:earlier|previous|prior|original) (?:version|headline) (?:of|on|to|for) (?:this|our)\b",
            rf"{_THIS} (?:has been|was) (?:corrected|clarified|amended|updated to (?:correct|clarify))",
            rf"{_THIS} (?:incorrectly|mistakenly|erroneously|originally misstated|misstated|misidentified)",
            r"\b(?:due to|because of) an? (?:editing|editorial|reporting|production) error\b",
            r"\bwe (?:regret|apologi[sz]e for) (?:the|this) error\b",
            r"\buna versión (?:anterior|previa) de est[ea]\b",
            r"\best[ea] (?:artículo|nota|texto) ha sido (?:corregid|modificad)[oa]\b",
        )
    ),
    re.IGNORECASE | re.DOTALL,
)
_RETRACTION = re.compile(
    "|".join(
        (
            r"^\W*(?:retraction|retracted|withdrawn|retractación)\s*[:—–]",
            rf"{_THIS} (?:has been|was|is|is being) (?:\w+ )?(?:retracted|withdrawn|removed|taken down|unpublished)\b",
            rf"\bwe (?:have |are |hereby )*(?:retract(?:ed|ing)?|withdrawn?|withdrew|removed|taken down) {_THIS}",
            rf"{_EDITORS_NOTE}.{{0,400}}\b(?:retract(?:ed|s|ing|ion)?|withdrawn|no longer stands?)\b",
            r"\best[ea] (?:artículo|nota|texto) ha sido (?:retirad|eliminad)[oa]\b",
        )
    ),
    re.IGNORECASE | re.DOTALL,
)

ChangeKind = Literal["trivial", "update", "headline", "correction", "retraction"]


def change_kind(before: Article, after: Article) -> ChangeKind:
    """Return the weightiest thing that happened between two versions.

    A retraction note that was not there before, then a correction note, then a change of the text that is
    more than times, counters, links and mended spelling (``update``), then another headline; else ``trivial``.
    """
    if _new_note(before, after, _RETRACTION):
        return "retraction"
    if _new_note(before, after, _CORRECTION):
        return "correction"
    if substance(before.text) != substance(after.text) and not is_mended(before.text, after.text):
        return "update"
    return "trivial" if is_same_title(before.title, after.title) else "headline"


def change_note(before: Article, after: Article) -> str | None:
    """Return the text of the retraction or correction note that the newer version added, or None."""
    return _new_note(before, after, _RETRACTION) or _new_note(before, after, _CORRECTION)


def _new_note(before: Article, after: Article, pattern: re.Pattern[str]) -> str | None:
    old = {normal(paragraph) for paragraph in _paragraphs(before)}
    for paragraph in _paragraphs(after):
        if pattern.search(paragraph) and normal(paragraph) not in old and not _was_there(paragraph, before, pattern):
            return paragraph[:MAX_NOTE_CHARS]
    return None


def _was_there(paragraph: str, before: Article, pattern: re.Pattern[str]) -> bool:
    """Return whether the sentence that makes a paragraph a note stood in the older version already."""
    found = pattern.search(paragraph)
    if found is None:
        return False
    sentence = normal(paragraph[found.start() :])
    return sentence in normal(before.text) or sentence in normal(before.title)


def _paragraphs(article: Article) -> list[str]:
    return [line.strip() for line in (article.title, *article.text.splitlines()) if line.strip()]
