"""What changed between two versions of an article, and when to look again."""

from __future__ import annotations

import difflib
import hashlib
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from tracker.model import Article, SeenVersion

# NewsDiffs' schedule: (age below which it holds, time between looks). GDELT measures that 80 % of a
# week's changes come within 24 hours.
LOOKS = (
    (timedelta(hours=3), timedelta(minutes=15)),
    (timedelta(days=1), timedelta(hours=1)),
    (timedelta(days=7), timedelta(hours=3)),
    (timedelta(days=30), timedelta(days=3)),
)
MAX_DIFF_TOKENS = 4_000  # of a rewritten stretch; difflib is quadratic, and a longer one is a new text
MAX_NOTE_CHARS = 1_000
MAX_LINK_WORDS = 20  # lines below a "Related" heading that are longer are text again

_NOT_WORD = re.compile(r"[\W_]+")
_TOKEN = re.compile(r"\s*\S+\s*?(?=\s|$)|\s+$")

# ---- lines that say nothing about the news: times, counters, links
_STAMP_WORDS = frozenset(
    """
    first originally last updated update published posted modified on at am pm a p m et est edt ct cst cdt pt pst pdt
    mt mst mdt gmt utc bst cet cest z th st nd rd hrs h el las de actualizado publicado
    jan january feb february mar march apr april may jun june jul july aug august sep sept september oct october
    nov november dec december mon monday tue tuesday wed wednesday thu thursday fri friday sat saturday sun sunday
    """.split()  # noqa: SIM905 - a hundred quoted words on a hundred lines read worse
)
_COUNTER_LINE = re.compile(
    r"\W*(?:\d[\d.,]*\s*[km]?\s*(?:comments?|shares?|views?|likes?|reactions?|comentarios?)"
    r"|comments? \(\d+\)|\d+[\s-]*min(?:ute)?s?[\s-]*read)\W*$"
)
_LINK_LINE = re.compile(
    r"(?:related|read more|read next|read also|see also|also read|more on this|more from|recommended|most read|watch:"
    r"|listen:|sign up|subscribe|share this|follow us|lea también|lee también|te puede interesar)\b"
)
_LINK_HEADING = re.compile(
    r"(?:related(?: (?:articles|stories|content|topics|links))?|read next|more on this story|more from .{1,40}"
    r"|most read|recommended(?: stories)?|you may also like|más noticias)\W*$"
)
_AGO = re.compile(r"\b\d+ (?:second|sec|minute|min|hour|day|week)s? ago\b")
_SEGMENT = re.compile(r"\s*[|·•]\s*")
_LETTERS = re.compile(r"[^\W\d_]+")

# ---- notes that own up: only "this" text counts, since news is full of other people's corrections
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


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffSegment:
    """A stretch of text that both versions share, or that only the older (removed) or newer (added) has."""

    kind: Literal["same", "removed", "added"]
    text: str


def revision_hash(title: str, text: str) -> str:
    """Return 32 hex digits that are the same for versions that differ in case, spaces or punctuation only.

    So compares diffengine. Typographic variants of a letter or quote count as one (Unicode NFKC).
    """
    return _digest(_normal(title), _normal(text))


def substance_hash(title: str, text: str) -> str:
    """Return 32 hex digits that are the same for versions that differ trivially: in times, counters and links."""
    return _digest(_normal(title), _substance(text))


def text_hash(text: str) -> str:
    """Return 32 hex digits that name a text whatever its headline, trivial changes left out."""
    return _digest(_substance(text))


def known_version(seen: Sequence[SeenVersion], standing: int, version: str, substance: str) -> int | None:
    """Return the number of the version that a page now shows, or None where it is a new one.

    ``standing`` is the number of the version that stood before; ``version`` and ``substance`` are the page's
    ``revision_hash`` and ``substance_hash``. A version seen before is no new one, and neither is an earlier
    one that has changed trivially since: flip-flops do not multiply. A trivial edit of the version that
    stands is new once: after it, what ticks by itself makes no more versions.
    """
    for one in seen:
        if one.revision_hash == version:
            return one.revision
    alike = [one.revision for one in seen if one.substance_hash == substance]
    return alike[-1] if len(alike) > 1 or (alike and alike[0] != standing) else None


def is_same_title(a: str, b: str) -> bool:
    """Return whether two headlines differ in case, spaces and punctuation at most."""
    return _normal(a) == _normal(b)


def change_kind(before: Article, after: Article) -> ChangeKind:
    """Return the weightiest thing that happened between two versions.

    A retraction note that was not there before, then a correction note, then another headline, then any
    change of the text that is more than times, counters and links; else ``trivial``.
    """
    if _new_note(before, after, _RETRACTION):
        return "retraction"
    if _new_note(before, after, _CORRECTION):
        return "correction"
    if not is_same_title(before.title, after.title):
        return "headline"
    return "trivial" if _substance(before.text) == _substance(after.text) else "update"


def change_note(before: Article, after: Article) -> str | None:
    """Return the text of the retraction or correction note that the newer version added, or None."""
    return _new_note(before, after, _RETRACTION) or _new_note(before, after, _CORRECTION)


def word_diff(before: str, after: str) -> tuple[DiffSegment, ...]:
    """Return the word-level difference of two texts, in reading order, removed before added.

    ``same`` and ``removed`` joined are ``before``, ``same`` and ``added`` joined are ``after``, to the
    character. Lines are matched first, then words within lines that changed (difflib's Ratcliff-Obershelp).
    """
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    merged: list[DiffSegment] = []
    for kind, a, b in _blocks(old, new):
        left, right = "".join(a), "".join(b)
        if kind == "equal":
            parts = [DiffSegment(kind="same", text=left)]
        else:
            parts = list(_words_between(_TOKEN.findall(left), _TOKEN.findall(right)))
        for part in parts:
            if merged and merged[-1].kind == part.kind:
                part = DiffSegment(kind=part.kind, text=merged.pop().text + part.text)  # noqa: PLW2901 - joined
            merged.append(part)
    return tuple(part for part in merged if part.text)


def next_look(first_seen_at: datetime, last_looked_at: datetime | None, now: datetime) -> datetime | None:
    """Return when an article is to be looked at again, or None where it is 30 days old.

    The step is that of the article's age at its last look (``LOOKS``). The answer may lie in the past: the
    look is due.
    """
    if now - first_seen_at >= LOOKS[-1][0]:
        return None
    looked = last_looked_at if last_looked_at is not None else first_seen_at
    step = next((step for age, step in LOOKS if looked - first_seen_at < age), None)
    if step is None or looked + step - first_seen_at >= LOOKS[-1][0]:
        return None
    return looked + step


# ---------------------------------------------------------------- what counts as a change


def _digest(*parts: str) -> str:
    return hashlib.blake2b("\x1f".join(parts).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _normal(text: str) -> str:
    return _NOT_WORD.sub("", unicodedata.normalize("NFKC", text).casefold())


def _substance(text: str) -> str:
    """Return a text's letters and digits without the lines and stamps that change by themselves."""
    return "".join(_normal(_AGO.sub(" ", line)) for line in _news_lines(text))


def _news_lines(text: str) -> Iterator[str]:
    is_below_links = False
    for written in text.casefold().splitlines():
        line = written.strip()
        if _LINK_HEADING.match(line):
            is_below_links = True
        elif is_below_links and (len(line.split()) > MAX_LINK_WORDS or line.endswith((".", "”", '"'))):
            is_below_links = False
        if is_below_links or _LINK_LINE.match(line):
            continue
        yield " ".join(part for part in _SEGMENT.split(line) if not (_is_stamp(part) or _COUNTER_LINE.match(part)))


def _is_stamp(part: str) -> bool:
    """Return whether part of a line is a date or time and nothing else."""
    return any(char.isdigit() for char in part) and _STAMP_WORDS.issuperset(_LETTERS.findall(_AGO.sub(" ", part)))


def _new_note(before: Article, after: Article, pattern: re.Pattern[str]) -> str | None:
    old = {_normal(paragraph) for paragraph in _paragraphs(before)}
    for paragraph in _paragraphs(after):
        if pattern.search(paragraph) and _normal(paragraph) not in old and not _was_there(paragraph, before, pattern):
            return paragraph[:MAX_NOTE_CHARS]
    return None


def _was_there(paragraph: str, before: Article, pattern: re.Pattern[str]) -> bool:
    """Return whether the sentence that makes a paragraph a note stood in the older version already."""
    found = pattern.search(paragraph)
    if found is None:
        return False
    sentence = _normal(paragraph[found.start() :])
    return sentence in _normal(before.text) or sentence in _normal(before.title)


def _paragraphs(article: Article) -> list[str]:
    return [line.strip() for line in (article.title, *article.text.splitlines()) if line.strip()]


# ---------------------------------------------------------------- word diffs


def _blocks(old: list[str], new: list[str]) -> Iterator[tuple[str, list[str], list[str]]]:
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        yield kind, old[a:b], new[c:d]


def _words_between(old: list[str], new: list[str]) -> Iterator[DiffSegment]:
    if max(len(old), len(new)) > MAX_DIFF_TOKENS:
        yield DiffSegment(kind="removed", text="".join(old))
        yield DiffSegment(kind="added", text="".join(new))
        return
    for kind, a, b in _blocks(old, new):
        if kind == "equal":
            yield DiffSegment(kind="same", text="".join(a))
            continue
        yield DiffSegment(kind="removed", text="".join(a))
        yield DiffSegment(kind="added", text="".join(b))
