"""Relevance learned from codings: coders take a text that names the topic in passing for off it, the rules do not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.evaluate.relevance import Labelled
from pipelines.train.relevance import MIN_STORIES, train_relevance
from tests.snapshots import TOPIC
from tracker.config import init_home, load_topics, relevance_model_path
from tracker.errors import ConfigError, DataError
from tracker.topic import compile_topic, load_relevance

PLACES = [
    f"{a}{b}" for a in ("North", "South", "Clear", "Stone", "Mill") for b in ("ford", "ham", "wick", "bury", "ton")
]
ABOUT = ("IRS may share tax data with ICE", "A judge let the IRS share addresses with immigration agents in {}.")
PASSING = (
    "{} votes on sewers",
    """The board of {} voted to lend money. A trustee voted no. The bill goes up. A licence was given.

    The park closes at ten. The pool opens in June. A bus line was asked for. Rents were the next point.

    Nobody spoke of the roads. The school board will meet on Friday.

    Some asked of the court ruling on the IRS sharing addresses with immigration agents.""",
)


def stories(n: int = 25) -> tuple[Labelled, ...]:
    return tuple(
        Labelled(title=title.format(place), text=text.format(place), is_on_topic=(title, text) == ABOUT)
        for place in PLACES[:n]
        for title, text in (ABOUT, PASSING)
    )


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A home in which relevance was learned by the command, and what that said."""
    home = tmp_path_factory.mktemp("home")
    init_home(home, feeds=False)
    file = home / "codings.jsonl"
    rows = [{"title": one.title, "text": one.text, "is_on_topic": one.is_on_topic} for one in stories()]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    done = CliRunner().invoke(app, ["--home", str(home), "frames", "train", "--relevance", "--codings", str(file)])
    assert done.exit_code == 0, done.output
    return home, done.output


def test_the_error_is_said_beside_that_of_the_rules(trained: tuple[Path, str]) -> None:
    home, said = trained
    assert "learned\t50\t1.00\t1.00\t1.00" in said
    assert "rules\t50\t0.50\t1.00\t0.67" in said
    assert "learned_relevance = true" in said
    kept = json.loads(relevance_model_path(home, load_topics(home)[0].topic).read_text(encoding="utf-8"))
    assert (kept["n_stories"], kept["n_on_topic"], kept["folds"]) == (50, 25, 5)


def test_it_decides_where_the_topic_file_says_so_and_only_there(trained: tuple[Path, str]) -> None:
    home, _ = trained
    title, text = (part.format("Easton") for part in PASSING)
    without = compile_topic(load_topics(home)[0])
    assert without.match(title, text).is_on_topic
    assert without.hash == without.topic.hash
    file = next((home / "topics").glob("*.toml"))
    asked = 'language = "en"\n'
    kept = file.read_text(encoding="utf-8")
    try:
        file.write_text(kept.replace(asked, f"{asked}learned_relevance = true\n"), encoding="utf-8")
        learned = compile_topic(load_topics(home)[0])
    finally:
        file.write_text(kept, encoding="utf-8")
    off, on = learned.match(title, text), learned.match(*(part.format("Easton") for part in ABOUT))
    assert (off.is_on_topic, on.is_on_topic) == (False, True)
    assert off.reasons[0].rule == "learned from codings"
    assert off.topic_hash == learned.hash != learned.topic.hash, "stored matches must be made anew"
    assert learned.match("Sewers", "Nothing of taxes.").is_on_topic is False


def test_too_few_or_no_better_than_the_rules_is_refused() -> None:
    topic = TOPIC
    with pytest.raises(DataError, match=f"at least {MIN_STORIES}"):
        train_relevance(stories(10), topic)
    with pytest.raises(DataError, match="coded are 0 and 25"):
        train_relevance(stories(), topic)  # by this query only those that name a ruling


def test_what_is_right_by_the_rules_already_is_not_stored(trained: tuple[Path, str]) -> None:
    topic = load_topics(trained[0])[0]
    mixed = [Labelled(title=one.title, text=one.text, is_on_topic=place % 3 > 0) for place, one in enumerate(stories())]
    with pytest.raises(DataError, match="nothing stored"):
        train_relevance(mixed, topic)


@pytest.mark.parametrize("content", ["", "[]", '{"features": ["x"], "weights": [1], "bias": 0}'])
def test_a_missing_or_damaged_model_is_a_clear_error(tmp_path: Path, content: str) -> None:
    file = tmp_path / "relevance.json"
    with pytest.raises(ConfigError, match="--relevance"):
        load_relevance(file)
    file.write_text(content, encoding="utf-8")
    with pytest.raises(ConfigError, match="--relevance"):
        load_relevance(file)
