"""The cue lexicon: which word forms introduce somebody else's words, and how."""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntEnum, auto
from typing import Final, NamedTuple, cast

from tracker.score.lexicon import Table, read_table, strings

CONSTRUCTIONS = (
    "object",
    "clause",
    "that",
    "trail",
    "tell",
    "question",
    "commit",
    "urge",
    "accuse",
    "characterize",
    "verdict",
)
_VOWELS = frozenset("aeiou")


class Form(IntEnum):
    """A verb form, as far as it can be told from spelling."""

    BASE = auto()  # also the infinitive and the present plural
    THIRD = auto()
    PAST = auto()  # also the past participle
    PARTICIPLE = auto()  # only the past participle
    ING = auto()


BASE, THIRD, PAST, PARTICIPLE, ING = Form  # an enum's own names are slow to look up


class Verb(NamedTuple):
    """One form of a cue verb with the constructions it may head and the particles that may follow it."""

    lemma: str
    form: Form
    constructions: frozenset[str]
    particles: frozenset[str]


class Cues(NamedTuple):
    """The lexicon: verb forms, and the nouns and adjectives that take a that clause."""

    verbs: dict[str, Verb]
    nouns: frozenset[str]
    adjectives: frozenset[str]
    words: frozenset[str]  # all of them, "according" and "words": what is worth a look


def _read() -> Cues:
    table = read_table("cues")
    irregular = cast("dict[str, list[str]]", table["irregular"])
    constructions: dict[str, set[str]] = {}
    for name in CONSTRUCTIONS:
        for lemma in strings(table, name):
            constructions.setdefault(lemma, set()).add(name)
    particles = _particles(table)
    not_verbs = frozenset(strings(table, "not_verbs"))
    verbs: dict[str, Verb] = {}
    for lemma in [*constructions, *particles]:
        for form, word in _forms(lemma, irregular.get(lemma)):
            verb = Verb(
                lemma,
                form,
                frozenset(constructions.get(lemma, ())),
                frozenset(particles.get(lemma, ())),
            )
            if word not in not_verbs:
                verbs.setdefault(word, verb)
    nouns, adjectives = frozenset(strings(table, "nouns")), frozenset(strings(table, "adjectives"))
    return Cues(verbs, nouns, adjectives, frozenset({*nouns, *adjectives, *verbs, "according", "words"}))


def _particles(table: Table) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for phrase in strings(table, "phrasal"):
        lemma, particle = phrase.split(" ")
        found.setdefault(lemma, set()).add(particle)
    return found


def _forms(lemma: str, irregular: list[str] | None) -> Iterator[tuple[Form, str]]:
    """Yield the forms of a lemma; the past comes before the bare form, which it may equal ("read")."""
    if irregular is not None:
        past, participle, third, ing = irregular
    else:
        past, participle, third, ing = _regular(lemma)
    yield PAST, past
    yield THIRD, third
    yield ING, ing
    if participle != past:
        yield PARTICIPLE, participle
    yield BASE, lemma


def _regular(lemma: str) -> tuple[str, str, str, str]:
    if lemma.endswith("e"):
        return f"{lemma}d", f"{lemma}d", f"{lemma}s", f"{lemma[:-1]}ing"
    if lemma.endswith("y") and lemma[-2] not in _VOWELS:
        return f"{lemma[:-1]}ied", f"{lemma[:-1]}ied", f"{lemma[:-1]}ies", f"{lemma}ing"
    plural = "es" if lemma.endswith(("s", "sh", "ch", "x", "z")) else "s"
    return f"{lemma}ed", f"{lemma}ed", f"{lemma}{plural}", f"{lemma}ing"


CUES: Final = _read()  #: the lexicon of ``data/cues.toml``
