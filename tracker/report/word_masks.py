"""What is not a story's own wording: names of outlets and reporters, house style, numbers, addresses.

Without this, distinctive words are "advertisement", "mr" and the outlets' own names. A masked word ends a
run of words, so that no pair reaches over it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import NamedTuple

_WORD = re.compile(r"[^\W\d_]+(?:[’'.-][^\W\d_]+)*")
# Nothing but a space within a run: whatever else stands between two words parts them.
_ADDRESS = re.compile(r"\S*(?:https?:|www\.|@)\S*|\b[\w.-]+\.(?:com|org|net|gov|edu)\b", re.IGNORECASE)
# A byline in running text: "By Ada Moss and Bob Lee". Case says where the names end.
_BYLINE = re.compile(r"^\W*By ((?:[A-Z][\w.’'-]+ ?){2,4}(?:and (?:[A-Z][\w.’'-]+ ?){2,4})?)")
# "PHOENIX, Ariz. (AP) —": the place and agency before the dash of a dateline
_DATELINE = re.compile(r"^\W*[A-Z][A-Z.’' ]{2,30}(?:, [A-Z][\w.]+)?(?: \([^)]{2,30}\))? ?(?:[—–]|--?) ")
# "(R-Texas)", "R-S.C.", "(D., Calif.)": party and state
_PARTY = re.compile(
    r"\b[RDI]\.?[-–— ]{1,2}(?:[A-Z]\.?){2}(?!\w)|\(?\b[RDI]\.?[-–—] ?[A-Z][a-z]+\.?\)?|\b[RDI]\.?, ?[A-Z][a-z]+\.?\)"
)
_QUALIFIER = re.compile(r"\s*(?:\(.*?\)|[-–—|:]\s.*)$")
_POSSESSIVE = re.compile(r"[’']s?$")
_MIN_NAME = 3  # letters: shorter parts of people's names are initials and particles


class HouseStyle(NamedTuple):
    """Words that a desk's style book decides; see ``house_style.toml``."""

    capitalised: frozenset[str]
    always: frozenset[str]
    ordinary: frozenset[str]
    function_words: frozenset[str]
    modal_verbs: frozenset[str]
    media: tuple[str, ...]


@cache
def load_house_style() -> HouseStyle:
    """Return the table in the package."""
    table: dict[str, list[str]] = tomllib.loads((files("tracker.report") / "house_style.toml").read_text("utf-8"))
    return HouseStyle(
        capitalised=frozenset(table["capitalised"]),
        always=frozenset(table["always"]),
        ordinary=frozenset(table["ordinary"]),
        function_words=frozenset(table["function_words"]),
        modal_verbs=frozenset(table["modal_verbs"]),
        media=tuple(table["media"]),
    )


class Masks:
    """Turns texts into runs of words with everything masked that is not the story's."""

    def __init__(self, outlet_names: Iterable[str]) -> None:
        """Take the names of the outlets followed, as readers know them."""
        self._style = load_house_style()
        self._names = _name_pattern((*outlet_names, *self._style.media), self._style.ordinary)

    def runs(self, line: str, people: frozenset[str] = frozenset()) -> Iterator[list[str]]:
        """Yield runs of neighbouring words of one line, in lower case, without possessive endings.

        ``people`` are parts of names, capitalised, to be masked (``people_in``).
        """
        text = _DATELINE.sub(" | ", line)
        for pattern in (_ADDRESS, _PARTY, self._names):
            text = pattern.sub("|", text)
        run: list[str] = []
        end = 0
        for match in _WORD.finditer(text):
            if not text[end : match.start()].isspace() and run:
                yield run
                run = []
            end = match.end()
            word = self._word(match.group(), people)
            if word:
                run.append(word)
            elif run:
                yield run
                run = []
        if run:
            yield run

    def words(self, run: Sequence[str]) -> Iterator[str]:
        """Yield the words of a run but for function words: who uses more of those is a matter of style."""
        yield from (word for word in run if word not in self._style.function_words)

    def pairs(self, run: Sequence[str]) -> Iterator[str]:
        """Yield the pairs of neighbours in a run, function words and modal verbs at neither end."""
        light = self._style.function_words | self._style.modal_verbs
        for one, other in pairwise(run):
            if one not in light and other not in light:
                yield f"{one} {other}"

    def _word(self, written: str, people: frozenset[str]) -> str:
        """Return a word as it is counted, or nothing where it is masked."""
        plain = _POSSESSIVE.sub("", written)
        word = plain.lower().replace("’", "'").replace(".", "")
        if plain in people or word in self._style.always:
            return ""
        if written[0].isupper() and word in self._style.capitalised:
            return ""
        return word if len(word) > 1 or word in "ai" else ""


def people_in(text: str, authors: Sequence[str]) -> frozenset[str]:
    """Return the parts of the names of a text's authors, from its metadata and from a byline in it."""
    bylines = (match.group(1) for match in map(_BYLINE.match, text.splitlines()) if match)
    found = (*authors, *bylines)
    return frozenset(part for name in found for part in re.findall(r"[A-Z][\w’'-]+", name) if len(part) >= _MIN_NAME)


def _name_pattern(names: Iterable[str], ordinary: frozenset[str]) -> re.Pattern[str]:
    """Match outlets' names, whole in any case, and the words of them that are no ordinary words, capitalised."""
    whole: set[str] = set()
    cased: set[str] = set()
    for name in names:
        words = re.findall(r"[\w&.’'-]+", _QUALIFIER.sub("", name))
        if words and words[0].lower() == "the":
            words = words[1:]
        if len(words) > 1:
            whole.add(r"\s+".join(map(re.escape, words)))
            cased.add(f"[Tt]he {re.escape(words[-1])}")
            cased.add("".join(word[0] for word in words if word[0].isupper()))
        cased.update(re.escape(word) for word in words if word.lower() not in ordinary and not word[0].islower())
        cased.update(re.escape(word.upper()) for word in words if word.lower() not in ordinary)
    by_length = sorted(whole, key=len, reverse=True)
    marked = sorted((one for one in cased if len(one) > 1), key=len, reverse=True)
    # no name at all matches nothing
    return re.compile(rf"\b(?:(?i:{'|'.join(by_length) or '(?!)'})|(?:{'|'.join(marked) or '(?!)'}))(?![\w])(?:[’']s)?")
