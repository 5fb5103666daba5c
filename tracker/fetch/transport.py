"""One request to one address over the wire: sessions, sockets, headers, bodies. No waiting, no redirects."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from types import TracebackType
from typing import Final, Self

import aiohttp
from aiohappyeyeballs import SocketFactoryType
from aiohttp.abc import AbstractResolver
from yarl import URL

from tracker.config import FetchSettings
from tracker.fetch.answer import TRANSIENT, Answer, answer_of_error, lower_headers, outcome_of_status
from tracker.fetch.body import BodyEnd, read_body
from tracker.fetch.challenge import HEAD_BYTES, SUSPECT_STATUSES, find_challenge
from tracker.fetch.decode import ACCEPT_ENCODING
from tracker.fetch.guard import exemptions, guarded_socket, is_exempt
from tracker.fetch.identity import request_headers
from tracker.fetch.politeness import UNSTATED_WAIT, retry_after
from tracker.fetch.proxies import choose_proxy, read_proxies
from tracker.fetch.resolver import PooledResolver
from tracker.fetch.robots import MAX_ROBOTS_BYTES
from tracker.model import Outcome, Request

KEEP_ALIVE: Final = 3.0  # seconds; many servers hang up after 5, and the usual pause is as long

_BODY_OUTCOMES: Final = {
    BodyEnd.WHOLE: Outcome.OK,
    BodyEnd.CUT: Outcome.CUT,
    BodyEnd.TOO_LARGE: Outcome.TOO_LARGE,
    BodyEnd.BROKEN: Outcome.UNPARSABLE,
}


class ConnectionDroppedError(aiohttp.ClientConnectionError):
    """The other side hung up before it answered."""


async def _ask_once(request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    """Keep aiohttp from asking again by itself, at once and without a pause, when a connection is dropped.

    It does so for the two errors renamed here (a client middleware). Another try is the gates' business.
    """
    try:
        return await handler(request)
    except aiohttp.ClientConnectorError:
        raise
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
        raise ConnectionDroppedError(str(error) or type(error).__name__) from error


class Transport:
    """Two sessions: one whose every socket is guarded, one for proxies and for hosts that the settings exempt."""

    def __init__(
        self, settings: FetchSettings, *, clock: Callable[[], datetime], resolver: AbstractResolver | None
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._resolver = resolver
        self._proxies = read_proxies()
        self._exempt = exemptions(settings.allow_private_hosts)

    async def __aenter__(self) -> Self:
        """Open the sessions."""
        self._resolver = self._resolver or PooledResolver(self._settings.concurrency)
        self._guarded = self._session(guarded_socket)
        self._open = self._session(None)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close all connections."""
        await self._guarded.close()
        await self._open.close()
        if self._resolver is not None:
            await self._resolver.close()

    def _session(self, socket_factory: SocketFactoryType | None) -> aiohttp.ClientSession:
        connector = aiohttp.TCPConnector(
            limit=0,  # bounded by the gates, which know of turns
            keepalive_timeout=KEEP_ALIVE,
            resolver=self._resolver,
            socket_factory=socket_factory,
        )
        return aiohttp.ClientSession(
            connector=connector,
            headers={"User-Agent": self._settings.user_agent_line, "Accept-Encoding": ACCEPT_ENCODING},
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,  # decoded here, under a limit
            trust_env=False,  # would read .netrc
            middlewares=(_ask_once,),
            timeout=aiohttp.ClientTimeout(total=None, connect=self._settings.connect_timeout),
        )

    async def ask(self, request: Request, url: URL) -> Answer:
        """Send one request and name what came back. Raises TimeoutError only where the caller's time ran out."""
        try:
            return await self._send(request, url)
        except aiohttp.ConnectionTimeoutError:
            detail = f"no connection within {self._settings.connect_timeout:g} s"
            return Answer(outcome=Outcome.UNREACHABLE, detail=detail, is_host_failure=True)
        except aiohttp.ClientError as error:
            return answer_of_error(error)

    async def _send(self, request: Request, url: URL) -> Answer:
        proxy = choose_proxy(url, self._proxies)
        is_open = proxy is not None or is_exempt(url, self._exempt)
        async with (self._open if is_open else self._guarded).get(
            url,
            headers=request_headers(request),
            allow_redirects=False,
            ssl=request.verify_tls,
            proxy=proxy.url if proxy else None,
            proxy_auth=proxy.auth if proxy else None,
        ) as response:
            return await self._read(request, response)

    async def _read(self, request: Request, response: aiohttp.ClientResponse) -> Answer:
        """Name an HTTP answer, reading as much of its body as its name needs."""
        status, headers = response.status, lower_headers(response.headers)
        wait = retry_after(headers, self._clock())
        outcome = outcome_of_status(status, asks_to_wait=wait is not None)
        answer = Answer(outcome=outcome, status=status, headers=headers)
        if outcome is Outcome.OK:
            answer = await self._read_whole(request, response, answer)
        elif outcome is Outcome.LIMITED:
            return replace(answer, retry_at=self._clock() + (UNSTATED_WAIT if wait is None else wait))
        elif outcome is Outcome.SERVER_ERROR:
            answer = replace(answer, is_transient=status in TRANSIENT, detail=f"status {status}")
        head = answer.body
        if status in SUSPECT_STATUSES:
            head = (await read_body(response, HEAD_BYTES, wants_prefix=True)).data
        vendor = find_challenge(status, headers, head)
        if vendor is not None:
            return replace(answer, outcome=Outcome.CHALLENGE, detail=vendor, body=b"", is_transient=False)
        return answer

    async def _read_whole(self, request: Request, response: aiohttp.ClientResponse, answer: Answer) -> Answer:
        limit = request.max_bytes or self._limits()[request.purpose]
        # of a robots.txt that is too long the first part counts (RFC 9309, 2.5); of anything else, none
        is_robots = request.purpose == "robots"
        body = await read_body(response, limit, wants_prefix=is_robots)
        outcome = _BODY_OUTCOMES[body.end]
        if body.end is BodyEnd.WHOLE and not body.data:
            outcome = Outcome.EMPTY
        is_kept = outcome in {Outcome.OK, Outcome.CUT} or is_robots
        return replace(
            answer,
            outcome=outcome,
            detail=body.detail,
            body=body.data if is_kept else b"",
            n_bytes=body.n_decoded,
        )

    def _limits(self) -> dict[str, int]:
        return {
            "feed": self._settings.max_feed_bytes,
            "page": self._settings.max_page_bytes,
            "robots": MAX_ROBOTS_BYTES,
        }
