"""The bundled topic and the example are data; these hold what other rooms rely on in them."""

import hashlib
from datetime import date
from importlib.resources import files
from pathlib import Path

from tracker.config import bundled_topic, load_topic

EXAMPLES = Path(__file__).parents[3] / "examples"


def test_the_docket_of_the_ruling():
    topic = bundled_topic()
    raw = (files("tracker") / "data" / "topics" / "irs-dhs-ruling.toml").read_bytes()
    assert topic.hash == hashlib.sha256(raw).hexdigest()
    others = {event.date for event in topic.docket if not event.is_this_case}
    assert others == {date(2025, 11, 21), date(2026, 2, 5)}
    assert date(2025, 5, 12) in {event.date for event in topic.docket if event.is_this_case}
    assert len(topic.docket) == 6


def test_no_label_is_a_frame_seed():
    for topic in (bundled_topic(), load_topic(EXAMPLES / "minneapolis-shooting.toml")):
        seeds = {seed for frame in topic.frames for seed in frame.seeds}
        people = next((g for g in topic.loaded_groups if g.id == "people_without_papers"), None)
        labels = {form for variant in (people.variants if people else ()) for form in variant.forms}
        assert not seeds & labels
        assert all(seed == seed.lower() for seed in seeds)
        assert all(frame.citation and frame.pack == topic.topic for frame in topic.frames)


def test_a_form_belongs_to_one_variant():
    for topic in (bundled_topic(), load_topic(EXAMPLES / "minneapolis-shooting.toml")):
        forms = [f.lower() for g in topic.loaded_groups for v in g.variants for f in v.forms]
        assert len(forms) == len(set(forms))
        aliases = [alias for actor in topic.actors for alias in actor.aliases]
        assert len(aliases) == len(set(aliases))
