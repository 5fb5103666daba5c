"""Speakers: from a mention in a sentence to the name by which the article knows that person or body.

Within one article only: a last name goes back to the fullest mention, a pronoun to the last speaker it fits,
"the official" to the official who spoke before. Nothing is looked up outside the text.
"""

from __future__ import annotations

import re
from collections import deque
from typing import cast

from tracker.score.grammar import BREAKS, DETERMINERS, OPENERS
from tracker.score.lexicon import read_table
from tracker.score.subjects import Source

MAX_SPEAKER_WORDS = 24  # a longer "name" is a clause that the grammar misread
MAX_ASIDE_WORDS = 16  # a longer aside tells a story, not a role
MAX_REFERRING_WORDS = 2  # "the federal judge" may refer back, a longer phrase names its own
MAX_LOOK_BACK = 600  # code points before a pronoun in which an unquoted person may stand: two or three sentences
MAX_TITLE_WORDS = 4  # in small letters before a name: "a longtime law school professor Jane Doe"
MAX_REMEMBERED = 64  # mentions of speakers that a pronoun or role may refer back over
MAX_ACRONYM = 5  # letters: a shorter word in capitals is a body, not a person

_TABLE = read_table("speakers")


def _words(name: str) -> list[str]:
    return cast(str, _TABLE[name]).split()


_HE, _SHE = frozenset(_words("he")), frozenset(_words("she"))
_THEY, _IT = frozenset(_words("they")), frozenset(_words("it"))
_PRONOUNS = _HE | _SHE | _THEY | _IT | frozenset(_words("nobody"))
_SUFFIXES = frozenset(_words("suffixes"))
_TITLES = re.compile(rf"^(?:(?:{'|'.join(_words('titles'))})\.?\s+)+")
_MASCULINE = re.compile(rf"\b(?:{'|'.join(_words('masculine'))})(?=\s|,|$)")
_FEMININE = re.compile(rf"\b(?:{'|'.join(_words('feminine'))})(?=\s|,|$)")
_BODY = re.compile(rf"(?:{'|'.join(_words('bodies'))})(?:s|es)?$", re.IGNORECASE)
_ROLE = re.compile(rf"^(?:(?:{'|'.join(_words('roles'))})(?!\w)|[A-Z])")
_PEOPLE = frozenset(_words("people"))
_NOT_IN_NAMES = (OPENERS | BREAKS | DETERMINERS) - {"of", "for", "may", "april", "august", "june"}
_ABBREVIATED = r"(?:Mr|Mrs|Ms|Mx|Dr|Sen|Sens|Rep|Reps|Gov|Lt|Gen|Rev|Prof|St|Jr|Sr|Capt|Col|Sgt|Adm|Maj|Atty)\."
_NAME_WORD = rf"(?:(?:[A-Z]\.)+|{_ABBREVIATED}|[^\W\d_a-z][\w’'-]*(?:\.\w+)*)"
_NAME_TAIL = re.compile(rf"(?:{_NAME_WORD}\s+)*{_NAME_WORD}$")
_FULL_NAME = re.compile(rf"(?<!\w){_NAME_WORD}(?:\s+{_NAME_WORD})+")
_ARTICLE = re.compile(r"^(?:the|this|that|these|those|its|his|her|their)\s+", re.IGNORECASE)
_HEAD_END = re.compile(r",|\s(?:of|for|from|at|with|in|on|who|against|to|by|including)\s")
_PLURAL_HEAD = re.compile(r"(?:[^s’']s|people|men|women|police|both|media)$")
_NUMBER = r"(?:the|some|many|several|other|most|two|three|four|a)"
_GROUP_PHRASE = re.compile(
    rf"(?<![\w’'-])(?:{_NUMBER}\s+)?"
    rf"(?:(?!(?:by|of|and|for|from|with|to|in|said|that|as|but|or|{_NUMBER})\s)[\w’'.-]+\s+){{0,3}}"
    rf"\b(?:{'|'.join(_words('people'))})\b",
    re.IGNORECASE,
)


class Resolver:
    """Names the speakers of one article, fed with mentions in reading order."""

    def __init__(self, texts: tuple[str, ...]) -> None:
        """Take the article's parts; full names are looked for in all of them."""
        self._texts = texts
        self._full: dict[str, str] = {}  # last name → fullest mention so far
        self._spoken: deque[str] = deque(maxlen=MAX_REMEMBERED)  # canonical speakers, latest last
        self._gender: dict[str, str] = {}
        self._group: str | None = None  # the last speakers in the plural
        self._body: str | None = None  # the last body or document that spoke

    def resolve(self, text: str, source: Source | None) -> str | None:
        """Return the speaker that a mention stands for, or None where nobody can be named."""
        if source is None:
            return None
        mention = " ".join(text[source.start : source.end].split())
        if not any(map(str.isalpha, mention)) or len(mention.split()) > MAX_SPEAKER_WORDS:
            return None
        low = "they" if mention.lower().endswith(" of them") else mention.lower()
        if low in _PRONOUNS:
            return self._pronoun(low, text, source.start)
        aside = " ".join(text[source.aside_start : source.aside_end].split()) if source.aside_start >= 0 else ""
        if _FULL_NAME.fullmatch(aside) and _person_name(mention) is None:  # "A former commissioner, Jane Doe, said"
            mention, aside = aside, mention[0].lower() + mention[1:]
        return self._remember(self._canonical(mention, aside))

    def is_known(self, last: str) -> bool:
        """Whether a last name is that of somebody who spoke in the article."""
        return last in self._full

    def _pronoun(self, low: str, text: str, at: int) -> str | None:
        if low in _HE or low in _SHE:
            return self._singular("m" if low in _HE else "f", text, at)
        if low in _THEY:
            return self._plural(text, at)
        return self._body if low in _IT else None

    def _singular(self, gender: str, text: str, at: int) -> str | None:
        """Return whom "he" or "she" means: the last person who spoke and fits, else the last full name."""
        fitting = (one for one in reversed(self._spoken) if self._gender.get(one, gender) == gender)
        speaker = next((one for one in fitting if _is_person(one)), None)
        if speaker is None:
            names = [match.group() for match in _FULL_NAME.finditer(text, max(0, at - MAX_LOOK_BACK), at)]
            found = next((name for name in reversed(names) if _person_name(" ".join(name.split()))), None)
            speaker = self._canonical(" ".join(found.split()), "") if found else None
        if speaker is None or self._gender.setdefault(speaker, gender) != gender:
            return None
        self._spoken.append(speaker)
        return speaker

    def _plural(self, text: str, at: int) -> str | None:
        """Return whom "they" means: the last people before it in its paragraph, else the last who spoke."""
        start = max(text.rfind("\n", 0, at) + 1, at - MAX_LOOK_BACK)
        phrases = _GROUP_PHRASE.findall(text, start, at)
        if phrases:
            found = " ".join(phrases[-1].split())
            if self._group is None or found.lower() not in self._group.lower():
                self._group = found
        return self._group or self._body

    def _remember(self, speaker: str) -> str:
        self._spoken.append(speaker)
        if _MASCULINE.search(speaker):
            self._gender.setdefault(speaker, "m")
        elif _FEMININE.search(speaker):
            self._gender.setdefault(speaker, "f")
        if not _is_person(speaker):
            if _PLURAL_HEAD.search(_head(speaker)):
                self._group = speaker
            else:
                self._body = speaker
        return speaker

    def _canonical(self, mention: str, aside: str) -> str:
        """Return the one string that stands for whoever a mention names."""
        name = _person_name(mention)
        if name is None:
            return self._role(mention)
        words = name.split()
        last = words[-2] if len(words) > 1 and words[-1].lower() in _SUFFIXES else words[-1]
        known = self._full.get(last)
        if known is not None and (len(words) == 1 or words[0] in known):
            return known
        full = _titled(mention, name) if len(words) > 1 else self._look_up(last) or mention
        if _ROLE.match(aside) and len(aside.split()) <= MAX_ASIDE_WORDS:
            full = f"{full}, {aside}"
        self._full.setdefault(last, full)
        return full

    def _look_up(self, last: str) -> str | None:
        """Return the first fuller mention of a last name anywhere in the article."""
        pattern = re.compile(rf"(?<!\w)(?:{_NAME_WORD}\s+(?:(?:of|for)\s+)?){{1,8}}{re.escape(last)}\b")
        for text in self._texts:
            for match in pattern.finditer(text):
                found = _after_opener(match.group().split())
                name = _person_name(found)
                is_heading = any(word.isupper() and len(word) > MAX_ACRONYM for word in found.split())
                if name is not None and " " in name and not is_heading:
                    return found
        return None

    def _role(self, mention: str) -> str:
        """Return the earlier speaker whom "the official" or "the department" refers to, else the mention."""
        bare = _ARTICLE.sub("", mention)
        if bare == mention or len(bare.split()) > MAX_REFERRING_WORDS:
            return mention
        head = re.compile(rf"\b{re.escape(bare)}\b(?![’'-])", re.IGNORECASE)
        return next((one for one in reversed(self._spoken) if head.search(one)), mention)


def _after_opener(words: list[str]) -> str:
    """Drop what stands before a name at the beginning of a sentence: "But Trump", "The Obama", "WHAT NEXT Yet Vale"."""
    low = [word.lower() for word in words]
    first = max((i + 1 for i, word in enumerate(low) if word in _NOT_IN_NAMES), default=0)
    return " ".join(words[first:])


def _titled(mention: str, name: str) -> str:
    """Return the name with what stands before it, unless that is too long to be a title or an office."""
    before = mention[: len(mention) - len(name)].split()
    return mention if sum(word[0].islower() for word in before) <= MAX_TITLE_WORDS else name


def _is_person(speaker: str) -> bool:
    if _person_name(speaker.partition(",")[0]) is not None:
        return True
    head = _head(speaker)
    return not _BODY.search(head) and not _PLURAL_HEAD.search(head)


def _head(speaker: str) -> str:
    """Return the head noun of a noun phrase: the word before its first preposition."""
    words = _HEAD_END.split(speaker, maxsplit=1)[0].split()
    return words[-1] if words else speaker


def _person_name(mention: str) -> str | None:
    """Return the name that a mention ends in, titles stripped, or None where it is a body, role or group."""
    match = _NAME_TAIL.search(mention)
    if match is None:
        return None
    words = _TITLES.sub("", match.group()).split()
    last = words[-1]
    has_article = mention.lower().startswith(("the ", "a ", "an ", "its "))
    if _BODY.search(last) or last.lower() in _PEOPLE or (has_article and len(words) == 1):
        return None
    if last.isupper() and 1 < len(last) <= MAX_ACRONYM and not last.endswith(".") and last.lower() not in _SUFFIXES:
        return None
    return " ".join(words)
