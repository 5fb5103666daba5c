"""People's decisions: appended whole by many at once, read in spite of bad lines, the latest in force."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from filelock import FileLock

from tests.unit.store.values import AT, article, match, revision
from tracker.errors import LockedError, StoreError
from tracker.model import Coding, CodingSpan, MatchDecision, Part, SampledText
from tracker.store import decisions as module
from tracker.store.decisions import FILE, append_decision, append_decisions, read_decisions


def decision(name: str = "a1", **changes: object) -> MatchDecision:
    values: dict[str, object] = {"topic": "t", "article": name, "is_on_topic": False, "by": "ana", "at": AT}
    return MatchDecision(**(values | changes))  # type: ignore[arg-type]


def test_no_file_no_decisions(tmp_path):
    assert read_decisions(tmp_path).matches == ()


def test_the_latest_line_on_an_article_and_topic_holds(tmp_path):
    first = decision(note="Über “das” \u2028 Urteil\nnext line")
    other_topic = decision(topic="u", is_on_topic=True)
    later = decision(is_on_topic=None, at=AT - timedelta(days=1))  # appended later, whatever its clock said
    append_decision(tmp_path, first)
    assert read_decisions(tmp_path).matches == (first,)
    append_decision(tmp_path, other_topic)
    append_decision(tmp_path, later)
    assert read_decisions(tmp_path).matches == (later, other_topic)
    assert len((tmp_path / FILE).read_text().splitlines()) > 2


def test_bad_lines_are_named_and_cost_themselves_alone(tmp_path):
    append_decision(tmp_path, decision("a1"))
    path = tmp_path / FILE
    bad = [b"{", b"[]", b"\xff\xfe", b'{"kind": "match", "topic": "t"}', b'{"kind": "match", "is_on_topic": "yes"}']
    other_kind = json.dumps({"kind": "remark", "frame": "legality"}).encode()
    path.write_bytes(path.read_bytes() + b"\n".join([*bad, b"", other_kind, b'{"kind": "match", "torn']))
    append_decision(tmp_path, decision("a2"))  # after a torn write without a line's end
    found = read_decisions(tmp_path)
    assert [one.article for one in found.matches] == ["a1", "a2"]
    assert [problem.split(":")[1] for problem in found.problems] == ["2", "3", "4", "5", "6", "9"]
    assert "article: Field required" in found.problems[3]


@pytest.mark.parametrize("wrong", [{"by": " "}, {"note": "x" * 3_000}, {"at": datetime(2025, 5, 12)}, {"topic": ""}])  # noqa: DTZ001
def test_what_could_not_be_read_back_is_not_written(tmp_path, wrong):
    with pytest.raises(StoreError):
        append_decision(tmp_path, decision(**wrong))
    assert not (tmp_path / FILE).exists()


def test_lines_of_many_processes_stay_whole(tmp_path):
    code = (
        "import sys; from pathlib import Path; from datetime import datetime, UTC\n"
        "from tracker.model import MatchDecision; from tracker.store.decisions import append_decision\n"
        "for n in range(25):\n"
        "    append_decision(Path(sys.argv[1]), MatchDecision(topic='t', article=f'{sys.argv[2]}-{n}',\n"
        "        is_on_topic=True, by='b', at=datetime.now(UTC), note='n' * 1500))\n"
    )
    running = [subprocess.Popen([sys.executable, "-c", code, str(tmp_path), str(n)]) for n in range(3)]
    assert [process.wait() for process in running] == [0, 0, 0]
    found = read_decisions(tmp_path)
    assert (len(found.matches), found.problems) == (75, ())


def test_a_lock_that_is_not_let_go_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "LOCK_SECONDS", 0.05)
    append_decision(tmp_path, decision())
    with (
        FileLock((tmp_path / FILE).with_suffix(".lock")),
        pytest.raises(LockedError, match="somebody else has been writing"),
    ):
        append_decision(tmp_path, decision())


def test_times_are_kept_to_the_microsecond_in_utc(tmp_path):
    append_decision(tmp_path, decision())
    at = read_decisions(tmp_path).matches[0].at
    assert (at, at.tzinfo) == (AT, UTC)


def test_what_people_decide_since_is_to_be_matched_again(store):
    store.articles.save_revisions([revision("a1"), revision("a2", 1, article("Second"))])
    store.articles.save_matches([("a1", 1, match()), ("a2", 1, match())])

    def stale(*held: MatchDecision) -> list[str]:
        return [one.article for one in store.articles.not_matched("t", "h1", 9, held)]

    off = decision("a1")
    assert stale() == []
    assert stale(off) == ["a1"]
    assert stale(decision("a1", topic="u")) == []
    assert stale(decision("a1", is_on_topic=None)) == []  # the rules' word stands already
    applied = match(is_on_topic=False)
    store.articles.save_matches([("a1", 1, _applied(applied, off))])
    assert stale(off) == []
    assert stale(decision("a1", is_on_topic=True)) == ["a1"]
    assert stale() == ["a1"]  # taken back


def _applied(found, decided):
    return replace(found, decided_by=decided.by, decided_at=decided.at)


def coding(**changes: object) -> Coding:
    values: dict[str, object] = {
        "topic": "t", "article": "a1", "revision": 1, "coder": "ana", "at": AT,
        "codes": (("relevance", "yes"), ("tone", "-1")),
        "spans": (CodingSpan(variable="tone", part=Part.BODY, start=3, end=9),),
    }  # fmt: skip
    return Coding(**(values | changes))  # type: ignore[arg-type]


def test_of_a_coders_words_the_latest_on_each_variable_holds(tmp_path):
    other = coding(coder="bo", is_final=True, spans=())
    append_decisions(tmp_path, [coding(), other, coding(codes=(("relevance", "no"),), spans=())])
    append_decision(tmp_path, decision("a1"))
    found = read_decisions(tmp_path)
    assert found.codings == (coding(codes=(("relevance", "no"), ("tone", "-1"))), other)
    assert len(found.matches) == 1
    later_version = coding(revision=2, codes=(("tone", "1"),), spans=())
    append_decision(tmp_path, later_version)
    assert read_decisions(tmp_path).codings[0] == later_version


def test_codings_and_samples_reach_the_database_as_the_file_has_them(tmp_path, store):
    drawn = SampledText(
        topic="t",
        sample="s1",
        article="a1",
        revision=1,
        stratum="near miss",
        n_stratum=40,
        n_drawn=4,
        position=0,
        at=AT,
    )
    append_decisions(tmp_path, [drawn, coding()])
    found = read_decisions(tmp_path)
    assert (found.samples, found.codings) == ((drawn,), (coding(),))
    for _ in range(2):  # the same file twice adds nothing
        store.codings.replace(found)
    assert [row["value"] for row in store.db.dicts("SELECT value FROM codings ORDER BY ALL")] == ["-1", "yes"]
    assert store.db.dicts("SELECT n_stratum, n_drawn FROM coding_samples") == [{"n_stratum": 40, "n_drawn": 4}]
    assert store.db.dicts("SELECT start_offset, end_offset FROM coding_spans") == [{"start_offset": 3, "end_offset": 9}]
