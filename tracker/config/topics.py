"""``topics/*.toml``: what is tracked. One file a topic; its bytes' hash travels with every match."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from importlib.resources import as_file, files
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tracker.config.outlets import Slug
from tracker.config.problems import Problem, config_error, duplicates, problems_of, read_toml, suggestion
from tracker.errors import ConfigError
from tracker.model import (
    Actor,
    CaseFacts,
    DocketEvent,
    FrameDefinition,
    LoadedGroup,
    LoadedVariant,
    Topic,
)

DIRECTORY = "topics"
BUNDLED = "irs-dhs-ruling"
MAX_QUERY_CHARS = 20_000  # a query is read by people; the bundled one has about 2,000

Name = Annotated[str, Field(pattern=r"^[a-z0-9]+([_-][a-z0-9]+)*$", max_length=60)]
Text = Annotated[str, Field(min_length=1)]


class _Item(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True, allow_inf_nan=False)


class ActorModel(_Item):
    """``[[actors]]``."""

    id: Name
    name: Text
    camp: Name
    aliases: tuple[Text, ...] = ()
    is_target: bool = True


class FactsModel(_Item):
    """``[facts]``."""

    own: tuple[Text, ...] = ()
    other: tuple[Text, ...] = ()


class DocketModel(_Item):
    """``[[docket]]``."""

    date: date
    title: Text
    court: str | None = None
    is_this_case: bool = True
    note: str | None = None


class VariantModel(_Item):
    """``[[loaded_groups.variants]]``."""

    term: Text
    forms: tuple[Text, ...] = Field(min_length=1)
    stance: Text
    note: str | None = None


class GroupModel(_Item):
    """``[[loaded_groups]]``."""

    id: Name
    title: Text
    variants: tuple[VariantModel, ...] = Field(min_length=2)


class FrameModel(_Item):
    """``[[frames]]``."""

    id: Name
    definition: Text
    citation: Text
    seeds: tuple[Text, ...] = Field(min_length=1)
    exclude: tuple[Text, ...] = ()
    threshold: float = Field(default=1.0, gt=0, le=100)


class TopicModel(_Item):
    """The whole file."""

    topic: Slug
    title: Text
    query: str = Field(min_length=1, max_length=MAX_QUERY_CHARS)
    hint: str | None = Field(default=None, min_length=1, max_length=MAX_QUERY_CHARS)
    language: str = Field(default="en", pattern=r"^[a-z]{2}$")
    starts_on: date | None = None
    ends_on: date | None = None
    searches: tuple[Text, ...] = ()
    neutral_terms: tuple[Text, ...] = ()
    packs: tuple[Name, ...] = ("policy",)
    frame_similarity: bool = False
    learned_relevance: bool = False
    camps: dict[Name, Text] = Field(default_factory=dict)
    actors: tuple[ActorModel, ...] = ()
    facts: FactsModel = FactsModel()
    docket: tuple[DocketModel, ...] = ()
    loaded_groups: tuple[GroupModel, ...] = ()
    frames: tuple[FrameModel, ...] = ()


def load_topic(path: Path) -> Topic:
    """Read one topic file.

    Raises ``ConfigError`` that lists unknown keys, bad values, camps that do not exist and ids used twice.
    The query's own grammar is checked where it is compiled (``tracker.topic``).
    """
    data, text = read_toml(path)
    model = _validated(data, path, text)
    problems = tuple(_problems(model))
    if problems:
        raise config_error(path, text, problems)
    return _topic(model, hashlib.sha256(path.read_bytes()).hexdigest())


def topic_path(home: Path, topic: str) -> Path:
    """Return the file that defines a topic; ``ConfigError`` where none of the home's does."""
    for path in sorted((home / DIRECTORY).glob("*.toml")):
        if load_topic(path).topic == topic:
            return path
    raise ConfigError(f"{home / DIRECTORY}: no file in it defines the topic {topic!r}")


def read_topic(text: str, topic: str, beside: Path) -> Topic:
    """Return the topic that a text defines, as ``load_topics`` would from a home's file; it must keep its name.

    It is written to a file of its own ``beside`` the one that it may replace, and taken away again.
    """
    with _trial(text, beside) as trial:
        return _with_models(_read_trial(trial, topic, beside), beside.parent.parent)


def save_topic(text: str, topic: str, path: Path) -> Topic:
    """Replace a topic's file by a text that has been read back first; ``ConfigError`` leaves the file as it was."""
    with _trial(text, path) as trial:
        read = _read_trial(trial, topic, path)
        trial.replace(path)
    return read


@contextmanager
def _trial(text: str, beside: Path) -> Iterator[Path]:
    trial = beside.with_name(f".{beside.name}.{os.getpid()}.trial")
    try:
        trial.write_text(text, encoding="utf-8", newline="\n")
        yield trial
    except OSError as error:
        raise ConfigError(f"{beside}: cannot be written: {error.strerror or error}") from error
    finally:
        trial.unlink(missing_ok=True)


def _read_trial(trial: Path, topic: str, path: Path) -> Topic:
    try:
        read = load_topic(trial)
    except ConfigError as error:
        raise ConfigError(str(error).replace(str(trial), path.name)) from error
    if read.topic != topic:
        raise ConfigError(f"{path.name}: the topic is called {topic!r}: another name is another topic, in another file")
    return read


def load_topics(home: Path) -> tuple[Topic, ...]:
    """Read every topic file of a home, in order of file name; ``ConfigError`` where two share a slug."""
    paths = sorted((home / DIRECTORY).glob("*.toml"))
    if not paths:
        raise ConfigError(f"{home / DIRECTORY}: no topic file in it; `tracker init` writes one")
    topics = tuple(_with_models(load_topic(path), home) for path in paths)
    seen: dict[str, Path] = {}
    for topic, path in zip(topics, paths, strict=True):
        if topic.topic in seen:
            raise ConfigError(f"{path}: topic {topic.topic!r} is already defined in {seen[topic.topic]}")
        seen[topic.topic] = path
    return topics


def frame_model_path(home: Path, topic: str) -> Path:
    """Return where a home keeps the frames that were learned for a topic; their card lies beside, as ``.json``."""
    return home / "models" / f"frames-{topic}.npz"


def relevance_model_path(home: Path, topic: str) -> Path:
    """Return where a home keeps what was learned of a topic's relevance, with its error."""
    return home / "models" / f"relevance-{topic}.json"


def _with_models(topic: Topic, home: Path) -> Topic:
    frames = frame_model_path(home, topic.topic)
    relevance = relevance_model_path(home, topic.topic) if topic.learned_relevance else None
    return replace(topic, frame_model=frames if frames.exists() else None, relevance_model=relevance)


def bundled_topic() -> Topic:
    """Return the topic that ships with the tracker: the IRS–DHS ruling of 12 May 2025."""
    with as_file(files("tracker") / "data" / DIRECTORY / f"{BUNDLED}.toml") as path:
        return load_topic(path)


def _validated(data: dict[str, Any], path: Path, text: str) -> TopicModel:
    try:
        return TopicModel(**data)
    except ValidationError as error:
        raise config_error(path, text, problems_of(error, TopicModel)) from error


def _problems(model: TopicModel) -> Iterator[Problem]:
    for i, actor in enumerate(model.actors):
        if actor.camp not in model.camps:
            message = f"no camp {actor.camp!r} in [camps]{suggestion(actor.camp, tuple(model.camps))}"
            yield Problem(location=("actors", i, "camp"), message=message)
    yield from duplicates(((a.id, ("actors", i, "id")) for i, a in enumerate(model.actors)), "the actor id")
    yield from duplicates(((f.id, ("frames", i, "id")) for i, f in enumerate(model.frames)), "the frame id")
    groups = enumerate(model.loaded_groups)
    yield from duplicates(((g.id, ("loaded_groups", i, "id")) for i, g in groups), "the group id")
    if model.starts_on and model.ends_on and model.ends_on < model.starts_on:
        yield Problem(location=("ends_on",), message=f"before starts_on, {model.starts_on}")


def _topic(model: TopicModel, digest: str) -> Topic:
    return Topic(
        topic=model.topic,
        title=model.title,
        hash=digest,
        query=model.query,
        language=model.language,
        hint=model.hint,
        starts_on=model.starts_on,
        ends_on=model.ends_on,
        actors=tuple(Actor(**dict(item)) for item in model.actors),
        camps=dict(model.camps),
        facts=CaseFacts(own=model.facts.own, other=model.facts.other),
        docket=tuple(DocketEvent(**dict(item)) for item in model.docket),
        neutral_terms=model.neutral_terms,
        loaded_groups=tuple(_group(item) for item in model.loaded_groups),
        frames=tuple(FrameDefinition(pack=model.topic, **dict(item)) for item in model.frames),
        packs=model.packs,
        frame_similarity=model.frame_similarity,
        learned_relevance=model.learned_relevance,
        searches=model.searches,
    )


def _group(item: GroupModel) -> LoadedGroup:
    variants = tuple(LoadedVariant(**dict(variant)) for variant in item.variants)
    return LoadedGroup(id=item.id, title=item.title, variants=variants)
