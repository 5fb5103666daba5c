"""JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/)."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime
from urllib.parse import urljoin

from tracker.collect.plain import plain_line, plain_paragraphs
from tracker.errors import FeedError
from tracker.model import FeedItem, ParsedFeed
from tracker.urls import is_http


def read_json_feed(text: str, url: str) -> ParsedFeed:
    """Return the items of a JSON Feed, unchecked; relative links are resolved against ``url``.

    Raises ``FeedError`` for what is no JSON or holds no list of ``items``. Fields of the wrong type count
    as absent.
    """
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise FeedError(f"not_feed: {url} is not valid JSON ({error}); check the address") from error
    listed = document.get("items") if isinstance(document, dict) else None
    if not isinstance(listed, list):
        raise FeedError(f"not_feed: {url} is JSON without a list of items, so no JSON Feed; check the address")
    dropped: Counter[str] = Counter()
    items = tuple(_item(item, url, dropped) for item in listed if isinstance(item, dict))
    dropped["no_link"] += len(listed) - len(items)
    return ParsedFeed(title=plain_line(_text(document, "title")), items=items, dropped=dropped)


def _item(item: dict[str, object], url: str, dropped: Counter[str]) -> FeedItem:
    guid = _text(item, "id")
    link = _text(item, "url") or _text(item, "external_url") or (guid if is_http(guid) else "") or _recording(item)
    marked = plain_paragraphs(_text(item, "content_html"))
    content = marked or _text(item, "content_text").strip()
    return FeedItem(
        url=_resolved(link, url),
        guid=guid or None,
        title=plain_line(_text(item, "title")),
        summary=plain_line(_text(item, "summary")),
        content=content or None,
        authors=_authors(item),
        published_at=_date(item, dropped),
    )


def _recording(item: dict[str, object]) -> str:
    """Return where an episode without a page is to be heard."""
    attached = item.get("attachments")
    found = [_text(one, "url") for one in attached if isinstance(one, dict)] if isinstance(attached, list) else []
    return next(filter(None, found), "")


def _resolved(link: str, url: str) -> str:
    if not link.strip():
        return ""
    try:
        return urljoin(url, link.strip())
    except ValueError:
        return link.strip()


def _authors(item: dict[str, object]) -> tuple[str, ...]:
    """Read ``authors`` of version 1.1 and ``author`` of 1.0."""
    listed = item.get("authors")
    people = listed if isinstance(listed, list) else [item.get("author")]
    names = (plain_line(_text(person, "name")) for person in people if isinstance(person, dict))
    return tuple(dict.fromkeys(name for name in names if name))


def _date(item: dict[str, object], dropped: Counter[str]) -> datetime | None:
    """Read RFC 3339 dates; one without an offset is taken as UTC."""
    written = [value for name in ("date_published", "date_modified") if (value := _text(item, name).strip())]
    for value in written:
        try:
            moment = datetime.fromisoformat(value)
            return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
        except (ValueError, OverflowError):
            continue
    dropped["unreadable_date"] += bool(written)
    return None


def _text(holder: dict[str, object], name: str) -> str:
    """Return a field's text; identifiers that are numbers are made text, as the specification asks."""
    value = holder.get(name)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value if isinstance(value, str) else ""
