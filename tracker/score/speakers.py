"""Speakers: from a mention in a sentence to the name by which the article knows that person or body.

Within one article only: a last name goes back to the fullest mention, a pronoun to the last speaker it fits,
"the official" to the official who spoke before. Nothing is looked up outside the text.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator

from tracker.score.grammar import TIMES
from tracker.score.names import (
    APPOSITION,
    ARTICLE,
    BODY_SUBJECT,
    FEMININE,
    FULL_NAME,
    GROUP_PHRASE,
    GROUP_SUBJECT,
    HE,
    IT,
    MASCULINE,
    MAX_ACRONYM,
    OF,
    PERSON_NOUN,
    PERSON_SUBJECT,
    PLURAL_HEAD,
    PRONOUNS,
    RELATIVE,
    ROLE,
    ROLE_BEFORE,
    SHE,
    SUFFIXES,
    THEY,
    WORDS_BEFORE,
    after_opener,
    head,
    heads,
    is_person,
    is_within_marks,
    person_name,
    titled,
)
from tracker.score.subjects import Source

MAX_SPEAKER_WORDS = 24  # a longer "name" is a clause that the grammar misread
MAX_ASIDE_WORDS = 16  # a longer aside tells a story, not a role
MAX_REFERRING_WORDS = 2  # "the federal judge" may refer back, a longer phrase names its own
MAX_LOOK_BACK = 600  # code points before a pronoun in which an unquoted person may stand: two or three sentences
MAX_REMEMBERED = 64  # mentions of speakers that a pronoun or role may refer back over


MAX_NAME_CHARS = 120  # before a last name in which first names and titles stand


def _places(text: str, word: str) -> Iterator[int]:
    """Yield where a word stands in a text, as a whole word."""
    at = text.find(word)
    while at >= 0:
        end = at + len(word)
        if not (text[end : end + 1].isalnum() or text[at - 1 : at].isalnum()):
            yield at
        at = text.find(word, end)


def _may_follow_name(text: str, at: int) -> bool:
    """Whether the word before an offset may be of a name or office: a cheap look before a search."""
    before = text[max(0, at - MAX_NAME_CHARS) : at]
    if not before[-1:].isspace():
        return False
    word = before.split()[-1:]
    return word in (["of"], ["for"]) or any(not one.isascii() or one != one.lower() for one in word)


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
        self._person_at = -1  # where a person spoke last in the part being read
        self._body_at = -1  # and where a body or a group did

    def resolve(self, text: str, source: Source | None) -> str | None:
        """Return the speaker that a mention stands for, or None where nobody can be named."""
        speaker = None if source is None else self._resolve(text, source)
        if speaker is not None and source is not None:
            if is_person(speaker):
                self._person_at = source.start
            else:
                self._body_at = source.start
        return speaker

    def _resolve(self, text: str, source: Source) -> str | None:
        mention = " ".join(text[source.start : source.end].split())
        if not any(map(str.isalpha, mention)) or len(mention.split()) > MAX_SPEAKER_WORDS:
            return None
        low = "they" if mention.lower().endswith(" of them") else mention.lower()
        if low in PRONOUNS:
            return self._pronoun(low, text, source.start)
        aside = " ".join(text[source.aside_start : source.aside_end].split()) if source.aside_start >= 0 else ""
        aside = RELATIVE.split(aside, maxsplit=1)[0]
        if FULL_NAME.fullmatch(aside) and person_name(mention) is None:  # "A former commissioner, Jane Doe, said"
            mention, aside = aside, mention[0].lower() + mention[1:]
        return self._remember(self._canonical(mention, aside))

    def is_known(self, last: str) -> bool:
        """Whether a last name is that of somebody who spoke in the article."""
        return last in self._full

    def _pronoun(self, low: str, text: str, at: int) -> str | None:
        if low in HE or low in SHE:
            return self._singular("m" if low in HE else "f", text, at)
        if low in THEY:
            return self._plural(text, at)
        if low in IT:
            return self._topic(text, at, BODY_SUBJECT) or self._body
        return None

    def _singular(self, gender: str, text: str, at: int) -> str | None:
        """Return whom "he" or "she" means.

        The person whom the paragraph's latest sentence is about, where nobody has spoken since; else the last
        person who spoke and fits; else the last full name.
        """
        subject = self._topic(text, at, PERSON_SUBJECT)
        if subject is not None and self._gender.get(subject, gender) == gender and is_person(subject):
            speaker: str | None = subject
        else:
            fitting = (one for one in reversed(self._spoken) if self._gender.get(one, gender) == gender)
            speaker = next((one for one in fitting if is_person(one)), None) or self._last_name(text, at)
        if speaker is None or self._gender.setdefault(speaker, gender) != gender:
            return None
        self._spoken.append(speaker)
        return speaker

    def _topic(self, text: str, at: int, subject: re.Pattern[str]) -> str | None:
        """Return the subject that opens the latest sentence before a pronoun, if none in its paragraph spoke since."""
        first = max(text.rfind("\n", 0, at) + 1, at - MAX_LOOK_BACK)
        since = self._person_at if subject is PERSON_SUBJECT else self._body_at
        for match in reversed(list(subject.finditer(text, first, at))):
            start = match.start("subject")
            if start <= since < at:
                return None
            mention = " ".join(match["subject"].split())
            if not mention.startswith(("The ", "A ", "An ")):
                mention = after_opener(mention.split())
            if self._is_subject(mention) and not is_within_marks(text, start):
                return self._canonical(mention, "")
        return None

    def _is_subject(self, mention: str) -> bool:
        """Whether the words that open a sentence name somebody: not "Economists", "Congress" or "Not"."""
        name = person_name(mention)
        if name is None:
            return mention.startswith(("The ", "A ", "An ", "This ", "That ", "Its ", "Their ")) or "s " in mention
        if " " in name:
            return True
        return name in self._full or self._look_up(name) is not None

    def _last_name(self, text: str, at: int) -> str | None:
        """Return the last full name before a pronoun that stands outside quotation marks."""
        for match in reversed(list(FULL_NAME.finditer(text, max(0, at - MAX_LOOK_BACK), at))):
            name = after_opener(match.group().split())
            is_person = " " in name and person_name(name) and TIMES.isdisjoint(name.lower().split())
            if is_person and not is_within_marks(text, match.start()):
                return self._canonical(name, "")
        return None

    def _plural(self, text: str, at: int) -> str | None:
        """Return whom "they" means: the last people before it in its paragraph, else the last who spoke."""
        start = max(text.rfind("\n", 0, at) + 1, at - MAX_LOOK_BACK)
        phrases = GROUP_SUBJECT.findall(text, start, at) or GROUP_PHRASE.findall(text, start, at)
        if phrases:
            found = " ".join(phrases[-1].split())
            if self._group is None or found.lower() not in self._group.lower():
                self._group = found
        return self._group or self._body

    def _remember(self, speaker: str) -> str:
        self._spoken.append(speaker)
        if MASCULINE.search(speaker):
            self._gender.setdefault(speaker, "m")
        elif FEMININE.search(speaker):
            self._gender.setdefault(speaker, "f")
        if not is_person(speaker):
            if PLURAL_HEAD.search(head(speaker)):
                self._group = speaker
            else:
                self._body = speaker
        return speaker

    def _canonical(self, mention: str, aside: str) -> str:
        """Return the one string that stands for whoever a mention names."""
        of = OF.match(mention)
        name = person_name(of["name"] if of else mention)
        if name is None:
            return self._role(mention)
        words = name.split()
        last = words[-2] if len(words) > 1 and words[-1].lower() in SUFFIXES else words[-1]
        known = self._full.get(last)
        if known is not None and (len(words) == 1 or words[0] in known):
            return known
        full = mention if of else titled(mention, name) if len(words) > 1 else self._look_up(last) or mention
        aside = aside or self._apposition(full)
        if ROLE.match(aside) and len(aside) > 1 and len(aside.split()) <= MAX_ASIDE_WORDS:  # no party: "Wyden (D)"
            full = f"{full}, {aside}"
        self._full.setdefault(last, full)
        return full

    def _look_up(self, last: str) -> str | None:
        """Return the first fuller mention of a last name anywhere in the article."""
        for text in self._texts:
            for at in _places(text, last):
                if not _may_follow_name(text, at):
                    continue
                before = WORDS_BEFORE.search(text, max(0, at - MAX_NAME_CHARS), at)
                if before is None:
                    continue
                found = after_opener([*before.group().split(), last])
                name = person_name(found)
                is_heading = any(word.isupper() and len(word) > MAX_ACRONYM for word in found.split())
                if name is not None and " " in name and not is_heading:
                    return found
        return None

    def _apposition(self, name: str) -> str:
        """Return what the article says beside a name that somebody is: "a lawyer for the groups", or nothing."""
        for text in self._texts:
            at = text.find(name)
            if at < 0:
                continue
            after = APPOSITION.match(text, at + len(name))
            if after:
                role = " ".join(after["role"].split())
                return role.partition(" and ")[0] if role.startswith("who ") else role
            if text[at + len(name) : at + len(name) + 1] != ",":
                continue
            before = ROLE_BEFORE.search(text, max(0, at - MAX_LOOK_BACK), at)
            if before and PERSON_NOUN.search(before["role"]):
                role = " ".join(before["role"].split())
                return role[0].lower() + role[1:]
        return ""

    def _role(self, mention: str) -> str:
        """Return the earlier speaker whom "the official" or "the department" refers to, else the mention."""
        bare = ARTICLE.sub("", mention)
        if bare == mention or len(bare.split()) > MAX_REFERRING_WORDS:
            return mention
        low = bare.casefold()
        likely = (one for one in reversed(self._spoken) if low in one.casefold())
        head = re.compile(rf"\b{re.escape(bare)}\b(?![’'-])", re.IGNORECASE)
        return next((one for one in likely if any(map(head.search, heads(one)))), mention)
