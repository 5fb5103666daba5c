"""Camps: from a speaker's string to the side that the topic file puts them on, or "unknown"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import NamedTuple, cast

from tracker.model import Actor
from tracker.score.lexicon import read_table

UNKNOWN_CAMP = "unknown"

# "a lawyer for the plaintiffs" speaks for the plaintiffs; "a critic of the agency" does not speak for it.
_SPEAKS_FOR = re.compile(
    r"\b(?:lawyers?|attorneys?|counsel|spokes\w+|officials?|directors?|presidents?|heads?|chiefs?|secretary|commissioners?"
    r"|members?|representatives?|leaders?|chair\w*|founders?|co-founders?|agents?|executives?|staff|department|office|offices|court|courts|judges?"
    r"|bureau|division|statement|lawsuit|complaint|filings?|brief|motion|memo|memorandum|letter|ruling|decision|opinion|order|centro|center|union|association|advocates?|organi[sz]er"
    r"|coalition|alliance|council|board|administrator|undersecretary|general|counsels?|litigator|strategist|manager|coordinator|employees?|workers?|majority|panel|clerk|professors?|scholars?)$",
    re.IGNORECASE,
)
_COMPLEMENT = re.compile(
    r"\s(?:of|for|at|with|from|in|on|to|against|about|who|that|whose|which|representing|suing|challenging|opposing|opposed|critical)\s",
    re.IGNORECASE,
)
_OPPOSED = frozenset({"against", "suing", "challenging", "opposing", "opposed", "critical", "about"})
_FORMER = re.compile(r"\b(?:former|ex|onetime|one-time|then|retired|ousted|fired)\b", re.IGNORECASE)
_ACTS_AS = re.compile(rf"^who\s+(?=(?:{'|'.join(cast(str, read_table('speakers')['acts']).split())})\s)")
_ACTS_FOR = re.compile(r"^who (?:represents|represented|argued for|speaks for)\s+")
_FOLLOWER = re.compile(r"\s(?:voter|supporter|critic|opponent|ally|appointee|donor|fan)s?\b", re.IGNORECASE)
_ARTICLE = re.compile(r"^(?:the|a|an)\s+", re.IGNORECASE)
_APOSTROPHE = re.compile(r"[’']")
_WORD = re.compile(r"\w+")
_REMEMBERED = 10_000  # speakers: most who speak in an article spoke in others
_SHORT_ACRONYM = 4  # letters: "ICE" and "US" are matched as written, not as words


class _Alias(NamedTuple):
    key: str  # as ``_key`` writes it: without it in a text there is no match
    pattern: re.Pattern[str]
    camp: str
    length: int
    given: frozenset[str]  # for a lone last name, the words that may stand before it; empty for other aliases


class Camps:
    """The camps of a topic's actors, by what a speaker is called.

    A speaker's camp is that of the actor whose longest alias stands in the speaker's string as whole words.
    Only what the speaker is counts, not whom they speak about: "critics of the agency" are not the agency,
    a former official is no official. Nobody named, nobody known or two camps alike: "unknown".
    """

    def __init__(self, actors: Iterable[Actor]) -> None:
        """Compile the actors' names and aliases."""
        self._by_first: dict[str, list[_Alias]] = {}  # by first word: without it in a text there is no match
        for actor in actors:
            for alias in {actor.name, *actor.aliases}:
                if alias.strip():
                    found = _Alias(_key(alias), _pattern(alias), actor.camp, len(alias), _given(alias, actor))
                    self._by_first.setdefault(_first_word(found.key), []).append(found)
        self._known: dict[str, str] = {}

    def of(self, speaker: str | None) -> str:
        """Return the camp of a speaker's string, or "unknown"."""
        if speaker is None:
            return UNKNOWN_CAMP
        camp = self._known.get(speaker)
        if camp is None:
            if len(self._known) > _REMEMBERED:
                self._known.clear()
            camp = self._known[speaker] = self._find(speaker)
        return camp

    def _find(self, speaker: str) -> str:
        for text in _descriptions(speaker):
            hits = sorted(self._hits(text), reverse=True)
            if hits:
                longest = {camp for length, camp in hits if length == hits[0][0]}
                return longest.pop() if len(longest) == 1 else UNKNOWN_CAMP
        return UNKNOWN_CAMP

    def _hits(self, text: str) -> Iterator[tuple[int, str]]:
        role = _key(f"the {_ARTICLE.sub('', text)}")  # "Judge" for the alias "the judge"
        lowered = _key(text)
        words = dict.fromkeys(("the", *_WORD.findall(lowered), ""))
        for alias in chain.from_iterable(self._by_first.get(word, ()) for word in words):
            if alias.key not in lowered and alias.key != role:
                continue
            match = alias.pattern.search(text)
            is_role = match is None and alias.pattern.fullmatch(role) is not None
            if is_role or (match is not None and _is_meant(text, match, alias)):
                yield alias.length, alias.camp


def _first_word(key: str) -> str:
    """Return the first word of an alias that begins with one; whatever begins otherwise is tried on all."""
    match = _WORD.match(key)
    return match.group() if match else ""


def _is_meant(text: str, match: re.Match[str], alias: _Alias) -> bool:
    """Whether the speaker is what an alias in their description says, not a follower, a former one or a namesake."""
    is_follower = _FOLLOWER.match(text, match.end()) is not None
    return not (is_follower or _is_former(text, match) or _is_namesake(text, match, alias))


def _is_namesake(text: str, match: re.Match[str], alias: _Alias) -> bool:
    """Whether another first name stands before a lone last name: Beth Krause is not Melanie Krause."""
    before = text[: match.start()].rstrip().rpartition(" ")[2]
    if not alias.given or not before[:1].isupper() or not before.isalpha() or before.isupper():
        return False
    return before.lower() not in alias.given


def _is_former(text: str, match: re.Match[str]) -> bool:
    """Whether the alias names an office that the speaker no longer holds; a person's own name stays theirs."""
    if _FORMER.search(match.group()) or not _FORMER.search(text, 0, match.start()):
        return False
    return not (match.end() == len(text) and match.group().rpartition(" ")[2][:1].isupper())


def _descriptions(speaker: str) -> Iterator[str]:
    """Yield what the speaker is, most telling first: the name with its titles, then the aside after it."""
    name, _, aside = speaker.partition(", ")
    aside = _ACTS_AS.sub("", _ACTS_FOR.sub("lawyer for ", aside))
    yield _own(name)
    if aside:
        yield _own(f" {aside}").strip()  # the space lets "who sued the agency" be seen as a complement of nothing


def _own(text: str) -> str:
    """Cut a noun phrase before a complement that says whom it is about rather than whom it speaks for."""
    for match in _COMPLEMENT.finditer(text):
        head = text[: match.start()]
        is_opposed = match.group().strip().lower() in _OPPOSED
        is_named = head.rpartition(" ")[2][:1].isupper() and " " in head  # "Sen. Smith of …", not "Critics of …"
        if is_opposed or not (is_named or _SPEAKS_FOR.search(head)):
            return head
    return text


def _key(text: str) -> str:
    return " ".join(text.replace("’", "'").lower().split())


def _given(alias: str, actor: Actor) -> frozenset[str]:
    """Return the first names and titles that may stand before a lone last name."""
    names = actor.name.split()
    if len(names) == 1 or names[-1] != alias:
        return frozenset()
    words = {word.lower() for name in (actor.name, *actor.aliases) for word in name.split()}
    titles = cast(str, read_table("speakers")["titles"]).lower().split()
    return frozenset(words).union(titles)


def _pattern(alias: str) -> re.Pattern[str]:
    words = r"\s+".join(_APOSTROPHE.sub("[’']", re.escape(word)) for word in alias.split())
    is_acronym = alias.isupper() and len(alias) <= _SHORT_ACRONYM
    return re.compile(rf"(?<!\w){words}(?![\w]|-[a-z])", re.NOFLAG if is_acronym else re.IGNORECASE)
