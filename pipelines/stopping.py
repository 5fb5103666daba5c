"""Being asked to end: SIGTERM and SIGINT let a run finish what it holds, publish and leave."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

SIGNALS = (signal.SIGTERM, signal.SIGINT)


@dataclass(slots=True)
class Stop:
    """Whether a run was asked to end, and by what. True once it was; steps ask between their batches."""

    signal: str | None = None
    interrupt: Callable[[], object] | None = None  # wakes what waits for the network

    def __bool__(self) -> bool:
        return self.signal is not None

    def ask(self, name: str) -> None:
        """Ask the run to end."""
        self.signal = name
        if self.interrupt is not None:
            self.interrupt()


@contextmanager
def heed_signals(stop: Stop) -> Iterator[None]:
    """Let SIGTERM and SIGINT ask for an end while inside; the second one ends the process at once.

    Python hands signals to the main thread alone: elsewhere this does nothing.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in SIGNALS}

    def note(number: int, _frame: FrameType | None) -> None:
        for one in SIGNALS:
            signal.signal(one, signal.SIG_DFL)
        stop.ask(signal.Signals(number).name)

    for number in SIGNALS:
        signal.signal(number, note)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


async def until_stopped(stop: Stop, work: Coroutine[None, None, None]) -> None:
    """Run ``work`` to its end, or cancel it when asked to stop; steps store what they hold on their way out."""
    if stop:
        work.close()
        return
    task = asyncio.ensure_future(work)
    loop = asyncio.get_running_loop()
    stop.interrupt = lambda: loop.call_soon_threadsafe(task.cancel)  # wakes the loop from its wait for sockets
    try:
        await task
    except asyncio.CancelledError:
        if not stop:
            raise
    finally:
        stop.interrupt = None
