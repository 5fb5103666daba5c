"""robots.txt, obeyed for pages (RFC 9309), with protego reading it.

Feeds are published to be fetched by programs and are asked without it, as feed readers do.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import Final

from protego import Protego
from yarl import URL

from tracker.model import Outcome, Response

MAX_ROBOTS_BYTES: Final = 512_000  # 500 KiB: what a crawler must read at least (RFC 9309, 2.5)
KEEP_SECONDS: Final = 24 * 3600.0  # not to be used for longer (RFC 9309, 2.4)
# "Complete disallow" while robots.txt is unreachable (RFC 9309, 2.3.1.4); asked again after this
UNREACHABLE_SECONDS: Final = 3600.0
MAX_ORIGINS: Final = 5_000  # rules held at once; bounds memory in a long watch

# Outcomes after which the rules are not known and the page may not be asked; said with the robots.txt's own reason.
_NO_ANSWER: Final = frozenset({Outcome.UNREACHABLE, Outcome.TIMEOUT, Outcome.LIMITED, Outcome.HOST_DOWN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Denial:
    """Why a page may not be asked for now."""

    outcome: Outcome
    detail: str
    retry_at: datetime | None = None


@dataclass(slots=True)
class _Origin:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    expires: float = float("-inf")  # monotonic seconds
    rules: Protego | None = None
    denial: Denial | None = None


class Robots:
    """The rules of each origin, fetched once and kept; ``ask`` fetches one robots.txt."""

    def __init__(
        self,
        ask: Callable[[URL], Awaitable[Response]],
        agent: str,
        *,
        slow_down: Callable[[str, float], None],
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._ask = ask
        self._agent = agent
        self._slow_down = slow_down
        self._now = now
        self._origins: dict[URL, _Origin] = {}

    async def denial(self, url: URL) -> Denial | None:
        """Return why this page may not be asked, or None where it may."""
        origin = self._origin(url.origin())
        async with origin.lock:
            if origin.expires <= self._now():
                await self._refresh(origin, url)
        if origin.denial is not None:
            return origin.denial
        if origin.rules is None or origin.rules.can_fetch(str(url), self._agent):
            return None
        return Denial(outcome=Outcome.ROBOTS, detail="robots.txt disallows it")

    def _origin(self, key: URL) -> _Origin:
        if len(self._origins) >= MAX_ORIGINS and key not in self._origins:
            now = self._now()
            self._origins = {k: o for k, o in self._origins.items() if o.expires > now or o.lock.locked()}
            if len(self._origins) >= MAX_ORIGINS:
                oldest = min(self._origins, key=lambda k: self._origins[k].expires)
                del self._origins[oldest]
        return self._origins.setdefault(key, _Origin())

    async def _refresh(self, origin: _Origin, url: URL) -> None:
        response = await self._ask(url.origin() / "robots.txt")
        origin.denial = _denial_of(response)
        origin.rules = _rules_of(response) if origin.denial is None else None
        origin.expires = self._now() + _seconds_to_keep(response)
        delay = origin.rules.crawl_delay(self._agent) if origin.rules is not None else None
        if delay:
            self._slow_down((url.raw_host or "").rstrip(".").lower(), delay)


def _denial_of(response: Response) -> Denial | None:
    if response.outcome in _NO_ANSWER:
        outcome = Outcome.HOST_DOWN if response.outcome is Outcome.LIMITED else response.outcome
        return Denial(outcome=outcome, detail=f"robots.txt: {response.detail}", retry_at=response.retry_at)
    if response.status is not None and response.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        detail = f"robots.txt answers {response.status}: taken as a full disallow for now (RFC 9309, 2.3.1.4)"
        return Denial(outcome=Outcome.SERVER_ERROR, detail=detail)  # passing: the page is asked for again
    return None


def _rules_of(response: Response) -> Protego | None:
    """Read the rules; None where there are none: 4xx and too many redirects allow all (RFC 9309, 2.3.1.2-3)."""
    if not response.body:
        return None
    return Protego.parse(response.body.decode("utf-8-sig", errors="replace"))


def _seconds_to_keep(response: Response) -> float:
    if response.outcome in {Outcome.LIMITED, Outcome.HOST_DOWN}:
        return 0.0  # the host's own waiting time rules
    return KEEP_SECONDS if _denial_of(response) is None else UNREACHABLE_SECONDS
