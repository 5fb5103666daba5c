"""Who we say we are, and what we ask for."""

from __future__ import annotations

from typing import Final

from tracker.config import FetchSettings
from tracker.model import Request

_ACCEPT: Final = {
    "feed": "application/atom+xml, application/rss+xml, application/feed+json, "
    "application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5",
    "page": "text/html, application/xhtml+xml;q=0.9, */*;q=0.5",
    "robots": "text/plain, */*;q=0.5",
}


def agent_token(settings: FetchSettings) -> str:
    """Return the product token that robots.txt groups are matched against (RFC 9309, 2.2.1)."""
    return settings.user_agent.split("/", 1)[0].split(" ", 1)[0]


def request_headers(request: Request) -> dict[str, str]:
    """Return a request's own headers: what is wanted, and the validators of what we have (RFC 9110, 13.1)."""
    headers = {"Accept": _ACCEPT[request.purpose]}
    if request.etag and _is_field_value(request.etag):
        headers["If-None-Match"] = request.etag
    if request.last_modified and _is_field_value(request.last_modified):
        headers["If-Modified-Since"] = request.last_modified
    return headers


def _is_field_value(text: str) -> bool:
    """Say whether a remembered validator can be sent: hosts send odd ones, and a line break would split ours."""
    return text.isprintable()
