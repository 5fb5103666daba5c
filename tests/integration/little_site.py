"""A web of a few invented pages that a test changes as it goes, behind a proxy, and a home that follows it."""

from __future__ import annotations

import asyncio
import html
import threading
from collections import Counter
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Self
from unittest.mock import patch

from pipelines.demo import _through
from pipelines.nightly import nightly
from pipelines.progress import Progress
from pipelines.runs import Options
from pipelines.steps.run import Run
from tracker.config import init_home
from tracker.report.snapshot_report import SnapshotReport
from tracker.store.snapshot import snapshot_path
from tracker.store.writer import Store

HOST = "http://gazette.example"
TOPIC = 'topic = "storm"\ntitle = "The storm"\nquery = "storm"\n'
OUTLETS = f"""
[[outlets]]
outlet = "gazette"
name = "The Gazette"
kind = "local"
language = "en"
scopes = ["gazette.example"]
feeds = ["{HOST}/feed.xml"]
"""
SETTINGS = '[fetch]\ncontact = "test@localhost.invalid"\nper_host_delay = 0.0\n'


@dataclass(frozen=True)
class Answer:
    """What an address answers."""

    body: str = ""
    status: int = 200
    location: str | None = None
    kind: str = "text/html; charset=utf-8"


def page(title: str, *paragraphs: str, canonical: str | None = None, extra: str = "") -> Answer:
    """Write an article's page as outlets do."""
    link = f'<link rel="canonical" href="{canonical}">' if canonical else ""
    body = "\n".join(f"<p>{html.escape(paragraph)}</p>" for paragraph in paragraphs)
    return Answer(
        f"<!doctype html><html lang=en><head><title>{html.escape(title)} | The Gazette</title>{link}"
        f'<meta property="og:type" content="article"><meta property="og:title" content="{html.escape(title)}">{extra}'
        f"</head><body><article><h1>{html.escape(title)}</h1>\n{body}\n</article></body></html>"
    )


@dataclass
class LittleSite:
    """Serves ``pages`` (address → answer) as a forward proxy; ``items`` (address, GUID, title) are in the feed."""

    pages: dict[str, Answer] = field(default_factory=dict)
    items: list[tuple[str, str, str]] = field(default_factory=list)
    asked: Counter[str] = field(default_factory=Counter)

    def __enter__(self) -> Self:
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                answer = site.answer(self.path)
                data = answer.body.encode()
                self.send_response(answer.status)
                self.send_header("Content-Type", answer.kind)
                self.send_header("Content-Length", str(len(data)))
                if answer.location:
                    self.send_header("Location", answer.location)
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_: object) -> None:
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def proxy_url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def answer(self, url: str) -> Answer:
        self.asked[url.removeprefix(HOST)] += 1
        if url == f"{HOST}/feed.xml":
            return Answer(self._feed(), kind="application/rss+xml")
        return self.pages.get(url.removeprefix(HOST), Answer("Not here", status=404))

    def list(self, path: str, title: str, guid: str | None = None) -> None:
        """Put an item into the feed."""
        self.items.append((f"{HOST}{path}", guid or f"{HOST}{path}", title))

    def _feed(self) -> str:
        items = "".join(
            f"<item><title>{html.escape(title)}</title><link>{url}</link><guid>{guid}</guid></item>"
            for url, guid, title in self.items
        )
        return f'<?xml version="1.0"?><rss version="2.0"><channel><title>G</title>{items}</channel></rss>'


@dataclass
class Follower:
    """A home that follows the little site; each ``night`` is one real run at a given time."""

    home: Path
    site: LittleSite

    def night(self, now: datetime, *, publishes: bool = True) -> Run:
        """Play a night. One whose snapshot nobody reads need not publish, which is half of its time."""
        skipping = nullcontext() if publishes else patch("pipelines.runs.publish", lambda _: Path("none"))
        with _through(self.site.proxy_url), skipping:
            _, run = asyncio.run(nightly(self.home, Options(now=now, all_entries=True), Progress(verbosity=-1)))
        assert run.reconciles()
        return run

    def rows(self, query: str, **parameters: object) -> list[dict[str, object]]:
        with SnapshotReport(snapshot_path(self.home)) as report:
            return report.rows(query, parameters)

    def master(self, query: str) -> list[tuple]:
        with Store(self.home / "state" / "master.duckdb") as store:
            return store.db.connection.execute(query).fetchall()


def follow(home: Path, site: LittleSite) -> Follower:
    """Make a home that follows the site on a topic that is 'storm'."""
    init_home(home, feeds=False)
    for file in (home / "topics").iterdir():
        file.unlink()
    (home / "topics" / "storm.toml").write_text(TOPIC, encoding="utf-8")
    (home / "outlets.toml").write_text(OUTLETS, encoding="utf-8")
    (home / "tracker.toml").write_text(SETTINGS, encoding="utf-8")
    return Follower(home, site)
