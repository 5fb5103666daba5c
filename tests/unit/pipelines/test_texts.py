"""``tracker extract``, ``score`` and ``cluster``: the contract of one JSON line a text."""

from __future__ import annotations

import gzip
import json
from itertools import pairwise

import pytest

PAGE = """<!doctype html><html lang="en"><head><title>Judge rules on tax data</title>
<meta property="og:title" content="Judge rules on tax data"><meta name="author" content="Ana Wu">
<meta property="article:published_time" content="2025-05-12T23:30:00-04:00"></head>
<body><article><h1>Judge rules on tax data</h1>{paragraphs}</article></body></html>"""
SENTENCE = "The judge ruled on Monday that the agency may share the data, and lawyers for the plaintiffs said no. "
HTML = PAGE.format(paragraphs="".join(f"<p>Paragraph {n}. {SENTENCE * (n + 2)}</p>" for n in range(4)))
TEXT = (
    "A federal judge refused on Monday to block the agreement. “This is a terrible betrayal of taxpayers and a cruel "
    "attack on families who trusted the law,” said Nandan Joshi, a lawyer for the plaintiffs.\n\nThe IRS praised the "
    "ruling. ‘Illegal aliens’ were not named, 👩‍⚖️ and undocumented immigrants fear deportation."
)
EXTRACTED = [
    "path", "url", "title", "text", "authors", "published_at", "modified_at", "language", "kind", "completeness",
    "word_count",
]  # fmt: skip


def _lines(text: str) -> list[dict]:
    return [json.loads(line) for line in text.splitlines()]


def _jsonl(*rows: object) -> bytes:
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


# ---------------------------------------------------------------- extract


def test_extract_gives_one_line_a_file_in_order_with_paths_as_given(tracker, tmp_path):
    (tmp_path / "a.html").write_text(HTML)
    (tmp_path / "b.html.gz").write_bytes(gzip.compress(HTML.encode()))
    (tmp_path / "c.bin").write_bytes(gzip.compress(HTML.encode()))  # gzipped whatever its name says
    ended = tracker("extract", "./b.html.gz", tmp_path / "a.html", "c.bin")
    assert ended.code == 0
    rows = _lines(ended.out)
    assert [row["path"] for row in rows] == ["./b.html.gz", str(tmp_path / "a.html"), "c.bin"]
    assert list(rows[0]) == EXTRACTED
    for row in rows:
        assert row["title"] == "Judge rules on tax data"
        assert row["authors"] == ["Ana Wu"]
        assert row["published_at"] == "2025-05-12T23:30:00-04:00"  # the day that was printed
        assert SENTENCE.strip() in row["text"]
        assert (row["completeness"], row["language"], row["url"]) == ("whole", "en", None)
        assert row["word_count"] > 100


def test_extract_takes_the_address_it_is_told(tracker, tmp_path):
    (tmp_path / "a.html").write_text(HTML)
    ended = tracker("extract", "--url", "https://post.example/a", "a.html")
    assert _lines(ended.out)[0]["url"] == "https://post.example/a"


@pytest.mark.parametrize("content", [b"", b"\0\xff\xfe junk", b"<html></html>", b"%PDF-1.4 nothing"])
def test_a_page_without_an_article_is_a_line_of_nulls_and_no_failure(tracker, tmp_path, content):
    (tmp_path / "a.html").write_bytes(content)
    ended = tracker("extract", "a.html")
    assert ended.code == 0
    (row,) = _lines(ended.out)
    assert row == dict.fromkeys(EXTRACTED) | {"path": "a.html"}
    assert "a.html: no article: " in ended.err


def test_what_cannot_be_read_costs_itself_alone(tracker, tmp_path):
    packed = gzip.compress(HTML.encode())
    (tmp_path / "cut.html.gz").write_bytes(packed[: len(packed) // 2])
    (tmp_path / "damaged.html.gz").write_bytes(packed[:20] + bytes(len(packed) - 20))
    (tmp_path / "bomb.html.gz").write_bytes(gzip.compress(bytes(50_000_001)))
    (tmp_path / "folder").mkdir()
    (tmp_path / "good.html").write_text(HTML)
    bad = ["missing.html", "cut.html.gz", "damaged.html.gz", "bomb.html.gz", "folder"]
    ended = tracker("extract", *bad, "good.html")
    assert ended.code == 1
    assert [row["path"] for row in _lines(ended.out)] == ["good.html"]
    for name in bad:
        assert f"{name}: cannot be read" in ended.err


# ---------------------------------------------------------------- score


def test_score_answers_in_the_contracts_shape_with_valid_offsets(tracker):
    ended = tracker("score", stdin=_jsonl({"id": "x", "text": TEXT, "title": "Judge lets IRS share data"}))
    assert (ended.code, ended.err) == (0, "")
    (row,) = _lines(ended.out)
    parts = {"headline": "Judge lets IRS share data", "body": TEXT}
    assert set(row["sentiment"]) == {"headline", "body", "outlet_voice", "quoted_voice"}
    assert -1 <= row["sentiment"]["body"] <= 1
    assert row["sentiment"]["quoted_voice"] < 0  # “a terrible betrayal”
    assert row["sentiment"] in row["sentiment_by_scorer"].values()
    for values in row["sentiment_by_scorer"].values():
        assert set(values) == set(row["sentiment"])
    for part, text in parts.items():
        spans = [(one["start"], one["end"]) for one in row["passages"] if one["part"] == part]
        assert spans[0][0] == 0
        assert spans[-1][1] == len(text)
        assert all(a[1] == b[0] for a, b in pairwise(spans))  # they partition the part
    quoted = [
        one for one in row["passages"] if one["voice"] == "quoted" and "betrayal" in TEXT[one["start"] : one["end"]]
    ]
    assert [(one["speaker"].split(",")[0], one["camp"]) for one in quoted] == [("Nandan Joshi", "plaintiffs")]
    assert {one["voice"] for one in row["passages"]} <= {"outlet", "quoted", "reported"}
    assert row["frames"]
    for frame in row["frames"]:
        assert frame["evidence"]
        assert isinstance(frame["is_primary"], bool)
        for one in frame["evidence"]:
            assert 0 <= one["start"] < one["end"] <= len(parts[one["part"]])
    assert row["loaded_terms"]
    for term in row["loaded_terms"]:
        assert parts[term["part"]][term["start"] : term["end"]] == term["term"]  # as written
        assert set(term) >= {"term", "group", "part", "start", "end", "voice"}
    assert row["targets"]  # the topic's actors, where none were given
    assert set(row["versions"]) >= {"tone", "vader", "frames", "voices", "targets", "loaded_terms"}


def test_targets_come_back_in_order_under_their_own_ids(tracker):
    spans = [(TEXT.index(name), name) for name in ("Nandan Joshi", "IRS", "judge")]
    targets = [
        {"id": id_, "start": start, "end": start + len(name)}
        for id_, (start, name) in zip((7, "irs", 7), spans, strict=True)
    ]
    rows = [
        {"id": 12, "text": TEXT, "targets": targets},
        {"id": "none", "text": TEXT, "targets": []},
        {"id": "null", "text": TEXT, "targets": None, "title": None},
    ]
    ended = tracker("score", stdin=_jsonl(*rows))
    assert ended.code == 0
    given, none, null = _lines(ended.out)
    assert given["id"] == 12
    assert [one["id"] for one in given["targets"]] == [7, "irs", 7]
    for one in given["targets"]:
        assert one["label"] in {"negative", "neutral", "positive"}
        assert -1 <= one["score"] <= 1
    assert none["targets"] == []
    assert null["targets"]


def test_bad_lines_are_named_and_the_others_scored(tracker, tmp_path):
    good = {"id": "g", "text": "The judge ruled. It was a good ruling."}
    lines = [
        json.dumps(good),
        "{not json",
        json.dumps({"id": "no text"}),
        json.dumps({"text": "no id"}),
        json.dumps({"id": "t", "text": "short", "targets": [{"id": 1, "start": 0, "end": 6}]}),
        json.dumps({"id": "t", "text": "short", "targets": [{"id": 1, "start": 3, "end": 3}]}),
        "[]",
        "",
        json.dumps(good | {"id": "last"}),
    ]
    (tmp_path / "texts.jsonl").write_bytes("\r\n".join(lines).encode() + b'\n{"id": "latin", "text": "caf\xe9"}\n')
    ended = tracker("score", "texts.jsonl")
    assert ended.code == 1
    assert [row["id"] for row in _lines(ended.out)] == ["g", "last"]
    for number, what in ((2, "Invalid JSON"), (3, "text"), (4, "id"), (5, "0 to 6"), (6, "3 to 3"), (7, ""), (10, "")):
        assert f"texts.jsonl:{number}: " in ended.err
        assert what in ended.err


def test_an_empty_text_is_a_line_of_nulls_and_no_failure(tracker):
    ended = tracker("score", stdin=_jsonl({"id": 1, "text": ""}))
    assert ended.code == 0
    (row,) = _lines(ended.out)
    assert set(row["sentiment"].values()) == {None}
    assert (row["passages"], row["frames"], row["loaded_terms"], row["targets"]) == ([], [], [], [])


def test_no_input_at_all_is_no_output_and_no_failure(tracker):
    for command in ("score", "cluster"):
        assert tracker(command).out == ""
        assert tracker(command).code == 0


def test_a_language_that_no_scorer_reads_says_so_and_keeps_the_targets(tracker):
    row = {"id": 1, "text": "El juez falló.", "language": "es", "targets": [{"id": 9, "start": 3, "end": 7}]}
    ended = tracker("score", stdin=_jsonl(row))
    assert ended.code == 0
    (scored,) = _lines(ended.out)
    assert scored["unscored_reason"] == "language: Spanish"
    assert scored["targets"] == [{"id": 9, "label": None, "score": None}]
    assert set(scored["sentiment"].values()) == {None}


def test_other_files_are_one_text_each_and_may_be_gzipped(tracker, tmp_path):
    text = "First line.\r\n\r\nThe judge ruled badly."
    (tmp_path / "plain.txt").write_bytes(text.encode())
    (tmp_path / "packed.txt.gz").write_bytes(gzip.compress(text.encode()))
    (tmp_path / "rows.jsonl.gz").write_bytes(gzip.compress(_jsonl({"id": "z", "text": text})))
    (tmp_path / "bom.jsonl").write_bytes(b"\xef\xbb\xbf" + _jsonl({"id": "b", "text": text}))
    ended = tracker("score", "./plain.txt", "packed.txt.gz", "rows.jsonl.gz", "bom.jsonl")
    assert ended.code == 0
    rows = _lines(ended.out)
    assert [row["id"] for row in rows] == ["./plain.txt", "packed.txt.gz", "z", "b"]
    for row in rows:  # offsets count the text as given, line ends and all
        assert row["passages"][-1]["end"] == len(text)
        assert row["sentiment"]["body"] is not None


def test_texts_that_cannot_be_read_cost_themselves_alone(tracker, tmp_path):
    (tmp_path / "latin.txt").write_bytes("café".encode("latin-1"))
    (tmp_path / "cut.jsonl.gz").write_bytes(gzip.compress(_jsonl({"id": 1, "text": TEXT}) * 50)[:-20])
    (tmp_path / "good.txt").write_text("The judge ruled.")
    ended = tracker("score", "missing.txt", "latin.txt", "good.txt", "cut.jsonl.gz")
    assert ended.code == 1
    assert _lines(ended.out)[0]["id"] == "good.txt"
    for name in ("missing.txt", "latin.txt", "cut.jsonl.gz"):
        assert f"{name}: cannot be read" in ended.err


TOPIC = """
topic = "x"
title = "X"
query = "judge"
[[loaded_groups]]
id = "people"
title = "People"
[[loaded_groups.variants]]
term = "widget maker"
forms = ["widget maker"]
stance = "neutral"
[[loaded_groups.variants]]
term = "gadget maker"
forms = ["gadget maker"]
stance = "supportive"
"""


def test_a_topic_file_changes_what_is_looked_for(tracker, tmp_path):
    (tmp_path / "x.toml").write_text(TOPIC)
    ended = tracker(
        "score", "--topic", "x.toml", stdin=_jsonl({"id": 1, "text": "The Widget Maker spoke. An illegal alien left."})
    )
    assert ended.code == 0, ended.err
    assert [term["term"] for term in _lines(ended.out)[0]["loaded_terms"]] == ["Widget Maker"]
    missing = tracker("score", "--topic", "no.toml", stdin=b"")
    assert missing.code == 2
    assert "no.toml" in missing.err


# ---------------------------------------------------------------- cluster

STORY = " ".join(
    f"Sentence number {n} tells of the ruling, the agency and the people of district {n * 7}." for n in range(40)
)


def test_cluster_names_copies_and_leaves_others_alone(tracker):
    rows = [
        {"id": 1, "text": STORY, "outlet": "meridian", "published_at": "2025-05-12T12:00:00Z", "title": "A"},
        {"id": "two", "text": STORY + " A local paragraph was added.", "published_at": "2025-05-12T18:00:00"},
        {"id": 3, "text": "Something else altogether happened in the town hall on that quiet evening. " * 5},
        {"id": 1, "text": STORY, "published_at": None, "outlet": None, "title": None},
    ]
    ended = tracker("cluster", stdin=_jsonl(*rows))
    assert ended.code == 0, ended.err
    placed = _lines(ended.out)
    assert [row["id"] for row in placed] == [1, "two", 3, 1]
    assert [set(row) for row in placed] == [{"id", "cluster", "is_original", "similarity", "wire_agency"}] * 4
    assert placed[0]["cluster"] == placed[1]["cluster"] == placed[3]["cluster"] is not None
    assert [row["is_original"] for row in placed] == [True, False, True, False]
    assert placed[2]["cluster"] is None
    assert placed[1]["similarity"] > 0.8


def test_cluster_names_bad_lines(tracker, tmp_path):
    bad = {"id": "b", "text": STORY, "published_at": "next Tuesday"}
    (tmp_path / "t.jsonl").write_bytes(_jsonl({"id": "a", "text": STORY, "published_at": ""}, bad) + b"{\n")
    ended = tracker("cluster", "t.jsonl")
    assert ended.code == 1
    assert [row["id"] for row in _lines(ended.out)] == ["a"]
    assert "t.jsonl:2: published_at" in ended.err
    assert "t.jsonl:3: " in ended.err
