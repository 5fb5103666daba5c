"""Whose text is it: the agency that a byline, a dateline or a credit line names.

Credits are looked for where credits stand: the byline, the head of the text, lines of their own at its
foot. "Told The Associated Press" in the middle of a sentence is a source, not a credit, and "The
Associated Press contributed to this report" says that the text is the outlet's own.

``wire_agency`` says what the text says. Whether that makes it wire copy is the caller's to decide: the
agency's own site carries the same credits (``is_agency_outlet``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Self

from tracker.model import Outlet, OutletKind

# name → (dateline tokens, byline names). Tokens stand in parentheses at the head of the text; names are
# matched as whole names, case-insensitively, with or without "The".
_AGENCIES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "AP": (("AP", "The Associated Press", "Associated Press"), ("Associated Press", "AP", "AP News", "AP Wire")),
    "Reuters": (("Reuters", "REUTERS", "Thomson Reuters"), ("Reuters", "Thomson Reuters", "Reuters Staff")),
    "AFP": (("AFP", "Agence France-Presse"), ("AFP", "Agence France-Presse", "Agence France Presse")),
    "UPI": (("UPI",), ("UPI", "United Press International")),
    "Bloomberg": (("Bloomberg", "Bloomberg News"), ("Bloomberg", "Bloomberg News")),
    "CNN Wire": (("CNN", "CNN Wire"), ("CNN Wire", "CNN Newsource", "CNN NewsSource")),
    "Tribune News Service": (
        ("TNS", "Tribune News Service"),
        ("TNS", "Tribune News Service", "Tribune Content Agency", "McClatchy-Tribune"),
    ),
    "States Newsroom": (("States Newsroom",), ("States Newsroom", "Stateline")),
    "The Center Square": (("The Center Square", "Center Square"), ("Center Square",)),
    "KFF Health News": (("KFF Health News",), ("KFF Health News", "Kaiser Health News", "KHN")),
    "Cronkite News": ((), ("Cronkite News",)),
    "ProPublica": ((), ("ProPublica",)),
    "Capitol News Illinois": ((), ("Capitol News Illinois",)),
    "CalMatters": ((), ("CalMatters",)),
    "Texas Tribune": ((), ("Texas Tribune",)),
    "The Conversation": ((), ("The Conversation",)),
    "Canadian Press": (("The Canadian Press",), ("Canadian Press",)),
    "PA Media": ((), ("PA Media", "Press Association", "PA News Agency")),
    "AAP": (("AAP",), ("AAP", "Australian Associated Press")),
    "DPA": (("dpa", "DPA"), ("dpa", "Deutsche Presse-Agentur")),
    "EFE": (("EFE",), ("EFE", "Agencia EFE")),
    "Europa Press": (("EUROPA PRESS", "Europa Press"), ("Europa Press",)),
    "ANSA": (("ANSA",), ("ANSA",)),
    "Xinhua": (("Xinhua",), ("Xinhua",)),
    "Kyodo": (("Kyodo",), ("Kyodo", "Kyodo News")),
    "ANI": (("ANI",), ("ANI",)),
    "PTI": (("PTI",), ("PTI", "Press Trust of India")),
    "IANS": (("IANS",), ("IANS",)),
    "Gray News": (("Gray News",), ("Gray News",)),
    "NewsNation": (("NewsNation",), ()),
    "Nexstar": (("NEXSTAR", "NewsNation/Nexstar"), ("Nexstar Media Wire",)),
    "Scripps News": (("Scripps News",), ("Scripps News",)),
}
_OUTLETS = {
    "ap": "AP",
    "apnews": "AP",
    "associated-press": "AP",
    "associated-press-news": "AP",
    "united-press-international": "UPI",
    "agence-france-presse": "AFP",
    "bloomberg-news": "Bloomberg",
    "tns": "Tribune News Service",
    "stateline": "States Newsroom",
    "kaiser-health-news": "KFF Health News",
    "conversation": "The Conversation",
    "thecentersquare": "The Center Square",
    "kffhealthnews": "KFF Health News",
    "cnn": "CNN Wire",
    "cnn-newsource": "CNN Wire",
}

_DASH = r"[-–—―:]|--"
_HELPED = re.compile(
    r"contribut(?:ed|ing|ions?)|with (?:files|reporting|material|information|additional)|additional report|"
    r"(?:con )?información de|assisted|helped",
    re.IGNORECASE,
)
_PICTURE = re.compile(r"\b(?:image|photo(?:graph)?|picture|video|caption|getty)\b", re.IGNORECASE)
# Reuters signs its own: "(Reporting by Jane Doe; Editing by John Roe)"
_REUTERS_SIGN_OFF = re.compile(
    r"\((?:additional )?report(?:ing|s)? (?:by|from) [^()]{3,400}?[;.] ?(?:writing|editing) by [^()]{3,200}\)?",
    re.IGNORECASE,
)
_CNN_SIGN_OFF = re.compile(r"the[- ]cnn[- ]wire\b", re.IGNORECASE)

HEAD_PARAGRAPHS = 6  # title, byline, place and picture line may come before the dateline
FOOT_PARAGRAPHS = 6
MIN_LONG_NAME = len("Reuters")
MAX_CREDIT_WORDS = 40  # longer paragraphs are the story
MAX_BYLINE_WORDS = 16
MAX_PARAGRAPH_CHARS = 1_500  # of a paragraph looked at: credits stand at its beginning


# An agency's name without what says that it is one: "Meridian Wire" signs its datelines "(Meridian)"
_KIND = re.compile(r"\s+(?:wire|wires|wire service|news|news service|news agency|press)$", re.IGNORECASE)


class Agencies:
    """The agencies that credits are looked for: those known by name here, and the user's own.

    ``outlets`` are slugs and names of further agencies, such as the outlets of kind ``wire`` in
    ``outlets.toml``; those that are known here already stay what they are.
    """

    def __init__(self, outlets: Mapping[str, str] | None = None) -> None:
        self._slugs = dict(_SLUGS)
        known = dict(_AGENCIES)
        for slug, name in (outlets or {}).items():
            self._slugs.setdefault(_slug(slug), name)
            if self._slugs[_slug(slug)] == name and name not in known:
                short = _KIND.sub("", name)
                known[name] = ((name, short), (name, f"{short} wires"))
        self._tokens = {token: agency for agency, (tokens, _) in known.items() for token in tokens}
        self._names = {name.casefold(): agency for agency, (_, names) in known.items() for name in names}
        names = [name for _, listed in known.values() for name in listed]
        self._dateline, self._byline, self._owned = _patterns(tuple(self._tokens), names)

    @classmethod
    def among(cls, outlets: Iterable[Outlet]) -> Self:
        """Return those known by name here and the outlets of kind ``wire``."""
        return cls({one.outlet: one.name for one in outlets if one.kind is OutletKind.WIRE})

    def of_outlet(self, outlet: str) -> str | None:
        """Return the agency that an outlet is, by its slug (``associated-press``, ``reuters``), or None."""
        return self._slugs.get(_slug(outlet))

    def credited(self, title: str, text: str, authors: Sequence[str], credit: str | None) -> str | None:
        """Return the agency that an article credits with its text, or None.

        Looked at in this order: the credit line, the authors, a dateline at the head of the text, a byline
        of its own line at the head, a copyright, sign-off or origin line at the foot.
        """
        for byline in filter(None, (credit, *authors)):
            if found := self._from_byline(byline):
                return found
        paragraphs = _paragraphs(title, text)
        head, foot = paragraphs[:HEAD_PARAGRAPHS], paragraphs[-FOOT_PARAGRAPHS:]
        for paragraph in head:
            if dateline := self._dateline.match(paragraph):
                return self._tokens[dateline.group(1)]
        for paragraph in (*head, *foot):
            # a bare name inside the text is a picture's credit
            is_edge = paragraph in {paragraphs[0], *paragraphs[-2:]}
            if found_name := self._from_own_line(paragraph, is_edge=is_edge):
                return found_name
        return next(filter(None, map(self._from_foot, reversed(foot))), None)

    def _from_byline(self, byline: str) -> str | None:
        """Read a byline or credit line; one that says that an agency helped credits the outlet."""
        if _HELPED.search(byline) or len(byline.split()) > MAX_CREDIT_WORDS:
            return None
        for line in byline.split("\n"):
            if found := self._byline.match(line.strip()):
                return self._names[_plain(found.group(1))]
        return self._from_foot(byline)

    def _from_own_line(self, paragraph: str, *, is_edge: bool) -> str | None:
        if len(paragraph.split()) > MAX_BYLINE_WORDS or _HELPED.search(paragraph):
            return None
        is_byline = paragraph.lower().startswith(("by ", "by:", "source:", "credit:", "(", "—", "–", "-", "©"))
        plain = re.sub(r"^(?:source|credit)\s*:\s*", "", paragraph, flags=re.IGNORECASE)
        if is_byline and (found := self._byline.match(plain)):
            return self._names[_plain(found.group(1))]
        whole = plain.strip(" .—–-()[]*_").casefold().removeprefix("the ")
        return self._names.get(whole) if is_edge else None

    def _from_foot(self, paragraph: str) -> str | None:
        is_long = len(paragraph.split()) > MAX_CREDIT_WORDS
        if not is_long and _CNN_SIGN_OFF.search(paragraph):
            return "CNN Wire"
        if _REUTERS_SIGN_OFF.search(paragraph):
            return "Reuters"
        if is_long or _HELPED.search(paragraph):
            return None
        found = None if _PICTURE.search(paragraph) else self._owned.search(paragraph)
        return self._names[_plain(next(filter(None, found.groups())))] if found else None


def _paragraphs(title: str, text: str) -> list[str]:
    listed = [line.strip()[:MAX_PARAGRAPH_CHARS] for line in text.split("\n")]
    kept = [line for line in listed if line]
    if kept and title.strip() and kept[0].rstrip(".") == title.strip().rstrip("."):
        kept = kept[1:]
    return kept


def _plain(name: str) -> str:
    return name.casefold().removeprefix("the ")


def _slug(outlet: str) -> str:
    return outlet.casefold().replace("_", "-").replace(" ", "-").removeprefix("the-")


_SLUGS = {_slug(name): name for name in _AGENCIES} | _OUTLETS


def _any_of(texts: Iterable[str]) -> str:
    return "|".join(re.escape(text) for text in sorted(texts, key=lambda text: (-len(text), text)))


def _patterns(tokens: Sequence[str], names: Sequence[str]) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """Compile what a dateline, a byline and a line of ownership look like for these agencies."""
    name = _any_of(names)
    # Short names are words or initials of something else inside a sentence: there only long ones count.
    long_name = _any_of([one for one in names if len(one) >= MIN_LONG_NAME])
    # As in: WASHINGTON (AP) — or NEW YORK, Dec. 11 (UPI) — or just (Reuters) - or MOSCOW (AFP/Reuters) –
    dateline = re.compile(
        rf"^\W{{0,3}}(?:[A-ZÀ-Þ][^\n()]{{0,70}}?\s?)?[(\[]({_any_of(tokens)})(?:\s?/[^()\n]{{1,30}})?[)\]]\s*"
        rf"(?:{_DASH})",
        re.MULTILINE,
    )
    # "By Jane Doe, Associated Press" or "By JANE DOE and JOHN ROE / The Associated Press" or "Reuters" alone
    byline = re.compile(
        rf"^\W{{0,3}}(?:by\s+)?(?:[^\n]{{0,120}}?(?:,|\||/|–|—|-|\bof|\bfor|\bvia|\bfrom|\()\s*)?(?:the\s+)?({name})\)?"
        r"(?:\s+(?:staff|writers?|reporters?|correspondents?|newswire|news service|"
        r"wire service|contributors?))*\W{0,3}$",
        re.IGNORECASE,
    )
    owned = re.compile(
        rf"(?:copyright|\(c\)|©|™)[^\n]{{0,60}}?\b({name})\b|"
        rf"\b({long_name})\b[^\n.]{{0,40}}?all rights reserved|"
        rf"(?:distributed|provided|syndicated|produced|supplied) by (?:the )?({name})\b|"
        r"(?:^\W*|\bthis (?:\w+ )?(?:story|article|report|column|piece)[^\n.]{0,40}? )(?:was )?(?:originally |first )+"
        r"(?:published|appeared|ran)[^\n.]{0,40}? (?:by|on|in|at|with) "
        rf"(?:the )?({long_name})\b|"
        r"(?:republished|reprinted|published) (?:from|with permission (?:from|of)|courtesy of) "
        rf"(?:the )?({long_name})\b|"
        rf"(?:this (?:story|article|report) (?:is|was|comes|came)(?: originally)? from) (?:the )?({long_name})\b",
        re.IGNORECASE,
    )
    return dateline, byline, owned


KNOWN_AGENCIES = Agencies()


def wire_agency(title: str, text: str, authors: Sequence[str], credit: str | None) -> str | None:
    """Return the agency, among those known by name here, that an article credits with its text, or None."""
    return KNOWN_AGENCIES.credited(title, text, authors, credit)


def is_agency_outlet(outlet: str) -> str | None:
    """Return the agency, among those known by name here, that an outlet is, or None."""
    return KNOWN_AGENCIES.of_outlet(outlet)
