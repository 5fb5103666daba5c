"""People's word on relevance from the command line, and how well a topic is found."""

from __future__ import annotations

import json

import pytest

from pipelines.progress import Progress
from pipelines.runs import judge_again
from pipelines.topic_sample import Group, Sorted, measures, sample
from tests.snapshots import NOW, POST, HomeBuilder, Piece
from tracker.config import init_home
from tracker.report.snapshot_report import SnapshotReport
from tracker.store.snapshot import snapshot_path

TOPIC = """
topic = "storms"
title = "Storms"
query = "storm AND (roof OR flood*)"
hint = "storm OR flood*"
ends_on = 2026-12-31

[facts]
own = ["gale"]
other = ["tornado"]
"""
TEXTS = {
    "Storm takes roof": "The storm took the roof.",
    "Storm floods cellar": "The storm flooded a cellar.",
    "Tornado, no storm": "A tornado tore at a roof, others said a storm did.",
    "Storm again": "The storm was a gale. A tornado took a roof.",
    "Storm warning": "A storm is expected.",
    "Council meets": "The council met.",
    "Bake sale": "Cakes were sold.",
}


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """Seven articles, judged by the topic's rules."""
    path = tmp_path_factory.mktemp("judged") / "home"
    init_home(path, feeds=False)
    for file in (path / "topics").iterdir():
        file.unlink()
    (path / "topics" / "storms.toml").write_text(TOPIC, encoding="utf-8")
    pieces = [Piece(outlet=POST, title=title, text=text, at=NOW) for title, text in TEXTS.items()]
    HomeBuilder(path).build(pieces)
    judge_again(path, Progress(verbosity=-1))
    return path


def _rows(home, query, *parameters):
    with SnapshotReport(snapshot_path(home)) as report:
        return report.rows(query, dict(zip("ab", parameters, strict=False)))


def _id(home, title):
    return _rows(home, "SELECT article FROM articles WHERE title = $a", title)[0]["article"]


def _decided(home, article):
    query = "SELECT is_on_topic, decided_by, centrality FROM matches WHERE article = $a AND topic = 'storms'"
    return _rows(home, query, article)[0]


def test_a_persons_word_outlives_rules_reruns_and_changed_topics(tracker, home):
    council = _id(home, "Council meets")
    url = _rows(home, "SELECT url FROM articles WHERE article = $a", council)[0]["url"]
    assert _decided(home, council)["is_on_topic"] is False
    ended = tracker("--home", home, "match", "set", url, "on", "--by", "Ana", "--note", "it was about the storm")
    assert (ended.code, ended.out.split("\t")[:3]) == (0, [council, "storms", "on"])
    assert "\tpending\t" in tracker("--home", home, "match", "list").out
    assert _decided(home, council)["is_on_topic"] is False  # the snapshot is read-only
    for _ in range(2):
        judge_again(home, Progress(verbosity=-1))
        assert _decided(home, council) == {"is_on_topic": True, "decided_by": "Ana", "centrality": "mention"}
    listed = tracker("--home", home, "match", "list", "--topic", "storms")
    assert "\tapplied\t" in listed.out
    assert "it was about the storm" in listed.out
    topic = home / "topics" / "storms.toml"
    topic.write_text(TOPIC + "\n# changed\n", encoding="utf-8")
    judge_again(home, Progress(verbosity=-1))
    assert _decided(home, council)["decided_by"] == "Ana"
    topic.write_text(TOPIC, encoding="utf-8")
    assert tracker("--home", home, "match", "set", council, "rules", "--by", "Ana").code == 0
    judge_again(home, Progress(verbosity=-1))
    assert _decided(home, council) == {"is_on_topic": False, "decided_by": "rules", "centrality": None}
    assert "\tapplied\t" in tracker("--home", home, "match", "list").out


def test_an_article_overruled_off_is_no_coverage_and_bad_lines_are_said(tracker, home):
    hit = _id(home, "Storm takes roof")
    assert tracker("--home", home, "match", "set", hit, "off", "--by", "Bo").code == 0
    with (home / "state" / "decisions.jsonl").open("a") as file:
        file.write("not json\n")
    assert tracker("--home", home, "rescore").code == 0
    assert _decided(home, hit)["decided_by"] == "Bo"
    assert _rows(home, "SELECT * FROM coverage WHERE topic = 'storms' AND article = $a", hit) == []
    listed = tracker("--home", home, "match", "list")
    assert listed.code == 1
    assert "decisions.jsonl:4: left out" in listed.err
    tracker("--home", home, "match", "set", hit, "rules", "--by", "Bo")
    judge_again(home, Progress(verbosity=-1))


def test_what_is_wrong_is_said(tracker, home):
    unknown = tracker("--home", home, "match", "set", "https://nowhere.example/", "on")
    assert (unknown.code, "no article of that id or address" in unknown.err) == (1, True)
    article = _id(home, "Bake sale")
    assert tracker("--home", home, "match", "set", article, "on", "--topic", "rain").code == 2
    assert tracker("--home", home, "match", "set", article, "maybe").code == 2


def test_topics_are_listed(tracker, home):
    assert tracker("--home", home, "topic", "list").out == "storms\t… to 2026-12-31\t2 articles\tStorms\n"


def test_a_sample_shows_each_group_with_its_reasons(tracker, home):
    rows = [json.loads(line) for line in tracker("--home", home, "topic", "test", "--format", "jsonl").out.splitlines()]
    assert {row["title"]: row["group"] for row in rows} == {
        "Storm takes roof": "hit",
        "Storm floods cellar": "hit",
        "Storm again": "unsure",
        "Tornado, no storm": "near miss",
        "Storm warning": "close",
        "Council meets": "miss",
        "Bake sale": "miss",
    }
    assert all(row["is_on_topic"] is None and row["reasons"] for row in rows)
    table = tracker("--home", home, "topic", "test", "-n", "1").out
    assert "other case: tornado" in table
    assert "no hit has been judged" in table


def test_judgements_give_precision_and_recall(tracker, home, tmp_path):
    rows = [json.loads(line) for line in tracker("--home", home, "topic", "test", "--format", "jsonl").out.splitlines()]
    right = {"Storm takes roof", "Storm floods cellar", "Storm warning", "Storm again"}
    labels = tmp_path / "labels.jsonl"
    labels.write_text("".join(json.dumps(row | {"is_on_topic": row["title"] in right}) + "\n" for row in rows))
    table = tracker("--home", home, "topic", "test", "--labels", labels).out
    precision = next(line for line in table.splitlines() if "precision" in line)
    recall = next(line for line in table.splitlines() if "recall" in line)
    assert "1.000" in precision
    assert "0.500" in recall
    labels.write_text('{"article": "a", "is_on_topic": "yes"}\n')
    assert tracker("--home", home, "topic", "test", "--labels", labels).code == 1


def _sorted(name: str, group: Group, copy_of: str = "") -> Sorted:
    return Sorted(
        article=name, copy_of=copy_of or name, outlet="o", date="", url=f"u/{name}", title="", group=group, reasons=()
    )


def test_recall_weighs_groups_by_their_size():
    archive = [
        *(_sorted(f"h{n}", Group.HIT) for n in range(10)),
        *(_sorted(f"m{n}", Group.MISS) for n in range(1_000)),
    ]
    labels = {f"h{n}": True for n in range(10)} | {f"u/m{n}": n == 0 for n in range(100)}
    found = {one.metric: one for one in measures(archive, labels)}
    assert found["precision"].value == 1.0
    assert found["recall"].value == pytest.approx(10 / (10 + 1_000 / 100))
    assert found["recall"].low < 0.5 < found["recall"].high
    assert found["recall"].low > 0.05


def test_recall_is_not_told_before_every_group_was_judged():
    archive = [_sorted("h", Group.HIT), _sorted("m", Group.MISS)]
    found = {one.metric: one for one in measures(archive, {"h": True})}
    assert (found["precision"].value, found["recall"].value) == (1.0, None)
    assert "miss" in found["recall"].note


def test_copies_of_one_text_are_shown_and_counted_once():
    archive = [_sorted("a", Group.HIT, "c"), _sorted("b", Group.HIT, "c"), _sorted("d", Group.HIT)]
    assert len(sample(archive, 5)) == 2
    found = {one.metric: one for one in measures(archive, {"a": True, "b": True, "d": False})}
    assert (found["precision"].value, found["precision"].n) == (0.5, 2)


def test_a_sample_does_not_change_when_the_archive_grows():
    old = [_sorted(f"a{n}", Group.MISS) for n in range(30)]
    first = {one.article for one in sample(old, 10)}
    grown = {one.article for one in sample([*old, *(_sorted(f"b{n}", Group.MISS) for n in range(3))], 10)}
    assert len(first & grown) >= 7


def test_tone_and_frames_can_be_taken_over_the_topics_own_sentences(tmp_path):
    path = tmp_path / "home"
    init_home(path, feeds=False)
    for file in (path / "topics").iterdir():
        file.unlink()
    (path / "topics" / "storms.toml").write_text(TOPIC, encoding="utf-8")
    own = "A terrible storm killed two people, and the flood ruined homes."
    text = f"{own} The town won a wonderful prize. The bakery's profits and prices rose happily again."
    HomeBuilder(path).build([Piece(outlet=POST, title="A year in our town", text=text, at=NOW)])
    judge_again(path, Progress(verbosity=-1))
    spans = "SELECT part, start_offset, end_offset FROM evidence WHERE tag = 'topic:sentence' AND topic = 'storms'"
    assert _rows(path, spans) == [{"part": "body", "start_offset": 0, "end_offset": len(own)}]
    tones = "SELECT part, value, n_sentences FROM {} WHERE scorer = 'vader' AND topic = 'storms' AND value IS NOT NULL"
    whole = {row["part"]: row for row in _rows(path, tones.format("sentiment"))}
    told = {row["part"]: row for row in _rows(path, tones.format("topic_tone"))}
    assert told.keys() == {"body", "outlet_voice"}, "the headline names no part of the query"
    assert (whole["body"]["n_sentences"], told["body"]["n_sentences"]) == (3, 1)
    assert told["body"]["value"] < -0.5 < whole["body"]["value"]
    frames = "SELECT frame FROM {} WHERE topic = 'storms' AND frame = 'economic'"
    assert _rows(path, frames.format("frames")) == [{"frame": "economic"}]
    assert _rows(path, frames.format("topic_frames")) == []
