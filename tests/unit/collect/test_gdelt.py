"""GDELT's answers as a list of addresses."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from tracker.collect.gdelt import gdelt_address, read_gdelt, read_gdelt_file
from tracker.errors import DataError

SINCE, UNTIL = datetime(2025, 5, 12, tzinfo=UTC), datetime(2025, 5, 13, tzinfo=UTC)


def item(**fields: object) -> dict[str, object]:
    return {
        "url": "https://post.example.com/story",
        "url_mobile": "https://m.post.example.com/story",
        "title": "Judge rules on &quot;records&quot;",
        "seendate": "20250512T174500Z",
        "socialimage": "",
        "domain": "post.example.com",
        "language": "English",
        "sourcecountry": "United States",
    } | fields


def body(*items: object) -> bytes:
    return json.dumps({"articles": items}).encode()


def test_an_answer_is_read_and_each_address_kept_once():
    found = read_gdelt(body(item(), item(title="Again"), item(url="https://daily.example.org/a", seendate="soon")))
    assert [one.url for one in found] == ["https://post.example.com/story", "https://daily.example.org/a"]
    assert found[0].title == 'Judge rules on "records"'
    assert found[0].seen_at == datetime(2025, 5, 12, 17, 45, tzinfo=UTC)
    assert (found[0].domain, found[0].language, found[0].country) == ("post.example.com", "English", "United States")
    assert found[1].seen_at is None


def test_nothing_found_is_no_error():
    assert read_gdelt(b"{}") == ()
    assert read_gdelt(b"\xef\xbb\xbf{\n}") == ()


def test_stray_backslashes_and_control_characters_do_not_spoil_an_answer():
    raw = rb'{"articles": [{"url": "https://a.example/1", "title": "a \- b \\ \"c\" \u00e9' + b'\x0b"}]}'
    (found,) = read_gdelt(raw)
    assert found.title == 'a \\- b \\ "c" é'


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"Please limit requests to one every 5 seconds.", "limit requests"),
        (b"<html><body>Your query was too short</body></html>", "too short"),
        (b"", "an empty answer"),
        (b'{"articles": [', "no JSON"),
        (b'{"articles": 3}', "format may have changed"),
        (b"[" * 100_000, "GDELT"),
        (b'{"a":' * 100_000, "no JSON"),
    ],
)
def test_refusals_are_told_in_gdelts_own_words(raw, words):
    with pytest.raises(DataError, match=words):
        read_gdelt(raw)


def test_what_is_no_address_is_left_out():
    assert read_gdelt(body(item(url="javascript:alert(1)"), item(url=None), "x", None)) == ()


def test_the_question_names_query_and_span():
    parts = urlsplit(gdelt_address('"memorandum" (IRS OR ICE)', SINCE, UNTIL))
    asked = parse_qs(parts.query)
    assert (parts.scheme, parts.hostname) == ("https", "api.gdeltproject.org")
    assert asked["query"] == ['"memorandum" (IRS OR ICE)']
    assert (asked["startdatetime"], asked["enddatetime"]) == (["20250512000000"], ["20250513000000"])
    assert (asked["mode"], asked["format"], asked["maxrecords"]) == (["artlist"], ["json"], ["250"])
    with pytest.raises(ValueError, match="span of time"):
        gdelt_address("x", UNTIL, SINCE)


def row(n_columns: int, **cells: str) -> bytes:
    values = [""] * n_columns
    for place, value in cells.items():
        values[int(place.removeprefix("c"))] = value
    return "\t".join(values).encode()


GKG = row(27, c0="20250512201500-1", c1="20250512201500", c2="1", c3="paper.example", c4="https://paper.example/a")
EVENT = row(61, c0="1", c59="20250512201500", c60="https://paper.example/a")
MENTION = row(16, c2="20250512201500", c3="1", c5="https://paper.example/a")
BROADCAST = row(27, c1="20250512201500", c2="2", c4="https://tv.example/b")


@pytest.mark.parametrize("line", [GKG, EVENT, MENTION])
def test_its_files_name_each_address_once(line):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("20250512201500.csv", line + b"\n" + line + b"\n")
    for data in (line, packed.getvalue()):
        (seen,) = read_gdelt_file("20250512201500.csv.zip", data)
        assert seen.url == "https://paper.example/a"
        assert seen.seen_at == datetime(2025, 5, 12, 20, 15, tzinfo=UTC)


def test_broadcasts_have_no_address():
    assert [one.url for one in read_gdelt_file("x.csv", GKG + b"\n" + BROADCAST)] == ["https://paper.example/a"]


def test_a_file_of_something_else_is_refused():
    with pytest.raises(DataError, match="no file of GDELT 2"):
        read_gdelt_file("x.csv", b"a,b,c\n1,2,3\n")
    with pytest.raises(DataError, match="cannot be unpacked"):
        read_gdelt_file("x.zip", b"PK\x03\x04nonsense")
