"""What one host answered to one request, and how that is named."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import Final

import aiohttp
from multidict import CIMultiDictProxy
from yarl import URL

from tracker.fetch.guard import AddressRefusedError, parse_address
from tracker.model import Outcome

PERMANENT: Final = frozenset({HTTPStatus.MOVED_PERMANENTLY, HTTPStatus.PERMANENT_REDIRECT})
REDIRECTS: Final = PERMANENT | {HTTPStatus.FOUND, HTTPStatus.SEE_OTHER, HTTPStatus.TEMPORARY_REDIRECT}

_COOKIES: Final = frozenset({"set-cookie", "set-cookie2"})

# Faults that a second try may mend; 501 and 505 will not change, 503 with Retry-After is a request to wait.
TRANSIENT: Final = frozenset(
    {
        HTTPStatus.INTERNAL_SERVER_ERROR,
        HTTPStatus.BAD_GATEWAY,
        HTTPStatus.SERVICE_UNAVAILABLE,
        HTTPStatus.GATEWAY_TIMEOUT,
    }
)

_CLIENT_OUTCOMES: Final[dict[int, Outcome]] = {
    HTTPStatus.NOT_FOUND: Outcome.NOT_FOUND,
    HTTPStatus.GONE: Outcome.GONE,
    HTTPStatus.TOO_MANY_REQUESTS: Outcome.LIMITED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One hop's end. ``status`` is None where no HTTP answer came; ``headers`` have lower-case names."""

    outcome: Outcome
    status: int | None = None
    detail: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    n_bytes: int = 0
    retry_at: datetime | None = None
    is_transient: bool = False  # worth one more try
    is_host_failure: bool = False  # the host could not be reached or did not answer in time


def outcome_of_status(status: int, *, asks_to_wait: bool) -> Outcome:
    """Name a status as a reader of ``fetches`` would, before the body is known (RFC 9110, 15)."""
    if status == HTTPStatus.NOT_MODIFIED:
        return Outcome.NOT_MODIFIED
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return Outcome.OK
    if status == HTTPStatus.SERVICE_UNAVAILABLE and asks_to_wait:
        return Outcome.LIMITED
    if HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return _CLIENT_OUTCOMES.get(status, Outcome.CLIENT_ERROR)
    return Outcome.SERVER_ERROR  # 5xx, and what a server should not send: 1xx, 300, 304-less 3xx, 600


def redirect_target(url: URL, answer: Answer) -> URL | None:
    """Return where a redirect points, or None where the answer is final. FetchError: to no http(s) address."""
    location = answer.headers.get("location")
    if answer.status not in REDIRECTS or not location:
        return None
    return parse_address(location, base=url)


@dataclass(frozen=True, slots=True)
class _Failure:
    """How one kind of client error is named."""

    kinds: tuple[type[BaseException], ...]
    outcome: Outcome
    prefix: str
    is_transient: bool = False
    is_host_failure: bool = False


# From the special to the general class: the first that fits names the error. A proxy's failure, or a bad
# certificate on one of its ports, or one address at which it hangs up, says nothing of whether the host is down.
_FAILURES: Final = (
    _Failure((aiohttp.ClientProxyConnectionError, aiohttp.ClientHttpProxyError), Outcome.UNREACHABLE, "proxy: "),
    _Failure((aiohttp.ClientConnectorCertificateError, aiohttp.ClientSSLError), Outcome.UNREACHABLE, "TLS: "),
    _Failure((aiohttp.ClientConnectorDNSError,), Outcome.UNREACHABLE, "DNS: ", is_host_failure=True),
    _Failure((aiohttp.ClientConnectorError,), Outcome.UNREACHABLE, "connect: ", is_host_failure=True),
    _Failure((aiohttp.ConnectionTimeoutError,), Outcome.UNREACHABLE, "connect: ", is_host_failure=True),
    _Failure(
        (aiohttp.ClientConnectionError,),
        Outcome.UNREACHABLE,
        "connection lost: ",
        is_transient=True,
    ),
    _Failure((aiohttp.InvalidURL,), Outcome.REFUSED, "not an address: "),
    _Failure((aiohttp.ClientError,), Outcome.SERVER_ERROR, "not HTTP: "),
)


def answer_of_error(error: aiohttp.ClientError) -> Answer:
    """Name a failure to get any HTTP answer."""
    if isinstance(getattr(error, "os_error", None), AddressRefusedError):
        return Answer(outcome=Outcome.REFUSED, detail=_reason(error))
    failure = next(failure for failure in _FAILURES if isinstance(error, failure.kinds))
    return Answer(
        outcome=failure.outcome,
        detail=failure.prefix + _reason(error),
        is_transient=failure.is_transient,
        is_host_failure=failure.is_host_failure,
    )


def _reason(error: aiohttp.ClientError) -> str:
    """Say in one short line what failed, without what is known from the address."""
    cause = getattr(error, "os_error", None) or getattr(error, "certificate_error", None)
    if isinstance(cause, AddressRefusedError):
        return f"not a public address: {cause.address}"
    if cause is not None:
        return (getattr(cause, "strerror", None) or str(cause) or type(cause).__name__)[:200]
    return f"{type(error).__name__}: {error}"[:200]


def lower_headers(headers: CIMultiDictProxy[str]) -> dict[str, str]:
    """Return headers by lower-case name, repeated ones joined (RFC 9110, 5.3). Cookies are not kept."""
    lowered: dict[str, str] = {}
    for name, value in headers.items():
        key = name.lower()
        if key not in _COOKIES:
            lowered[key] = f"{lowered[key]}, {value}" if key in lowered else value
    return lowered
