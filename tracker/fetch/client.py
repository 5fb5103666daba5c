"""The one HTTP client: the only way out to the web for feeds and pages.

The rules that it keeps, with their sources, are the table in ``docs/collecting.md``.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from types import TracebackType
from typing import Final, Self

from aiohttp.abc import AbstractResolver
from yarl import URL

from tracker.config import FetchSettings
from tracker.errors import FetchError
from tracker.fetch.answer import PERMANENT, Answer, redirect_target
from tracker.fetch.guard import exemptions, has_credentials, host_name, parse_address, refusal
from tracker.fetch.identity import agent_token
from tracker.fetch.politeness import HostGates, HostMemory
from tracker.fetch.proxies import read_proxies
from tracker.fetch.robots import Robots
from tracker.fetch.transport import Transport
from tracker.model import Outcome, Request, Response

ATTEMPTS: Final = 2  # a feed's own schedule is the better retry; one more try is for a dropped connection
THROUGH_PROXY: Final = 16  # requests at once: one machine carries them all; Chromium sends it at most 32
BACKOFF: Final = (0.5, 1.0)  # seconds before another try, drawn evenly so that failures do not come in step


@dataclass(slots=True, kw_only=True)
class _Visit:
    """One request on its way: what it asks, and how much of its wall clock is used up."""

    request: Request
    seconds_left: float
    at: datetime | None = None
    seconds_used: float = 0.0
    redirects: list[tuple[int, str]] = field(default_factory=list)

    def spend(self, seconds: float) -> None:
        """Take from the wall clock; waiting for one's turn costs nothing."""
        self.seconds_left -= seconds
        self.seconds_used += seconds


class Fetcher:
    """Fetches politely and safely; ``async with Fetcher(settings, clock=clock) as fetcher``.

    ``clock`` gives aware UTC times for what is recorded; durations are measured on a monotonic clock.
    ``host_waits`` are hosts to be left alone, from earlier runs. ``resolver`` replaces DNS in tests.
    """

    def __init__(
        self,
        settings: FetchSettings,
        *,
        clock: Callable[[], datetime],
        host_waits: Mapping[str, datetime] | None = None,
        resolver: AbstractResolver | None = None,
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._exempt = exemptions(settings.allow_private_hosts)
        self._transport = Transport(settings, clock=clock, resolver=resolver)
        at_once = min(settings.concurrency, THROUGH_PROXY) if read_proxies() else settings.concurrency
        self._gates = HostGates(delay=settings.per_host_delay, concurrency=at_once)
        self._memory = HostMemory(clock, host_waits or {})
        self._robots = Robots(self._ask_robots, agent_token(settings), slow_down=self._gates.slow_down)
        self._side: list[Response] = []

    async def __aenter__(self) -> Self:
        """Open connections' pools."""
        await self._transport.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close all connections."""
        await self._transport.__aexit__(kind, error, trace)

    @property
    def host_waits(self) -> dict[str, datetime]:
        """Hosts that are to be left alone, and until when: to be kept for the next run."""
        return self._memory.waits

    def drain_side_fetches(self) -> list[Response]:
        """Hand over what else was asked since the last call: robots.txt, and tries that were followed by another."""
        drained, self._side = self._side, []
        return drained

    async def fetch(self, request: Request) -> Response:
        """Fetch one address; never raises for what the network does: ``outcome`` and ``detail`` say."""
        visit = _Visit(request=request, seconds_left=self._settings.total_timeout)
        try:
            url = parse_address(request.url)
        except FetchError as error:
            return self._respond(visit, request.url, Answer(outcome=Outcome.REFUSED, detail=str(error)))
        answer, final = await self._follow(visit, url)
        return self._respond(visit, str(final), answer)

    async def _follow(self, visit: _Visit, url: URL) -> tuple[Answer, URL]:
        """Go where redirects lead, each hop judged anew. Returns the last answer and its address."""
        seen = {url}
        while True:
            answer = await self._hop(visit, url)
            try:
                target = redirect_target(url, answer)
            except FetchError as error:
                return Answer(outcome=Outcome.REFUSED, status=answer.status, detail=f"redirect: {error}"), url
            if target is None or answer.status is None:
                return answer, url
            visit.redirects.append((answer.status, str(target)))
            if target in seen:
                return Answer(outcome=Outcome.LOOP, status=answer.status, detail=f"back to {target}"), url
            if len(visit.redirects) > self._settings.max_redirects:
                detail = f"more than {self._settings.max_redirects} redirects"
                return Answer(outcome=Outcome.LOOP, status=answer.status, detail=detail), url
            seen.add(target)
            url = target

    async def _hop(self, visit: _Visit, url: URL) -> Answer:
        """Ask one address, if it may be asked, with another try where that may help."""
        reason = refusal(url, self._exempt)
        if reason is not None:
            return Answer(outcome=Outcome.REFUSED, detail=reason)
        if visit.request.purpose == "page" and self._settings.respect_robots:
            denial = await self._robots.denial(url)
            if denial is not None:
                return Answer(outcome=denial.outcome, detail=denial.detail, retry_at=denial.retry_at)
        for attempt in range(1, ATTEMPTS + 1):
            answer = await self._attempt(visit, url)
            pause = random.uniform(*BACKOFF)  # noqa: S311  (jitter, no secret)
            if not answer.is_transient or attempt == ATTEMPTS or visit.seconds_left <= pause:
                break
            self._side.append(replace(self._respond(visit, str(url), answer), body=b""))
            visit.spend(pause)
            await asyncio.sleep(pause)
        return answer

    async def _attempt(self, visit: _Visit, url: URL) -> Answer:
        """Wait for the host's turn, then ask, unless the host is to be left alone; remember how it went."""
        host = host_name(url)
        if until := self._memory.wait_until(host):
            return self._left_alone(host, until)
        async with self._gates.queue(host) as gate:
            if until := self._memory.wait_until(host):  # told so while this one was waiting
                return self._left_alone(host, until)
            answer = await self._gates.in_turn(gate, partial(self._exchange, visit, url))
            self._memory.note(host, is_failure=answer.is_host_failure)
            if answer.outcome is Outcome.LIMITED and answer.retry_at is not None:
                self._memory.hold(host, answer.retry_at, f"it answered {answer.status}")
        return answer

    def _left_alone(self, host: str, until: datetime) -> Answer:
        detail = f"left alone until {until:%Y-%m-%d %H:%M} UTC: {self._memory.why(host)}"
        return Answer(outcome=Outcome.HOST_DOWN, detail=detail, retry_at=until)

    async def _exchange(self, visit: _Visit, url: URL) -> Answer:
        """Send one request and read the answer, against the visit's wall clock."""
        visit.at = visit.at or self._clock()
        begun = time.monotonic()
        try:
            async with asyncio.timeout(max(visit.seconds_left, 0.0)):
                return await self._transport.ask(visit.request, url)
        except TimeoutError:
            detail = f"not done within {self._settings.total_timeout:g} s"
            return Answer(outcome=Outcome.TIMEOUT, detail=detail, is_host_failure=True)
        finally:
            visit.spend(time.monotonic() - begun)

    async def _ask_robots(self, url: URL) -> Response:
        response = await self.fetch(Request(url=str(url), purpose="robots"))
        self._side.append(replace(response, body=b""))
        return response

    def _respond(self, visit: _Visit, final_url: str, answer: Answer) -> Response:
        outcome = answer.outcome
        if outcome is Outcome.OK and visit.redirects and visit.redirects[0][0] in PERMANENT:
            outcome = Outcome.MOVED
        return Response(
            fetch=f"{random.getrandbits(128):032x}",
            request=visit.request,
            final_url=final_url,
            status=answer.status,
            outcome=outcome,
            detail=_detail(visit.request, answer.detail),
            at=visit.at or self._clock(),
            duration_ms=round(visit.seconds_used * 1000),
            headers=answer.headers,
            body=answer.body,
            n_bytes=answer.n_bytes,
            redirects=tuple(visit.redirects),
            retry_at=answer.retry_at,
        )


def _detail(request: Request, detail: str) -> str:
    """Add what anybody should know of how a request was made."""
    notes = [detail] if detail else []
    if not request.verify_tls:
        notes.append("TLS not verified, as set for this feed")
    if has_credentials(request.url):
        notes.append("the address's credentials were not sent")
    return "; ".join(notes)
