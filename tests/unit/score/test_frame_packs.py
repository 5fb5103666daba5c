from __future__ import annotations

import pytest

from tracker.config import bundled_topic
from tracker.errors import ConfigError
from tracker.model import FrameDefinition
from tracker.score.frame_packs import load_packs, pack_names, validate

POLICY_IDS = [
    *("economic", "capacity", "morality", "fairness", "legality", "policy", "crime", "security", "health"),
    *("quality_of_life", "cultural_identity", "public_opinion", "political", "external"),
]


def frame(name: str, *seeds: str, exclude: tuple[str, ...] = ()) -> FrameDefinition:
    return FrameDefinition(id=name, pack="p", definition="", citation="", seeds=seeds, exclude=exclude)


def kinds(*frames: FrameDefinition) -> list[tuple[str, str]]:
    return [(problem.kind, problem.seed) for problem in validate(frames)]


@pytest.mark.parametrize("pack", pack_names())
def test_shipped_packs_are_clean(pack: str) -> None:
    assert [problem.message for problem in validate(load_packs([pack]))] == []


def test_the_bundled_topic_is_clean() -> None:
    assert [problem.message for problem in validate(bundled_topic().frames)] == []


def test_the_policy_pack_has_the_fourteen_frames_with_many_seeds() -> None:
    frames = load_packs(["policy"])
    assert [f.id for f in frames] == POLICY_IDS
    assert all(len(f.seeds) >= 60 and f.definition and "Boydstun" in f.citation for f in frames)


def test_packs_keep_their_order_and_names() -> None:
    assert [f.pack for f in load_packs(["episodic_thematic", "generic"])] == ["episodic_thematic"] * 2 + ["generic"] * 5


def test_an_unknown_pack_is_named_with_the_known_ones() -> None:
    with pytest.raises(ConfigError, match=r"'policies'.*policy"):
        load_packs(["policies"])


@pytest.mark.parametrize("seed", ["illegal immigrant*", "undocumented", "illegal*", "alien", "non*", "immigra*"])
def test_label_terms_are_found(seed: str) -> None:
    assert ("label", seed) in kinds(frame("x", seed, "estuary"))


def test_an_excluded_label_is_no_problem() -> None:
    assert kinds(frame("x", "criminal", exclude=("criminal alien*",))) == []
    assert kinds(frame("x", "criminal")) == [("label", "criminal")]


def test_a_seed_in_the_shadow_of_a_prefix_is_dead() -> None:
    assert kinds(frame("x", "prosecut*", "prosecutor", "prosecuti*")) == [
        ("dead", "prosecutor"),
        ("dead", "prosecuti*"),
    ]


def test_an_excluded_seed_is_dead() -> None:
    assert kinds(frame("x", "tennis court", exclude=("tennis court",))) == [("dead", "tennis court")]


def test_a_seed_in_other_spelling_is_a_duplicate() -> None:
    assert kinds(frame("x", "data-sharing", "Data sharing")) == [("duplicate", "Data sharing")]


def test_frames_that_share_too_many_seeds_overlap() -> None:
    a = frame("a", "river", "estuary", "delta")
    b = frame("b", "river", "granite", "basalt")
    assert kinds(a, b) == [("overlap", "river")]


def test_a_seed_of_three_frames_is_shared() -> None:
    rest = [tuple(f"{name}{i}" for i in "bcdefghijk") for name in ("xx", "yy", "zz")]
    frames = [frame(name, "river", *seeds) for name, seeds in zip("abc", rest, strict=True)]
    assert kinds(*frames) == [("shared", "river")]


def test_an_id_is_used_once() -> None:
    assert ("id", "") in kinds(frame("a", "river"), frame("a", "granite"))


def test_other_labels_may_be_given() -> None:
    assert validate([frame("x", "estate tax")], label_terms=["estate tax"])[0].kind == "label"
