from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from importlib.resources import files

import pytest

from tracker.config import bundled_topic
from tracker.model import CaseFacts, Centrality, Part, Topic
from tracker.topic import compile_topic


def article(*paragraphs):
    return "\n\n".join(paragraphs)


RULING = (
    "Judge declines to block IRS from sharing tax data with ICE",
    article(
        (
            "WASHINGTON — A federal judge on Monday refused to stop the Internal Revenue Service from "
            "sharing taxpayers’ addresses with immigration authorities."
        ),
        (
            "Judge Dabney Friedrich denied a preliminary injunction sought by Centro de Trabajadores Unidos "
            "and three other groups."
        ),
        "“The memorandum does not violate the Internal Revenue Code,” she wrote.",
    ),
)
NOVEMBER = (
    "Judge blocks IRS from giving addresses to ICE",
    article(
        (
            "WASHINGTON — A federal judge on Friday blocked the IRS from sharing taxpayer data with "
            "immigration agents. Judge Colleen Kollar-Kotelly ruled for the Center for Taxpayer Rights."
        ),
        (
            "In May another judge, Dabney Friedrich, had declined to block the memorandum in a suit by "
            "Centro de Trabajadores Unidos."
        ),
    ),
)
MENTION = (
    "Village board approves sewer bonds",
    article(
        "The board voted on Thursday to borrow four million dollars for sewers.",
        "A trustee voted no.",
        "The bill goes up in January.",
        "A liquor license was approved.",
        ("Several residents mentioned this week's court ruling on the IRS sharing addresses with Homeland Security."),
        (
            "The board set a date for the parade. It adjourned. Nobody stayed. The lights went out. The door "
            "was locked. The street was quiet. A dog barked. It rained. It stopped. It rained again."
        ),
    ),
)


@pytest.fixture(scope="module")
def ruling():
    return compile_topic(bundled_topic())


def simple(**changes):
    topic = Topic(topic="t", title="T", hash="h", query="tax AND court")
    return compile_topic(replace(topic, **changes))


def test_the_ruling_is_on_topic_and_reasons_quote_the_text(ruling):
    title, text = RULING
    match = ruling.match(title, text)
    assert match.is_on_topic
    assert match.centrality is Centrality.MAIN
    assert match.topic_hash == bundled_topic().hash
    assert {reason.rule for reason in match.reasons} == {"query", "own case"}
    for reason in match.reasons:
        part = title if reason.span.part is Part.HEADLINE else text
        assert part[reason.span.start : reason.span.end] == reason.term


def test_another_case_is_a_near_miss(ruling):
    match = ruling.match(*NOVEMBER)
    assert match.is_on_topic is False
    assert match.centrality is None
    assert match.score > 0
    assert "other case" in {reason.rule for reason in match.reasons}


def test_a_passing_mention_is_one(ruling):
    match = ruling.match(*MENTION)
    assert match.is_on_topic
    assert match.centrality is Centrality.MENTION
    assert match.score < ruling.match(*RULING).score


def test_other_taxes_and_other_immigration_are_off_topic(ruling):
    assert not ruling.match("IRS opens filing season", "The IRS said refunds go out in March.").is_on_topic
    match = ruling.match("Judge halts deportations", "A court stopped deportation flights of migrants.")
    assert match.is_on_topic is False
    assert {reason.rule for reason in match.reasons} == {"query: missing"}


def test_as_much_evidence_for_another_case_is_unsure_and_the_headline_counts_double():
    topic = simple(facts=CaseFacts(own=("friedrich",), other=("talwani",)))
    assert topic.match("Tax court", "Friedrich, then Talwani").is_on_topic is None
    assert topic.match("Tax court", "Friedrich").is_on_topic
    assert topic.match("Tax court: Friedrich", "Talwani").is_on_topic
    assert topic.match("Tax court: Talwani", "Friedrich").is_on_topic is False
    assert topic.match("Tax court", "nobody").is_on_topic
    assert topic.match("Tax court", "Friedrich " * 9 + "Talwani " * 3).is_on_topic is None


def test_dates_bound_the_topic():
    topic = simple(starts_on=date(2025, 5, 1), ends_on=date(2025, 5, 31))
    west = timezone(timedelta(hours=-7))
    for published, expected in [
        (datetime(2025, 4, 30, 23, tzinfo=UTC), False),
        (datetime(2025, 4, 30, 23, tzinfo=west), True),
        (datetime(2025, 6, 1, tzinfo=UTC), False),
        (None, True),
    ]:
        assert topic.match("Tax", "court", published_at=published).is_on_topic is expected
    reason = topic.match("Tax", "court", published_at=datetime(2025, 6, 1, tzinfo=UTC)).reasons[0]
    assert (reason.rule, reason.term) == ("after the topic's dates", "2025-06-01")


def test_the_address_stands_in_for_a_missing_title():
    match = simple().match("", "In court.", url="https://x.example/2025/tax-ruling.html?id=1")
    assert match.is_on_topic
    assert [reason.span for reason in match.reasons if reason.term == "tax"] == [None]


def test_entries_worth_fetching(ruling):
    assert ruling.is_likely("Judge lets IRS share data", "", "https://x.example/a")
    assert ruling.is_likely("Ruling", "", "https://x.example/politics/irs-ice-data-sharing-judge")
    assert not ruling.is_likely("Storm kills two in Arkansas", "Power is out.", "https://x.example/weather")
    assert not ruling.is_likely("", "", "http://[bad")
    assert ruling.is_likely("Standing won, motion lost: what the 6103 opinion leaves", "", "")
    told = "The IRS may share addresses with ICE, a federal judge ruled."
    assert ruling.is_likely("Hats off to a judge who can read", "", "", told)  # the feed carries the text
    assert not ruling.is_likely("Hats off to a judge who can read", "", "", "She read a novel aloud.")
    assert simple().is_likely("Court hears case", "", "")
    assert not simple().is_likely("Weather", "", "")


@pytest.mark.parametrize("text", ["", "\x00\ud800", "a" * 100_000, "tax court " * 20_000, "\u202e\u0301\u0301"])
def test_odd_texts_are_read(ruling, text):
    assert ruling.match(text[:50], text, url="::").reasons is not None


def test_the_demo_pieces_are_told_apart_as_their_writer_meant(ruling):
    import tomllib  # noqa: PLC0415

    wrong = []
    for path in (files("tracker") / "data" / "demo" / "pieces").iterdir():
        _, head, body = path.read_text().split("+++\n", 2)
        truth = tomllib.loads(head)
        if bool(ruling.match(truth["headline"], body.strip()).is_on_topic) != truth["on_topic"]:
            wrong.append(truth["id"])
    assert wrong == []
