"""When a feed is asked again, at which address, and with which validators."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tracker.collect.schedule import (
    GONE_PROBE,
    feed_address,
    feed_request,
    in_backoff,
    is_due,
    is_unchanged,
    next_state,
)
from tracker.config import CollectSettings
from tracker.model import Feed, FeedItem, FeedState, Outcome, ParsedFeed, Request, Response

NOW = datetime(2026, 1, 7, 12, tzinfo=UTC)
FEED = Feed(feed="f", outlet="daily", url="https://daily.example.org/feed")
NEW = FeedState(feed="f")
RULES = CollectSettings()
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def response(
    outcome: Outcome = Outcome.OK, *, url: str = FEED.url, body: bytes = b"<rss/>", **fields: object
) -> Response:
    values = {
        "fetch": "x",
        "request": Request(url=url, purpose="feed"),
        "final_url": url,
        "status": 200,
        "outcome": outcome,
        "at": NOW,
        "body": body if outcome in {Outcome.OK, Outcome.MOVED, Outcome.CUT} else b"",
    }
    return Response(**(values | fields))  # type: ignore[arg-type]


def listing(n: int, gap: timedelta, newest: timedelta = timedelta(0), ttl: int | None = None) -> ParsedFeed:
    items = tuple(FeedItem(url=f"https://x.org/{i}", published_at=NOW - newest - i * gap) for i in range(n))
    return ParsedFeed(items=items, ttl_minutes=ttl)


def after(
    state: FeedState = NEW,
    answer: Response | None = None,
    parsed: ParsedFeed | None = None,
    now: datetime = NOW,
    jitter: float = 0.0,
) -> FeedState:
    return next_state(state, FEED, answer or response(), parsed, RULES, now, jitter)


def wait(state: FeedState, now: datetime = NOW) -> timedelta:
    assert state.next_poll_at is not None
    return state.next_poll_at - now


# ---------------------------------------------------------------- rhythm


@pytest.mark.parametrize(
    ("parsed", "expected"),
    [
        (listing(60, MINUTE), 15 * MINUTE),  # floor
        (listing(60, 40 * MINUTE), 40 * MINUTE),  # its own rhythm
        (listing(30, 3 * DAY), DAY),  # cap
        (listing(4, HOUR), HOUR),
        (listing(20, HOUR, newest=8 * HOUR), 2 * HOUR),  # fell silent
        (listing(60, HOUR, ttl=180), 3 * HOUR),  # asks for more and loses nothing
        (listing(10, 10 * MINUTE, ttl=600), 45 * MINUTE),  # asks for more than it lists: half its span
        (listing(2, HOUR), HOUR),  # too few to learn from
        (ParsedFeed(), HOUR),
    ],
)
def test_rhythm_is_learned_from_items_and_wishes(parsed, expected):
    assert wait(after(parsed=parsed)) == expected


def test_cache_headers_are_heeded_within_the_same_bounds():
    headers = {"cache-control": "public, max-age=7200"}
    assert wait(after(answer=response(headers=headers), parsed=listing(60, HOUR))) == 2 * HOUR
    expires = {"date": "Wed, 07 Jan 2026 12:00:00 GMT", "expires": "Wed, 07 Jan 2026 15:00:00 GMT"}
    assert wait(after(answer=response(headers=expires), parsed=listing(60, HOUR))) == 3 * HOUR
    assert (
        wait(after(answer=response(headers={"cache-control": "no-cache, max-age=9999"}), parsed=listing(60, HOUR)))
        == HOUR
    )
    assert wait(after(answer=response(headers={"expires": "0", "date": "x"}), parsed=listing(60, HOUR))) == HOUR


def test_not_modified_keeps_the_rhythm_without_adding_jitter_to_jitter():
    state, now = after(parsed=listing(60, 40 * MINUTE), jitter=1.0), NOW
    assert wait(state) == 44 * MINUTE
    for _ in range(5):
        now += 44 * MINUTE
        state = after(state, response(Outcome.NOT_MODIFIED, status=304), now=now, jitter=1.0)
        assert wait(state, now) == 44 * MINUTE


def test_jitter_adds_a_tenth_but_never_passes_the_cap():
    assert wait(after(parsed=listing(60, HOUR), jitter=1.0)) == 66 * MINUTE
    assert 21 * HOUR < wait(after(parsed=listing(30, 3 * DAY), jitter=1.0)) < DAY


# ---------------------------------------------------------------- failure


def failures(outcome: Outcome, n: int, state: FeedState = NEW, **fields: object) -> list[timedelta]:
    waits, now = [], NOW
    for _ in range(n):
        state = after(state, response(outcome, **fields), now=now)
        waits.append(wait(state, now))
        now = now + waits[-1]
    return waits


def test_backoff_grows_by_weight_to_a_day_and_never_ends():
    hard, soft, ours = (failures(o, 30, status=None) for o in (Outcome.NOT_FOUND, Outcome.TIMEOUT, Outcome.CUT))
    assert hard[:3] == [HOUR, 4 * HOUR, 16 * HOUR]
    assert soft[:3] == [30 * MINUTE, HOUR, 2 * HOUR]
    assert ours[1] == 30 * MINUTE
    assert hard[-1] == soft[-1] == DAY


def test_long_dead_feeds_are_asked_weekly():
    state = replace(NEW, last_ok_at=NOW - 31 * DAY, n_failures=20.0)
    assert wait(after(state, response(Outcome.UNREACHABLE, status=None))) == 7 * DAY


def test_one_answer_forgives_everything():
    state = after(replace(NEW, n_failures=9.5, last_outcome="timeout"), parsed=listing(60, HOUR))
    assert state.n_failures == 0
    assert state.last_ok_at == NOW
    assert wait(state) == HOUR


def test_gone_twice_is_muted_and_probed_monthly():
    once = after(NEW, response(Outcome.GONE, status=410))
    assert wait(once) < DAY
    twice = after(once, response(Outcome.GONE, status=410))
    assert wait(twice) == GONE_PROBE == 30 * DAY
    assert in_backoff(twice, NOW + 29 * DAY - HOUR)
    assert is_due(twice, NOW + 30 * DAY)
    assert wait(after(twice, parsed=listing(60, HOUR))) == HOUR


def test_unparsable_answer_is_a_failure_but_unchanged_body_is_not():
    assert after().last_outcome == "unparsable"
    first = after(parsed=listing(60, HOUR))
    assert is_unchanged(first, response())
    again = after(first, now=NOW + HOUR)
    assert (again.last_outcome, again.n_failures) == ("unchanged", 0)
    assert not is_unchanged(first, response(body=b"<rss>new</rss>"))


def test_retry_after_is_kept_capped_and_jittered_more():
    limited = response(Outcome.LIMITED, status=429, retry_at=NOW + 3 * HOUR)
    assert wait(after(answer=limited)) == 3 * HOUR
    assert wait(after(answer=limited, jitter=1.0)) > 3 * HOUR
    assert wait(after(answer=replace(limited, retry_at=NOW + 90 * DAY))) == DAY
    usual = wait(after(answer=response(Outcome.TIMEOUT, status=None), jitter=1.0)) / (30 * MINUTE)
    most = wait(after(answer=response(Outcome.LIMITED, status=429), jitter=1.0)) / wait(
        after(answer=response(Outcome.LIMITED, status=429))
    )
    assert (usual, round(most, 3)) == (1.1, 1.5)


def test_a_feed_that_was_not_asked_is_not_blamed():
    before = after(parsed=listing(60, HOUR))
    state = after(before, response(Outcome.HOST_DOWN, status=None, retry_at=NOW + 5 * HOUR), now=NOW + HOUR)
    assert state.n_failures == 0
    assert state.last_polled_at == before.last_polled_at
    assert in_backoff(state, NOW + 4 * HOUR)


def test_backoff_leaves_room_for_a_cron_job_that_starts_early():
    failed = replace(NEW, last_outcome="timeout", next_poll_at=NOW + DAY)
    assert in_backoff(failed, NOW + 22 * HOUR)
    assert not in_backoff(failed, NOW + DAY - 10 * MINUTE)
    assert in_backoff(replace(failed, last_outcome="limited"), NOW + DAY - MINUTE)
    assert not in_backoff(replace(failed, last_outcome="ok"), NOW)
    assert not in_backoff(NEW, NOW)
    assert is_due(NEW, NOW)
    assert not is_due(failed, NOW)


# ---------------------------------------------------------------- validators


def test_validators_are_sent_but_for_one_full_fetch_a_week():
    first = after(answer=response(headers={"etag": '"1"', "last-modified": "Wed"}), parsed=listing(60, HOUR))
    assert (first.etag, first.last_modified, first.unconditional_at) == ('"1"', "Wed", NOW)
    request = feed_request(FEED, first, RULES, NOW + 6 * DAY)
    assert (request.etag, request.last_modified, request.purpose, request.feed) == ('"1"', "Wed", "feed", "f")
    assert feed_request(FEED, first, RULES, NOW + 7 * DAY).etag is None
    conditional = response(Outcome.NOT_MODIFIED, status=304, request=request)
    assert after(first, conditional, now=NOW + 6 * DAY).unconditional_at == NOW
    assert after(first, conditional, now=NOW + 6 * DAY).etag == '"1"'


def test_validators_of_a_cut_body_are_not_kept():
    cut = after(answer=response(Outcome.CUT, headers={"etag": '"2"'}), parsed=listing(60, HOUR))
    assert cut.etag is None
    assert cut.body_hash is None


def test_validators_that_are_no_longer_sent_are_forgotten():
    first = after(answer=response(headers={"etag": '"1"'}), parsed=listing(60, HOUR))
    assert after(first, response(body=b"other"), parsed=listing(60, HOUR)).etag is None


# ---------------------------------------------------------------- moves

NEW_URL = "https://new.example.org/feed"


def moved(*redirects: tuple[int, str]) -> Response:
    return response(Outcome.MOVED, redirects=redirects, final_url=redirects[-1][1])


def test_a_permanent_move_is_adopted_after_a_week():
    state = after(answer=moved((301, NEW_URL)), parsed=listing(60, HOUR))
    state = after(state, replace(moved((301, NEW_URL)), body=b"2"), listing(60, HOUR), now=NOW + 6 * DAY)
    assert feed_address(FEED, state, RULES, NOW + 7 * DAY - MINUTE) == FEED.url
    assert feed_address(FEED, state, RULES, NOW + 7 * DAY) == NEW_URL
    settled = after(state, response(url=NEW_URL, body=b"3"), listing(60, HOUR), now=NOW + 8 * DAY)
    assert feed_address(FEED, settled, RULES, NOW + 9 * DAY) == NEW_URL


def test_a_move_is_adopted_at_once_when_the_old_address_fails():
    state = after(answer=moved((308, NEW_URL)), parsed=listing(60, HOUR))
    state = after(state, response(Outcome.UNREACHABLE, status=None), now=NOW + HOUR)
    assert feed_address(FEED, state, RULES, NOW + HOUR) == NEW_URL


@pytest.mark.parametrize(
    ("redirects", "target"),
    [
        (((302, NEW_URL),), None),
        (((307, NEW_URL),), None),
        (((302, "https://a.org/"), (301, NEW_URL)), None),
        (((301, "https://a.org/"), (302, NEW_URL)), "https://a.org/"),
        (((301, "https://a.org/"), (308, NEW_URL)), NEW_URL),
        (((301, "http://daily.example.org/feed"),), None),  # never from https to http
        (((301, FEED.url),), None),
    ],
)
def test_only_an_unbroken_permanent_prefix_counts(redirects, target):
    assert after(answer=moved(*redirects), parsed=listing(60, HOUR)).moved_to == target


def test_a_move_that_is_taken_back_or_leads_nowhere_is_forgotten():
    state = after(answer=moved((301, NEW_URL)), parsed=listing(60, HOUR))
    assert after(state, response(body=b"2"), listing(60, HOUR)).moved_to is None
    adopted = replace(state, moved_since_at=NOW - 8 * DAY)
    lost = after(adopted, response(Outcome.NOT_FOUND, url=NEW_URL, status=404))
    assert feed_address(FEED, lost, RULES, NOW) == FEED.url
    down = after(adopted, response(Outcome.TIMEOUT, url=NEW_URL, status=None))
    assert feed_address(FEED, down, RULES, NOW) == NEW_URL
