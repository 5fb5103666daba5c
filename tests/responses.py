"""Responses of one outlet, as an archive takes them."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from tracker.model import Outcome, Request, Response

AT = datetime(2026, 1, 7, tzinfo=UTC)


def response(name: str, body: bytes, *, kind: str = "text/html", status: int = 200, at: datetime = AT) -> Response:
    """Return what the Gazette answered for the page of that name."""
    url = f"http://gazette.example/{name}"
    return Response(
        fetch=uuid.uuid4().hex,
        request=Request(url=url),
        final_url=url,
        status=status,
        outcome=Outcome.OK,
        at=at,
        headers={"content-type": kind},
        body=body,
    )
