"""Write WARC files like those of CC-NEWS, of any size, from a few hundred real pages.

    python benchmarks/warc_set.py FOLDER [--records N] [--files N] [--share .05] [--pages PAGES.jsonl] [--seed N]

PAGES.jsonl has a folder ``pages/`` beside it (see ``pipelines/evaluate/extraction.py``); without it the pages of the
bundled demonstration are taken. Each record is a page of theirs with its own address, headline and text: every
paragraph is drawn anew from those of all pages, so that no two records tell the same story, while markup, menus and
length stay as real pages have them. A ``share`` of the records gets a paragraph about the bundled topic, with the
words "Internal Revenue Service", which stand in no other record. As in CC-NEWS there is a ``warcinfo`` record in front
and a ``request`` before each ``response``, HTTP bodies are stored as they came, here gzipped for every third, and one
response in forty is a redirect or an error. The set is the same for the same seed and pages.
"""

from __future__ import annotations

import argparse
import gzip
import io
import json
import random
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from fastwarc import GzipWriter, WarcRecord, WarcRecordType

FIRST = datetime(2026, 1, 5, tzinfo=UTC)  # the day of the first record
MARK = "Internal Revenue Service"
RULED = (
    "A federal judge in Washington declined on Monday to block the agreement under which the {mark} shares taxpayer "
    "data with Immigration and Customs Enforcement, part of the Department of Homeland Security. “The statute "
    "permits the disclosure,” the court wrote in number {n}. Advocates said the ruling put immigrants at risk."
)
AFFIRMED = (
    "The {mark} may go on giving addresses of taxpayers to Homeland Security, an appeals court ruled in number {n}. "
    "Centro de Trabajadores Unidos, which had sued the Treasury, said it would ask the full court to hear the case."
)
PARAGRAPH = re.compile(r"(<p\b[^>]*>)(.*?)(</p>)", re.DOTALL | re.IGNORECASE)
TITLE = re.compile(r"<title\b[^>]*>(.*?)</title>", re.DOTALL | re.IGNORECASE)
ARTICLE_BODY = re.compile(r'"(?:articleBody|text)"\s*:\s*"(?:[^"\\]|\\.)*"')
DATE = re.compile(r"\b(?:19|20)\d\d-[01]\d-[0-3]\d(?=[T \"'])")
ADDRESS = re.compile(r'<link\b[^>]*rel="canonical"[^>]*href="([^"]+)"', re.IGNORECASE)
MARKED = re.compile(r"Internal Revenue|\bIRS\b", re.IGNORECASE)
MAX_BYTES = (
    150_000  # of a page taken: records of CC-NEWS are some 30 kB compressed, captures with all their scripts more
)
LETTERS = 40  # a paragraph with fewer is a button or a caption
FAILED_EVERY, GZIPPED_EVERY = 40, 3


@dataclass(frozen=True, slots=True)
class Original:
    """A real page, cut at its paragraphs."""

    url: str
    pieces: tuple[str, ...]  # markup, then paragraph, in turns
    title: str


def originals(pages: Path | None) -> tuple[list[Original], list[str]]:
    """Return the pages to build from, and the paragraphs of all of them."""
    found: list[Original] = []
    pool: dict[str, None] = {}
    for url, html in _labelled(pages) if pages else _bundled():
        if len(html) > MAX_BYTES:
            continue
        text = MARKED.sub("the agency", DATE.sub("@DATE@", ARTICLE_BODY.sub('"x":""', html)))
        title = TITLE.search(text)
        pieces: list[str] = []
        end = 0
        for match in PARAGRAPH.finditer(text):
            if len(re.sub(r"<[^>]*>", "", match[2])) >= LETTERS:
                pieces += [text[end : match.start(2)], match[2]]
                pool[match[2]] = None
                end = match.start(3)
        pieces.append(text[end:])
        if len(pieces) == 1:  # nothing to draw anew: it would come again and again
            continue
        declared = ADDRESS.search(text)
        pieces = [piece.replace(declared[1], "@ADDRESS@") if declared else piece for piece in pieces]
        heading = " ".join(title[1].split()) if title else ""
        found.append(
            Original(url, tuple(piece.replace(heading, "@TITLE@") if heading else piece for piece in pieces), heading)
        )
    return found, list(pool)


def _labelled(pages: Path) -> Iterator[tuple[str, str]]:
    for line in pages.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        body = gzip.decompress((pages.parent / "pages" / f"{row['page']}.html.gz").read_bytes())
        yield row["url"], body.decode("utf-8", errors="replace")


def _bundled() -> Iterator[tuple[str, str]]:
    from pipelines.demo_corpus import load_corpus  # noqa: PLC0415
    from pipelines.demo_pages import article_page  # noqa: PLC0415
    from pipelines.demo_publications import publications  # noqa: PLC0415

    corpus = load_corpus()
    for one in publications(corpus):
        version = one.versions[-1]
        yield one.url, article_page(one, version, corpus.outlets[one.outlet.outlet].site, ())


@dataclass(frozen=True, slots=True)
class Made:
    """One record's page."""

    url: str
    at: datetime
    body: bytes


class Maker:
    """Makes pages by number: the same number is the same page."""

    def __init__(self, pages: Path | None, share: float, seed: int, *, scheme: str = "https", step: int = 1) -> None:
        self._scheme = scheme
        self._step = step  # seconds between two records
        self._originals, self._pool = originals(pages)
        self._headings = [" ".join(re.sub(r"<[^>]*>", "", text).split()[:9]) for text in self._pool]
        self._share = share
        self._seed = seed

    def page(self, number: int) -> Made:
        """Return the page of a number."""
        chance = random.Random(self._seed * 1_000_003 + number)  # noqa: S311 - a benchmark
        original = self._originals[chance.randrange(len(self._originals))]
        parts = urlsplit(original.url)
        url = f"{self._scheme}://{parts.netloc}/2026/01/story-{number}.html"
        pieces = list(original.pieces)
        for place in range(1, len(pieces), 2):
            pieces[place] = self._pool[chance.randrange(len(self._pool))]
        if chance.random() < self._share:
            pieces[1] = (RULED, AFFIRMED)[number % 2].format(mark=MARK, n=number)
        words = self._headings[chance.randrange(len(self._headings))]
        at = FIRST + timedelta(seconds=number * self._step)
        html = "".join(pieces).replace("@ADDRESS@", url).replace("@TITLE@", f"{words} {number}")
        html = html.replace("@DATE@", f"{at:%Y-%m-%d}")
        return Made(url, at, html.encode())


def write(folder: Path, maker: Maker, n_records: int, n_files: int) -> list[Path]:
    """Write the files; return them."""
    folder.mkdir(parents=True, exist_ok=True)
    each = -(-n_records // n_files)
    paths = []
    for part in range(n_files):
        first = part * each
        at = FIRST + timedelta(seconds=first)
        path = folder / f"CC-NEWS-{at:%Y%m%d%H%M%S}-{part:05}.warc.gz"
        with path.open("wb") as out:
            out.write(_record(WarcRecordType.warcinfo, "", at, "application/warc-fields", b"software: benchmark\r\n"))
            for number in range(first, min(first + each, n_records)):
                made = maker.page(number)
                request = f"GET {urlsplit(made.url).path} HTTP/1.1\r\nHost: {urlsplit(made.url).netloc}\r\n\r\n"
                out.write(
                    _record(
                        WarcRecordType.request, made.url, made.at, "application/http; msgtype=request", request.encode()
                    )
                )
                out.write(
                    _record(
                        WarcRecordType.response,
                        made.url,
                        made.at,
                        "application/http; msgtype=response",
                        _http(number, made),
                    )
                )
        paths.append(path)
    return paths


def _http(number: int, made: Made) -> bytes:
    if number % FAILED_EVERY == FAILED_EVERY - 1:
        return b"HTTP/1.1 301 Moved Permanently\r\nLocation: /\r\nContent-Length: 0\r\n\r\n"
    body, coding = made.body, ""
    if number % GZIPPED_EVERY == 0:
        body, coding = gzip.compress(body, compresslevel=1, mtime=0), "Content-Encoding: gzip\r\n"
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n{coding}Content-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def _record(kind: WarcRecordType, url: str, at: datetime, content_type: str, block: bytes) -> bytes:
    record = WarcRecord()
    record.init_headers(kind)
    record.record_id = f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'{kind}{url}{at}')}>"
    record.record_date = at
    if url:
        record.headers["WARC-Target-URI"] = url
    record.headers["Content-Type"] = content_type
    record.set_bytes_content(block)
    buffer = io.BytesIO()
    writer = GzipWriter(buffer, compression_level=1)
    record.write(writer)
    writer.finish()
    return buffer.getvalue()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--files", type=int, default=10)
    parser.add_argument("--share", type=float, default=0.05)
    parser.add_argument("--pages", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    paths = write(options.folder, Maker(options.pages, options.share, options.seed), options.records, options.files)
    print(f"{options.records} records in {len(paths)} files, {sum(p.stat().st_size for p in paths) / 1e6:.0f} MB")


if __name__ == "__main__":
    main()
