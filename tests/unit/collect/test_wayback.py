from __future__ import annotations

import json
from datetime import UTC, date, datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from tracker.collect.wayback import Capture, index_address, read_index
from tracker.errors import DataError

HEAD = ["timestamp", "original", "digest"]


def test_an_answer_is_a_table_whose_first_row_names_the_columns():
    rows = [HEAD, ["20250512201530", "http://paper.example/a?x=1", "ABC"], ["2025", "http://paper.example/b", "D"]]
    page = read_index(json.dumps(rows).encode())
    assert page.captures == (
        Capture(url="http://paper.example/a?x=1", at=datetime(2025, 5, 12, 20, 15, 30, tzinfo=UTC)),
    )
    assert page.resume_key is None
    assert page.captures[0].address == "http://web.archive.org/web/20250512201530id_/http://paper.example/a?x=1"


def test_the_resume_key_stands_behind_an_empty_row():
    page = read_index(
        json.dumps([HEAD, ["20250512201530", "http://paper.example/a", "A"], [], ["com,x)/ 2025"]]).encode()
    )
    assert (len(page.captures), page.resume_key) == (1, "com,x)/ 2025")


@pytest.mark.parametrize("body", [b"", b"[]", b"[[]]"])
def test_no_capture_is_no_error(body):
    assert read_index(body).captures == ()


@pytest.mark.parametrize("body", [b"<html>Blocked site</html>", b'{"error": 1}', b"[1, 2]"])
def test_what_is_no_table_is_said(body):
    with pytest.raises(DataError, match="Wayback Machine's index"):
        read_index(body)


def test_the_index_is_asked_for_html_that_was_served_well_in_the_days_meant():
    asked = parse_qs(urlsplit(index_address("paper.example/news/*", date(2025, 5, 1), date(2025, 5, 31), "k y")).query)
    assert asked["filter"] == ["statuscode:200", "mimetype:text/html"]
    assert (asked["from"], asked["to"], asked["resumeKey"]) == (["20250501"], ["20250531"], ["k y"])
