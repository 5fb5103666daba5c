"""A process that reads pages, so that a page that hangs or kills it costs that page alone.

Pages go to it some at a time, since scoring eight together costs a tenth less; where it dies of them each is sent to
it again alone. Limits are a page's: timers begin anew with each, and when all that were read are scored.

It is started with ``subprocess``, not ``multiprocessing``: workers of dask are daemonic processes, which
``multiprocessing`` (and pebble on top of it) forbids to have children. The limits are the system's own timers and
memory limit: they hold where C code never comes back to Python.
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from types import TracebackType
from typing import BinaryIO, Self, TypeAlias, cast

import pyarrow as pa

from pipelines.scaleout.pages import Answer, Given, Reading, Readout, ReadPage, answer
from tracker.archive import page_records
from tracker.model import Outcome, Page

BATCH_PAGES = 8  # that travel and are scored together: as many as scorers take at once
BATCH_BYTES = 4_000_000  # after which a batch is full sooner: it and the next are in memory
WAITING_FACTOR = 5  # wall-clock seconds for each second of processor time: other work may hold the processor
OUT_OF_MEMORY = 3  # exit code
TIMED_OUT = {-number for name in ("SIGPROF", "SIGALRM") if (number := getattr(signal, name, None))}

Read: TypeAlias = tuple[list[Page], Answer]


class ReaderProcess:
    """A ``PageReader`` in a process of its own, started anew when it dies. Use as a context manager."""

    def __init__(self, reading: Reading, command: Sequence[str] = ("-m", "pipelines.scaleout.reader")) -> None:
        self._reading = reading
        self._command = (sys.executable, *command)
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        """Start nothing yet: the first page does."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """End the process, whatever it is at; the next page starts another one."""
        if self._process is not None:
            self._process.kill()
        self._end()

    def read(self, pages: Iterable[Given]) -> Iterator[Read]:
        """Yield pages, some at a time, with what was read out of them, in order; the next are prepared meanwhile."""
        asked: list[Given] = []
        for batch in _batches(pages):
            found = self._answers(asked)
            self._send(batch)
            asked = batch
            yield from found
        yield from self._answers(asked)

    def _send(self, batch: Sequence[Given]) -> None:
        process = self._process or self._start()
        with suppress(BrokenPipeError):  # it died: _receive finds out, and how
            _write(cast("BinaryIO", process.stdin), batch)

    def _receive(self) -> Answer | int:
        """Return the answer to the batch that was sent last, or how the process ended instead."""
        process = cast("subprocess.Popen[bytes]", self._process)
        try:
            return cast("Answer", pickle.load(cast("BinaryIO", process.stdout)))  # noqa: S301 - our own process
        except (EOFError, pickle.UnpicklingError):
            return self._end()

    def _answers(self, batch: Sequence[Given]) -> list[Read]:
        """Return the answers to a batch that was sent: one, or where its process ended, one for each page."""
        if not batch:
            return []
        found = self._receive()
        if isinstance(found, Answer):
            return [([page for page, _ in batch], found)]
        if len(batch) > 1:  # each alone: the others are read, and what ends the process again is known
            return [one for given in batch for one in self._alone(given)]
        return [([batch[0][0]], self._again(batch[0], found))]

    def _alone(self, given: Given) -> list[Read]:
        self._send([given])
        return self._answers([given])

    def _again(self, given: Given, code: int) -> Answer:
        """Return the answer to a page whose process ended with that code."""
        if code not in {*TIMED_OUT, OUT_OF_MEMORY}:  # a process may be killed for what is none of the page's doing
            self._send([given])
            found = self._receive()
            if isinstance(found, Answer):
                return found
            code = found
        readout = Readout(outcome=Outcome.UNPARSABLE, detail=f"page_limit: {self._said(code)}")
        return answer([ReadPage(readout, {}, page_records(given[0]))])

    def _said(self, code: int) -> str:
        if code in TIMED_OUT:
            return f"took more than {self._reading.page_seconds:g} s to read"
        if code == OUT_OF_MEMORY:
            return f"took more than {self._reading.page_megabytes} MB to read"
        return f"ended its reader ({signal.Signals(-code).name if code < 0 else f'exit code {code}'})"

    def _start(self) -> subprocess.Popen[bytes]:
        self._process = subprocess.Popen(  # noqa: S603 - ourselves
            self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        with suppress(BrokenPipeError):
            _write(cast("BinaryIO", self._process.stdin), self._reading)
        return self._process

    def _end(self) -> int:
        """End the process and return how it ended."""
        process, self._process = self._process, None
        if process is None:
            return 0
        with suppress(BrokenPipeError):
            cast("BinaryIO", process.stdin).close()
        cast("BinaryIO", process.stdout).close()
        return process.wait()


def _write(pipe: BinaryIO, value: object) -> None:
    pickle.dump(value, pipe, pickle.HIGHEST_PROTOCOL)
    pipe.flush()


def _batches(pages: Iterable[Given]) -> Iterator[list[Given]]:
    batch: list[Given] = []
    for given in pages:
        batch.append(given)
        if len(batch) == BATCH_PAGES or sum(len(page.body) for page, _ in batch) >= BATCH_BYTES:
            yield batch
            batch = []
    if batch:
        yield batch


def serve() -> None:
    """Be the process: pages from stdin, what was read out of them to stdout, until stdin ends."""
    pages, answers = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a library prints must not get among the answers
    for number in (signal.SIGINT, signal.SIGTERM):  # meant for the one that started us, who ends us by ending stdin
        signal.signal(number, signal.SIG_IGN)
    reading: Reading = pickle.load(pages)  # noqa: S301 - from the process that started us
    pa.set_memory_pool(pa.system_memory_pool())  # Arrow's own asks for a GB at once, which is beyond the limit
    _limit_memory(reading.page_megabytes)
    from pipelines.scaleout.page_reader import PageReader  # noqa: PLC0415 - what it imports is the process's alone

    reader = PageReader(reading)
    while True:
        try:
            batch: list[Given] = pickle.load(pages)  # noqa: S301
        except EOFError:
            return
        try:
            found = answer(reader.read(batch, lambda: _set_timers(reading.page_seconds)))
        except MemoryError:
            os._exit(OUT_OF_MEMORY)  # at once: what is left may not do for more
        _set_timers(0)
        try:
            _write(answers, found)
        except BrokenPipeError:  # the one that asked is gone
            return


def _set_timers(seconds: float) -> None:
    """Have the system end this process after so much processor time, or a multiple of it by the clock."""
    if hasattr(signal, "setitimer"):  # not on Windows, where only the readers' own limits hold
        signal.setitimer(signal.ITIMER_PROF, seconds)
        signal.setitimer(signal.ITIMER_REAL, seconds * WAITING_FACTOR)


def _limit_memory(megabytes: int) -> None:
    if os.name == "posix":
        import resource  # noqa: PLC0415 - there is none on Windows

        resource.setrlimit(resource.RLIMIT_DATA, (megabytes * 1_000_000,) * 2)


if __name__ == "__main__":
    serve()
