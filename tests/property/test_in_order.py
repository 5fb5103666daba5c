"""Order kept, window bounded, nothing left running."""

from __future__ import annotations

import asyncio
from contextlib import aclosing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.steps.in_order import in_order

ITEMS = st.lists(st.integers(0, 5), max_size=30)  # how many turns of the loop each takes
WINDOW = st.integers(1, 8)


class _Work:
    """Takes as many turns of the loop as the item says; counts what is under way."""

    def __init__(self, fail_at: int | None = None) -> None:
        self.under_way = 0
        self.most = 0
        self.started = 0
        self.cancelled = 0
        self.fail_at = fail_at

    async def __call__(self, turns: int) -> int:
        number = self.started
        self.started += 1
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        try:
            for _ in range(turns):
                await asyncio.sleep(0)
            if number == self.fail_at:
                raise KeyError(number)
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        finally:
            self.under_way -= 1
        return turns * 10


@given(ITEMS, WINDOW)
def test_results_come_in_the_items_order_each_once(items, window):
    work = _Work()

    async def run() -> list[tuple[int, int]]:
        return [pair async for pair in in_order(items, work, window=window)]

    assert asyncio.run(run()) == [(item, item * 10) for item in items]
    assert work.most <= window
    assert work.under_way == 0


@given(ITEMS, WINDOW)
def test_items_are_taken_no_earlier_than_the_window_allows(items, window):
    taken = 0

    def source():
        nonlocal taken
        for item in items:
            taken += 1
            yield item

    async def run() -> None:
        async for n_done, _ in _counted(in_order(source(), _Work(), window=window)):
            assert taken <= n_done + window

    async def _counted(pairs):
        number = 0
        async for pair in pairs:
            number += 1
            yield number, pair

    asyncio.run(run())


@given(st.lists(st.integers(0, 5), min_size=2, max_size=30), WINDOW, st.data())
def test_leaving_early_cancels_what_is_under_way(items, window, data):
    leave_after = data.draw(st.integers(1, len(items)))
    work = _Work()

    async def run() -> int:
        n_done = 0
        async with aclosing(in_order(items, work, window=window)) as pairs:
            async for _ in pairs:
                n_done += 1
                if n_done == leave_after:
                    break
        assert len(asyncio.all_tasks()) == 1  # this one
        return n_done

    assert asyncio.run(run()) == leave_after
    assert work.under_way == 0
    assert work.started <= leave_after + window


@given(st.lists(st.integers(0, 5), min_size=1, max_size=30), WINDOW, st.data())
def test_an_error_comes_at_its_items_turn_and_ends_the_rest(items, window, data):
    fail_at = data.draw(st.integers(0, len(items) - 1))
    work = _Work(fail_at)
    done = []

    async def run() -> None:
        async with aclosing(in_order(items, work, window=window)) as pairs:
            async for item, _ in pairs:
                done.append(item)
        raise AssertionError("no error came")

    with pytest.raises(KeyError):
        asyncio.run(run())
    assert done == items[:fail_at]
    assert work.under_way == 0


def test_being_cancelled_from_outside_leaves_nothing_running():
    work = _Work()

    async def run() -> None:
        async def consume() -> None:
            async with aclosing(in_order([10**9] * 5, work, window=3)) as pairs:
                async for _ in pairs:
                    raise AssertionError("nothing ends")

        task = asyncio.create_task(consume())
        await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert len(asyncio.all_tasks()) == 1

    asyncio.run(run())
    assert work.started == 3
    assert work.under_way == 0
