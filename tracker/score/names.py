"""Names, roles and bodies: what kind of speaker a mention names, as far as its words tell."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import cast

from tracker.score.grammar import BREAKS, DETERMINERS, OPENERS
from tracker.score.lexicon import read_table

MAX_TITLE_WORDS = 4  # in small letters before a name: "a longtime law school professor Jane Doe"
MAX_ACRONYM = 5  # letters: a shorter word in capitals is a body, not a person

_TABLE = read_table("speakers")


def _words(name: str) -> list[str]:
    return cast(str, _TABLE[name]).split()


HE, SHE = frozenset(_words("he")), frozenset(_words("she"))
THEY, IT = frozenset(_words("they")), frozenset(_words("it"))
PRONOUNS = HE | SHE | THEY | IT | frozenset(_words("nobody"))
SUFFIXES = frozenset(_words("suffixes"))
TITLES = re.compile(rf"^(?:(?:{'|'.join(_words('titles'))})\.?\s+)+")
MASCULINE = re.compile(rf"\b(?:{'|'.join(_words('masculine'))})(?=\s|,|$)")
FEMININE = re.compile(rf"\b(?:{'|'.join(_words('feminine'))})(?=\s|,|$)")
BODY = re.compile(rf"(?:{'|'.join(_words('bodies'))})(?:s|es)?$", re.IGNORECASE)
ROLE = re.compile(rf"^(?:(?:{'|'.join(_words('roles'))})(?!\w)|who\s(?:{'|'.join(_words('acts'))})\s|[A-Z])")
PEOPLE = frozenset(_words("people"))
NOT_IN_NAMES = (OPENERS | BREAKS | DETERMINERS) - {"of", "for", "may", "april", "august", "june"}
ABBREVIATED = r"(?:Mr|Mrs|Ms|Mx|Dr|Sen|Sens|Rep|Reps|Gov|Lt|Gen|Rev|Prof|St|Jr|Sr|Capt|Col|Sgt|Adm|Maj|Atty)\."
NAME_WORD = rf"(?:(?:[A-Z]\.)+|{ABBREVIATED}|[^\W\d_a-z][\w’'-]*(?:\.\w+)*)"
NAME_TAIL = re.compile(rf"(?:{NAME_WORD}\s+)*{NAME_WORD}$")
WORDS_BEFORE = re.compile(rf"(?<!\w)(?:{NAME_WORD}\s+(?:(?:of|for)\s+)?){{1,8}}\Z")  # of a text cut before a last name
FULL_NAME = re.compile(rf"(?<!\w){NAME_WORD}(?:\s+{NAME_WORD})+")
OF = re.compile(rf"(?P<name>(?:[\w.]+\s+)*?{NAME_WORD}\s+{NAME_WORD})\s+(?:of|for|from|at|with)\s+(?=(?:the\s+)?[A-Z])")
ARTICLE = re.compile(r"^(?:the|this|that|these|those|its|his|her|their)\s+", re.IGNORECASE)
RELATIVE = re.compile(r"\s+(?:who|whose|which)\s")
HEAD_END = re.compile(r",|\s(?:of|for|from|at|with|in|on|who|against|to|by|including)\s")
PLURAL_HEAD = re.compile(r"(?:[^s’']s|people|men|women|police|both|media)$")
SENTENCE_START = r"(?:(?:^|(?<=[.!?]\s)|(?<=[.!?][”’\x22]\s)|(?<=\n))(?:(?:But|And|Then|Still|Yet|Later)\s+)?)"
PERSON_SUBJECT = re.compile(
    rf"{SENTENCE_START}(?P<subject>(?:The|A|An)\s+(?:[\w’'-]+\s+){{0,2}}?(?:{'|'.join(_words('persons'))})\b(?![’'-])"
    rf"|(?:{NAME_WORD}\s+)*{NAME_WORD}(?![’'](?!s\b)))",
    re.MULTILINE,
)
BODY_SUBJECT = re.compile(
    rf"{SENTENCE_START}(?P<subject>(?:The|A|An|This|That|Its|Their|[A-Z][\w-]+[’']s|{NAME_WORD}\s+{NAME_WORD}[’']s)\s+"
    rf"(?:[\w’'-]+\s+){{0,3}}?(?:{'|'.join(_words('bodies'))})\b(?![’'-]))",
    re.MULTILINE,
)
WITH_STOP = (
    rf"(?<!\w)(?:(?:[A-Z]\.)+|No\.|v\.|{ABBREVIATED})(?=\s\w|[’'])"  # a full stop that ends nothing: "the U.S. Senate"
)
APPOSITION = re.compile(
    rf",\s+(?P<role>(?:(?:{'|'.join(_words('roles'))})(?!\w)|who\s+(?:{'|'.join(_words('acts'))})\s)"
    rf"(?:{WITH_STOP}|[^,.;:“”\"(\n])+?)(?=[,.;]|\s\(|\s+who\s|\s*[“\"]|\s*$)",
    re.MULTILINE,
)
ROLE_BEFORE = re.compile(
    r"(?<![\w’'])(?P<role>(?:the|an?|their|its|his|her)\s+(?:[\w’'-]+\s+){0,7}[\w’'-]+),\s+$",
    re.IGNORECASE,
)
PERSON_NOUN = re.compile(rf"(?:{'|'.join(_words('person_endings'))})$", re.IGNORECASE)
NUMBER = r"(?:the|some|many|several|other|most|two|three|four|a)"
_GROUP = (
    rf"(?:{NUMBER}\s+)?(?:(?!(?:by|of|and|for|from|with|to|in|said|that|as|but|or|{NUMBER})\s)[\w’'.-]+\s+){{0,3}}"
    rf"\b(?:{'|'.join(_words('people'))})\b"
)
GROUP_PHRASE = re.compile(rf"(?<![\w’'-]){_GROUP}", re.IGNORECASE)
GROUP_SUBJECT = re.compile(rf"{SENTENCE_START}({_GROUP})", re.IGNORECASE | re.MULTILINE)  # opens a sentence


def heads(speaker: str) -> list[str]:
    """Return what a speaker is called, without what they are of or for: the name, and the role after it."""
    return [HEAD_END.split(f"{part} ", maxsplit=1)[0] for part in speaker.split(", ")]


def is_within_marks(text: str, at: int) -> bool:
    """Whether an offset lies between quotation marks that opened in its paragraph."""
    first = text.rfind("\n", 0, at) + 1
    return text.count("“", first, at) > text.count("”", first, at) or text.count('"', first, at) % 2 == 1


def after_opener(words: list[str]) -> str:
    """Drop what stands before a name at the beginning of a sentence: "But Trump", "The Obama", "WHAT NEXT Yet Vale"."""
    low = [word.lower() for word in words]
    first = max((i + 1 for i, word in enumerate(low) if word in NOT_IN_NAMES), default=0)
    return " ".join(words[first:])


def titled(mention: str, name: str) -> str:
    """Return the name with what stands before it, unless that is too long to be a title or an office."""
    before = mention[: len(mention) - len(name)].split()
    return mention if sum(word[0].islower() for word in before) <= MAX_TITLE_WORDS else name


@lru_cache(maxsize=4_096)
def is_person(speaker: str) -> bool:
    """Return whether a speaker is one human being: a name, or a role that is neither a body nor a plural."""
    if person_name(speaker.partition(",")[0]) is not None:
        return True
    noun = head(speaker)
    return not BODY.search(noun) and not PLURAL_HEAD.search(noun)


def head(speaker: str) -> str:
    """Return the head noun of a noun phrase: the word before its first preposition."""
    words = HEAD_END.split(speaker, maxsplit=1)[0].split()
    return words[-1] if words else speaker


@lru_cache(maxsize=4_096)
def person_name(mention: str) -> str | None:
    """Return the name that a mention ends in, titles stripped, or None where it is a body, role or group."""
    match = NAME_TAIL.search(mention)
    if match is None:
        return None
    words = TITLES.sub("", match.group()).split()
    last = words[-1]
    has_article = mention.lower().startswith(("the ", "a ", "an ", "its "))
    if BODY.search(last) or last.lower() in PEOPLE or (has_article and len(words) == 1):
        return None
    if last.isupper() and 1 < len(last) <= MAX_ACRONYM and not last.endswith(".") and last.lower() not in SUFFIXES:
        return None
    return " ".join(words)
