from __future__ import annotations

import gzip
import os
import re
import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from fastwarc import ArchiveIterator, WarcRecordType

from tracker.archive import ArchiveWriter, iter_pages, page_of, payload_digest, read_page
from tracker.errors import ArchiveError
from tracker.model import Outcome, Request, Response

NOW = datetime(2026, 1, 7, 23, 59, 59, 123456, tzinfo=UTC)


def response(body: bytes = b"<p>words</p>", **changes: object) -> Response:
    made = Response(
        fetch=uuid.uuid4().hex,
        request=Request(url="http://example.org/listed?a=1", etag='"v1"'),
        final_url="https://example.org/final?a=1",
        status=200,
        outcome=Outcome.OK,
        at=NOW,
        headers={
            "content-type": 'text/html; charset="Windows-1252"',
            "content-encoding": "gzip",
            "transfer-encoding": "chunked",
            "content-length": "7",
            "x-odd": "caf\udce9",
        },
        body=body,
    )
    return replace(made, **changes)


def test_what_is_read_back_is_what_extraction_would_have_seen_live(tmp_path):
    with ArchiveWriter(tmp_path, lambda: NOW) as writer:
        stored = [writer.append(response(body)) for body in (b"one", b"", b"three\r\n\r\n")]
        stored.append(writer.append(response(b"four", status=203)))
    assert len({s.warc_offset for s in stored}) == 4
    for each in reversed(stored):
        page = read_page(tmp_path, each.warc_file, each.warc_offset)
        assert page == page_of(each)
        assert page.payload_digest == each.payload_digest == payload_digest(each.body)
    assert page.content_type == "text/html"
    assert page.charset == "windows-1252"
    assert (page.url, page.final_url) == ("http://example.org/listed?a=1", "https://example.org/final?a=1")
    assert page.fetched_at == NOW


def test_records_are_warc_11_and_say_what_was_left_out(tmp_path):
    with ArchiveWriter(tmp_path, lambda: NOW, user_agent="coverage-tracker (+x)") as writer:
        one = writer.append(response(b"body"))
    assert one.warc_file.startswith("warc/2026/01/pages-20260107-")
    text = gzip.decompress((tmp_path / one.warc_file).read_bytes()).decode("latin-1")
    assert text.count("WARC/1.1\r\n") == 3
    assert "bodies are stored decoded" in text
    assert "content-length: 4\r\n\r\nbody" in text
    assert "content-encoding:" not in text
    assert "chunked" not in text
    assert (
        'GET /final?a=1 HTTP/1.1\r\nhost: example.org\r\nuser-agent: coverage-tracker (+x)\r\nif-none-match: "v1"'
        in text
    )
    with (tmp_path / one.warc_file).open("rb") as file:
        records = [(r.record_type, r.record_id, r.headers.get("WARC-Concurrent-To")) for r in ArchiveIterator(file)]
    fetch_id = f"<{uuid.UUID(one.fetch).urn}>"
    assert [kind for kind, _, _ in records] == [
        WarcRecordType.warcinfo,
        WarcRecordType.response,
        WarcRecordType.request,
    ]
    assert records[1][1] == records[2][2] == fetch_id


def test_digests_are_those_that_other_readers_verify(tmp_path):
    with ArchiveWriter(tmp_path, lambda: NOW) as writer:
        one = writer.append(response(b"body"))
    with (tmp_path / one.warc_file).open("rb") as file:
        kinds = ArchiveIterator(file, record_types=WarcRecordType.response)
        assert [record.verify_payload_digest() for record in kinds] == [True]


def test_a_new_day_is_a_new_file_and_two_writers_never_share_one(tmp_path):
    now = NOW
    with ArchiveWriter(tmp_path, lambda: now) as writer, ArchiveWriter(tmp_path, lambda: now) as other:
        one = writer.append(response())
        theirs = other.append(response())
        now = NOW + timedelta(seconds=1)
        two = writer.append(response())
    assert len({one.warc_file, theirs.warc_file, two.warc_file}) == 3
    assert "20260108" in two.warc_file
    assert len(list(iter_pages(sorted(tmp_path.rglob("*.warc.gz"))))) == 3


def test_after_a_flush_everything_is_on_disk(tmp_path, monkeypatch):
    synced = []
    monkeypatch.setattr(os, "fsync", synced.append)
    writer = ArchiveWriter(tmp_path, lambda: NOW)
    one = writer.append(response())
    n_before = len(synced)
    writer.flush()
    assert len(synced) == n_before + 1
    assert read_page(tmp_path, one.warc_file, one.warc_offset).body == b"<p>words</p>"
    writer.close()


def test_a_torn_end_is_skipped_counted_and_never_read_as_a_page(tmp_path):
    body = os.urandom(2_000)
    with ArchiveWriter(tmp_path, lambda: NOW) as writer:
        first, last = writer.append(response(body)), writer.append(response(body))
    path = tmp_path / first.warc_file
    whole = path.read_bytes()
    n_damaged = 0
    for end in range(last.warc_offset, last.warc_offset + 2_000, 97):
        path.write_bytes(whole[:end])
        damage: list[str] = []
        assert [page.body for page in iter_pages([path], on_damage=damage.append)] == [body]
        n_damaged += len(damage)
        with pytest.raises(ArchiveError):
            read_page(tmp_path, last.warc_file, last.warc_offset)
        assert read_page(tmp_path, first.warc_file, first.warc_offset).body == body
    assert n_damaged >= 18  # of 21 cuts: all but those that leave no more than a few bytes of a header


def test_damage_in_the_middle_is_reported_not_read(tmp_path):
    with ArchiveWriter(tmp_path, lambda: NOW) as writer:
        stored = [writer.append(response(os.urandom(2_000))) for _ in range(3)]
    path = tmp_path / stored[0].warc_file
    data = bytearray(path.read_bytes())
    data[stored[1].warc_offset + 900] ^= 0xFF
    path.write_bytes(bytes(data))
    damage: list[str] = []
    pages = list(iter_pages([path], on_damage=damage.append))
    assert pages[0] == page_of(stored[0])
    assert all(page.payload_digest != stored[1].payload_digest for page in pages)
    assert damage
    with pytest.raises(ArchiveError):
        read_page(tmp_path, stored[1].warc_file, stored[1].warc_offset)
    assert read_page(tmp_path, stored[2].warc_file, stored[2].warc_offset) == page_of(stored[2])


def test_a_record_without_a_date_is_damage(tmp_path):
    with ArchiveWriter(tmp_path, lambda: NOW) as writer:
        one = writer.append(response(b"<p>words</p>"))
    plain = gzip.decompress((tmp_path / one.warc_file).read_bytes())
    path = tmp_path / "undated.warc"
    path.write_bytes(re.sub(rb"WARC-Date: \S+", b"WARC-Date: lately", plain))
    damage: list[str] = []
    assert list(iter_pages([path], on_damage=damage.append)) == []
    assert "no WARC-Date" in damage[0]


@pytest.mark.parametrize("content", [b"", b"garbage " * 400, os.urandom(3_000), gzip.compress(b"no record", mtime=0)])
def test_files_that_are_no_archive_give_no_page(tmp_path, content):
    path = tmp_path / "x.warc.gz"
    path.write_bytes(content)
    assert list(iter_pages([path], on_damage=lambda _: None)) == []
    with pytest.raises(ArchiveError):
        read_page(tmp_path, "x.warc.gz", 0)


def test_missing_files_and_offsets_between_records_are_errors(tmp_path):
    with pytest.raises(ArchiveError, match="nowhere"):
        read_page(tmp_path, "nowhere.warc.gz", 0)
    with pytest.raises(ArchiveError, match="nowhere"):
        list(iter_pages([tmp_path / "nowhere.warc.gz"]))
    with ArchiveWriter(tmp_path, lambda: NOW) as writer:
        one = writer.append(response())
    with pytest.raises(ArchiveError):
        read_page(tmp_path, one.warc_file, one.warc_offset + 1)
    with pytest.raises(ArchiveError):
        read_page(tmp_path, one.warc_file, 0)  # the warcinfo record


def test_what_never_came_cannot_be_archived(tmp_path):
    with ArchiveWriter(tmp_path, lambda: NOW) as writer, pytest.raises(ArchiveError, match="no response"):
        writer.append(response(b"", status=None))


def test_a_full_disk_leaves_no_half_record(tmp_path, monkeypatch):
    writer = ArchiveWriter(tmp_path, lambda: NOW)
    one = writer.append(response())
    file = writer._file

    class Full:
        def __getattr__(self, name):
            return getattr(file, name)

        def write(self, data):
            return file.write(data[:50])

    writer._file = Full()
    with pytest.raises(ArchiveError, match="make room"):
        writer.append(response())
    writer._file = file
    two = writer.append(response())
    writer.close()
    assert len(list(iter_pages([tmp_path / one.warc_file]))) == 2
    assert read_page(tmp_path, two.warc_file, two.warc_offset).body == b"<p>words</p>"


def test_other_peoples_archives_are_decoded_and_only_pages_come_out(tmp_path):
    packed = gzip.compress(b"<p>packed</p>", mtime=0)

    def record(status: str, fields: bytes, body: bytes, kind: str = "response") -> bytes:
        block = f"HTTP/1.1 {status}\r\n".encode() + fields + b"\r\n" + body
        head = (
            f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:{uuid.uuid4()}>\r\n"
            "WARC-Date: 2020-01-02T03:04:05Z\r\nWARC-Target-URI: http://example.org/a\r\n"
            f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(block)}\r\n\r\n"
        )
        return head.encode() + block + b"\r\n\r\n"

    chunked = b"%x\r\n" % len(packed) + packed + b"\r\n0\r\n\r\n"
    path = tmp_path / "foreign.warc"
    path.write_bytes(
        record("404 Not Found", b"", b"gone")
        + record(
            "200 OK", b"Content-Type: text/html\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n", chunked
        )
        + record("200 OK", b"", b"", kind="revisit")
    )
    (page,) = iter_pages([path])
    assert (page.body, page.url, page.content_type) == (b"<p>packed</p>", "http://example.org/a", "text/html")
    assert page.fetched_at == datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC)
