"""A process that reads pages one by one, so that a page that hangs or kills it costs that page alone.

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
from typing import BinaryIO, Self, cast

from pipelines.scaleout.pages import Reading, Readout
from tracker.model import Outcome, Page

TRIES = 2  # a process may be killed for what is none of the page's doing
WAITING_FACTOR = 5  # wall-clock seconds for each second of processor time: other work may hold the processor
OUT_OF_MEMORY = 3  # exit code
TIMED_OUT = {-number for name in ("SIGPROF", "SIGALRM") if (number := getattr(signal, name, None))}

Given = tuple[Page, str | None]  # a page, and its outlet's language


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

    def read(self, pages: Iterable[Given]) -> Iterator[tuple[Page, Readout]]:
        """Yield each page with what was read out of it, in order; the next page is prepared while one is read."""
        waiting: Given | None = None
        for given in pages:
            if waiting is not None:
                yield waiting[0], self._receive(waiting)
            self._send(given)
            waiting = given
        if waiting is not None:
            yield waiting[0], self._receive(waiting)

    def _send(self, given: Given) -> None:
        process = self._process or self._start()
        with suppress(BrokenPipeError):  # it died: _receive finds out, and why
            _write(cast("BinaryIO", process.stdin), given)

    def _receive(self, given: Given) -> Readout:
        for _ in range(TRIES):
            if self._process is None:
                self._send(given)
            process = cast("subprocess.Popen[bytes]", self._process)
            try:
                return cast("Readout", pickle.load(cast("BinaryIO", process.stdout)))  # noqa: S301 - our own process
            except (EOFError, pickle.UnpicklingError):
                code = self._end()
            if code in TIMED_OUT:
                seconds = f"{self._reading.page_seconds:g} s"
                return Readout(outcome=Outcome.UNPARSABLE, detail=f"page_limit: took more than {seconds} to read")
            if code == OUT_OF_MEMORY:
                limit = f"{self._reading.page_megabytes} MB"
                return Readout(outcome=Outcome.UNPARSABLE, detail=f"page_limit: took more than {limit} to read")
        detail = f"page_limit: ended its reader ({_said(code)})"
        return Readout(outcome=Outcome.UNPARSABLE, detail=detail)

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


def _said(code: int) -> str:
    return signal.Signals(-code).name if code < 0 else f"exit code {code}"


def serve() -> None:
    """Be the process: pages from stdin, what was read out of them to stdout, until stdin ends."""
    pages, answers = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a library prints must not get among the answers
    for number in (signal.SIGINT, signal.SIGTERM):  # meant for the one that started us, who ends us by ending stdin
        signal.signal(number, signal.SIG_IGN)
    reading: Reading = pickle.load(pages)  # noqa: S301 - from the process that started us
    _limit_memory(reading.page_megabytes)
    from pipelines.scaleout.page_reader import PageReader  # noqa: PLC0415 - what it imports is the process's alone

    reader = PageReader(reading)
    while True:
        try:
            page, language = pickle.load(pages)  # noqa: S301
        except EOFError:
            return
        _set_timers(reading.page_seconds)
        try:
            readout = reader.read(page, language)
        except MemoryError:
            os._exit(OUT_OF_MEMORY)  # at once: what is left may not do for more
        _set_timers(0)
        try:
            _write(answers, readout)
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
