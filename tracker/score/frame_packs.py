"""Frame packs: frames as data in ``packs/*.toml``, read and checked.

A pack has ``pack``, ``title``, ``citation`` and ``[[frame]]`` tables with ``id``, ``definition``, ``seeds``
and optionally ``exclude``, ``threshold`` and a ``citation`` of their own. Seeds are in the language of
``seeds.py``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from tracker.errors import ConfigError
from tracker.model import FrameDefinition
from tracker.score.seeds import Seed, SeedAutomaton, parse_seed

#: Names for people that carry a stance: as seeds they would make the choice of a name look like a frame.
LABEL_TERMS = (
    "illegal alien",
    "illegal aliens",
    "criminal alien",
    "criminal aliens",
    "illegal immigrant",
    "illegal immigrants",
    "illegal immigration",
    "illegal migrant",
    "illegal migrants",
    "illegals",
    "alien",
    "aliens",
    "undocumented",
    "undocumented immigrant",
    "undocumented immigrants",
    "undocumented worker",
    "unauthorized immigrant",
    "unauthorized immigrants",
    "noncitizen",
    "noncitizens",
    "dreamer",
    "dreamers",
    "anchor baby",
    "anchor babies",
    "pro-life",
    "pro-choice",
    "unborn child",
    "death tax",
)

#: The bare word inside those names: a seed that matches it alone fires on the label.
_LABEL_WORDS = ("illegal", "illegals", "illegally", "alien", "aliens", "undocumented", "noncitizen", "noncitizens")

#: Frames of one pack that share more than this part of the smaller one's seeds cannot be told apart.
MAX_SHARED_SEEDS = 0.2

Kind = Literal["label", "dead", "duplicate", "shared", "overlap", "id"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameProblem:
    """What is wrong with a frame's seeds, in words, with the seed it is about."""

    kind: Kind
    frame: str
    seed: str
    message: str


def load_packs(names: Iterable[str]) -> tuple[FrameDefinition, ...]:
    """Return the definitions of the packs named, in order. Raises ConfigError for an unknown name."""
    return tuple(definition for name in names for definition in _load_pack(name))


@cache
def pack_names() -> tuple[str, ...]:
    """Return the names of the packs in the package."""
    directory = files("tracker.score") / "packs"
    return tuple(sorted(f.name.removesuffix(".toml") for f in directory.iterdir() if f.name.endswith(".toml")))


@cache
def _load_pack(name: str) -> tuple[FrameDefinition, ...]:
    if name not in pack_names():
        raise ConfigError(f"there is no frame pack {name!r}; the packs are {', '.join(pack_names())}")
    text = (files("tracker.score") / "packs" / f"{name}.toml").read_text(encoding="utf-8")
    data: dict[str, Any] = tomllib.loads(text)
    return tuple(
        FrameDefinition(
            id=frame["id"],
            pack=name,
            definition=frame["definition"],
            citation=frame.get("citation", data["citation"]),
            seeds=tuple(frame["seeds"]),
            exclude=tuple(frame.get("exclude", ())),
            threshold=float(frame.get("threshold", 1.0)),
        )
        for frame in data["frame"]
    )


def validate(
    definitions: Iterable[FrameDefinition], *, label_terms: Iterable[str] = LABEL_TERMS
) -> tuple[FrameProblem, ...]:
    """Return what is wrong with frames: labels among the seeds, dead seeds, overlaps between frames.

    ``label``: a seed fires on a name for people that carries a stance, and no exclusion catches it.
    ``dead``: a seed can never count, because another of the frame matches all it matches, or an exclusion
    swallows it. ``duplicate``: listed twice. ``overlap``: two frames of a pack share too many seeds.
    ``shared``: a seed is in three frames of a pack or more. ``id``: an id is used twice in a pack.
    Raises ConfigError for a seed that is not in the seed language.
    """
    frames = tuple(definitions)
    problems: list[FrameProblem] = []
    labels = tuple(label_terms)
    for frame in frames:
        problems.extend(_label_problems(frame, labels))
        problems.extend(_dead_seeds(frame))
    for pack in sorted({frame.pack for frame in frames}):
        problems.extend(_overlaps([frame for frame in frames if frame.pack == pack]))
    return tuple(problems)


def _label_problems(frame: FrameDefinition, labels: Iterable[str]) -> Iterable[FrameProblem]:
    seeds = SeedAutomaton(frame.seeds)
    exclude = SeedAutomaton(frame.exclude)
    reported: set[str] = set()
    for label in (*labels, *_LABEL_WORDS):
        excluded = exclude.find(label)
        for hit in seeds.find(label):
            is_caught = any(e.start <= hit.start and hit.end <= e.end for e in excluded)
            seed = frame.seeds[hit.seed]
            if not is_caught and seed not in reported:
                reported.add(seed)
                yield _problem("label", frame, seed, f"fires on the loaded term {label!r}; drop it or exclude that")


def _dead_seeds(frame: FrameDefinition) -> Iterable[FrameProblem]:
    plain = [(s, parse_seed(s)) for s in frame.seeds]
    singles = {s.phrases[0].words[0] for _, s in plain if _is_one_word(s) and s.phrases[0].prefixes[0]}
    seen: set[tuple[object, ...]] = set()
    exclude = SeedAutomaton(frame.exclude)
    for source, seed in plain:
        key = (seed.phrases, seed.distances)
        if key in seen:
            yield _problem("duplicate", frame, source, "is listed twice")
            continue
        seen.add(key)
        shadow = _shadow(seed, singles)
        if shadow is not None:
            yield _problem("dead", frame, source, f"never counts: {shadow}* matches all that it matches")
        text = " ".join(seed.phrases[0].words)
        if not seed.distances and any(e.end - e.start == len(text) for e in exclude.find(text)):
            yield _problem("dead", frame, source, "never counts: an exclusion swallows it")


def _is_one_word(seed: Seed) -> bool:
    return not seed.distances and len(seed.phrases[0].words) == 1


def _shadow(seed: Seed, prefixes: set[str]) -> str | None:
    """Return the shorter prefix of the same frame that a one-word seed is a case of."""
    if not _is_one_word(seed):
        return None
    word = seed.phrases[0].words[0]
    own = word if seed.phrases[0].prefixes[0] else None
    return next((p for p in sorted(prefixes) if word.startswith(p) and p != own), None)


def _overlaps(frames: list[FrameDefinition]) -> Iterable[FrameProblem]:
    owners: dict[str, list[FrameDefinition]] = {}
    for i, frame in enumerate(frames):
        if any(frame.id == other.id for other in frames[:i]):
            yield _problem("id", frame, "", "this id is used twice in the pack")
        for seed in dict.fromkeys(frame.seeds):
            owners.setdefault(seed, []).append(frame)
        for other in frames[:i]:
            shared = sorted(set(frame.seeds) & set(other.seeds))
            smaller = min(len(set(frame.seeds)), len(set(other.seeds)))
            if len(shared) > MAX_SHARED_SEEDS * smaller:
                message = f"{len(shared)} seeds are shared with {other.id}: the two cannot be told apart"
                yield _problem("overlap", frame, ", ".join(shared), message)
    for seed, in_frames in owners.items():
        if len(in_frames) > 2:  # noqa: PLR2004 (in three frames a seed tells nothing apart)
            ids = ", ".join(frame.id for frame in in_frames)
            yield _problem("shared", in_frames[0], seed, f"is a seed of {ids}: it tells nothing apart")


def _problem(kind: Kind, frame: FrameDefinition, seed: str, message: str) -> FrameProblem:
    return FrameProblem(kind=kind, frame=frame.id, seed=seed, message=f"frame {frame.id!r}, seed {seed!r}: {message}")
