"""What of a text is news: its letters and digits, without what changes by itself."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator

MAX_LINK_WORDS = 20  # lines below a "Related" heading that are longer are text again

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
_MARK = re.compile("[|·•]")  # few lines have one: a set of characters is quick to search for
_LETTERS = re.compile(r"[^\W\d_]+")
_DIGIT = re.compile(r"\d")


def digest(*parts: str) -> str:
    """Return 32 hex digits that name the given parts."""
    return hashlib.blake2b("\x1f".join(parts).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def normal(text: str) -> str:
    """Return a text's letters and digits alone, case-folded, typographic variants as one (Unicode NFKC)."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).casefold()))


def substance(text: str) -> str:
    """Return a text's letters and digits without the lines and stamps that change by themselves."""
    news = "\n".join(news_lines(text)).casefold()
    return normal(_AGO.sub(" ", news) if " ago" in news else news)


def news_lines(text: str) -> Iterator[str]:
    """Yield a text's lines as written, without times that stand alone, counters, and links to other stories."""
    is_below_links = False
    for written in text.splitlines():
        shown = written.strip()
        line = shown.casefold()
        if _LINK_HEADING.match(line):
            is_below_links = True
        elif is_below_links and (len(line.split()) > MAX_LINK_WORDS or line.endswith((".", "”", '"'))):
            is_below_links = False
        if is_below_links or _LINK_LINE.match(line):
            continue
        parts = _SEGMENT.split(shown) if _MARK.search(shown) else [shown]
        yield " ".join([part for part in parts if not _ticks(part.casefold())])


def _ticks(part: str) -> bool:
    """Return whether part of a line is a date, a time or a counter and nothing else."""
    if not _DIGIT.search(part):  # most lines: a counter has a number as well
        return False
    if _COUNTER_LINE.match(part):
        return True
    rest = _AGO.sub(" ", part) if " ago" in part else part
    return all(word[0] in _STAMP_WORDS for word in _LETTERS.finditer(rest))
