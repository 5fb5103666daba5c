from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.fetch import politeness
from tracker.fetch.challenge import find_challenge
from tracker.fetch.politeness import DOWN_FOR, HostGates, HostMemory, retry_after

NOW = datetime(2026, 1, 7, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "date", "wait"),
    [
        ("0", "", timedelta(0)),
        ("60", "", timedelta(seconds=60)),
        (" 60 ", "", timedelta(seconds=60)),
        ("86401", "", timedelta(hours=24)),
        ("Wed, 07 Jan 2026 12:30:00 GMT", "", timedelta(minutes=30)),
        ("Wed, 07 Jan 2026 12:30:00 GMT", "Wed, 07 Jan 2026 12:20:00 GMT", timedelta(minutes=10)),
        ("Wednesday, 07-Jan-26 12:30:00 GMT", "", timedelta(minutes=30)),
        ("Wed, 07 Jan 2026 12:30:00", "", timedelta(minutes=30)),
        ("Tue, 06 Jan 2026 12:30:00 GMT", "", timedelta(0)),
        ("Wed, 07 Jan 2099 12:30:00 GMT", "", timedelta(hours=24)),
        ("-5", "", None),
        ("1.5", "", None),
        ("٣", "", None),
        ("soon", "", None),
        ("", "", None),
        ("Wed, 99 Jan 2026 12:30:00 GMT", "", None),
    ],
)
def test_retry_after(value, date, wait):
    assert retry_after({"retry-after": value, "date": date}, NOW) == wait


@given(st.text(max_size=60), st.text(max_size=60))
def test_no_retry_after_can_break_or_hold_longer_than_a_day(value, date):
    wait = retry_after({"retry-after": value, "date": date}, NOW)
    assert wait is None or timedelta(0) <= wait <= timedelta(hours=24)


def test_failures_count_only_in_a_row_and_a_down_host_comes_back():
    now = NOW
    memory = HostMemory(lambda: now, {})
    for is_failure in (True, False, True):
        memory.note("h", is_failure=is_failure)
    assert memory.wait_until("h") is None
    memory.note("h", is_failure=True)
    assert memory.waits == {"h": NOW + DOWN_FOR}
    now += DOWN_FOR
    assert memory.wait_until("h") is None
    assert memory.waits == {}


def test_a_shorter_wait_does_not_undo_a_longer_one():
    memory = HostMemory(lambda: NOW, {"h": NOW + timedelta(hours=5)})
    memory.hold("h", NOW + timedelta(minutes=1), "it answered 429")
    assert memory.wait_until("h") == NOW + timedelta(hours=5)


async def test_hosts_that_wait_for_nothing_are_forgotten(monkeypatch):
    monkeypatch.setattr(politeness, "MAX_IDLE_HOSTS", 10)
    gates = HostGates(delay=0.0, concurrency=1)
    for n in range(100):
        async with gates.queue(f"h{n}") as gate:
            assert await gates.in_turn(gate, partial(asyncio.sleep, 0, n)) == n
    assert len(gates._gates) <= 12


def test_challenge_markers_need_a_suspect_status():
    body = b"<TITLE>Just a moment...</TITLE>"
    assert find_challenge(403, {}, body) == "Cloudflare"
    assert find_challenge(200, {}, body) is None
    assert find_challenge(404, {}, body) is None
    assert find_challenge(200, {"cf-mitigated": "challenge"}) == "Cloudflare"
    assert find_challenge(403, {}, b"<h1>Forbidden</h1>") is None
