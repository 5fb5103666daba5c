from __future__ import annotations

import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.archive import ArchiveWriter, iter_pages, page_of, read_page
from tracker.model import Outcome, Request, Response

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FIELD_NAMES = st.from_regex(r"[a-z][a-z0-9-]{0,20}", fullmatch=True)
FIELD_VALUES = st.text(max_size=60)
BODIES = st.binary(max_size=4_000) | st.sampled_from(
    [b"\r\n\r\n", b"WARC/1.1\r\n", b"\x1f\x8b\x08", b"HTTP/1.1 200 OK\r\n"]
)


@settings(max_examples=25)
@given(
    st.lists(st.tuples(BODIES, st.dictionaries(FIELD_NAMES, FIELD_VALUES, max_size=5)), min_size=1, max_size=4),
    st.integers(0, 4_000_000_000_000_000).map(lambda us: EPOCH + timedelta(microseconds=us)),
)
def test_any_bytes_and_any_headers_come_back_by_offset_and_in_order(parts, at):
    responses = [
        Response(
            fetch=f"{n:032x}",
            request=Request(url=f"http://example.org/{n}"),
            final_url=f"http://example.org/{n}/final",
            status=200,
            outcome=Outcome.OK,
            at=at,
            headers=headers | {"content-type": "text/html; charset=utf-8"},
            body=body,
        )
        for n, (body, headers) in enumerate(parts)
    ]
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        with ArchiveWriter(directory, lambda: at) as writer:
            stored = [writer.append(response) for response in responses]
        expected = [page_of(response) for response in responses]
        assert [read_page(directory, s.warc_file or "", s.warc_offset or 0) for s in stored] == expected
        assert list(iter_pages([directory / (stored[0].warc_file or "")])) == expected
