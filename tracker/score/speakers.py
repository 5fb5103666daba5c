"""Speakers: from a mention in a sentence to the name by which the article knows that person or body.

Within one article only: a last name goes back to the fullest mention, a pronoun to the last speaker it fits,
"the official" to the official who spoke before. Nothing is looked up outside the text.
"""

from __future__ import annotations

import re

from tracker.score.subjects import Source

MAX_SPEAKER_WORDS = 24  # a longer "name" is a clause that the grammar misread
MAX_ASIDE_WORDS = 16

_HE = frozenset({"he", "his", "him"})
_SHE = frozenset({"she", "her"})
_THEY = frozenset({"they", "their", "them", "both", "others", "we", "our"})
_IT = frozenset({"it", "its", "which", "that"})
_NOBODY = frozenset(
    "i you my your everyone everybody nobody someone one this that those these who some many most few all".split()
)
_TITLE = re.compile(
    r"^(?:(?:Mr|Mrs|Ms|Mx|Dr|Sen|Rep|Gov|Lt|Gen|Rev|Prof|Judge|Justice|Senator|Representative|Governor|President|Chairman"
    r"|Chairwoman|Chair|Secretary|Speaker|Mayor|Chief|Attorney|General|Professor|Director|Commissioner|Congressman"
    r"|Congresswoman|Ambassador|Sir|Lord|Lady|Dame)\.?\s+)+"
)
_MASCULINE = re.compile(
    r"\b(?:Mr\.|Sir|[Cc]ongressman|[Cc]hairman|[Ss]pokesman|[Bb]usinessman|actor|father|son|husband|brother)(?=\s|,|$)"
)
_FEMININE = re.compile(
    r"\b(?:Mrs\.|Ms\.|[Cc]ongresswoman|[Cc]hairwoman|[Ss]pokeswoman|[Bb]usinesswoman|actress|mother|daughter|wife|sister|first lady)(?=\s|,|$)"
)
_NAME_WORD = r"(?:[^\W\d_a-z](?:[\w’'-]|\.(?=\S|\s[A-Z]))*)"
_NAME_TAIL = re.compile(rf"(?:{_NAME_WORD}\s+)*{_NAME_WORD}$")
_LOWER_NAME = frozenset(
    {"de", "la", "van", "von", "der", "bin", "al", "del", "di", "da", "of", "the", "and", "for", "&"}
)
_ARTICLE = re.compile(r"^(?:the|this|that|these|those|its|his|her|their)\s+", re.IGNORECASE)
_SUFFIX = frozenset({"jr.", "sr.", "jr", "sr", "ii", "iii", "iv"})
_ROLE_ASIDE = re.compile(
    r"^(?:(?:a|an|the|one of|its|his|her|their|who is|former|then|co-|deputy|chief|executive|senior|staff|managing|general|associate|assistant|vice|legal|policy"
    r"|professor|lawyer|attorney|counsel|spokes\w+|director|president|chair\w*|founder|head|leader|secretary|senator|member|editor|author|analyst|partner|fellow)\b|[A-Z])"
)
_GROUP_WORD = re.compile(
    r"(?:department|agency|administration|government|court|campaign|committee|commission|office|service|union|group|organi[sz]ation|company|association"
    r"|party|team|bureau|board|council|foundation|institute|center|centre|university|university|newspaper|times|post|report|study|poll|survey|lawsuit|complaint|filing|memo|ruling"
    r"|statement|letter|ministry|house|senate|congress|police|panel|bank|church|network|firm|coalition|alliance|society)s?$",
    re.IGNORECASE,
)
_PEOPLE = (
    r"(?:groups|organi[sz]ations|plaintiffs|defendants|advocates|activists|officials|lawyers|attorneys|agencies|critics|opponents|supporters"
    r"|experts|scholars|unions|lawmakers|senators|representatives|democrats|republicans|prosecutors|judges|immigrants|taxpayers|residents"
    r"|workers|voters|researchers|economists|analysts|leaders|aides|advisers|employees|protesters|families|parents|students|police|companies)"
)
_GROUP_PHRASE = re.compile(
    rf"(?<![\\w’'-])(?:(?:the|some|many|several|other|most|two|three|four|a group of)\s+)?(?:[\w’'-]+-[\w’'-]+\s+|(?!(?:by|of|and|for|from|with|to|in|said|that|as|but|or|the|some|many|several|other|most|two|three|four|a)\b)[\w’'.-]+\s+){{0,3}}\b{_PEOPLE}\b",
    re.IGNORECASE,
)
_PLURAL_HEAD = re.compile(r"(?:[^s’']s|people|men|women|police|both|media)$")


class Resolver:
    """Names the speakers of one article, fed with mentions in reading order."""

    def __init__(self, texts: tuple[str, ...]) -> None:
        """Take the article's parts; full names are looked for in all of them."""
        self._texts = texts
        self._full: dict[str, str] = {}  # last name → fullest mention so far
        self._spoken: list[str] = []  # canonical speakers, latest last
        self._gender: dict[str, str] = {}
        self._person: str | None = None
        self._group: str | None = None
        self._body: str | None = None

    def resolve(self, text: str, source: Source | None) -> str | None:
        """Return the speaker that a mention stands for, or None where nobody can be named."""
        if source is None:
            return None
        mention = " ".join(text[source.start : source.end].split())
        if not mention or len(mention.split()) > MAX_SPEAKER_WORDS:
            return None
        low = mention.lower()
        if low in _HE | _SHE | _THEY | _IT | _NOBODY:
            return self._pronoun(low, text, source.start)
        aside = " ".join(text[source.aside_start : source.aside_end].split()) if source.aside_start >= 0 else ""
        speaker = self._name(mention, aside)
        self._remember(speaker)
        return speaker

    def last(self) -> str | None:
        """Return the last speaker named, or None."""
        return self._spoken[-1] if self._spoken else None

    def _pronoun(self, low: str, text: str, at: int) -> str | None:
        if low in _HE or low in _SHE:
            return self._by_gender("m" if low in _HE else "f")
        if low in _THEY:
            return self._plural(text, at)
        if low in _IT:
            return self._body
        return None

    def _plural(self, text: str, at: int) -> str | None:
        """Return whom "they" means: the last group of people before it in its paragraph, else the last that spoke."""
        start = text.rfind("\n", 0, at) + 1
        last = None
        for last in _GROUP_PHRASE.finditer(text, start, at):
            pass
        if last is not None:
            found = " ".join(last.group().split())
            if self._group is None or found.lower() not in self._group.lower():
                self._group = found
        return self._group or self._body

    def _by_gender(self, gender: str) -> str | None:
        for speaker in [self._person, *reversed(self._spoken)]:
            if speaker is not None and _is_person(speaker) and self._gender.get(speaker, gender) == gender:
                self._gender[speaker] = gender
                self._person = speaker
                self._spoken.append(speaker)
                return speaker
        return None

    def _remember(self, speaker: str) -> None:
        self._spoken.append(speaker)
        if _MASCULINE.search(speaker):
            self._gender.setdefault(speaker, "m")
        elif _FEMININE.search(speaker):
            self._gender.setdefault(speaker, "f")
        if _is_person(speaker):
            self._person = speaker
        elif _PLURAL_HEAD.search(_head(speaker)):
            self._group = speaker
        else:
            self._body = speaker

    def _name(self, mention: str, aside: str) -> str:
        """Return the canonical string of a mention that is not a pronoun."""
        name = _person_name(mention)
        if name is None:
            return self._role(mention)
        words = name.split()
        last = words[-2] if words[-1].lower() in _SUFFIX and len(words) > 1 else words[-1]
        known = self._full.get(last)
        if known is not None and (len(words) == 1 or words[0] in known):
            return known
        full = mention if len(words) > 1 else self._look_up(last) or mention
        if aside and _ROLE_ASIDE.match(aside) and len(aside.split()) <= MAX_ASIDE_WORDS:
            full = f"{full}, {aside}"
        self._full.setdefault(last, full)
        return full

    def _look_up(self, last: str) -> str | None:
        """Return the first fuller mention of a last name anywhere in the article."""
        pattern = re.compile(rf"((?:{_NAME_WORD}\s+(?:(?:of|for)\s+)?){{1,8}}){re.escape(last)}\b")
        for text in self._texts:
            for match in pattern.finditer(text):
                found = " ".join(match.group().split())
                name = _person_name(found)
                if name is not None and len(name.split()) > 1:
                    return found
        return None

    def _role(self, mention: str) -> str:
        """Return the earlier speaker whom "the official" or "the department" refers to, else the mention."""
        if not _ARTICLE.match(mention):
            return mention
        bare = _ARTICLE.sub("", mention)
        if len(bare.split()) > 2:  # noqa: PLR2004 - "the federal judge" may refer back, a longer phrase names its own
            return mention
        head = re.compile(rf"\b{re.escape(bare)}\b(?![’'-])", re.IGNORECASE)
        for speaker in reversed(self._spoken):
            if head.search(speaker) and speaker.lower() != bare.lower():
                return speaker
        return mention


def _is_person(speaker: str) -> bool:
    if _person_name(speaker.split(",")[0]) is not None:
        return True
    head = _head(speaker)
    return not _GROUP_WORD.search(head) and not _PLURAL_HEAD.search(head)


def _head(speaker: str) -> str:
    """Return the head noun of a noun phrase: the word before its first preposition."""
    words = re.split(r"\s(?:of|for|from|at|with|in|on|who|against|to|by|including|,)\s|,", speaker)[0].split()
    return words[-1] if words else speaker


def _person_name(mention: str) -> str | None:
    """Return the name that a mention ends in, titles stripped, or None where it is a body, role or group."""
    match = _NAME_TAIL.search(mention)
    if match is None:
        return None
    name = _TITLE.sub("", match.group())
    words = name.split()
    if (
        not words
        or _GROUP_WORD.search(words[-1])
        or mention.lower().startswith(("the ", "a ", "an ", "its "))
        and match.start() < 5
        and len(words) < 2
    ):
        return None
    if (
        words[-1].isupper()
        and len(words[-1]) > 1
        and not words[-1].endswith(".")
        and words[-1].lower() not in _SUFFIX
        and len(words[-1]) < 6
    ):
        return None
    return name
