"""When to ask a feed again, at which address, and with which validators: pure functions of its state.

The rules are those of the best fetchers read (Miniflux, Media Cloud, FreshRSS, lion-reader): a feed is
asked at its own rhythm, backs off when it fails, and is never given up.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from tracker.config.settings import CollectSettings
from tracker.model import Feed, FeedState, Outcome, ParsedFeed, Request, Response
from tracker.urls import is_http

DEFAULT_INTERVAL = timedelta(hours=1)  # until a rhythm is known; Miniflux's default
MIN_DATED = 3  # fewer dates are no rhythm
OVERFLOW_SHARE = 0.5  # of the time that a feed's items span: asked later, items are pushed out unseen
QUIET_SHARE = 0.25  # of the time since the newest item: a feed that fell silent is asked ever less
GONE_PROBE = timedelta(days=30)  # a feed that said 410 twice is asked monthly
LONG_DEAD = timedelta(days=30)  # failing for so long lifts the cap from a day to a week
MAX_RETRY_AFTER = timedelta(hours=24)  # longer requests to wait are mistakes
LIMITED_JITTER = 5  # times the usual jitter after 429, so that a host's feeds do not come back together
MAX_EXPONENT = 16  # 15 minutes doubled 16 times is more than any cap
CRON_SLACK = timedelta(hours=1)  # a nightly job that starts a little earlier than yesterday's still asks

# Media Cloud's weights: what is lasting counts whole, what may pass half, what is our own haste a quarter
_WEIGHTS: Mapping[Outcome, float] = {
    Outcome.GONE: 1.0,
    Outcome.NOT_FOUND: 1.0,
    Outcome.CLIENT_ERROR: 1.0,
    Outcome.CHALLENGE: 1.0,
    Outcome.ROBOTS: 1.0,
    Outcome.UNPARSABLE: 1.0,
    Outcome.REFUSED: 1.0,
    Outcome.LOOP: 1.0,
    Outcome.TOO_LARGE: 1.0,
    Outcome.SERVER_ERROR: 0.5,
    Outcome.UNREACHABLE: 0.5,
    Outcome.TIMEOUT: 0.5,
    Outcome.EMPTY: 0.5,
    Outcome.LIMITED: 0.25,
    Outcome.CUT: 0.25,
    Outcome.HOST_DOWN: 0.0,  # the feed was not asked: its host is to blame, which has its own wait
}
_ANSWERED = frozenset({Outcome.OK, Outcome.NOT_MODIFIED, Outcome.UNCHANGED, Outcome.MOVED})
_PERMANENT = frozenset({301, 308})  # RFC 9110 sections 15.4.2 and 15.4.9
# The new address of a move is wrong after all: go back to the one that was configured
_NOT_HERE = frozenset({Outcome.GONE, Outcome.NOT_FOUND, Outcome.UNPARSABLE, Outcome.REFUSED, Outcome.LOOP})


# ---------------------------------------------------------------- questions


def is_due(state: FeedState, now: datetime) -> bool:
    """Return whether the feed's own rhythm, or the end of its back-off, says that it is time."""
    return state.next_poll_at is None or state.next_poll_at <= now


def in_backoff(state: FeedState, now: datetime) -> bool:
    """Return whether the feed failed and is not to be asked yet: what a nightly run leaves out.

    ``CRON_SLACK`` early is time enough, but for a host that named its own time (Retry-After).
    """
    if state.next_poll_at is None or not _has_failed(state):
        return False
    slack = timedelta(0) if state.last_outcome in {Outcome.LIMITED, Outcome.HOST_DOWN} else CRON_SLACK
    return state.next_poll_at - slack > now


def is_unchanged(state: FeedState, response: Response) -> bool:
    """Return whether the body is the very one of the last poll: validators lie, hashes do not."""
    return bool(response.body) and state.body_hash == _body_hash(response.body)


def feed_address(feed: Feed, state: FeedState, settings: CollectSettings, now: datetime) -> str:
    """Return where to ask: the new address of a permanent move that has held long enough, else the old."""
    if state.moved_to is None or state.moved_since_at is None:
        return feed.url
    has_held = now - state.moved_since_at >= timedelta(days=settings.move_after_days)
    return state.moved_to if has_held else feed.url


def feed_request(feed: Feed, state: FeedState, settings: CollectSettings, now: datetime) -> Request:
    """Return the request for a poll: conditional, but for one full fetch a week."""
    last_full = state.unconditional_at
    is_full = last_full is None or now - last_full >= timedelta(days=settings.unconditional_days)
    url = feed_address(feed, state, settings, now)
    return Request(
        url=url,
        purpose="feed",
        feed=feed.feed,
        etag=None if is_full else state.etag,
        last_modified=None if is_full else state.last_modified,
        verify_tls=feed.verify_tls,
    )


# ---------------------------------------------------------------- the next state


def next_state(  # noqa: PLR0917 - the contract's order: what was, what was asked, what came, the rules, the time
    state: FeedState,
    feed: Feed,
    response: Response,
    parsed: ParsedFeed | None,
    settings: CollectSettings,
    now: datetime,
    jitter: float,
) -> FeedState:
    """Return what to remember after a poll.

    ``parsed`` is None where nothing was read from the body: not modified, failed, or unparsable.
    ``jitter`` is a random number from 0 to 1, drawn by the caller so that this stays pure. The outcome is
    ``unchanged`` for a body seen last time and ``unparsable`` for an answer without a feed in it.
    """
    outcome = _outcome(state, response, parsed)
    changes = _moved(state, feed, response, outcome, settings=settings, now=now)
    if outcome in _ANSWERED:
        n_failures = 0.0
        changes |= _answered(state, response, parsed, now)
    else:
        n_failures = state.n_failures + _WEIGHTS[outcome]
        if outcome is Outcome.CUT and parsed is not None and parsed.items:
            changes["last_ok_at"] = now
    wanted = _rhythm(parsed, response, now) if parsed is not None else _last_interval(state)
    delay = _delay(state, outcome, n_failures, wanted, settings=settings, now=now)
    share = jitter * _jitter_share(outcome, settings)
    if outcome is not Outcome.HOST_DOWN:
        changes["last_polled_at"] = now
    return replace(
        state,
        n_failures=n_failures,
        last_outcome=outcome.value,
        last_status=response.status,
        next_poll_at=_spread(now, delay, delay * share, response.retry_at, settings),
        **changes,
    )


def _outcome(state: FeedState, response: Response, parsed: ParsedFeed | None) -> Outcome:
    outcome = response.outcome
    if outcome not in {Outcome.OK, Outcome.MOVED}:
        return outcome
    if is_unchanged(state, response):
        return Outcome.UNCHANGED
    return outcome if parsed is not None else Outcome.UNPARSABLE


def _answered(state: FeedState, response: Response, parsed: ParsedFeed | None, now: datetime) -> dict[str, Any]:
    """Return what an answer changes of a feed's state."""
    request, headers = response.request, response.headers
    changes: dict[str, Any] = {"last_ok_at": now}
    newest = max((item.published_at for item in parsed.items if item.published_at), default=None) if parsed else None
    has_news = parsed is not None and bool(parsed.items)
    if newest is not None and state.last_new_at is not None:
        has_news = newest > state.last_new_at
    if has_news:
        changes["last_new_at"] = now
    if response.body:
        changes |= {"etag": None, "last_modified": None, "body_hash": _body_hash(response.body)}
    for field, header in (("etag", "etag"), ("last_modified", "last-modified")):
        if header in headers:
            changes[field] = headers[header]
    if request.etag is None and request.last_modified is None and response.status != 304:  # noqa: PLR2004 - Not Modified
        changes["unconditional_at"] = now
    return changes


def _moved(
    state: FeedState, feed: Feed, response: Response, outcome: Outcome, *, settings: CollectSettings, now: datetime
) -> dict[str, Any]:
    """Follow permanent moves: adopted after a week, or at once when the old address fails; never on 302."""
    asked = response.request.url
    target = _permanent_target(asked, response.redirects)
    back = {"moved_to": None, "moved_since_at": None}
    if outcome in _ANSWERED and target not in {None, feed.url}:
        same = target == state.moved_to and state.moved_since_at is not None
        return {} if same else {"moved_to": target, "moved_since_at": now}
    if state.moved_to is None:
        return {}
    if asked == state.moved_to:  # already adopted
        return back if outcome in _NOT_HERE else {}
    if outcome in _ANSWERED:  # the old address answers for itself again
        return back
    if outcome is Outcome.HOST_DOWN or outcome is Outcome.LIMITED or response.redirects:
        return {}  # says nothing about the old address
    return {"moved_since_at": now - timedelta(days=settings.move_after_days)}


def _permanent_target(asked: str, redirects: tuple[tuple[int, str], ...]) -> str | None:
    """Return the last address of the unbroken run of 301 and 308 that the redirects begin with."""
    target = None
    for status, address in redirects:
        if status not in _PERMANENT:
            break
        target = address
    is_downgrade = target is not None and urlsplit(asked).scheme == "https" and urlsplit(target).scheme != "https"
    return None if target is None or is_downgrade or target == asked or not is_http(target) else target


# ---------------------------------------------------------------- delays


def _delay(
    before: FeedState,
    outcome: Outcome,
    n_failures: float,
    wanted: timedelta,
    *,
    settings: CollectSettings,
    now: datetime,
) -> timedelta:
    floor = timedelta(minutes=settings.min_interval_minutes)
    cap = timedelta(hours=settings.max_interval_hours)
    if outcome in _ANSWERED:
        return min(max(wanted, floor), cap)
    if outcome is Outcome.GONE and before.last_outcome == Outcome.GONE:
        return GONE_PROBE
    if before.last_ok_at is not None and now - before.last_ok_at > LONG_DEAD:
        cap = timedelta(days=settings.max_backoff_days)
    if outcome is Outcome.CUT:  # its whole items count, so it keeps its rhythm: waiting would lose more
        cap = min(max(wanted, floor), cap)
    base = max(floor, timedelta(minutes=1))
    return max(floor, min(base * 2 ** min(n_failures * 2, MAX_EXPONENT), cap))


def _rhythm(parsed: ParsedFeed, response: Response, now: datetime) -> timedelta:
    """Return the mean time between a feed's items, or longer where the feed asks for it and loses nothing.

    A quarter of the time since the newest item stretches the rhythm of a feed that fell silent. ``ttl`` and
    ``Cache-Control`` can ask for more, up to half of the span that the feed lists, behind which items are
    pushed out between two polls.
    """
    asked = max(timedelta(minutes=parsed.ttl_minutes or 0), _fresh_for(response))
    dates = sorted(item.published_at for item in parsed.items if item.published_at and item.published_at <= now)
    if len(dates) < MIN_DATED or dates[0] == dates[-1]:
        return max(DEFAULT_INTERVAL, asked)
    span = dates[-1] - dates[0]
    gap = max(span / (len(dates) - 1), (now - dates[-1]) * QUIET_SHARE)
    return max(min(max(gap, asked), span * OVERFLOW_SHARE), (now - dates[-1]) * QUIET_SHARE)


def _fresh_for(response: Response) -> timedelta:
    """Return how long the answer calls itself fresh (RFC 9111 section 4.2.1), zero where it does not say."""
    directives = response.headers.get("cache-control", "").lower()
    for directive in directives.split(","):
        name, _, value = directive.strip().partition("=")
        if name in {"no-cache", "no-store"}:
            return timedelta(0)
        if name == "max-age" and value.strip('"').isdecimal():
            return timedelta(seconds=min(int(value.strip('"')[:9]), MAX_RETRY_AFTER.total_seconds()))
    expires, date = _http_date(response.headers.get("expires")), _http_date(response.headers.get("date"))
    return max(timedelta(0), min(expires - date, MAX_RETRY_AFTER)) if expires and date else timedelta(0)


def _http_date(value: str | None) -> datetime | None:
    try:
        moment = parsedate_to_datetime(value) if value else None
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment is not None and moment.tzinfo is None else moment


def _last_interval(before: FeedState) -> timedelta:
    """Return the interval chosen at the last good answer: a body that did not change teaches nothing new."""
    if _has_failed(before) or before.next_poll_at is None or before.last_polled_at is None:
        return DEFAULT_INTERVAL
    return before.next_poll_at - before.last_polled_at


def _jitter_share(outcome: Outcome, settings: CollectSettings) -> float:
    """Return the most that is added to an interval, as a share of it."""
    if outcome in {Outcome.NOT_MODIFIED, Outcome.UNCHANGED}:
        return 0.0  # the interval carried over is jittered already
    return settings.jitter * (LIMITED_JITTER if outcome is Outcome.LIMITED else 1)


def _spread(
    now: datetime, delay: timedelta, spread: timedelta, retry_at: datetime | None, settings: CollectSettings
) -> datetime:
    """Add the jitter, or take it off where the cap would be passed; a host's own wish is the earliest time."""
    is_over = delay <= timedelta(hours=settings.max_interval_hours) < delay + spread
    moment = now + (delay - spread if is_over else delay + spread)
    return moment if retry_at is None else max(moment, min(retry_at, now + MAX_RETRY_AFTER) + spread)


def _has_failed(state: FeedState) -> bool:
    return state.last_outcome is not None and state.last_outcome not in _ANSWERED


def _body_hash(body: bytes) -> str:
    return hashlib.blake2b(body, digest_size=16).hexdigest()
