"""Pages to and from WARC/1.1 (ISO 28500:2017), one gzip member a record, so that each can be read by its offset.

What is stored is the body as it was read: decoded. ``content-encoding`` and ``transfer-encoding`` are therefore
left out of the stored HTTP header, ``content-length`` is the decoded length, cookies are not kept, and every
file says so in its ``warcinfo`` record. ``X-Tracker-*`` fields hold what WARC has no field for.
"""

from __future__ import annotations

import base64
import errno
import hashlib
import io
import logging
import os
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from http import HTTPStatus
from pathlib import Path
from typing import BinaryIO, Final, Self
from urllib.parse import urlsplit

from fastwarc import ArchiveIterator, WarcRecord, WarcRecordType
from isal import isal_zlib

from tracker.errors import ArchiveError
from tracker.model import Outcome, Page, Request, Response

LISTED_URL: Final = "X-Tracker-Listed-URI"  # the address as listed, where redirects may have led elsewhere
PURPOSE: Final = "X-Tracker-Purpose"

# ISA-L's deflate at its best: a third of zlib-ng's time at level 6 for a tenth more bytes (208 real pages).
GZIP_LEVEL: Final = 3
GZIP_FORMAT: Final = 31  # window bits that mean a gzip header, as zlib numbers them
MAX_HEADER_BYTES: Final = 16_384  # of an HTTP header kept; readers (fastwarc) refuse more than 32 KiB
MAX_PAGE_BYTES: Final = 64_000_000  # of a record or decoded body read back; other people's archives hold anything

SUCCESS: Final = range(HTTPStatus.OK, HTTPStatus.MULTIPLE_CHOICES)  # the statuses of a page (RFC 9110, 15.3)

# They describe the transfer, not the body that is stored.
_DROPPED_FIELDS: Final = frozenset({"content-encoding", "transfer-encoding", "content-length", "connection"})

_INFO: Final = (
    "software: coverage-tracker\r\n"
    "format: WARC File Format 1.1\r\n"
    "conformsTo: https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/\r\n"
    "description: bodies are stored decoded, without content-encoding and transfer-encoding; "
    "content-length is the decoded length; cookies are not kept\r\n"
)

log = logging.getLogger(__name__)


def payload_digest(body: bytes) -> str:
    """Return a body's WARC-Payload-Digest: ``sha256:`` and base32, as WARC/1.1, 5.9 writes digests."""
    return "sha256:" + base64.b32encode(hashlib.sha256(body).digest()).decode()


def page_of(response: Response) -> Page:
    """Return a fetched page as extraction reads it: the same as ``read_page`` would later give."""
    return _make_page(
        url=response.request.url,
        final_url=response.final_url,
        body=response.body,
        content_type=response.headers.get("content-type", ""),
        fetched_at=response.at,
    )


def page_records(page: Page) -> bytes:
    """Return a page of somebody else's archive as records of ours: its response and what was asked, each compressed."""
    charset = f"; charset={page.charset}" if page.charset else ""
    response = Response(
        fetch=uuid.uuid4().hex,
        request=Request(url=page.url),
        final_url=page.final_url,
        status=HTTPStatus.OK,
        outcome=Outcome.OK,
        at=page.fetched_at,
        headers={"content-type": page.content_type + charset} if page.content_type else {},
        body=page.body,
    )
    return _records(response, page.payload_digest)


class ArchiveWriter:
    """Appends pages to ``DIRECTORY/warc/YYYY/MM/``, one file a day and writer, or to the one file that is named.

    Records reach the disk at ``flush``: call it before committing rows that point to them. A process that dies
    leaves at most a torn end behind, which readers skip; nobody else ever writes to the same file.
    """

    def __init__(
        self, directory: Path, clock: Callable[[], datetime], *, user_agent: str = "", name: str | None = None
    ) -> None:
        self._directory = directory
        self._only_name = name
        self._clock = clock
        self._user_agent = user_agent
        self._writer_id = uuid.uuid4().hex[:8]
        self._day: date | None = None
        self._name = ""
        self._file: BinaryIO | None = None

    def __enter__(self) -> Self:
        """Open nothing yet: the first page does."""
        return self

    def __exit__(self, *_: object) -> None:
        """Flush and close."""
        self.close()

    def append(self, response: Response) -> Response:
        """Write a response and its request; return it with digest, file (relative) and offset filled in.

        Raises ArchiveError where there is no HTTP response to write, or no room for it.
        """
        if response.status is None:
            raise ArchiveError(f"nothing to archive for {response.request.url}: no response came")
        digest = payload_digest(response.body)
        offset = self.append_records(_records(response, digest, self._user_agent))
        return replace(response, payload_digest=digest, warc_file=self._name, warc_offset=offset)

    def append_records(self, records: bytes) -> int:
        """Write what ``page_records`` returned; return where it begins in the file. Raises ArchiveError: no room."""
        return self._write(records)

    def flush(self) -> None:
        """Make everything appended so far survive a crash of process or machine."""
        if self._file is not None:
            self._file.flush()
            os.fsync(self._file.fileno())

    def close(self) -> None:
        """Flush and close the file; a later ``append`` opens it again."""
        if self._file is not None:
            self.flush()
            self._file.close()
            self._file = None

    def _write(self, data: bytes) -> int:
        """Append bytes whole or not at all; return where they begin."""
        file = self._open_today()
        offset = file.seek(0, os.SEEK_END)
        try:
            _write_whole(file, data)
        except OSError as error:
            file.truncate(offset)
            raise ArchiveError(f"cannot write to {self._name}: {error}; make room or check the disk") from error
        return offset

    def _open_today(self) -> BinaryIO:
        today = self._clock().date()
        if self._file is not None and today == self._day:
            return self._file
        self.close()
        self._day = today
        self._name = self._only_name or f"warc/{today:%Y/%m}/pages-{today:%Y%m%d}-{self._writer_id}.warc.gz"
        path = self._directory / self._name
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("ab", buffering=0)
        if not path.stat().st_size:
            _write_whole(self._file, _gzipped(_info_record(path.name, self._clock())))
            _sync_directory(path.parent)
        return self._file


def read_page(directory: Path, warc_file: str, warc_offset: int) -> Page:
    """Read one page back. Raises ArchiveError: no such file, nothing readable there, or not what was stored."""
    path = directory / warc_file
    where = f"{path} at {warc_offset}"
    try:
        with path.open("rb") as file:
            file.seek(warc_offset)
            records = ArchiveIterator(file, record_types=WarcRecordType.response, parse_http=False)
            record = next(iter(records), None)
            page = _page_from(record) if record is not None and record.stream_pos == warc_offset else None
    except (OSError, ValueError) as error:
        raise ArchiveError(f"cannot read {where}: {error}") from error
    if page is None:
        raise ArchiveError(f"no whole page in {where}")
    return page


def iter_pages(paths: Iterable[Path], *, on_damage: Callable[[str], None] = log.warning) -> Iterator[Page]:
    """Stream the pages of WARC files (gzip, zstd, lz4 or plain; ours or anybody's), in order.

    Only responses that succeeded (2xx) are pages. ``on_damage`` is called once for each record that cannot be read,
    with a sentence; after damage that hides where the next record begins, the rest of that file is given up.
    Raises ArchiveError where a file cannot be opened.
    """
    for path in paths:
        try:
            file = path.open("rb")
        except OSError as error:
            raise ArchiveError(f"cannot open {path}: {error}") from error
        with file:
            yield from pages_in(file, str(path), on_damage=on_damage)


def _any(_url: str, _at: datetime | None, _content_length: int) -> bool:
    """Want every page."""
    return True


def pages_in(
    file: BinaryIO,
    where: str,
    *,
    wants: Callable[[str, datetime | None, int], bool] = _any,
    on_damage: Callable[[str], None] = log.warning,
) -> Iterator[Page]:
    """Stream the pages of one open WARC file, as ``iter_pages`` does; ``where`` names it in what is said of damage.

    ``wants`` is asked of each response by its address, its date and its length before its body is read: whatever can
    be told from those costs a hundredth of what reading the page does. One without a date that can be read is damaged.
    """
    records = iter(
        ArchiveIterator(
            file,
            record_types=WarcRecordType.response,
            parse_http=False,
            max_content_length=MAX_PAGE_BYTES,
            strict_mode=False,
        )
    )
    while True:
        try:
            record = next(records, None)
        except (OSError, ValueError) as error:
            on_damage(f"{where}: the rest is unreadable: {error}")
            return
        if record is None:
            return
        position = record.stream_pos
        try:
            if not wants(record.headers.get("WARC-Target-URI") or "", record.record_date, record.content_length):
                continue
            page = _page_from(record)
        except (OSError, ValueError, ArchiveError) as error:
            on_damage(f"{where} at {position}: {error}")
            continue
        if page is not None:
            yield page


def _page_from(record: WarcRecord) -> Page | None:
    """Return the page in a response record, None where it is none; raise ArchiveError where it is not whole."""
    if record.record_date is None:
        raise ArchiveError("no WARC-Date that can be read")
    block = record.reader.read()
    if len(block) < record.content_length:
        raise ArchiveError(f"torn record: {len(block)} of {record.content_length} bytes")
    http = WarcRecord()
    http.init_headers(WarcRecordType.response)
    http.set_bytes_content(block)
    http.is_http = True
    http.parse_http(auto_decode="all", strict_mode=False)
    if http.http_headers is None or http.http_headers.status_code not in SUCCESS:
        return None
    body = http.reader.read(MAX_PAGE_BYTES)
    target = record.headers.get("WARC-Target-URI") or ""
    page = _make_page(
        url=record.headers.get(LISTED_URL) or target,
        final_url=target,
        body=body,
        content_type=http.http_headers.get("content-type") or "",
        fetched_at=record.record_date,
    )
    stored = record.headers.get("WARC-Payload-Digest")
    if record.headers.get(LISTED_URL) is not None and stored != page.payload_digest:
        raise ArchiveError(f"the body is not the one that was stored: {stored}")
    return page


def _make_page(*, url: str, final_url: str, body: bytes, content_type: str, fetched_at: datetime) -> Page:
    kind, _, parameters = content_type.partition(";")
    return Page(
        url=url,
        final_url=final_url,
        body=body,
        content_type=kind.strip().lower() or None,
        charset=_charset(parameters),
        fetched_at=fetched_at,
        payload_digest=payload_digest(body),
    )


def _charset(parameters: str) -> str | None:
    """Return the charset parameter of a Content-Type (RFC 9110, 8.3.2), in lower case, without quotes."""
    for parameter in parameters.split(";"):
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            return value.strip().strip("\"'").lower() or None
    return None


def _records(response: Response, digest: str, user_agent: str = "") -> bytes:
    record = _response_record(response, digest)
    request = _request_record(response, record.record_id or "", user_agent)
    return _gzipped(record) + _gzipped(request)


def _response_record(response: Response, digest: str) -> WarcRecord:
    status = response.status or 0
    head = [f"HTTP/1.1 {status} {_reason(status)}", *_field_lines(response.headers)]
    head.append(f"content-length: {len(response.body)}")
    record = _new_record(WarcRecordType.response, response.fetch, response.at)
    record.headers["WARC-Target-URI"] = _one_line(response.final_url)
    record.headers["WARC-Payload-Digest"] = digest
    record.headers[LISTED_URL] = _one_line(response.request.url)
    record.headers[PURPOSE] = response.request.purpose
    _fill(record, "application/http;msgtype=response", head, response.body)
    return record


def _request_record(response: Response, concurrent_to: str, user_agent: str) -> WarcRecord:
    """Write what was asked, as far as a response remembers it."""
    parts = urlsplit(_one_line(response.final_url))
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    fields = {
        "host": parts.netloc,
        "user-agent": user_agent,
        "if-none-match": response.request.etag or "",
        "if-modified-since": response.request.last_modified or "",
    }
    head = [f"GET {target} HTTP/1.1", *_field_lines({name: text for name, text in fields.items() if text})]
    record = _new_record(WarcRecordType.request, "", response.at)
    record.headers["WARC-Target-URI"] = _one_line(response.final_url)
    record.headers["WARC-Concurrent-To"] = concurrent_to
    _fill(record, "application/http;msgtype=request", head, b"")
    return record


def _info_record(name: str, at: datetime) -> WarcRecord:
    record = _new_record(WarcRecordType.warcinfo, "", at)
    record.headers["WARC-Filename"] = name
    record.headers["Content-Type"] = "application/warc-fields"
    record.set_bytes_content(_INFO.encode())
    return record


def _new_record(kind: WarcRecordType, hex_id: str, at: datetime) -> WarcRecord:
    """Begin a record; a fetch's own id names its response record, so that either leads to the other."""
    record = WarcRecord()
    record.init_headers(kind)
    try:
        record.record_id = f"<{uuid.UUID(hex_id).urn}>"
    except ValueError:
        record.record_id = f"<{uuid.uuid4().urn}>"
    record.record_date = at
    return record


def _fill(record: WarcRecord, kind: str, head: list[str], body: bytes) -> None:
    record.headers["Content-Type"] = kind
    record.is_http = True
    block = "\r\n".join([*head, "", ""]).encode("utf-8", errors="surrogateescape") + body
    record.set_bytes_content(block)


def _field_lines(headers: Mapping[str, str]) -> Iterator[str]:
    room = MAX_HEADER_BYTES
    for name, value in headers.items():
        line = f"{_one_line(name)}: {_one_line(value)}"
        room -= len(line.encode("utf-8", errors="surrogateescape"))
        if name.lower() not in _DROPPED_FIELDS and room > 0:
            yield line


def _one_line(text: str) -> str:
    """Return text that cannot break out of its line: control characters are percent-encoded (RFC 3986, 2.1)."""
    if text.isprintable():
        return text
    return "".join(f"%{ord(char):02X}" if ord(char) < ord(" ") or char == "\x7f" else char for char in text)


def _reason(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"


def _gzipped(record: WarcRecord) -> bytes:
    buffer = io.BytesIO()
    record.write(buffer)
    return isal_zlib.compress(buffer.getbuffer(), GZIP_LEVEL, GZIP_FORMAT)


def _write_whole(file: BinaryIO, data: bytes) -> None:
    """Write unbuffered; the system may take less than all when room runs out, and says so only by the count."""
    if file.write(data) < len(data):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _sync_directory(path: Path) -> None:
    """Make a new file's name survive a crash; where directories cannot be opened (Windows) it does anyway."""
    if os.name == "posix":
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
