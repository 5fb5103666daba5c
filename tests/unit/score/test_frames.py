from __future__ import annotations

from dataclasses import replace

import pytest

from tracker.model import Document, FrameDefinition, FrameScore, Part, Passage, Voice
from tracker.score.frames import FrameScorer, load_packs
from tracker.score.seeds import parse_seed
from tracker.score.specificity import seed_weight
from tracker.score.text import make_document
from tracker.score.voices import find_passages

FILLER = "The lamp stood on the table near the window. "


def frame(
    name: str, *seeds: str, exclude: tuple[str, ...] = (), threshold: float = 1.0, pack: str = "p"
) -> FrameDefinition:
    return FrameDefinition(
        id=name, pack=pack, definition="", citation="", seeds=seeds, exclude=exclude, threshold=threshold
    )


RIVER = frame("river", "river*", "estuar*", "upstream", "river bank", exclude=("river song*",))
STONE = frame("stone", "granite", "basalt*", "quarr*")


def scores(text: str, *frames: FrameDefinition, title: str = "") -> dict[str, FrameScore]:
    document = make_document(title, text, "en")
    return {s.frame: s for s in FrameScorer(frames).score(document, find_passages(document))}


def evidence(document: Document, score: FrameScore) -> list[str]:
    texts = {Part.HEADLINE: document.headline, Part.BODY: document.body}
    return [texts[e.part][e.start : e.end] for e in score.evidence]


def test_a_frame_is_compared_with_its_definition_where_that_is_asked() -> None:
    river = replace(RIVER, definition="Rivers, their banks, mouths and floods.")
    stone = replace(STONE, definition="Mathematics taught at school.")
    document = make_document("", "The estuary floods the river. The quarry sells granite. " + FILLER, "en")
    passages = find_passages(document)
    found = {s.frame: s.similarity for s in FrameScorer([river, stone], compares=True).score(document, passages)}
    assert found["river"] is not None
    assert found["stone"] is not None
    assert -1 <= found["stone"] < found["river"] <= 1
    assert {s.similarity for s in FrameScorer([river, stone]).score(document, passages)} == {None}
    assert FrameScorer([river]).info.data_hash != FrameScorer([river], compares=True).info.data_hash


def test_a_headline_hit_is_enough() -> None:
    assert scores(FILLER * 30, RIVER, title="The estuary rises")["river"].evidence[0].part is Part.HEADLINE


def test_a_lead_hit_is_enough() -> None:
    assert "river" in scores("The estuary rises. " + FILLER * 30, RIVER)


def test_one_sentence_further_down_is_not_enough() -> None:
    assert scores(FILLER * 5 + "The estuary rises. " + FILLER * 5, RIVER) == {}


def test_two_sentences_and_a_tenth_are_enough() -> None:
    assert "river" in scores(FILLER * 8 + "The estuary rises. The estuary falls. " + FILLER * 8, RIVER)


def test_two_sentences_of_many_are_not_enough() -> None:
    assert scores(FILLER * 8 + "The estuary rises. The estuary falls. " + FILLER * 30, RIVER) == {}


def test_headline_and_lead_count_double() -> None:
    early = scores("The estuary rises. The estuary falls. " + FILLER * 8, RIVER)["river"]
    late = scores(FILLER * 8 + "The estuary rises. The estuary falls.", RIVER)["river"]
    assert early.score > late.score


def test_the_leading_frame_is_primary() -> None:
    found = scores("The estuary is upstream. A quarry lies there. The estuary rises. " + FILLER, RIVER, STONE)
    assert [f for f, s in found.items() if s.is_primary] == ["river"]
    assert next(iter(found)) == "river"


def test_without_a_margin_no_frame_is_primary() -> None:
    found = scores("The estuary rises. The quarry closes. " + FILLER, RIVER, STONE)
    assert set(found) == {"river", "stone"}
    assert not any(s.is_primary for s in found.values())


def test_each_pack_has_its_own_primary() -> None:
    other = frame("water", "estuar*", pack="q")
    found = scores("The estuary rises. " + FILLER, RIVER, other)
    assert all(s.is_primary for s in found.values())


def test_exclusions_take_hits_away() -> None:
    assert scores("They sang a river song. They sang river songs.", RIVER) == {}


def test_a_hit_inside_another_counts_once() -> None:
    scorer = FrameScorer([RIVER])
    assert scorer.rank("the river bank") == (("river", seed_weight(parse_seed("river bank"))),)


def test_a_seed_counts_once_a_sentence() -> None:
    scorer = FrameScorer([RIVER])
    assert scorer.rank("river after river after river") == scorer.rank("a river")


def test_a_common_word_does_not_carry_a_frame_alone() -> None:
    common = frame("common", "president", "would")
    scorer = FrameScorer([common])
    assert scorer.classify("The president came.") is None
    assert scorer.classify("The president would come.") == "common"


def test_threshold_is_the_frame_s_own() -> None:
    assert FrameScorer([frame("common", "president", threshold=0.3)]).classify("The president came.") == "common"


def test_evidence_carries_offsets_and_voice() -> None:
    text = 'The estuary rises. "The quarry must close," said Ada Moss, who lives there.'
    document = make_document("", text, "en")
    found = {s.frame: s for s in FrameScorer([RIVER, STONE]).score(document, find_passages(document))}
    assert evidence(document, found["river"]) == ["estuary"]
    assert evidence(document, found["stone"]) == ["quarry"]
    assert found["river"].evidence[0].voice is Voice.OUTLET
    assert found["stone"].evidence[0].voice is Voice.QUOTED


def test_boilerplate_is_not_read() -> None:
    assert scores("Sign up for our newsletter: estuary news every morning.\n\n" + FILLER * 3, RIVER) == {}


def test_empty_text_and_no_frames() -> None:
    assert scores("", RIVER) == {}
    assert scores("The estuary rises.") == {}


def test_classify_takes_the_strongest() -> None:
    scorer = FrameScorer([RIVER, STONE])
    assert scorer.classify("Granite and basalt lie upstream.") == "stone"
    assert scorer.classify("Nothing of the kind.") is None


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Unemployment rose and wages fell as the recession deepened.", "economic"),
        ("The backlog is so long that overcrowded offices are short staffed.", "capacity"),
        ("Bishops called the plan immoral, a sin against conscience.", "morality"),
        ("Women are still paid less: equality is a promise, discrimination a fact.", "fairness"),
        ("The appeals court held that the statute is unconstitutional.", "legality"),
        ("Legislation would overhaul the programme with new regulations.", "policy"),
        ("Police arrested the suspect, who was charged with burglary.", "crime"),
        ("Troops were deployed after the terrorist bombing.", "security"),
        ("Doctors at the hospital saw more patients with influenza.", "health"),
        ("Commuters lose hours, and families struggle to find childcare.", "quality_of_life"),
        ("Their language, traditions and heritage bind the community.", "cultural_identity"),
        ("A new poll found that most Americans disapprove.", "public_opinion"),
        ("Republicans and Democrats traded votes before the election.", "political"),
        ("The treaty strained diplomatic relations between the two countries.", "external"),
    ],
)
def test_the_policy_pack_knows_plain_cases(sentence: str, expected: str) -> None:
    assert FrameScorer(load_packs(["policy"])).classify(sentence) == expected


@pytest.mark.parametrize("label", ["illegal immigrants", "illegal aliens", "noncitizens", "undocumented workers"])
def test_the_name_for_people_moves_no_frame(label: str) -> None:
    scorer = FrameScorer(load_packs(["policy", "generic", "episodic_thematic"]))
    assert scorer.rank(f"Officials met {label} near the lamp.") == scorer.rank("Officials met them near the lamp.")


def test_the_data_hash_changes_with_the_definitions() -> None:
    assert FrameScorer([RIVER]).info.data_hash != FrameScorer([STONE]).info.data_hash
    assert FrameScorer([RIVER]).info == FrameScorer([RIVER]).info


def test_passages_may_be_missing() -> None:
    document = make_document("", "The estuary rises.", "en")
    no_passages: tuple[Passage, ...] = ()
    assert FrameScorer([RIVER]).score(document, no_passages)[0].evidence[0].voice is Voice.OUTLET
