import pytest

from tracker.model import Actor, Part, TargetSpan, Topic
from tracker.score.target_features import N_DENSE, dense_features, read_contexts
from tracker.score.targets import TargetFinder, TargetScorer
from tracker.score.text import make_document

ACTORS = (
    Actor(id="irs", name="IRS", camp="government", aliases=("Internal Revenue Service", "the agency")),
    Actor(id="dhs", name="DHS", camp="government", aliases=("Department of Homeland Security", "Homeland Security")),
    Actor(id="ice", name="ICE", camp="government"),
    Actor(id="groups", name="immigrants' rights groups", camp="plaintiffs"),
    Actor(id="reader", name="the public", camp="other", is_target=False),
)
TOPIC = Topic(topic="t", title="T", hash="", query="", actors=ACTORS)


def found(text, title="", topic=TOPIC):
    document = make_document(title, text, "en")
    parts = {Part.HEADLINE: title, Part.BODY: text}
    return [(t.id, parts[t.part][t.start : t.end]) for t in TargetFinder(topic).find(document)]


def test_actors_are_found_by_name_and_alias_headline_first():
    assert found("The agency and DHS agreed.", "IRS wins") == [("irs", "IRS"), ("irs", "The agency"), ("dhs", "DHS")]


def test_the_longest_alias_wins_and_mentions_never_overlap():
    assert found("The Department of Homeland Security spoke.") == [("dhs", "Department of Homeland Security")]


@pytest.mark.parametrize(
    ("text", "mentions"),
    [
        ("IRSX, xIRS and FIRST", []),
        ("(IRS) IRS's “IRS”", [("irs", "IRS")] * 3),
        ("ICE melts like ice", [("ice", "ICE")]),
        ("Immigrants’ rights\n groups sued", [("groups", "Immigrants’ rights\n groups")]),
        ("İ İ IRS", [("irs", "IRS")]),  # a letter that becomes two in lower case
        ("the public cheered", []),
        ("", []),
    ],
)
def test_mentions_are_whole_words_and_case_counts_where_an_alias_has_capitals(text, mentions):
    assert found(text) == mentions


def test_a_topic_without_actors_has_no_targets():
    assert found("IRS", topic=Topic(topic="t", title="T", hash="", query="")) == []


def judged(text, mention, language="en"):
    document = make_document("", text, language)
    start = text.index(mention)
    target = TargetSpan(id="x", part=Part.BODY, start=start, end=start + len(mention))
    return TargetScorer().score(document, [target])


def test_praise_and_blame_are_told_apart():
    (praised,) = judged("Voters thanked Holt for his brilliant and honest work.", "Holt")
    (blamed,) = judged("Critics slammed Holt as a corrupt liar who betrayed voters.", "Holt")
    assert (praised.label, blamed.label) == ("positive", "negative")
    assert praised.score > 0.3
    assert blamed.score < -0.3


def test_the_mention_itself_is_never_seen():
    texts = [f"Critics slammed {name} for the delay." for name in ("Trump", "Obama", "Heroes", "Disaster")]
    scores = {judged(text, text.split()[2])[0].score for text in texts}
    assert len(scores) == 1


def test_another_language_has_no_targets():
    assert judged("Holt ganó.", "Holt", language="es") == ()
    assert judged("Holt won.", "Holt", language=None) != ()


@pytest.mark.parametrize(("start", "end"), [(0, 0), (3, 3), (-5, 2), (5, 900), (900, 950), (0, 10_000), (11, 12)])
def test_any_span_is_judged(start, end):
    document = make_document("", "Holt won. He was glad.", "en")
    (found,) = TargetScorer().score(document, [TargetSpan(id="x", part=Part.BODY, start=start, end=end)])
    assert (found.start, found.end) == (start, end)
    assert -1 <= found.score <= 1


def test_only_the_mentions_own_sentence_counts():
    text = "Holt spoke on Monday. The horrible, corrupt liars were jailed."
    alone = judged("Holt spoke on Monday.", "Holt")
    assert judged(text, "Holt")[0].score == alone[0].score


def test_targets_come_back_in_the_order_given_whatever_the_part():
    document = make_document("Holt wins", "Doe lost. Roe won.", "en")
    spans = [
        TargetSpan(id="b", part=Part.BODY, start=10, end=13),
        TargetSpan(id="h", part=Part.HEADLINE, start=0, end=4),
        TargetSpan(id="a", part=Part.BODY, start=0, end=3),
    ]
    together = TargetScorer().score(document, spans)
    assert [target.id for target in together] == ["b", "h", "a"]
    assert together == tuple(TargetScorer().score(document, [span])[0] for span in spans)


def test_features_stand_at_a_mention_that_cuts_words_and_in_a_wall_of_text():
    contexts = read_contexts(
        [("“Trump’s” bad day", 1, 6), ("x" * 100_000, 50_000, 50_001), ("a", 0, 1), ("😀 bad 😀 Holt 😀", 8, 12)]
    )
    assert dense_features(contexts).shape == (4, N_DENSE)
    assert contexts[0].after.valences[-2:] == (pytest.approx(-2.5), 0)
