"""The demo's web: what each invented host serves at a simulated time, and a loopback proxy that serves it.

``site_at`` is pure. ``DemoSite`` is a forward proxy on 127.0.0.1 (RFC 9112, section 3.2.2: clients send a proxy
the absolute address) that answers for the invented hosts itself and for no others. It opens no connection, so a
run that goes through it cannot reach the real web.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from hashlib import sha256
from types import TracebackType
from typing import Self

from aiohttp import web

from pipelines import demo_feeds, demo_pages
from pipelines.demo_corpus import Corpus, Site, load_corpus, nights
from pipelines.demo_publications import Publication, Version, publications
from tracker.model import Outlet
from tracker.urls import host

__all__ = ["DemoSite", "Resource", "nights", "site_at"]

FEED_ITEMS = 30  # what a feed lists at most, as common blog software does by default or a little above
RELATED_ITEMS = 4
ROBOTS = "User-agent: *\nDisallow: /login\nDisallow: /newsletter\n"
HTML = "text/html; charset=utf-8"
PLAIN = "text/plain; charset=utf-8"
START_SECONDS = 10  # binding a loopback port takes milliseconds; longer means it will not happen


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """One answer: status, media type and body, and where a redirect leads. ``etag`` is that of the body."""

    status: int = 200
    media_type: str = HTML
    body: bytes
    location: str | None = None  # where a redirect leads

    @property
    def etag(self) -> str:
        """A strong validator (RFC 9110, section 8.8.3)."""
        return f'"{sha256(self.body).hexdigest()[:16]}"'


@cache
def _timeline() -> tuple[Publication, ...]:
    return publications(load_corpus())


@lru_cache(maxsize=4)
def site_at(now: datetime) -> Mapping[str, Mapping[str, Resource]]:
    """Return what every invented host serves at ``now`` (aware): host → path → resource.

    A host has ``/``, ``/robots.txt``, its feed and the pages that are published by then. A path that is not
    there is a 404.
    """
    corpus = load_corpus()
    return {host(corpus.feed_urls[slug]): _host_at(corpus, outlet, now) for slug, outlet in corpus.outlets.items()}


def _host_at(corpus: Corpus, outlet: Outlet, now: datetime) -> dict[str, Resource]:
    feed_url = corpus.feed_urls[outlet.outlet]
    root = feed_url.rpartition("/")[0]
    site = corpus.sites[outlet.outlet]
    media_type = demo_feeds.MEDIA_TYPES[site.feed].partition(";")[0]
    standing = [
        (item.standing_at(now), version)
        for item in reversed(_timeline())
        if item.outlet == outlet and (version := item.version_at(now)) is not None
    ]
    listed = standing[:FEED_ITEMS]
    newest = [item for item, _ in standing[: RELATED_ITEMS + 1]]
    resources = {
        "/robots.txt": Resource(media_type=PLAIN, body=ROBOTS.encode()),
        "/": Resource(body=demo_pages.front_page(outlet.name, feed_url, media_type, listed).encode()),
        feed_url.removeprefix(root): _feed(corpus, outlet, f"{root}/", listed, now),
    }
    for item, version in standing:
        related = [other for other in newest if other is not item][:RELATED_ITEMS]
        resources[item.url.removeprefix(root)] = _page(item, version, site, related)
    return resources | {url.removeprefix(root): answer for url, answer in _former(outlet, now)}


def _page(item: Publication, version: Version, site: Site, related: list[Publication]) -> Resource:
    if item.notice is None:
        return Resource(body=demo_pages.article_page(item, version, site, related).encode())
    status = web.HTTPForbidden.status_code if item.notice == "challenge" else web.HTTPOk.status_code
    return Resource(status=status, body=demo_pages.notice_page(item, related).encode())


def _former(outlet: Outlet, now: datetime) -> Iterator[tuple[str, Resource]]:
    """Yield the addresses at which a story stood before ``now``: moved for good, or taken down."""
    for item in _timeline():
        if item.outlet != outlet:
            continue
        stands_at = item.standing_at(now).url
        if stands_at != item.url:
            yield (
                item.url,
                Resource(
                    status=web.HTTPMovedPermanently.status_code, media_type=PLAIN, body=b"Moved\n", location=stands_at
                ),
            )
        if item.gone_at is not None and item.gone_at <= now:
            yield stands_at, Resource(status=web.HTTPGone.status_code, media_type=PLAIN, body=b"Gone\n")


def _feed(
    corpus: Corpus, outlet: Outlet, home: str, listed: list[tuple[Publication, Version]], now: datetime
) -> Resource:
    outage = next((o for o in corpus.outages if o.outlet == outlet.outlet and o.starts <= now < o.ends), None)
    if outage is not None and outage.what == "error":
        return Resource(status=500, media_type=PLAIN, body=b"Internal Server Error\n")
    kind = corpus.sites[outlet.outlet].feed
    body = demo_feeds.WRITERS[kind](outlet, home, listed).encode()
    if outage is not None:
        body = body[: int(len(body) * demo_feeds.CUT_AT)]
    return Resource(media_type=demo_feeds.MEDIA_TYPES[kind], body=body)


class DemoSite:
    """A forward proxy on a free loopback port that serves ``site_at`` of a time that the caller sets.

    A context manager: the server runs in its own thread while the ``with`` lasts. Give ``proxy_url`` to the
    tracker as HTTP_PROXY. ``n_requests`` counts what was asked for.
    """

    def __init__(self, now: datetime) -> None:
        self.n_requests = 0
        self._now = now
        self._port: Future[int] = Future()
        self._loop = asyncio.new_event_loop()
        self._stop = asyncio.Event()
        self._thread = threading.Thread(target=self._run, name="demo-site", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._port.result(timeout=START_SECONDS)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    @property
    def proxy_url(self) -> str:
        """The address to give as HTTP_PROXY."""
        return f"http://127.0.0.1:{self._port.result(timeout=START_SECONDS)}"

    def set_now(self, now: datetime) -> None:
        """Move the simulated time: from the next request on, hosts serve what stands at ``now``."""
        self._now = now

    def _run(self) -> None:
        try:
            self._loop.run_until_complete(self._serve())
        except OSError as error:
            self._port.set_exception(error)
        finally:
            self._loop.close()

    async def _serve(self) -> None:
        runner = web.ServerRunner(web.Server(self._answer, access_log=None))
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            self._port.set_result(runner.addresses[0][1])
            await self._stop.wait()
        finally:
            await runner.cleanup()

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer for an invented host; refuse everything else."""
        self.n_requests += 1
        if request.method not in {"GET", "HEAD"}:  # CONNECT too: the invented hosts speak plain http
            return web.Response(status=405, text="The demo serves GET and HEAD over http only.\n")
        paths = site_at(self._now).get(request.url.host or "")
        if paths is None:
            return web.Response(status=502, text="The demo knows its invented hosts only; nothing was fetched.\n")
        found = paths.get(request.url.raw_path) or Resource(status=404, body=b"<h1>Not found</h1>\n")
        headers = {"ETag": found.etag} if found.status == web.HTTPOk.status_code else {}
        if headers and request.headers.get("If-None-Match") == found.etag:
            return web.Response(status=304, headers=headers)
        if found.location:
            headers["Location"] = found.location
        return web.Response(status=found.status, body=found.body, headers=headers | {"Content-Type": found.media_type})
