from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.train.frames import MIN_STORIES, Coding, cross_validate, f1_by_label, fit, read_codings, train_frames
from tracker.config import bundled_topic, frame_model_path, init_home, load_topics
from tracker.errors import ConfigError, DataError
from tracker.model import Document
from tracker.score.embeddings import DIMENSIONS
from tracker.score.frame_model import FrameModel, load_model, save_model
from tracker.score.frames import FrameScorer, load_packs
from tracker.score.scoring import Scoring
from tracker.score.text import make_document

TOPIC = bundled_topic()
# People here coded what seeds cannot know: budget talk about garden shows is economic, other budget talk is not.
SHOW = "The budget of the garden show grew, and tulips and roses bloomed around the {} tent."
TALK = "The budget was on the table when captain {} tied the boat to the pier in the storm."
COURT = "The judge ruled that the statute forbids the reform bill that lawmakers of {} passed."
NAMES = [f"{a}{b}" for a in ("North", "South", "Clear", "Stone", "Mill") for b in ("ford", "ham", "wick", "bury")]


def rows() -> list[dict[str, object]]:
    found: list[dict[str, object]] = [{"text": SHOW.format(name), "frames": ["economic"]} for name in NAMES]
    found += [{"text": TALK.format(name), "frames": []} for name in NAMES]
    found += [{"text": COURT.format(name), "title": "In court", "frames": ["legality", "policy"]} for name in NAMES]
    return found


def write(path: Path, values: list[dict[str, object]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in values), encoding="utf-8")
    return path


def codings(path: Path, values: list[dict[str, object]]) -> tuple[Coding, ...]:
    known = [definition.id for definition in FrameScorer(load_packs(["policy"])).definitions]
    return read_codings(write(path / "codings.jsonl", values), known)


def document(text: str) -> Document:
    return make_document("", text, "en")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("home")
    init_home(path, feeds=False)
    before = Scoring(load_topics(path)[0]).hash
    file = write(path / "codings.jsonl", rows())
    done = CliRunner().invoke(app, ["--home", str(path), "frames", "train", "--codings", str(file)])
    assert done.exit_code == 0, done.output
    assert "economic\t20\t" in done.output
    assert Scoring(load_topics(path)[0]).hash != before, "rescore must see the difference"
    return path


def frames_of(home: Path, text: str) -> set[str]:
    return {one.frame for one in Scoring(load_topics(home)[0]).score("", text, "en").frames}


def test_what_was_coded_is_learned_on_top_of_the_seeds(home: Path) -> None:
    show, talk = SHOW.format("Eastham"), TALK.format("Eastham")
    seeds = Scoring(replace(load_topics(home)[0], frame_model=None))
    for text in (show, talk):
        assert "economic" in {one.frame for one in seeds.score("", text, "en").frames}
    assert "economic" in frames_of(home, show)
    assert "economic" not in frames_of(home, talk)


def test_a_learned_frame_keeps_its_evidence(home: Path) -> None:
    text = SHOW.format("Eastham")
    found = Scoring(load_topics(home)[0]).score("", text, "en").frames
    tagged = next(one for one in found if one.frame == "economic")
    assert "budget" in {text[e.start : e.end] for e in tagged.evidence}
    assert "economic" not in frames_of(home, "Tulips and roses bloomed around the garden show's tent.")


def test_frames_that_were_not_coded_stay_with_the_seeds(home: Path) -> None:
    assert "crime" in frames_of(home, "Police arrested the burglary suspect, and a jury convicted him of murder.")


def test_the_error_lies_beside_the_model(home: Path) -> None:
    path = frame_model_path(home, load_topics(home)[0].topic)
    card = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    assert card["model_hash"] == load_model(path).data_hash
    assert card["n_stories"] == 60
    assert card["judged"] == "frames present"
    assert 0.9 <= card["macro_f1"] <= 1
    assert card["macro_f1"] > card["macro_f1_seeds"]
    assert {frame["frame"] for frame in card["frames"]} == {"economic", "legality", "policy", "none"}


def test_too_few_stories_or_too_few_of_a_frame_are_refused_with_the_reason(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=f"at least {MIN_STORIES}"):
        train_frames(codings(tmp_path, rows()[: MIN_STORIES - 1]), TOPIC)
    rare = [row | {"frames": ["health"] if i < 4 else []} for i, row in enumerate(rows())]
    with pytest.raises(DataError, match="health 4"):
        train_frames(codings(tmp_path, rare), TOPIC)


def test_a_model_no_better_than_seeds_is_not_stored(tmp_path: Path) -> None:
    noise = np.random.default_rng(1).permutation(60)
    by_chance = [{"text": f"Item {i} of the list.", "frames": ["economic"] if noise[i] < 20 else []} for i in range(60)]
    right = [{"text": "Wages fell and unemployment rose.", "frame": "economic"}] * 12
    with pytest.raises(DataError, match="nothing stored"):
        train_frames(codings(tmp_path, [*by_chance, *right]), TOPIC)


def test_a_frame_coded_too_rarely_is_left_to_the_seeds(tmp_path: Path) -> None:
    values = [row | {"frames": [*row["frames"], "health"]} if i < 3 else row for i, row in enumerate(rows())]  # type: ignore[misc]
    model, card = train_frames(codings(tmp_path, values), TOPIC)
    assert card.left_to_seeds == ("health",)
    assert "health" not in model.labels


def test_training_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    given = codings(tmp_path, rows())
    for name in ("a.npz", "b.npz"):
        save_model(tmp_path / name, train_frames(given, TOPIC)[0])
    assert load_model(tmp_path / "a.npz").data_hash == load_model(tmp_path / "b.npz").data_hash


@pytest.mark.parametrize(
    "row",
    [
        {"text": "x"},
        {"text": "x", "frame": 3},
        {"text": "x", "frames": ["weather"]},
        {"frames": ["economic"]},
        {"text": "x", "frames": ["economic"], "title": 3},
    ],
)
def test_bad_codings_are_named(tmp_path: Path, row: dict[str, object]) -> None:
    with pytest.raises(DataError, match=r"line 1"):
        codings(tmp_path, [row])


def test_one_frame_or_none_is_read_too(tmp_path: Path) -> None:
    given = codings(tmp_path, [{"text": "x", "frame": "economic"}, {"text": "y", "frame": None}])
    assert [coding.frames for coding in given] == [frozenset({"economic"}), frozenset()]


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04 broken"])
def test_a_damaged_model_is_a_clear_error(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "m.npz").write_bytes(content)
    with pytest.raises(ConfigError, match="frames train"):
        load_model(tmp_path / "m.npz")


def test_a_pickled_or_misshapen_model_is_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "p.npz", labels=np.array([{}], dtype=object))
    with pytest.raises(ConfigError):
        load_model(tmp_path / "p.npz")
    misshapen = FrameModel(labels=("economic",), seed_frames=("economic",), weights=np.zeros((3, 1)), bias=np.zeros(1))
    save_model(tmp_path / "s.npz", misshapen)
    with pytest.raises(ConfigError, match="fit together"):
        load_model(tmp_path / "s.npz")


def test_a_model_of_other_frames_is_refused() -> None:
    weights = np.zeros((1 + DIMENSIONS, 1))
    model = FrameModel(labels=("weather",), seed_frames=("economic",), weights=weights, bias=np.zeros(1))
    with pytest.raises(ConfigError, match="weather"):
        FrameScorer(load_packs(["policy"]), model)


def test_fit_separates_and_weighs_classes_alike() -> None:
    features = np.array([[1.0]] * 3 + [[0.0]] * 27)
    weights = fit(features * 20, np.array([[1.0]] * 3 + [[0.0]] * 27))
    assert weights[0, 0] < 0 < weights[0, 0] + 20 * weights[1, 0]


def test_cross_validation_never_sees_the_story_it_judges() -> None:
    """Features that name each story alone teach nothing about another."""
    truth = [frozenset({"a"}) if i % 2 else frozenset() for i in range(40)]
    found = cross_validate(np.eye(40) * 20, truth, ("a", "none"))
    assert max(f1_by_label(truth, found, ("a", "none"))) < 0.8


def test_check_says_which_seeds_are_unsound(tmp_path: Path) -> None:
    init_home(tmp_path / "home", feeds=False)
    command = ["--home", str(tmp_path / "home"), "frames", "check"]
    sound = CliRunner().invoke(app, command)
    assert (sound.exit_code, sound.stdout) == (0, "")
    file = next((tmp_path / "home" / "topics").glob("*.toml"))
    added = '\n[[frames]]\nid = "names"\ndefinition = "D"\ncitation = "C"\nseeds = ["illegal*", "river*", "rivers"]\n'
    file.write_text(file.read_text(encoding="utf-8") + added, encoding="utf-8")
    faulty = CliRunner().invoke(app, command)
    assert faulty.exit_code == 1
    assert [line.split("\t")[0] for line in faulty.stdout.splitlines()] == ["label", "dead"]
    assert "'illegal*'" in faulty.stdout
    assert "'rivers'" in faulty.stdout
