"""From the values of ``tracker.model`` to rows, and back: one place that knows both shapes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, TypeAlias

from tracker.model import (
    Entry,
    EntryStatus,
    Feed,
    FeedState,
    Fingerprint,
    FrameDefinition,
    Outlet,
    Response,
    Topic,
)

Cell: TypeAlias = str | int | float | bool | datetime | list[str] | list[int] | None
Row: TypeAlias = dict[str, Cell]


def naive(moment: datetime | None) -> datetime | None:
    """Turn an aware time into the naive UTC that a TIMESTAMP column holds."""
    if moment is None:
        return None
    return (moment if moment.tzinfo is UTC else moment.astimezone(UTC)).replace(tzinfo=None)


def aware(moment: datetime | None) -> datetime | None:
    """Turn a TIMESTAMP column's naive UTC into an aware time."""
    return moment.replace(tzinfo=UTC) if moment else None


def outlet_row(outlet: Outlet) -> Row:
    """Return the row of ``outlets``."""
    return {
        "outlet": outlet.outlet,
        "name": outlet.name,
        "kind": outlet.kind.value,
        "country": outlet.country,
        "region": outlet.region,
        "language": outlet.language,
        "owner": outlet.owner,
        "lean": outlet.lean,
        "lean_source": outlet.lean_source,
        "is_own": outlet.is_own,
        "scopes": list(outlet.scopes),
    }


FEED_HEALTH = (  # what a feed's public row has of its state
    "last_outcome",
    "last_status",
    "last_polled_at",
    "last_ok_at",
    "last_new_at",
    "next_poll_at",
    "n_failures",
    "moved_to",
)

FEED_TIMES = ("last_polled_at", "last_ok_at", "last_new_at", "next_poll_at", "moved_since_at", "unconditional_at")


def feed_row(feed: Feed, state: FeedState | None) -> Row:
    """Return the row of ``feeds``: the configuration with the health beside it."""
    return {
        "feed": feed.feed,
        "outlet": feed.outlet,
        "url": feed.url,
        "kind": feed.kind.value,
        "topic": feed.topic,
        "is_active": True,
        "last_outcome": state.last_outcome if state else None,
        "last_status": state.last_status if state else None,
        "last_polled_at": naive(state.last_polled_at) if state else None,
        "last_ok_at": naive(state.last_ok_at) if state else None,
        "last_new_at": naive(state.last_new_at) if state else None,
        "next_poll_at": naive(state.next_poll_at) if state else None,
        "n_failures": state.n_failures if state else 0.0,
        "moved_to": state.moved_to if state else None,
    }


def feed_state_row(state: FeedState) -> Row:
    """Return the row of ``internal.feed_state``."""
    return {
        "feed": state.feed,
        "etag": state.etag,
        "last_modified": state.last_modified,
        "body_hash": state.body_hash,
        "last_polled_at": naive(state.last_polled_at),
        "last_ok_at": naive(state.last_ok_at),
        "last_new_at": naive(state.last_new_at),
        "next_poll_at": naive(state.next_poll_at),
        "n_failures": state.n_failures,
        "last_outcome": state.last_outcome,
        "last_status": state.last_status,
        "moved_to": state.moved_to,
        "moved_since_at": naive(state.moved_since_at),
        "unconditional_at": naive(state.unconditional_at),
    }


def feed_state_of(row: Mapping[str, object]) -> FeedState:
    """Return the state that a row of ``internal.feed_state`` holds."""
    values: dict[str, Any] = dict(row)
    for name in FEED_TIMES:
        if values[name] is not None:
            values[name] = values[name].replace(tzinfo=UTC)
    return FeedState(**values)


def entry_row(entry: Entry) -> Row:
    """Return the row of ``entries`` for an entry not yet looked at."""
    return {
        "entry": entry.entry,
        "outlet": entry.outlet,
        "url": entry.url,
        "canonical_url": entry.canonical_url,
        "guid": entry.guid,
        "title": entry.title,
        "summary": entry.summary,
        "content": entry.content,
        "authors": list(entry.authors),
        "published_at": naive(entry.published_at),
        "first_seen_at": naive(entry.first_seen_at),
        "via": entry.via,
        "status": EntryStatus.PENDING.value,
        "status_reason": None,
        "n_attempts": 0,
        "article": None,
    }


def entry_of(row: Mapping[str, object]) -> Entry:
    """Return the entry that a row of ``entries`` holds."""
    values = {name: row[name] for name in Entry.__dataclass_fields__}
    values["authors"] = tuple(row["authors"])  # type: ignore[arg-type]
    values["published_at"] = aware(row["published_at"])  # type: ignore[arg-type]
    values["first_seen_at"] = aware(row["first_seen_at"])  # type: ignore[arg-type]
    return Entry(**values)  # type: ignore[arg-type]


def fetch_row(run: str, response: Response) -> Row:
    """Return the row of ``fetches``."""
    request = response.request
    return {
        "fetch_id": response.fetch,
        "run": run,
        "purpose": request.purpose,
        "url": request.url,
        "final_url": response.final_url,
        "status": response.status,
        "outcome": response.outcome.value,
        "detail": response.detail,
        "at": naive(response.at),
        "duration_ms": response.duration_ms,
        "n_bytes": response.n_bytes,
        "n_redirects": len(response.redirects),
        "feed": request.feed,
        "entry": request.entry,
        "article": request.article,
        "payload_digest": response.payload_digest,
        "warc_file": response.warc_file,
        "warc_offset": response.warc_offset,
    }


def fingerprint_row(fingerprint: Fingerprint, revision: int) -> Row:
    """Return the row of ``internal.fingerprints``."""
    return {
        "article": fingerprint.article,
        "revision": revision,
        "outlet": fingerprint.outlet,
        "published_at": naive(fingerprint.published_at),
        "n_words": fingerprint.n_words,
        "n_shingles": fingerprint.n_shingles,
        "signature": list(fingerprint.signature),
        "bands": list(fingerprint.bands),
        "sketch": list(fingerprint.sketch),
        "wire_agency": fingerprint.wire_agency,
    }


def fingerprint_of(row: Mapping[str, object]) -> Fingerprint:
    """Return the fingerprint that a row of ``internal.fingerprints`` holds."""
    values = {name: row[name] for name in Fingerprint.__dataclass_fields__}
    for name in ("signature", "bands", "sketch"):
        values[name] = tuple(row[name])  # type: ignore[arg-type]
    values["published_at"] = aware(row["published_at"])  # type: ignore[arg-type]
    return Fingerprint(**values)  # type: ignore[arg-type]


def topic_rows(topics: Iterable[Topic]) -> dict[str, list[Row]]:
    """Return the rows of ``topics``, ``docket`` and ``actors``, by table."""
    tables: dict[str, list[Row]] = {"topics": [], "docket": [], "actors": []}
    for topic in topics:
        tables["topics"].append({"topic": topic.topic, "title": topic.title, "topic_hash": topic.hash})
        tables["docket"] += [
            {
                "topic": topic.topic,
                "date": datetime.combine(event.date, datetime.min.time()),
                "title": event.title,
                "court": event.court,
                "is_this_case": event.is_this_case,
                "note": event.note,
            }
            for event in topic.docket
        ]
        tables["actors"] += [
            {"topic": topic.topic, "actor": actor.id, "name": actor.name, "camp": actor.camp} for actor in topic.actors
        ]
    return tables


def frame_row(topic: str, frame: FrameDefinition) -> Row:
    """Return the row of ``frame_definitions``."""
    return {
        "topic": topic,
        "pack": frame.pack,
        "frame": frame.id,
        "definition": frame.definition,
        "citation": frame.citation,
    }
