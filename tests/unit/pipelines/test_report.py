"""The written report: one file, whole answers, nothing that runs, nothing that asks."""

from __future__ import annotations

import base64
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape
from xml.etree import ElementTree as ET

import pytest

from pipelines.report.page import write_report
from pipelines.report.parts import enumerated, percent, tone
from tests.snapshots import HERALD, POST, HomeBuilder, Piece, usual_pieces
from tracker.errors import ConfigError, DataError, StoreError

QUESTIONS = [
    "Who covered it, and how much?",
    "In which frames?",
    "In what tone?",
    "Whose words?",
    "Which names for things?",
    "What changed after publication?",
    "What could we not see?",
    "How sure are we?",
]


def written(home, tmp_path, **options):
    return write_report(home, tmp_path / "report.html", **options).read_text(encoding="utf-8")


def words(page):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.split("</style>")[1])).replace("\xa0", " ").split())


@pytest.fixture
def page(home, tmp_path):
    return written(home, tmp_path)


def test_every_question_is_answered_in_words(page):
    assert [unescape(found) for found in re.findall(r"<h2>(.*?)</h2>", page)] == [
        "In short",
        *QUESTIONS,
        "The articles themselves",
    ]
    said = words(page)
    assert "14 articles by 3 outlets, 12 May 2025 to 17 May 2025, most on 12 May 2025 (4)" in said
    assert "13 are their own work, 1 (7.1 %) is a copy of another organisation's text, run by 1 outlet" in said
    assert "First of those followed was North Wire, 12 May 2025, 06:00" in said
    assert "Among 13 articles of the outlets' own work that could be scored, legality is present in 7 (54 %)" in said
    assert "A hint, no finding: tone of outlets' own words (tone) of local outlets and national outlets" in said
    assert "are somebody else's, quoted or reported" in said
    assert "“illegal alien” (13)" in said
    assert "is a hint from few stories: local outlets are worded less pleasantly than national outlets" in said
    for variable in ("relevance", "these frames", "tone"):
        assert f"Nobody has checked {variable} on this topic" in said
    assert "1 headline of 1 outlet changed after publication. No correction was seen." in said
    assert "Post story 0 Post story 0, corrected" in said
    assert "On some days Hill Herald could not be followed wholly" in said
    assert "1 article came without the whole text" in said
    assert "Student's t" in said


def test_nothing_in_it_runs_or_asks(page):
    assert "<script" not in page
    assert "default-src 'none'" in page
    addresses = re.findall(r'(?:src|href|url\()\s*=?\s*"([^"]*)"', page)
    assert {address.split(":")[0].split("#")[0] for address in addresses} <= {"data", "https", ""}
    assert not re.findall(r'<(?:img|link|iframe|object|embed)[^>]*(?:src|href)="(?!data:)', page)
    assert "@import" not in page


def test_charts_are_drawings_that_a_browser_reads(page):
    drawings = re.findall(r'<img src="data:image/svg\+xml;base64,([^"]+)" alt="([^"]+)"', page)
    assert len(drawings) == 5
    for encoded, alt in drawings:
        svg = base64.b64decode(encoded).decode()
        root = ET.fromstring(svg)  # noqa: S314 - our own
        assert root.tag == "{http://www.w3.org/2000/svg}svg"
        assert "<script" not in svg
        assert len(alt) > 20


def test_what_outlets_write_is_text(tmp_path):
    hostile = '<script>alert(1)</script><img src=x onerror="alert(2)"> {{ 7 * 7 }} “x”'
    evil = replace(POST, name="<b>Post</b>")
    pieces = [
        Piece(outlet=evil, title=f"{hostile} {n}", retitled=f"</td>{n}", url=url, speaker=hostile)
        for n, url in enumerate(["javascript:alert(1)", 'https://post.example/"onclick="alert(3)', ""])
    ]
    builder = HomeBuilder(tmp_path / "home", outlets=(evil, HERALD))
    builder.topic = replace(builder.topic, title="A <i>title</i> & more")
    builder.build(pieces)
    page = written(tmp_path / "home", tmp_path)
    for harm in ("<script", "<img src=x", "<b>Post", "<i>title", 'href="javascript', '"onclick="', "</td>0"):
        assert harm not in page
    assert "{{ 7 * 7 }}" in page
    assert "A &lt;i&gt;title&lt;/i&gt; &amp; more" in page


def test_an_invented_snapshot_says_so(home, page, tmp_path):
    assert "An invented demonstration" not in page
    HomeBuilder(tmp_path / "demo", is_invented=True).build(usual_pieces())
    assert "An invented demonstration" in written(tmp_path / "demo", tmp_path)


def test_an_empty_snapshot_has_a_report_too(tmp_path):
    HomeBuilder(tmp_path / "home").build([])
    said = words(written(tmp_path / "home", tmp_path))
    assert "No article on it is in this snapshot." in said
    assert "None of the names that this topic lists occurs." in said


def test_many_stories_give_findings_and_their_tests(tmp_path):
    leaning = (replace(POST, lean="left"), replace(HERALD, lean="right"))
    pieces = [
        Piece(
            outlet=outlet,
            title=f"{outlet.name} {number}",
            at=datetime(2025, 5, 1, 12, tzinfo=UTC) + timedelta(days=number),
            tone=side + 0.01 * (number * (7 if outlet is leaning[0] else 3) % 5),
        )
        for number in range(20)
        for outlet, side in zip(leaning, (0.2, 0.0), strict=True)
    ]
    HomeBuilder(tmp_path / "home", outlets=leaning).build(pieces)
    said = words(written(tmp_path / "home", tmp_path))
    assert "Stories of outlets rated left are worded more pleasantly than those of outlets rated right" in said
    assert "pairs of groups of outlets compared by tone, 2 differ: " in said
    assert "outlets rated right are worded less pleasantly than outlets rated left" in said
    assert "All of the 2 differences of tone that could be told apart stand under every other choice tested" in said
    assert "paired over 17 events" in said
    assert "under other choices" in said


def test_the_same_snapshot_gives_the_same_report(home, tmp_path):
    assert written(home, tmp_path) == written(home, tmp_path)


def test_what_is_not_there_is_told(home, tmp_path):
    with pytest.raises(ConfigError, match="it has test-ruling"):
        written(home, tmp_path, topic="nothing")
    with pytest.raises(StoreError, match="no such snapshot"):
        written(home, tmp_path, snapshot="snap-0")
    with pytest.raises(DataError, match="cannot be written"):
        write_report(home, tmp_path / "no" / "report.html")
    assert list(tmp_path.iterdir()) == []


def test_by_the_command_line(tracker, home, tmp_path):
    ended = tracker("--home", home, "report")
    assert (ended.code, ended.out) == (0, "coverage-report.html\n")
    ended = tracker("--home", home, "report", "--output", "r.html", "--topic", "test-ruling")
    assert (ended.code, (tmp_path / "r.html").exists()) == (0, True)


def test_figures_as_a_reader_says_them():
    assert [percent(value) for value in (None, 0.0, 0.046, 0.1, 0.996)] == ["–", "0 %", "4.6 %", "10 %", "100 %"]
    assert [tone(value) for value in (None, -0.045, 0.2)] == ["–", "−0.04", "+0.20"]
    assert [enumerated(list("abcd")[:n], most=3) for n in range(5)] == [
        "",
        "a",
        "a and b",
        "a, b and c",
        "a, b, c and 1 more",
    ]
