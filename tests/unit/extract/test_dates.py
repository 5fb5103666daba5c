from datetime import UTC, datetime

import pytest

from tests.unit.extract.pages import FETCHED_AT, document, make_markup
from tracker.extract.dates import find_dates, read_stamp
from tracker.extract.structured import read_statements

PLAIN = "https://a.example/story"


def dates(*, head="", body="<p>x</p>", url=PLAIN, statement=""):
    markup = make_markup(document(head=head, body=body), url=url)
    return find_dates(markup, read_statements([statement]), url=url, fetched_at=FETCHED_AT)


def meta(name, value):
    return f'<meta property="{name}" content="{value}">'


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("2025-05-13T21:20:00-04:00", datetime(2025, 5, 14, 1, 20, tzinfo=UTC)),
        ("2025-05-13T21:20:00+0200", datetime(2025, 5, 13, 19, 20, tzinfo=UTC)),
        ("2025-05-13 21:20:00 +02:00", datetime(2025, 5, 13, 19, 20, tzinfo=UTC)),
        ("2025-05-13T21:20:00.123Z", datetime(2025, 5, 13, 21, 20, 0, 123000, tzinfo=UTC)),
        ("2025-05-13", datetime(2025, 5, 13, tzinfo=UTC)),
        ("20250513", datetime(2025, 5, 13, tzinfo=UTC)),
        ("1747100000", datetime(2025, 5, 13, 1, 33, 20, tzinfo=UTC)),
        ("1747100000000", datetime(2025, 5, 13, 1, 33, 20, tzinfo=UTC)),
        ("Tue, 13 May 2025 05:24:16 GMT", datetime(2025, 5, 13, 5, 24, 16, tzinfo=UTC)),
        ("Tue May 13 2025 05:24:16 GMT+0000 (UTC)", datetime(2025, 5, 13, 5, 24, 16, tzinfo=UTC)),
        ("May 13, 2025 9:20 PM EDT", datetime(2025, 5, 14, 1, 20, tzinfo=UTC)),
        ("5/13/2025 9:20:05 PM", datetime(2025, 5, 13, 21, 20, 5, tzinfo=UTC)),
    ],
)
def test_stamps(written, wanted):
    stamp = read_stamp(written)
    assert stamp is not None
    assert stamp.at == wanted


@pytest.mark.parametrize(
    "written", ["", None, "1h ago", "May 13", "14:20", "13th of", "2025-13-45", "0", "9" * 40, "P13M,47S"]
)
def test_what_is_no_date(written):
    assert read_stamp(written) is None


def test_structured_data_goes_first():
    found = dates(
        head=meta("article:published_time", "2025-05-12T00:00:00Z"),
        statement='{"@type":"Article","datePublished":"2025-05-13T10:00:00Z","dateModified":"2025-05-13T11:00:00Z"}',
    )
    assert found.published.at == datetime(2025, 5, 13, 10, tzinfo=UTC)
    assert found.modified.at == datetime(2025, 5, 13, 11, tzinfo=UTC)


@pytest.mark.parametrize("impossible", ["1679-01-01", "1989-12-31T23:59:59Z", "2025-05-17T00:00:00Z", "2031-01-01"])
def test_impossible_dates_are_refused(impossible):
    found = dates(head=meta("article:published_time", impossible) + meta("parsely-pub-date", "2025-05-13"))
    assert found.published.at == datetime(2025, 5, 13, tzinfo=UTC)


def test_a_change_before_publication_is_refused():
    found = dates(
        head=meta("article:published_time", "2025-05-13T10:00Z") + meta("article:modified_time", "2025-05-12T10:00Z")
    )
    assert found.modified is None


def test_a_date_gets_its_time_of_day_from_a_later_statement():
    found = dates(head=meta("article:published_time", "2025-05-13") + meta("sailthru.date", "2025-05-13T10:00:00Z"))
    assert found.published.at == datetime(2025, 5, 13, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("shown", "minutes"),
    [
        ("2025-05-13T21:20:00-04:00", -240),
        ("2025-05-13 21:20:00", -240),
        ("2025-05-13T21:13:41", 0),
        ("2025-05-12T21:20:00-04:00", 0),
    ],
)
def test_the_newsroom_s_own_time(shown, minutes):
    found = dates(
        head=meta("article:published_time", "2025-05-14T01:20:00Z"), body=f'<time datetime="{shown}">x</time>'
    )
    assert found.published.at == datetime(2025, 5, 14, 1, 20, tzinfo=UTC)
    assert (found.published.offset_minutes or 0) == minutes


def test_the_address_and_the_printed_date():
    assert dates(url="https://a.example/2025/05/13/x").published.at == datetime(2025, 5, 13, tzinfo=UTC)
    assert dates(url="https://a.example/2025/may/13/x").published.at == datetime(2025, 5, 13, tzinfo=UTC)
    assert dates(body="<p>Published May 13, 2025</p><p>Text.</p>").published.at == datetime(2025, 5, 13, tzinfo=UTC)
    assert dates(body="<p>Nothing here tells.</p>").published is None
