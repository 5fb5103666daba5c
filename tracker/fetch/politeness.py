"""One request at a time per host, with a pause between them, and a memory of hosts that asked for more.

A host is an exact host name. The pause runs from the end of one request to the start of the next, redirects,
robots.txt and retries included. Queues are first come, first served.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final, Self, TypeVar

RETRY_AFTER_CAP: Final = timedelta(hours=24)  # a feed is asked daily whatever its host says
UNSTATED_WAIT: Final = timedelta(minutes=15)  # after 429 without Retry-After: the shortest interval of a feed
FAILURES_TO_DOWN: Final = 2  # one failure may be chance
DOWN_FOR: Final = timedelta(hours=1)  # longer than most runs, so "for the run"; the next hourly poll asks again
MAX_CRAWL_DELAY: Final = 60.0  # seconds; above it one host's 200 articles would take longer than the night
MAX_IDLE_HOSTS: Final = 10_000  # hosts remembered after their pause is over; bounds memory in a long watch

Result = TypeVar("Result")


@dataclass(slots=True)
class Gate:
    """One host's queue, first come, first served: what is inside ``async with`` holds up this host alone."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    n_waiting: int = 0
    free_at: float = 0.0  # monotonic seconds
    delay: float = 0.0  # seconds that the host's robots.txt asks for

    async def __aenter__(self) -> Self:
        """Wait until all earlier requests to this host are through."""
        self.n_waiting += 1
        try:
            await self.lock.acquire()
        except BaseException:
            self.n_waiting -= 1
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        """Let the next one in."""
        self.lock.release()
        self.n_waiting -= 1


class HostGates:
    """Lets one request at a time through to each host, and a bounded number in all."""

    def __init__(self, *, delay: float, concurrency: int, now: Callable[[], float] = time.monotonic) -> None:
        self._delay = delay
        self._now = now
        self._gates: dict[str, Gate] = {}
        self._slots = asyncio.Semaphore(concurrency)

    def slow_down(self, host: str, seconds: float) -> None:
        """Keep at least this delay to a host, as its robots.txt asks, up to MAX_CRAWL_DELAY."""
        self.queue(host).delay = min(seconds, MAX_CRAWL_DELAY)

    async def in_turn(self, gate: Gate, work: Callable[[], Awaitable[Result]]) -> Result:
        """Inside a gate: wait out the pause, then for a place among all requests, then work; the pause begins anew.

        A place is taken last, so that those who wait for one slow host hold up nobody else.
        """
        pause = gate.free_at - self._now()
        if pause > 0:
            await asyncio.sleep(pause)
        async with self._slots:
            try:
                return await work()
            finally:
                gate.free_at = self._now() + max(self._delay, gate.delay)

    def queue(self, host: str) -> Gate:
        """Return a host's gate, to be entered with ``async with``."""
        if len(self._gates) > MAX_IDLE_HOSTS:
            now = self._now()
            idle = [name for name, gate in self._gates.items() if not gate.n_waiting and gate.free_at <= now]
            for name in idle:
                del self._gates[name]
        gate = self._gates.get(host)
        if gate is None:
            gate = self._gates[host] = Gate()
        return gate


class HostMemory:
    """Which hosts are to be left alone, until when and why: Retry-After, and hosts that are down."""

    def __init__(self, clock: Callable[[], datetime], waits: Mapping[str, datetime]) -> None:
        self._clock = clock
        self._until = dict(waits)
        self._why: dict[str, str] = {}
        self._failures: dict[str, int] = {}

    @property
    def waits(self) -> dict[str, datetime]:
        """Hosts that are still to be left alone, with the time when they may be asked again."""
        now = self._clock()
        self._until = {host: until for host, until in self._until.items() if until > now}
        return dict(self._until)

    def wait_until(self, host: str) -> datetime | None:
        """Return when a host may be asked again, or None where it may be asked now."""
        until = self._until.get(host)
        return until if until is not None and until > self._clock() else None

    def why(self, host: str) -> str:
        """Return why a host is left alone."""
        return self._why.get(host, "as an earlier run was told")

    def hold(self, host: str, until: datetime, why: str) -> None:
        """Leave a host alone until then, or longer where it already asked for more."""
        self._until[host] = max(until, self._until.get(host, until))
        self._why[host] = why

    def note(self, host: str, *, is_failure: bool) -> None:
        """Count failures to reach a host in a row; at the second one it is down."""
        if not is_failure:
            self._failures.pop(host, None)
            return
        self._failures[host] = self._failures.get(host, 0) + 1
        if self._failures[host] >= FAILURES_TO_DOWN:
            del self._failures[host]
            self.hold(host, self._clock() + DOWN_FOR, f"it failed {FAILURES_TO_DOWN} times in a row")


def retry_after(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """Return how long a response asks us to wait, 0 to 24 h, or None where it does not say.

    Both forms of Retry-After (RFC 9110, 10.2.3). A date is measured against the response's own Date where there
    is one, so that a wrong clock on either side (or a replay's) does no harm.
    """
    value = headers.get("retry-after", "").strip()
    if not value:
        return None
    if value.isascii() and value.isdigit():
        seconds = min(int(value[:9]), RETRY_AFTER_CAP.total_seconds())
        return timedelta(seconds=seconds)
    until = _http_date(value)
    if until is None:
        return None
    wait = until - (_http_date(headers.get("date", "")) or now)
    return max(timedelta(0), min(wait, RETRY_AFTER_CAP))


def _http_date(text: str) -> datetime | None:
    try:
        parsed = parsedate_to_datetime(text)
        return parsed.astimezone(UTC) if parsed.tzinfo else parsed.replace(tzinfo=UTC)
    except (TypeError, ValueError, IndexError, OverflowError):  # what the standard library raises on bad dates
        return None
