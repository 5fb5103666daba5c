from __future__ import annotations

from tracker.model import LoadedGroup, LoadedTerm, LoadedVariant, Part, Voice
from tracker.score.loaded import LoadedTermScorer
from tracker.score.text import make_document
from tracker.score.voices import find_passages


def variant(term: str, stance: str, *forms: str) -> LoadedVariant:
    return LoadedVariant(term=term, forms=forms, stance=stance)


PEOPLE = LoadedGroup(
    id="people",
    title="People without papers",
    variants=(
        variant("illegal immigrant", "restrictive", "illegal immigrant", "illegal immigrants"),
        variant("illegal alien", "restrictive", "illegal alien*", "criminal illegal alien*"),
        variant("undocumented", "supportive", "undocumented", "undocumented immigrant*"),
    ),
)
POLICY = LoadedGroup(
    id="policy", title="The policy", variants=(variant("hand over", "critical", "hand over", "handing over"),)
)


def uses(text: str, title: str = "") -> tuple[LoadedTerm, ...]:
    document = make_document(title, text, "en")
    return LoadedTermScorer([PEOPLE, POLICY]).score(document, find_passages(document))


def test_term_text_group_stance_and_span() -> None:
    text = "The deal means handing over files on Illegal Immigrants."
    first, second = uses(text)
    assert (first.term, first.text, first.group, first.stance) == ("hand over", "handing over", "policy", "critical")
    assert (second.term, second.text, second.stance) == ("illegal immigrant", "Illegal Immigrants", "restrictive")
    assert text[second.start : second.end] == "Illegal Immigrants"
    assert second.part is Part.BODY
    assert second.voice is Voice.OUTLET


def test_the_longest_name_wins() -> None:
    assert [u.text for u in uses("A criminal illegal alien, undocumented immigrants, an illegal alien.")] == [
        "criminal illegal alien",
        "undocumented immigrants",
        "illegal alien",
    ]


def test_a_name_inside_a_word_is_no_use() -> None:
    assert uses("The illegality of alienation is undocumentedly odd.") == ()


def test_a_quotation_is_not_the_outlets_voice() -> None:
    found = uses('"We will find illegal immigrants," said Ada Moss. The town has undocumented immigrants.')
    assert [u.voice for u in found] == [Voice.QUOTED, Voice.OUTLET]


def test_reported_speech_is_kept_apart() -> None:
    (found,) = uses("Ada Moss said that illegal immigrants would be found.")
    assert found.voice is Voice.REPORTED


def test_scare_quotes_are_quoted() -> None:
    found = uses("The town counts “illegal immigrants” and 'illegal' aliens, but an undocumented man left.")
    assert [(u.text, u.voice) for u in found] == [
        ("illegal immigrants", Voice.QUOTED),
        ("illegal' aliens", Voice.QUOTED),
        ("undocumented", Voice.OUTLET),
    ]


def test_headline_uses_come_first() -> None:
    found = uses("They hand over files.", title="Undocumented and afraid")
    assert [(u.part, u.start, u.end) for u in found] == [(Part.HEADLINE, 0, 12), (Part.BODY, 5, 14)]


def test_no_text_and_no_groups() -> None:
    assert uses("") == ()
    document = make_document("", "illegal aliens", "en")
    assert LoadedTermScorer([]).score(document, ()) == ()
