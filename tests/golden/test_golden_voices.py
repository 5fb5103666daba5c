"""Hand-checked passages, speakers and camps of invented articles about the ruling."""

import json
from pathlib import Path

import pytest

from tracker.model import Actor, Topic
from tracker.score.text import make_document
from tracker.score.voices import VoiceScorer

FILES = sorted(Path(__file__).with_name("voices").glob("*.json"))
TOPIC = Topic(
    topic="ruling",
    title="The ruling",
    hash="0" * 64,
    query="ruling",
    actors=(
        Actor(id="judge", name="Judge Marian Holt", camp="court", aliases=("Holt", "the judge", "the court")),
        Actor(id="irs", name="Internal Revenue Service", camp="government", aliases=("IRS", "the tax office")),
        Actor(id="treasury", name="Treasury Department", camp="government", aliases=("Treasury",)),
        Actor(id="dhs", name="Department of Homeland Security", camp="government", aliases=("Homeland Security",)),
        Actor(id="white_house", name="White House", camp="government", aliases=("Trump administration", "Trump")),
        Actor(
            id="plaintiffs",
            name="Fair Filing Project",
            camp="plaintiffs",
            aliases=("the plaintiffs", "the groups", "immigrant-rights groups", "nonprofit groups", "Paredes"),
        ),
        Actor(id="advocates", name="Advocates", camp="advocates", aliases=("advocates", "critics", "opponents")),
        Actor(id="experts", name="Experts", camp="experts", aliases=("tax law", "former IRS commissioner")),
    ),
)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_passages_are_as_checked_by_hand(path):
    golden = json.loads(path.read_text(encoding="utf-8"))
    document = make_document(golden["headline"], golden["body"], "en")
    texts = {"headline": document.headline, "body": document.body}
    found = [
        {
            "part": passage.part.value,
            "text": texts[passage.part][passage.start : passage.end],
            "voice": passage.voice.value,
            "cue": passage.cue,
            "speaker": passage.speaker,
            "camp": passage.camp,
        }
        for passage in VoiceScorer(TOPIC).score(document)
    ]
    assert found == golden["passages"]


def test_there_are_golden_files():
    assert len(FILES) >= 12
