"""Run coroutines concurrently and hand back their results in the order given.

The order makes runs repeatable: what is committed after a kill is always a prefix of what a whole run
would have committed.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


async def in_order(
    items: Iterable[Item], work: Callable[[Item], Awaitable[Result]], *, window: int
) -> AsyncGenerator[tuple[Item, Result], None]:
    """Yield (item, result) in the items' order, with up to ``window`` items under way or waiting their turn.

    Close it (``contextlib.aclosing``) where the loop may be left early: what is under way is cancelled then.
    Raises what ``work`` raised, at that item's turn, and cancels the rest.
    """
    waiting: deque[tuple[Item, asyncio.Task[Result]]] = deque()
    source = iter(items)

    async def run(item: Item) -> Result:
        return await work(item)

    def fill() -> None:
        while len(waiting) < window:
            try:
                item = next(source)
            except StopIteration:
                return
            waiting.append((item, asyncio.create_task(run(item))))

    try:
        fill()
        while waiting:
            item, task = waiting.popleft()
            result = await task
            fill()
            yield item, result
    finally:
        for _, task in waiting:
            task.cancel()
        await asyncio.gather(*(task for _, task in waiting), return_exceptions=True)
